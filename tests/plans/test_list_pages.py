"""The lists of the room: what they find, that they ask as often for many rows as for few, what they take away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from gongchou.accounts.models import Department, User
from gongchou.plans.operations import joint
from gongchou.registry.models import Item
from tests.factories import plans as factory
from tests.factories.lists import department_of_lists, make_item, make_matter
from tests.factories.once import standing
from tests.factories.people import NOW, make_department, signed_in
from tests.factories.subjects import make_subject

pytestmark = [pytest.mark.django_db, pytest.mark.database]
LISTS = (
    "plans", "lines", "tasks", "invitations", "questions", "proposals", "campaigns", "agreements", "norms", "matters",
)  # fmt: skip


@pytest.fixture
def home() -> Department:
    return department_of_lists()


@pytest.fixture
def office(home: Department) -> User:
    return factory.office_of(home)


@pytest.fixture
def desk(client: Client, office: User) -> Client:
    return signed_in(client, office)


@pytest.fixture(scope="module")
def filled(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Three rows in each list."""
    with standing(django_db_blocker):
        fill(department_of_lists(), 3)
        yield


def fill(home: Department, n: int) -> None:
    """``n`` rows in each list."""
    make_subject(1)
    item = make_item("A01").item
    make_matter()
    fire = make_department("XFJY", home.region, is_conference_member=True)
    others = [make_department(f"B{number}", home.region, is_conference_member=True) for number in range(n)]
    for number, other in enumerate(others):
        version = factory.make_plan(other)
        line = factory.make_line(version, items=[item], name=f"第{number}项检查")
        joint.invite(line=line, departments=[fire], message="", by=factory.keeper_of(other), at=NOW)
        asked = line.line.invitations.get()
        joint.raise_question(invitation=asked, text=f"分歧{number}", by=factory.keeper_of(other), at=NOW)
        factory.put_out(version)
        factory.make_task(other, name=f"任务{number}")
        factory.make_campaign(home, f"集中抽查{number}")
        factory.make_agreement(other, f"协议{number}")
        factory.make_norm(home.region, 2000 + number)


def test_every_list_asks_as_often_for_many_as_for_few(filled: None, client: Client, office: User) -> None:
    few = {name: n_queries(client, office, name) for name in LISTS}
    more(office.department)

    assert {name: n_queries(client, office, name) for name in LISTS} == few


def n_queries(client: Client, office: User, name: str) -> int:
    address = reverse(f"plans:{name}")
    desk = signed_in(client, office)  # for each: once in half a minute a request also writes that she is there
    desk.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert desk.get(address).status_code == 200
    return len(queries)


def more(home: Department) -> None:
    """More than a page in the lists."""
    fire = Department.objects.get(code="XFJY")
    keeper = factory.keeper_of(home)
    version = factory.make_plan(home)
    item = make_item("A02").item
    for number in range(25):
        line = factory.make_line(version, items=[item], name=f"又一项{number}")
        joint.invite(line=line, departments=[fire], message="", by=keeper, at=NOW)
        joint.raise_question(invitation=line.line.invitations.get(), text=f"又一件{number}", by=keeper, at=NOW)
        factory.make_task(home, name=f"又一个任务{number}")
        factory.make_campaign(home, f"又一次{number}")
        factory.make_agreement(home, f"又一份{number}")
        factory.make_norm(home.region, 2050 + number)
    factory.put_out(version)


@pytest.mark.parametrize(
    ("name", "asked", "found"),
    [
        ("plans", {"q": "B1"}, 1),
        ("plans", {"year": "2027"}, 0),
        ("plans", {"kind": "joint"}, 0),
        ("plans", {"state": "published"}, 3),
        ("plans", {"function": "market"}, 3),
        ("lines", {"q": "第2项"}, 1),
        ("lines", {"joint": "yes"}, 3),
        ("lines", {"joint": "no"}, 0),
        ("lines", {"state": "not_started"}, 3),
        ("lines", {"month": "4"}, 3),
        ("lines", {"month": "1"}, 0),
        ("tasks", {"q": "任务1"}, 1),
        ("tasks", {"source": "apart"}, 3),
        ("tasks", {"source": "plan"}, 0),
        ("tasks", {"joint": "yes"}, 0),
        ("invitations", {"state": "invited"}, 3),
        ("invitations", {"q": "第0项"}, 1),
        ("questions", {"state": "open"}, 3),
        ("campaigns", {"q": "抽查1"}, 1),
        ("agreements", {"q": "协议2"}, 1),
        ("norms", {"year": "2001"}, 1),
        ("matters", {"planned": "no"}, 1),
    ],
)
def test_a_list_finds_what_is_asked_for(filled: None, desk: Client, name: str, asked: Any, found: int) -> None:
    answer = desk.get(reverse(f"plans:{name}"), asked)

    assert answer.context["table"].paginator.count == found


def test_a_list_is_taken_away_with_what_was_asked_for(filled: None, desk: Client) -> None:
    answer = desk.get(reverse("plans:lines"), {"q": "第1项", "export": 1})

    sheet = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0)
    rows = sheet.to_python()
    assert [row[0] for row in rows] == ["抽查计划名称", "第1项检查"]


def test_lines_past_their_end_are_told_as_late(filled: None, desk: Client, home: Department) -> None:
    version = factory.make_plan(home, year=2020)
    days = {"begins_on": date(2020, 3, 1), "ends_on": date(2020, 6, 1)}
    factory.make_line(version, items=[Item.objects.get(code="A01")], **days)
    factory.put_out(version)

    asked = {"state": "overdue", "year": "2020"}
    assert desk.get(reverse("plans:lines"), asked).context["table"].paginator.count == 1


@pytest.mark.parametrize("year", ["0", "10000", "-5", "abc", "2026.5"])
@pytest.mark.parametrize("name", ["calendar", "plans", "lines", "tasks", "campaigns"])
def test_a_year_that_is_none_is_said_and_breaks_nothing(desk: Client, name: str, year: str) -> None:
    answer = desk.get(reverse(f"plans:{name}"), {"year": year})

    assert answer.status_code in (200, 422)
