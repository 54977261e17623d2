"""One verb, one transaction, one line; a write without a line does not reach the database."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.utils.functional import SimpleLazyObject

from gongchou.accounts.models import Department, Region
from gongchou.accounts.operations import add_region, change_department
from gongchou.audit import guard
from gongchou.audit.guard import Unrecorded
from gongchou.audit.models import Head, Line
from gongchou.audit.operations import VERBS, held
from gongchou.draw.merkle import leaf_hash
from gongchou.refusal import Refused
from tests.factories.people import BY, make_department, make_region

pytestmark = pytest.mark.django_db


def test_an_operation_leaves_one_line_that_says_it():
    region = make_region("9901", "演示市")

    (line,) = Line.objects.all()
    told = json.loads(line.data)
    assert (line.index, line.verb, line.by, line.about, line.place) == (
        0,
        "region.added",
        "installer",
        region.audit_id,
        "9901",
    )
    assert told["facts"] == {
        "code": "9901",
        "kind": "civil",
        "level": "city",
        "parent": None,
        "predecessor": None,
        "valid_from": "1949-10-01",
    }
    assert (told["prev"], leaf_hash(line.data.encode()).hex()) == ("0" * 64, line.leaf)


def test_each_line_names_the_one_before():
    for number in range(3):
        make_region(f"99{number}", "演示区")

    lines = list(Line.objects.all())
    assert [json.loads(line.data)["prev"] for line in lines[1:]] == [line.leaf for line in lines[:-1]]
    assert (Head.objects.get().size, Head.objects.get().latest) == (3, lines[-1].leaf)


def test_what_fails_leaves_neither_row_nor_line():
    make_region("9901")

    with pytest.raises(Refused), transaction.atomic():
        make_region("9901")

    assert (Region.objects.count(), Line.objects.count(), Head.objects.get().size) == (1, 1, 1)


@pytest.mark.parametrize(
    "write",
    [
        lambda region: Region.objects.create(code="1", name="x", level="city"),
        lambda region: region.save(),
        lambda region: region.delete(),
        lambda region: Region.objects.update(name="x"),
        lambda region: Region.objects.bulk_create([Region(code="1", name="x", level="city")]),
        lambda region: connection.cursor().execute("UPDATE accounts_region SET name = 'x'"),
        lambda region: connection.cursor().execute('  delete from "accounts_region"'),
    ],
    ids=["create", "save", "delete", "update", "bulk", "raw", "raw-delete"],
)
def test_a_write_without_a_line_is_refused(write):
    region = make_region()

    with pytest.raises(Unrecorded), transaction.atomic():
        write(region)

    assert list(Region.objects.values_list("name", flat=True)) == ["演示市"]


@pytest.mark.parametrize("verb", ["UPDATE audit_line SET by = 'x'", "DELETE FROM audit_line"])
def test_the_database_itself_refuses_to_change_a_line(verb):
    make_region()

    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
        connection.cursor().execute(verb)

    assert Line.objects.get().by == "installer"


def test_verbs_are_known_by_their_functions():
    assert VERBS["region.added"] == f"{add_region.__module__}.add_region"


def test_a_department_s_line_says_whose_affair_it_is():
    department = make_department("SCJG", make_region())

    line = Line.objects.get(verb="department.added")
    assert (line.department, line.place, Department.objects.get()) == (str(department.pk), "9901", department)
    assert line.at == BY["at"]


def test_a_connection_that_opens_again_is_guarded_once():
    """Every request ends with its connection closed; a thousand guards, each inside the next, are too deep."""
    fresh = connections.create_connection("default")

    for _ in range(3):
        guard.watch(fresh)

    assert fresh.execute_wrappers == [guard._refuse_unrecorded]


@pytest.mark.parametrize(
    ("sql", "table"),
    [
        ('INSERT INTO "accounts_region" ("id") VALUES (%s)', "accounts_region"),
        ("insert or ignore into accounts_region values (1)", "accounts_region"),
        ('UPDATE ONLY "public"."accounts_region" SET name = %s', "accounts_region"),
        ("\n  DELETE FROM accounts_region", "accounts_region"),
        ("WITH gone AS (SELECT 1) DELETE FROM accounts_region", "accounts_region"),
        ("TRUNCATE accounts_region", "accounts_region"),
        ("COPY accounts_region (id) FROM STDIN", "accounts_region"),
        ('SELECT "update"."id" FROM accounts_region FOR UPDATE', None),
        ("WITH known AS (SELECT 1) SELECT * FROM known", None),
    ],
)
def test_a_statement_is_known_by_the_table_it_writes_to(sql: str, table: str | None):
    assert guard.written_table(sql) == table


def test_a_held_row_is_read_anew_together_with_what_is_asked_for(django_assert_num_queries):
    stale = make_department("SCJG", make_region())
    change_department(department=stale, values={"short_name": "演示新简称"}, **BY)
    lazy: Any = SimpleLazyObject(lambda: stale)

    with transaction.atomic(), django_assert_num_queries(2):
        found = held(stale, "region")
        assert found.region.code == "9901"
        again = held(lazy)

    assert (stale.short_name, found.short_name, again.short_name) == ("SCJG", "演示新简称", "演示新简称")
    assert type(again) is Department
