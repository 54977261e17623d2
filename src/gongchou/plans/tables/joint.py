"""Columns and query forms of invitations, questions, campaigns, agreements and norms."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html

from gongchou.plans.models import Agreement, Campaign, Invitation, Norm, Question
from gongchou.plans.norms import KINDS, NormCode
from gongchou.plans.states.joint import InvitationState, QuestionState
from gongchou.plans.tables.plans import Mine, Territorial, departments, regions
from gongchou.web.forms import SEARCHED
from gongchou.web.lists import NUMBER, Table

MARKS = {
    InvitationState.INVITED: "text-bg-warning",
    InvitationState.ACCEPTED: "text-bg-primary",
    InvitationState.CHARGED: "text-bg-primary",
}


def invitation_badge(state: str) -> str:
    """A state as a small mark; the word says it, the colour only helps."""
    known = InvitationState(state)
    return format_html('<span class="badge {}">{}</span>', MARKS.get(known, "text-bg-secondary"), known.label)


class InvitationTable(Table):
    """联合抽查邀请, those one got and those one sent."""

    line = tables.Column(linkify=lambda record: record.get_absolute_url(), empty_values=(), verbose_name="计划行")
    plan = tables.Column(accessor="line__plan", order_by="line__plan__year", verbose_name="计划")
    department = tables.Column(accessor="department__short_name", order_by="department__code", verbose_name="受邀部门")

    class Meta(Table.Meta):
        model = Invitation
        fields = ("line", "plan", "department", "state", "message", "asked_at", "answered_at", "reason")
        order_by = ("-asked_at",)

    def render_line(self, record: Invitation) -> str:
        """Its number and name."""
        return f"第{record.line.number}行 {record.line_name}"  # type: ignore[attr-defined]  # annotated

    def render_state(self, record: Invitation) -> str:
        """As a mark."""
        return invitation_badge(record.state)

    def value_state(self, record: Invitation) -> str:
        """As words."""
        return record.state_word


class InvitationFilter(Territorial):
    """By word, year, department, territory, line, answer."""

    q = django_filters.CharFilter(method="search", label="计划行名称", widget=forms.TextInput(attrs={"type": "search"}))
    year = django_filters.NumberFilter(field_name="line__plan__year", label="年度")
    department = django_filters.ModelChoiceFilter(queryset=departments, label="受邀部门", widget=SEARCHED)
    state = django_filters.ChoiceFilter(choices=InvitationState.choices, label="答复")

    class Meta:
        model = Invitation
        fields = ("q", "year", "department", "region", "function", "state")

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Part of the line's name."""
        return rows.filter(line_name__icontains=value)


class QuestionTable(Table):
    """联席会议协调事项: the agenda."""

    text = tables.Column(linkify=lambda record: record.invitation.get_absolute_url())
    department = tables.Column(accessor="invitation__department__short_name", orderable=False, verbose_name="受邀部门")
    plan = tables.Column(accessor="line__plan", orderable=False, verbose_name="计划")

    class Meta(Table.Meta):
        model = Question
        fields = ("text", "plan", "department", "state", "raised_at", "meeting_on", "decision", "decided_at")
        order_by = ("-raised_at",)


class QuestionFilter(Mine):
    """By word, state, day of the meeting."""

    department_field = "line__plan__department"

    q = django_filters.CharFilter(method="search", label="事由", widget=forms.TextInput(attrs={"type": "search"}))
    state = django_filters.ChoiceFilter(choices=QuestionState.choices, label="状态")
    year = django_filters.NumberFilter(field_name="line__plan__year", label="年度")

    class Meta:
        model = Question
        fields = ("q", "state", "year")

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Part of the question or the decision."""
        return rows.filter(Q(text__icontains=value) | Q(decision__icontains=value))


class CampaignTable(Table):
    """集中联合抽查."""

    name = tables.Column(linkify=lambda record: f"{reverse('plans:lines')}?campaign={record.pk}")
    n_lines = tables.Column(verbose_name="已列入计划行", attrs=NUMBER)
    ended_at = tables.Column(verbose_name="取消时间")
    actions = tables.TemplateColumn(
        template_name="plans/end_campaign.html", verbose_name="操作", orderable=False, exclude_from_export=True
    )

    class Meta(Table.Meta):
        model = Campaign
        fields = ("name", "year", "region", "organiser", "begins_on", "ends_on", "n_tasks", "n_lines", "source",
                  "ended_at", "actions")  # fmt: skip
        order_by = ("-year", "begins_on")


class CampaignFilter(django_filters.FilterSet):
    """By year and territory."""

    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label="名称")
    year = django_filters.NumberFilter(label="年度")
    region = django_filters.ModelChoiceFilter(queryset=regions, label="区划", widget=SEARCHED)

    class Meta:
        model = Campaign
        fields = ("q", "year", "region")


class AgreementTable(Table):
    """跨区域协议."""

    actions = tables.TemplateColumn(
        template_name="plans/end_agreement.html", verbose_name="操作", orderable=False, exclude_from_export=True
    )

    class Meta(Table.Meta):
        model = Agreement
        fields = ("name", "department", "partner", "fields", "document_no", "signed_on", "valid_to", "ended_at",
                  "end_reason", "actions")  # fmt: skip
        order_by = ("-signed_on",)


class AgreementFilter(django_filters.FilterSet):
    """By word and department."""

    q = django_filters.CharFilter(method="search", label="名称或对方", widget=forms.TextInput(attrs={"type": "search"}))
    department = django_filters.ModelChoiceFilter(queryset=departments, label="签署部门", widget=SEARCHED)

    class Meta:
        model = Agreement
        fields = ("q", "department")

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Part of the name or of the partner."""
        return rows.filter(Q(name__icontains=value) | Q(partner__icontains=value))


class NormTable(Table):
    """工作指标, those that applied before too."""

    code = tables.Column(verbose_name="指标")
    set_by = tables.Column(accessor="set_by__name", orderable=False, verbose_name="设定人")
    ended_at = tables.Column(verbose_name="停用时间", empty_values=())
    actions = tables.TemplateColumn(
        template_name="plans/end_norm.html", verbose_name="操作", orderable=False, exclude_from_export=True
    )

    class Meta(Table.Meta):
        model = Norm
        fields = ("year", "region", "code", "value", "source", "set_at", "set_by", "ended_at", "actions")
        order_by = ("-year", "region", "code")

    def render_code(self, value: str) -> str:
        """Its name."""
        return KINDS[NormCode(value)].name

    def value_code(self, value: str) -> str:
        """The same."""
        return self.render_code(value)

    def render_ended_at(self, value: Any) -> Any:
        """Those without an end apply."""
        return value or "现行"


class NormFilter(django_filters.FilterSet):
    """By year, territory and kind; what applies now unless asked otherwise."""

    year = django_filters.NumberFilter(label="年度")
    region = django_filters.ModelChoiceFilter(queryset=regions, label="区划", widget=SEARCHED)
    code = django_filters.ChoiceFilter(choices=[(str(code), kind.name) for code, kind in KINDS.items()], label="指标")
    past = django_filters.ChoiceFilter(
        choices=[("yes", "含已停用")], method="with_past", label="范围", empty_label="只看现行"
    )

    class Meta:
        model = Norm
        fields = ("year", "region", "code", "past")

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """As said above."""
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("past") else rows.filter(ended_at=None)

    def with_past(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """All of them."""
        return rows
