"""A city of a few hundred, made once for all tests of the room."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from gongchou.demo.build import Size, build

NOW = datetime(2026, 5, 19, 18, 0, tzinfo=UTC)  # in China it is the 20th; in UTC it is still the 19th
TINY = Size(n_subjects=300, n_inspectors=120, busy=("GAJ", "ZJJ"), n_busy_districts=1)


def say_nothing(text: str) -> None:
    """For whoever does not look on."""


@pytest.fixture(scope="module")
def city(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, int]]:
    """The counts of a city that stands until the tests of the file are over."""
    home = tmp_path_factory.mktemp("city")
    with django_db_blocker.unblock(), override_settings(HOME=home, IS_DEMO=True), transaction.atomic():
        yield build(TINY, seed=7, at=NOW, say=say_nothing)
        transaction.set_rollback(True)
