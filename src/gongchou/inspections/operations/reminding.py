"""Telling people of results that are to be entered: who inspects before the last day, the heads after it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.urls import reverse

from gongchou.accounts.models import Department, User
from gongchou.accounts.operations import send_message
from gongchou.accounts.queries.people import people_with
from gongchou.accounts.roles import Duty
from gongchou.audit.operations import Actor, Done, operation
from gongchou.draws.models import Seat
from gongchou.inspections.models import Inspection


@operation("inspections.reminded", "提醒录入检查结果")
def remind_of(*, rows: Sequence[Inspection], by: Actor, at: datetime) -> Done[Department]:
    """Tell the people seated at these doors for one department."""
    department = rows[0].department
    seats = Seat.objects.filter(visit__in=[row.visit_id for row in rows], department=department, ended_at=None)
    people = User.objects.filter(is_active=True, pk__in=seats.order_by().values("inspector__user"))
    _tell(people, f"检查结果将到录入期限：{rows[0].due_on:%m月%d日}", rows, reverse("draws:my-visits"), by=by, at=at)
    Inspection.objects.filter(pk__in=[row.pk for row in rows]).update(reminded_at=at)
    return Done(department, {"count": len(rows)})


@operation("inspections.escalated", "告知检查结果逾期未录入")
def escalate(*, rows: Sequence[Inspection], by: Actor, at: datetime) -> Done[Department]:
    """Tell whoever reviews for the department."""
    department = rows[0].department
    people = people_with(Duty.REVIEW_RESULTS, Department.objects.filter(pk=department.pk))
    link = f"{reverse('inspections:inspections')}?mine=overdue"
    _tell(people, f"检查结果逾期未录入：{len(rows)} 户次", rows, link, by=by, at=at)
    Inspection.objects.filter(pk__in=[row.pk for row in rows]).update(escalated_at=at)
    return Done(department, {"count": len(rows)})


def _tell(
    people: Iterable[User], title: str, rows: Sequence[Inspection], link: str, *, by: Actor, at: datetime
) -> None:
    found = sorted({*people}, key=lambda one: one.username)
    names = "、".join(row.visit.subject.name for row in rows[:10])
    body = f"{names}{'等' if len(rows) > 10 else ''}，共 {len(rows)} 户次。"
    if found:
        send_message(to=found, kind="task", title=title, body=body, link=link, by=by, at=at)
