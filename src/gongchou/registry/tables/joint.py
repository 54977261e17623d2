"""Columns and query form of joint items."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import Q, QuerySet

from gongchou.accounts.models import Department
from gongchou.registry.models import Edition, JointItemVersion
from gongchou.registry.tables.lists import VersionFilter, VersionTable, edition_filter, tags_of_items
from gongchou.registry.tables.tags import TagChoice
from gongchou.web.forms import SEARCHED


def _departments(request: Any) -> QuerySet[Department]:
    return Department.objects.filter(is_active=True, is_internal_unit=False)


class JointTable(VersionTable):
    """部门联合抽查事项清单, in the columns of the published lists."""

    code = tables.Column(accessor="joint_item__code", order_by=("joint_item__code", "number"), verbose_name="序号")
    items = tables.Column(empty_values=(), orderable=False, verbose_name="抽查事项")
    initiators = tables.Column(empty_values=(), orderable=False, verbose_name="发起部门")
    participants = tables.Column(empty_values=(), orderable=False, verbose_name="配合部门")
    ratio = tables.Column(accessor="ratio_words", orderable=False, verbose_name="抽查比例")
    time = tables.Column(orderable=False)
    levels = tables.Column(orderable=False)

    class Meta(VersionTable.Meta):
        model = JointItemVersion
        fields = (
            "code",
            "field",
            "name",
            "state",
            "items",
            "initiators",
            "participants",
            "ratio",
            "time",
            "levels",
            "edition",
        )
        sequence = (*fields, "number")
        order_by = ("code",)

    def render_items(self, record: JointItemVersion) -> str:
        """Codes of the items."""
        return "、".join(item.code for item in record.items.all())

    def render_initiators(self, record: JointItemVersion) -> str:
        """Short names, with the type of subject where there are several."""
        rows = record.initiators.all()
        return "；".join(f"{row.subject_type}：{row.department.short_name}".lstrip("：") for row in rows)

    def render_participants(self, record: JointItemVersion) -> str:
        """Short names."""
        return "、".join(sorted(department.short_name for department in record.participants.all()))


class JointFilter(VersionFilter):
    """By field, departments, state, edition, tag."""

    thing_field = "joint_item"

    party = django_filters.ModelChoiceFilter(
        queryset=_departments, method="with_party", label="发起或配合部门", widget=SEARCHED
    )
    edition = edition_filter(Edition.Kind.JOINT)
    tag = TagChoice(tags_of_items, "标签")

    class Meta:
        model = JointItemVersion
        fields = ("q", "area", "party", "owner", "state", "edition", "tag")

    def with_party(self, rows: QuerySet[Any], name: str, value: Department) -> QuerySet[Any]:
        """Whoever calls or comes."""
        own = JointItemVersion.objects.filter(Q(initiators__department=value) | Q(participants=value))
        return rows.filter(pk__in=own.order_by().values("pk"))
