"""What the clock does for inspections; whoever runs it beside us finds nothing left to do."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby

from django.utils import timezone

from gongchou.audit.operations import Keeper
from gongchou.inspections.operations.opening import open_inspections
from gongchou.inspections.operations.reminding import escalate, remind_of
from gongchou.inspections.queries.calendar import year_reader
from gongchou.inspections.queries.deadlines import due_soon, overdue, standing_rows
from gongchou.inspections.queries.visits import batches_to_open
from gongchou.workdays import add_workdays

CLOCK = Keeper("clock", "系统定时")
NOTICE = 5  # working days before the last one
AT_ONCE = 2_000


def open_dispatched(at: datetime) -> int:
    """Every batch on its way; how many had something to open."""
    batches = list(batches_to_open())
    for batch in batches:
        open_inspections(batch=batch, by=CLOCK, at=at)
    return len(batches)


def remind(at: datetime) -> int:
    """Who inspects, some days before the last one; of how many inspections."""
    until = add_workdays(timezone.localdate(at), NOTICE, year_reader()).on
    rows = due_soon(standing_rows(), until).filter(reminded_at=None, due_on__gte=timezone.localdate(at))
    found = list(rows.order_by("department", "due_on", "pk")[:AT_ONCE])
    for _, own in groupby(found, key=lambda row: row.department_id):
        remind_of(rows=list(own), by=CLOCK, at=at)
    return len(found)


def escalate_overdue(at: datetime) -> int:
    """The heads of the department, once the last day is over; of how many inspections."""
    rows = overdue(standing_rows(), timezone.localdate(at)).filter(escalated_at=None)
    found = list(rows.order_by("department", "due_on", "pk")[:AT_ONCE])
    for _, own in groupby(found, key=lambda row: row.department_id):
        escalate(rows=list(own), by=CLOCK, at=at)
    return len(found)
