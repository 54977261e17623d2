"""What happened after a draw and what still waits: objects replaced, seats dealt again, who joined."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from gongchou.accounts.models import User
from gongchou.accounts.queries import departments_within, departments_within_any
from gongchou.accounts.roles import Duty
from gongchou.draws.models import Batch, Draw, Hit, Joining, Replacement, Seat, Stratum, Substitution, Visit
from gongchou.draws.queries.batches import visible
from gongchou.draws.queries.results import open_seats, standing
from gongchou.draws.states import WITH_RESULT, BatchState
from gongchou.registry.models import Conflict

COUNTS = (Conflict.Decision.PENDING, Conflict.Decision.UPHELD)


def replacements_in(batch: Batch) -> QuerySet[Replacement]:
    """All that was asked for, answered or not."""
    rows = Replacement.objects.filter(batch=batch)
    return rows.select_related("draw__task", "out__subject", "out__stratum", "into__subject", "asked_by")


def to_approve(by: User) -> QuerySet[Replacement]:
    """What waits for her to approve."""
    own = departments_within(by, Duty.APPROVE_PLAN).order_by().values("pk")
    waits = Replacement.objects.filter(approved_at=None, refused_at=None, batch__state__in=WITH_RESULT)
    rows = waits.filter(draw__task__department__in=own, batch__in=visible(by).order_by().values("pk"))
    return rows.exclude(asked_by=by).select_related("draw", "out")


def reserves_of(batch: Batch) -> QuerySet[Stratum]:
    """Parts of the frames with how many were drawn, replaced, and are left in reserve."""
    told = {name: Count("hits", filter=Q(hits__place=place)) for name, place in _PLACES.items()}
    return (
        Stratum.objects.filter(batch=batch).select_related("draw__task").annotate(**told).order_by("draw__seq", "code")
    )


_PLACES = {"n_left": Hit.Place.RESERVE, "n_replaced": Hit.Place.REPLACED, "n_came": Hit.Place.CAME_IN}


def next_of(stratum: Stratum) -> Hit | None:
    """Who comes in next: the lowest rank that is still in reserve."""
    return stratum.hits.filter(place=Hit.Place.RESERVE).select_related("subject").order_by("rank").first()


def requests_in(batch: Batch) -> QuerySet[Substitution]:
    """All requests to deal a seat again."""
    rows = Substitution.objects.filter(batch=batch)
    named = ("seat__visit__subject", "seat__department", "seat__inspector", "seat__team", "asked_by", "batch")
    return rows.select_related(*named, "into__inspector", "into__team")


def seats_in(batch: Batch, on: date) -> QuerySet[Seat]:
    """Seats, those that were given up too; ``is_recused``: who sits there has declared an interest since."""
    return _marked(Seat.objects.filter(batch=batch), on)


def _marked(rows: QuerySet[Seat], on: date) -> QuerySet[Seat]:
    slot = {"seat__visit": OuterRef("visit"), "seat__number": OuterRef("number")}  # a team is asked for as a whole
    asked = Substitution.objects.filter(**slot, dealt_at=None)
    stands = standing(Visit.objects.filter(pk=OuterRef("visit")))
    rows = rows.annotate(is_recused=_recused(on), is_asked=Exists(asked), stands=Exists(stands))
    return rows.select_related("batch", "visit__subject", "department", "inspector__department", "team")


def _recused(on: date) -> Exists:
    told = {"inspector": OuterRef("inspector"), "subject": OuterRef("visit__subject"), "decision__in": COUNTS}
    began, lasts = Q(begins_on=None) | Q(begins_on__lte=on), Q(ends_on=None) | Q(ends_on__gte=on)
    return Exists(Conflict.objects.filter(began, lasts, **told))


def recused_seats(batch: Batch, on: date) -> QuerySet[Seat]:
    """Seats whose holder should not sit there, and that nobody has asked to be dealt again."""
    return seats_in(batch, on).filter(Q(is_recused=True, is_asked=False, stands=True), ended_at=None)


def empty_seats(batch: Batch) -> QuerySet[Seat]:
    """Open seats that nobody has asked for yet."""
    asked = Substitution.objects.filter(seat=OuterRef("pk"), is_void=False)
    rows = open_seats(batch).filter(~Exists(asked)).select_related("batch", "visit__subject", "department")
    return rows.order_by("visit__subject__number", "visit", "number")


def undealt_seats(batch: Batch) -> QuerySet[Seat]:
    """Those of them that nobody was ever dealt to, since their object came in after the draw."""
    if batch.drawn_at is None:
        return Seat.objects.none()
    return empty_seats(batch).filter(seated_at__gt=batch.drawn_at, came_by=None)


def seats_of(by: User, on: date) -> QuerySet[Seat]:
    """The doors somebody inspects herself, of teams that are on their way."""
    rows = Seat.objects.filter(inspector__user=by, ended_at=None, batch__state=BatchState.DISPATCHED)
    return _marked(rows, on).filter(Q(stands=True))


def may_speak_for(by: User, batch: Batch) -> tuple[bool, set[UUID]]:
    """Whether she works for the organiser, who may have every seat dealt again, and for which departments."""
    own = set(departments_within_any(by, Duty.KEEP_PLAN, Duty.APPROVE_PLAN).values_list("pk", flat=True))
    return batch.department_id in own, own


def draws_with_result(batch: Batch) -> QuerySet[Draw]:
    """Its draws, with the tasks that may be supplemented."""
    return batch.draws.select_related("task__department__region", "batch")


def joinings_in(batch: Batch) -> QuerySet[Joining]:
    """Who does items of her own at which door."""
    rows = Joining.objects.filter(batch=batch).select_related("visit__subject", "department", "joined_by")
    return rows.prefetch_related("items")


def amber_strata(batch: Batch) -> QuerySet[Stratum]:
    """More than one in fifty replaced."""
    return reserves_of(batch).filter(n__lt=F("n_replaced") * 50)
