"""What the page of a batch shows of giving up one of its draws: the way to it, what waits, what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Prefetch
from django.urls import reverse

from gongchou.accounts.models import User
from gongchou.draws import reasons, rules
from gongchou.draws.models import Draw, Withdrawal
from gongchou.draws.permissions import Hands
from gongchou.plans.states.tasks import TaskState
from gongchou.refusal import allowed
from gongchou.web.buttons import Button, why_not

WITH_REQUESTS = (
    Prefetch("withdrawals", Withdrawal.objects.select_related("asked_by", "refused_by")),
    Prefetch("supplements", Draw.objects.select_related("batch")),
)
"""What ``withdrawable`` looks at of each draw, fetched for all of them."""


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


def withdrawable(draw: Draw, by: User, hands: Hands, at: datetime) -> Withdrawable:
    """Look at a draw of ``WITH_REQUESTS``; ``by`` and her ``hands`` decide which of the buttons are there."""
    department = draw.task.department_id
    requests = list(draw.withdrawals.all())
    refused = [one for one in requests if one.refused_at is not None]
    if draw.is_withdrawn:
        may = draw.moves_task and draw.task.state == TaskState.READY and department in hands.keeps
        return Withdrawable(reasons.words("withdraw", draw.withdraw_reason), refused=refused, may_draw_again=may)
    is_cancelled = draw.moves_task and draw.task.state == TaskState.CANCELLED
    waits = next((one for one in requests if one.refused_at is None), None)
    if waits is None:
        return Withdrawable(button=_button(draw, hands, at), refused=refused, is_cancelled=is_cancelled)
    is_open, is_own = allowed(rules.check_is_asked, waits), waits.asked_by_id == by.pk
    may_withdraw = department in hands.approves and allowed(rules.check_withdrawable, draw)
    return Withdrawable(
        waits=waits,
        waits_reason=reasons.words("withdraw", waits.reason),
        may_agree=is_open and may_withdraw and not is_own,
        may_refuse=is_open and hands.works_for(department),
        is_own=is_own,
        refused=refused,
        is_cancelled=is_cancelled,
    )


def _button(draw: Draw, hands: Hands, at: datetime) -> Button | None:
    """Alone where that is enough and she approves; else to ask, for whoever works for the department."""
    if not hands.works_for(draw.task.department_id) or not allowed(rules.check_is_promised, draw):
        return None
    told = why_not(lambda: rules.check_withdrawable(draw))
    may_alone = draw.task.department_id in hands.approves and allowed(rules.check_needs_no_second, draw, at)
    words, page = ("撤回", "withdraw") if may_alone and not told else ("申请撤回", "ask-withdrawal")
    return Button(words, reverse(f"draws:{page}", args=[draw.pk]), False, "x-circle", told)
