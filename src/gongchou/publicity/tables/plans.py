"""Columns and query forms of plans and schemes before the public."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse

from gongchou.plans.models import Plan, PlanVersion, Scheme, Task
from gongchou.plans.tables.plans import Territorial, YearFilter
from gongchou.web.lists import NUMBER, Table


class PublicPlanTable(Table):
    """年度抽查计划公示."""

    name = tables.Column(linkify=lambda record: reverse("publicity:plan", args=[record.plan_id]))
    year = tables.Column(accessor="plan__year", attrs=NUMBER, verbose_name="年度")
    department = tables.Column(
        accessor="plan__department__name", order_by="plan__department__code", verbose_name="制定部门"
    )
    kind = tables.Column(accessor="plan__get_kind_display", order_by="plan__kind", verbose_name="计划类型")
    n_lines = tables.Column(verbose_name="计划行", attrs=NUMBER)
    number = tables.Column(verbose_name="版本", attrs=NUMBER)

    class Meta(Table.Meta):
        model = PlanVersion
        fields = ("name", "year", "department", "kind", "n_lines", "number", "published_at")
        order_by = ("-year", "department")


class PublicPlanFilter(Territorial):
    """By word, year, kind, territory and line of departments."""

    department_field = "plan__department"
    mine = None  # nobody's duties are asked for here

    q = django_filters.CharFilter(method="search", label="名称或部门", widget=forms.TextInput(attrs={"type": "search"}))
    year = YearFilter(field_name="plan__year")
    kind = django_filters.ChoiceFilter(field_name="plan__kind", choices=Plan.Kind.choices, label="计划类型")

    class Meta:
        model = PlanVersion
        fields = ("q", "year", "kind", "region", "function")

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Part of the name or of the department's."""
        return rows.filter(Q(name__icontains=value) | Q(plan__department__name__icontains=value))


class PublicSchemeTable(Table):
    """工作方案公示."""

    name = tables.Column(
        accessor="task__name",
        linkify=lambda record: reverse("publicity:scheme", args=[record.task_id]),
        verbose_name="任务名称",
    )
    task = tables.Column(accessor="task__number", verbose_name="任务编号")
    department = tables.Column(
        accessor="task__department__name", order_by="task__department__code", verbose_name="组织部门"
    )
    source = tables.Column(accessor="task__get_source_display", order_by="task__source", verbose_name="来源")

    class Meta(Table.Meta):
        model = Scheme
        fields = ("name", "task", "department", "source", "number", "published_at")
        order_by = ("-published_at",)


class PublicSchemeFilter(Territorial):
    """By word, year, source, territory and line of departments."""

    department_field = "task__department"
    mine = None

    q = django_filters.CharFilter(method="search", label="任务或部门", widget=forms.TextInput(attrs={"type": "search"}))
    year = YearFilter(field_name="task__year")
    source = django_filters.ChoiceFilter(field_name="task__source", choices=Task.Source.choices, label="来源")

    class Meta:
        model = Scheme
        fields = ("q", "year", "source", "region", "function")

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Part of the task's name or number, or of the department's name."""
        found = Q(task__name__icontains=value) | Q(task__number__icontains=value)
        return rows.filter(found | Q(task__department__name__icontains=value))
