"""All public draws as data that a program reads: what was promised when, what became of it, where the evidence is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db.models import Prefetch

from gongchou.draw.encoding import Document, format_time, parse_json
from gongchou.draw.seed import strength_of
from gongchou.draws.models import Batch, Draw, LogEntry
from gongchou.draws.states import BatchState
from gongchou.publicity.queries.draws import batches, has_bundle, shown_of

Address = Callable[[str, Batch], str]  # name of a page, batch -> its whole address


def as_data(address: Address) -> Document:
    """The whole list, oldest promise first."""
    draws = Draw.objects.select_related("task__department", "supersedes", "parent").order_by("seq")
    rows = batches().order_by("committed_at", "code").prefetch_related(Prefetch("draws", draws))
    entries = _entries()
    return {"draws": [_batch(batch, entries[batch.code], address) for batch in rows], "v": 1}


def _entries() -> Mapping[str, list[Document]]:
    found: dict[str, list[Document]] = defaultdict(list)
    for row in LogEntry.objects.exclude(campaign="").order_by("index"):
        draw = parse_json(bytes(row.data))["body"].get("draw")
        found[row.campaign].append({"at": _moment(row.at), "draw": draw, "index": row.index, "type": row.type})
    return found


def _batch(batch: Batch, log: list[Document], address: Address) -> Document:
    times = ("committed_at", "closes_at", "closed_at", "beacon_at", "seeded_at", "drawn_at", "disclosed_at")
    return {
        "batch": batch.code,
        "bundle": address("bundle", batch) if has_bundle(batch) else None,
        "draws": [_draw(draw, log) for draw in batch.draws.all()],
        "log": log,
        "mode": batch.mode,
        "name": batch.name,
        "organiser": {"code": batch.department.code, "name": batch.department.name},
        "page": address("batch", batch),
        "seed": batch.seed or None,
        "state": shown_of(batch),
        "strength": strength_of([batch.last]),
        "times": {name: _moment(getattr(batch, name)) for name in times},
        "withdrawn": batch.state == BatchState.WITHDRAWN,
    }


def _draw(draw: Draw, log: list[Document]) -> Document:
    return {
        "authority": draw.task.department.code,
        "commitment": draw.commitment,
        "draw": draw.code,
        "log_index": _index_of("commit", draw, log),
        "plan": draw.plan,
        "state": draw.state,
        "supersedes": draw.supersedes.code if draw.supersedes else None,
        "supplements": draw.parent.code if draw.parent else None,
        "withdraw_reason": draw.withdraw_reason or None,
        "withdrawn": draw.is_withdrawn,
        "withdrawn_at": _moment(draw.withdrawn_at),
    }


def _index_of(kind: str, draw: Draw, log: list[Document]) -> int | None:
    return next((one["index"] for one in log if (one["type"], one["draw"]) == (kind, draw.code)), None)


def _moment(at: datetime | None) -> Any:
    return format_time(int(at.astimezone(UTC).timestamp())) if at else None
