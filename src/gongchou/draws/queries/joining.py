"""Reading 三级联动: where a lower level could join, where it has joined, who else comes to a unit's doors."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from gongchou.accounts.models import Department, Region, User
from gongchou.accounts.queries import and_below, departments_within
from gongchou.accounts.roles import Duty
from gongchou.draws.models import Batch, Draw, Joining, Visit
from gongchou.draws.queries.results import standing
from gongchou.draws.states import BatchState, DrawState
from gongchou.registry.queries.items import departments_above

JOINABLE = (BatchState.LOCKED, BatchState.DISPATCHED)


def visits_to_join(batch: Batch, department: Department) -> QuerySet[Visit]:
    """Doors of a batch in a department's territory that it has not joined yet."""
    within = doors_in(batch.visits.all(), department)
    return within.exclude(joinings__department=department).select_related("subject")


def own_departments(by: User) -> QuerySet[Department]:
    """For which somebody may join: those she keeps plans for; an internal unit has none of its own."""
    return departments_within(by, Duty.KEEP_PLAN).filter(is_active=True, is_internal_unit=False)


def joinable(department: Department) -> QuerySet[Batch]:
    """Batches whose result is certain, drawn above a department by line of command or by territory.

    With ``n_doors`` in its territory and ``n_joined`` of these.
    """
    drawn_above = Q(task__department__in=departments_above(department))
    drawn_above |= Q(task__department__region__in=_regions_above(department.region))
    draws = Draw.objects.filter(drawn_above, state=DrawState.LIVE).order_by()
    rows = Batch.objects.filter(pk__in=draws.values("batch"), state__in=JOINABLE).select_related("department__region")
    here = Q(visits__in=doors_in(Visit.objects.all(), department).order_by().values("pk"))
    joined = Q(joinings__department=department)
    n_doors, n_joined = (
        Count(name, filter=which, distinct=True) for name, which in (("visits", here), ("joinings", joined))
    )
    return rows.annotate(n_doors=n_doors, n_joined=n_joined).filter(n_doors__gt=0)


def _regions_above(region: Region) -> list[UUID]:
    found: list[UUID] = []
    while region.parent is not None:
        region = region.parent
        found.append(region.pk)
    return found


def doors_in(visits: QuerySet[Visit], department: Department) -> QuerySet[Visit]:
    """Those that stand in a department's territory, joined already or not."""
    return standing(visits.filter(subject__region__in=and_below(Region, department.region_id)))


def joinings_of(department: Department) -> QuerySet[Joining]:
    """Where a department does its own items too."""
    return _rows().filter(department=department)


def joinings_at(unit: Department) -> QuerySet[Joining]:
    """Who else comes to the doors that a unit carries out."""
    return _rows().filter(visit__unit=unit)


def _rows() -> QuerySet[Joining]:
    standing_visits = standing(Visit.objects.order_by()).values("pk")
    rows = Joining.objects.filter(visit__in=standing_visits).select_related("visit__subject", "batch", "department")
    return rows.prefetch_related("items")
