"""What plans put on somebody's desk: each figure is that of the list behind it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from gongchou.accounts.models import Department, User
from gongchou.accounts.roles import RoleCode
from gongchou.audit.guard import open_for_writing
from gongchou.plans.models import Line, LineVersion, PlanVersion, Task
from gongchou.plans.operations import joint, parties, plans, tasks
from tests.factories import plans as factory
from tests.factories.lists import approver_of, department_of_lists, keeper_of, make_item, other_department
from tests.factories.people import NOW, official, signed_in
from tests.factories.subjects import make_subject

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def today() -> date:
    return timezone.localdate()


def desk(client: Client, user: User) -> list[tuple[str, int]]:
    """What waits for her; and each line leads to a list of as many."""
    return _told(client, user, "cards")


def overview(client: Client, user: User) -> list[tuple[str, int]]:
    return _told(client, user, "overviews")


def _told(client: Client, user: User, kind: str) -> list[tuple[str, int]]:
    cards = signed_in(client, user).get("/").context[kind]
    found = [task for _, tasks in cards for task in tasks if task.address.startswith("/plans/")]
    behind = [(task.words, client.get(task.address).context["table"].paginator.count) for task in found]
    told = [(task.words, task.n) for task in found]
    assert told == behind
    return told


@pytest.fixture
def item() -> Any:
    make_subject(1)
    return make_item("A01", frequency={"series": None, "subject": None}).item


@pytest.fixture
def draft(item: Any) -> PlanVersion:
    version = factory.make_plan(year=today().year)
    days = {"begins_on": date(today().year, 1, 1), "ends_on": date(today().year, 12, 31)}
    factory.make_line(version, items=[item], **days)
    return version


def submitted(version: PlanVersion) -> PlanVersion:
    plans.submit(version=version, by=keeper_of(version.plan.department), at=NOW)
    return version


def ends(version: PlanVersion, in_days: int, state: str = "not_started") -> None:
    with open_for_writing():
        day = today() + timedelta(days=in_days)
        LineVersion.objects.filter(version=version).update(begins_on=date(2000, 1, 1), ends_on=day)
        Line.objects.filter(plan=version.plan).update(state=state)


def test_a_keeper_finds_the_plan_that_came_back(client: Client, draft: PlanVersion):
    head = approver_of(draft.plan.department)
    plans.send_back(version=submitted(draft), reason="请补充", by=head, at=NOW)

    assert desk(client, keeper_of(draft.plan.department)) == [("被退回、待修改的计划", 1)]


LINES: list[tuple[int, str, list[str]]] = [
    (31, "not_started", []),
    (30, "not_started", ["30 日内到期、还没有任务的计划行"]),
    (0, "not_started", ["30 日内到期、还没有任务的计划行"]),
    (5, "tasked", []),
    (-1, "not_started", ["超期的计划行"]),
    (-1, "running", ["超期的计划行"]),
    (-1, "done", []),
]


@pytest.mark.parametrize(("in_days", "state", "words"), LINES)
def test_a_keeper_finds_lines_that_end(client: Client, draft: PlanVersion, in_days: int, state: str, words: list[str]):
    ends(factory.publish(draft), in_days, state)

    assert desk(client, keeper_of(draft.plan.department)) == [(one, 1) for one in words]


def test_a_document_says_how_many_days_ahead(client: Client, draft: PlanVersion):
    ends(factory.publish(draft), 40)
    office = official(RoleCode.CONFERENCE_OFFICE, "all")
    factory.set_norm("alert_days", "提前45日", by=office, year=today().year)

    assert ("45 日内到期、还没有任务的计划行", 1) in desk(client, keeper_of(draft.plan.department))


def test_lines_and_tasks_of_others_are_not_hers(client: Client, draft: PlanVersion):
    ends(factory.publish(draft), -1)
    other = other_department(draft.plan.department)

    assert desk(client, keeper_of(other)) == []


def test_a_keeper_finds_late_tasks_and_invitations_to_tasks(client: Client, draft: PlanVersion):
    version = factory.publish(draft)
    department, other = version.plan.department, _member(other_department(version.plan.department))
    days = {"begins_on": date(today().year, 1, 1), "ends_on": date(today().year, 12, 31)}
    content = {"name": "演示任务", **days}
    task = tasks.create_from_line(line=version.lines.get(), content=content, by=keeper_of(department), at=NOW)
    parties.invite(task=task, departments=[other], by=keeper_of(department), at=NOW)
    with open_for_writing():
        past = {"begins_on": date(2000, 1, 1), "ends_on": today() - timedelta(days=1)}
        Task.objects.update(**past)

    assert desk(client, keeper_of(department)) == [("超期的任务", 1)]
    assert desk(client, keeper_of(other)) == [("邀请本部门参加、待答复的任务", 1)]


def _member(department: Department) -> Department:
    with open_for_writing():
        Department.objects.filter(pk=department.pk).update(is_conference_member=True)
    department.refresh_from_db()
    return department


def test_who_is_invited_finds_it_and_who_disagrees_brings_it_to_the_office(client: Client, draft: PlanVersion):
    department, other = department_of_lists(), _member(other_department(department_of_lists()))
    told = {"line": draft.lines.get(), "departments": [other], "message": "请参加"}
    line = joint.invite(**told, by=keeper_of(department), at=NOW)
    invitation = line.line.invitations.get()

    assert desk(client, keeper_of(other)) == [("待答复的联合邀请", 1)]

    joint.answer(invitation=invitation, is_accepted=False, reason="无相应职责", by=keeper_of(other), at=NOW)
    joint.raise_question(invitation=invitation, text="请协调", by=keeper_of(department), at=NOW)
    office = official(RoleCode.CONFERENCE_OFFICE)

    assert ("待协调的事项", 1) in desk(client, office)


def test_a_plan_goes_from_desk_to_desk(client: Client, draft: PlanVersion):
    department = draft.plan.department
    keeper, head = keeper_of(department), approver_of(department)
    office = official(RoleCode.CONFERENCE_OFFICE)
    submitted(draft)
    assert desk(client, head) == [("待审批的计划", 1)]

    plans.approve(version=draft, by=head, at=NOW)
    assert desk(client, head) == [("已批准、待备案的计划", 1)]

    plans.file(version=draft, filed_with="演示局", by=keeper, at=NOW)
    assert desk(client, head) == [("已备案、待公布的计划", 1)]
    assert ("待登记的备案", 1) in desk(client, office)

    plans.receive(version=draft, receipt="演备1号", by=office, at=NOW)
    plans.publish(version=draft, channel="演示网", url="", by=head, at=NOW)
    assert desk(client, head) == []
    assert ("待登记的备案", 1) not in desk(client, office)


def test_nobody_finds_what_she_submitted_herself_on_her_desk_to_approve(client: Client, draft: PlanVersion):
    office = official(RoleCode.CONFERENCE_OFFICE)
    plans.submit(version=draft, by=office, at=NOW)

    assert "待审批的计划" not in dict(desk(client, office))
    assert dict(desk(client, approver_of(draft.plan.department)))["待审批的计划"] == 1


def test_who_reads_plans_sees_how_many_there_are(client: Client, draft: PlanVersion):
    factory.publish(draft)
    year = today().year

    assert overview(client, official(RoleCode.LEADER)) == [(f"{year} 年已公布的计划", 1), ("计划行", 1)]
