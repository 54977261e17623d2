"""What happened after a draw, as the protocol's tables have it: made from rows, the same whenever it is asked."""

from __future__ import annotations

from uuid import UUID

from gongchou.draw.replace import VOID, Replacement, Substitution
from gongchou.draws.models import Batch, Draw
from gongchou.draws.queries.holders import holders_of, name_of, names_of


def replacements_of(draw: Draw) -> list[Replacement]:
    """The rows of ``replacements.tsv``, in the order of their events."""
    rows = draw.replacements.exclude(event=None).select_related("out__stratum", "into").order_by("event")
    return [
        Replacement(
            one.event or 0,
            one.out.stratum.code,
            one.out.pid,
            one.into.pid if one.into else "",
            one.into.rank if one.into else 0,
            one.reason,
            one.evidence,
        )
        for one in rows
    ]


def substitutions_of(batch: Batch) -> list[Substitution]:
    """The rows of ``substitutions.tsv``: of requests that were dealt or are void, in the order of their events."""
    rows = batch.substitutions.exclude(dealt_at=None).select_related("seat__visit", "into").order_by("event")
    names = inspector_names(batch) if rows else {}
    found = []
    for one in rows:
        into = one.into
        name = VOID if one.is_void else name_of(into, names) if into else None
        load, deck = (into.load, into.deck) if into and into.inspector_id else (None, None)
        out = name_of(one.seat, names)
        found.append(Substitution(one.event, one.seat.visit.pid, one.seat.number, out, name, load, deck, one.nonce))
    return found


def inspector_names(batch: Batch) -> dict[UUID | None, str]:
    """Key of the row -> what the evidence calls the inspector, or the standing team."""
    return names_of(holders_of(batch))
