"""The selection by DuckDB: no server, bounded memory, straight from the file. Needs the extra ``engines``."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from string import Template
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from gongchou.draw.select import Quota, Ranked
from gongchou.engines.two_phase import FRAME, Dialect, two_phase, usual_margin

DIALECT = Dialect(
    ticket=Template("sha256('$prefix:' || $key)"),
    keep=Template("CREATE TEMP TABLE $table AS $query"),
    drop=Template("DROP TABLE IF EXISTS $table"),
)
FETCH_ROWS = 10_000

# Every setting that could read fields in another way is fixed: nothing is guessed from the contents, nor
# from a folder that happens to be called ``stratum=…``.
# In buffers of the usual 32 MB a million lines would be one core's work.
_TSV = Template(
    "read_csv($path, delim = '\\t', quote = '', escape = '', header = false,"
    " buffer_size = 2000000, max_line_size = 65536,"
    " auto_detect = false, all_varchar = true, hive_partitioning = false,"
    " columns = {$columns})"
)
_PARQUET = Template("read_parquet($path, hive_partitioning = false)")
_VIEW = Template("CREATE TEMP VIEW $table AS SELECT $columns FROM $source")
_CREATE = Template("CREATE OR REPLACE TEMP TABLE $table ($columns)")
_FILL = Template("INSERT INTO $table SELECT $values")


def select(
    source: Path,
    *,
    prefix: str,
    quotas: Mapping[str, Quota],
    ticket_key: str = "object",
    suite: str = "sha256",
    excluded: Collection[str] = (),
    memory_limit: str = "700MB",
    temp_directory: Path | None = None,
    threads: int | None = None,
    margin: Callable[[int], int] = usual_margin,
) -> Iterator[Ranked]:
    """Yield ranks 1 to n + reserve of every stratum, by (stratum, rank), as the core would.

    source: ``frame.tsv``, or a Parquet file (named ``….parquet``) with text columns stratum, object and, when
        ``ticket_key`` is ``unit``, unit. Its grammar, and that no object stands in it twice, is not checked
        here.
    memory_limit: what DuckDB may hold; the process needs some 100 MB beside it. Beyond the limit it writes to
        disk.
    temp_directory: where it writes then (about 150 bytes per object selected); the system's own by default.
    threads: all cores by default

    The other arguments and the errors are those of ``two_phase``; what DuckDB itself refuses, a line with too
    few fields for example, is a ``duckdb.Error``.
    """
    with (
        TemporaryDirectory(prefix="gongchou-", dir=temp_directory) as spill,
        closing(duckdb.connect()) as connection,
    ):
        _configure(connection, memory_limit, spill, threads)
        _open_frame(connection, source, with_unit=ticket_key == "unit")
        yield from two_phase(
            DuckDBSession(connection),
            prefix=prefix,
            quotas=quotas,
            ticket_key=ticket_key,
            suite=suite,
            excluded=excluded,
            margin=margin,
        )


class DuckDBSession:
    """A ``two_phase.Session`` over an open connection."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, dialect: Dialect = DIALECT) -> None:
        self._connection = connection
        self.dialect = dialect

    def load(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Make or replace a temporary table of texts."""
        shape = ", ".join(f"{column} VARCHAR" for column in columns)
        self.run(_CREATE.substitute(table=table, columns=shape))
        values = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in columns]
        # One list per column: a thousand times faster than one statement per row.
        slots = ", ".join("unnest(?::VARCHAR[])" for _ in columns)
        self._connection.execute(_FILL.substitute(table=table, values=slots), values)

    def run(self, statement: str) -> None:
        """Execute a statement that gives no rows."""
        self._connection.execute(statement)

    def rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        """Stream the rows of a query."""
        result = self._connection.execute(query)
        while batch := result.fetchmany(FETCH_ROWS):
            yield from batch


def _configure(
    connection: duckdb.DuckDBPyConnection, memory_limit: str, temp_directory: str, threads: int | None
) -> None:
    settings = {
        "memory_limit": memory_limit,
        "temp_directory": temp_directory,
        "preserve_insertion_order": "false",  # keeping the order of a file costs memory, for nothing
        # Of a text file it cannot know the length, and may build its hash table over the frame instead of
        # over the few thresholds; joins are to be done as they are written.
        "disabled_optimizers": "join_order,build_side_probe_side",
    }
    if threads:
        settings["threads"] = str(threads)
    for name, value in settings.items():
        connection.execute(f"SET {name} = {_quoted(value)}")


def _open_frame(connection: duckdb.DuckDBPyConnection, source: Path, *, with_unit: bool) -> None:
    names = ["stratum", "object", "pool"] + ["unit"] * with_unit
    fields = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    template = _PARQUET if source.suffix == ".parquet" else _TSV
    reader = template.safe_substitute(path=_quoted(str(source)), columns=fields)
    wanted = ", ".join(name for name in names if name != "pool")
    connection.execute(_VIEW.substitute(table=FRAME, columns=wanted, source=reader))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
