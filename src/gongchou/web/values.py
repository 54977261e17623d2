"""What the columns of a list say in a workbook.

As ``django_tables2.Table.as_values`` says it, but moments by the clock of this place, yes and no in Chinese, and what a
column says in place of nothing. That looks up at each cell what a column's method asks for and whether a field has
choices, which took two thirds of the time of an export; here it is looked up once a column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.encoding import force_str
from django_tables2 import A, BooleanColumn, Column, DateTimeColumn, Table
from django_tables2.columns.base import BoundColumn
from django_tables2.rows import BoundRow
from django_tables2.utils import signature

Say = Callable[[Any], Any]
_FACTS = (DateTimeColumn, BooleanColumn)


def values_of(table: Table) -> Iterator[list[Any]]:
    """The headings, then what each row says."""
    columns = [own for own in table.columns.iterall() if not own.column.exclude_from_export]
    yield [force_str(own.header, strings_only=True) for own in columns]
    says: list[Say] = []
    for row in table.rows.data:
        says = says or [_say(own, row, table) for own in columns]
        yield [force_str(say(row), strings_only=True) for say in says]


def _say(own: BoundColumn, example: Any, table: Table) -> Say:
    """example: some row; all rows of a table are of one kind"""
    is_plain = type(own.column).value is Column.value and own.value == own.column.value
    is_fact = isinstance(own.column, _FACTS) and own.value == own.column.value
    method = _itself if is_fact else own.column.render if is_plain else own.value
    wanted, takes_all = signature(method)
    needs_more = takes_all or not {"value", "record"}.issuperset(wanted)
    look, empty = _look(A(own.accessor), example), Column.empty_values if is_fact else own.column.empty_values

    def say(row: Any) -> Any:
        value = look(row)
        if value in empty:
            return own.column.default
        facts = {"value": value, "record": row}
        if needs_more:
            facts |= {"column": own.column, "bound_column": own, "bound_row": BoundRow(row, table), "table": table}
        return _told(method(**facts) if takes_all else method(**{name: facts[name] for name in wanted}))

    return say


def _itself(value: Any) -> Any:
    return value


def _told(value: Any) -> Any:
    if isinstance(value, datetime):
        return timezone.localtime(value)
    return ("否", "是")[value] if isinstance(value, bool) else value


def _look(accessor: A, example: Any) -> Say:
    """How to find the value of a column; None where a column has no such value, but a method of its own."""
    path = accessor.split("__")
    if getattr(accessor.get_field(example), "choices", None):
        accessor = A("__".join([*path[:-1], f"get_{path[-1]}_display"]))
    has_none = isinstance(example, Model) and not (path[0] in vars(example) or hasattr(type(example), path[0]))
    return lambda row: None if has_none else accessor.resolve(row, quiet=True)
