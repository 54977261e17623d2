"""The selection by PostgreSQL 11 or later, over a psycopg connection; leaves nothing behind there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any

from psycopg import Connection
from psycopg.sql import Identifier

from gongchou.draw.select import Quota, Ranked
from gongchou.draw.table import CHUNK
from gongchou.engines.two_phase import FRAME, Dialect, two_phase, usual_margin

DIALECT = Dialect(
    # Only in "C" do texts compare bytewise; a database's own collation may ignore hyphens.
    ticket=Template("""encode(sha256(convert_to('$prefix:' || $key, 'UTF8')), 'hex') COLLATE "C" """),
    keep=Template("CREATE TEMP TABLE $table AS $query"),
    drop=Template("DROP TABLE IF EXISTS $table"),
)

_CREATE = Template("CREATE TEMP TABLE $table ($columns)")
_COPY_IN = Template("COPY $table FROM STDIN")
_VIEW = Template("CREATE TEMP VIEW $table AS SELECT $columns FROM $source")


def select(
    source: Path | str,
    *,
    connection: Connection[Any],
    prefix: str,
    quotas: Mapping[str, Quota],
    ticket_key: str = "object",
    suite: str = "sha256",
    excluded: Collection[str] = (),
    work_mem: str = "64MB",
    margin: Callable[[int], int] = usual_margin,
) -> Iterator[Ranked]:
    """Yield ranks 1 to n + reserve of every stratum, by (stratum, rank), as the core would.

    source: the path of ``frame.tsv``, which is copied into a temporary table; or the name of a table or view
        (with its schema after a dot) with text columns stratum, object and, when ``ticket_key`` is ``unit``,
        unit. Its grammar, and that no object stands in it twice, is not checked here.
    connection: with the right to make temporary tables. All happens in one transaction (or savepoint) that is
        rolled back in the end; until the last object was taken, or the iterator closed, the connection must
        not be used.
    work_mem: what each sort of the server may hold before it writes to disk

    The other arguments and the errors are those of ``two_phase``; what the server refuses is a
    ``psycopg.Error``.
    """
    with connection.transaction(force_rollback=True):
        connection.execute("SELECT set_config('work_mem', %s, true)", [work_mem])
        session = _Session(connection)
        if isinstance(source, Path):
            _copy_frame(session, source, with_unit=ticket_key == "unit")
        else:
            _name_frame(session, connection, source, with_unit=ticket_key == "unit")
        yield from two_phase(
            session,
            prefix=prefix,
            quotas=quotas,
            ticket_key=ticket_key,
            suite=suite,
            excluded=excluded,
            margin=margin,
        )


class _Session:
    dialect = DIALECT

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection

    def create(self, table: str, columns: Sequence[str]) -> None:
        self.run(DIALECT.drop.substitute(table=table))
        shape = ", ".join(f'{column} text COLLATE "C"' for column in columns)
        self.run(_CREATE.substitute(table=table, columns=shape))

    def copy_in(self, table: str, blocks: Iterable[bytes]) -> None:
        """Fill a table with the bytes of a table file; neither ids nor thresholds hold a backslash."""
        statement = _COPY_IN.substitute(table=table).encode()
        with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
            for block in blocks:
                copy.write(block)

    def load(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        self.create(table, columns)
        self.copy_in(table, (("\t".join(row) + "\n").encode() for row in rows))
        self.run(f"ANALYZE {table}")

    def run(self, statement: str) -> None:
        self._connection.execute(statement.encode())

    def rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        # The default cursor would fetch all rows at once; this one is kept by the server and read in
        # portions.
        with self._connection.cursor(name="gongchou_rows") as cursor:
            cursor.itersize = 10_000
            cursor.execute(query.encode())
            yield from cursor


def _copy_frame(session: _Session, source: Path, *, with_unit: bool) -> None:
    session.create(FRAME, ["stratum", "object", "pool"] + ["unit"] * with_unit)
    with source.open("rb") as file:
        session.copy_in(FRAME, iter(lambda: file.read(CHUNK), b""))
    session.run(f"ANALYZE {FRAME}")


def _name_frame(session: _Session, connection: Connection[Any], source: str, *, with_unit: bool) -> None:
    names = ["stratum", "object"] + ["unit"] * with_unit
    columns = ", ".join(f'{name} COLLATE "C" AS {name}' for name in names)
    table = Identifier(*source.split(".")).as_string(connection)
    session.run(_VIEW.substitute(table=FRAME, columns=columns, source=table))
