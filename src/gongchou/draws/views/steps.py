"""What can be done with a batch now; and where it cannot, why not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from gongchou.accounts.models import User
from gongchou.accounts.roles import Duty
from gongchou.draws import permissions, rules
from gongchou.draws.models import Batch
from gongchou.draws.queries.frames import draws_of
from gongchou.draws.queries.sources import TOLD_MISSING, silent_parties
from gongchou.draws.states import BatchState
from gongchou.web.buttons import Button, why_not

KEEP, DECIDE = frozenset({Duty.KEEP_PLAN}), frozenset({Duty.APPROVE_PLAN})
SURE_TO_COMMIT = "承诺公开后，名单、参数和来源都不能再改，撤回也会留在公开记录中。确定公开吗？"
Check = Callable[[User, Batch, datetime], None]


@dataclass(frozen=True)
class Step:
    """A button of a state: who may press it at all, its page, and the check that decides; asks: before it is done"""

    words: str
    page: str
    duties: frozenset[Duty]
    check: Check
    picture: str = "check-lg"
    is_post: bool = False
    asks: Callable[[Batch, datetime], str] = lambda batch, at: ""


def _plain(check: Callable[[User, Batch], None]) -> Check:
    return lambda by, batch, at: check(by, batch)


def _may_commit(by: User, batch: Batch, at: datetime) -> None:
    permissions.check_can_commit(by, batch)
    draws = draws_of(batch)
    rules.check_tasks_stand(draws)
    rules.check_tasks_last(draws)
    rules.check_in_time(batch, at)
    rules.check_waited(batch)


def _may_close(by: User, batch: Batch, at: datetime) -> None:
    permissions.check_can_move(by, batch, BatchState.CLOSED)
    rules.check_can_close_now(batch, at)


def _ask_to_close(batch: Batch, at: datetime) -> str:
    names = "、".join(silent_parties(batch))
    if not names:
        return "截止后，来源不能再补充或更改。确定截止吗？"
    until = timezone.localtime(batch.waits_until)
    wait = f"可以再等，{until:%H:%M:%S} 自动截止。" if at < until else ""
    return f"{names} 还没有揭示承诺的秘密数，截止后不能再揭示，按{TOLD_MISSING}记入。{wait}确定现在截止吗？"


def _may_seed(by: User, batch: Batch, at: datetime) -> None:
    permissions.check_can_move(by, batch, BatchState.SEEDED)
    rules.check_seed_is_due(batch, at)


def _may_draw(by: User, batch: Batch, at: datetime) -> None:
    permissions.check_can_move(by, batch, BatchState.DRAWN)
    rules.check_tasks_stand(draws_of(batch))


def _may_lock(by: User, batch: Batch, at: datetime) -> None:
    permissions.check_can_lock(by, batch)
    rules.check_tasks_stand(draws_of(batch))


def _may_dispatch(by: User, batch: Batch, at: datetime) -> None:
    permissions.check_can_move(by, batch, BatchState.DISPATCHED)
    rules.check_tasks_stand(draws_of(batch))


STEPS = {
    BatchState.DRAFT: [
        Step("冻结名单", "freeze", KEEP, _plain(permissions.check_can_freeze), "lock", True),
        Step("修改设置", "change", KEEP, _plain(permissions.check_can_prepare), "pencil"),
        Step("加入任务", "join", KEEP, _plain(permissions.check_can_add_some), "plus-lg"),
        Step("种子参与方", "parties", KEEP, _plain(permissions.check_can_prepare), "people"),
        Step("放弃批次", "drop", KEEP | DECIDE, _plain(permissions.check_can_drop), "x-circle"),
    ],
    BatchState.FROZEN: [
        Step("复核并公开承诺", "commit", DECIDE, _may_commit, "check-lg", True, lambda batch, at: SURE_TO_COMMIT),
        Step("解除冻结", "thaw", KEEP | DECIDE, _plain(permissions.check_can_thaw), "arrow-left"),
        Step("放弃批次", "drop", KEEP | DECIDE, _plain(permissions.check_can_drop), "x-circle"),
    ],
    BatchState.COMMITTED: [
        Step("截止来源", "close", KEEP | DECIDE, _may_close, "lock", True, _ask_to_close),
    ],
    BatchState.CLOSED: [
        Step("确定种子", "seed", KEEP | DECIDE, _may_seed, "check-lg"),
    ],
    BatchState.SEEDED: [
        Step("抽取", "run", KEEP | DECIDE, _may_draw, "check-lg", True),
    ],
    BatchState.DRAWN: [
        Step("锁定结果", "lock", DECIDE, _may_lock, "lock", True),
    ],
    BatchState.LOCKED: [
        Step("派发", "dispatch", KEEP | DECIDE, _may_dispatch, "send", True),
    ],
}
WITH_WITNESSES = (BatchState.DRAFT, BatchState.FROZEN, BatchState.COMMITTED, BatchState.CLOSED, BatchState.SEEDED)


def buttons_for(batch: Batch, by: User, duties: Iterable[str], *, at: datetime) -> dict[str, Any]:
    """``buttons`` that can be pressed, and ``obstacles`` that say why others cannot."""
    held = frozenset(duties)
    found = [
        _button(step, batch, by, at)
        for step in STEPS.get(BatchState(batch.state), [])
        if held & {str(duty) for duty in step.duties}
    ]
    if batch.state in WITH_WITNESSES and "keep_plan" in held:
        told = why_not(lambda: permissions.check_can_ask_witness(by, batch, at))
        found.append(Button("邀请见证", reverse("draws:witnesses", args=[batch.pk]), False, "people", told))
    return {
        "buttons": [one for one in found if not one.why_not],
        "obstacles": [one for one in found if one.why_not],
    }


def _button(step: Step, batch: Batch, by: User, at: datetime) -> Button:
    address = reverse(f"draws:{step.page}", args=[batch.pk])
    told = why_not(lambda: step.check(by, batch, at))
    return Button(step.words, address, step.is_post, step.picture, told, step.asks(batch, at))
