"""Reading 三级联动: where a lower level could join, where it has joined, who else comes to a unit's doors."""

from __future__ import annotations

from django.db.models import QuerySet

from gongchou.accounts.models import Department, Region
from gongchou.accounts.queries import and_below
from gongchou.draws.models import Batch, Joining, Visit
from gongchou.draws.queries.results import standing


def visits_to_join(batch: Batch, department: Department) -> QuerySet[Visit]:
    """Doors of a batch in a department's territory that it has not joined yet."""
    within = standing(batch.visits.filter(subject__region__in=and_below(Region, department.region_id)))
    return within.exclude(joinings__department=department).select_related("subject")


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
