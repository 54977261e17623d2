"""大屏: a batch for a hall full of people: the countdown, the seed as it comes, the objects by their numbers. Calm."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongchou.accounts.requests import SignedInRequest
from gongchou.draws.models import Batch, Draw, Hit
from gongchou.draws.queries.batches import source_words
from gongchou.draws.queries.results import standing
from gongchou.draws.views.batches import batch_of, reads

MARKS: dict[str, str] = {Hit.Place.REPLACED: "已替换", Hit.Place.CAME_IN: "递补"}
MOST_SHOWN = 200  # rows of a stratum on a wall; the list has all


@reads
@require_safe
def screen(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The page for the projector; it asks ``state`` every second."""
    shown = batch_of(request, pk)
    return render(request, "draws/screen.html", {"title": shown.name, "batch": shown})


@reads
@require_safe
def state(request: SignedInRequest, pk: UUID) -> JsonResponse:
    """Where the batch stands now, for the screen."""
    return JsonResponse(_told(batch_of(request, pk), timezone.now()))


def _told(batch: Batch, now: datetime) -> dict[str, Any]:
    work, selected = batch.works.filter(ended_at=None).first(), _selected(batch)
    return {
        "now": now.isoformat(),
        "state": batch.state,
        "state_word": batch.state_word,
        "closes_at": batch.closes_at.isoformat(),
        "beacon_at": batch.beacon_at.isoformat(),
        "sources": [source_words(source) for source in batch.all_sources],
        "seed": batch.seed,
        "work": {"stage": work.stage, "done": work.done, "whole": work.whole} if work else None,
        "draws": [_draw(draw, selected) for draw in batch.draws.select_related("task").prefetch_related("strata")],
        "n_visits": standing(batch.visits.all()).count(),
        "witnesses": [
            f"{one.get_role_display()} {one.user.name}"
            for one in batch.attendances.exclude(signed_at=None).select_related("user")
        ],
    }


def _draw(draw: Draw, selected: Mapping[UUID, list[dict[str, Any]]]) -> dict[str, Any]:
    strata = list(draw.strata.all())
    return {
        "name": draw.task.name,
        "commitment": draw.commitment,
        "is_withdrawn": draw.is_withdrawn,
        "size": sum(part.size for part in strata),
        "n": sum(part.n for part in strata),
        "strata": [
            {"label": part.label, "size": part.size, "n": part.n, "selected": selected.get(part.pk, [])}
            for part in strata
        ],
    }


def _selected(batch: Batch) -> dict[UUID, list[dict[str, Any]]]:
    """By stratum, the first of each: a province has hundreds of these, and the wall asks often."""
    found: dict[UUID, list[dict[str, Any]]] = {}
    rows = Hit.objects.filter(batch=batch, rank__lte=MOST_SHOWN).exclude(place=Hit.Place.RESERVE)
    for hit in rows.select_related("subject").order_by("rank"):
        who = f"{hit.pid[:10]}…" if batch.is_sealed else hit.subject.name
        told = {"rank": hit.rank, "who": who, "ticket": hit.ticket[:16], "mark": MARKS.get(hit.place, "")}
        found.setdefault(hit.stratum_id, []).append(told)
    return found
