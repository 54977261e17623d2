"""Columns and query forms of inspectors, certificates, leave and third-party bodies."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from gongchou.accounts.models import Department
from gongchou.registry.models import Certificate, Inspector, Item, Tag, ThirdParty
from gongchou.registry.queries import inspectors as queries
from gongchou.registry.queries.items import visible_items
from gongchou.registry.tables.tags import TagChoice
from gongchou.web.forms import SEARCHED
from gongchou.web.lists import GlanceColumn, Table, YesNoFilter

LOOKS = {"valid": "success", "expiring": "warning", "expired": "danger", "none": "secondary"}


def state_badge(state: str, words: str = "") -> str:
    """A certificate state, in words and not by colour alone; in its usual words unless others are given."""
    look = LOOKS[state]
    words = words or dict(queries.CERTIFICATE_STATES)[state]
    return format_html('<span class="badge text-bg-{}">{}</span>', look, words)


class InspectorTable(Table):
    """The dense list of inspectors; telephones masked, as they are in the workbook."""

    number = tables.Column(verbose_name="编号")
    name = tables.Column(linkify=True)
    department = tables.Column(accessor="department__short_name", verbose_name="所在单位", order_by="department__code")
    certified_until = tables.Column(verbose_name="执法证", empty_values=(), order_by="certified_until")
    tags = tables.Column(verbose_name="资质与专长", empty_values=(), orderable=False)
    phone = tables.Column(verbose_name="手机号", accessor="masked_phone", orderable=False)
    state = tables.Column(verbose_name="状态")
    unit = tables.Column(visible=False)  # on the screen it stands beside the department; a workbook has it apart
    post = tables.Column(visible=False)
    actions = GlanceColumn()

    class Meta(Table.Meta):
        model = Inspector
        fields = (
            "number",
            "name",
            "department",
            "unit",
            "category",
            "post",
            "certified_until",
            "tags",
            "phone",
            "state",
            "actions",
        )
        order_by = ("number",)

    def render_department(self, record: Inspector, value: str) -> str:
        """The department and the unit in it."""
        return f"{value} {record.unit}".strip()

    def value_department(self, value: str) -> str:
        """The department alone, in a workbook."""
        return value

    def render_certified_until(self, record: Any) -> str:
        """State and last day."""
        state = queries.certificate_state(record.certified_until, timezone.localdate())
        return format_html("<span>{} {}</span>", state_badge(state), record.certified_until or "")

    def value_certified_until(self, record: Any) -> date | str:
        """The last day, in a workbook."""
        return record.certified_until or "无证"

    def render_tags(self, record: Inspector) -> str:
        """Tags as small marks; a person with many shows the first three."""
        names = [tag.name for tag in record.tags.all()]
        marks = format_html_join(" ", '<span class="badge text-bg-light">{}</span>', ((name,) for name in names[:3]))
        more = f" 等 {len(names)} 项" if len(names) > 3 else ""
        return format_html("<span>{}{}</span>", marks or "—", more)

    def value_tags(self, record: Inspector) -> str:
        """All tags, in a workbook."""
        return "、".join(tag.name for tag in record.tags.all())

    def render_state(self, record: Any) -> str:
        """Active, away today, or ended."""
        if record.state != Inspector.State.ACTIVE:
            return format_html('<span class="badge text-bg-secondary">{}</span>', record.get_state_display())
        return format_html('<span class="badge text-bg-info">{}</span>', "今日离岗") if record.is_away else "有效"

    def value_state(self, record: Any) -> str:
        """In words, in a workbook."""
        return str(record.get_state_display())


def _departments(request: Any) -> QuerySet[Department]:
    return queries.departments_read(request.user)


def _tags(request: Any) -> QuerySet[Tag]:
    return Tag.objects.filter(is_for_inspectors=True, state=Tag.State.IN_USE)


def _items(request: Any) -> QuerySet[Item]:
    return visible_items(request.user)


class InspectorFilter(django_filters.FilterSet):
    """What officials ask for most, the search first."""

    q = django_filters.CharFilter(
        method="search",
        label="姓名、拼音首字母、编号",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "如：张、zs、0012", "data-search-box": ""}),
    )
    department = django_filters.ModelChoiceFilter(queryset=_departments, label="所在单位", widget=SEARCHED)
    certificate = django_filters.ChoiceFilter(
        method="by_certificate", choices=queries.CERTIFICATE_STATES, label="执法证"
    )
    category = django_filters.ChoiceFilter(choices=Inspector.Category.choices, label="人员类别")
    tag = TagChoice(_tags, "资质与专长")
    item = django_filters.ModelChoiceFilter(queryset=_items, method="for_item", label="可承担事项", widget=SEARCHED)
    is_expert = YesNoFilter(label="专家")
    is_away = YesNoFilter(method="away_today", label="今日离岗")
    state = django_filters.ChoiceFilter(choices=Inspector.State.choices, label="状态")

    class Meta:
        model = Inspector
        fields = ("q", "department", "certificate", "category", "tag", "item", "is_expert", "is_away", "state")

    def search(self, rows: QuerySet[Inspector], name: str, value: str) -> QuerySet[Inspector]:
        """Name, initials, number."""
        return queries.in_words(rows, value)

    def by_certificate(self, rows: QuerySet[Inspector], name: str, value: str) -> QuerySet[Inspector]:
        """As it is today."""
        return queries.in_certificate_state(rows, value, timezone.localdate())

    def with_tag(self, rows: QuerySet[Inspector], name: str, value: Tag) -> QuerySet[Inspector]:
        """Who bears it."""
        return queries.bearing_tag(rows, value)

    def for_item(self, rows: QuerySet[Inspector], name: str, value: Item) -> QuerySet[Inspector]:
        """Whose scope holds it."""
        return queries.doing_item(rows, value)

    def away_today(self, rows: QuerySet[Inspector], name: str, value: bool) -> QuerySet[Inspector]:
        """On leave today, or not."""
        away = queries.is_away_on(timezone.localdate())
        return rows.filter(away) if value else rows.filter(~away)


class CertificateTable(Table):
    """Certificates by the day they end."""

    valid_to = tables.DateColumn(format="Y-m-d")
    left = tables.Column(verbose_name="剩余天数", empty_values=(), orderable=False)
    inspector = tables.Column(linkify=True, order_by="inspector__number")
    department = tables.Column(
        accessor="inspector__department__short_name", verbose_name="所在单位", order_by="inspector__department__code"
    )

    class Meta(Table.Meta):
        model = Certificate
        fields = ("inspector", "department", "kind", "number", "valid_to", "left")
        order_by = ("valid_to", "number")

    def render_left(self, record: Certificate) -> str:
        """Days until it ends, or that it has ended."""
        days = (record.valid_to - timezone.localdate()).days
        state = queries.certificate_state(record.valid_to, timezone.localdate())
        return state_badge(state, (f"{days} 天后到期" if days else "今日到期") if days >= 0 else "")

    def value_left(self, record: Certificate) -> int:
        """Days, negative once it has ended."""
        return (record.valid_to - timezone.localdate()).days

    def value_number(self, value: str) -> str:
        """A number stays text in a workbook."""
        return value


WITHIN = (("expired", "已过期"), ("30", "30 日内到期"), ("60", "60 日内到期"), ("90", "90 日内到期"))


class CertificateFilter(django_filters.FilterSet):
    """How soon, where, which kind."""

    within = django_filters.ChoiceFilter(method="ending", choices=WITHIN, label="到期情况")
    department = django_filters.ModelChoiceFilter(
        field_name="inspector__department", queryset=_departments, label="所在单位", widget=SEARCHED
    )
    kind = django_filters.CharFilter(lookup_expr="icontains", label="证件类别")

    class Meta:
        model = Certificate
        fields = ("within", "department", "kind")

    def ending(self, rows: QuerySet[Certificate], name: str, value: str) -> QuerySet[Certificate]:
        """Ended before today, or to end within so many days."""
        return queries.ending_within(rows, value, timezone.localdate())


class ThirdPartyTable(Table):
    """Bodies and how many of their people stand in the library."""

    n_people = tables.Column(verbose_name="在库人员")
    keeper = tables.Column(accessor="keeper__short_name", verbose_name="登记单位", order_by="keeper__code")
    is_active = tables.Column(verbose_name="状态")
    actions = tables.Column(empty_values=(), orderable=False, verbose_name="操作", exclude_from_export=True)

    class Meta(Table.Meta):
        model = ThirdParty
        fields = ("code", "name", "speciality", "keeper", "n_people", "is_active", "actions")
        order_by = ("code",)

    def render_is_active(self, record: ThirdParty) -> str:
        """In words."""
        return "有效" if record.is_active else "已停用"

    def render_actions(self, record: Any) -> str:
        """What its keeper may do."""
        if not record.is_kept:
            return "—"
        return format_html('<a href="{}">维护</a>', reverse("registry:change-third-party", args=[record.pk]))
