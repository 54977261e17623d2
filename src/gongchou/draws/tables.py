"""Columns and query forms of the lists of this room."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html

from gongchou.draws.models import Batch, Hit, Visit
from gongchou.draws.states import BatchState, Matching, Mode, Profile
from gongchou.plans.tables.plans import Territorial, YearFilter
from gongchou.web.lists import NUMBER, Table

_SEARCH = forms.TextInput(attrs={"type": "search"})
_COLOURS = {
    BatchState.WITHDRAWN: "text-bg-danger",
    BatchState.DROPPED: "text-bg-light",
    BatchState.DRAFT: "text-bg-light",
}


def batch_badge(batch: Batch) -> str:
    """The state as a small mark, with that of a practice run before it; words say it, the colour only helps."""
    test = '<span class="badge text-bg-warning">演练</span> ' if batch.is_test else ""
    colour = _COLOURS.get(BatchState(batch.state), "text-bg-secondary")
    return format_html(f'{test}<span class="badge {{}}">{{}}</span>', colour, batch.state_word)


def _dossier(record: Any) -> str:
    return str(record.subject.get_absolute_url())


class BatchTable(Table):
    """抽取批次."""

    code = tables.Column(linkify=True, order_by=("year", "department__code", "serial"))
    department = tables.Column(accessor="department__short_name", order_by="department__code", verbose_name="组织部门")
    tasks = tables.Column(empty_values=(), orderable=False, verbose_name="任务")

    class Meta(Table.Meta):
        model = Batch
        fields = ("code", "name", "state", "department", "tasks", "profile", "matching", "closes_at", "beacon_at")
        order_by = ("-beacon_at",)

    def render_state(self, record: Batch) -> str:
        """As a mark."""
        return batch_badge(record)

    def value_state(self, record: Batch) -> str:
        """As words."""
        return f"演练 {record.state_word}" if record.is_test else record.state_word

    def render_tasks(self, record: Batch) -> str:
        """Numbers of the tasks."""
        return "、".join(draw.task.number for draw in record.draws.all())


class AuditTable(BatchTable):
    """抽取核验."""

    code = tables.Column(linkify=lambda record: reverse("draws:audit", args=[record.pk]))


class BatchFilter(Territorial):
    """By word, year, state, kind, source, matching, territory."""

    q = django_filters.CharFilter(method="search", label="批次号、名称或任务", widget=_SEARCH)
    year = YearFilter()
    state = django_filters.ChoiceFilter(choices=BatchState.choices, label="状态")
    mode = django_filters.ChoiceFilter(choices=Mode.choices, label="性质")
    profile = django_filters.ChoiceFilter(choices=Profile.choices, label="种子来源")
    matching = django_filters.ChoiceFilter(choices=Matching.choices, label="匹配方式")

    class Meta:
        model = Batch
        fields = ("q", "year", "state", "mode", "profile", "matching", "region", "function")

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Part of the code, the name, or of a task's name or number."""
        of_task = Q(draws__task__name__icontains=value) | Q(draws__task__number__icontains=value)
        return rows.filter(Q(code__icontains=value) | Q(name__icontains=value) | of_task).distinct()


class HitTable(Table):
    """抽中的对象."""

    number = tables.Column(accessor="subject__number", verbose_name="统一社会信用代码或编号")
    subject = tables.Column(accessor="subject__name", verbose_name="名称", linkify=_dossier)
    region = tables.Column(accessor="subject__region__name", order_by="subject__region__code", verbose_name="行政区划")
    task = tables.Column(accessor="draw__task__name", order_by="draw__seq", verbose_name="任务")
    stratum = tables.Column(accessor="stratum__label", order_by="stratum__code", verbose_name="层")
    rank = tables.Column(verbose_name="位次", attrs=NUMBER)
    ticket = tables.Column(verbose_name="号码")

    class Meta(Table.Meta):
        model = Hit
        fields = ("number", "subject", "region", "task", "stratum", "rank", "place", "ticket")
        order_by = ("task", "stratum", "rank")

    def render_ticket(self, value: str) -> str:
        """The beginning tells tickets apart."""
        return format_html('<code title="{}">{}…</code>', value, value[:12])

    def value_ticket(self, value: str) -> str:
        """The whole."""
        return value


class HitFilter(django_filters.FilterSet):
    """By word, task, result."""

    q = django_filters.CharFilter(method="search", label="名称或编号", widget=_SEARCH)
    place = django_filters.ChoiceFilter(choices=Hit.Place.choices, label="结果")

    class Meta:
        model = Hit
        fields = ("q", "place")

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Part of the name or number."""
        return rows.filter(Q(subject__name__icontains=value) | Q(subject__number__icontains=value))


class VisitTable(Table):
    """检查户次."""

    number = tables.Column(accessor="subject__number", verbose_name="统一社会信用代码或编号")
    subject = tables.Column(accessor="subject__name", verbose_name="名称", linkify=_dossier)
    keeper = tables.Column(
        accessor="subject__keeper__short_name", order_by="subject__keeper__code", verbose_name="管辖单位"
    )
    tasks = tables.Column(empty_values=(), orderable=False, verbose_name="任务")
    team = tables.Column(empty_values=(), orderable=False, verbose_name="检查人员")

    class Meta(Table.Meta):
        model = Visit
        fields = ("number", "subject", "keeper", "tasks", "team", "visit_on")
        order_by = ("keeper", "number")

    def render_tasks(self, record: Visit) -> str:
        """Which draws of the batch selected it."""
        return "、".join(hit.draw.task.name for hit in record.subject.hits_of_batch)  # type: ignore[attr-defined]

    def render_team(self, record: Visit) -> str:
        """By department; an open seat says so."""
        by_department: dict[str, list[str]] = {}
        for seat in record.seats.all():
            if seat.ended_at is None:
                name = seat.inspector.name if seat.inspector else "空缺"
                by_department.setdefault(seat.department.short_name, []).append(name)
        return "；".join(f"{department}：{'、'.join(names)}" for department, names in by_department.items())


class VisitFilter(django_filters.FilterSet):
    """By word, and whether a seat is open."""

    q = django_filters.CharFilter(method="search", label="名称、编号或人员", widget=_SEARCH)
    seats = django_filters.ChoiceFilter(
        choices=[("open", "有空缺"), ("joint", "两个以上部门")], method="with_seats", label="席位"
    )

    class Meta:
        model = Visit
        fields = ("q", "seats")

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Part of the name or number, or of an inspector's name."""
        found = Q(subject__name__icontains=value) | Q(subject__number__icontains=value)
        return rows.filter(found | Q(seats__inspector__name__icontains=value, seats__ended_at=None)).distinct()

    def with_seats(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """A seat nobody holds, or seats of several departments."""
        if value == "open":
            return rows.filter(seats__inspector=None, seats__ended_at=None).distinct()
        counted = rows.filter(seats__ended_at=None)
        return counted.annotate(n_departments=Count("seats__department", distinct=True)).filter(n_departments__gt=1)
