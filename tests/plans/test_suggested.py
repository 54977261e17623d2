"""Lines that the lists ask for: each can be added as it is, whatever stands on the list."""

from __future__ import annotations

from typing import Any

import pytest

from gongchou.accounts.models import Department, User
from gongchou.plans.models import LineVersion, PlanVersion
from gongchou.plans.operations import lines
from gongchou.plans.queries.suggested import a_year_later
from gongchou.registry.frequency import frequency_to_json
from gongchou.registry.frequency_read import read_frequency
from tests.factories import plans as factory
from tests.factories.lists import department_of_lists, keeper_of, make_item, make_joint_item
from tests.factories.people import NOW, make_department
from tests.factories.subjects import make_subject

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def home() -> Department:
    home = department_of_lists()
    with factory.open_for_writing():
        Department.objects.filter(pk=home.pk).update(is_conference_member=True)
    home.refresh_from_db()
    return home


@pytest.fixture
def office(home: Department) -> User:
    make_subject(1)
    return factory.office_of(home)


def filled(version: PlanVersion, by: User) -> list[LineVersion]:
    lines.add_from_list(version=version, by_risk=False, by=by, at=NOW)
    return list(version.lines.order_by("line__number"))


def test_each_initiator_of_a_joint_item_gets_its_line_and_the_others_join_it(home: Department, office: User) -> None:
    culture = make_department("WL", home.region, is_conference_member=True)
    outside = make_department("WAI", home.region)
    told: dict[str, Any] = {"initiators": [("影院", home), ("歌舞厅", culture)]}
    make_joint_item(participants=[home, culture, outside], **told)

    first, second = filled(factory.make_plan(home, kind="joint", by=office), office)

    assert (first.subject_words, first.initiator, list(first.participants.all())) == ("影院", home, [culture])
    assert (second.subject_words, second.initiator, list(second.participants.all())) == ("歌舞厅", culture, [home])


@pytest.mark.parametrize(("level", "rounds"), [("city", 1), ("county", 12)])
def test_a_frequency_by_level_counts_for_the_level_of_the_plan(home: Department, level: str, rounds: int) -> None:
    often = frequency_to_json(read_frequency("市级每年1次；县级每月1次"))
    make_item("A09", levels=["city", "county"], frequency=often)
    with factory.open_for_writing():
        type(home.region).objects.filter(pk=home.region_id).update(level=level)
    home = Department.objects.get(pk=home.pk)

    (line,) = filled(factory.make_plan(home), keeper_of(home))

    assert line.rounds == rounds


def test_last_years_day_of_the_last_visit_moves_along(home: Department) -> None:
    version = factory.make_plan(home)
    since = {"not_visited_since": "2026-06-30"}
    row = factory.make_line(version, pool={**factory.pool_of(kinds=("enterprise",)), **since})

    assert a_year_later(row)["pool"]["not_visited_since"] == "2027-06-30"
