"""Where a batch stands: its steps in time, its sources with what is known of them, its draws in figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count
from django.utils import timezone

from gongchou.accounts.models import User
from gongchou.draw.encoding import parse_json
from gongchou.draws import reasons
from gongchou.draws.models import Attendance, Batch, Contribution, Draw, Hit, Reading, Stratum
from gongchou.draws.operations.committing import read
from gongchou.draws.permissions import Hands, check_can_confirm, check_can_contribute, check_keeps_or_approves
from gongchou.draws.queries.batches import setting_words
from gongchou.draws.queries.results import IN_SAMPLE, open_seats, standing
from gongchou.draws.queries.seats import Expiring, expiring
from gongchou.draws.queries.sources import TOLD_MISSING, party_words, source_words
from gongchou.draws.states import WITH_RESULT, BatchState, DrawState
from gongchou.draws.views.withdrawable import WITH_REQUESTS, Withdrawable, withdrawable
from gongchou.refusal import allowed

OF_DRAW = ("task__department", "batch", "supersedes", "parent", "withdrawn_by", "seconded_by")


@dataclass(frozen=True)
class Moment:
    """A step in time. who: "" where a clock decides; is_over: it has happened"""

    words: str
    at: datetime | None
    who: str = ""
    is_over: bool = False


@dataclass(frozen=True)
class SourceView:
    """A source of the seed. value: as it stands in the seed document once it is known, else what is waited for."""

    number: int
    words: str
    value: str
    is_known: bool
    reading: Reading | None = None
    contribution: Contribution | None = None
    may_read: bool = False
    may_confirm: bool = False
    may_void: bool = False
    may_promise: bool = False
    may_reveal: bool = False


@dataclass(frozen=True)
class DrawView:
    """A draw in figures."""

    draw: Draw
    strata: list[Stratum]
    left_out: list[tuple[str, str, int]]
    n_frame: int
    n: int
    n_drawn: int
    withdrawable: Withdrawable


@dataclass(frozen=True)
class Overview:
    """All of it. n_unmatched: open seats for which the draw itself found nobody; the others wait to be dealt"""

    moments: list[Moment]
    sources: list[SourceView]
    draws: list[DrawView]
    settings: list[str]
    attendances: list[Attendance]
    n_visits: int
    n_joint: int
    n_unmatched: int
    n_open_seats: int
    expiring: list[Expiring]

    @property
    def n_to_deal(self) -> int:
        """Open seats of objects that came in, or for which a later deal found nobody."""
        return self.n_open_seats - self.n_unmatched


def overview_of(batch: Batch, *, by: User, at: datetime) -> Overview:
    """Look at a batch; ``by`` decides which of the small buttons are there."""
    rows = batch.draws.select_related(*OF_DRAW).prefetch_related("strata", *WITH_REQUESTS)
    hands, n_drawn = Hands.of(by), _n_drawn(batch)
    open_now = open_seats(batch)
    return Overview(
        moments=_moments(batch, at),
        sources=_sources(batch, by),
        draws=[_draw(draw, n_drawn.get(draw.pk, 0), withdrawable(draw, by, hands, at)) for draw in rows],
        settings=setting_words(batch),
        attendances=list(batch.attendances.select_related("user__department")),
        n_visits=standing(batch.visits.all()).count(),
        n_joint=_n_joint(batch),
        n_unmatched=open_now.filter(seated_at=batch.drawn_at).count() if batch.drawn_at else 0,
        n_open_seats=open_now.count(),
        expiring=expiring(batch, on=timezone.localdate(at)) if batch.state in WITH_RESULT else [],
    )


def _moments(batch: Batch, at: datetime) -> list[Moment]:
    """What has happened and what is due, in the order of the day."""
    stamps = (
        ("建立", batch.created_at, batch.created_by),
        ("名单冻结", batch.frozen_at, batch.frozen_by),
        ("第二人复核，公开承诺", batch.committed_at, batch.committed_by),
        ("来源截止" if batch.closed_by else "来源到时自动截止", batch.closed_at, batch.closed_by),
        ("种子确定" if batch.seeded_by else "信标到时自动获取，种子确定", batch.seeded_at, batch.seeded_by),
        ("抽取完成", batch.drawn_at, None),
        ("结果锁定", batch.locked_at, batch.locked_by),
        ("派发", batch.dispatched_at, batch.dispatched_by),
        (batch.state_word, batch.ended_at, batch.ended_by),
    )
    found = [Moment(words, moment, by.name if by else "", True) for words, moment, by in stamps if moment]
    if batch.state in (BatchState.DROPPED, BatchState.WITHDRAWN):
        return sorted(found, key=lambda one: one.at or at)
    if batch.closed_at is None:
        found.append(Moment("可以截止来源", batch.closes_at, is_over=at >= batch.closes_at))
    if batch.seeded_at is None:
        found.append(Moment("信标（开奖、摇号）时间", batch.beacon_at, is_over=at >= batch.beacon_at))
    return sorted(found, key=lambda one: one.at or at)


def _sources(batch: Batch, by: User) -> list[SourceView]:
    parties = {one.department.code: one for one in batch.contributions.select_related("department", "batch")}
    readings = {one.number: one for one in batch.readings.filter(voided_at=None).select_related("read_by", "batch")}
    may_work = allowed(check_keeps_or_approves, by, batch)
    found = []
    if batch.state == BatchState.DRAFT:  # who is asked stands in the sources from the freeze on
        found = [_party(batch, 0, one, by) for one in parties.values()]
    for number, source in enumerate(batch.all_sources, 1):
        if source["type"] == "cr":
            found.append(_party(batch, number, parties[source["party"]], by))
        elif source["type"] == "drand":
            known = bool(batch.seed)
            value = f"签名 {_signature(batch)}" if known else "到时间后由信标网络签名产生"
            found.append(SourceView(number, source_words(source), value, known))
        else:
            found.append(_read(batch, number, source_words(source), readings.get(number), by, may_work))
    return found


def _signature(batch: Batch) -> str:
    document: dict[str, str] = parse_json(read(batch, "sources/drand.json"))
    return document["signature"]


def _party(batch: Batch, number: int, one: Contribution, by: User) -> SourceView:
    may = allowed(check_can_contribute, by, one)
    value = one.secret or (f"承诺值 {one.commitment}" if one.commitment else "等待提交承诺")
    if one.commitment and not one.secret and batch.closed_at:
        value = TOLD_MISSING
    return SourceView(
        number,
        party_words(one.department.short_name),
        value,
        bool(one.secret),
        contribution=one,
        may_promise=may and batch.state == BatchState.DRAFT,
        may_reveal=may and batch.state == BatchState.COMMITTED and not one.secret,
    )


def _read(batch: Batch, number: int, words: str, row: Reading | None, by: User, may_work: bool) -> SourceView:
    is_last = number == len(batch.all_sources)
    is_time = batch.state == (BatchState.CLOSED if is_last else BatchState.COMMITTED)
    confirmed = row is not None and row.confirmed_at is not None
    value = row.value if row else "等待录入"
    return SourceView(
        number,
        words,
        value if confirmed or row is None else f"{value}（待另一人核对）",
        confirmed,
        reading=row,
        may_read=may_work and is_time and row is None,
        may_confirm=row is not None and not confirmed and allowed(check_can_confirm, by, row),
        may_void=row is not None and not confirmed and may_work,
    )


def _draw(draw: Draw, n_drawn: int, told: Withdrawable) -> DrawView:
    strata = list(draw.strata.all())
    left = [(code, reasons.words("exclude", code), n) for code, n in draw.left_out.items()]
    return DrawView(draw, strata, left, sum(s.size for s in strata), sum(s.n for s in strata), n_drawn, told)


def _n_drawn(batch: Batch) -> dict[UUID, int]:
    """Draw -> objects in its sample."""
    rows = Hit.objects.filter(batch=batch, place__in=IN_SAMPLE).order_by().values("draw")
    return dict(rows.annotate(n=Count("pk")).values_list("draw", "n"))


def _n_joint(batch: Batch) -> int:
    """Doors that two draws or more selected."""
    rows = Hit.objects.filter(batch=batch, place__in=IN_SAMPLE, draw__state=DrawState.LIVE).order_by()
    return rows.values("subject").annotate(n=Count("draw")).filter(n__gt=1).count()
