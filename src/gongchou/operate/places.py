"""Which database is looked at, and as of when."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, ProgrammingError, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from gongchou.refusal import Refused


def is_postgres() -> bool:
    """Whether the database is PostgreSQL; else it is SQLite."""
    return connection.vendor == "postgresql"


def database_file() -> Path | None:
    """The file of an SQLite database; None for a server, and for a database in memory."""
    name = str(connection.settings_dict["NAME"])
    return None if is_postgres() or "memory" in name else Path(name).resolve()


@contextmanager
def _instead(own: BaseDatabaseWrapper) -> Iterator[None]:
    """In this thread, everything goes to another connection for a while."""
    kept = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = own
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = kept
        own.close()


@contextmanager
def database_at(name: str, **options: Any) -> Iterator[None]:
    """In this thread, everything goes to another database of the same kind and server for a while."""
    own = connections[DEFAULT_DB_ALIAS].copy()
    own.settings_dict["NAME"] = name
    own.settings_dict["OPTIONS"] = own.settings_dict["OPTIONS"] | options
    with _instead(own):
        yield


@contextmanager
def home_at(folder: Path) -> Iterator[None]:
    """In this process, the files and keys of the platform are those of another home for a while."""
    kept, settings.HOME = settings.HOME, folder
    try:
        yield
    finally:
        settings.HOME = kept


@contextmanager
def one_moment() -> Iterator[None]:
    """Everything read inside is as it was at one moment; nobody who writes has to wait for it."""
    if connection.in_atomic_block:
        yield
        return
    own = connections[DEFAULT_DB_ALIAS].copy()
    if not is_postgres():
        own.settings_dict["OPTIONS"] = own.settings_dict["OPTIONS"] | {"transaction_mode": "DEFERRED"}
    with _instead(own), transaction.atomic():
        if is_postgres():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


@contextmanager
def scratch_database(folder: Path) -> Iterator[str]:
    """The name of a new, empty database that goes away afterwards. Raises Refused ``operate.no_scratch``.

    folder: where the file of it lies, should it be one
    """
    if not is_postgres():
        yield str(folder / "gongchou.db")
        return
    name = f"gongchou_drill_{secrets.token_hex(6)}"
    try:
        _run_beside(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
    except ProgrammingError as error:
        raise Refused("operate.no_scratch", cause=str(error).strip()) from error
    try:
        yield name
    finally:
        _run_beside(f"DROP DATABASE {name} WITH (FORCE)")


def _run_beside(sql: str) -> None:
    """On the server, in no transaction and no database of ours."""
    own = connections[DEFAULT_DB_ALIAS].copy()
    with own._nodb_cursor() as cursor:
        cursor.execute(sql)
    own.close()
