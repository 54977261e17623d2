"""Columns and query forms of items and ceilings."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet

from gongchou.registry.models import Edition, ItemVersion, RatioCeiling
from gongchou.registry.ratio import plain
from gongchou.registry.tables.lists import VersionFilter, VersionTable, edition_filter, tags_of_items
from gongchou.registry.tables.tags import TagChoice
from gongchou.web.lists import NUMBER, Table


class ItemTable(VersionTable):
    """抽查事项清单."""

    code = tables.Column(accessor="item__code", order_by=("item__code", "number"), verbose_name="编码")
    owner = tables.Column(accessor="item__owner__short_name", order_by="item__owner__code", verbose_name="部门")
    ratio = tables.Column(accessor="ratio_words", orderable=False, verbose_name="抽查比例")
    frequency = tables.Column(accessor="frequency_words", orderable=False, verbose_name="抽查频次")
    levels = tables.Column(orderable=False)

    class Meta(VersionTable.Meta):
        model = ItemVersion
        fields = (
            "code",
            "name",
            "state",
            "category",
            "owner",
            "kind",
            "levels",
            "ratio",
            "frequency",
            "number",
            "edition",
        )
        sequence = fields
        order_by = ("code",)


class ItemFilter(VersionFilter):
    """By field, department, kind, state, edition, tag."""

    field_of_area = "category"
    thing_field = "item"

    kind = django_filters.ChoiceFilter(choices=ItemVersion.Kind.choices, label="事项类别")
    edition = edition_filter(Edition.Kind.ITEMS)
    tag = TagChoice(tags_of_items, "标签")
    aligned = django_filters.ChoiceFilter(
        choices=[("no", "未填写编码")], method="unmapped", label="同源对应", empty_label="全部"
    )

    class Meta:
        model = ItemVersion
        fields = ("q", "area", "owner", "kind", "state", "edition", "tag", "aligned")

    def unmapped(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those that lack a code of one of the two systems."""
        return rows.filter(internet_plus_code="") | rows.filter(duty_list_code="")


class CeilingTable(Table):
    """比例上限, those that applied before too."""

    most = tables.Column(verbose_name="比例上限", attrs=NUMBER)
    set_by = tables.Column(accessor="set_by__name", orderable=False, verbose_name="设定人")
    ended_at = tables.Column(verbose_name="停用时间", empty_values=())

    class Meta(Table.Meta):
        model = RatioCeiling
        fields = ("year", "region", "most", "source", "set_at", "set_by", "ended_at")
        order_by = ("-year", "region")

    def render_most(self, value: Any) -> str:
        """As a percentage."""
        return f"{plain(value)}%"

    def render_ended_at(self, value: Any) -> Any:
        """Those without an end apply."""
        return value or "现行"
