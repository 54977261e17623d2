"""What was dispatched becomes inspections, each with the last day for its results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from gongchou.audit.operations import Actor, Done, operation
from gongchou.draws.models import Batch, Visit
from gongchou.inspections.models import Inspection
from gongchou.inspections.queries.deadlines import Deadlines
from gongchou.inspections.queries.parts import parts_of
from gongchou.inspections.queries.visits import without_inspection

AT_ONCE = 500


@operation("inspections.opened", "建立检查")
def open_inspections(*, batch: Batch, by: Actor, at: datetime) -> Done[Batch]:
    """A row for each department at each door of a batch that has none yet; asked again, it adds what came since."""
    deadlines, n = Deadlines(), 0
    doors = iter(without_inspection(batch).iterator(AT_ONCE))
    while page := list(islice(doors, AT_ONCE)):
        rows = list(_rows(page, deadlines, at))
        Inspection.objects.bulk_create(rows, ignore_conflicts=True)
        n += len(rows)
    return Done(batch, {"count": n})


def _rows(doors: Sequence[Visit], deadlines: Deadlines, at: datetime) -> Iterator[Inspection]:
    parts = parts_of(doors)
    for door in doors:
        for part in parts[door.pk]:
            due = deadlines.of_part(part)
            yield Inspection(
                visit=door,
                department=part.department,
                due_on=due.on if due else None,
                is_due_provisional=due.is_provisional if due else False,
                opened_at=at,
            )
