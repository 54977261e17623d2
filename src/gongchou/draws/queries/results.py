"""Reading results: which doors stand, what happened to a draw afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from gongchou.draws.models import Batch, Draw, Hit, Seat, Stratum, Substitution, Visit
from gongchou.draws.states import BatchState, DrawState
from gongchou.plans.models import Task
from gongchou.plans.states.joint import TAKING_PART

UNFILLED = "unfilled"  # reason of a request for a seat that nobody holds
GRACE = timedelta(hours=1)  # from the beacon to the result: relays, dice and the draw itself take their time
IN_SAMPLE = (Hit.Place.SELECTED, Hit.Place.CAME_IN)


def standing(visits: QuerySet[Visit]) -> QuerySet[Visit]:
    """Those whose object is in the sample of a draw that was not given up: the others are visited by nobody."""
    told = {"batch": OuterRef("batch"), "subject": OuterRef("subject")}
    hits = Hit.objects.filter(**told, place__in=IN_SAMPLE, draw__state=DrawState.LIVE)
    return visits.filter(Exists(hits))


def wanted_still(seats: QuerySet[Seat]) -> QuerySet[Seat]:
    """Those at doors that a draw of their own department, not given up, selected; at a door that departments share the
    others' draws alone ask for nobody of it.
    """
    own = {"participants__department": OuterRef(OuterRef("department")), "participants__state__in": TAKING_PART}
    tasks = Task.objects.filter(**own, pk=OuterRef("draw__task"))
    told = {"batch": OuterRef("batch"), "subject": OuterRef("visit__subject")}
    hits = Hit.objects.filter(Exists(tasks), **told, place__in=IN_SAMPLE, draw__state=DrawState.LIVE)
    return seats.filter(Exists(hits))


def open_seats(batch: Batch) -> QuerySet[Seat]:
    """Seats that nobody holds at doors that are to be visited."""
    doors = standing(batch.visits.all()).order_by().values("pk")
    return Seat.objects.filter(visit__in=doors, inspector=None, ended_at=None)


def current_seats(batch: Batch) -> list[Seat]:
    """For each slot the rows that say who holds it, which are its latest: a new deal adds some. A team has several.

    A door whose object was replaced keeps its last rows, though ended: the protocol changes no loads then, and a
    request that waits may still have to be dealt there.
    """
    latest: dict[tuple[UUID, int], tuple[bool, datetime]] = {}
    rows = list(Seat.objects.filter(batch=batch).select_related("visit").order_by("visit", "number", "member", "id"))
    for seat in rows:
        slot = (seat.visit_id, seat.number)
        latest[slot] = max(latest.get(slot, _deal_of(seat)), _deal_of(seat))
    found = {(seat.visit_id, seat.number, seat.member): seat for seat in rows
             if _deal_of(seat) == latest[seat.visit_id, seat.number]}  # fmt: skip
    return list(found.values())


def _deal_of(seat: Seat) -> tuple[bool, datetime]:
    return seat.ended_at is None, seat.seated_at


def _promised() -> Q:
    """Of a draw before the public: it has no result, and was not given up."""
    return Q(state=DrawState.LIVE, batch__drawn_at=None) & ~Q(batch__state=BatchState.WITHDRAWN)


def is_waiting(at: datetime) -> Q:
    """等待抽取: and its time has not come, or came less than ``GRACE`` ago."""
    return _promised() & Q(batch__beacon_at__gte=at - GRACE)


def is_unopened(at: datetime) -> Q:
    """到时未公布结果: and its time was over ``GRACE`` ago. What was given up is counted as that, early or late."""
    return _promised() & Q(batch__beacon_at__lt=at - GRACE)


def redealt(batch: Batch) -> QuerySet[Substitution]:
    """Who sat there had to go after the result, and the seat was dealt again; void requests changed nothing."""
    return batch.substitutions.filter(dealt_at__isnull=False, is_void=False).exclude(reason=UNFILLED)


def filled(batch: Batch) -> QuerySet[Substitution]:
    """Nobody sat there, and somebody came: of objects that came in later, or of seats that had stayed open."""
    return batch.substitutions.filter(reason=UNFILLED, into__inspector__isnull=False)


def overused(draw: Draw) -> list[Stratum]:
    """The strata of a draw where more than one in fifty was replaced: their result page turns amber (spec 10)."""
    done = Count("hits", filter=Q(hits__place=Hit.Place.REPLACED))
    return list(draw.strata.annotate(n_replaced=done).filter(n__lt=F("n_replaced") * 50))


def waiting_requests(batch: Batch) -> QuerySet[Substitution]:
    """Requests to deal a seat again that nothing has decided yet: the first is dealt first."""
    return batch.substitutions.filter(dealt_at=None).select_related("seat__visit").order_by("event")
