"""A draw is given up: freely before its sources are fixed, by two people after; nothing of it is deleted."""

from __future__ import annotations

from datetime import datetime

from gongchou.accounts.models import User
from gongchou.audit.operations import Done, held, operation
from gongchou.draws import ledger, permissions, rules
from gongchou.draws.ledger import PublicLog
from gongchou.draws.models import Batch, Draw, Withdrawal
from gongchou.draws.operations import telling
from gongchou.draws.operations.committing import reasons_of
from gongchou.draws.plainly import plainly
from gongchou.draws.queries.frames import draws_of
from gongchou.draws.reasons import words
from gongchou.draws.states import BatchState, DrawState
from gongchou.plans.operations.tasks import free
from gongchou.refusal import Refused

OF_DRAW = ("batch__department__region", "task__department__region", "parent")


@operation("draw.withdrawn", "撤回抽取")
def withdraw(*, draw: Draw, reason: str, note: str, by: User, at: datetime) -> Done[Draw]:
    """Give up a draw before its sources are fixed, alone. Raises Refused ``draws.withdraw_needs_two``."""
    held(draw.batch)
    draw = held(draw, *OF_DRAW)
    permissions.check_can_withdraw(by, draw)
    rules.check_needs_no_second(draw, at)
    _check_reason(draw, reason)
    _give_up(draw, reason, note, by=by, second=None, at=at)
    return Done(draw, {"reason": words("withdraw", reason), "note": note})


@operation("withdrawal.asked", "申请撤回抽取")
def ask_withdrawal(*, draw: Draw, reason: str, note: str, by: User, at: datetime) -> Done[Withdrawal]:
    """Ask for a draw to be given up; another person decides. Raises Refused ``draws.withdrawal_asked``."""
    held(draw.batch)
    draw = held(draw, *OF_DRAW)
    permissions.check_can_ask_withdrawal(by, draw)
    _check_reason(draw, reason)
    if draw.withdrawals.filter(refused_at=None).exists():
        raise Refused("draws.withdrawal_asked", draw=draw.code)
    told = {"reason": reason, "note": note, "asked_at": at, "asked_by": by}
    row = Withdrawal.objects.create(batch=draw.batch, draw=draw, **told)
    others = telling.deciders(draw.task.department)
    telling.tell(others, f"撤回申请待答复：{draw.code}", draw.batch, by=by, at=at)
    return Done(row, {"reason": words("withdraw", reason), "note": note})


@operation("withdrawal.agreed", "同意撤回抽取")
def agree_withdrawal(*, withdrawal: Withdrawal, by: User, at: datetime) -> Done[Withdrawal]:
    """A second person agrees: from now on everybody sees that the draw was given up, and by how many people.

    Raises Refused ``draws.same_withdrawer``, ``draws.withdrawal_answered``.
    """
    withdrawal = _held(withdrawal)
    permissions.check_can_agree(by, withdrawal)
    _give_up(withdrawal.draw, withdrawal.reason, withdrawal.note, by=withdrawal.asked_by, second=by, at=at)
    withdrawal.agreed_at, withdrawal.agreed_by = at, by
    withdrawal.save()
    telling.tell([withdrawal.asked_by], f"撤回已同意：{withdrawal.draw.code}", withdrawal.batch, by=by, at=at)
    return Done(withdrawal, {"reason": words("withdraw", withdrawal.reason), "note": withdrawal.note})


@operation("withdrawal.refused", "不同意撤回抽取")
def refuse_withdrawal(*, withdrawal: Withdrawal, reason: str, by: User, at: datetime) -> Done[Withdrawal]:
    """The draw stands. Who asked may take it back in this way too. Raises Refused ``draws.withdrawal_answered``."""
    withdrawal = _held(withdrawal)
    permissions.check_can_refuse_withdrawal(by, withdrawal)
    withdrawal.refused_at, withdrawal.refused_by, withdrawal.refuse_reason = at, by, reason
    withdrawal.save()
    telling.tell([withdrawal.asked_by], f"撤回未获同意：{withdrawal.draw.code}", withdrawal.batch, by=by, at=at)
    return Done(withdrawal, {"told": reason})


def _held(withdrawal: Withdrawal) -> Withdrawal:
    held(withdrawal.batch)
    return held(withdrawal, "asked_by", *(f"draw__{name}" for name in OF_DRAW))


def _check_reason(draw: Draw, reason: str) -> None:
    rules.check_reason(reason, reasons_of(draw, "withdraw"))


def _give_up(draw: Draw, reason: str, note: str, *, by: User, second: User | None, at: datetime) -> None:
    body = {
        "campaign": draw.batch.code,
        "draw": draw.code,
        "reason": reason,
        "second": ledger.second_id(second) if second else None,
    }
    with plainly():
        PublicLog().append("withdraw", body, authority=draw.task.department.code, at=at)
        ledger.sign(at)
    draw.state = DrawState.WITHDRAWN_LATE if rules.is_late(draw, at) else DrawState.WITHDRAWN
    draw.withdrawn_at, draw.withdrawn_by, draw.seconded_by = at, by, second
    draw.withdraw_reason, draw.withdraw_note = reason, note
    draw.save()
    if draw.moves_task:
        free(draw.task)
    if not draws_of(draw.batch):
        _end(draw.batch, f"{words('withdraw', reason)} {note}".strip(), by=second or by, at=at)


def _end(batch: Batch, reason: str, *, by: User, at: datetime) -> None:
    batch = held(batch)
    batch.state, batch.ended_at, batch.ended_by, batch.end_reason = BatchState.WITHDRAWN, at, by, reason[:500]
    batch.save()
