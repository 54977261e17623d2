"""The city that all cases ask in."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from tests.access.city import City


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """Built once: the people are many."""
    level = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    home = override_settings(HOME=tmp_path_factory.mktemp("home"))
    with django_db_blocker.unblock(), home, transaction.atomic():
        yield City()
        transaction.set_rollback(True)
    logging.disable(level)


@pytest.fixture
def city(built: City, db: None) -> City:
    """As it was built; its rows are made for one case and gone behind it."""
    built.forget_rows()
    return built
