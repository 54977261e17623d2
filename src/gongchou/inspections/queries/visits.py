"""Reading visits: who goes where, whose inspections somebody sees."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from gongchou.accounts.models import User
from gongchou.accounts.queries import departments_within_any
from gongchou.accounts.roles import Duty
from gongchou.draws.models import Batch, Joining, Seat, Visit
from gongchou.draws.queries.results import standing
from gongchou.draws.states import BatchState
from gongchou.inspections.models import Inspection

OFFICE = (Duty.READ_RESULTS, Duty.REVIEW_RESULTS)
_NOTHING_YET = ~Exists(Inspection.objects.filter(visit=OuterRef("visit"), department=OuterRef("department")))


def seats_in_hand(by: User) -> QuerySet[Seat]:
    """What an inspector goes to herself: doors that stand, of batches on their way."""
    doors = standing(Visit.objects.filter(batch__state=BatchState.DISPATCHED)).order_by().values("pk")
    rows = Seat.objects.filter(inspector__user=by, ended_at=None, visit__in=doors)
    return rows.select_related("visit__subject__region", "visit__batch", "department")


def ever_seated(by: User, visit: UUID, department: UUID) -> QuerySet[Seat]:
    """Her seats at a door for a department, those too that were dealt again since."""
    return Seat.objects.filter(inspector__user=by, visit=visit, department=department)


def visible(by: User) -> QuerySet[Inspection]:
    """Those of the departments she works for in the office; who inspects has hers on the phone."""
    own = departments_within_any(by, *OFFICE).order_by().values("pk")
    rows = Inspection.objects.filter(department__in=own)
    return rows.select_related("visit__subject", "visit__batch", "department__region", "head")


def without_inspection(batch: Batch) -> QuerySet[Visit]:
    """Doors of a batch at which a department that has a seat or has joined has no inspection yet."""
    seats = Seat.objects.filter(_NOTHING_YET, batch=batch, ended_at=None).order_by().values("visit")
    joined = Joining.objects.filter(_NOTHING_YET, batch=batch).order_by().values("visit")
    doors = standing(batch.visits.filter(Q(pk__in=seats) | Q(pk__in=joined)))
    return doors.select_related("batch").order_by("pk")


def batches_to_open() -> QuerySet[Batch]:
    """Batches on their way that have such doors."""
    doors = standing(Visit.objects.filter(batch__state=BatchState.DISPATCHED)).order_by().values("pk")
    seats = Seat.objects.filter(_NOTHING_YET, ended_at=None, visit__in=doors).order_by().values("batch")
    joined = Joining.objects.filter(_NOTHING_YET, visit__in=doors).order_by().values("batch")
    return Batch.objects.filter(Q(pk__in=seats) | Q(pk__in=joined)).select_related("department__region")
