"""Batches of draws before the public: from the commitment on, whatever became of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When
from django.utils import timezone

from gongchou.accounts.models import Department
from gongchou.draws.models import Batch
from gongchou.draws.queries.batches import public
from gongchou.draws.queries.results import GRACE
from gongchou.draws.states import LATE_UNCLOSED, WITH_RESULT, BatchState, DrawState
from gongchou.publicity import words


def batches(*, at: datetime | None = None) -> QuerySet[Batch]:
    """All, with ``shown`` (a key of ``words.STATES``), ``n_draws``, ``n_withdrawn``, ``n_late``.

    at: now, which tells what is overdue: by an hour, as departments are counted (``is_unopened``)
    """
    overdue = Q(drawn_at=None, beacon_at__lt=(at or timezone.now()) - GRACE) & ~Q(state=BatchState.WITHDRAWN)
    shown = Case(
        When(overdue, then=Value(words.OVERDUE)),
        When(state__in=WITH_RESULT, then=Value(words.DRAWN)),
        default=F("state"),
        output_field=CharField(),
    )
    gone = Count("draws", filter=~Q(draws__state=DrawState.LIVE))
    late = Count("draws", filter=Q(draws__state=DrawState.WITHDRAWN_LATE))
    return public().annotate(shown=shown, n_withdrawn=gone, n_late=late)


def shown_of(batch: Any) -> str:
    """How a batch of ``batches`` stands: a key of ``words.STATES``."""
    return str(batch.shown)


def state_words(batch: Any) -> str:
    """The same in words, with how many of its draws were given up."""
    told = words.STATES[batch.shown]
    if batch.n_withdrawn and batch.shown != words.WITHDRAWN:
        told += f"，其中{batch.n_withdrawn}次抽取已撤回"
    late = DrawState.WITHDRAWN_LATE.label if batch.closed_at else LATE_UNCLOSED
    return told + (f"（{late}）" if batch.n_late else "")


def is_alarming(batch: Any) -> bool:
    """Whether that is to be shown in red."""
    return batch.shown in words.ALARMING or batch.n_withdrawn > 0


def batch_of(code: str) -> Batch | None:
    """One of them by its code."""
    return batches().filter(code=code).first()


def has_bundle(batch: Batch) -> bool:
    """Whether there is anything to recompute: a batch that was given up before it was drawn has no result."""
    return batch.drawn_at is not None


def organisers() -> QuerySet[Department]:
    """Who has organised a public batch, or draws in one."""
    batch = batches().order_by().values("pk")
    rows = Department.objects.filter(Q(tasks__draws__batch__in=batch) | Q(pk__in=batches().values("department")))
    return rows.distinct().order_by("code")
