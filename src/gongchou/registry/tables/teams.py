"""Columns and query form of standing teams."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import QuerySet
from django.utils.html import format_html

from gongchou.accounts.models import Department
from gongchou.registry.models import StandingTeam
from gongchou.registry.queries import teams as queries
from gongchou.registry.queries.inspectors import departments_read
from gongchou.web.forms import SEARCHED
from gongchou.web.lists import NUMBER, Table

LOOKS = {"ready": "success", "short": "danger", "away": "warning", "ended": "secondary"}


def readiness_badge(team: Any) -> str:
    """How it stands today, in words and not by colour alone."""
    code = queries.readiness(team)
    return format_html('<span class="badge text-bg-{}">{}</span>', LOOKS[code], dict(queries.READY)[code])


class TeamTable(Table):
    """检查小组, with who is in each."""

    number = tables.Column(verbose_name="编号")
    name = tables.Column(linkify=True)
    department = tables.Column(accessor="department__short_name", verbose_name="所在单位", order_by="department__code")
    lead = tables.Column(verbose_name="组长", empty_values=(), orderable=False)
    members = tables.Column(verbose_name="组员", empty_values=(), orderable=False)
    n_certified = tables.Column(verbose_name="持证人数", attrs=NUMBER)
    readiness = tables.Column(verbose_name="今日情况", empty_values=(), orderable=False)

    class Meta(Table.Meta):
        model = StandingTeam
        fields = ("number", "name", "department", "lead", "members", "n_certified", "readiness", "formed_at")
        order_by = ("number",)
        empty_text = "还没有检查小组。"

    def render_lead(self, record: Any) -> str:
        """Who leads it now."""
        return next((row.inspector.name for row in record.now if row.is_lead), "—")

    def render_members(self, record: Any) -> str:
        """Everybody in it now."""
        return "、".join(row.inspector.name for row in record.now) or "—"

    def render_readiness(self, record: Any) -> str:
        """As a mark."""
        return readiness_badge(record)

    def value_readiness(self, record: Any) -> str:
        """In words, in a workbook."""
        return dict(queries.READY)[queries.readiness(record)]


def _departments(request: Any) -> QuerySet[Department]:
    return departments_read(request.user)


class TeamFilter(django_filters.FilterSet):
    """By word, unit, how it stands today."""

    q = django_filters.CharFilter(
        method="search",
        label="小组名称、编号或组员",
        widget=forms.TextInput(attrs={"type": "search", "data-search-box": ""}),
    )
    department = django_filters.ModelChoiceFilter(queryset=_departments, label="所在单位", widget=SEARCHED)
    readiness = django_filters.ChoiceFilter(choices=queries.READY, method="by_readiness", label="今日情况")

    class Meta:
        model = StandingTeam
        fields = ("q", "department", "readiness")

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Name, number, members."""
        return queries.in_words(rows, value)

    def by_readiness(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """As it is today."""
        return queries.in_readiness(rows, value)
