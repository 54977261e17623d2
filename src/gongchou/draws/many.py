"""Rows by the hundred thousand, as a province's draw has them: written in one statement that is run again and again.

Django's ``bulk_create`` makes an object of each row and prepares each of its values; that takes longer than the draw.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count, islice
from typing import Any
from uuid import uuid4

from django.db import connection
from django.db.models import Model

PAGE = 10_000
ROOMY, USUAL = -262_144, -2_000
"""KiB of SQLite's cache, as it is told them: with the usual one, indexes of many rows are written many times."""


@contextmanager
def unswept() -> Iterator[None]:
    """Python looks for no cycles meanwhile: among millions of rows there are none, and looking takes a third longer."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def keys() -> Iterator[str]:
    """Ids as 32 hex digits, each the one after the last: indexes grow at their end, which costs a fraction."""
    first = uuid4().int
    return (f"{first + at:032x}" for at in count())


def insert(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Add rows whose values are as the database has them, ids as 32 hex digits; only inside an operation.

    names: of all columns, as the model calls them (``batch_id``), in the order of the values
    """
    columns = {field.attname: str(field.column) for field in model._meta.concrete_fields}
    if set(names) != set(columns) or len(names) != len(columns):
        raise ValueError(f"{model.__name__} has {sorted(columns)}")
    quoted = ", ".join(connection.ops.quote_name(columns[name]) for name in names)
    table, places = connection.ops.quote_name(model._meta.db_table), ", ".join(["%s"] * len(names))
    sql = f"INSERT INTO {table} ({quoted}) VALUES ({places})"  # noqa: S608 -- names of the model
    rows = iter(rows)
    with connection.cursor() as cursor, _room(cursor):
        while page := list(islice(rows, PAGE)):
            cursor.executemany(sql, page)


@contextmanager
def _room(cursor: Any) -> Iterator[None]:
    if connection.vendor != "sqlite":
        yield
        return
    cursor.execute(f"PRAGMA cache_size={ROOMY}")
    try:
        yield
    finally:
        cursor.execute(f"PRAGMA cache_size={USUAL}")
