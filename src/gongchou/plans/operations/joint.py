"""What can be done about joint work: departments invited, answering, leaving; the conference asked, and deciding."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from gongchou.accounts.models import Department, User
from gongchou.audit.operations import Done, operation
from gongchou.plans.models import Invitation, Line, LineVersion, PlanVersion, Question
from gongchou.plans.operations.holding import held_invitation, held_line, held_question, held_version
from gongchou.plans.operations.telling import tell_keepers
from gongchou.plans.permissions import joint as permissions
from gongchou.plans.permissions import plans as plan_permissions
from gongchou.plans.queries import joint as queries
from gongchou.plans.queries.survey import day_of
from gongchou.plans.rules import joint as rules
from gongchou.plans.states.joint import TAKING_PART, InvitationState, QuestionState
from gongchou.refusal import Refused
from gongchou.registry.models import Item

LONGEST_REASON = 500  # as the columns are
CONCERNED = (InvitationState.INVITED, *TAKING_PART)


@operation("invitation.sent", "邀请部门参加联合抽查")
def invite(
    *, line: LineVersion, departments: Iterable[Department], message: str, by: User, at: datetime
) -> Done[LineVersion]:
    """Ask departments to take part in a line; they join its participants. Raises Refused ``plans.invited``."""
    line = held_line(line)
    asked = list(departments)
    permissions.check_can_invite(by, line)
    rules.check_may_be_invited(line, asked)
    for one in asked:
        Invitation.objects.create(line=line.line, department=one, message=message, asked_at=at, asked_by=by)
    line.participants.add(*asked)
    title = f"{line.initiator.short_name}邀请贵部门参加联合抽查：{line.name}"
    tell_keepers(asked, title, _to_answer(), by=by, at=at)
    return Done(line, {"departments": [one.name for one in asked], "message": message})


@operation("invitations.sent", "邀请全部配合部门")
def invite_all(*, version: PlanVersion, message: str, by: User, at: datetime) -> Done[PlanVersion]:
    """Ask whoever the lines of a draft name and nobody has asked yet. Raises Refused ``plans.nobody_invited``."""
    version = held_version(version)
    plan_permissions.check_can_edit(by, version)
    found = queries.not_asked(version)
    if not found:
        raise Refused("plans.nobody_invited")
    for line, departments in found:
        rules.check_may_be_invited(line, departments)
    Invitation.objects.bulk_create(
        Invitation(line=line.line, department=one, message=message, asked_at=at, asked_by=by)
        for line, departments in found
        for one in departments
    )
    asked = {one for _, departments in found for one in departments}
    tell_keepers(asked, f"邀请贵部门参加联合抽查：{version.name}", _to_answer(), by=by, at=at)
    names = sorted(one.name for one in asked)
    count = sum(len(departments) for _, departments in found)
    return Done(version, {"departments": names, "count": count, "message": message})


def _of_line(invitation: Invitation) -> str:
    """What its line is called."""
    newest = invitation.line.versions.order_by("-version__number").first()
    return f"第{invitation.line.number}行 {newest.name if newest else ''}".strip()


def _to_answer() -> str:
    return f"{reverse('plans:invitations')}?mine=answer"


@operation("invitation.answered", "答复联合邀请")
def answer(
    *,
    invitation: Invitation,
    is_accepted: bool,
    reason: str,
    items: Iterable[Item] = (),
    n_people: int = 1,
    by: User,
    at: datetime,
) -> Done[Invitation]:
    """Accept with one's own items and people, or decline with a reason.

    Raises Refused ``plans.invitation_state``, ``plans.reason_missing``, ``plans.items_missing``.
    """
    invitation = held_invitation(invitation)
    before, state = invitation.state, InvitationState.ACCEPTED if is_accepted else InvitationState.DECLINED
    permissions.check_can_answer(by, invitation, state)
    chosen = list(items)
    rules.check_answer(invitation, chosen, reason=reason, is_accepted=is_accepted, on=timezone.localdate(at))
    invitation.state, invitation.reason, invitation.n_people = state, reason, n_people
    invitation.answered_at, invitation.answered_by = at, by
    invitation.save()
    if is_accepted:
        _join(invitation, chosen)
    if not is_accepted or before != InvitationState.INVITED:
        _tell_asker(invitation, "同意参加联合抽查" if is_accepted else "谢绝参加联合抽查", reason, by=by, at=at)
    told = {"items": [one.code for one in chosen], "n_people": n_people if is_accepted else ""}
    return Done(invitation, {"decision": state.label, "reason": reason, **told})


def _join(invitation: Invitation, items: list[Item]) -> None:
    """Its items stand in the line from now on."""
    invitation.items.set(items)
    draft = queries.draft_of(invitation)  # what was submitted stays as it was; the task brings the items itself
    if draft is not None:
        draft.participants.add(invitation.department)
        draft.items.add(*items)


def join_since(version: PlanVersion, since: datetime | None) -> None:
    """What was agreed while the plan was on its way comes into its draft now."""
    rows = Invitation.objects.filter(line__plan=version.plan, state__in=TAKING_PART)
    late = Q(answered_at__gte=since) | Q(changed_at__gte=since)
    for one in rows.filter(late).select_related("line", "department"):
        _join(one, list(one.items.all()))


def _tell_asker(invitation: Invitation, what: str, reason: str, *, by: User, at: datetime) -> None:
    """Whoever keeps the plan, and whoever initiates the line, hears what an invited department did."""
    initiators = Department.objects.filter(pk__in=invitation.line.versions.values("initiator"))
    title, link = f"{invitation.department.short_name}{what}：{_of_line(invitation)}", invitation.get_absolute_url()
    tell_keepers([invitation.line.plan.department, *initiators], title, link, body=reason, by=by, at=at)


@operation("invitation.left", "退出联合抽查")
def leave(*, invitation: Invitation, reason: str, by: User, at: datetime) -> Done[Invitation]:
    """Take an acceptance back, with a reason, as long as the line is not published.

    Raises Refused ``plans.joint_published``, ``plans.line_on_its_way``.
    """
    invitation = held_invitation(invitation)
    permissions.check_can_leave(by, invitation)
    _change(invitation, InvitationState.LEFT, reason, by=by, at=at)
    _take_items(invitation, on=timezone.localdate(at))
    _tell_asker(invitation, "退出联合抽查", reason, by=by, at=at)
    return Done(invitation, {"reason": reason})


@operation("invitation.revoked", "撤销联合邀请")
def revoke(*, invitation: Invitation, reason: str, by: User, at: datetime) -> Done[Invitation]:
    """The initiator no longer asks; the department leaves the draft with the items it brought."""
    invitation = held_invitation(invitation)
    permissions.check_can_revoke(by, invitation, queries.draft_of(invitation))
    _revoke(invitation, reason, by=by, at=at)
    _take_out(invitation, on=timezone.localdate(at))
    title, link = f"不再邀请贵部门参加联合抽查：{_of_line(invitation)}", invitation.get_absolute_url()
    tell_keepers([invitation.department], title, link, body=reason, by=by, at=at)
    return Done(invitation, {"reason": reason})


def _revoke(invitation: Invitation, reason: str, *, by: User, at: datetime) -> None:
    """There is nothing left for the conference to decide."""
    _change(invitation, InvitationState.REVOKED, reason, by=by, at=at)
    question = queries.open_question(invitation)
    if question is not None:
        _close(question, QuestionState.SETTLED, f"邀请已撤销：{reason}"[:LONGEST_REASON], by=by, at=at)


def call_off(lines: Iterable[Line], reason: str, *, by: User, at: datetime) -> list[str]:
    """Take back what was asked for lines that no longer name the department, in a draft or before the public.

    Returns the short names of the departments, which are told.
    """
    gone = list(queries.without_line(lines).select_for_update(of=("self",)))
    concerned = [one.department for one in gone if one.state in CONCERNED]
    for one in gone:
        _revoke(one, reason, by=by, at=at)
        _take_items(one, on=timezone.localdate(at))
    link = reverse("plans:invitations")
    tell_keepers(concerned, "不再邀请贵部门参加联合抽查", link, body=reason, by=by, at=at)
    return sorted({one.department.short_name for one in gone})


def _take_out(invitation: Invitation, *, on: date) -> None:
    line = queries.draft_of(invitation)
    if line is not None:
        line.participants.remove(invitation.department)
        _take_items(invitation, on=on)


def _take_items(invitation: Invitation, *, on: date) -> None:
    """What only it could check goes with it."""
    line = queries.draft_of(invitation)
    if line is not None:
        line.items.remove(*queries.items_of_nobody_else(line, invitation, on=day_of(line.version.plan.year, on)))


def _change(invitation: Invitation, state: InvitationState, reason: str, *, by: User, at: datetime) -> None:
    invitation.state, invitation.reason = state, reason
    invitation.changed_at, invitation.changed_by = at, by
    invitation.save()


@operation("question.raised", "提请联席会议协调")
def raise_question(*, invitation: Invitation, text: str, by: User, at: datetime) -> Done[Question]:
    """Ask the conference about what two departments could not settle (S3-4). Raises Refused ``plans.question_open``."""
    invitation = held_invitation(invitation)
    permissions.check_can_raise(by, invitation)
    rules.check_may_be_raised(invitation)
    question = Question.objects.create(
        line=invitation.line, invitation=invitation, text=text, raised_at=at, raised_by=by
    )
    return Done(question, {"department": invitation.department.name, "what": text})


@operation("question.scheduled", "安排联席会议协调")
def schedule(*, question: Question, meeting_on: date, by: User, at: datetime) -> Done[Question]:
    """Put a question on the agenda of a meeting. Raises Refused ``plans.meeting_over``."""
    question = held_question(question)
    permissions.check_can_decide(by, question)
    if meeting_on < timezone.localdate(at):
        raise Refused("plans.meeting_over", day=meeting_on)
    before, question.meeting_on = question.meeting_on, meeting_on
    question.save(update_fields=["meeting_on"])
    return Done(question, {"meeting_on": {"from": before, "to": meeting_on}})


@operation("question.decided", "联席会议协调决定")
def decide(*, question: Question, takes_part: bool, decision: str, by: User, at: datetime) -> Done[Question]:
    """The conference decides whether the department takes part; so it is from now on."""
    question = held_question(question)
    permissions.check_can_decide(by, question)
    rules.check_is_not_on_its_way(question.invitation)
    state = InvitationState.CHARGED if takes_part else InvitationState.RELEASED
    invitation = held_invitation(question.invitation)
    if invitation.state != state:
        rules.check_invitation_may_become(invitation, state)
        _change(invitation, state, invitation.reason, by=by, at=at)  # what the department said stays its word
    if takes_part:
        _join(invitation, list(invitation.items.all()))
    else:
        _take_out(invitation, on=timezone.localdate(at))
    _close(question, QuestionState.DECIDED, decision, by=by, at=at)
    told = f"{decision}\n计划已公布的，请按程序调整计划。" if queries.differs_from_public(invitation) else decision
    _tell_asker(invitation, state.label, told, by=by, at=at)
    title, link = f"联席会议协调决定{state.label}：{_of_line(invitation)}", invitation.get_absolute_url()
    tell_keepers([invitation.department], title, link, body=decision, by=by, at=at)
    return Done(question, {"decision": decision, "state": state.label})


@operation("question.settled", "双方自行商定")
def settle(*, question: Question, decision: str, by: User, at: datetime) -> Done[Question]:
    """Whoever asked needs no decision any more."""
    question = held_question(question)
    permissions.check_can_settle(by, question)
    _close(question, QuestionState.SETTLED, decision, by=by, at=at)
    return Done(question, {"decision": decision})


def _close(question: Question, state: QuestionState, decision: str, *, by: User, at: datetime) -> None:
    question.state, question.decision = state, decision
    question.decided_at, question.decided_by = at, by
    question.save()
