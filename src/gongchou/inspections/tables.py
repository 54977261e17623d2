"""Columns and query form of the list of inspections."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.html import format_html

from gongchou.accounts.models import Department
from gongchou.inspections.models import Inspection
from gongchou.inspections.queries.deadlines import OPEN, overdue
from gongchou.inspections.queries.records import to_choose
from gongchou.inspections.states import Outcome, ResultState, Stage
from gongchou.web.forms import SEARCHED
from gongchou.web.lists import Table
from gongchou.workdays import Due

LOOKS = {
    ResultState.APPROVED: "text-bg-success",
    ResultState.IN_REVIEW: "text-bg-warning",
    ResultState.RETURNED: "text-bg-danger",
    ResultState.REJECTED: "text-bg-danger",
}
MINE = [("review", "待我审核"), ("choose", "有并存的记录"), ("overdue", "逾期未录入"), ("open", "未录入")]


class InspectionTable(Table):
    """检查结果."""

    number = tables.Column(
        accessor="visit__subject__number", order_by="visit__subject__number", verbose_name="统一社会信用代码或编号"
    )
    subject = tables.Column(
        accessor="visit__subject__name",
        linkify=lambda record: record.get_absolute_url(),
        order_by="visit__subject__name",
        verbose_name="检查对象",
    )
    department = tables.Column(accessor="department__short_name", order_by="department__code", verbose_name="检查部门")
    outcome = tables.Column(empty_values=(), orderable=False, verbose_name="检查情况")
    results = tables.Column(empty_values=(), orderable=False, verbose_name="检查结果")
    received_at = tables.Column(accessor="head__received_at", verbose_name="录入时间", default="—")
    recorder = tables.Column(accessor="head__received_by__name", verbose_name="录入人", default="—")
    batch = tables.Column(accessor="visit__batch__code", order_by="visit__batch__code", verbose_name="抽取批次")

    class Meta(Table.Meta):
        model = Inspection
        fields = (
            "number", "subject", "department", "outcome", "results", "stage", "state", "due_on", "received_at",
            "recorder", "batch",
        )  # fmt: skip
        order_by = ("-received_at", "number")
        empty_text = "还没有检查记录。检查人员在手机上提交后，记录会出现在这里。"

    def render_outcome(self, record: Inspection) -> str:
        """What became of the visit."""
        return Outcome(record.head.outcome).label if record.head else "—"

    def render_results(self, record: Inspection) -> str:
        """Item by item."""
        rows = record.head.results.all() if record.head else ()
        return "；".join(f"{one.item.code} {'、'.join(map(str, one.words.all())) or '未检查'}" for one in rows) or "—"

    def render_state(self, record: Inspection) -> str:
        """As a mark."""
        look = LOOKS.get(ResultState(record.state), "text-bg-secondary")
        return format_html('<span class="badge {}">{}</span>', look, record.state_word)

    def value_state(self, record: Inspection) -> str:
        """As words."""
        return record.state_word

    def render_due_on(self, record: Inspection) -> str:
        """With a word where it may still move."""
        return str(Due(record.due_on, record.is_due_provisional)) if record.due_on else "—"

    def render_batch(self, record: Inspection) -> str:
        """With the mark of a practice run."""
        return f"{'演练 ' if record.visit.batch.is_test else ''}{record.visit.batch.code}"


def _departments(request: Any) -> Any:
    return Department.objects.filter(pk__in=Inspection.objects.order_by().values("department"))


class InspectionFilter(django_filters.FilterSet):
    """By word, department, state, what came of it."""

    q = django_filters.CharFilter(
        method="search", label="名称、编号、录入人或批次号", widget=forms.TextInput(attrs={"type": "search"})
    )
    department = django_filters.ModelChoiceFilter(queryset=_departments, label="检查部门", widget=SEARCHED)
    state = django_filters.ChoiceFilter(choices=ResultState.choices, label="结果状态")
    stage = django_filters.ChoiceFilter(choices=Stage.choices, label="检查进度")
    mine = django_filters.ChoiceFilter(choices=MINE, method="of_mine", label="经办范围", empty_label="不限")

    class Meta:
        model = Inspection
        fields = ("q", "department", "state", "stage", "mine")

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Part of any of them."""
        return rows.filter(
            Q(visit__subject__name__icontains=value)
            | Q(visit__subject__number__icontains=value)
            | Q(visit__batch__code__icontains=value)
            | Q(head__received_by__name__icontains=value)
        )

    def of_mine(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """What waits for her."""
        by = self.request.user
        if value == "choose":
            return to_choose(rows)
        if value == "overdue":
            return overdue(rows, timezone.localdate())
        if value == "open":
            return rows.filter(state__in=OPEN)
        return rows.filter(state=ResultState.IN_REVIEW).exclude(revisions__received_by=by)
