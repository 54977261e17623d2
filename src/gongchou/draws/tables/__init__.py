"""Columns and query forms of the lists of this room."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from gongchou.draws.models import Batch, Draw, Hit, Seat, Stratum, Visit, WatchGroup
from gongchou.draws.queries.results import standing
from gongchou.draws.queries.statistics import AMBER, KINDS, kind_of
from gongchou.draws.queries.watching import Watched
from gongchou.draws.reasons import words
from gongchou.draws.sheets import verdict
from gongchou.draws.states import BatchState, Matching, Mode, Profile
from gongchou.plans.tables.plans import Territorial, YearFilter, departments
from gongchou.web.forms import SEARCHED
from gongchou.web.lists import NUMBER, Table, YesNoFilter

_SEARCH = forms.TextInput(attrs={"type": "search"})
_COLOURS = {
    BatchState.WITHDRAWN: "text-bg-danger",
    BatchState.DROPPED: "text-bg-light",
    BatchState.DRAFT: "text-bg-light",
}


def batch_badge(batch: Batch) -> str:
    """The state as a small mark, with that of a practice run before it; words say it, the colour only helps."""
    test = '<span class="badge text-bg-warning">演练</span> ' if batch.is_test else ""
    colour = _COLOURS.get(BatchState(batch.state), "text-bg-secondary")
    return format_html(f'{test}<span class="badge {{}}">{{}}</span>', colour, batch.state_word)


def _dossier(record: Any) -> str:
    return str(record.subject.get_absolute_url())


class BatchTable(Table):
    """抽取批次."""

    code = tables.Column(linkify=True, order_by=("year", "department__code", "serial"))
    department = tables.Column(accessor="department__short_name", order_by="department__code", verbose_name="组织部门")
    tasks = tables.Column(empty_values=(), orderable=False, verbose_name="任务")

    class Meta(Table.Meta):
        model = Batch
        fields = ("code", "name", "state", "department", "tasks", "profile", "matching", "closes_at", "beacon_at")
        order_by = ("-beacon_at",)

    def render_state(self, record: Batch) -> str:
        """As a mark."""
        return batch_badge(record)

    def value_state(self, record: Batch) -> str:
        """As words."""
        return f"演练 {record.state_word}" if record.is_test else record.state_word

    def render_tasks(self, record: Batch) -> str:
        """Numbers of the tasks."""
        return "、".join(_number(draw) for draw in record.draws.all())


def _number(draw: Draw) -> str:
    return f"{draw.task.number}（{draw.state_word}）" if draw.is_withdrawn else draw.task.number


class AuditTable(BatchTable):
    """抽取核验."""

    code = tables.Column(
        linkify=lambda record: reverse("draws:audit", args=[record.pk]),
        order_by=("year", "department__code", "serial"),
    )

    class Meta(BatchTable.Meta):  # a table without one is neither styled nor stacked
        pass


class BatchFilter(Territorial):
    """By word, year, state, kind, source, matching, territory."""

    q = django_filters.CharFilter(method="search", label="批次号、名称或任务", widget=_SEARCH)
    year = YearFilter()
    state = django_filters.ChoiceFilter(choices=BatchState.choices, label="状态")
    mode = django_filters.ChoiceFilter(choices=Mode.choices, label="性质")
    profile = django_filters.ChoiceFilter(choices=Profile.choices, label="种子来源")
    matching = django_filters.ChoiceFilter(choices=Matching.choices, label="匹配方式")

    class Meta:
        model = Batch
        fields = ("q", "year", "state", "mode", "profile", "matching", "region", "function")

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Part of the code, the name, or of a task's name or number."""
        of_task = Q(draws__task__name__icontains=value) | Q(draws__task__number__icontains=value)
        return rows.filter(Q(code__icontains=value) | Q(name__icontains=value) | of_task).distinct()


class HitTable(Table):
    """抽中的对象."""

    number = tables.Column(accessor="subject__number", verbose_name="统一社会信用代码或编号")
    subject = tables.Column(accessor="subject__name", verbose_name="名称", linkify=_dossier)
    region = tables.Column(accessor="subject__region__name", order_by="subject__region__code", verbose_name="行政区划")
    task = tables.Column(accessor="draw__task__name", order_by="draw__seq", verbose_name="任务")
    stratum = tables.Column(accessor="stratum__label", order_by="stratum__code", verbose_name="层")
    rank = tables.Column(verbose_name="位次", attrs=NUMBER)
    ticket = tables.Column(verbose_name="票号")

    class Meta(Table.Meta):
        model = Hit
        fields = ("number", "subject", "region", "task", "stratum", "rank", "place", "ticket")
        order_by = ("task", "stratum", "rank")

    def render_ticket(self, value: str) -> str:
        """The beginning tells tickets apart."""
        return format_html('<code title="{}">{}…</code>', value, value[:12])

    def value_ticket(self, value: str) -> str:
        """The whole."""
        return value


class HitFilter(django_filters.FilterSet):
    """By word, task, result."""

    q = django_filters.CharFilter(method="search", label="名称或编号", widget=_SEARCH)
    place = django_filters.ChoiceFilter(choices=Hit.Place.choices, label="结果")

    class Meta:
        model = Hit
        fields = ("q", "place")

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Part of the name or number."""
        return rows.filter(Q(subject__name__icontains=value) | Q(subject__number__icontains=value))


class VisitTable(Table):
    """检查户次."""

    number = tables.Column(accessor="subject__number", verbose_name="统一社会信用代码或编号")
    subject = tables.Column(accessor="subject__name", verbose_name="名称", linkify=_dossier)
    keeper = tables.Column(
        accessor="subject__keeper__short_name", order_by="subject__keeper__code", verbose_name="管辖单位"
    )
    tasks = tables.Column(empty_values=(), orderable=False, verbose_name="任务")
    team = tables.Column(empty_values=(), orderable=False, verbose_name="检查人员")

    class Meta(Table.Meta):
        model = Visit
        fields = ("number", "subject", "keeper", "tasks", "team", "visit_on")
        order_by = ("keeper", "number")

    def render_tasks(self, record: Visit) -> str:
        """Which draws of the batch selected it."""
        return "、".join(hit.draw.task.name for hit in record.subject.hits_of_batch)  # type: ignore[attr-defined]

    def render_team(self, record: Visit) -> str:
        """By department; an open seat says so."""
        by_department: dict[str, dict[str, list[str]]] = {}
        for seat in record.seats.all():
            if seat.ended_at is None:
                teams = by_department.setdefault(seat.department.short_name, {})
                teams.setdefault(seat.team.name if seat.team else "", []).append(
                    seat.inspector.name if seat.inspector else "空缺"
                )
        return "；".join(f"{department}：{_people_words(teams)}" for department, teams in by_department.items())


def _people_words(teams: dict[str, list[str]]) -> str:
    """Who goes one by one, then each standing team with its people."""
    named = [f"{team}（{'、'.join(names)}）" if team else "、".join(names) for team, names in sorted(teams.items())]
    return "、".join(named)


class VisitFilter(django_filters.FilterSet):
    """By word, and whether a seat is open."""

    q = django_filters.CharFilter(method="search", label="名称、编号或人员", widget=_SEARCH)
    seats = django_filters.ChoiceFilter(
        choices=[("open", "有空缺"), ("joint", "两个以上部门")], method="with_seats", label="席位"
    )

    class Meta:
        model = Visit
        fields = ("q", "seats")

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Part of the name or number, or of an inspector's or a team's name."""
        found = Q(subject__name__icontains=value) | Q(subject__number__icontains=value)
        who = Q(seats__inspector__name__icontains=value) | Q(seats__team__name__icontains=value)
        return rows.filter(found | Q(who, seats__ended_at=None)).distinct()

    def with_seats(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """A seat nobody holds, or seats of several departments."""
        if value == "open":
            return standing(rows.filter(seats__inspector=None, seats__ended_at=None)).distinct()
        counted = rows.filter(seats__ended_at=None)
        return counted.annotate(n_departments=Count("seats__department", distinct=True)).filter(n_departments__gt=1)


# Statistics: what stands behind a figure ----------------------------------------------------------


class _OfDraws(Territorial):
    """By department, year and territory, as the page of statistics asks; ``looked_for``: where a word is."""

    looked_for: ClassVar[tuple[str, ...]] = ()

    q = django_filters.CharFilter(method="search", label="关键词", widget=_SEARCH)
    year = YearFilter(field_name="batch__year")

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Part of any of these."""
        found = Q()
        for field in self.looked_for:
            found |= Q(**{f"{field}__icontains": value})
        return rows.filter(found)


class DrawTable(Table):
    """Draws one by one."""

    code = tables.Column(linkify=lambda record: record.get_absolute_url())
    batch = tables.Column(accessor="batch__name", verbose_name="批次")
    department = tables.Column(
        accessor="task__department__short_name", order_by="task__department__code", verbose_name="部门"
    )
    task = tables.Column(accessor="task__name", verbose_name="任务")
    n = tables.Column(verbose_name="应抽", attrs=NUMBER)
    n_replaced = tables.Column(verbose_name="替换", attrs=NUMBER)
    supersedes = tables.Column(accessor="supersedes__code", verbose_name="代替")
    reason = tables.Column(accessor="withdraw_reason", verbose_name="撤回理由")
    drawn_at = tables.Column(accessor="batch__drawn_at", verbose_name="抽取时间")

    class Meta(Table.Meta):
        model = Draw
        fields = (
            "code", "batch", "department", "task", "state", "n", "n_replaced", "drawn_at", "withdrawn_at", "reason",
            "supersedes",
        )  # fmt: skip
        order_by = ("-drawn_at",)

    def render_state(self, record: Draw) -> str:
        """As words; a table is taken away with the same ones."""
        return record.state_word

    def render_reason(self, value: str) -> str:
        """In words."""
        return words("withdraw", value)


class DrawFilter(_OfDraws):
    """By kind as well."""

    department_field = "task__department"
    looked_for = ("code", "batch__name", "task__name", "task__department__short_name")
    department = django_filters.ModelChoiceFilter(
        field_name="task__department", queryset=departments, label="部门", widget=SEARCHED
    )
    kind = django_filters.ChoiceFilter(choices=list(KINDS.items()), method="of_kind", label="情形", empty_label="全部")

    class Meta:
        model = Draw
        fields = ("q", "kind", "year", "department", "region", "function")

    def of_kind(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """As the statistics count it."""
        return kind_of(rows, value, timezone.now())


class StratumTable(Table):
    """Strata one by one."""

    draw = tables.Column(accessor="draw__code", linkify=lambda record: record.get_absolute_url(), verbose_name="抽取")
    department = tables.Column(
        accessor="draw__task__department__short_name", order_by="draw__task__department__code", verbose_name="部门"
    )
    task = tables.Column(accessor="draw__task__name", verbose_name="任务")
    size = tables.Column(attrs=NUMBER)
    n = tables.Column(attrs=NUMBER)
    n_drawn = tables.Column(verbose_name="抽中", attrs=NUMBER)
    n_replaced = tables.Column(verbose_name="替换", attrs=NUMBER)

    class Meta(Table.Meta):
        model = Stratum
        fields = ("draw", "department", "task", "label", "size", "n", "n_drawn", "n_replaced", "rule")
        order_by = ("draw", "label")


class StratumFilter(_OfDraws):
    """By label, department, whether it is amber."""

    department_field = "draw__task__department"
    looked_for = ("label", "draw__code", "draw__task__name", "draw__task__department__short_name")
    department = django_filters.ModelChoiceFilter(
        field_name="draw__task__department", queryset=departments, label="部门", widget=SEARCHED
    )
    amber = YesNoFilter(method="is_amber", label="替换超过 2%")

    class Meta:
        model = Stratum
        fields = ("q", "amber", "year", "department", "region", "function")

    def is_amber(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """More than the protocol lets pass without a mark."""
        told = rows.annotate(over=F("n_replaced") * AMBER.denominator - F("n") * AMBER.numerator)
        return told.filter(over__gt=0) if value else told.filter(over__lte=0)


class SeatTable(Table):
    """Seats one by one."""

    batch = tables.Column(accessor="batch__code", linkify=lambda record: record.get_absolute_url(), verbose_name="批次")
    subject = tables.Column(accessor="visit__subject__name", verbose_name="检查对象")
    department = tables.Column(accessor="department__short_name", order_by="department__code", verbose_name="部门")
    inspector = tables.Column(accessor="inspector__name", verbose_name="检查人员", default="空缺")
    unit = tables.Column(accessor="inspector__department__short_name", verbose_name="所在单位")
    team = tables.Column(accessor="team__name", verbose_name="检查小组")
    load = tables.Column(attrs=NUMBER)

    class Meta(Table.Meta):
        model = Seat
        fields = ("batch", "subject", "number", "department", "inspector", "unit", "team", "load", "seated_at")
        order_by = ("-seated_at", "batch", "subject", "number")


class SeatFilter(_OfDraws):
    """By person, by pair, whether it is open."""

    department_field = "department"
    looked_for = (
        "inspector__name", "inspector__number", "team__name", "department__short_name", "visit__subject__name",
    )  # fmt: skip
    department = django_filters.ModelChoiceFilter(queryset=departments, label="部门", widget=SEARCHED)
    open = YesNoFilter(field_name="inspector", lookup_expr="isnull", label="空缺")
    one = django_filters.UUIDFilter(method="of_pair", widget=forms.HiddenInput)
    other = django_filters.UUIDFilter(method="of_pair", widget=forms.HiddenInput)

    class Meta:
        model = Seat
        fields = ("q", "open", "year", "department", "region", "function", "one", "other")

    def of_pair(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """On the visits of this person, the seats of both."""
        asked = [self.data.get("one"), self.data.get("other")]
        own = Seat.objects.filter(inspector=value, ended_at=None).order_by().values("visit")
        return rows.filter(visit__in=own, inspector__in=[key for key in asked if key])


class DrawnFilter(_OfDraws):
    """Drawn objects, by keeping unit."""

    department_field = "draw__task__department"
    looked_for = ("subject__name", "subject__number", "subject__keeper__short_name", "draw__task__name")
    department = django_filters.ModelChoiceFilter(
        field_name="draw__task__department", queryset=departments, label="部门", widget=SEARCHED
    )

    class Meta:
        model = Hit
        fields = ("q", "year", "department", "region", "function")


class WatchTable(Table):
    """关注组, with what chance says of each."""

    name = tables.Column(linkify=True)
    department = tables.Column(accessor="department__short_name", order_by="department__code", verbose_name="设立部门")
    n_subjects = tables.Column(verbose_name="对象", attrs=NUMBER)
    expected = tables.Column(empty_values=(), orderable=False, verbose_name="预计抽中", attrs=NUMBER)
    drawn = tables.Column(empty_values=(), orderable=False, verbose_name="抽中", attrs=NUMBER)
    verdict = tables.Column(empty_values=(), orderable=False, verbose_name="判断")

    class Meta(Table.Meta):
        model = WatchGroup
        fields = ("name", "kind", "department", "n_subjects", "expected", "drawn", "verdict", "created_at", "ended_at")
        order_by = ("-created_at",)
        empty_text = "还没有关注组。"

    @property
    def told(self) -> dict[Any, Watched]:
        """Of all groups, looked up at once (``WatchList``)."""
        found: dict[Any, Watched] = getattr(self.request, "watched", {})
        return found

    def render_expected(self, record: WatchGroup) -> str:
        """To two digits."""
        return f"{self.told.get(record.pk, Watched()).expected:.2f}"

    def render_drawn(self, record: WatchGroup) -> int:
        """As the tickets fell."""
        return self.told.get(record.pk, Watched()).n_drawn

    def render_verdict(self, record: WatchGroup) -> str:
        """In words."""
        return verdict(self.told.get(record.pk, Watched()), self.request.n_watched)
