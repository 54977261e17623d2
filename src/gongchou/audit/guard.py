"""A write to a recorded table outside an operation is refused before it reaches the database.

It sees the statement itself, so that bulk writes, raw SQL and cascades cannot slip by as they would past signals.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper

_VERBS = r"INSERT\s+(?:OR\s+\w+\s+)?INTO|REPLACE\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE(?:\s+TABLE)?|COPY"
_WRITE = re.compile(rf'(?:{_VERBS})\s+(?:ONLY\s+)?(?:"?\w+"?\.)?"?(\w+)"?', re.IGNORECASE)
_is_open: ContextVar[bool] = ContextVar("gongchou_audit_is_open", default=False)


class Unrecorded(Exception):  # noqa: N818 -- says what it is
    """Somebody wrote to a recorded table without an operation: a fault of ours, never of a user."""


@contextmanager
def open_for_writing() -> Iterator[None]:
    """Let this thread of work write to recorded tables; ``operations.operation`` is who may open."""
    token = _is_open.set(True)
    try:
        yield
    finally:
        _is_open.reset(token)


@cache
def recorded_tables() -> frozenset[str]:
    """Tables of all models that say ``is_recorded``, and those between two of them."""
    models = [model for model in apps.get_models() if getattr(model, "is_recorded", False)]
    between = [field.m2m_db_table() for model in models for field in model._meta.many_to_many]
    return frozenset([*(model._meta.db_table for model in models), *between])


def watch(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Put the guard on a connection that has just opened; one that opens again has it still."""
    if _refuse_unrecorded not in connection.execute_wrappers:
        connection.execute_wrappers.append(_refuse_unrecorded)


def written_table(sql: str) -> str | None:
    """The table that a statement writes to, also behind ``WITH …``; None where it only reads."""
    start = sql.lstrip()
    found = _WRITE.search(start) if start[:4].upper() == "WITH" else _WRITE.match(start)
    return found[1] if found else None


def check_recorded(sql: str) -> None:
    """For statements that pass no wrapper: psycopg's ``copy`` goes to the driver itself. Raises Unrecorded."""
    if not _is_open.get() and (found := written_table(sql)) in recorded_tables():
        raise Unrecorded(found)


def _refuse_unrecorded(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    check_recorded(sql)
    return execute(sql, params, many, context)
