"""Who looks for a line finds it, within what they may see."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongchou.accounts.operations import add_region
from gongchou.audit.models import Line
from gongchou.audit.queries import find_lines, line_facts, line_sentence
from gongchou.audit.verbs import known_verbs, verb_name
from tests.factories.log import run
from tests.factories.people import BY, NOW, make_department, make_region, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def log():
    """Lines 0 to 4: two regions, a department in each, somebody in the second."""
    here, there = make_region("9901", "演示市"), make_region("8801", "别处市")
    make_department("SCJG", here)
    make_user("zhang", make_department("YJGL", there))


def found(**given: object) -> list[int]:
    return [line.index for line in find_lines(**given)]


def test_everything_comes_newest_first(log):
    assert found() == [4, 3, 2, 1, 0]


def test_lines_are_found_by_thing_person_and_verb(log):
    about = Line.objects.get(index=2).about

    assert found(about=about) == [2]
    assert found(by="installer", verb="region.added") == [1, 0]
    assert found(by="nobody") == []


@pytest.mark.parametrize(
    ("text", "indices"), [("别处", [1]), ("yjgl", [4, 3]), ("安装程序", [4, 3, 2, 1, 0]), ("没有", [])]
)
def test_a_text_is_looked_for_in_names_and_facts(log, text, indices):
    assert found(text=text) == indices


def test_moments_count_from_the_first_to_before_the_second(log):
    add_region(code="7701", name="后来市", level="city", parent=None, **BY | {"at": NOW + timedelta(hours=1)})

    assert found(since=NOW + timedelta(hours=1)) == [5]
    assert found(until=NOW + timedelta(hours=1)) == [4, 3, 2, 1, 0]


@pytest.mark.parametrize(
    ("places", "indices"), [(None, [4, 3, 2, 1, 0]), ([], []), (["99"], [2, 0]), (["99", "8801"], [4, 3, 2, 1, 0])]
)
def test_a_reader_sees_as_far_as_the_places_reach(log, places, indices):
    assert found(places=places) == indices


def test_a_reader_sees_departments_as_well_as_places(log):
    department = Line.objects.get(index=3).department

    assert found(departments={department}) == [4, 3]
    assert found(departments={department}, places=["99"]) == [4, 3, 2, 0]
    assert found(departments={department}, verb="account.opened") == [4]


def test_a_search_is_one_query_and_one_for_whose_account_the_word_is(log):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found(text="演示", places=["99"], departments=["x"])

    assert len(queries) == 2


def test_a_line_reads_as_a_sentence(log):
    assert line_sentence(Line.objects.get(index=0)) == "2026-03-02 09:00:00 安装程序 登记行政区划：演示市"


def test_a_verb_nobody_teaches_is_shown_as_it_was_written():
    line = Line(index=0, at=NOW, verb="thing.forgotten", by_name="演示", about_name="某物")

    assert verb_name("thing.forgotten") == "thing.forgotten"
    assert line_sentence(line) == "2026-03-02 09:00:00 演示 thing.forgotten：某物"


def test_every_verb_has_a_chinese_name():
    assert [verb for verb, name in known_verbs().items() if name.isascii()] == []


def test_the_facts_of_a_line_are_what_the_operation_kept(log):
    facts = line_facts(Line.objects.get(index=2))

    assert (facts["code"], facts["function"], facts["parent"]) == ("SCJG", "market", None)


@pytest.mark.parametrize("data", ["", "[]", "{}", '{"facts": 1}'])
def test_a_spoilt_line_can_still_be_read(log, data):
    run('UPDATE audit_line SET data = %s WHERE "index" = 2', [data])

    assert line_facts(Line.objects.get(index=2)) == {}
