"""What the page of a batch says of the time after the draw: how many of each, what waits, where to go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from gongchou.accounts.models import User
from gongchou.draws import rules
from gongchou.draws.models import Batch, Draw
from gongchou.draws.permissions import Hands
from gongchou.draws.queries import afterwards as queries
from gongchou.draws.states import WITH_RESULT
from gongchou.refusal import allowed


@dataclass(frozen=True)
class Afterwards:
    """Counts of a batch with a result.

    supplements: the draws that she may have more drawn for; keys: those whose 回执码 she hands out
    """

    n_replaced: int
    n_to_answer: int
    n_requests: int
    n_waiting: int
    n_recused: int
    n_joined: int
    supplements: list[Draw]
    keys: list[Draw]


def afterwards_of(batch: Batch, *, by: User, at: datetime) -> Afterwards | None:
    """None before there is a result."""
    if batch.drawn_at is None:
        return None
    asked, requests = queries.replacements_in(batch), queries.requests_in(batch)
    is_live = batch.state in WITH_RESULT
    draws, hands = list(queries.draws_with_result(batch)), Hands.of(by)
    return Afterwards(
        n_replaced=asked.exclude(approved_at=None).count(),
        n_to_answer=asked.filter(approved_at=None, refused_at=None).count(),
        n_requests=requests.count(),
        n_waiting=requests.filter(dealt_at=None).count(),
        n_recused=queries.recused_seats(batch, timezone.localdate(at)).count() if is_live else 0,
        n_joined=batch.joinings.values("department").distinct().count(),
        supplements=_supplements(draws, hands),
        keys=[draw for draw in draws if hands.works_for(draw.task.department_id)],
    )


def _supplements(draws: list[Draw], hands: Hands) -> list[Draw]:
    waiting = rules.being_drawn(draws)
    mine = [draw for draw in draws if draw.task.department_id in hands.keeps and draw.task_id not in waiting]
    return [draw for draw in mine if allowed(rules.check_supplementable, draw)]
