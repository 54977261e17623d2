"""年度日历: the lines of the published plans of a year from January to December, with their tasks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone

from gongchou.plans import charts
from gongchou.plans.models import LineVersion, Task
from gongchou.plans.queries import plans as queries
from gongchou.plans.states.tasks import FINISHED, TaskState
from gongchou.plans.tables import calendar as tables
from gongchou.plans.views.plans import reads
from gongchou.web.lists import ListPage

MOST_DRAWN = 60
TOP = 34  # below the names of the months


@reads
class Calendar(ListPage):
    """The drawing and, below it, the list of the same lines."""

    title = "年度日历"
    table_class = tables.CalendarTable
    filter_class = tables.CalendarFilter
    template_name = "plans/calendar.html"

    def rows(self) -> QuerySet[LineVersion]:
        """Everybody reads what was published."""
        return queries.with_parts(queries.standing()).prefetch_related("line__tasks")

    def more(self) -> dict[str, Any]:
        """The drawing of the first lines that are asked for."""
        form = self.filter.form
        if not form.is_valid():
            return {"drawn": ()}
        year = int(form.cleaned_data["year"])
        order = (F("begins_on").asc(nulls_last=True), "ends_on", "initiator__code", "line__number", "pk")
        found = list(self.filter.qs.order_by(*order)[: MOST_DRAWN + 1])
        drawn, height = _drawn(found[:MOST_DRAWN], year)
        today = timezone.localdate()
        return {
            "drawn": drawn,
            "height": height,
            "months": charts.months(year),
            "today": charts.place_of(today, year) if today.year == year else None,
            "year": year,
            "is_cut": len(found) > MOST_DRAWN,
            "most": MOST_DRAWN,
        }


@dataclass(frozen=True)
class DrawnLine:
    """A line and its tasks, one below the other."""

    line: LineVersion
    bar: charts.Span
    tasks: list[charts.Span]


def _drawn(lines: list[LineVersion], year: int) -> tuple[list[DrawnLine], int]:
    found, y = [], TOP
    for line in lines:
        tasks = sorted((one for one in line.line.tasks.all() if one.state != TaskState.CANCELLED), key=_order)
        below = y + charts.BAR + 3
        thin = [_task(task, year, below + at * (charts.THIN + 3)) for at, task in enumerate(tasks)]
        found.append(DrawnLine(line, _bar(line, year, y), thin))
        y = below + len(thin) * (charts.THIN + 3) + charts.GAP
    return found, y


def _order(task: Task) -> tuple[date, int]:
    return task.begins_on, task.serial


def _bar(line: LineVersion, year: int, y: int) -> charts.Span:
    has_days = line.begins_on is not None and line.ends_on is not None
    days = (line.begins_on or date(year, 1, 1), line.ends_on or date(year, 12, 31))
    words = "；".join(_said(line, has_days))
    label = line.name if len(line.name) <= 16 else f"{line.name[:15]}…"
    state = line.line.state if has_days else "undated"
    return charts.span(label, days, year, y, state=state, words=words, is_late=tables.is_late(line))


def _said(line: LineVersion, has_days: bool) -> Iterator[str]:
    yield line.name
    yield f"{line.begins_on:%m-%d} 至 {line.ends_on:%m-%d}" if has_days else "时间未定"
    yield tables.state_words(line)


def _task(task: Task, year: int, y: int) -> charts.Span:
    is_late = task.ends_on < timezone.localdate() and task.state not in FINISHED
    days = f"{task.begins_on:%m-%d} 至 {task.ends_on:%m-%d}"
    words = f"任务 {task.number}；{days}；{task.state_word}{'（超期）' if is_late else ''}"
    state = "done" if task.state in FINISHED else "task"
    return charts.span(
        "", (task.begins_on, task.ends_on), year, y, state=state, words=words, is_late=is_late, is_thin=True
    )
