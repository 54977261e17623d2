"""Reading results: which doors stand, what happened to a draw afterwards."""

from __future__ import annotations

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from gongchou.draws.models import Batch, Draw, Hit, Seat, Stratum, Substitution, Visit
from gongchou.draws.states import DrawState

IN_SAMPLE = (Hit.Place.SELECTED, Hit.Place.CAME_IN)


def standing(visits: QuerySet[Visit]) -> QuerySet[Visit]:
    """Those whose object is in the sample of a draw that was not given up: the others are visited by nobody."""
    told = {"batch": OuterRef("batch"), "subject": OuterRef("subject")}
    hits = Hit.objects.filter(**told, place__in=IN_SAMPLE, draw__state=DrawState.LIVE)
    return visits.filter(Exists(hits))


def current_seats(batch: Batch) -> list[Seat]:
    """For each slot the row that says who holds it, which is its latest: a new deal adds one.

    A door whose object was replaced keeps its last rows, though ended: the protocol changes no loads then, and a
    request that waits may still have to be dealt there.
    """
    rows = Seat.objects.filter(batch=batch).select_related("visit")
    ordered = sorted(rows, key=lambda seat: (seat.ended_at is None, seat.seated_at))
    return list({(seat.visit_id, seat.number): seat for seat in ordered}.values())


def overused(draw: Draw) -> list[Stratum]:
    """The strata of a draw where more than one in fifty was replaced: their result page turns amber (spec 10)."""
    done = Count("hits", filter=Q(hits__place=Hit.Place.REPLACED))
    return list(draw.strata.annotate(n_replaced=done).filter(n__lt=F("n_replaced") * 50))


def waiting_requests(batch: Batch) -> QuerySet[Substitution]:
    """Requests to deal a seat again that nothing has decided yet: the first is dealt first."""
    return batch.substitutions.filter(dealt_at=None).select_related("seat__visit").order_by("event")
