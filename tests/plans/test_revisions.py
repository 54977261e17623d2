"""Versions of a plan do not take from one another: reasons, states and days are each one's own."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gongchou.accounts.models import User
from gongchou.plans.models import PlanVersion
from gongchou.plans.operations import lines, waivers
from gongchou.plans.operations import plans as operations
from gongchou.plans.queries import plans as queries
from gongchou.plans.queries.survey import Survey
from gongchou.plans.rules import checks
from gongchou.refusal import Refused
from tests.factories import plans as factory
from tests.factories.lists import approver_of, at_least, department_of_lists, keeper_of, make_item, so_often
from tests.factories.people import NOW, make_department
from tests.factories.subjects import make_subject

pytestmark = [pytest.mark.django_db, pytest.mark.database]
ON = date(2026, 3, 1)


@pytest.fixture
def item() -> Any:
    make_subject(1)
    return make_item("A01", frequency={"series": None, "subject": None}).item


@pytest.fixture
def keeper() -> User:
    return keeper_of(department_of_lists())


@pytest.fixture
def draft(item: Any) -> PlanVersion:
    version = factory.make_plan()
    factory.make_line(version, items=[item])
    return version


def revise(version: PlanVersion, keeper: User) -> PlanVersion:
    return operations.revise(plan=version.plan, reason="调整", by=keeper, at=NOW)


def lower(version: PlanVersion, keeper: User) -> None:
    """Below what the list asks for."""
    lines.edit_line(line=version.lines.get(), content={"ratio": at_least("0.01%")}, by=keeper, at=NOW)


def excuse(version: PlanVersion, keeper: User) -> None:
    row = version.lines.get()
    told = {"line": row.line, "item": row.items.get(), "reason": "上级另有部署"}
    waivers.waive(version=version, rule="ratio", **told, by=keeper, at=NOW)


def blocking(version: PlanVersion) -> list[str]:
    return [one.rule.code for one in checks.findings(Survey(version, on=ON)) if one.is_blocking]


# Reasons -----------------------------------------------------------------------------------------


def test_a_reason_of_a_revision_that_was_withdrawn_excuses_no_other(draft: PlanVersion, keeper: User) -> None:
    published = factory.publish(draft)
    second = revise(published, keeper)
    lower(second, keeper)
    excuse(second, keeper)
    operations.withdraw(version=second, reason="不调整了", by=keeper, at=NOW)

    third = revise(published, keeper)
    lower(third, keeper)

    assert blocking(third) == ["ratio"]


def test_a_reason_that_a_revision_gives_up_still_stands_beside_what_is_published(
    draft: PlanVersion, keeper: User
) -> None:
    lower(draft, keeper)
    excuse(draft, keeper)
    published = factory.publish(draft)
    second = revise(published, keeper)
    assert blocking(second) == []  # it came along

    waivers.end_waiver(waiver=queries.waivers_of(second).get(), by=keeper, at=NOW)

    assert blocking(second) == ["ratio"]
    assert queries.waivers_of(published).get().reason == "上级另有部署"


def test_a_reason_goes_with_its_line(draft: PlanVersion, keeper: User) -> None:
    lower(draft, keeper)
    excuse(draft, keeper)

    lines.drop_line(line=draft.lines.get(), reason="不查了", by=keeper, at=NOW)

    assert not queries.waivers_of(draft).exists()


def test_a_reason_is_taken_back_once(draft: PlanVersion, keeper: User) -> None:
    lower(draft, keeper)
    excuse(draft, keeper)
    waiver = queries.waivers_of(draft).get()
    waivers.end_waiver(waiver=waiver, by=keeper, at=NOW)

    with pytest.raises(Refused, match=r"plans\.waiver_ended"):
        waivers.end_waiver(waiver=waiver, by=keeper, at=NOW)


# States and days -----------------------------------------------------------------------------------


def test_a_plan_is_not_closed_while_it_is_revised(draft: PlanVersion, keeper: User) -> None:
    published = factory.publish(draft)
    head = approver_of(department_of_lists())
    second = revise(published, keeper)
    with factory.open_for_writing():
        published.plan.lines.update(state="done")

    with pytest.raises(Refused, match=r"plans\.open_version"):
        operations.close(version=published, note="全部完成", by=head, at=NOW)

    operations.withdraw(version=second, reason="不调整了", by=keeper, at=NOW)
    assert operations.close(version=published, note="全部完成", by=head, at=NOW).state == "closed"


def test_who_begins_anew_is_as_late_as_before(draft: PlanVersion, keeper: User) -> None:
    factory.set_norm("plan_due", "1月31日", by=factory.office_of(department_of_lists()))
    operations.withdraw(version=draft, reason="重新编制", by=keeper, at=NOW)

    again = factory.make_plan()

    found = checks.findings(Survey(again, on=ON))
    assert [one.rule.code for one in found if one.rule.code == "due"] == ["due"]


def test_a_withdrawn_plan_keeps_its_reason_and_its_number(draft: PlanVersion, keeper: User) -> None:
    done = operations.withdraw(version=draft, reason="重新编制", by=keeper, at=NOW)

    assert (done.state, done.end_note, factory.make_plan().number) == ("withdrawn", "重新编制", 2)


# Approval ------------------------------------------------------------------------------------------


def test_others_drafts_do_not_stop_an_approval(draft: PlanVersion, keeper: User, item: Any) -> None:
    office = factory.office_of(department_of_lists())
    factory.set_norm("risk_tasks", "不低于50%", by=office)
    ratio = factory.by_grade(A="2%", B="3%", C="10%", D="50%")
    row = draft.lines.get()
    lines.edit_line(line=row, content={"ratio": ratio, "is_risk_based": True}, by=keeper, at=NOW)
    excuse(draft, keeper)
    operations.submit(version=draft, by=keeper, at=NOW)
    fire = make_department("XFJY", office.department.region, is_conference_member=True)
    with factory.open_for_writing():
        type(fire).objects.filter(pk=draft.plan.department_id).update(is_conference_member=True)
    theirs = factory.make_plan(fire)
    for _ in range(2):
        factory.make_line(theirs, participants=[type(fire).objects.get(pk=draft.plan.department_id)])
    assert blocking(draft) == ["risk_tasks"]

    assert operations.approve(version=draft, by=approver_of(draft.plan.department), at=NOW).state == "approved"


def test_what_lost_its_item_since_is_not_approved(draft: PlanVersion, keeper: User, item: Any) -> None:
    operations.submit(version=draft, by=keeper, at=NOW)
    with factory.open_for_writing():
        item.versions.update(state="superseded", ended_at=NOW, ended_by=keeper)

    with pytest.raises(Refused, match=r"plans\.blocked_since"):
        operations.approve(version=draft, by=approver_of(draft.plan.department), at=NOW)


def test_one_reason_is_said_for_all_places_of_a_rule_at_once(draft: PlanVersion, item: Any, keeper: User) -> None:
    for _ in range(2):
        factory.make_line(draft, items=[item], ratio=at_least("0.01%"))
    assert blocking(draft) == ["ratio", "ratio"]

    waivers.waive_all(version=draft, rule="ratio", reason="专项部署", by=keeper, at=NOW)

    assert blocking(draft) == []
    assert {(one.reason, one.line is not None, bool(one.told)) for one in queries.waivers_of(draft)} == {
        ("专项部署", True, True)
    }
    with pytest.raises(Refused, match=r"plans\.nothing_to_waive"):
        waivers.waive_all(version=draft, rule="ratio", reason="再说一次", by=keeper, at=NOW)
    with pytest.raises(Refused, match=r"plans\.not_waivable"):
        waivers.waive_all(version=draft, rule="complete", reason="来不及", by=keeper, at=NOW)


def test_a_draft_that_others_withdrew_stops_no_approval(draft: PlanVersion, keeper: User) -> None:
    often = make_item("A07", frequency=so_often("每年不少于2次")).item
    row = factory.make_line(draft, items=[often])
    office = factory.office_of(department_of_lists())
    joint = factory.make_plan(kind="joint", by=office)
    factory.make_line(joint, items=[often], by=office)
    operations.submit(version=draft, by=keeper, at=NOW)
    operations.withdraw(version=joint, reason="不做了", by=office, at=NOW)
    assert "frequency" in blocking(draft)

    assert operations.approve(version=draft, by=approver_of(row.initiator), at=NOW).state == "approved"


def test_a_long_reason_is_not_taken_for_another_case(draft: PlanVersion, keeper: User) -> None:
    lower(draft, keeper)
    with factory.open_for_writing():
        draft.lines.update(name="很长的名称" * 19)
    waivers.waive_all(version=draft, rule="ratio", reason="专项部署", by=keeper, at=NOW)

    found = checks.findings(Survey(draft, on=ON), ["ratio"])

    assert [one.has_moved for one in found] == [False]
