"""The last day for results, and who hears of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.test import Client

from gongchou.accounts.models import Message
from gongchou.accounts.roles import RoleCode
from gongchou.audit.guard import open_for_writing
from gongchou.inspections.holidays import read_notice
from gongchou.inspections.keeping import escalate_overdue, open_dispatched, remind
from gongchou.inspections.models import Inspection
from gongchou.inspections.operations.calendar import enter
from gongchou.refusal import Refused
from tests.factories.inspections import AT, first_seat, inspector_at, on_its_way
from tests.factories.people import appoint, make_user, signed_in

NOTICE = """
2026-01-01 至 2026-01-03 放假 元旦
1月4日 上班
"""


def last_day() -> date:
    found = Inspection.objects.all()[0].due_on
    assert found is not None
    return found


def test_a_notice_is_read_as_it_is_written() -> None:
    assert read_notice(2026, NOTICE) == {
        date(2026, 1, 1): False,
        date(2026, 1, 2): False,
        date(2026, 1, 3): False,
        date(2026, 1, 4): True,
    }


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("元旦放三天", "inspections.holiday_line", 1),
        ("1月1日 放假\n2月30日 放假", "inspections.holiday_line", 2),
        ("1月1日至3月1日 放假", "inspections.holiday_line", 1),
        ("1月1日 放假\n1月1日 上班", "inspections.holiday_twice", 2),
        ("\n", "inspections.holiday_nothing", None),
    ],
)
def test_what_cannot_be_read_says_where(text: str, code: str, line: int | None) -> None:
    with pytest.raises(Refused) as refused:
        read_notice(2026, text)

    assert (refused.value.code, refused.value.facts.get("line")) == (code, line)


@pytest.mark.django_db
def test_what_is_dispatched_becomes_inspections_once_with_a_last_day() -> None:
    batch = on_its_way()

    assert (open_dispatched(AT), open_dispatched(AT)) == (1, 0)

    rows = Inspection.objects.all()
    assert rows.count() == batch.visits.count()
    task = batch.draws.get().task
    assert all(
        row.due_on and row.due_on > task.ends_on + timedelta(days=26) for row in rows
    )  # twenty days, four weekends


@pytest.mark.django_db
def test_a_notice_moves_the_last_days_that_run_through_it() -> None:
    batch = on_its_way()
    open_dispatched(AT)
    before = last_day()
    by = make_user("lx1", batch.department)
    appoint(by, RoleCode.CONFERENCE_OFFICE)

    enter(year=before.year, source="演示通知", text=f"{before:%m月%d日} 放假", by=by, at=AT)

    assert {row.due_on > before for row in Inspection.objects.all() if row.due_on} == {True}


@pytest.mark.django_db
def test_people_are_reminded_before_and_heads_told_after_each_once() -> None:
    seat = first_seat(on_its_way())
    inspector_at(seat)
    head = make_user("sh2", seat.department)
    appoint(head, RoleCode.REVIEWER)
    open_dispatched(AT)
    due_on = last_day()
    days_before = datetime.combine(due_on, time(8), tzinfo=UTC)

    n = Inspection.objects.count()
    assert (remind(days_before), remind(days_before)) == (n, 0)
    later = days_before + timedelta(days=1)
    assert (escalate_overdue(later), escalate_overdue(later)) == (n, 0)

    assert Message.objects.filter(title__startswith="检查结果将到录入期限").count() == 1
    assert Message.objects.filter(title__startswith="检查结果逾期未录入").count() == 1


@pytest.mark.django_db
def test_what_is_late_is_found_by_the_link_that_tells_of_it(client: Client) -> None:
    seat = first_seat(on_its_way())
    head = make_user("sh3", seat.department)
    appoint(head, RoleCode.REVIEWER)
    open_dispatched(AT)
    late = Inspection.objects.order_by("pk")[0]
    with open_for_writing():
        Inspection.objects.filter(pk=late.pk).update(due_on=date(2020, 1, 1))

    page = signed_in(client, head).get("/inspections/?mine=overdue")

    assert [row.pk for row in page.context["table"].data] == [late.pk]
