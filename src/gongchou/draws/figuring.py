"""The figures of a drawn batch, counted over its kept files once and remembered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from gongchou.draw.params import read_params
from gongchou.draw.select import read_ranked
from gongchou.draw.table import Blob, line_chunks, read_all
from gongchou.draw.ticket import digests, prefix_of
from gongchou.draws.comparison import Comparison, Drawn, by_object, compare, from_store, to_store
from gongchou.draws.models import Batch, Draw, Figures
from gongchou.draws.queries.batches import AUDITOR, files_of
from gongchou.draws.queries.holders import TEAMS, teams_in

BINS = 33  # 3 × 11: neighbours can be put together where there are few objects (``odds.chi_square_of``)

PIECE = 1 << 14  # objects


def find_comparison(batch: Batch) -> Comparison | None:
    """What was compared, where there are two draws or more and it was counted already."""
    told = Figures.objects.filter(batch=batch).values_list("comparison", flat=True).first()
    return from_store(told) if told else None


def uncounted() -> QuerySet[Batch]:
    """Drawn batches without figures, the newest first."""
    return Batch.objects.filter(figures=None).exclude(drawn_at=None).order_by("-drawn_at")


def figure(batch: Batch, *, at: datetime) -> Figures:
    """Count a drawn batch, unless that was done; the files never change, so neither do the figures.

    Raises Refused ``draws.file_…``; DrawError.
    """
    known = Figures.objects.filter(batch=batch).first()
    if known is not None:
        return known
    files = files_of(batch)
    drawn = [(draw, _drawn(draw, files)) for draw in _draws_with_result(batch, files)]
    told = {
        "comparison": to_store(compare([one for _, one in drawn], batch.seed)) if len(drawn) > 1 else {},
        "units": {draw.code: _units(one) for draw, one in drawn},
        "tickets": _tickets([one for _, one in drawn], batch.seed),
        "people": _people(files),
        "made_at": at,
    }
    return Figures.objects.get_or_create(batch=batch, defaults=told)[0]


def _draws_with_result(batch: Batch, files: dict[str, Any]) -> list[Draw]:
    """What was given up before the seed was not drawn; what was given up later was, and is counted as it was drawn."""
    return [draw for draw in batch.draws.all() if f"{draw.folder}selected.tsv" in files]


def _drawn(draw: Draw, files: dict[str, Any]) -> Drawn:
    params = read_params(read_all(files[f"{draw.folder}params.json"]))
    selected = [row.object_id for row in read_ranked(files[f"{draw.folder}selected.tsv"])]
    return Drawn(params, files[f"{draw.folder}frame.tsv"], selected)


def _units(one: Drawn) -> dict[str, dict[str, list[int]]]:
    """Stratum -> keeping unit -> how many stand in the frame, how many were drawn."""
    chosen = {own.encode() for own in one.selected}
    found: dict[str, dict[str, list[int]]] = {}
    counted: Counter[tuple[bytes, bytes, bool]] = Counter()
    for lines in line_chunks(one.frame):
        fields = (line.split(b"\t") for line in lines)
        counted.update((parts[0], parts[2], parts[1] in chosen) for parts in fields)
    for (stratum, unit, is_drawn), n in sorted(counted.items()):
        row = found.setdefault(stratum.decode(), {}).setdefault(unit.decode(), [0, 0])
        row[0] += n
        row[1] += n if is_drawn else 0
    return found


def _tickets(draws: Sequence[Drawn], seed: str) -> list[int]:
    """An object that stands in several frames has one ticket, and counts once."""
    params = draws[0].params
    if params["ticket_key"] != "object" or params["ticket_scope"] != "campaign":
        return []
    tickets, found = digests(prefix_of(params, seed), params["suite"]), [0] * BINS
    for own in _ids(draws):
        for raw in tickets(own):
            found[int.from_bytes(raw[:8], "big") * BINS >> 64] += 1
    return found


def _ids(draws: Sequence[Drawn]) -> Iterator[list[bytes]]:
    """All objects, each once, in pieces."""
    if len(draws) == 1:  # in one frame nobody stands twice
        for lines in line_chunks(draws[0].frame):
            yield [line.split(b"\t", 2)[1] for line in lines]
        return
    ids = (own for own, _ in by_object(draws))
    while piece := list(islice(ids, PIECE)):
        yield piece


def _people(files: dict[str, Any]) -> dict[str, list[str]]:
    """Department -> ids of its people who could be dealt."""
    path = f"{AUDITOR}inspectors.tsv"
    if path not in files:
        return {}
    own = {name: [key] for name, key in _rows(files[path])}
    for name, teammates in teams_in(_rows(files[TEAMS])).items():
        own[name] = [one.inspector.hex for one in teammates if one.inspector]
    found: dict[str, list[str]] = {}
    for name, department, *_ in _rows(files["inspectors.tsv"]):
        found.setdefault(department, []).extend(own[name])
    return found


def _rows(blob: Blob) -> list[list[str]]:
    return [line.split("\t") for line in read_all(blob).decode().splitlines()]
