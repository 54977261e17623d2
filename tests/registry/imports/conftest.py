"""Whoever brings a file, and a folder of the test's own in which it lies."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from gongchou.accounts.models import User
from gongchou.accounts.roles import RoleCode
from tests.factories.people import official, signed_in
from tests.factories.subjects import home


@pytest.fixture(autouse=True)
def home_of_its_own(settings, tmp_path: Path) -> None:
    settings.HOME = tmp_path / "home"


@pytest.fixture
def clerk(db: None) -> User:
    home()
    return official(RoleCode.PLAN_CLERK, "below")


@pytest.fixture
def desk(client: Client, clerk: User) -> Client:
    return signed_in(client, clerk)


@pytest.fixture
def lay_tables(django_db_setup: None, django_db_blocker: Any) -> Callable[[Path], None]:
    """A function that puts the empty tables of the platform into a file: those that ``migrate`` made for the tests, so
    that a program which is tried on the file need not wait for the same once more.
    """

    def lay(path: Path) -> None:
        if connection.vendor != "sqlite":
            return  # on a server there is nothing to copy; whoever needs the tables migrates
        with django_db_blocker.unblock(), closing(sqlite3.connect(path)) as file:
            connection.ensure_connection()
            connection.connection.backup(file)

    return lay
