"""The long work behind the pages: freezing, drawing, dispatching many, by a worker that may die at any moment.

Each ends in one operation that either has happened or has not; whoever comes next computes the same again. ``resume``
asks again for work whose worker fell silent, and ``close_due`` and ``seed_due`` do what was promised for a time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks import task

from gongchou.accounts.models import User
from gongchou.audit.queries import find_lines
from gongchou.draws import beacons
from gongchou.draws.drawing import outcome_of
from gongchou.draws.figuring import figure, uncounted
from gongchou.draws.freezing import tables_of
from gongchou.draws.indexes import prepare_batch
from gongchou.draws.many import unswept
from gongchou.draws.models import Batch, Work
from gongchou.draws.operations.batches import freeze
from gongchou.draws.operations.committing import CLOCK, close, last_of, miss_beacon, miss_draw, seed
from gongchou.draws.operations.results import dispatch, record_result
from gongchou.draws.plainly import plainly
from gongchou.draws.queries.batches import due_to_close, due_to_seed, seeded_and_left
from gongchou.draws.states import BatchState
from gongchou.draws.watching import follow_batch
from gongchou.refusal import Refused, sentence

logger = logging.getLogger(__name__)
SILENT = timedelta(minutes=2)
PATIENCE = timedelta(minutes=3)  # a relay may have a round some time after it is due
MOST_COUNTED = 20  # batches whose figures are asked for again at a time
BROKEN = "这一步因内部错误没有完成，批次没有变化。请重试；仍不行的，请把时间告诉运维。"
WAITING = {
    Work.Kind.FREEZE: BatchState.DRAFT,
    Work.Kind.DRAW: BatchState.SEEDED,
    Work.Kind.DISPATCH: BatchState.LOCKED,
}


def ask(batch: Batch, kind: str, *, by: User | None, at: datetime) -> Work:
    """Hand work to the workers; who asks while it is under way gets the same. by: None for the clock"""
    try:
        with transaction.atomic():
            work = Work.objects.create(batch=batch, kind=kind, asked_by=by, asked_at=at, seen_at=at)
    except IntegrityError:
        return Work.objects.filter(batch=batch).latest("pk")  # it may have ended since
    do_work.enqueue(work.pk)
    return work


@task()
def do_work(pk: int) -> None:
    """冻结、抽取或派发, unless it was done meanwhile."""
    work = Work.objects.select_related("batch__department__region", "asked_by").get(pk=pk)
    if work.ended_at is not None or not _is_to_be_done(work):
        _end(work)
        return
    try:
        with plainly():
            STEPS[Work.Kind(work.kind)](work)
    except Refused as refused:
        # Whoever did the same beside us and was first has not failed, and neither have we.
        if _is_to_be_done(work):
            _fail(work, sentence(refused))
        else:
            _end(work)
    except Exception:
        _fail(work, BROKEN)
        raise
    else:
        _end(work)


def _is_to_be_done(work: Work) -> bool:
    state = Batch.objects.values_list("state", flat=True).get(pk=work.batch_id)
    return state == WAITING[Work.Kind(work.kind)]


def _freeze(work: Work) -> None:
    at = timezone.now()
    tables = tables_of(work.batch, at=at, report=_reporter(work))
    assert work.asked_by is not None  # noqa: S101 -- lists are fixed by people
    freeze(batch=work.batch, tables=tables, by=work.asked_by, at=at)


def _draw(work: Work) -> None:
    with unswept():
        outcome = outcome_of(work.batch, _reporter(work))
        _reporter(work)("写入结果和证据", 1, 1)
        record_result(batch=work.batch, outcome=outcome, by=work.asked_by or CLOCK, at=timezone.now())
    count.enqueue(str(work.batch_id))


def _dispatch(work: Work) -> None:
    _reporter(work)("交给各管辖单位", 0, 0)
    assert work.asked_by is not None  # noqa: S101 -- doors are handed out by people
    dispatch(batch=work.batch, by=work.asked_by, at=timezone.now())


STEPS = {Work.Kind.FREEZE: _freeze, Work.Kind.DRAW: _draw, Work.Kind.DISPATCH: _dispatch}


@task()
def count(batch: str) -> None:
    """统计 of a drawn batch, and the indexes by which those who ask are answered.

    The result stands whatever becomes of this, and it is made again when it is asked for.
    """
    drawn = Batch.objects.get(pk=batch)
    prepare_batch(drawn)
    figure(drawn, at=timezone.now())
    follow_batch(drawn)


def _reporter(work: Work) -> Callable[[str, int, int], None]:
    def report(stage: str, done: int, whole: int) -> None:
        told = {"stage": stage[:120], "done": done, "whole": whole, "seen_at": timezone.now()}
        Work.objects.filter(pk=work.pk).update(**told)

    return report


def _end(work: Work, failure: str = "") -> None:
    Work.objects.filter(pk=work.pk, ended_at=None).update(ended_at=timezone.now(), failure=failure)


def _fail(work: Work, cause: str) -> None:
    """Whoever asked looks at the page; where the clock did, its people are told and find it on their desks."""
    _end(work, cause)
    if work.asked_by is None:
        try:
            miss_draw(batch=work.batch, cause=cause, by=CLOCK, at=timezone.now())
        except Refused as refused:  # drawn beside us, or given up
            logger.info("not told of %s: %s", work.batch.code, sentence(refused))
        except Exception:  # what stopped the draw may stop this too, and must not be hidden by it
            logger.exception("telling of %s", work.batch.code)


def close_due(at: datetime) -> tuple[int, list[str]]:
    """Fix the sources of every batch that is due; return how many, and why others still wait for their people."""
    told, n = [], 0
    for batch in due_to_close(at):
        try:
            close(batch=batch, by=CLOCK, at=at)
            n += 1
        except Refused as refused:
            told.append(f"{batch.code}：{sentence(refused)}")
        except Exception as error:  # what is wrong with one batch must not cost the others their hour
            logger.exception("closing %s", batch.code)
            told.append(f"{batch.code}：{type(error).__name__}，{BROKEN}")
    return n, told


def seed_due(at: datetime) -> tuple[int, list[str]]:
    """Fetch each beacon that is due and have the draw run, as a second click would; return how many, and what failed.

    A platform that is told of no relay asks nobody: there the beacon is carried in.
    """
    for batch in seeded_and_left():
        ask(batch, Work.Kind.DRAW, by=None, at=at)
    told, n = [], 0
    for batch in due_to_seed(at) if settings.BEACON_RELAYS else ():
        due = beacons.due_at(batch.last)
        if due is None or at < due:
            continue
        try:
            _seed(batch)
            n += 1
        except Refused as refused:
            told.append(f"{batch.code}：{sentence(refused)}")
            if at >= due + PATIENCE:
                _miss(batch, sentence(refused))
        except Exception as error:  # as above
            logger.exception("seeding %s", batch.code)
            told.append(f"{batch.code}：{type(error).__name__}，{BROKEN}")
    return n, told


def _seed(batch: Batch) -> None:
    beacon = beacons.fetch(last_of(batch))  # outside of any transaction: a relay may be slow
    at = timezone.now()
    seed(batch=batch, beacon=beacon, by=CLOCK, at=at)
    ask(batch, Work.Kind.DRAW, by=None, at=at)


def _miss(batch: Batch, cause: str) -> None:
    if find_lines(about=batch.audit_id, verb="batch.beacon_missed").exists():
        return
    with suppress(Refused):  # while a relay was slow somebody carried it in, or gave the draw up
        miss_beacon(batch=batch, cause=cause, by=CLOCK, at=timezone.now())


def resume(at: datetime) -> int:
    """Ask again for work whose worker fell silent, and for figures; return how much work there was."""
    found = list(Work.objects.filter(ended_at=None, seen_at__lt=at - SILENT))
    for work in found:
        Work.objects.filter(pk=work.pk).update(seen_at=at)
        do_work.enqueue(work.pk)
    for batch in uncounted().filter(drawn_at__lt=at - SILENT)[:MOST_COUNTED]:
        count.enqueue(str(batch.pk))
    return len(found)
