"""What may happen to an invitation, a question, a campaign now, whoever asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from gongchou.accounts.models import Department
from gongchou.plans.models import Campaign, Invitation, LineVersion, PlanVersion, Question, Task
from gongchou.plans.queries import joint as queries
from gongchou.plans.queries.survey import day_of
from gongchou.plans.states.joint import INVITATION_MOVES, OVER, InvitationState, QuestionState
from gongchou.plans.states.plans import OPEN, PlanState
from gongchou.refusal import Refused
from gongchou.registry.models import Item
from gongchou.registry.queries.items import usable_items


def check_may_be_invited(line: LineVersion, departments: Sequence[Department]) -> None:
    """Members of the conference that are not asked already, and not the initiator. Raises Refused."""
    asked = {one.department_id for one in line.line.invitations.exclude(state__in=OVER)}
    _check_invited(departments, own=line.initiator_id, asked=asked)


def check_may_be_invited_to(task: Task, departments: Sequence[Department]) -> None:
    """The same for one task. Raises Refused."""
    asked = set(task.participants.exclude(state__in=OVER).values_list("department", flat=True))
    _check_invited(departments, own=task.department_id, asked=asked)


def _check_invited(departments: Sequence[Department], *, own: UUID, asked: set[UUID]) -> None:
    if not departments:
        raise Refused("plans.nobody_invited")
    for one in departments:
        if one.pk == own:
            raise Refused("plans.own_participant", department=one.short_name)
        if not one.is_conference_member or not one.is_active:
            raise Refused("plans.not_a_member", department=one.name)
        if one.pk in asked:
            raise Refused("plans.invited", department=one.short_name)


def check_invitation_may_become(invitation: Invitation, state: InvitationState) -> None:
    """Raises Refused ``plans.invitation_state`` where the life of an invitation knows no such move."""
    if state not in INVITATION_MOVES[InvitationState(invitation.state)]:
        told = {"department": invitation.department.short_name, "state": invitation.state_word}
        raise Refused("plans.invitation_state", **told, wanted=state.label)


def check_answer(invitation: Invitation, items: Sequence[Item], *, reason: str, is_accepted: bool, on: date) -> None:
    """Who declines says why; who accepts brings items it may use. Raises Refused."""
    if not is_accepted and not reason:
        raise Refused("plans.reason_missing")
    if is_accepted and not items:
        raise Refused("plans.items_missing", department=invitation.department.short_name)
    day = day_of(invitation.line.plan.year, on)
    usable = set(usable_items(invitation.department, on=day).order_by().values_list("item", flat=True))
    foreign = next((one for one in items if one.pk not in usable), None)
    if foreign is not None:
        raise Refused("plans.item_not_usable", item=foreign.code, department=invitation.department.short_name)


def check_is_not_out(invitation: Invitation) -> None:
    """What was published is left by revising the plan. Raises Refused ``plans.joint_published``."""
    if queries.is_out(invitation):
        raise Refused("plans.joint_published", department=invitation.department.short_name)


def check_is_not_on_its_way(invitation: Invitation) -> None:
    """What was submitted is not changed behind the back of who approves. Raises Refused ``plans.line_on_its_way``."""
    rows = PlanVersion.objects.filter(lines__line=invitation.line_id, state__in=OPEN).exclude(state=PlanState.DRAFT)
    version = rows.first()
    if version is not None:
        raise Refused("plans.line_on_its_way", name=version.name, state=version.state_word)


def check_may_be_raised(invitation: Invitation) -> None:
    """Something is not settled, and nobody has asked yet. Raises Refused."""
    if invitation.state in OVER:
        told = {"department": invitation.department.short_name, "state": invitation.state_word}
        raise Refused("plans.invitation_state", **told, wanted="提请协调")
    if queries.open_question(invitation) is not None:
        raise Refused("plans.question_open", department=invitation.department.short_name)


def check_are_alike(lines: Sequence[LineVersion]) -> None:
    """Lines that draw alike can stand as one. Raises Refused ``plans.proposal_differs``."""
    first = lines[0]
    words = {"pool": "抽查对象", "ratio": "抽查比例", "bases": "抽查基数", "joint_item": "联合抽查事项"}
    apart = [
        word for name, word in words.items() if any(getattr(one, name) != getattr(first, name) for one in lines[1:])
    ]
    if apart:
        raise Refused("plans.proposal_differs", what="、".join(apart))


def check_question_is_open(question: Question) -> None:
    """Raises Refused ``plans.question_closed``."""
    if question.state != QuestionState.OPEN:
        raise Refused("plans.question_closed", state=question.state_word, decision=question.decision)


def check_may_end(campaign: Campaign) -> None:
    """Raises Refused ``plans.campaign_ended`` or ``plans.campaign_has_lines``."""
    if campaign.ended_at is not None:
        raise Refused("plans.campaign_ended", name=campaign.name)
    n = campaign.lines.filter(version__state=PlanState.PUBLISHED).count()
    if n:
        raise Refused("plans.campaign_has_lines", name=campaign.name, n=n)
