"""The first load of a large register: what can be made or checked at once at the end is set aside meanwhile.

Rows come in the order of the file, so that each of them touches another page of every index, and a million rows would
write each page some fifty times (12 GB were counted in SQLite). Sorted once at the end, the same indexes take seconds.
PostgreSQL besides looks up each row's region, department and batch, one by one, which takes longer than all else it
does (22 of 36 µs); one query at the end tells the same of all rows. Meanwhile nothing can go missing: what rows point
to was looked up before, and nobody deletes a region, a department or a batch.

Keys that hold something (the number, the id) stay. Lists are slower meanwhile; should a worker die, whoever goes on
with its batch makes everything again, or ``resume_imports`` once nobody does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import ForeignKey, Model

FEWEST = 100_000  # rows; fewer are quick enough as it is
_PATIENCE = "2s"


@contextmanager
def set_aside(model: type[Model], n_rows: int) -> Iterator[None]:
    """Drop the indexes of a table, and on PostgreSQL what its rows are checked against, while so many rows come, if
    more come than are there; have them all afterwards.
    """
    if n_rows < FEWEST:
        yield
        return
    if model._default_manager.count() < n_rows:
        _drop(model)
    try:
        yield
    finally:
        make_again(model)


def _drop(model: type[Model]) -> None:
    """It is only quicker so: where somebody reads the table for long, such as a backup, nobody shall wait for us."""
    quote = connection.ops.quote_name
    indexes = [f"DROP INDEX IF EXISTS {quote(index.name)}" for index in model._meta.indexes]
    table = quote(model._meta.db_table)
    references = [f"ALTER TABLE {table} DROP CONSTRAINT {quote(name)}" for name in _references(model).values()]
    with suppress(OperationalError), transaction.atomic():
        if connection.vendor == "postgresql":
            _run([f"SET LOCAL lock_timeout = '{_PATIENCE}'", *references])
        _run(indexes)


def make_again(model: type[Model]) -> None:
    """Make those that are missing. Raises IntegrityError where a row points to nothing."""
    there = _constraints(model)
    editor = connection.schema_editor(collect_sql=True)
    _run(str(index.create_sql(model, editor)) for index in model._meta.indexes if index.name not in there)
    if connection.vendor != "postgresql":
        return
    known = _references(model)
    for field in model._meta.concrete_fields:
        if isinstance(field, ForeignKey) and field.db_constraint and field.column not in known:  # type: ignore[attr-defined]
            _refer(model, editor, field)


def _refer(model: type[Model], editor: Any, field: ForeignKey[Any, Any]) -> None:
    """As migrations make it, in two steps, of which the long one lets others write."""
    made = editor._create_fk_sql(model, field, "_fk_%(to_table)s_%(to_column)s")
    _run([f"{made} NOT VALID", f"ALTER TABLE {made.parts['table']} VALIDATE CONSTRAINT {made.parts['name']}"])


def _constraints(model: type[Model]) -> Mapping[str, Any]:
    with connection.cursor() as cursor:
        return connection.introspection.get_constraints(cursor, model._meta.db_table)


def _references(model: type[Model]) -> dict[str, str]:
    """Column -> constraint that says where it points."""
    return {own["columns"][0]: name for name, own in _constraints(model).items() if own["foreign_key"]}


def _run(statements: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for sql in statements:
            cursor.execute(sql)
