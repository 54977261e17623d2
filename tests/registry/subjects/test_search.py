"""A search finds a subject by any part of what is known of it, few matches or many."""

from __future__ import annotations

import pytest

from gongchou.registry import search
from gongchou.registry.models import Subject
from tests.cli.offices import credit_code
from tests.factories.subjects import make_subject

pytestmark = pytest.mark.django_db


@pytest.fixture
def shops():
    """Three shops."""
    make_subject(1, name="演示海棠餐饮店", address="演示东区观澜路88号")
    make_subject(2, name="演示（海棠）书店", address="演示西区观澜路8号")
    make_subject(3, name="演示100%全麦面包房", address="演示西区归雁路1号")


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ("海棠", [1, 2]),
        ("演示海棠", [1, 2]),
        ("海棠 书店", [2]),
        ("yshtcyd", [1]),
        ("YSHT", [1, 2]),
        ("观澜路88", [1]),
        ("演示 １００％", [3]),
        ("%", [3]),
        ("_", []),
        ("查无此户", []),
        ("  ", []),
    ],
)
def test_every_word_must_occur_somewhere(shops, asked, numbers):
    found = search.matching(Subject.objects.all(), asked)

    assert sorted(found.rows.values_list("number", flat=True)) == sorted(map(credit_code, numbers))
    assert not found.is_cut


def test_a_credit_code_is_found_by_any_part(shops):
    code = credit_code(2)

    found = search.matching(Subject.objects.all(), code[4:].lower())

    assert [one.name for one in found.rows] == ["演示（海棠）书店"]


def test_who_finds_too_many_gets_some_and_is_told(shops):
    exact = search.matching(Subject.objects.all(), "演示", most=3)
    cut = search.matching(Subject.objects.all(), "演示", most=2)
    whole = search.matching(Subject.objects.all(), "演示", most=None)

    assert [(found.rows.count(), found.is_cut) for found in (exact, cut, whole)] == [(3, False), (2, True), (3, False)]


def test_the_first_found_stay_the_first_when_a_text_is_made_again(shops):
    asked = {"subjects": Subject.objects.all(), "asked": "演示", "most": 2}
    before = set(search.matching(**asked).rows)

    for one in before:
        search.refresh([(one.pk, one.number, one.name, one.address)])

    assert set(search.matching(**asked).rows) == before


def test_what_else_is_asked_for_comes_before_the_number_found(shops):
    wanted = Subject.objects.filter(name__contains="面包房")

    found = search.matching(wanted, "演示", most=1)

    assert [one.name for one in found.rows] == ["演示100%全麦面包房"]
    assert not found.is_cut
