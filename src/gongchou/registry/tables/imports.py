"""Columns and query form of imports."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import QuerySet
from django.utils.html import format_html

from gongchou.accounts.models import Department
from gongchou.registry.models import ImportBatch
from gongchou.registry.queries import imports as queries
from gongchou.web.forms import DaysForm
from gongchou.web.lists import NUMBER, Table

State = ImportBatch.State
LOOKS = {
    State.UPLOADED: "info",
    State.CHECKING: "primary",
    State.CHECKED: "warning",
    State.RUNNING: "primary",
    State.DONE: "success",
    State.FAILED: "danger",
    State.GIVEN_UP: "secondary",
}
NEXT_STEPS = {State.UPLOADED: "对应栏目", State.CHECKED: "去确认", State.FAILED: "去处理"}
DAY = forms.DateInput(attrs={"type": "date"})


class ImportTable(Table):
    """Imports with their counts and what is to be done next."""

    file_name = tables.Column(linkify=True)
    department = tables.Column(accessor="department__short_name", verbose_name="导入部门", order_by="department__code")
    is_full = tables.Column(verbose_name="方式")
    n_new = tables.Column(attrs=NUMBER)
    n_changed = tables.Column(attrs=NUMBER)
    n_same = tables.Column(attrs=NUMBER)
    n_refused = tables.Column(attrs=NUMBER)
    created_by = tables.Column(accessor="created_by__name", verbose_name="上传人", order_by="created_by__name")
    created_at = tables.DateTimeColumn(format="Y-m-d H:i")
    actions = tables.Column(empty_values=(), orderable=False, verbose_name="操作", exclude_from_export=True)

    class Meta(Table.Meta):
        model = ImportBatch
        fields = (
            "file_name",
            "kind",
            "department",
            "is_full",
            "state",
            "n_new",
            "n_changed",
            "n_same",
            "n_refused",
            "created_by",
            "created_at",
            "actions",
        )
        order_by = ("-created_at", "id")

    def render_is_full(self, value: bool) -> str:
        """In words."""
        return "全量" if value else "增量"

    def render_state(self, record: ImportBatch) -> str:
        """In words; the colour only helps."""
        look = LOOKS[State(record.state)]
        return format_html('<span class="badge text-bg-{}">{}</span>', look, record.get_state_display())

    def value_state(self, record: ImportBatch) -> str:
        """In words, in a workbook."""
        return str(record.get_state_display())

    def render_actions(self, record: ImportBatch) -> str:
        """What waits for somebody, else just a look."""
        words = "去处理" if record.has_nothing_to_take else NEXT_STEPS.get(State(record.state), "查看")
        return format_html('<a href="{}">{}</a>', record.get_absolute_url(), words)


def _departments(request: Any) -> QuerySet[Department]:
    return queries.departments_for(request.user).order_by("code")


class ImportFilter(django_filters.FilterSet):
    """By file, register, how it stands, when it came."""

    file_name = django_filters.CharFilter(
        lookup_expr="icontains", label="文件名", widget=forms.TextInput(attrs={"type": "search", "data-search-box": ""})
    )
    kind = django_filters.ChoiceFilter(choices=ImportBatch.Kind.choices, label="名录")
    state = django_filters.ChoiceFilter(choices=State.choices, label="状态")
    department = django_filters.ModelChoiceFilter(queryset=_departments, label="导入部门")
    is_full = django_filters.ChoiceFilter(choices=[("true", "全量"), ("false", "增量")], label="方式", method="of_mode")
    since = django_filters.DateFilter(field_name="created_at", lookup_expr="date__gte", label="上传自", widget=DAY)
    until = django_filters.DateFilter(field_name="created_at", lookup_expr="date__lte", label="上传至", widget=DAY)

    class Meta:
        model = ImportBatch
        form = DaysForm
        fields = ("file_name", "kind", "state", "department", "is_full", "since", "until")

    def of_mode(self, rows: QuerySet[ImportBatch], name: str, value: str) -> QuerySet[ImportBatch]:
        """Full registers or additions."""
        return rows.filter(is_full=value == "true")
