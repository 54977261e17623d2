"""May this person do this about joint work? Each ends by asking the rules."""

from __future__ import annotations

from gongchou.accounts.models import Department, Region, User
from gongchou.accounts.queries import departments_within_any
from gongchou.plans.models import Invitation, LineVersion, Question
from gongchou.plans.permissions.plans import check_can_edit_line
from gongchou.plans.queries.joint import WORKERS, speaking_for
from gongchou.plans.queries.norms import settable_regions
from gongchou.plans.rules import joint as rules
from gongchou.plans.states.joint import InvitationState
from gongchou.refusal import Refused


def check_can_coordinate(by: User, region: Region) -> None:
    """The office of the conference of a place, which has it whole. Raises Refused ``plans.not_coordinator``."""
    if not settable_regions(by).filter(pk=region.pk).exists():
        raise Refused("plans.not_coordinator", region=region.name)


def check_can_invite(by: User, line: LineVersion) -> None:
    """Who writes the line."""
    check_can_edit_line(by, line)


def check_speaks_for(by: User, department: Department) -> None:
    """Its clerk or its head; the conference where it has nobody who plans. Raises Refused."""
    if speaking_for(by).filter(pk=department.pk).exists():
        return
    if departments_within_any(by, *WORKERS).filter(pk=department.pk).exists():
        raise Refused("plans.speaks_for_itself", department=department.short_name)
    raise Refused("registry.out_of_reach", department=department.short_name)


def check_can_answer(by: User, invitation: Invitation, state: InvitationState) -> None:
    """Who speaks for the invited department."""
    check_speaks_for(by, invitation.department)
    rules.check_invitation_may_become(invitation, state)


def check_can_leave(by: User, invitation: Invitation) -> None:
    """The same, as long as the line is neither published nor on its way there."""
    check_can_answer(by, invitation, InvitationState.LEFT)
    rules.check_is_not_out(invitation)
    rules.check_is_not_on_its_way(invitation)


def check_can_revoke(by: User, invitation: Invitation, line: LineVersion | None) -> None:
    """Who writes the line, while it is a draft. Raises Refused ``plans.joint_published``."""
    if line is None:
        raise Refused("plans.joint_published", department=invitation.department.short_name)
    check_can_edit_line(by, line)
    rules.check_is_not_out(invitation)
    rules.check_invitation_may_become(invitation, InvitationState.REVOKED)


def check_can_raise(by: User, invitation: Invitation) -> None:
    """Either side: the invited department, or who keeps the plan or initiates the line."""
    sides = {invitation.department_id, invitation.line.plan.department_id}
    sides |= set(invitation.line.versions.values_list("initiator", flat=True))
    within = departments_within_any(by, *WORKERS)
    if not within.filter(pk__in=sides).exists():
        raise Refused("registry.out_of_reach", department=invitation.department.short_name)


def check_can_decide(by: User, question: Question) -> None:
    """The office of the conference where the plan is made."""
    check_can_coordinate(by, question.line.plan.department.region)
    rules.check_question_is_open(question)


def check_can_settle(by: User, question: Question) -> None:
    """Either side."""
    check_can_raise(by, question.invitation)
    rules.check_question_is_open(question)
