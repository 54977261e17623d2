"""Columns and query forms of supervision matters and pilots."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.utils import timezone

from gongchou.registry.models import Edition, MatterVersion, OneThing, Pilot
from gongchou.registry.queries import matters as queries
from gongchou.registry.queries.versions import newest_name
from gongchou.registry.states.lists import PilotState
from gongchou.registry.tables.lists import VersionFilter, VersionTable, edition_filter
from gongchou.web.lists import Table


class MatterTable(VersionTable):
    """跨部门综合监管事项清单."""

    code = tables.Column(accessor="matter__code", order_by=("matter__code", "number"), verbose_name="编码")
    lead = tables.Column(accessor="lead__short_name", order_by="lead__code", verbose_name="牵头部门")
    others = tables.Column(empty_values=(), orderable=False, verbose_name="相关部门")
    review_by = tables.Column(accessor="matter__review_by", verbose_name="应复核日期")

    class Meta(VersionTable.Meta):
        model = MatterVersion
        fields = (
            "code",
            "name",
            "state",
            "field",
            "one_thing",
            "lead",
            "others",
            "subject",
            "review_by",
            "edition",
        )
        sequence = (*fields, "number")
        order_by = ("code",)

    def render_others(self, record: MatterVersion) -> str:
        """Who has a duty beside the lead."""
        return "、".join(
            row.department.short_name for row in record.duties.all() if row.department_id != record.lead_id
        )

    def render_review_by(self, value: Any, record: MatterVersion) -> str:
        """With a word where the day has passed."""
        late = "（已到期）" if record.matter.is_overdue(timezone.localdate()) else ""
        return f"{value:%Y-%m-%d}{late}"


class MatterFilter(VersionFilter):
    """By field, 一件事, department, state, edition, whether a review is due."""

    thing_field = "matter"

    one_thing = django_filters.ChoiceFilter(choices=OneThing.choices, label="综合监管一件事")
    edition = edition_filter(Edition.Kind.MATTERS)
    due = django_filters.ChoiceFilter(
        choices=[("yes", "应复核")], method="is_due", label="年度复核", empty_label="全部"
    )

    class Meta:
        model = MatterVersion
        fields = ("q", "area", "one_thing", "owner", "state", "edition", "due")

    def is_due(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those whose yearly review should have been done."""
        return queries.overdue(rows, on=timezone.localdate())


class PilotTable(Table):
    """改革试点."""

    name = tables.Column(linkify=True)
    unit = tables.Column(accessor="unit__name", order_by="unit__code", verbose_name="试点单位")
    matter = tables.Column(order_by="matter__code")

    class Meta(Table.Meta):
        model = Pilot
        fields = ("year", "name", "level", "unit", "matter", "state")
        order_by = ("-year", "name")

    def render_matter(self, record: Pilot) -> str:
        """Code and name."""
        return f"{record.matter.code} {newest_name(record.matter)}" if record.matter else "—"


class PilotFilter(django_filters.FilterSet):
    """By year, level, state."""

    year = django_filters.NumberFilter(label="年度")
    state = django_filters.ChoiceFilter(choices=PilotState.choices, label="状态")
    level = django_filters.ChoiceFilter(choices=Pilot._meta.get_field("level").choices, label="试点层级")

    class Meta:
        model = Pilot
        fields = ("year", "state", "level")
