"""Columns and query form of the library of forms."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import QuerySet
from django.utils.html import format_html

from gongchou.accounts.models import Department
from gongchou.checklists.models import ChecklistVersion
from gongchou.checklists.queries import to_publish
from gongchou.checklists.states import VersionState
from gongchou.registry.queries.versions import newest_name
from gongchou.web.forms import SEARCHED
from gongchou.web.lists import NUMBER, Table


class ChecklistTable(Table):
    """表格库."""

    checklist = tables.Column(linkify=lambda record: record.get_absolute_url(), order_by="checklist__name")
    department = tables.Column(
        accessor="checklist__department__short_name", order_by="checklist__department__code", verbose_name="制定部门"
    )
    items = tables.Column(empty_values=(), orderable=False, verbose_name="适用事项")
    n_questions = tables.Column(attrs=NUMBER)

    class Meta(Table.Meta):
        model = ChecklistVersion
        fields = ("checklist", "number", "department", "items", "n_questions", "state", "published_at")
        order_by = ("checklist", "-number")

    def render_items(self, record: ChecklistVersion) -> str:
        """Codes and names."""
        if record.checklist.is_base:
            return "全部（通用基础表）"
        return "、".join(f"{item.code} {newest_name(item)}" for item in record.items.all())

    def render_state(self, record: ChecklistVersion) -> str:
        """As a mark."""
        look = "text-bg-primary" if record.state == VersionState.IN_USE else "text-bg-secondary"
        return format_html('<span class="badge {}">{}</span>', look, record.state_word)

    def value_state(self, record: ChecklistVersion) -> str:
        """As words."""
        return record.state_word


def _departments(request: Any) -> Any:
    return Department.objects.filter(pk__in=ChecklistVersion.objects.order_by().values("checklist__department"))


class ChecklistFilter(django_filters.FilterSet):
    """By word, department, item, state."""

    q = django_filters.CharFilter(
        field_name="checklist__name",
        lookup_expr="icontains",
        label="名称",
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    item = django_filters.CharFilter(field_name="items__code", lookup_expr="iexact", label="事项编码")
    department = django_filters.ModelChoiceFilter(
        field_name="checklist__department", queryset=_departments, label="制定部门", widget=SEARCHED
    )
    state = django_filters.ChoiceFilter(choices=VersionState.choices, label="状态")
    is_base = django_filters.BooleanFilter(
        field_name="checklist__is_base",
        label="类别",
        widget=forms.Select(choices=[("", "不限"), ("true", "通用基础表"), ("false", "事项检查表")]),
    )
    mine = django_filters.ChoiceFilter(
        choices=[("publish", "待我启用")], method="of_mine", label="经办范围", empty_label="不限"
    )

    class Meta:
        model = ChecklistVersion
        fields = ("q", "item", "department", "state", "is_base", "mine")

    def of_mine(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """What waits for her."""
        return rows.filter(pk__in=to_publish(self.request.user).order_by().values("pk"))
