"""Whoever touches the log with the triggers off is found, and the line is named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from gongchou.audit.models import Line
from gongchou.audit.queries import Damage, find_damage
from tests.factories.people import make_region

pytestmark = pytest.mark.django_db

SIZE = 5


@pytest.fixture
def log():
    for number in range(SIZE):
        make_region(f"99{number}", f"演示{number}区")


@contextmanager
def triggers_off() -> Iterator[None]:
    """As a superuser of the database would do it."""
    with connection.cursor() as cursor:
        for table in ("audit_line", "audit_checkpoint"):
            for verb in ("update", "delete"):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER {table}_{verb}{on}")
    yield


def run(sql: str) -> None:
    with triggers_off(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_an_untouched_log_is_whole(log):
    assert find_damage() is None


def test_an_empty_log_is_whole():
    assert find_damage() is None


@pytest.mark.parametrize("column", ["verb", "by", "by_name", "about", "about_name", "place", "department"])
def test_a_changed_column_is_named(log, column):
    run(f"UPDATE audit_line SET {column} = 'x' WHERE \"index\" = 3")

    assert find_damage() == Damage(3, "column", column)


def test_a_changed_moment_is_named(log):
    run("UPDATE audit_line SET at = '2020-01-01 00:00:00+00:00' WHERE \"index\" = 2")

    assert find_damage() == Damage(2, "column", "at")


@pytest.mark.parametrize(
    ("sql", "damage"),
    [
        ("UPDATE audit_line SET data = replace(data, '演示1区', '演示9区') WHERE \"index\" = 1", Damage(1, "digest")),
        ("UPDATE audit_line SET leaf = 'ff' WHERE \"index\" = 1", Damage(1, "digest")),
        ('DELETE FROM audit_line WHERE "index" = 0', Damage(0, "missing")),
        ('DELETE FROM audit_line WHERE "index" = 2', Damage(2, "missing")),
        ('DELETE FROM audit_line WHERE "index" = 4', Damage(4, "missing")),
        ("DELETE FROM audit_line", Damage(0, "missing")),
        ('UPDATE audit_line SET "index" = 9 WHERE "index" = 4', Damage(4, "missing")),
        ("UPDATE audit_head SET size = 4", Damage(5, "head")),
        ("UPDATE audit_head SET latest = 'ff'", Damage(5, "head")),
        ("DELETE FROM audit_head", Damage(5, "head")),
    ],
)
def test_every_other_damage_is_named(log, sql, damage):
    run(sql)

    assert find_damage() == damage


def test_two_lines_that_changed_places_are_named(log):
    with triggers_off():
        first, second = Line.objects.get(index=1), Line.objects.get(index=2)
        for line, data, leaf in ((first, second.data, second.leaf), (second, first.data, first.leaf)):
            Line.objects.filter(index=line.index).update(data=data, leaf=leaf)

    assert find_damage() == Damage(1, "chain")


def test_an_inserted_line_that_forges_its_chain_breaks_the_next(log):
    def forge() -> None:
        line = Line.objects.get(index=4)
        Line.objects.filter(index=4).update(index=5)
        line.index = 4
        line.save(force_insert=True)

    with triggers_off():
        forge()

    assert find_damage() == Damage(5, "chain")
