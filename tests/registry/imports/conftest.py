"""Whoever brings a file, and a folder of the test's own in which it lies."""

from __future__ import annotations

from pathlib import Path

import pytest
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
