"""Rows by the hundred thousand, as a province's draw has them: written in one statement that is run again and again.

Django's ``bulk_create`` makes an object of each row and prepares each of its values; that takes longer than the draw.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Model

PAGE = 10_000


def insert(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Add rows whose values are as the database has them, ids as 32 hex digits; only inside an operation.

    names: of all columns, as the model calls them (``batch_id``), in the order of the values
    """
    columns = {field.attname: str(field.column) for field in model._meta.concrete_fields}
    if set(names) != set(columns) or len(names) != len(columns):
        raise ValueError(f"{model.__name__} has {sorted(columns)}")
    quoted = ", ".join(connection.ops.quote_name(columns[name]) for name in names)
    places = ", ".join(["%s"] * len(names))
    sql = f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({quoted}) VALUES ({places})"  # noqa: S608 -- names of the model
    rows = iter(rows)
    with connection.cursor() as cursor:
        while page := list(islice(rows, PAGE)):
            cursor.executemany(sql, page)
