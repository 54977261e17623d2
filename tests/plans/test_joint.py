"""Departments agree on joint work, or the conference decides."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from gongchou.accounts.models import Delivery, Department, User
from gongchou.accounts.roles import RoleCode
from gongchou.plans.models import Invitation, LineVersion
from gongchou.plans.operations import campaigns, joint, lines, plans
from gongchou.plans.queries import joint as queries
from gongchou.plans.queries import plans as plan_queries
from gongchou.refusal import Refused
from gongchou.registry.operations import claims
from tests.factories import plans as factory
from tests.factories.lists import department_of_lists, keeper_of, make_item
from tests.factories.people import NOW, appoint, make_department, make_user, signed_in
from tests.factories.subjects import make_subject

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def office() -> User:
    return factory.office_of(department_of_lists())


@pytest.fixture
def fire(office: User) -> Department:
    return make_department("XFJY", office.department.region, is_conference_member=True)


@pytest.fixture
def own_item(fire: Department) -> Any:
    return make_item("XF01", owner=fire).item


@pytest.fixture
def line(office: User) -> LineVersion:
    make_subject(1)
    version = factory.make_plan(kind="joint", by=office)
    return factory.make_line(version, items=[make_item("A01").item], by=office)


def invite(line: LineVersion, office: User, *departments: Department) -> Invitation:
    joint.invite(line=line, departments=departments, message="请参加", by=office, at=NOW)
    return line.line.invitations.exclude(state="revoked").get(department=departments[0])


def answer(invitation: Invitation, **own: Any) -> Invitation:
    told = {"is_accepted": True, "reason": "", **own}
    return joint.answer(invitation=invitation, **told, by=keeper_of(invitation.department), at=NOW)


def test_who_accepts_brings_its_items_and_people(
    line: LineVersion, office: User, fire: Department, own_item: Any
) -> None:
    accepted = answer(invite(line, office, fire), items=[own_item], n_people=2)

    assert (accepted.state, accepted.n_people) == ("accepted", 2)
    assert own_item in line.items.all()
    assert list(line.participants.all()) == [fire]


@pytest.mark.parametrize(
    ("own", "code"),
    [
        ({"is_accepted": False}, "plans.reason_missing"),
        ({"is_accepted": True, "items": []}, "plans.items_missing"),
    ],
)
def test_an_answer_says_what_it_must(line: LineVersion, office: User, fire: Department, own: Any, code: str) -> None:
    with pytest.raises(Refused) as refused:
        answer(invite(line, office, fire), **own)

    assert refused.value.code == code


def test_nobody_brings_items_it_may_not_use(line: LineVersion, office: User, fire: Department) -> None:
    foreign = make_item("A02").item

    with pytest.raises(Refused, match=r"plans\.item_not_usable"):
        answer(invite(line, office, fire), items=[foreign])


def test_a_department_outside_the_conference_is_not_asked(line: LineVersion, office: User) -> None:
    outside = make_department("WAI", office.department.region)

    with pytest.raises(Refused, match=r"plans\.not_a_member"):
        invite(line, office, outside)


def test_nobody_is_asked_twice(line: LineVersion, office: User, fire: Department) -> None:
    invite(line, office, fire)

    with pytest.raises(Refused, match=r"plans\.invited"):
        invite(line, office, fire)


def test_another_department_does_not_answer_for_it(line: LineVersion, office: User, fire: Department) -> None:
    other = make_department("MZ", office.department.region, is_conference_member=True)
    invitation = invite(line, office, fire)

    with pytest.raises(Refused, match=r"registry\.out_of_reach"):
        joint.answer(invitation=invitation, is_accepted=False, reason="替人谢绝", by=keeper_of(other), at=NOW)


def test_who_accepted_may_leave_with_a_reason_before_the_plan_is_out(
    line: LineVersion, office: User, fire: Department, own_item: Any
) -> None:
    invitation = answer(invite(line, office, fire), items=[own_item])

    left = joint.leave(invitation=invitation, reason="机构改革", by=keeper_of(fire), at=NOW)

    assert (left.state, left.reason) == ("left", "机构改革")


def test_who_accepted_does_not_leave_what_is_published(
    line: LineVersion, office: User, fire: Department, own_item: Any
) -> None:
    invitation = answer(invite(line, office, fire), items=[own_item])
    factory.put_out(line.version)

    with pytest.raises(Refused, match=r"plans\.joint_published"):
        joint.leave(invitation=invitation, reason="不想去了", by=keeper_of(fire), at=NOW)


def test_an_invitation_that_is_taken_back_takes_its_items_along(
    line: LineVersion, office: User, fire: Department, own_item: Any
) -> None:
    invitation = answer(invite(line, office, fire), items=[own_item])

    joint.revoke(invitation=invitation, reason="改为单独检查", by=office, at=NOW)

    assert list(line.participants.all()) == []
    assert own_item not in line.items.all()
    assert invite(line, office, fire).state == "invited"


@pytest.mark.parametrize(("takes_part", "state", "stays"), [(True, "charged", True), (False, "released", False)])
def test_the_conference_decides_what_two_could_not_settle(
    line: LineVersion, office: User, fire: Department, takes_part: bool, state: str, stays: bool
) -> None:
    declined = answer(invite(line, office, fire), is_accepted=False, reason="无人手")
    question = joint.raise_question(invitation=declined, text="请协调消防参加", by=office, at=NOW)
    told = {"takes_part": takes_part, "decision": "会议议定", "by": office, "at": NOW}

    decided = joint.decide(question=question, **told)

    declined.refresh_from_db()
    assert (decided.state, declined.state) == ("decided", state)
    assert (fire in line.participants.all()) is stays


def test_a_question_is_asked_once_at_a_time_and_settled_between_the_two(
    line: LineVersion, office: User, fire: Department
) -> None:
    invitation = invite(line, office, fire)
    question = joint.raise_question(invitation=invitation, text="时间冲突", by=keeper_of(fire), at=NOW)

    with pytest.raises(Refused, match=r"plans\.question_open"):
        joint.raise_question(invitation=invitation, text="再问", by=office, at=NOW)

    assert joint.settle(question=question, decision="改到10月", by=office, at=NOW).state == "settled"
    with pytest.raises(Refused, match=r"plans\.question_closed"):
        joint.decide(question=question, takes_part=True, decision="晚了", by=office, at=NOW)


def test_a_department_does_not_decide_its_own_case(line: LineVersion, office: User, fire: Department) -> None:
    question = joint.raise_question(invitation=invite(line, office, fire), text="不参加", by=keeper_of(fire), at=NOW)

    with pytest.raises(Refused, match=r"plans\.not_coordinator"):
        joint.decide(question=question, takes_part=False, decision="我们不去", by=keeper_of(fire), at=NOW)


def test_each_department_writes_its_lines_of_a_joint_plan(line: LineVersion, fire: Department, own_item: Any) -> None:
    by = keeper_of(fire)

    own = factory.make_line(line.version, initiator=fire, items=[own_item], by=by)

    assert own.number == 2
    with pytest.raises(Refused, match=r"registry\.out_of_reach"):
        factory.make_line(line.version, items=[own_item], by=by)


def test_a_campaign_with_published_lines_is_not_cancelled(line: LineVersion, office: User) -> None:
    campaign = factory.make_campaign(office.department)
    line.campaign = campaign
    with factory.open_for_writing():
        line.save()
    factory.put_out(line.version)

    with pytest.raises(Refused, match=r"plans\.campaign_has_lines"):
        campaigns.end_campaign(campaign=campaign, reason="取消", by=office, at=NOW)


def test_everybody_the_lines_name_is_asked_at_once_and_nobody_twice(
    line: LineVersion, office: User, fire: Department
) -> None:
    health = make_department("WJW", office.department.region, is_conference_member=True)
    second = factory.make_line(line.version, items=list(line.items.all()), participants=[fire, health], by=office)
    invite(second, office, fire)

    joint.invite_all(version=line.version, message="全年联合抽查", by=office, at=NOW)

    found = {(one.line_id, one.department.code) for one in Invitation.objects.all()}
    assert found == {(second.line_id, "XFJY"), (second.line_id, "WJW")}
    with pytest.raises(Refused, match=r"plans\.nobody_invited"):
        joint.invite_all(version=line.version, message="", by=office, at=NOW)


@pytest.mark.parametrize(("takes_part", "state"), [(True, "charged"), (False, "released")])
def test_the_conference_decides_for_who_accepted_as_well(
    line: LineVersion, office: User, fire: Department, own_item: Any, takes_part: bool, state: str
) -> None:
    accepted = answer(invite(line, office, fire), items=[own_item])
    question = joint.raise_question(invitation=accepted, text="人手变化", by=keeper_of(fire), at=NOW)

    joint.decide(question=question, takes_part=takes_part, decision="会议议定", by=office, at=NOW)

    accepted.refresh_from_db()
    assert accepted.state == state


def test_who_declined_may_think_better_of_it(line: LineVersion, office: User, fire: Department, own_item: Any) -> None:
    declined = answer(invite(line, office, fire), is_accepted=False, reason="无人手")

    assert answer(declined, items=[own_item]).state == "accepted"
    assert own_item in line.items.all()


def test_the_office_does_not_answer_for_who_answers_itself(line: LineVersion, office: User, fire: Department) -> None:
    invitation = invite(line, office, fire)
    told = {"is_accepted": False, "reason": "替人谢绝", "by": office, "at": NOW}
    keeper_of(fire)

    assert not queries.to_answer(office).exists()
    with pytest.raises(Refused, match=r"plans\.speaks_for_itself"):
        joint.answer(invitation=invitation, **told)


def test_the_office_answers_for_a_department_without_a_keeper(
    line: LineVersion, office: User, fire: Department
) -> None:
    invitation = invite(line, office, fire)

    assert queries.to_answer(office).get() == invitation
    joint.answer(invitation=invitation, is_accepted=False, reason="来函谢绝", by=office, at=NOW)


def test_a_line_that_is_dropped_asks_nobody_any_more(line: LineVersion, office: User, fire: Department) -> None:
    invitation = invite(line, office, fire)
    question = joint.raise_question(invitation=invitation, text="时间冲突", by=office, at=NOW)

    lines.drop_line(line=line, reason="并入其他行", by=office, at=NOW)

    invitation.refresh_from_db()
    question.refresh_from_db()
    assert (invitation.state, question.state) == ("revoked", "settled")


def test_an_invitation_to_what_is_published_is_not_taken_back(
    line: LineVersion, office: User, fire: Department, own_item: Any
) -> None:
    invitation = answer(invite(line, office, fire), items=[own_item])
    factory.put_out(line.version)
    plans.revise(plan=line.version.plan, reason="调整", by=office, at=NOW)

    with pytest.raises(Refused, match=r"plans\.joint_published"):
        joint.revoke(invitation=invitation, reason="不用了", by=office, at=NOW)


def test_who_asked_hears_that_a_department_declined(line: LineVersion, office: User, fire: Department) -> None:
    asker = keeper_of(line.initiator)
    answer(invite(line, office, fire), is_accepted=False, reason="无人手")

    assert Delivery.objects.filter(recipient=asker, message__body="无人手").exists()


def put_before_the_head(line: LineVersion, office: User) -> None:
    """Past the checks, which are tried elsewhere."""
    told = {"state": "review", "submitted_at": NOW, "submitted_by": office}
    with factory.open_for_writing():
        type(line.version).objects.filter(pk=line.version.pk).update(**told)


def test_a_late_acceptance_does_not_change_what_was_submitted(
    line: LineVersion, office: User, fire: Department, own_item: Any
) -> None:
    declined = answer(invite(line, office, fire), is_accepted=False, reason="无人手")
    put_before_the_head(line, office)

    answer(declined, items=[own_item])

    assert own_item not in line.items.all()


def test_the_conference_waits_until_a_plan_on_its_way_is_back(
    line: LineVersion, office: User, fire: Department
) -> None:
    declined = answer(invite(line, office, fire), is_accepted=False, reason="无人手")
    question = joint.raise_question(invitation=declined, text="请协调", by=office, at=NOW)
    put_before_the_head(line, office)

    with pytest.raises(Refused, match=r"plans\.line_on_its_way"):
        joint.decide(question=question, takes_part=False, decision="不参加", by=office, at=NOW)


def test_who_is_newly_asked_in_a_revision_may_be_asked_no_more(
    line: LineVersion, office: User, fire: Department
) -> None:
    factory.put_out(line.version)
    revision = plans.revise(plan=line.version.plan, reason="调整", by=office, at=NOW)
    invitation = invite(revision.lines.get(), office, fire)

    assert joint.revoke(invitation=invitation, reason="不用了" * 166, by=office, at=NOW).state == "revoked"


def test_a_department_that_is_taken_out_of_the_line_is_asked_no_more(
    line: LineVersion, office: User, fire: Department
) -> None:
    invitation = invite(line, office, fire)
    joint.raise_question(invitation=invitation, text="时间冲突", by=office, at=NOW)

    lines.edit_line(line=line, content={"participants": []}, by=office, at=NOW)

    invitation.refresh_from_db()
    assert invitation.state == "revoked"


def test_whom_the_conference_charges_stands_in_the_line_again(
    line: LineVersion, office: User, fire: Department
) -> None:
    declined = answer(invite(line, office, fire), is_accepted=False, reason="无人手")
    question = joint.raise_question(invitation=declined, text="请协调", by=office, at=NOW)
    with factory.open_for_writing():
        line.participants.clear()

    joint.decide(question=question, takes_part=True, decision="参加", by=office, at=NOW)

    assert list(line.participants.all()) == [fire]


# On its way --------------------------------------------------------------------------------------


def test_nobody_leaves_what_is_on_its_way(line: LineVersion, office: User, fire: Department, own_item: Any) -> None:
    accepted = answer(invite(line, office, fire), items=[own_item])
    put_before_the_head(line, office)

    with pytest.raises(Refused, match=r"plans\.line_on_its_way"):
        joint.leave(invitation=accepted, reason="机构改革", by=keeper_of(fire), at=NOW)


def test_what_was_agreed_meanwhile_comes_into_the_draft_that_is_sent_back(
    line: LineVersion, office: User, fire: Department, own_item: Any
) -> None:
    asked = invite(line, office, fire)
    put_before_the_head(line, office)
    answer(asked, items=[own_item])
    assert own_item not in line.items.all()

    plans.send_back(version=line.version, reason="补充说明", by=factory.approver_of(office.department), at=NOW)

    assert own_item in line.items.all()


def test_what_was_agreed_meanwhile_comes_into_the_next_revision(
    line: LineVersion, office: User, fire: Department, own_item: Any
) -> None:
    asked = invite(line, office, fire)
    put_before_the_head(line, office)
    answer(asked, items=[own_item])
    factory.put_out(line.version)

    revision = plans.revise(plan=line.version.plan, reason="调整", by=office, at=NOW)

    assert own_item in revision.lines.get().items.all()


# Who speaks, who hears -----------------------------------------------------------------------------


def test_a_keeper_in_an_internal_unit_hears_of_an_invitation(line: LineVersion, office: User, fire: Department) -> None:
    unit = make_department("XFJYK", fire.region, parent=fire, is_internal_unit=True)
    clerk = make_user("clerk", unit)
    appoint(clerk, RoleCode.PLAN_CLERK, "custom", departments=[fire])

    invite(line, office, fire)

    assert Delivery.objects.filter(recipient=clerk).count() == 1


def test_where_nobody_keeps_plans_the_head_hears_and_else_the_office(
    line: LineVersion, office: User, fire: Department
) -> None:
    second = factory.make_line(line.version, name="第二行", items=list(line.items.all()), by=office)
    other = make_user("other", office.department)
    appoint(other, RoleCode.CONFERENCE_OFFICE, "all")

    invite(line, office, fire)
    assert Delivery.objects.filter(recipient=other).count() == 1

    head = factory.approver_of(fire)
    invite(second, office, fire)
    assert Delivery.objects.filter(recipient=head).count() == 1
    assert Delivery.objects.filter(recipient=other).count() == 1


def test_a_superior_does_not_answer_for_who_answers_itself(line: LineVersion, office: User) -> None:
    home = office.department
    county = make_department("XJ", home.region, line_parent=home, parent=home, is_conference_member=True)
    keeper_of(county)
    invitation = invite(line, office, county)

    with pytest.raises(Refused, match=r"plans\.speaks_for_itself"):
        joint.answer(invitation=invitation, is_accepted=False, reason="替下级谢绝", by=keeper_of(home), at=NOW)


def test_an_item_that_the_initiator_may_use_as_well_stays(line: LineVersion, office: User, fire: Department) -> None:
    province = make_department("SJ", office.department.region)
    with factory.open_for_writing():
        Department.objects.filter(pk__in=[office.department_id, fire.pk]).update(line_parent=province)
    shared = make_item("S01", owner=province, levels=["province", "city", "county"]).item
    for one in (office.department, fire):
        claims.claim(item=shared, department=one, by=keeper_of(one), at=NOW)
    lines.edit_line(line=line, content={"items": [shared]}, by=office, at=NOW)
    accepted = answer(invite(line, office, fire), items=[shared])

    joint.revoke(invitation=accepted, reason="改为单独检查", by=office, at=NOW)

    assert list(line.items.all()) == [shared]


def test_who_is_asked_no_more_reads_the_draft_no_more(line: LineVersion, office: User, fire: Department) -> None:
    own = factory.make_plan(office.department)
    row = factory.make_line(own, items=list(line.items.all()))
    joint.invite(line=row, departments=[fire], message="", by=keeper_of(office.department), at=NOW)
    reader = keeper_of(fire)
    assert plan_queries.visible_lines(reader).filter(pk=row.pk).exists()

    joint.revoke(invitation=row.line.invitations.get(), reason="不用了", by=keeper_of(office.department), at=NOW)

    assert not plan_queries.visible_lines(reader).filter(pk=row.pk).exists()


# What is said, and by whom -------------------------------------------------------------------------


def test_the_department_s_words_stay_its_own(line: LineVersion, office: User, fire: Department) -> None:
    declined = answer(invite(line, office, fire), is_accepted=False, reason="预付卡由商务局主管")
    question = joint.raise_question(invitation=declined, text="请协调", by=office, at=NOW)

    joint.decide(question=question, takes_part=True, decision="负责校外培训机构", by=office, at=NOW)

    declined.refresh_from_db()
    question.refresh_from_db()
    assert (declined.state, declined.reason) == ("charged", "预付卡由商务局主管")
    assert (question.decision, question.decided_by) == ("负责校外培训机构", office)


def test_who_leaves_takes_its_items_along(line: LineVersion, office: User, fire: Department, own_item: Any) -> None:
    accepted = answer(invite(line, office, fire), items=[own_item])

    joint.leave(invitation=accepted, reason="机构改革", by=keeper_of(fire), at=NOW)

    assert own_item not in line.items.all()
    assert list(line.participants.all()) == [fire]  # that somebody is missing is for the planner to settle


def test_who_is_taken_out_of_the_line_takes_its_items_along(
    line: LineVersion, office: User, fire: Department, own_item: Any
) -> None:
    answer(invite(line, office, fire), items=[own_item])

    lines.edit_line(line=line, content={"participants": []}, by=office, at=NOW)

    assert own_item not in line.items.all()


def test_what_was_decided_after_publication_asks_for_a_revision(
    line: LineVersion, office: User, fire: Department, own_item: Any
) -> None:
    accepted = answer(invite(line, office, fire), items=[own_item])
    question = joint.raise_question(invitation=accepted, text="请协调", by=office, at=NOW)
    factory.put_out(line.version)
    line.version.refresh_from_db()
    assert queries.to_revise(line.version) == []

    joint.decide(question=question, takes_part=False, decision="不参加", by=office, at=NOW)

    assert [one.department for one in queries.to_revise(line.version)] == [fire]
    page = signed_in(Client(), office).get(line.version.get_absolute_url()).content.decode()
    assert "公布后有变化，请按程序调整计划" in page


def test_a_meeting_is_not_in_the_past(line: LineVersion, office: User, fire: Department) -> None:
    question = joint.raise_question(invitation=invite(line, office, fire), text="时间冲突", by=office, at=NOW)

    with pytest.raises(Refused, match=r"plans\.meeting_over"):
        joint.schedule(question=question, meeting_on=date(2020, 1, 1), by=office, at=NOW)


def test_who_declines_after_publication_asks_for_a_revision(line: LineVersion, office: User, fire: Department) -> None:
    asked = invite(line, office, fire)
    factory.put_out(line.version)
    line.version.refresh_from_db()

    answer(asked, is_accepted=False, reason="无人手")

    assert [one.department for one in queries.to_revise(line.version)] == [fire]
