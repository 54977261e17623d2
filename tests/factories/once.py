"""Rows that stand for all tests of a file: what is slow to make and no test's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction


@contextmanager
def standing(blocker: Any) -> Iterator[None]:
    """What is made in here stands until it is left; what a test adds or changes goes behind it, as ever.

    blocker: ``django_db_blocker``. An object of here may not be handed to tests that change it: they ask for their own
    """
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
