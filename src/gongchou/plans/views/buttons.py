"""What can be done with a version of a plan now; and where it cannot, why not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse

from gongchou.accounts.models import User
from gongchou.accounts.roles import Duty
from gongchou.plans.models import PlanVersion
from gongchou.plans.permissions import plans as permissions
from gongchou.plans.states.plans import PlanState
from gongchou.web.buttons import Button, why_not


@dataclass(frozen=True)
class Move:
    """A button of a state: who may press it at all, its page, and the check that decides."""

    words: str
    page: str
    duties: frozenset[Duty]
    check: Callable[[User, PlanVersion], None]
    picture: str = "check-lg"
    is_post: bool = False
    confirm: str = ""


def _may_revise(by: User, version: PlanVersion) -> None:
    permissions.check_can_revise(by, version.plan)


KEEP, DECIDE = frozenset({Duty.KEEP_PLAN}), frozenset({Duty.APPROVE_PLAN})
RECEIVE = frozenset({Duty.COORDINATE})
SURE = "批准后由本部门报备案并公布。确定批准这份计划吗？"
SEND_BACK = Move("退回修改", "send-back-plan", DECIDE, permissions.check_can_send_back, "arrow-left")
MOVES = {
    PlanState.DRAFT: [
        Move("提交审批", "submit-plan", KEEP, permissions.check_can_submit, "send", True),
        Move("修改说明", "change-plan", KEEP, permissions.check_can_edit, "pencil"),
        Move("撤回", "withdraw-plan", KEEP, permissions.check_can_withdraw, "trash"),
    ],
    PlanState.REVIEW: [
        Move("批准", "approve-plan", DECIDE, permissions.check_can_approve, "check-lg", True, SURE),
        SEND_BACK,
    ],
    PlanState.APPROVED: [Move("报备案", "file-plan", KEEP | DECIDE, permissions.check_can_file, "send"), SEND_BACK],
    PlanState.FILED: [
        Move("公布", "publish-plan", DECIDE, permissions.check_can_publish, "megaphone"),
        Move("登记备案", "receive-plan", RECEIVE, permissions.check_can_receive, "clipboard-check"),
        SEND_BACK,
    ],
    PlanState.PUBLISHED: [
        Move("调整计划", "revise-plan", KEEP, _may_revise, "pencil"),
        Move("登记备案", "receive-plan", RECEIVE, permissions.check_can_receive, "clipboard-check"),
        Move("办结", "close-plan", DECIDE, permissions.check_can_close, "check-lg"),
    ],
}


def buttons_for(version: PlanVersion, by: User, duties: Iterable[str]) -> list[Button]:
    """The moves that the state of a version knows, for somebody with the duty that each needs."""
    held = frozenset(duties)
    moves = MOVES.get(PlanState(version.state), [])
    found = [move for move in moves if held & {str(duty) for duty in move.duties}]
    return [_button(move, version, by) for move in found if move.words != "登记备案" or version.received_at is None]


def _button(move: Move, version: PlanVersion, by: User) -> Button:
    address = reverse(f"plans:{move.page}", args=[version.pk])
    told = why_not(lambda: move.check(by, version))
    return Button(move.words, address, move.is_post, move.picture, told, move.confirm)
