"""Columns of the alignment report, and of the entries it compares with."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Q, QuerySet

from gongchou.registry.models import OfficialEntry
from gongchou.web.lists import Table


class MisalignmentTable(Table):
    """What does not agree, and what to do."""

    code = tables.Column(accessor="version__item__code", linkify=lambda record: record.version.item.get_absolute_url(),
                         verbose_name="事项编码")  # fmt: skip
    name = tables.Column(accessor="version__name", verbose_name="事项")
    department = tables.Column(accessor="version__item__owner__short_name", verbose_name="部门")
    source = tables.Column(accessor="source__label", verbose_name="对照")
    fault = tables.Column(accessor="word", verbose_name="问题")
    ours = tables.Column(verbose_name="清单中", default="—")
    theirs = tables.Column(verbose_name="对方为", default="—")
    todo = tables.Column(verbose_name="处理办法")

    class Meta(Table.Meta):
        orderable = False
        empty_text = "没有不一致的事项。"


class EntryTable(Table):
    """Entries of the two systems."""

    department = tables.Column(accessor="department__short_name", order_by="department__code", verbose_name="部门")
    brought = tables.Column(accessor="brought__at", verbose_name="导入时间")
    ended_at = tables.Column(verbose_name="终止时间", default="现行")

    class Meta(Table.Meta):
        model = OfficialEntry
        fields = ("source", "code", "name", "basis", "department", "brought", "ended_at")
        order_by = ("source", "code")


class EntryFilter(django_filters.FilterSet):
    """By word, source, whether it still stands."""

    q = django_filters.CharFilter(method="search", label="名称或编码", widget=forms.TextInput(attrs={"type": "search"}))
    source = django_filters.ChoiceFilter(choices=OfficialEntry.Source.choices, label="来源")
    ended = django_filters.ChoiceFilter(
        choices=[("no", "现行"), ("yes", "已终止")], method="by_end", label="状态", empty_label="不限"
    )

    class Meta:
        model = OfficialEntry
        fields = ("q", "source", "ended")

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Part of name or code."""
        return rows.filter(Q(name__icontains=value) | Q(code__icontains=value))

    def by_end(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those that stand, or those that do not."""
        return rows.filter(ended_at__isnull=value == "no")
