"""What draws put on somebody's desk."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from gongchou.accounts.requests import SignedInRequest
from gongchou.accounts.roles import Duty
from gongchou.draws.queries.afterwards import to_approve
from gongchou.draws.queries.batches import missed, to_close, to_seed, undrawn
from gongchou.draws.queries.units import doors_in_hand
from gongchou.draws.queries.withdrawals import to_answer
from gongchou.draws.states import BatchState
from gongchou.plans.queries.tasks import READERS
from gongchou.web.desk import Card, Task, register


def _deciding(request: SignedInRequest) -> Iterator[Task]:
    """For who approves; the list of batches names each above its rows."""
    yield Task("待您答复的撤回申请", to_answer(request.user).count(), "件", reverse("draws:batches"))
    yield Task("待您同意的对象替换", to_approve(request.user).count(), "件", reverse("draws:batches"))


def _carrying_out(request: SignedInRequest) -> Iterator[Task]:
    """For the unit that goes to the doors."""
    doors = doors_in_hand(request.user, timezone.localdate())
    yield Task("派给本单位、在期限内的检查", doors.count(), "户", f"{reverse('draws:unit-doors')}?due=now")


def _due(request: SignedInRequest) -> Iterator[Task]:
    """For who does the steps of the day."""
    now, page = timezone.now(), reverse("draws:batches")
    for words, batches, state in (
        ("待截止来源的批次", to_close(request.user, now), BatchState.COMMITTED),
        ("待确定种子的批次", to_seed(request.user, now), BatchState.CLOSED),
        ("抽取没有完成、须重试的批次", undrawn(request.user), BatchState.SEEDED),
        ("没有按时截止、须撤回的批次", missed(request.user, now), BatchState.COMMITTED),
    ):
        yield Task(words, batches.count(), "个", f"{page}?state={state}")


def lay_out() -> None:
    """Put the cards of the room on the desk."""
    own = frozenset({str(Duty.KEEP_PLAN), str(Duty.APPROVE_PLAN)})
    register(Card("抽取到时", _due, own, order=21))
    register(Card("派给本单位的检查", _carrying_out, frozenset(map(str, READERS)), order=24))
    register(Card("抽取待您决定", _deciding, frozenset({str(Duty.APPROVE_PLAN)}), order=22))
