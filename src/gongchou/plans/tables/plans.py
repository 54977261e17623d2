"""Columns and query forms of plans and of their lines."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.html import format_html

from gongchou.accounts.functions import function_name
from gongchou.accounts.models import Department, Region
from gongchou.accounts.queries import and_below, departments_within
from gongchou.accounts.roles import Duty
from gongchou.plans.models import Campaign, LineVersion, Plan, PlanVersion
from gongchou.plans.queries.desk import ending_for, not_submitted_by, returned, unreceived
from gongchou.plans.queries.plans import overdue
from gongchou.plans.states.plans import LineState, PlanState
from gongchou.web.forms import SEARCHED
from gongchou.web.lists import NUMBER, Table

COLOURS = {
    PlanState.DRAFT: "text-bg-light",
    PlanState.REVIEW: "text-bg-warning",
    PlanState.APPROVED: "text-bg-info",
    PlanState.FILED: "text-bg-info",
    PlanState.PUBLISHED: "text-bg-primary",
}


STATES = [*PlanState.choices, ("returned", "被退回修改")]


def badge(state: str) -> str:
    """A state as a small mark; the word says it, the colour only helps."""
    known = PlanState(state)
    return format_html('<span class="badge {}">{}</span>', COLOURS.get(known, "text-bg-secondary"), known.label)


def departments(request: Any) -> QuerySet[Department]:
    """Who makes plans."""
    return Department.objects.filter(is_active=True, is_internal_unit=False)


def regions(request: Any) -> QuerySet[Region]:
    """Territories that have plans: down to counties."""
    return Region.objects.filter(valid_to=None).exclude(level=Region.Level.TOWN)


def functions(request: Any = None) -> list[tuple[str, str]]:
    """Department lines (条), as departments bear them."""
    found = Department.objects.filter(is_internal_unit=False).order_by("function").values_list("function", flat=True)
    return [(code, function_name(code)) for code in found.distinct() if code]


DUTIES = {"keep": Duty.KEEP_PLAN, "decide": Duty.APPROVE_PLAN, "coordinate": Duty.COORDINATE}
MINE = [("keep", "我编制的"), ("decide", "我审批的"), ("coordinate", "我统筹的")]


class YearFilter(django_filters.NumberFilter):
    """年度, as plans have them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label="年度", min_value=2000, max_value=2100, **kwargs)


class Mine(django_filters.FilterSet):
    """What the reader has one of her duties for, as her desk counts it; ``department_field`` says whose it is."""

    department_field = "department"

    mine = django_filters.ChoiceFilter(choices=MINE, method="of_mine", label="经办范围", empty_label="不限")

    def of_mine(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Of the departments that she reaches with the duty."""
        own = departments_within(self.request.user, DUTIES[value]).order_by().values("pk")
        return rows.filter(**{f"{self.department_field}__in": own})


class Territorial(Mine):
    """By territory (块) and by department line (条)."""

    region = django_filters.ModelChoiceFilter(queryset=regions, method="in_region", label="区划（块）", widget=SEARCHED)
    function = django_filters.ChoiceFilter(choices=functions, method="of_function", label="条线")

    def in_region(self, rows: QuerySet[Any], name: str, value: Region) -> QuerySet[Any]:
        """There and below."""
        return rows.filter(**{f"{self.department_field}__region__in": and_below(Region, value.pk)})

    def of_function(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Of one line of command."""
        return rows.filter(**{f"{self.department_field}__function": value})


class PlanTable(Table):
    """年度抽查计划: of each plan the version that counts."""

    name = tables.Column(linkify=True)
    year = tables.Column(accessor="plan__year", attrs=NUMBER, verbose_name="年度")
    department = tables.Column(
        accessor="plan__department__short_name", order_by="plan__department__code", verbose_name="制定部门"
    )
    kind = tables.Column(accessor="plan__get_kind_display", order_by="plan__kind", verbose_name="计划类型")
    number = tables.Column(verbose_name="版本", attrs=NUMBER)
    n_lines = tables.Column(verbose_name="计划行", attrs=NUMBER)

    class Meta(Table.Meta):
        model = PlanVersion
        fields = ("name", "year", "department", "kind", "state", "number", "n_lines", "filed_at", "published_at")
        order_by = ("-year", "department")

    def render_state(self, record: PlanVersion) -> str:
        """As a mark, and whether it came back."""
        told = "（被退回）" if record.state == PlanState.DRAFT and record.returned_reason else ""
        return format_html("{} {}", badge(record.state), told)

    def value_state(self, record: PlanVersion) -> str:
        """As words."""
        return record.state_word


class PlanFilter(Territorial):
    """By word, year, kind, department, territory, line, state."""

    department_field = "plan__department"

    q = django_filters.CharFilter(method="search", label="名称或文号", widget=forms.TextInput(attrs={"type": "search"}))
    year = YearFilter(field_name="plan__year")
    kind = django_filters.ChoiceFilter(field_name="plan__kind", choices=Plan.Kind.choices, label="计划类型")
    department = django_filters.ModelChoiceFilter(
        field_name="plan__department", queryset=departments, label="制定部门", widget=SEARCHED
    )
    state = django_filters.ChoiceFilter(
        choices=[*PlanState.choices, ("returned", "被退回修改"), ("unreceived", "待登记备案")],
        method="in_state",
        label="状态",
        empty_label="现行（全部）",
    )

    class Meta:
        model = PlanVersion
        fields = ("q", "year", "kind", "department", "region", "function", "state")

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Without a state asked for, what counts: neither superseded nor withdrawn."""
        rows = super().filter_queryset(queryset)
        past = [PlanState.SUPERSEDED, PlanState.WITHDRAWN]
        return rows if self.form.cleaned_data.get("state") else rows.exclude(state__in=past)

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Part of the name, the number of the document or the department."""
        department = Q(plan__department__name__icontains=value)
        return rows.filter(Q(name__icontains=value) | Q(document_no__icontains=value) | department)

    def in_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """In a state, or sent back."""
        if value == "returned":
            return returned(rows)
        return unreceived(rows) if value == "unreceived" else rows.filter(state=value)

    def of_mine(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """As said above; nobody approves what she submitted."""
        found = super().of_mine(rows, name, value)
        return not_submitted_by(found, self.request.user) if value == "decide" else found


def campaigns(request: Any) -> QuerySet[Campaign]:
    """All of them."""
    return Campaign.objects.all()


class LineTable(Table):
    """Lines of all plans."""

    name = tables.Column(linkify=True)
    year = tables.Column(accessor="version__plan__year", attrs=NUMBER, verbose_name="年度")
    number = tables.Column(accessor="line__number", attrs=NUMBER, verbose_name="序号")
    initiator = tables.Column(accessor="initiator__short_name", order_by="initiator__code", verbose_name="发起部门")
    participants = tables.Column(empty_values=(), orderable=False, verbose_name="配合部门")
    items = tables.Column(empty_values=(), orderable=False, verbose_name="抽查事项")
    ratio = tables.Column(accessor="ratio_words", orderable=False, verbose_name="抽查比例")
    state = tables.Column(accessor="line__state_word", order_by="line__state", verbose_name="进度")

    class Meta(Table.Meta):
        model = LineVersion
        fields = (
            "name", "year", "number", "initiator", "items", "ratio", "begins_on", "ends_on", "state", "participants",
            "rounds", "field", "subject_words",
        )  # fmt: skip
        order_by = ("-year", "initiator", "number")

    def render_participants(self, record: LineVersion) -> str:
        """Short names."""
        return "、".join(sorted(one.short_name for one in record.participants.all()))

    def render_items(self, record: LineVersion) -> str:
        """Codes."""
        return "、".join(sorted(one.code for one in record.items.all()))


class LineFilter(Territorial):
    """By word, year, kind, department, territory, line, progress, month."""

    department_field = "initiator"

    q = django_filters.CharFilter(method="search", label="名称或领域", widget=forms.TextInput(attrs={"type": "search"}))
    year = YearFilter(field_name="version__plan__year")
    joint = django_filters.ChoiceFilter(
        choices=[("yes", "部门联合"), ("no", "部门内部")], method="is_joint", label="类型"
    )
    department = django_filters.ModelChoiceFilter(
        queryset=departments, method="of_department", label="发起或配合部门", widget=SEARCHED
    )
    state = django_filters.ChoiceFilter(
        choices=[*LineState.choices, ("overdue", "超期"), ("ending", "即将到期，无任务")],
        method="in_state",
        label="进度",
    )
    campaign = django_filters.ModelChoiceFilter(queryset=campaigns, label="集中抽查", widget=SEARCHED)
    month = django_filters.ChoiceFilter(
        choices=[(n, f"{n}月") for n in range(1, 13)], method="in_month", label="时间包含"
    )

    class Meta:
        model = LineVersion
        fields = ("q", "year", "joint", "department", "region", "function", "state", "campaign", "month")

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Part of the name or the field."""
        return rows.filter(Q(name__icontains=value) | Q(field__icontains=value))

    def is_joint(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """With others or alone."""
        joined = LineVersion.participants.through.objects.order_by().values("lineversion")
        return rows.filter(pk__in=joined) if value == "yes" else rows.exclude(pk__in=joined)

    def of_department(self, rows: QuerySet[Any], name: str, value: Department) -> QuerySet[Any]:
        """Who has a part in it."""
        joined = LineVersion.participants.through.objects.filter(department=value).order_by().values("lineversion")
        return rows.filter(Q(initiator=value) | Q(pk__in=joined))

    def in_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """As far as its tasks have come, or past its end."""
        if value == "overdue":
            return overdue(rows, timezone.localdate())
        return ending_for(rows, self.request.user) if value == "ending" else rows.filter(line__state=value)

    def in_month(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Whose window touches a month of its year."""
        month = int(value)
        begins = Q(begins_on__month__lte=month) | Q(begins_on=None)
        return rows.filter(begins, Q(ends_on__month__gte=month) | Q(ends_on=None))
