"""The holidays of a year are entered, and every deadline that runs through them moves."""

from __future__ import annotations

from datetime import datetime

from gongchou.accounts.models import User
from gongchou.audit.operations import Done, operation
from gongchou.inspections import permissions
from gongchou.inspections.holidays import read_notice
from gongchou.inspections.models import CalendarYear, Inspection
from gongchou.inspections.queries.calendar import notice_of
from gongchou.inspections.queries.deadlines import OPEN, Deadlines
from gongchou.inspections.queries.parts import parts_of

AT_ONCE = 500


@operation("calendar.entered", "录入节假日安排")
def enter(*, year: int, source: str, text: str, by: User, at: datetime) -> Done[CalendarYear]:
    """Take a notice, in place of an earlier one of the year. Raises Refused ``inspections.holiday_…``."""
    permissions.check_can_keep_calendar(by)
    days = read_notice(year, text)
    before = notice_of(year)
    row = CalendarYear.objects.create(
        year=year,
        number=before.number + 1 if before else 1,
        source=source,
        text=text,
        days={day.isoformat(): is_worked for day, is_worked in sorted(days.items())},
        entered_at=at,
        entered_by=by,
    )
    return Done(row, {"year": year, "source": source, "days": len(days), "moved": _move_deadlines(year)})


def _move_deadlines(year: int) -> int:
    """Those not kept yet whose last day lies in the year or after it; how many moved."""
    deadlines, moved = Deadlines(), []
    rows = Inspection.objects.filter(state__in=OPEN, due_on__year__gte=year).select_related("visit__batch")
    waiting = list(rows.order_by("pk"))
    for start in range(0, len(waiting), AT_ONCE):
        page = waiting[start : start + AT_ONCE]
        parts = parts_of([row.visit for row in page])
        for row in page:
            part = next((one for one in parts[row.visit_id] if one.department.pk == row.department_id), None)
            due = deadlines.of_part(part) if part else None
            if due and (due.on, due.is_provisional) != (row.due_on, row.is_due_provisional):
                row.due_on, row.is_due_provisional = due.on, due.is_provisional
                moved.append(row)
    Inspection.objects.bulk_update(moved, ["due_on", "is_due_provisional"], batch_size=AT_ONCE)
    return len(moved)
