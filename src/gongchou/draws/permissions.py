"""May this person do this to a batch? Each ends by asking the rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gongchou.accounts.models import Department, User
from gongchou.accounts.queries import departments_within_any
from gongchou.accounts.roles import Duty
from gongchou.draws import rules
from gongchou.draws.models import (
    Attendance,
    Batch,
    Contribution,
    Draw,
    Hit,
    Reading,
    Replacement,
    Seat,
    Substitution,
    WatchGroup,
    Withdrawal,
)
from gongchou.draws.queries.batches import to_add
from gongchou.draws.states import PUBLIC, BatchState
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


def check_can_add_some(by: User, batch: Batch) -> None:
    """Whether there is a task that she could add. Raises Refused ``draws.nothing_to_add``."""
    rules.check_is_draft(batch)
    if not to_add(by, batch).exists():
        raise Refused("draws.nothing_to_add")


def check_can_prepare(by: User, batch: Batch) -> None:
    """While it is a draft."""
    check_can_keep(by, batch.department)
    rules.check_is_draft(batch)


def check_can_freeze(by: User, batch: Batch) -> None:
    """The lists are fixed by who prepares the batch."""
    check_can_keep(by, batch.department)
    rules.check_may_become(batch, BatchState.FROZEN)
    check_is_no_witness(by, batch)


def check_can_thaw(by: User, batch: Batch) -> None:
    """Back to a draft, by either of the two people, as long as nothing was promised to the public."""
    check_keeps_or_approves(by, batch)
    rules.check_may_become(batch, BatchState.DRAFT)


def check_can_commit(by: User, batch: Batch) -> None:
    """A second person confirms. Raises Refused ``draws.same_person``."""
    check_reaches(by, batch.department, Duty.APPROVE_PLAN)
    rules.check_may_become(batch, BatchState.COMMITTED)
    check_is_no_witness(by, batch)
    if batch.frozen_by_id == by.pk:
        raise Refused("draws.same_person", code=batch.code)


def check_is_no_witness(by: User, batch: Batch) -> None:
    """Whoever watches a batch does no step of it. Raises Refused ``draws.witness_acts``."""
    if batch.attendances.filter(user=by).exists():
        raise Refused("draws.witness_acts", code=batch.code)


def check_can_ask_witness(by: User, batch: Batch, at: datetime) -> None:
    """By whoever keeps or approves, as long as there is something to be watched."""
    check_keeps_or_approves(by, batch)
    rules.check_can_be_witnessed(batch, at)


def check_can_sign(by: User, attendance: Attendance, at: datetime) -> None:
    """By the witness alone, who had no hand in it. Raises Refused ``draws.not_the_witness``, ``draws.own_witness``."""
    if attendance.user_id != by.pk:
        raise Refused("draws.not_the_witness", name=attendance.user.name)
    if by.pk in attendance.batch.hands:
        raise Refused("draws.own_witness", name=by.name)
    rules.check_is_witnessed(attendance.batch, at)


def check_can_drop(by: User, batch: Batch) -> None:
    """What was promised to nobody may be put aside."""
    check_keeps_or_approves(by, batch)
    rules.check_may_become(batch, BatchState.DROPPED)


def check_can_move(by: User, batch: Batch, state: BatchState) -> None:
    """The steps of the day itself: either of the two people may press the button, for the rules decide."""
    check_keeps_or_approves(by, batch)
    rules.check_may_become(batch, state)
    check_is_no_witness(by, batch)


def check_can_lock(by: User, batch: Batch) -> None:
    """The result is confirmed by who approves, and not by whoever fixed the lists or brought the seed."""
    check_reaches(by, batch.department, Duty.APPROVE_PLAN)
    rules.check_may_become(batch, BatchState.LOCKED)
    if by.pk in (batch.frozen_by_id, batch.seeded_by_id):
        raise Refused("draws.same_person_locks", code=batch.code)
    check_is_no_witness(by, batch)


def check_keeps_or_approves(by: User, batch: Batch) -> None:
    """Whoever keeps or approves the organiser's plans. Raises Refused ``registry.out_of_reach``."""
    check_works_for(by, batch.department)


def check_works_for(by: User, department: Department) -> None:
    """Whoever keeps or approves a department's plans. Raises Refused ``registry.out_of_reach``."""
    within = departments_within_any(by, Duty.KEEP_PLAN, Duty.APPROVE_PLAN)
    if not within.filter(pk=department.pk).exists():
        raise Refused("registry.out_of_reach", department=department.short_name)


@dataclass(frozen=True)
class Hands:
    """The departments for which somebody keeps or approves plans, looked up once for a page with many draws: what a
    page offers is told by it, and each operation asks again.
    """

    keeps: frozenset[UUID]
    approves: frozenset[UUID]

    @classmethod
    def of(cls, by: User) -> Hands:
        """Look it up."""
        keeps, approves = (
            frozenset(departments_within_any(by, duty).values_list("pk", flat=True))
            for duty in (Duty.KEEP_PLAN, Duty.APPROVE_PLAN)
        )
        return cls(keeps, approves)

    def works_for(self, department: UUID) -> bool:
        """Either of the two."""
        return department in self.keeps or department in self.approves


def check_can_contribute(by: User, contribution: Contribution) -> None:
    """A party's number is in the hands of its own people."""
    check_can_keep(by, contribution.department)


def check_can_confirm(by: User, reading: Reading) -> None:
    """By somebody other than who typed it. Raises Refused ``draws.same_reader``."""
    check_can_void(by, reading)
    if reading.read_by_id == by.pk:
        raise Refused("draws.same_reader")


def check_can_void(by: User, reading: Reading) -> None:
    """Whoever could have typed it: of a redeal the seat's department too."""
    if reading.substitution is None:
        check_keeps_or_approves(by, reading.batch)
    else:
        check_speaks_for_seat(by, reading.substitution.seat)


def check_can_audit(by: User, batch: Batch) -> None:
    """Auditors of draws, of whatever was promised to the public. Raises Refused ``draws.nothing_to_audit``."""
    check_reaches(by, batch.department, Duty.AUDIT_DRAWS)
    if batch.state not in PUBLIC:
        raise Refused("draws.nothing_to_audit", code=batch.code, state=batch.state_word)


def check_can_judge(by: User, batch: Batch) -> None:
    """An auditor who had no hand in the batch. Raises Refused ``draws.own_audit`` and as `check_can_audit`."""
    check_can_audit(by, batch)
    if by.pk in batch.hands:
        raise Refused("draws.own_audit", code=batch.code)


def check_can_join(by: User, batch: Batch, department: Department) -> None:
    """A department joins by its own hand. Raises Refused ``draws.not_below``, ``draws.join_time``."""
    check_can_keep(by, department)
    rules.check_joinable(batch)
    rules.check_is_below(department, batch)


def check_can_supplement(by: User, parent: Draw) -> None:
    """More is drawn by whoever prepares the draws of its department."""
    check_can_keep(by, parent.task.department)
    rules.check_supplement(parent)


def check_can_hand_keys(by: User, draw: Draw) -> None:
    """回执码 are in the hands of the draw's own department, once there is a result. Raises ``draws.no_result``."""
    check_works_for(by, draw.task.department)
    if draw.batch.drawn_at is None:
        raise Refused("draws.no_result", code=draw.batch.code, state=draw.batch.state_word)


def check_can_withdraw(by: User, draw: Draw) -> None:
    """A draw is given up by who approves for its own department."""
    check_reaches(by, draw.task.department, Duty.APPROVE_PLAN)
    rules.check_withdrawable(draw)


def check_can_ask_withdrawal(by: User, draw: Draw) -> None:
    """By whoever keeps or approves its department's plans."""
    check_works_for(by, draw.task.department)
    rules.check_withdrawable(draw)


def check_can_agree(by: User, withdrawal: Withdrawal) -> None:
    """By an approver who did not ask. Raises Refused ``draws.same_withdrawer``."""
    rules.check_is_asked(withdrawal)
    check_can_withdraw(by, withdrawal.draw)
    if withdrawal.asked_by_id == by.pk:
        raise Refused("draws.same_withdrawer", draw=withdrawal.draw.code)


def check_can_refuse_withdrawal(by: User, withdrawal: Withdrawal) -> None:
    """Whoever could have asked; so the asker may take it back."""
    check_works_for(by, withdrawal.draw.task.department)
    rules.check_is_asked(withdrawal)


def check_can_ask_replacement(by: User, hit: Hit) -> None:
    """By whoever keeps or approves the plans of the draw's department."""
    check_works_for(by, hit.draw.task.department)
    rules.check_has_result(hit.draw)
    rules.check_in_sample(hit)


def check_can_approve_replacement(by: User, replacement: Replacement) -> None:
    """By a second person of the draw's department. Raises Refused ``draws.same_replacer``."""
    check_reaches(by, replacement.draw.task.department, Duty.APPROVE_PLAN)
    rules.check_is_waiting(replacement)
    rules.check_has_result(replacement.draw)
    if replacement.asked_by_id == by.pk:
        raise Refused("draws.same_replacer")


def check_can_refuse_replacement(by: User, replacement: Replacement) -> None:
    """Whoever could have asked; so the asker may take it back."""
    check_works_for(by, replacement.draw.task.department)
    rules.check_is_waiting(replacement)


def check_can_ask_substitution(by: User, seat: Seat) -> None:
    """By whoever keeps or approves the plans of the seat's department, or of the organiser."""
    check_speaks_for_seat(by, seat)
    rules.check_seat(seat)


def check_can_recuse(by: User, seat: Seat) -> None:
    """By who sits there herself, once she was told. Raises Refused ``draws.not_your_seat``."""
    if seat.inspector is None or seat.inspector.user_id != by.pk:
        raise Refused("draws.not_your_seat", seat=seat.number)
    rules.check_seat(seat)


def check_can_deal(by: User, substitution: Substitution) -> None:
    """The same people: the value decides, not they."""
    check_speaks_for_seat(by, substitution.seat)
    rules.check_is_next(substitution)


def check_speaks_for_seat(by: User, seat: Seat) -> None:
    """Raises Refused ``registry.out_of_reach``."""
    within = departments_within_any(by, Duty.KEEP_PLAN, Duty.APPROVE_PLAN)
    if not within.filter(pk__in=[seat.department_id, seat.batch.department_id]).exists():
        raise Refused("registry.out_of_reach", department=seat.department.short_name)


def check_can_watch(by: User, department: Department) -> None:
    """Groups are watched by the office that coordinates, for itself and the departments it reaches."""
    check_reaches(by, department, Duty.COORDINATE)


def check_can_end_watch(by: User, group: WatchGroup) -> None:
    """By the same office. Raises Refused ``draws.watch_ended``."""
    check_can_watch(by, group.department)
    rules.check_is_watched(group)
