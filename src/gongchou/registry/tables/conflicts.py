"""Columns and query form of conflicts of interest."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html

from gongchou.registry.models import Conflict
from gongchou.web.lists import Table

LOOKS = {"pending": "warning", "upheld": "danger", "rejected": "secondary", "lifted": "secondary"}
NEXT_STEPS = {"pending": ("decide-conflict", "决定"), "upheld": ("lift-conflict", "解除")}


class ConflictTable(Table):
    """Conflicts with what can be done about them. What the interest consists of is on the page of the decision."""

    inspector = tables.Column(linkify=True, order_by="inspector__number")
    department = tables.Column(
        accessor="inspector__department__short_name", verbose_name="所在单位", order_by="inspector__department__code"
    )
    subject = tables.Column(order_by="subject__number")
    period = tables.Column(verbose_name="期限", empty_values=(), orderable=False)
    decided_at = tables.DateTimeColumn(format="Y-m-d")
    declared_at = tables.DateTimeColumn(format="Y-m-d")
    actions = tables.Column(empty_values=(), orderable=False, verbose_name="操作", exclude_from_export=True)

    class Meta(Table.Meta):
        model = Conflict
        fields = (
            "inspector",
            "department",
            "subject",
            "relation",
            "declared_by",
            "declared_at",
            "period",
            "decision",
            "decided_at",
            "actions",
        )
        order_by = ("-declared_at", "inspector", "subject")

    def render_period(self, record: Conflict) -> str:
        """From and to, or without end."""
        if not record.ends_on:
            return f"{record.begins_on} 起" if record.begins_on else "长期"
        return f"{record.begins_on or ''} 至 {record.ends_on}".strip()

    def render_decision(self, record: Conflict) -> str:
        """In words; the colour only helps."""
        look = LOOKS[record.decision]
        return format_html('<span class="badge text-bg-{}">{}</span>', look, record.get_decision_display())

    def value_decision(self, record: Conflict) -> str:
        """In words, in a workbook."""
        return str(record.get_decision_display())

    def render_actions(self, record: Any) -> str:
        """What the head may do next."""
        step = NEXT_STEPS.get(record.decision)
        if step is None or not record.is_decidable:
            return "—"
        name, words = step
        address, about = reverse(f"registry:{name}", args=[record.pk]), f"{record.inspector}，{record.subject}"
        return format_html('<a href="{}" aria-label="{}：{}">{}</a>', address, words, about, words)


class ConflictFilter(django_filters.FilterSet):
    """Which person or subject, how it stands."""

    q = django_filters.CharFilter(
        method="search",
        label="人员姓名、检查对象",
        widget=forms.TextInput(attrs={"type": "search", "data-search-box": ""}),
    )
    decision = django_filters.ChoiceFilter(choices=Conflict.Decision.choices, label="决定")
    relation = django_filters.ChoiceFilter(choices=Conflict.Relation.choices, label="关系")
    declared_by = django_filters.ChoiceFilter(choices=Conflict.DeclaredBy.choices, label="申报人")

    class Meta:
        model = Conflict
        fields = ("q", "decision", "relation", "declared_by")

    def search(self, rows: QuerySet[Conflict], name: str, value: str) -> QuerySet[Conflict]:
        """Name of the person; name or number of the subject."""
        fits = Q(inspector__name__icontains=value) | Q(subject__name__icontains=value)
        return rows.filter(fits | Q(subject__number__istartswith=value))
