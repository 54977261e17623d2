"""Columns and query form of the doors that a unit carries out."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from gongchou.draws.models import Joining, Visit
from gongchou.draws.tables import VisitFilter, VisitTable


class UnitDoorTable(VisitTable):
    """派给本单位的检查."""

    subject = tables.Column(accessor="subject__name", verbose_name="名称")
    address = tables.Column(accessor="subject__address", orderable=False, verbose_name="地址")
    keeper = tables.Column(accessor="unit__short_name", order_by="unit__code", verbose_name="执行单位")
    organiser = tables.Column(
        accessor="batch__department__short_name", order_by="batch__department__code", verbose_name="组织部门"
    )
    batch = tables.Column(accessor="batch__code", order_by="batch__code", verbose_name="抽取批次")
    joined = tables.Column(empty_values=(), orderable=False, verbose_name="加入的部门")
    due_on = tables.Column(verbose_name="办结期限")

    class Meta(VisitTable.Meta):
        fields = (  # type: ignore[assignment]
            "number", "subject", "address", "due_on", "visit_on", "tasks", "team", "joined", "keeper", "organiser",
            "batch",
        )  # fmt: skip
        sequence = fields
        order_by = ("due_on", "number")
        empty_text = "没有派给本单位的检查。"

    def render_batch(self, record: Visit) -> str:
        """With the mark of a practice run."""
        return f"{'演练 ' if record.batch.is_test else ''}{record.batch.code}"

    def render_tasks(self, record: Visit) -> str:
        """Which draws of the batch selected it."""
        hits = record.subject.standing_hits  # type: ignore[attr-defined]
        return "、".join(hit.draw.task.name for hit in hits if hit.batch_id == record.batch_id)

    def render_joined(self, record: Visit) -> str:
        """Who comes along, with which items and how many people."""
        return "；".join(_told(one) for one in record.joinings.all())


def _told(row: Joining) -> str:
    return f"{row.department.short_name} {'、'.join(item.code for item in row.items.all())}（{row.n_people} 人）"


class UnitDoorFilter(VisitFilter):
    """By word, seats, and whether the time is over."""

    q = django_filters.CharFilter(
        method="search", label="名称、编号、人员或批次号", widget=forms.TextInput(attrs={"type": "search"})
    )
    due = django_filters.ChoiceFilter(
        choices=[("now", "在期限内"), ("over", "已过期限")], method="by_due", label="期限"
    )

    class Meta(VisitFilter.Meta):
        fields = ("q", "due", "seats")  # type: ignore[assignment]

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """As for visits, or part of the batch's code or name."""
        of_batch = rows.filter(Q(batch__code__icontains=value) | Q(batch__name__icontains=value))
        return (super().search(rows, name, value) | of_batch.distinct()).distinct()

    def by_due(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """By the last day of its tasks."""
        today = timezone.localdate()
        return rows.filter(due_on__gte=today) if value == "now" else rows.filter(due_on__lt=today)
