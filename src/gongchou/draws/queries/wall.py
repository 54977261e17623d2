"""What a wall in a hall is told of a batch: what is awaited now, and what came out, no more than fits on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone

from gongchou.draw.encoding import dump_json, sha256_hex
from gongchou.draws.beacons import due_at
from gongchou.draws.models import Batch, Draw, Hit, Reading, Replacement, Stratum, Work
from gongchou.draws.queries.batches import stratum_words
from gongchou.draws.queries.results import IN_SAMPLE, standing
from gongchou.draws.queries.sources import NOT_SHOWN, TOLD_MISSING, silent_parties, source_words
from gongchou.draws.states import ENDED, PUBLIC, BatchState

MARKS: Final[dict[str, str]] = {Hit.Place.REPLACED: "已替换", Hit.Place.CAME_IN: "递补"}
UNCONFIRMED: Final = "待另一人核对"
SECRET_SHOWN = 16  # digits of a party's number; the public log has all 64
MOST_SHOWN = 200  # rows of a stratum
MOST_ROWS = 2_000  # of all strata together; the public list has all


@dataclass(frozen=True)
class Awaited:
    """words: what is going on; note: more of it, where there is more; until: what is counted down to"""

    words: str
    note: str = ""
    until: datetime | None = None


STATES: Final[dict[str, Awaited]] = {
    BatchState.DRAFT: Awaited("准备中"),
    BatchState.FROZEN: Awaited("名单已冻结，等待第二人复核公开"),
    BatchState.DRAWN: Awaited("抽取完成", "等待第二人锁定结果。"),
    BatchState.LOCKED: Awaited("抽取完成，结果已锁定"),
    BatchState.DISPATCHED: Awaited("抽取完成，已派发"),
    BatchState.WITHDRAWN: Awaited("已撤回，结果不作数", "撤回记入公开日志，永远可查。"),
    BatchState.DROPPED: Awaited("没有公开承诺，已放弃"),
}


def wall_of(batch: Batch, at: datetime, *, known: str = "") -> dict[str, Any]:
    """Where a batch stands. known: the version of the results that the wall has: they are not told twice."""
    work = batch.works.filter(ended_at=None).first()
    version = _version(batch)
    told = {
        "now": _local(at),
        **asdict(awaited(batch, at, work=work)),
        "times": _times(batch, at),
        "state": batch.state,
        "strength": batch.get_profile_display(),
        "is_public": batch.state in PUBLIC,
        "is_over": batch.state in ENDED,
        "work": {"stage": work.stage, "done": work.done, "whole": work.whole} if work else None,
        "sources": _sources(batch),
        "seed": batch.seed,
        "witnesses": _witnesses(batch),
        "version": version,
    }
    return told if version == known else told | {"results": _results(batch)}


def _sources(batch: Batch) -> list[dict[str, str]]:
    """What makes the seed, in its order; value: digits that have come, note: what they still lack."""
    kinds = {source["type"] for source in batch.all_sources}  # asked every second: no more than there can be
    parties = _parties(batch) if "cr" in kinds else {}
    rows = batch.readings.filter(voided_at=None, number__gt=0) if kinds & {"digits", "lottery"} else []
    read = {row.number: row for row in rows}
    return [_source(one, parties, read.get(number)) for number, one in enumerate(batch.all_sources, 1)]


def _source(source: Mapping[str, Any], parties: Mapping[str, tuple[str, str]], row: Reading | None) -> dict[str, str]:
    name, value = parties.get(source.get("party", ""), ("", ""))
    note = UNCONFIRMED if row and row.confirmed_at is None else ""
    words = source_words(source, {source["party"]: name} if name else {})
    return {"words": words, "value": row.value if row else value, "note": note}


def _parties(batch: Batch) -> dict[str, tuple[str, str]]:
    """Code -> name, and what there is to see of its number; whoever was silent stays so after the close."""
    silent = TOLD_MISSING if batch.closed_at else ""
    rows = batch.contributions.values_list("department__code", "department__short_name", "secret")
    return {code: (name, f"{own[:SECRET_SHOWN]}…" if own else silent) for code, name, own in rows}


def _witnesses(batch: Batch) -> list[str]:
    rows = batch.attendances.exclude(signed_at=None).select_related("user")
    return [f"{one.get_role_display()} {one.user.name}" for one in rows]


# What is awaited ----------------------------------------------------------------------------------


def awaited(batch: Batch, at: datetime, *, work: Work | None = None) -> Awaited:
    """What everybody in the hall waits for. work: what runs in the background"""
    match batch.state:
        case BatchState.COMMITTED:
            return _until_close(batch, at)
        case BatchState.CLOSED if batch.last["type"] == "drand":
            return _until_round(batch, at)
        case BatchState.CLOSED:
            return _until_read(batch, at)
        case BatchState.SEEDED:
            return Awaited("种子已产生，正在抽取" if work else "种子已产生，等待办公室开始抽取")
    return STATES[batch.state]


def _until_close(batch: Batch, at: datetime) -> Awaited:
    if at < batch.closes_at:
        return Awaited("已向公众承诺，距来源截止", until=batch.closes_at)
    if at >= batch.beacon_at:
        note = f"期限 {_clock(batch.beacon_at, at)} 已过而来源没有截止，不能再产生结果。"
        return Awaited("没有按时截止，本批次须撤回", note)
    unread, silent = _unread(batch), _silent(batch)
    if unread:
        note = f"正在等待：{'；'.join([*silent, *unread])}。过了期限没有截止，本批次只能撤回。"
        return Awaited("截止时间已到，距最后期限", note, until=batch.beacon_at)
    if silent and at < batch.waits_until:
        note = f"正在等待：{'；'.join(silent)}。等不到的，{_clock(batch.waits_until, at)} 自动截止，按{NOT_SHOWN}记入。"
        return Awaited("截止时间已到，距自动截止", note, until=batch.waits_until)
    return Awaited("截止时间已到，即将自动截止", "办公室也可以截止。过了期限没有截止，本批次只能撤回。")


def _silent(batch: Batch) -> list[str]:
    """Who keeps the clock waiting, for a time."""
    return [f"{name} 揭示秘密数" for name in silent_parties(batch)]


def _unread(batch: Batch) -> list[str]:
    """Without what the sources cannot be fixed at all."""
    confirmed = set(batch.readings.filter(voided_at=None, confirmed_at__isnull=False).values_list("number", flat=True))
    rows = [one for number, one in enumerate(batch.sources, 1) if one["type"] != "cr" and number not in confirmed]
    return [f"{source_words(one)}由一人录入、另一人核对" for one in rows]


def _until_round(batch: Batch, at: datetime) -> Awaited:
    due, number = _round_at(batch), batch.last["round"]
    if at < due:
        return Awaited(f"来源已截止，距第 {number} 轮信标产生", until=due)
    words = f"第 {number} 轮信标已于 {_clock(due, at)} 到时，等待"
    if settings.BEACON_RELAYS:
        return Awaited(f"{words}获取", "平台每隔一会儿自动获取，办公室也可以导入。")
    return Awaited(f"{words}办公室获取")


def _until_read(batch: Batch, at: datetime) -> Awaited:
    """No clock tells when dice are thrown; from the time on that was promised they count."""
    if at < batch.beacon_at:
        word = "开奖" if batch.last["type"] == "lottery" else "摇号"
        return Awaited(f"来源已截止，距{word}时间", f"然后等待{source_words(batch.last)}。", until=batch.beacon_at)
    row = batch.readings.filter(number=len(batch.all_sources), voided_at=None).first()
    if row is None:
        return Awaited(f"来源已截止，等待{source_words(batch.last)}")
    if row.confirmed_at is None:
        return Awaited("读数已录入，等待另一人核对")
    return Awaited("读数已核对，等待办公室确定种子")


def _round_at(batch: Batch) -> datetime:
    """A round is signed up to a period after the time that was asked for."""
    return due_at(batch.last) or batch.beacon_at


def _times(batch: Batch, at: datetime) -> list[tuple[str, str]]:
    """The two moments of the day, each with its name."""
    has_round = batch.last["type"] == "drand"
    last = (f"第 {batch.last['round']} 轮信标", _round_at(batch)) if has_round else ("开奖、摇号", batch.beacon_at)
    close = ("来源截止", batch.closed_at or batch.closes_at)
    return [(words, _clock(moment, at)) for words, moment in (close, last)]


def _clock(moment: datetime, at: datetime) -> str:
    """By the clock of this place, with the day where it is another one."""
    own, now = timezone.localtime(moment), timezone.localtime(at)
    return f"{own:%H:%M:%S}" if own.date() == now.date() else f"{own:%Y-%m-%d %H:%M:%S}"


def _local(at: datetime) -> str:
    return timezone.localtime(at).isoformat()


# What came out ------------------------------------------------------------------------------------


def _version(batch: Batch) -> str:
    """Another one whenever the results are other ones: draws given up, objects replaced. Asked often, so cheap."""
    draws = [list(row) for row in batch.draws.order_by("seq").values_list("seq", "state", "commitment")]
    n_replaced = Replacement.objects.filter(batch=batch, approved_at__isnull=False).count()
    frozen = str(batch.frozen_at or "")
    return sha256_hex(dump_json({"draws": draws, "frozen": frozen, "replaced": n_replaced, "state": batch.state}))[:16]


def _results(batch: Batch) -> dict[str, Any]:
    draws = list(batch.draws.select_related("task").prefetch_related("strata"))
    n_strata = sum(len(draw.strata.all()) for draw in draws)
    most = max(1, min(MOST_SHOWN, MOST_ROWS // max(1, n_strata)))
    rows, counts = _rows(batch, most), _counts(batch)
    parts = {draw: [_part(part, batch, rows, counts) for part in draw.strata.all()] for draw in draws}
    return {
        "draws": [_draw(draw, own) for draw, own in parts.items()],
        "n_visits": standing(batch.visits.all()).count() if batch.drawn_at else 0,
        "is_cut": any(part["n_drawn"] > part["n_listed"] for own in parts.values() for part in own),
    }


def _draw(draw: Draw, parts: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": draw.task.name,
        "commitment": draw.commitment,
        "is_withdrawn": draw.is_withdrawn,
        "size": sum(part["size"] for part in parts),
        "n": sum(part["n"] for part in parts),
        "strata": parts,
    }


def _part(
    part: Stratum, batch: Batch, rows: Mapping[UUID, list[dict[str, Any]]], counts: Mapping[UUID, int]
) -> dict[str, Any]:
    """n_drawn: how many are in the sample; n_listed: those of them among the rows, where the replaced stand too"""
    label = stratum_words(part.code) if batch.is_sealed else part.label  # as the public page has it
    told = {"label": label, "size": part.size, "n": part.n, "n_drawn": counts.get(part.pk, 0)}
    own = rows.get(part.pk, [])
    return told | {"n_listed": sum(not row["is_gone"] for row in own), "rows": own}


def _counts(batch: Batch) -> dict[UUID, int]:
    rows = Hit.objects.filter(batch=batch, place__in=IN_SAMPLE).order_by()
    return dict(rows.values_list("stratum").annotate(Count("pk")))


def _rows(batch: Batch, most: int) -> dict[UUID, list[dict[str, Any]]]:
    """By stratum, the first of each, and whoever came in for one of them: their ranks come after all others."""
    found: dict[UUID, list[dict[str, Any]]] = {}
    hits = Hit.objects.filter(Q(rank__lte=most) | Q(place=Hit.Place.CAME_IN), batch=batch)
    hits = hits.exclude(place=Hit.Place.RESERVE).select_related("subject")
    for hit in hits.order_by("rank", "stratum__code", "id")[:MOST_ROWS]:
        who = f"{hit.pid[:10]}…" if batch.is_sealed else hit.subject.name
        told = {"rank": hit.rank, "who": who, "ticket": hit.ticket[:16], "mark": MARKS.get(hit.place, "")}
        found.setdefault(hit.stratum_id, []).append(told | {"is_gone": hit.place == Hit.Place.REPLACED})
    return found
