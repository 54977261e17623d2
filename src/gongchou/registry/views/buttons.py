"""What can be done with what is on the page now; and where it cannot, why not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse

from gongchou.accounts.models import User
from gongchou.accounts.roles import Duty
from gongchou.registry.models import Version
from gongchou.registry.permissions import lists as permissions
from gongchou.registry.queries.versions import kind_of
from gongchou.registry.states.lists import VersionState
from gongchou.web.buttons import Button, why_not


@dataclass(frozen=True)
class Move:
    """A button of a state: who may press it at all, its page, and the check that decides."""

    words: str
    page: str
    duty: Duty
    check: Callable[[User, Version], None]
    picture: str = "check-lg"
    is_post: bool = False
    confirm: str = ""


def _may_publish(by: User, version: Version) -> None:
    permissions.check_can_decide(by, version.thing.owner, version.area)


def _may_amend(by: User, version: Version) -> None:
    permissions.check_can_amend(by, version.thing)


KEEP, DECIDE = Duty.KEEP_LIST, Duty.APPROVE_LIST
SEND_BACK = Move("退回修改", "send-back-version", DECIDE, permissions.check_can_send_back, "arrow-left")
MOVES = {
    VersionState.DRAFT: [
        Move("提交审核", "submit-version", KEEP, permissions.check_can_submit, "send", True),
        Move("修改", "change-version", KEEP, permissions.check_can_edit, "pencil"),
        Move("撤回", "withdraw-version", KEEP, permissions.check_can_withdraw, "trash", True, "确定撤回这份草稿吗？"),
    ],
    VersionState.REVIEW: [
        Move("审核通过", "approve-version", DECIDE, permissions.check_can_approve, "check-lg", True),
        SEND_BACK,
    ],
    VersionState.IN_FORCE: [Move("公布", "publish-version", DECIDE, _may_publish, "megaphone"), SEND_BACK],
    VersionState.PUBLISHED: [Move("起草新版本", "amend-version", KEEP, _may_amend, "pencil")],
}
ASK_END = [Move("提出废止", "ask-end", KEEP, permissions.check_can_ask_end, "x-circle")]
SURE = "废止后本事项不能再用于抽查，下级的认领将暂停。确定废止吗？"
DECIDE_END = [
    Move("同意废止", "abolish-version", DECIDE, permissions.check_can_decide_end, "check-lg", True, SURE),
    Move("不同意废止", "refuse-end", DECIDE, permissions.check_can_decide_end, "x-lg", True),
]


def buttons_for(version: Version, by: User, duties: Iterable[str]) -> list[Button]:
    """The moves that the state of a version knows, for somebody with the duty that each needs."""
    held, state = frozenset(duties), VersionState(version.state)
    ends = DECIDE_END if version.end_asked_at else ASK_END
    moves = MOVES.get(state, []) + (ends if state == VersionState.PUBLISHED else [])
    return [_button(move, version, by) for move in moves if str(move.duty) in held]


def _button(move: Move, version: Version, by: User) -> Button:
    address = reverse(f"registry:{move.page}", args=[str(kind_of(version)), version.pk])
    told = why_not(lambda: move.check(by, version))
    return Button(move.words, address, move.is_post, move.picture, told, move.confirm)
