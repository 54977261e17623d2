"""Columns and query forms of tasks."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.html import format_html

from gongchou.accounts.models import Department
from gongchou.plans.models import Participant, Task
from gongchou.plans.queries.tasks import overdue, to_answer
from gongchou.plans.states.joint import TAKING_PART
from gongchou.plans.states.tasks import FINISHED, TaskState
from gongchou.plans.tables.plans import Territorial, YearFilter, campaigns, departments
from gongchou.web.forms import SEARCHED
from gongchou.web.lists import NUMBER, Table


def task_badge(state: str) -> str:
    """A state as a small mark; the word says it, the colour only helps."""
    known = TaskState(state)
    colour = {TaskState.CREATED: "text-bg-light", TaskState.READY: "text-bg-primary"}.get(known, "text-bg-secondary")
    return format_html('<span class="badge {}">{}</span>', colour, known.label)


class TaskTable(Table):
    """抽查任务."""

    number = tables.Column(linkify=True, order_by=("year", "department__code", "serial"))
    department = tables.Column(accessor="department__short_name", order_by="department__code", verbose_name="组织部门")
    participants = tables.Column(empty_values=(), orderable=False, verbose_name="参加部门")
    line = tables.Column(accessor="line__number", orderable=False, verbose_name="计划行", attrs=NUMBER)

    class Meta(Table.Meta):
        model = Task
        fields = (
            "number", "name", "state", "department", "participants", "source", "line", "begins_on", "ends_on",
            "is_risk_based", "campaign",
        )  # fmt: skip
        order_by = ("-number",)

    def render_state(self, record: Task) -> str:
        """As a mark, and whether its time is over."""
        is_late = record.ends_on < timezone.localdate() and record.state not in [*FINISHED, TaskState.CANCELLED]
        return format_html("{} {}", task_badge(record.state), "（超期）" if is_late else "")

    def value_state(self, record: Task) -> str:
        """As words."""
        return record.state_word

    def render_participants(self, record: Task) -> str:
        """Short names of who takes part beside the organiser."""
        rows = [one for one in record.participants.all() if not one.is_lead and one.state in TAKING_PART]
        return "、".join(sorted(one.department.short_name for one in rows))


class TaskFilter(Territorial):
    """By word, year, state, source, kind, department, territory, line, campaign."""

    q = django_filters.CharFilter(method="search", label="编号或名称", widget=forms.TextInput(attrs={"type": "search"}))
    year = YearFilter()
    state = django_filters.ChoiceFilter(
        choices=[*TaskState.choices, ("overdue", "超期未完成"), ("asked", "邀请待答复")],
        method="in_state",
        label="状态",
    )
    source = django_filters.ChoiceFilter(
        choices=[*Task.Source.choices, ("apart", "计划之外（全部）")], method="from_source", label="来源"
    )
    joint = django_filters.ChoiceFilter(
        choices=[("yes", "跨部门"), ("no", "本部门")], method="is_joint", label="任务类型"
    )
    department = django_filters.ModelChoiceFilter(
        queryset=departments, method="of_department", label="组织或参加部门", widget=SEARCHED
    )
    campaign = django_filters.ModelChoiceFilter(queryset=campaigns, label="集中抽查", widget=SEARCHED)

    class Meta:
        model = Task
        fields = ("q", "year", "state", "source", "joint", "department", "region", "function", "campaign")

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Part of the number or the name."""
        return rows.filter(Q(number__icontains=value) | Q(name__icontains=value))

    def in_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """In a state, late, or waiting for an answer of the reader's department."""
        if value == "asked":
            return rows.filter(pk__in=to_answer(self.request.user).order_by().values("task"))
        return overdue(rows, timezone.localdate()) if value == "overdue" else rows.filter(state=value)

    def from_source(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """From one source, or from outside the plan."""
        return rows.exclude(source=Task.Source.PLAN) if value == "apart" else rows.filter(source=value)

    def is_joint(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """With others or alone."""
        others = Participant.objects.filter(is_lead=False, state__in=TAKING_PART).order_by().values("task")
        return rows.filter(pk__in=others) if value == "yes" else rows.exclude(pk__in=others)

    def of_department(self, rows: QuerySet[Any], name: str, value: Department) -> QuerySet[Any]:
        """Who has a part in it."""
        joined = Participant.objects.filter(department=value).order_by().values("task")
        return rows.filter(Q(department=value) | Q(pk__in=joined))
