"""Many rows into a table at once: COPY where the database has it, one prepared statement where it has not.

Values are the texts of ``cells``, numbers, booleans and None, which both take as they are.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, models

from gongchou.audit.guard import check_recorded
from gongchou.registry.imports.ahead import in_chunks
from gongchou.registry.queries.among import among

Row = Sequence[Any]
_NOTHING: Mapping[str, Any] = {}
_LINES = 500
_SPARE, _NULL = "\0", "\\N"  # the server refuses NUL in a text, so that we may use it on the way
_SCRATCH = "gongchou_import_scratch"


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(map(connection.ops.quote_name, names))


def _is_postgres() -> bool:
    return connection.vendor == "postgresql"


def table_of(model: type[models.Model]) -> str:
    """Its table."""
    return model._meta.db_table


def insert(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Row], fixed: Mapping[str, Any] = _NOTHING
) -> None:
    """Add rows; ``fixed`` holds columns that are the same in all. Raises IntegrityError as any insert."""
    if not rows:
        return
    with connection.cursor() as cursor:
        _put(cursor, table_of(model), columns, rows, fixed)


def _put(
    cursor: Any, table: str, columns: Sequence[str], rows: Iterable[Row], fixed: Mapping[str, Any] = _NOTHING
) -> None:
    into = f"{connection.ops.quote_name(table)} ({_quoted([*columns, *fixed])})"
    if not _is_postgres():
        marks = ", ".join([*["%s"] * len(columns), *map(_literal, fixed.values())])
        cursor.executemany(f"INSERT INTO {into} VALUES ({marks})", rows)  # noqa: S608 -- names of our own tables
        return
    end = "".join(f"\t{_copied(value)}" for value in fixed.values()) + "\n"
    sql = f"COPY {into} FROM STDIN"
    check_recorded(sql)  # nothing else asks: see there
    with cursor.copy(sql) as copy:
        for part in in_chunks(rows, _LINES):  # one by one, a million takes a sixth of an import
            copy.write(end.join([*map(_copy_line, part), ""]))


def _literal(value: Any) -> str:
    """A value as SQLite reads it within a statement that still has marks for others."""
    if value is None or isinstance(value, bool | int):
        return "NULL" if value is None else str(int(value))
    return "'" + str(value).replace("'", "''").replace("%", "%%") + "'"


def _copy_line(row: Row) -> str:
    """A row as COPY reads it, without the end of the line."""
    try:
        told = "\t".join(row)
    except TypeError:
        told = "\t".join(
            [value if value.__class__ is str else _SPARE if value is None else str(value) for value in row]
        )
    is_plain = "\\" not in told and "\n" not in told and "\r" not in told and told.count("\t") == len(row) - 1
    if is_plain and (_SPARE not in told or told.count(_SPARE) == row.count(None)):
        return told.replace(_SPARE, _NULL)
    return "\t".join(map(_copied, row))


def _copied(value: Any) -> str:
    return _NULL if value is None else _escaped(str(value))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def update(model: type[models.Model], columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Set columns of rows by their id, which comes first in each."""
    if not rows:
        return
    table = connection.ops.quote_name(table_of(model))
    with connection.cursor() as cursor:
        if not _is_postgres():
            settings = ", ".join(f"{connection.ops.quote_name(name)} = %s" for name in columns)
            sql = f"UPDATE {table} SET {settings} WHERE id = %s"  # noqa: S608 -- names of our own tables
            cursor.executemany(sql, [(*row[1:], row[0]) for row in rows])
            return
        named = _quoted(["id", *columns])
        cursor.execute(f"CREATE TEMP TABLE {_SCRATCH} AS SELECT {named} FROM {table} WITH NO DATA")  # noqa: S608
        _put(cursor, _SCRATCH, ["id", *columns], rows)
        settings = ", ".join(f"{name} = s.{name}" for name in map(connection.ops.quote_name, columns))
        cursor.execute(f"UPDATE {table} AS t SET {settings} FROM {_SCRATCH} AS s WHERE t.id = s.id")  # noqa: S608
        cursor.execute(f"DROP TABLE {_SCRATCH}")


def find(model: type[models.Model], columns: Sequence[str], key: str, keys: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Columns of the rows that have one of these keys, as the driver gives them."""
    those = among(keys, "text")
    table, own = map(connection.ops.quote_name, (table_of(model), key))
    sql = f"SELECT {_quoted(columns)} FROM {table} WHERE {own} IN ({those.sql})"  # noqa: S608 -- names of our own tables
    with connection.cursor() as cursor:
        cursor.execute(sql, those.params)
        yield from cursor.fetchall()


def as_json(value: Any) -> str:
    """A value for a JSON column."""
    return json.dumps(value, ensure_ascii=False)


def delete_lines(model: type[models.Model], batch: str, first: int, last: int) -> None:
    """Drop what was kept for some lines of a batch."""
    sql = f"DELETE FROM {connection.ops.quote_name(table_of(model))} WHERE batch_id = %s AND line BETWEEN %s AND %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [batch, first, last])


def moment(at: datetime) -> Any:
    """A moment as the columns of this database take it."""
    return connection.ops.adapt_datetimefield_value(at)


def fresh_ids(n: int, at: datetime) -> list[str]:
    """UUIDs of version 7 in hex, each larger than the one before, so that indexes grow at their end.

    The time is in front; behind it a random beginning is counted upwards.
    """
    start = (int(at.timestamp() * 1000) << 80) | (0x7 << 76) | (0x2 << 62)
    start |= (int.from_bytes(os.urandom(2)) & 0xFFF) << 64
    start |= int.from_bytes(os.urandom(7))  # 56 bits: the counter has room above it
    return [f"{own:032x}" for own in range(start, start + n)]


def is_among(value: Any, ids: frozenset[str]) -> bool:
    """Whether an id, as the driver gives it, is one of these in hex."""
    return (value.hex if isinstance(value, UUID) else value) in ids


# A full register against what is there ----------------------------------------------------------

_SEEN = "gongchou_import_seen"


def remember(keys: Iterable[str]) -> None:
    """Put the keys of a whole file into a table of this connection, in place of those of another."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {_SEEN}")
        cursor.execute(f"CREATE TEMP TABLE {_SEEN} (number varchar(60))")
        _put(cursor, _SEEN, ["number"], ((key,) for key in keys))
        cursor.execute(f"CREATE INDEX {_SEEN}_number ON {_SEEN} (number)")


def forget() -> None:
    """Drop that table."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {_SEEN}")


def missing(model: type[models.Model], owner: str, owners: Sequence[str]) -> list[str]:
    """Ids in hex of the rows of these owners whose key was not remembered, and that nobody has missed before."""
    table = connection.ops.quote_name(table_of(model))
    marks = ", ".join(["%s"] * len(owners))
    sql = (
        f"SELECT id FROM {table} AS t WHERE {connection.ops.quote_name(owner)} IN ({marks}) "  # noqa: S608
        f"AND vanished_at IS NULL AND state <> 'archived' "
        f"AND NOT EXISTS (SELECT 1 FROM {_SEEN} AS s WHERE s.number = t.number)"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, list(owners))
        return [own.hex if isinstance(own, UUID) else own for (own,) in cursor.fetchall()]


def take_stock() -> None:
    """Let SQLite count its tables, that it may choose among their indexes; PostgreSQL does so by itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def make_room() -> None:
    """Let SQLite keep the pages of its indexes in memory, and fold its log back less often, while many rows come in.

    The file is not read in place: whoever looks at the worker would see all of it as memory.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_size = -40960")  # KiB
            cursor.execute("PRAGMA mmap_size = 0")
            cursor.execute("PRAGMA wal_autocheckpoint = 16384")  # pages, 64 MiB
