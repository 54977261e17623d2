"""A first load sets aside what can be made or checked at its end, and all of it is there again when it is over."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from gongchou.accounts.models import Region
from gongchou.audit.guard import open_for_writing
from gongchou.registry import tasks
from gongchou.registry.imports import indexes
from gongchou.registry.models import Subject
from gongchou.registry.operations import import_work
from gongchou.registry.operations import imports as operations
from tests.factories.people import NOW
from tests.registry.imports.desk import HEADER, as_csv, counts, dry_run, fresh, keeper, shops, take, upload

pytestmark = pytest.mark.django_db(transaction=True)  # an index is dropped between transactions

INDEXES = {index.name for index in Subject._meta.indexes}
REFERENCES = {"region_id", "keeper_id", "batch_id"} if connection.vendor == "postgresql" else set()
OWN = INDEXES | REFERENCES


@pytest.fixture
def by(monkeypatch):
    monkeypatch.setattr(indexes, "FEWEST", 10)
    monkeypatch.setattr(tasks, "CHUNK", 10)
    return keeper()


def there() -> set[str]:
    """Names of indexes, and the columns of which the database itself says where they point."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, Subject._meta.db_table)
    pointing = {own["columns"][0] for own in found.values() if own["foreign_key"]}
    return INDEXES & set(found) | REFERENCES & pointing


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
    indexes._drop(Subject)

    tasks.resume(timezone.now())
    while_running = there()
    operations.give_up(batch=batch, by=by, at=NOW)
    tasks.resume(timezone.now())

    assert while_running == set()
    assert there() == OWN


@pytest.mark.skipif(not REFERENCES, reason="SQLite keeps what a table was made with")
def test_what_is_made_again_is_what_migrations_made(by):
    def told() -> set[tuple[str, str, bool]]:
        asked = (
            "SELECT conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint WHERE conrelid = %s::regclass"
        )
        with connection.cursor() as cursor:
            cursor.execute(f"{asked}::regclass", [Subject._meta.db_table])
            return set(cursor.fetchall())

    before = told()
    take(by, [HEADER, *shops(25)])

    assert told() == before


@pytest.mark.skipif(not REFERENCES, reason="only PostgreSQL looks up what rows point to at the end")
def test_a_row_that_points_to_nothing_is_found_in_the_end(by):
    take(by, [HEADER, *shops(3)])
    indexes._drop(Subject)
    with open_for_writing():
        Subject.objects.filter(number=shops(1)[0][1]).update(region=uuid4())

    with pytest.raises(IntegrityError, match="region"):
        indexes.make_again(Subject)

    with open_for_writing():
        Subject.objects.update(region=Region.objects.first())
    indexes.make_again(Subject)
    assert there() == OWN


@pytest.mark.skipif(not REFERENCES, reason="in SQLite whoever writes waits anyway")
def test_nobody_waits_for_us_while_the_table_is_read_for_long(by, monkeypatch):
    monkeypatch.setattr(indexes, "_PATIENCE", "100ms")
    reader = connection.copy()
    reader.cursor().execute("BEGIN")
    reader.cursor().execute("SELECT count(*) FROM registry_subject")
    seen = watched(monkeypatch)
    try:
        batch = take(by, [HEADER, *shops(25)])
    finally:
        reader.close()

    assert counts(batch) == {"read": 25, "new": 25}
    assert seen == [OWN] * 3
