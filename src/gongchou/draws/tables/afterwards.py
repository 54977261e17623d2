"""Columns and query forms of the lists of what happens after a draw."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from gongchou.accounts.models import Department
from gongchou.draws.models import Batch, Hit, Joining, Replacement, Seat, Substitution, Visit
from gongchou.draws.queries.joining import own_departments
from gongchou.draws.queries.results import IN_SAMPLE
from gongchou.draws.reasons import choices, words
from gongchou.draws.requests import due_at_of, stage_of
from gongchou.draws.states import WITH_RESULT, RequestStage
from gongchou.draws.tables import HitTable, VisitTable, batch_badge
from gongchou.refusal import Refused
from gongchou.web.forms import SEARCHED
from gongchou.web.lists import NUMBER, Table, TickColumn

JOIN_FORM = "join-form"  # id of the form on the page of a territory
_SEARCH = forms.TextInput(attrs={"type": "search"})


def _actions() -> tables.Column:
    return tables.Column(accessor="pk", verbose_name="操作", orderable=False, exclude_from_export=True)


def _link(address: str, words_: str, label: str) -> str:
    return format_html('<a href="{}" aria-label="{}">{}</a>', address, f"{words_}：{label}", words_)


class _Searched(django_filters.FilterSet):
    """By word, in what ``looked_for`` names."""

    looked_for: tuple[str, ...] = ()
    q = django_filters.CharFilter(method="search", label="名称、编号或人员", widget=_SEARCH)

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Part of any of these."""
        found = Q()
        for field in self.looked_for:
            found |= Q(**{f"{field}__icontains": value})
        return rows.filter(found)


# Objects ------------------------------------------------------------------------------------------


class ObjectTable(HitTable):
    """抽中的对象, with who came in for whom."""

    actions = _actions()

    class Meta(HitTable.Meta):
        fields = (*HitTable.Meta.fields, "actions")  # type: ignore[assignment]

    def render_place(self, record: Hit) -> str:
        """With the rank of the other."""
        if record.place == Hit.Place.CAME_IN and hasattr(record, "came_for"):
            return f"{record.get_place_display()}（接第 {record.came_for.out.rank} 位）"
        into = next((one.into for one in record.replacements.all() if one.into), None)
        return f"{record.get_place_display()}（第 {into.rank} 位递补）" if into else record.get_place_display()

    def render_actions(self, record: Hit) -> str:
        """Ask, or look at what was asked."""
        waiting = next((one for one in record.replacements.all() if one.refused_at is None), None)
        if waiting is not None:
            return _link(waiting.get_absolute_url(), "查看替换", record.subject.name)
        can = record.place in IN_SAMPLE and record.batch.state in WITH_RESULT and not record.draw.is_withdrawn
        return _link(reverse("draws:replace", args=[record.pk]), "申请替换", record.subject.name) if can else "—"


class ReplacementTable(Table):
    """对象替换."""

    out = tables.Column(
        accessor="out__subject__name", verbose_name="退出的对象", linkify=lambda record: record.get_absolute_url()
    )
    rank = tables.Column(accessor="out__rank", verbose_name="位次", attrs=NUMBER)
    task = tables.Column(accessor="draw__task__name", verbose_name="任务")
    stratum = tables.Column(accessor="out__stratum__label", verbose_name="层")
    state = tables.Column(empty_values=(), orderable=False, verbose_name="状态")
    into = tables.Column(accessor="into__subject__name", verbose_name="递补的对象", default="")
    into_rank = tables.Column(accessor="into__rank", verbose_name="递补位次", attrs=NUMBER, default="")
    asked_by = tables.Column(accessor="asked_by__name", verbose_name="提出人")

    class Meta(Table.Meta):
        model = Replacement
        fields = (
            "out",
            "rank",
            "task",
            "stratum",
            "reason",
            "state",
            "into",
            "into_rank",
            "asked_at",
            "asked_by",
            "event",
        )
        order_by = ("-asked_at",)
        empty_text = "没有提出过替换。"

    def render_reason(self, value: str) -> str:
        """In words."""
        return words("replace", value)

    def render_state(self, record: Replacement) -> str:
        """What became of it."""
        return state_of(record)


def state_of(row: Replacement) -> str:
    """待同意, 已同意 or 未同意."""
    if row.approved_at is not None:
        return "已同意"
    return "未同意" if row.refused_at is not None else "待同意"


class ReplacementFilter(_Searched):
    """By word, reason, what became of it."""

    looked_for = ("out__subject__name", "out__subject__number", "into__subject__name", "into__subject__number")
    state = django_filters.ChoiceFilter(
        choices=[("waits", "待同意"), ("done", "已同意"), ("refused", "未同意")], method="with_state", label="状态"
    )
    reason = django_filters.ChoiceFilter(choices=choices("replace"), label="理由")

    class Meta:
        model = Replacement
        fields = ("q", "state", "reason")

    def with_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Answered or not."""
        asked = {
            "waits": Q(approved_at=None, refused_at=None),
            "done": Q(approved_at__isnull=False),
            "refused": Q(refused_at__isnull=False),
        }
        return rows.filter(asked[value])


# Seats --------------------------------------------------------------------------------------------


class DoorTable(VisitTable):
    """检查户次, with who joined and a way to its seats."""

    joined = tables.Column(empty_values=(), orderable=False, verbose_name="加入的部门")
    actions = _actions()

    class Meta(VisitTable.Meta):
        fields = ("number", "subject", "keeper", "tasks", "team", "joined", "visit_on", "actions")  # type: ignore[assignment]

    def render_team(self, record: Visit) -> str:
        """By department; an open seat and one that is to be dealt again say so, and a door that nobody goes to."""
        if not record.subject.hits_of_batch:  # type: ignore[attr-defined]
            return "对象已退出，不再检查"
        asked = [str(seat.number) for seat in record.seats.all() if seat.waiting]  # type: ignore[attr-defined]
        told = super().render_team(record)
        return f"{told}（席位 {'、'.join(asked)} 重抽中）" if asked else told

    def render_joined(self, record: Visit) -> str:
        """Who comes along with items of her own."""
        return "、".join(f"{one.department.short_name} {one.n_people} 人" for one in record.joinings.all())

    def render_actions(self, record: Visit) -> str:
        """To its seats."""
        seats = reverse("draws:seats", args=[record.batch_id])
        return _link(f"{seats}?q={record.subject.number}", "席位", record.subject.name)


class BatchSeatTable(Table):
    """席位 of one batch."""

    subject = tables.Column(accessor="visit__subject__name", verbose_name="检查对象")
    object_number = tables.Column(accessor="visit__subject__number", verbose_name="统一社会信用代码或编号")
    number = tables.Column(verbose_name="席位", attrs=NUMBER)
    department = tables.Column(accessor="department__short_name", order_by="department__code", verbose_name="部门")
    inspector = tables.Column(accessor="inspector__name", verbose_name="检查人员", default="空缺")
    unit = tables.Column(accessor="inspector__department__short_name", verbose_name="所在单位", default="")
    team = tables.Column(accessor="team__name", verbose_name="检查小组", default="")
    now = tables.Column(empty_values=(), orderable=False, verbose_name="状态")
    actions = _actions()

    class Meta(Table.Meta):
        model = Seat
        fields = (
            "object_number", "subject", "number", "department", "inspector", "unit", "team", "now", "seated_at",
            "ended_at", "actions",
        )  # fmt: skip
        order_by = ("object_number", "number", "seated_at")

    def render_now(self, record: Seat) -> str:
        """As it stands, in words."""
        if record.ended_at is not None:
            return "已更换" if record.stands else "对象已退出"  # type: ignore[attr-defined]
        if not record.stands:  # type: ignore[attr-defined]
            return "对象已退出"
        if record.is_asked:  # type: ignore[attr-defined]
            return "重抽中"
        if record.inspector_id is None:
            return "空缺"
        return "申报了回避，待重抽" if record.is_recused else "在组"  # type: ignore[attr-defined]

    def render_actions(self, record: Seat) -> str:
        """Ask, where the department of the seat or the organiser is hers."""
        asked = next((one for one in record.substitutions.all() if one.dealt_at is None), None)
        if asked is not None:
            return _link(asked.get_absolute_url(), "查看重抽", record.visit.subject.name)
        is_open = record.ended_at is None and record.stands and not record.is_asked  # type: ignore[attr-defined]
        if not is_open or not self.request.may_reseat(record.department_id):
            return "—"
        words_ = "补配" if record.inspector_id is None else "申请重抽"
        label = f"{record.visit.subject.name} 席位 {record.number}"
        return _link(reverse("draws:reseat", args=[record.pk]), words_, label)


class BatchSeatFilter(_Searched):
    """By word, how it stands, department."""

    looked_for = (
        "visit__subject__name", "visit__subject__number", "inspector__name", "inspector__number", "team__name",
    )  # fmt: skip
    NOW = (
        ("held", "在组"),
        ("open", "空缺"),
        ("recused", "申报了回避，待重抽"),
        ("asked", "重抽中"),
        ("ended", "已更换或退出"),
    )
    now = django_filters.ChoiceFilter(choices=NOW, method="as_now", label="状态")

    class Meta:
        model = Seat
        fields = ("q", "now")

    def as_now(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """As the column says it."""
        stands = Q(ended_at=None, stands=True)
        asked = {
            "held": stands & Q(inspector__isnull=False, is_asked=False, is_recused=False),
            "open": stands & Q(inspector=None, is_asked=False),
            "recused": stands & Q(is_recused=True, is_asked=False),
            "asked": Q(ended_at=None, is_asked=True),
            "ended": ~stands,
        }
        return rows.filter(asked[value])


class RequestTable(Table):
    """席位重抽: requests in the order of the log."""

    event = tables.Column(verbose_name="日志序号", attrs=NUMBER, linkify=lambda record: record.get_absolute_url())
    subject = tables.Column(accessor="seat__visit__subject__name", verbose_name="检查对象")
    number = tables.Column(accessor="seat__number", verbose_name="席位", attrs=NUMBER)
    department = tables.Column(accessor="seat__department__short_name", verbose_name="部门")
    out = tables.Column(accessor="seat__holder", orderable=False, verbose_name="退出")
    stage = tables.Column(empty_values=(), orderable=False, verbose_name="状态")
    due = tables.Column(empty_values=(), orderable=False, verbose_name="信标时间")
    into = tables.Column(accessor="into__holder", orderable=False, verbose_name="补上", default="")
    asked_by = tables.Column(accessor="asked_by__name", verbose_name="提出人")

    class Meta(Table.Meta):
        model = Substitution
        fields = (
            "event", "subject", "number", "department", "out", "reason", "stage", "due", "into", "asked_at", "asked_by",
            "dealt_at",
        )  # fmt: skip
        order_by = ("-event",)
        empty_text = "没有提出过重抽。"

    def render_reason(self, value: str) -> str:
        """In words."""
        return words("substitute", value)

    def render_stage(self, record: Substitution) -> str:
        """Where it stands."""
        try:
            return str(stage_of(record, timezone.now(), self.request.first).label)
        except Refused:
            return str(RequestStage.EARLY.label)

    def render_due(self, record: Substitution) -> str:
        """When the round is signed that decides."""
        try:
            due = due_at_of(record)
        except Refused:
            return "—"
        return f"{timezone.localtime(due):%Y-%m-%d %H:%M:%S}" if due else "—"


class RequestFilter(_Searched):
    """By word, reason, what became of it."""

    looked_for = (
        "seat__visit__subject__name", "seat__visit__subject__number", "seat__inspector__name", "seat__team__name",
        "into__inspector__name", "into__team__name",
    )  # fmt: skip
    ENDS: Mapping[str, Q] = {
        "waits": Q(dealt_at=None),
        "filled": Q(into__inspector__isnull=False),
        "open": Q(into__isnull=False, into__inspector=None),
        "void": Q(is_void=True),
    }
    state = django_filters.ChoiceFilter(
        choices=[("waits", "待办"), ("filled", "已补上"), ("open", "无人可补"), ("void", "逾时无效")],
        method="with_state",
        label="状态",
    )
    reason = django_filters.ChoiceFilter(choices=choices("substitute"), label="理由")

    class Meta:
        model = Substitution
        fields = ("q", "state", "reason")

    def with_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """What became of it."""
        return rows.filter(self.ENDS[value])


class OwnSeatTable(Table):
    """我的检查."""

    number = tables.Column(accessor="visit__subject__number", verbose_name="统一社会信用代码或编号")
    subject = tables.Column(accessor="visit__subject__name", verbose_name="检查对象")
    address = tables.Column(accessor="visit__subject__address", orderable=False, verbose_name="地址")
    visit_on = tables.Column(accessor="visit__visit_on", verbose_name="检查日期", default="未定")
    team = tables.Column(empty_values=(), orderable=False, verbose_name="同组人员")
    now = tables.Column(empty_values=(), orderable=False, verbose_name="状态")
    batch = tables.Column(accessor="batch__name", verbose_name="抽取批次")
    actions = _actions()

    class Meta(Table.Meta):
        model = Seat
        fields = ("number", "subject", "address", "visit_on", "team", "batch", "now", "actions")
        order_by = ("visit_on", "number")
        empty_text = "现在没有派给您的检查。"

    def render_team(self, record: Seat) -> str:
        """Who else goes there."""
        others = (one for one in record.visit.seats.all() if one.ended_at is None and one.pk != record.pk)
        return "、".join(one.inspector.name if one.inspector else "空缺" for one in others)

    def render_now(self, record: Seat) -> str:
        """Whether she has declared an interest."""
        if record.is_asked:  # type: ignore[attr-defined]
            return "重抽中"
        return "已申报回避，待重抽" if record.is_recused else "在组"  # type: ignore[attr-defined]

    def render_actions(self, record: Seat) -> str:
        """申报回避."""
        if record.is_asked or record.is_recused:  # type: ignore[attr-defined]
            return "—"
        return _link(reverse("draws:recuse", args=[record.pk]), "申报回避", record.visit.subject.name)


class OwnSeatFilter(_Searched):
    """By word."""

    looked_for = ("visit__subject__name", "visit__subject__number", "batch__name")

    class Meta:
        model = Seat
        fields = ("q",)


# Joining ------------------------------------------------------------------------------------------


class JoinableTable(Table):
    """可加入的上级抽取."""

    department = tables.Column(accessor="department__short_name", order_by="department__code", verbose_name="组织部门")
    tasks = tables.Column(empty_values=(), orderable=False, verbose_name="任务")
    n_doors = tables.Column(verbose_name="辖区内户次", attrs=NUMBER)
    n_joined = tables.Column(verbose_name="已加入", attrs=NUMBER)
    actions = _actions()

    class Meta(Table.Meta):
        model = Batch
        fields = ("code", "name", "state", "department", "tasks", "n_doors", "n_joined", "actions")
        order_by = ("-code",)
        empty_text = "没有可以加入的上级抽取。上级的结果锁定后，辖区内有抽中对象的会列在这里。"

    def render_state(self, record: Batch) -> str:
        """As a mark."""
        return batch_badge(record)

    def value_state(self, record: Batch) -> str:
        """As words."""
        return record.state_word

    def render_tasks(self, record: Batch) -> str:
        """Their names."""
        return "、".join(draw.task.name for draw in record.draws.all())

    def render_actions(self, record: Batch) -> str:
        """The doors in the territory."""
        return _link(reverse("draws:territory", args=[record.pk, self.request.joining.pk]), "查看户次", record.name)


def _own(request: Any) -> QuerySet[Department]:
    return own_departments(request.user) if request else Department.objects.none()


class DepartmentFilter(django_filters.ModelChoiceFilter):
    """Of which department a list is told; the view reads it, for all its rows and figures hang on it."""

    def filter(self, qs: Any, value: Any) -> Any:
        """All: the rows are that department's already."""
        return qs


class JoinableFilter(django_filters.FilterSet):
    """By word, for one department at a time."""

    q = django_filters.CharFilter(method="search", label="批次号、名称或任务", widget=_SEARCH)
    department = DepartmentFilter(queryset=_own, label="为哪个部门", widget=SEARCHED)

    class Meta:
        model = Batch
        fields = ("q", "department")

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Part of the code, the name, or a task's name."""
        tasks = rows.model.objects.filter(pk=OuterRef("pk"), draws__task__name__icontains=value)
        return rows.filter(Q(code__icontains=value) | Q(name__icontains=value) | Exists(tasks))


class TerritoryTable(Table):
    """Doors of a batch in a department's territory."""

    chosen = TickColumn(JOIN_FORM)
    number = tables.Column(accessor="subject__number", verbose_name="统一社会信用代码或编号")
    name = tables.Column(accessor="subject__name", verbose_name="名称")
    region = tables.Column(accessor="subject__region__name", order_by="subject__region__code", verbose_name="行政区划")
    tasks = tables.Column(empty_values=(), orderable=False, verbose_name="上级的任务")
    joined = tables.Column(empty_values=(), orderable=False, verbose_name="本部门加入的事项")

    class Meta(Table.Meta):
        model = Visit
        fields = ("chosen", "number", "name", "region", "tasks", "visit_on", "joined")
        order_by = ("number",)

    def render_chosen(self, record: Visit) -> str:
        """A box where she has not joined yet."""
        if record.own:  # type: ignore[attr-defined]
            return ""
        box = '<input class="form-check-input" type="checkbox" name="chosen" value="{}" form="{}" aria-label="选择{}">'
        return format_html(box, record.pk, JOIN_FORM, record.subject.name)

    def render_tasks(self, record: Visit) -> str:
        """Which draws selected it."""
        return "、".join(hit.draw.task.name for hit in record.subject.hits_of_batch)  # type: ignore[attr-defined]

    def render_joined(self, record: Visit) -> str:
        """Items and people."""
        return "；".join(_told(one) for one in record.own)  # type: ignore[attr-defined]


def _told(row: Joining) -> str:
    return f"{'、'.join(item.code for item in row.items.all())}（{row.n_people} 人）"


class TerritoryFilter(_Searched):
    """By word, joined or not."""

    looked_for = ("subject__name", "subject__number", "subject__region__name")
    joined = django_filters.ChoiceFilter(
        choices=[("yes", "已加入"), ("no", "未加入")], method="is_joined", label="加入"
    )

    class Meta:
        model = Visit
        fields = ("q", "joined")

    def is_joined(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """By the department of the page."""
        mine: UUID = self.request.joining.pk
        own = Joining.objects.filter(visit=OuterRef("pk"), department=mine)
        return rows.filter(Exists(own)) if value == "yes" else rows.filter(~Exists(own))


class JoiningTable(Table):
    """三级联动 of one batch."""

    number = tables.Column(accessor="visit__subject__number", verbose_name="统一社会信用代码或编号")
    subject = tables.Column(accessor="visit__subject__name", verbose_name="检查对象")
    department = tables.Column(
        accessor="department__short_name", order_by="department__code", verbose_name="加入的部门"
    )
    items = tables.Column(empty_values=(), orderable=False, verbose_name="检查事项")
    n_people = tables.Column(verbose_name="人数", attrs=NUMBER)
    joined_by = tables.Column(accessor="joined_by__name", verbose_name="加入人")

    class Meta(Table.Meta):
        model = Joining
        fields = ("number", "subject", "department", "items", "n_people", "joined_at", "joined_by")
        order_by = ("number", "department")
        empty_text = "还没有下级部门加入。"

    def render_items(self, record: Joining) -> str:
        """Codes."""
        return "、".join(item.code for item in record.items.all())


class JoiningFilter(_Searched):
    """By word."""

    looked_for = ("visit__subject__name", "visit__subject__number", "department__short_name", "items__code")

    class Meta:
        model = Joining
        fields = ("q",)

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Once each, though several items may match."""
        return super().search(rows, name, value).distinct()
