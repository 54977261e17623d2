"""Until when a result is to be entered: by the demand of the place, or twenty working days after the task (R-87)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from gongchou.accounts.models import Department
from gongchou.draws.models import Visit
from gongchou.draws.queries.results import standing
from gongchou.draws.states import BatchState, Mode
from gongchou.inspections.models import Inspection
from gongchou.inspections.queries.calendar import year_reader
from gongchou.inspections.queries.parts import Part
from gongchou.inspections.states import ResultState
from gongchou.plans.norms import NormCode, Within
from gongchou.plans.queries.norms import norms_for
from gongchou.workdays import Due, add_workdays

DEFAULT = Within(20, of_task=True)
OPEN = (ResultState.NOT_ENTERED, ResultState.RETURNED)


class Deadlines:
    """Asked for many inspections in a row; what the place demands and which days are worked is read once."""

    def __init__(self) -> None:
        self._year = year_reader()
        self._demands: dict[tuple[UUID, int], Within] = {}

    def of_part(self, part: Part) -> Due | None:
        """Before anything was inspected; None where the days run from the inspection."""
        ends_on = max((task.ends_on for task in part.items.values() if task), default=None)
        if ends_on is None:
            return None
        demand = self._demand(part.department, ends_on.year)
        return add_workdays(ends_on, demand.n, self._year) if demand.of_task else None

    def after(self, department: Department, left_on: date) -> Due | None:
        """Once it was inspected, where the days run from there."""
        demand = self._demand(department, left_on.year)
        return None if demand.of_task else add_workdays(left_on, demand.n, self._year)

    def _demand(self, department: Department, year: int) -> Within:
        key = (department.region_id, year)
        if key not in self._demands:
            applied = norms_for(department.region, year).get(NormCode.ENTRY_DUE)
            told = applied.demand if applied else None
            self._demands[key] = told if isinstance(told, Within) else DEFAULT
        return self._demands[key]


def overdue(rows: QuerySet[Inspection], on: date) -> QuerySet[Inspection]:
    """Not entered, or sent back, and the last day is over."""
    return rows.filter(due_on__lt=on, state__in=OPEN)


def due_soon(rows: QuerySet[Inspection], until: date) -> QuerySet[Inspection]:
    """Not entered, and the last day is near."""
    return rows.filter(due_on__lte=until, state__in=OPEN)


def standing_rows() -> QuerySet[Inspection]:
    """Of doors that are still visited; practice runs have no deadline."""
    doors = standing(Visit.objects.filter(batch__state=BatchState.DISPATCHED, batch__mode=Mode.OFFICIAL)).order_by()
    rows = Inspection.objects.filter(visit__in=doors.values("pk"))
    return rows.select_related("visit__subject", "department__region")
