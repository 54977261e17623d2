"""What the page of a batch shows of giving up one of its draws: the way to it, what waits, what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse

from gongchou.accounts.models import User
from gongchou.draws import permissions, reasons, rules
from gongchou.draws.models import Draw, Withdrawal
from gongchou.plans.states.tasks import TaskState
from gongchou.refusal import allowed
from gongchou.web.buttons import Button, why_not


@dataclass(frozen=True)
class Withdrawable:
    """Of one draw. button: with why it may not be pressed; waits: the request nobody has answered, and who may answer
    it; refused: requests that were not agreed to
    """

    reason: str = ""
    button: Button | None = None
    waits: Withdrawal | None = None
    waits_reason: str = ""
    may_agree: bool = False
    may_refuse: bool = False
    is_own: bool = False
    refused: list[Withdrawal] = field(default_factory=list)
    may_draw_again: bool = False
    is_cancelled: bool = False


def withdrawable(draw: Draw, by: User, at: datetime) -> Withdrawable:
    """Look at a draw; ``by`` decides which of the buttons are there."""
    requests = list(draw.withdrawals.select_related("asked_by", "refused_by"))
    refused = [one for one in requests if one.refused_at is not None]
    if draw.is_withdrawn:
        again = draw.moves_task and draw.task.state == TaskState.READY
        may = again and allowed(permissions.check_can_keep, by, draw.task.department)
        return Withdrawable(reasons.words("withdraw", draw.withdraw_reason), refused=refused, may_draw_again=may)
    is_cancelled = draw.moves_task and draw.task.state == TaskState.CANCELLED
    waits = next((one for one in requests if one.refused_at is None), None)
    if waits is None:
        return Withdrawable(button=_button(draw, by, at), refused=refused, is_cancelled=is_cancelled)
    return Withdrawable(
        waits=waits,
        waits_reason=reasons.words("withdraw", waits.reason),
        may_agree=allowed(permissions.check_can_agree, by, waits),
        may_refuse=allowed(permissions.check_can_refuse_withdrawal, by, waits),
        is_own=waits.asked_by_id == by.pk,
        refused=refused,
        is_cancelled=is_cancelled,
    )


def _button(draw: Draw, by: User, at: datetime) -> Button | None:
    """Alone where that is enough and she approves; else to ask, for whoever works for the department."""
    if not allowed(permissions.check_works_for, by, draw.task.department) or not allowed(rules.check_is_promised, draw):
        return None
    alone = allowed(_check_alone, draw, by, at)
    words, page = ("撤回", "withdraw") if alone else ("申请撤回", "ask-withdrawal")
    told = why_not(lambda: rules.check_withdrawable(draw))
    return Button(words, reverse(f"draws:{page}", args=[draw.pk]), False, "x-circle", told)


def _check_alone(draw: Draw, by: User, at: datetime) -> None:
    permissions.check_can_withdraw(by, draw)
    rules.check_needs_no_second(draw, at)
