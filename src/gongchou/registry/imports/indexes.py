"""The first load of a large register: what only lists need is set aside, and made again at the end.

Rows come in the order of the file, so that each of them touches another page of every index, and a million rows would
write each page some fifty times (12 GB were counted in SQLite). Sorted once at the end, the same indexes take seconds.
Keys that hold something (the number, the id) stay. Lists are slower meanwhile; should a worker die, whoever goes on
with its batch makes them again, or ``resume_imports`` once nobody does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.models import Model

FEWEST = 100_000  # rows; fewer are quick enough as it is


@contextmanager
def set_aside(model: type[Model], n_rows: int) -> Iterator[None]:
    """Drop the indexes of a table while so many rows come, if more come than are there; have them all afterwards."""
    if n_rows < FEWEST:
        yield
        return
    if model._default_manager.count() < n_rows:
        _run(f"DROP INDEX IF EXISTS {connection.ops.quote_name(index.name)}" for index in model._meta.indexes)
    try:
        yield
    finally:
        make_again(model)


def make_again(model: type[Model]) -> None:
    """Make those that are missing."""
    there = _names(model)
    editor = connection.schema_editor(collect_sql=True)
    _run(str(index.create_sql(model, editor)) for index in model._meta.indexes if index.name not in there)


def _names(model: type[Model]) -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.get_constraints(cursor, model._meta.db_table))


def _run(statements: Iterator[str]) -> None:
    with connection.cursor() as cursor:
        for sql in statements:
            cursor.execute(sql)
