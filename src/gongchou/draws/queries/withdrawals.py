"""Requests to give up a draw that wait for an answer, and what giving it up costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from gongchou.accounts.models import User
from gongchou.accounts.queries import departments_within
from gongchou.accounts.roles import Duty
from gongchou.draws.models import Batch, Draw, Hit, Withdrawal
from gongchou.draws.queries.batches import latest_attempt, visible
from gongchou.draws.queries.results import IN_SAMPLE, standing
from gongchou.draws.states import PUBLIC, DrawState, Mode
from gongchou.plans.models import Task

A_LITTLE = timedelta(hours=1)
WAIT = timedelta(hours=24)  # from a late withdrawal, as witnesses saw it, to the next beacon (protocol B.10)


@dataclass(frozen=True)
class Cost:
    """What goes with a draw. n_others: draws of its batch that stand; n_doors: doors that nobody visits then;
    n_before: how often the same was given up already
    """

    n_others: int
    n_doors: int
    n_before: int


def visible_withdrawals(by: User) -> QuerySet[Withdrawal]:
    """Requests about batches that somebody sees."""
    rows = Withdrawal.objects.filter(batch__in=visible(by).order_by().values("pk"))
    return rows.select_related("batch", "draw__batch", "draw__task__department__region", "asked_by")


def waiting(rows: QuerySet[Withdrawal]) -> QuerySet[Withdrawal]:
    """Those that nobody has answered; a draw that was given up otherwise needs no answer."""
    return rows.filter(agreed_at=None, refused_at=None, draw__state=DrawState.LIVE)


def to_answer(by: User) -> QuerySet[Withdrawal]:
    """What waits for her as the second person."""
    own = departments_within(by, Duty.APPROVE_PLAN).order_by().values("pk")
    return waiting(visible_withdrawals(by)).filter(draw__task__department__in=own).exclude(asked_by=by)


def cost_of(draw: Draw) -> Cost:
    """Look at what stands now."""
    others = draw.batch.draws.filter(state=DrawState.LIVE).exclude(pk=draw.pk)
    own = Hit.objects.filter(draw=draw, place__in=IN_SAMPLE).order_by().values("subject")
    shared = Hit.objects.filter(draw__in=others, place__in=IN_SAMPLE).order_by().values("subject")
    doors = standing(draw.batch.visits.filter(subject__in=own)).exclude(subject__in=shared)
    before = Draw.objects.filter(task=draw.task_id, batch__mode=draw.batch.mode, batch__state__in=PUBLIC)
    return Cost(others.count(), doors.count(), before.exclude(state=DrawState.LIVE).count())


def next_beacon_from(task: Task) -> datetime | None:
    """Before when a task's next draw has no beacon, since the last one was given up when its seed could be known.

    None where it may be any time. A little is added for witnesses, who see a withdrawal after it is written.
    """
    last = latest_attempt(task.department, task.number, Mode.OFFICIAL)
    if last is None or last.state != DrawState.WITHDRAWN_LATE or last.withdrawn_at is None:
        return None
    return free_from(last.withdrawn_at)


def free_from(withdrawn_at: datetime) -> datetime:
    """From when the next beacon may be, after a result was given up; with a little for witnesses."""
    return withdrawn_at + WAIT + A_LITTLE


def lately_withdrawn(batch: Batch) -> Draw | None:
    """A draw of one of its tasks that was given up so late that the beacon of this batch comes too early (B.10)."""
    own = batch.draws.order_by()
    rows = Draw.objects.filter(task__in=own.values("task"), plan__in=own.values("plan"))
    rows = rows.filter(state=DrawState.WITHDRAWN_LATE, batch__mode=Mode.OFFICIAL)
    return rows.filter(withdrawn_at__gt=batch.beacon_at - WAIT).select_related("task").order_by("-withdrawn_at").first()
