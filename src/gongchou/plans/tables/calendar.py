"""Columns and query form of the calendar of a year."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import F, QuerySet
from django.utils import timezone

from gongchou.plans.models import LineVersion
from gongchou.plans.states.plans import UNFINISHED, LineState
from gongchou.plans.tables.plans import LineFilter, departments
from gongchou.web.forms import SEARCHED
from gongchou.web.lists import NUMBER, Table


class CalendarTable(Table):
    """年度日历: each line with its time, its tasks and how far it is."""

    name = tables.Column(linkify=True)
    plan = tables.Column(accessor="version__plan__department__short_name", orderable=False, verbose_name="计划")
    initiator = tables.Column(accessor="initiator__short_name", order_by="initiator__code", verbose_name="发起部门")
    participants = tables.Column(empty_values=(), orderable=False, verbose_name="配合部门")
    n_tasks = tables.Column(empty_values=(), orderable=False, verbose_name="已建任务", attrs=NUMBER)
    state = tables.Column(accessor="line__state", order_by="line__state", verbose_name="进度")

    class Meta(Table.Meta):
        model = LineVersion
        fields = ("name", "plan", "initiator", "participants", "begins_on", "ends_on", "rounds", "n_tasks", "state")
        order_by = ("begins_on", "ends_on")

    def order_begins_on(self, rows: QuerySet[LineVersion], is_descending: bool) -> tuple[QuerySet[LineVersion], bool]:
        """Lines without days come last, in every database."""
        by = F("begins_on")
        return rows.order_by(by.desc(nulls_last=True) if is_descending else by.asc(nulls_last=True), "ends_on"), True

    def render_participants(self, record: LineVersion) -> str:
        """Short names."""
        return "、".join(sorted(one.short_name for one in record.participants.all()))

    def render_n_tasks(self, record: LineVersion) -> int:
        """Of the draws of the year, how many have one."""
        return sum(one.state != "cancelled" for one in record.line.tasks.all())

    def render_state(self, record: LineVersion) -> str:
        """With a word where its time is over."""
        return state_words(record)


def is_late(line: LineVersion) -> bool:
    """Whether the time of a line is over and it is not done (R-36)."""
    has_ended = line.ends_on is not None and line.ends_on < timezone.localdate()
    return has_ended and line.line.state in UNFINISHED and line.version.state == "published"


def state_words(line: LineVersion) -> str:
    """How far a line is, and whether it is late."""
    return f"{LineState(line.line.state).label}{'（超期）' if is_late(line) else ''}"


class CalendarFilter(LineFilter):
    """By year, territory, line of command, department and kind; this year unless another is asked for."""

    department = django_filters.ModelChoiceFilter(
        queryset=departments, method="of_department", label="发起或配合部门", widget=SEARCHED
    )

    class Meta:
        model = LineVersion
        fields = ("year", "region", "function", "department", "joint", "state")

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        asked = data.copy() if data is not None else {}
        if not asked.get("year"):
            asked["year"] = str(timezone.localdate().year)
        super().__init__(asked, *args, **kwargs)
        for name in set(self.filters) - set(self.Meta.fields):
            del self.filters[name]
