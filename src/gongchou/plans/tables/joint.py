"""Columns and query forms of invitations, questions, campaigns, agreements and norms."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html

from gongchou.plans.models import Agreement, Campaign, Invitation, Norm, Proposal, Question
from gongchou.plans.norms import KINDS, NormCode
from gongchou.plans.queries.joint import to_answer
from gongchou.plans.states.joint import InvitationState, ProposalState, QuestionState
from gongchou.plans.tables.plans import Mine, Territorial, YearFilter, departments, regions
from gongchou.registry.models import MatterVersion
from gongchou.registry.models.matters import OneThing
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
        return f"第{record.line.number}行 {record.line_name or '（已删除）'}"  # type: ignore[attr-defined]  # annotated

    def render_state(self, record: Invitation) -> str:
        """As a mark."""
        return invitation_badge(record.state)

    def value_state(self, record: Invitation) -> str:
        """As words."""
        return record.state_word


class InvitationFilter(Territorial):
    """By word, year, department, territory, line, answer."""

    q = django_filters.CharFilter(method="search", label="计划行名称", widget=forms.TextInput(attrs={"type": "search"}))
    year = YearFilter(field_name="line__plan__year")
    department = django_filters.ModelChoiceFilter(queryset=departments, label="受邀部门", widget=SEARCHED)
    state = django_filters.ChoiceFilter(choices=InvitationState.choices, label="答复")
    mine = django_filters.ChoiceFilter(
        choices=[("answer", "待本部门答复")], method="of_mine", label="经办范围", empty_label="不限"
    )

    class Meta:
        model = Invitation
        fields = ("q", "year", "department", "region", "function", "state", "mine")

    def of_mine(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """What waits for one's own answer."""
        return rows.filter(pk__in=to_answer(self.request.user).order_by().values("pk"))

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


class QuestionFilter(Territorial, Mine):
    """By word, state, year, territory and line of the department whose plan it is about."""

    department_field = "line__plan__department"

    q = django_filters.CharFilter(method="search", label="事由", widget=forms.TextInput(attrs={"type": "search"}))
    state = django_filters.ChoiceFilter(choices=QuestionState.choices, label="状态")
    year = YearFilter(field_name="line__plan__year")

    class Meta:
        model = Question
        fields = ("q", "state", "year", "region", "function", "mine")

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
    year = YearFilter()
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


class AgreementFilter(Territorial):
    """By word, department, territory and line."""

    q = django_filters.CharFilter(method="search", label="名称或对方", widget=forms.TextInput(attrs={"type": "search"}))
    department = django_filters.ModelChoiceFilter(queryset=departments, label="签署部门", widget=SEARCHED)

    class Meta:
        model = Agreement
        fields = ("q", "department", "region", "function")

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

    year = YearFilter()
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


class ProposalTable(Table):
    """联合抽查建议."""

    kind = tables.Column(linkify=lambda record: record.get_absolute_url())
    names = tables.Column(empty_values=(), orderable=False, verbose_name="计划行")
    n_saved = tables.Column(empty_values=(), orderable=False, verbose_name="预计少跑（户次）", attrs=NUMBER)

    class Meta(Table.Meta):
        model = Proposal
        fields = ("kind", "year", "region", "names", "n_saved", "state", "found_at", "reason")
        order_by = ("-found_at",)

    def render_names(self, record: Proposal) -> str:
        """Number and plan of each line."""
        return "；".join(f"{line.plan.department.short_name}第{line.number}行" for line in record.lines.all())

    def render_n_saved(self, record: Proposal) -> int:
        """Visits that one shared visit saves."""
        return int(record.told.get("n_saved", 0))


class ProposalFilter(django_filters.FilterSet):
    """By year, kind, state, department."""

    year = YearFilter()
    kind = django_filters.ChoiceFilter(choices=Proposal.Kind.choices, label="类别")
    state = django_filters.ChoiceFilter(choices=ProposalState.choices, label="状态")
    department = django_filters.ModelChoiceFilter(
        queryset=departments, method="of_department", label="计划部门", widget=SEARCHED
    )

    class Meta:
        model = Proposal
        fields = ("year", "kind", "state", "department")

    def of_department(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """With a line in one of its plans."""
        touching = Proposal.lines.through.objects.filter(line__plan__department=value).order_by().values("proposal")
        return rows.filter(pk__in=touching)


class MatterTable(Table):
    """综合监管落实: what is planned and done for each matter."""

    name = tables.Column(linkify=lambda record: record.matter.get_absolute_url())
    duties = tables.Column(empty_values=(), orderable=False, verbose_name="监管责任")
    n_lines = tables.Column(verbose_name="计划行", attrs=NUMBER)
    n_tasks = tables.Column(verbose_name="任务", attrs=NUMBER)
    review_by = tables.Column(accessor="matter__review_by", verbose_name="应复核日期")

    class Meta(Table.Meta):
        model = MatterVersion
        fields = ("name", "field", "one_thing", "lead", "duties", "n_lines", "n_tasks", "review_by")
        order_by = ("one_thing", "name")

    def render_duties(self, record: MatterVersion) -> str:
        """Who answers for what."""
        return "；".join(f"{one.department.short_name}：{one.duty}" for one in record.duties.all())


class MatterFilter(django_filters.FilterSet):
    """By word, field of 综合监管一件事, lead, and whether anything is planned."""

    q = django_filters.CharFilter(method="search", label="名称或领域", widget=forms.TextInput(attrs={"type": "search"}))
    one_thing = django_filters.ChoiceFilter(choices=OneThing.choices, label="综合监管一件事")
    lead = django_filters.ModelChoiceFilter(queryset=departments, label="牵头部门", widget=SEARCHED)
    planned = django_filters.ChoiceFilter(
        choices=[("yes", "已列入"), ("no", "未列入")], method="is_planned", label="联合抽查计划"
    )

    class Meta:
        model = MatterVersion
        fields = ("q", "one_thing", "lead", "planned")

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Part of the name or the field."""
        return rows.filter(Q(name__icontains=value) | Q(field__icontains=value))

    def is_planned(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """With a line in a published plan of the year, or without."""
        return rows.filter(n_lines__gt=0) if value == "yes" else rows.filter(n_lines=0)
