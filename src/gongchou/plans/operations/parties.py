"""Who takes part in a task: asked, answering, taken back; with which items, forms and people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from gongchou.accounts.models import Department, User
from gongchou.audit.operations import Done, held, operation
from gongchou.checklists.models import ChecklistVersion
from gongchou.checklists.queries import nearest, serving
from gongchou.plans.models import Participant, Task
from gongchou.plans.operations.telling import tell_keepers
from gongchou.plans.permissions import tasks as permissions
from gongchou.plans.queries import tasks as queries
from gongchou.plans.rules import tasks as rules
from gongchou.plans.rules.joint import check_may_be_invited_to
from gongchou.plans.states.joint import InvitationState
from gongchou.refusal import Refused
from gongchou.registry.models import Item
from gongchou.seen import check_unchanged


def add_party(
    task: Task,
    department: Department,
    state: InvitationState,
    items: Iterable[Item] = (),
    *,
    is_lead: bool = False,
    n_people: int = 2,
) -> Participant:
    """A department in a task that is held, with the forms that are in use for its items."""
    one = Participant.objects.create(task=task, department=department, state=state, is_lead=is_lead, n_people=n_people)
    chosen = list(items)
    one.items.set(chosen)
    one.checklists.set(nearest(serving(department, chosen), chosen))
    return one


@operation("task.invited", "邀请部门参加任务")
def invite(*, task: Task, departments: Iterable[Department], by: User, at: datetime) -> Done[Task]:
    """Ask departments to take part in this one task. Raises Refused ``plans.invited`` and as for a line."""
    task = held(task, "department")
    permissions.check_can_set(by, task)
    asked = list(departments)
    check_may_be_invited_to(task, asked)
    again = task.participants.filter(department__in=asked)  # who was taken back before
    known = set(again.values_list("department", flat=True))
    again.update(state=InvitationState.INVITED, reason="", answered_at=None, answered_by=None)
    for one in asked:
        if one.pk not in known:
            add_party(task, one, InvitationState.INVITED)
    tell_keepers(asked, f"邀请贵部门参加抽查任务：{task.name}", task.get_absolute_url(), by=by, at=at)
    return Done(task, {"departments": [one.name for one in asked]})


@operation("participant.revoked", "撤销任务邀请")
def revoke(*, participant: Participant, reason: str, by: User, at: datetime) -> Done[Participant]:
    """The organiser no longer asks a department: it need not answer any more, and does not take part."""
    participant = _held_party(participant)
    permissions.check_can_revoke(by, participant)
    participant.state, participant.reason = InvitationState.REVOKED, reason
    participant.save()
    title, link = f"不再邀请贵部门参加抽查任务：{participant.task.name}", participant.task.get_absolute_url()
    tell_keepers([participant.department], title, link, body=reason, by=by, at=at)
    return Done(participant, {"reason": reason})


def _held_party(participant: Participant) -> Participant:
    """With its task, whose state decides what may be done."""
    held(participant.task)
    return held(participant, "task__department", "department")


@operation("participant.answered", "答复任务邀请")
def answer(*, participant: Participant, is_accepted: bool, reason: str, by: User, at: datetime) -> Done[Participant]:
    """Accept or decline with a reason. Raises Refused ``plans.reason_missing``."""
    participant = _held_party(participant)
    state = InvitationState.ACCEPTED if is_accepted else InvitationState.DECLINED
    permissions.check_can_answer(by, participant, state)
    if not is_accepted and not reason:
        raise Refused("plans.reason_missing")
    participant.state, participant.reason = state, reason
    participant.answered_at, participant.answered_by = at, by
    participant.save()
    task, title = participant.task, f"{participant.department.short_name}{state.label}：{participant.task.name}"
    tell_keepers([task.department], title, task.get_absolute_url(), body=reason, by=by, at=at)
    return Done(participant, {"decision": state.label, "reason": reason})


@operation("participant.set", "设定参加部门的事项和人数")
def set_participant(
    *,
    participant: Participant,
    items: Iterable[Item],
    checklists: Iterable[ChecklistVersion],
    n_people: int,
    qualification: str,
    by: User,
    at: datetime,
    sends: str = Participant.Sends.PEOPLE,
    seen: str = "",
) -> Done[Participant]:
    """Which items a department checks in this task, with which forms, and with how many people a visit: its slots.

    sends: people one by one, or a standing team of at least so many

    Raises Refused ``plans.checklist_foreign``, ``web.changed_meanwhile``.
    """
    participant = _held_party(participant)
    if participant.is_lead:
        permissions.check_can_set(by, participant.task)
    else:
        permissions.check_can_keep_party(by, participant)
    check_unchanged(seen, queries.shown_party(participant))
    chosen = list(items)
    before, forms = [one.code for one in participant.items.all()], list(checklists)
    rules.check_checklists(participant, chosen, forms)
    participant.items.set(chosen)
    participant.checklists.set(forms)
    participant.n_people, participant.qualification, participant.sends = n_people, qualification, sends
    participant.save()
    told = {"n_people": n_people, "sends": sends, "what": qualification, "checklists": [str(one) for one in forms]}
    return Done(participant, {"old": "、".join(before), "new": "、".join(one.code for one in chosen), **told})
