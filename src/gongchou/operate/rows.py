r"""Tables as text and back: one row a line, cells between tabs, in the form of PostgreSQL's COPY.

``\N`` is no value; ``\\``, ``\t``, ``\n`` and ``\r`` stand for the four characters that would break a line. A cell
is what SQLite keeps: moments in UTC without a zone, ids in 32 hex digits, yes and no as 1 and 0, bytes as ``\x`` and
their hex digits. PostgreSQL writes and reads the lines itself, which is why they have its form. Memory does not grow
with the table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BufferedIOBase
from itertools import islice
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models

from gongchou.audit.guard import open_for_writing
from gongchou.operate.places import is_postgres
from gongchou.refusal import Refused

PAGE = 2_000  # rows at once
CHUNK = 1 << 18  # bytes at once

NOT_KEPT = {
    "sessions.Session": "登录会话：恢复后须重新登录",
    "accounts.OpenSession": "登录会话：恢复后须重新登录",
    "auth.Permission": "本平台不用；由程序生成",
    "auth.Group": "本平台不用",
    "auth.Group_permissions": "本平台不用",
    "contenttypes.ContentType": "本平台不用；由程序生成",
}
"""Tables that no backup holds, and why."""

_MADE_BY_TOOLS = {"django_migrations"}  # the manifest has it

# Kinds of columns -> how SQL says the cell, where it is not the column itself.
_PLAIN = {
    *("AutoField", "BigAutoField", "SmallAutoField", "IntegerField", "BigIntegerField", "SmallIntegerField"),
    *("PositiveIntegerField", "PositiveBigIntegerField", "PositiveSmallIntegerField", "FloatField", "DecimalField"),
    *("CharField", "TextField", "SlugField", "URLField", "EmailField", "JSONField"),
}
_POSTGRES = {
    "UUIDField": "replace({}::text, '-', '')",
    "DateTimeField": "({} AT TIME ZONE 'UTC')::text",
    "BooleanField": "{}::int",
    "DateField": "{}",
    "BinaryField": "{}",
}
_SQLITE = {  # what is computed the driver hands over as it lies there; a bare column it would turn into an object
    "UUIDField": "{}",
    "DateTimeField": "{} || ''",
    "BooleanField": "CAST({} AS INTEGER)",
    "DateField": "{} || ''",
    "BinaryField": "CASE WHEN {0} IS NOT NULL THEN '\\x' || lower(hex({0})) END",  # as PostgreSQL writes it
}


@dataclass(frozen=True)
class Table:
    """A table: its columns in the order of the lines, their kinds, and the column that orders the rows."""

    name: str
    columns: tuple[str, ...]
    kinds: tuple[str, ...]
    key: str


def kept_tables() -> list[Table]:
    """Every table that a backup holds. Their order is of no importance: foreign keys are checked at the end."""
    found = [model for model in _models() if model._meta.label not in NOT_KEPT]
    return sorted((_table(model) for model in found), key=lambda table: table.name)


def _models() -> Iterator[type[models.Model]]:
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            yield model


def _table(model: type[models.Model]) -> Table:
    meta = model._meta
    fields = meta.local_concrete_fields
    return Table(
        meta.db_table,
        tuple(str(field.column) for field in fields),
        tuple(map(_kind, fields)),
        next(str(field.column) for field in fields if field.primary_key),
    )


def _kind(field: Any) -> str:
    while field.remote_field:
        field = field.target_field
    kind: str = field.get_internal_type()
    if kind not in _PLAIN and kind not in _SQLITE:
        raise TypeError(f"{field}: a backup does not know columns of kind {kind} yet")
    return kind


def check_all_known() -> None:
    """A table nobody knows of would be forgotten. Raises Refused ``operate.table_unknown``."""
    known = {model._meta.db_table for model in _models()} | _MADE_BY_TOOLS
    unknown = sorted(set(connection.introspection.table_names()) - known)
    if unknown:
        raise Refused("operate.table_unknown", tables="、".join(unknown))


def find_filled() -> str | None:
    """The first table that would have to be empty and is not."""
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in kept_tables():
            if table.name in present:
                cursor.execute(f"SELECT 1 FROM {_quoted(table.name)} LIMIT 1")  # noqa: S608 -- names of our own tables
                if cursor.fetchone():
                    return table.name
    return None


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


# Out --------------------------------------------------------------------------------------------


def dump(table: Table, write: Callable[[bytes], Any]) -> int:
    """Write all rows of a table in the order of their key; return how many."""
    forms = _POSTGRES if is_postgres() else _SQLITE
    cells = [forms.get(kind, "{}").format(_quoted(name)) for name, kind in zip(table.columns, table.kinds, strict=True)]
    sql = f"SELECT {', '.join(cells)} FROM {_quoted(table.name)} ORDER BY {_order(table)}"  # noqa: S608 -- our own names
    return sum(map(_written(write), _copied(sql) if is_postgres() else _read(sql, table)))


def _order(table: Table) -> str:
    """By bytes: two databases of one server may sort letters in two ways."""
    is_text = table.kinds[table.columns.index(table.key)] == "CharField"
    return _quoted(table.key) + (' COLLATE "C"' if is_text and is_postgres() else "")


def _written(write: Callable[[bytes], Any]) -> Callable[[bytes], int]:
    def put(lines: bytes) -> int:
        write(lines)
        return lines.count(b"\n")

    return put


def _copied(sql: str) -> Iterator[bytes]:
    part = bytearray()
    with connection.cursor() as cursor, cursor.copy(f"COPY ({sql}) TO STDOUT") as copy:
        for data in copy:
            part += data
            if len(part) >= CHUNK:
                yield bytes(part)
                part.clear()
    yield bytes(part)


def _read(sql: str, table: Table) -> Iterator[bytes]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        while page := cursor.fetchmany(PAGE):
            yield "".join([_line(row, table) for row in page]).encode()


def _line(row: tuple[Any, ...], table: Table) -> str:
    """A row as a line; most need nothing but the tabs."""
    line = "\t".join(["\0" if cell is None else cell if cell.__class__ is str else str(cell) for cell in row])
    if "\\" in line or "\n" in line or "\r" in line or line.count("\t") >= len(row):
        line = "\t".join(["\0" if cell is None else _escaped(str(cell)) for cell in row])
    if line.count("\0") != row.count(None):
        raise ValueError(f"{table.name}: a text holds a character of code 0, which no other database takes")
    return line.replace("\0", "\\N") + "\n"


_MEANT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _plain(cell: str) -> str | None:
    if cell == "\\N":
        return None
    return re.sub(r"\\(.)", lambda found: _MEANT.get(found[1], found[1]), cell) if "\\" in cell else cell


# In ---------------------------------------------------------------------------------------------


def load(table: Table, lines: BufferedIOBase) -> int:
    """Put rows into an empty table, within a transaction of the caller's; return how many.

    This, and nothing else outside operations, may write to recorded tables: the lines of the log come with the rows.
    """
    named = ", ".join(map(_quoted, table.columns))
    into = f"{_quoted(table.name)} ({named})"
    with open_for_writing(), connection.cursor() as cursor:
        return _paste(cursor, into, lines) if is_postgres() else _insert(cursor, into, table, lines)


def _paste(cursor: Any, into: str, lines: BufferedIOBase) -> int:
    with cursor.copy(f"COPY {into} FROM STDIN") as copy:
        while chunk := lines.read(CHUNK):
            copy.write(chunk)
    return int(cursor.rowcount)


def _insert(cursor: Any, into: str, table: Table, lines: BufferedIOBase) -> int:
    sql = f"INSERT INTO {into} VALUES ({', '.join(['%s'] * len(table.columns))})"  # noqa: S608 -- our own names
    moments, binaries = (_places(table, kind) for kind in ("DateTimeField", "BinaryField"))
    n_rows = 0
    while page := [_with_bytes(_cells(line, moments), binaries) for line in islice(lines, PAGE)]:
        cursor.executemany(sql, page)
        n_rows += len(page)
    return n_rows


def _places(table: Table, kind: str) -> list[int]:
    return [place for place, own in enumerate(table.kinds) if own == kind]


def _with_bytes(cells: list[str | None], binaries: Iterable[int]) -> list[str | bytes | None]:
    found: list[str | bytes | None] = [*cells]
    for place in binaries:
        cell = cells[place]
        found[place] = None if cell is None else bytes.fromhex(cell.removeprefix("\\x"))
    return found


def _cells(line: bytes, moments: Iterable[int]) -> list[str | None]:
    text = line.decode().rstrip("\n")
    cells: list[str | None] = [*text.split("\t")]
    if "\\" in text:
        cells = [_plain(cell or "") for cell in cells]
    for place in moments:
        cells[place] = _six_digits(cells[place])
    return cells


def _six_digits(moment: str | None) -> str | None:
    """PostgreSQL drops zeros at the end of a second; here moments are compared as texts."""
    if moment is None or "." not in moment:
        return moment
    return moment + "0" * (26 - len(moment))


def finish_load() -> None:
    """Check foreign keys, and let the next ids follow the highest."""
    connection.check_constraints()
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), list(_models())):
            cursor.execute(sql)
