"""May this person do this to a batch? Each ends by asking the rules."""

from __future__ import annotations

from gongchou.accounts.models import Department, User
from gongchou.accounts.queries import departments_within_any
from gongchou.accounts.roles import Duty
from gongchou.draws import rules
from gongchou.draws.models import Batch, Contribution, Draw, Reading, Replacement
from gongchou.draws.states import BatchState
from gongchou.plans.models import Task
from gongchou.refusal import Refused
from gongchou.registry.permissions.reach import check_reaches


def check_can_keep(by: User, department: Department) -> None:
    """Draws are prepared by whoever keeps the department's plans."""
    check_reaches(by, department, Duty.KEEP_PLAN)


def check_can_add(by: User, batch: Batch, task: Task) -> None:
    """A task joins by the hand of its own department."""
    check_can_keep(by, task.department)
    rules.check_is_draft(batch)
    rules.check_task(task, batch.mode)


def check_can_prepare(by: User, batch: Batch) -> None:
    """While it is a draft."""
    check_can_keep(by, batch.department)
    rules.check_is_draft(batch)


def check_can_freeze(by: User, batch: Batch) -> None:
    """The lists are fixed by who prepares the batch."""
    check_can_keep(by, batch.department)
    rules.check_may_become(batch, BatchState.FROZEN)


def check_can_thaw(by: User, batch: Batch) -> None:
    """Back to a draft, by either of the two people, as long as nothing was promised to the public."""
    check_keeps_or_approves(by, batch)
    rules.check_may_become(batch, BatchState.DRAFT)


def check_can_commit(by: User, batch: Batch) -> None:
    """A second person confirms. Raises Refused ``draws.same_person``."""
    check_reaches(by, batch.department, Duty.APPROVE_PLAN)
    rules.check_may_become(batch, BatchState.COMMITTED)
    if batch.frozen_by_id == by.pk:
        raise Refused("draws.same_person", code=batch.code)


def check_can_drop(by: User, batch: Batch) -> None:
    """What was promised to nobody may be put aside."""
    check_keeps_or_approves(by, batch)
    rules.check_may_become(batch, BatchState.DROPPED)


def check_can_move(by: User, batch: Batch, state: BatchState) -> None:
    """The steps of the day itself: either of the two people may press the button, for the rules decide."""
    check_keeps_or_approves(by, batch)
    rules.check_may_become(batch, state)


def check_can_lock(by: User, batch: Batch) -> None:
    """The result is confirmed by who approves."""
    check_reaches(by, batch.department, Duty.APPROVE_PLAN)
    rules.check_may_become(batch, BatchState.LOCKED)


def check_keeps_or_approves(by: User, batch: Batch) -> None:
    """Whoever keeps or approves the organiser's plans. Raises Refused ``registry.out_of_reach``."""
    within = departments_within_any(by, Duty.KEEP_PLAN, Duty.APPROVE_PLAN)
    if not within.filter(pk=batch.department_id).exists():
        raise Refused("registry.out_of_reach", department=batch.department.short_name)


def check_can_contribute(by: User, contribution: Contribution) -> None:
    """A party's number is in the hands of its own people."""
    check_can_keep(by, contribution.department)


def check_can_confirm(by: User, reading: Reading) -> None:
    """By somebody other than who typed it. Raises Refused ``draws.same_reader``."""
    check_keeps_or_approves(by, reading.batch)
    if reading.read_by_id == by.pk:
        raise Refused("draws.same_reader")


def check_can_audit(by: User, batch: Batch) -> None:
    """Whoever reads the platform's log as far as the organiser, and had no hand in the batch.

    Raises Refused ``draws.own_audit``.
    """
    check_reaches(by, batch.department, Duty.READ_AUDIT)
    hands = (batch.created_by_id, batch.frozen_by_id, batch.committed_by_id, batch.closed_by_id, batch.seeded_by_id)
    if by.pk in (*hands, batch.locked_by_id, batch.dispatched_by_id):
        raise Refused("draws.own_audit", code=batch.code)


def check_can_withdraw(by: User, draw: Draw) -> None:
    """A draw is given up by who approves for its own department."""
    check_reaches(by, draw.task.department, Duty.APPROVE_PLAN)


def check_can_approve_replacement(by: User, replacement: Replacement) -> None:
    """By a second person of the draw's department. Raises Refused ``draws.same_replacer``."""
    check_reaches(by, replacement.draw.task.department, Duty.APPROVE_PLAN)
    if replacement.asked_by_id == by.pk:
        raise Refused("draws.same_replacer")
