"""A first load sets aside the indexes that only lists need, and all of them are there again when it is over."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import timezone

from gongchou.registry import tasks
from gongchou.registry.imports import indexes
from gongchou.registry.models import Subject
from gongchou.registry.operations import import_work
from gongchou.registry.operations import imports as operations
from tests.factories.people import NOW
from tests.registry.imports.desk import HEADER, as_csv, counts, dry_run, fresh, keeper, shops, take, upload

pytestmark = pytest.mark.django_db(transaction=True)  # an index is dropped between transactions

OWN = {index.name for index in Subject._meta.indexes}


@pytest.fixture
def by(monkeypatch):
    monkeypatch.setattr(indexes, "FEWEST", 10)
    monkeypatch.setattr(tasks, "CHUNK", 10)
    return keeper()


def there() -> set[str]:
    with connection.cursor() as cursor:
        return OWN & set(connection.introspection.get_constraints(cursor, Subject._meta.db_table))


def watched(monkeypatch) -> list[set[str]]:
    """The indexes that are there at each part."""
    take_part, seen = import_work.take_part, []

    def look(**words):
        seen.append(there())
        return take_part(**words)

    monkeypatch.setattr(import_work, "take_part", look)
    return seen


def test_a_first_load_goes_without_them_and_leaves_them_all(by, monkeypatch):
    seen = watched(monkeypatch)

    batch = take(by, [HEADER, *shops(25)])

    assert counts(batch) == {"read": 25, "new": 25}
    assert seen == [set()] * 3
    assert there() == OWN


@pytest.mark.parametrize(("first", "second"), [(30, 25), (2, 5)])
def test_where_more_is_there_than_comes_or_little_comes_they_stay(by, monkeypatch, first, second):
    take(by, [HEADER, *shops(first)])
    seen = watched(monkeypatch)

    take(by, [HEADER, *shops(second)])

    assert seen == [OWN] * len(seen)


def test_they_are_there_again_after_a_fault(by, monkeypatch):
    batch = dry_run(upload(by, as_csv([HEADER, *shops(25)])))
    operations.start_import(batch=batch, by=by, at=NOW)

    def fail(**words):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(import_work, "take_part", fail)
    with pytest.raises(RuntimeError):
        tasks.run_import.call(str(batch.pk))

    assert (fresh(batch).state, there()) == ("failed", OWN)


def test_what_a_dead_worker_left_is_made_again_once_nobody_goes_on(by):
    batch = dry_run(upload(by, as_csv([HEADER, *shops(5)])))
    operations.start_import(batch=batch, by=by, at=timezone.now())
    for index in Subject._meta.indexes:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP INDEX {index.name}")

    tasks.resume(timezone.now())
    while_running = there()
    operations.give_up(batch=batch, by=by, at=NOW)
    tasks.resume(timezone.now())

    assert while_running == set()
    assert there() == OWN
