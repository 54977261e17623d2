"""Columns and query forms of draws before the public."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html

from gongchou.accounts.models import Department
from gongchou.draws.models import Batch, Draw, Hit
from gongchou.draws.queries.batches import stratum_words
from gongchou.draws.states import DrawState, Mode
from gongchou.plans.queries.strata import WHOLE
from gongchou.plans.tables.plans import Territorial, YearFilter
from gongchou.publicity import words
from gongchou.publicity.queries.draws import is_alarming, organisers, state_words
from gongchou.publicity.queries.records import ONLY, UNOPENED, WAITING
from gongchou.web.forms import SEARCHED
from gongchou.web.lists import NUMBER, Table


class PublicBatchTable(Table):
    """抽取公示."""

    name = tables.Column(linkify=lambda record: reverse("publicity:batch", args=[record.code]))
    code = tables.Column(attrs={"td": {"class": "whole"}})
    department = tables.Column(
        accessor="department__name",
        order_by="department__code",
        verbose_name="组织部门",
        linkify=lambda record: reverse("publicity:record", args=[record.department.code]),
    )
    mode = tables.Column()
    state = tables.Column(accessor="shown", order_by="shown", verbose_name="状态")
    n_draws = tables.Column(verbose_name="任务", attrs=NUMBER)
    beacon_at = tables.DateTimeColumn(verbose_name="随机数时间", format="Y-m-d H:i:s")
    strength = tables.Column(accessor="last", orderable=False, verbose_name="随机来源")

    class Meta(Table.Meta):
        model = Batch
        fields = ("name", "code", "department", "mode", "state", "n_draws", "beacon_at", "strength")
        order_by = ("-beacon_at",)

    def render_mode(self, record: Batch) -> str:
        """A practice run stands out."""
        return format_html(
            '<strong class="rehearsal-mark">{}</strong>' if record.is_test else "{}", self.value_mode(record)
        )

    def value_mode(self, record: Batch) -> str:
        """As words."""
        return str(record.get_mode_display())

    def render_state(self, record: Any) -> str:
        """What should alarm is red, and says so."""
        return format_html('<span class="gone">{}</span>' if is_alarming(record) else "{}", state_words(record))

    def value_state(self, record: Any) -> str:
        """As words."""
        return state_words(record)

    def render_strength(self, record: Batch) -> str:
        """What came last into the seed."""
        return words.strength(record)


def _organisers(request: Any) -> QuerySet[Department]:
    return organisers()


class PublicBatchFilter(Territorial):
    """By word, year, department, territory and line of departments, state and mode."""

    mine = None

    q = django_filters.CharFilter(
        method="search", label="名称、批次号或任务", widget=forms.TextInput(attrs={"type": "search"})
    )
    year = YearFilter(field_name="year")
    department = django_filters.ModelChoiceFilter(
        queryset=_organisers, method="of_department", label="部门", to_field_name="code", widget=SEARCHED
    )
    state = django_filters.ChoiceFilter(
        choices=[*words.STATES.items(), ("some_withdrawn", "含已撤回的抽取")], method="in_state", label="状态"
    )
    mode = django_filters.ChoiceFilter(choices=Mode.choices, label="性质")

    class Meta:
        model = Batch
        fields = ("q", "year", "department", "region", "function", "state", "mode")

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Part of the name, of the code, or of a task's name or number."""
        own = Q(name__icontains=value) | Q(code__icontains=value) | Q(department__name__icontains=value)
        task = Q(draws__task__name__icontains=value) | Q(draws__task__number__icontains=value)
        return rows.filter(own | Q(pk__in=Batch.objects.filter(task).order_by().values("pk")))

    def of_department(self, rows: QuerySet[Any], name: str, value: Department) -> QuerySet[Any]:
        """Who organises the batch or draws in it."""
        drawn = Batch.objects.filter(draws__task__department=value).order_by().values("pk")
        return rows.filter(Q(department=value) | Q(pk__in=drawn))

    def in_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """As the public is told."""
        return rows.filter(n_withdrawn__gt=0) if value == "some_withdrawn" else rows.filter(shown=value)


class RecordTable(Table):
    """The draws of one department."""

    code = tables.Column(
        linkify=lambda record: reverse("publicity:batch", args=[record.batch.code]), attrs={"td": {"class": "whole"}}
    )
    task = tables.Column(accessor="task__name", verbose_name="任务")
    committed_at = tables.DateTimeColumn(accessor="batch__committed_at", verbose_name="承诺时间", format="Y-m-d H:i:s")
    beacon_at = tables.DateTimeColumn(accessor="batch__beacon_at", verbose_name="随机数时间", format="Y-m-d H:i:s")
    state = tables.Column(accessor="shown", verbose_name="状态")
    supersedes = tables.Column(accessor="supersedes__code", verbose_name="代替", default="—")
    n_selected = tables.Column(verbose_name="抽中", attrs=NUMBER)
    n_replaced = tables.Column(verbose_name="替换", attrs=NUMBER)

    class Meta(Table.Meta):
        model = Draw
        fields = ("code", "task", "committed_at", "beacon_at", "state", "supersedes", "n_selected", "n_replaced")
        order_by = ("-beacon_at",)

    def render_state(self, record: Any) -> str:
        """What should alarm is red, and says so."""
        is_alarm = record.shown not in (DrawState.LIVE, WAITING)
        return format_html('<span class="gone">{}</span>' if is_alarm else "{}", self.value_state(record))

    def value_state(self, record: Any) -> str:
        """As words."""
        return ONLY[record.shown][0] if record.shown in (UNOPENED, WAITING) else record.state_word


class RecordFilter(django_filters.FilterSet):
    """By what a figure counts, and by year."""

    only = django_filters.ChoiceFilter(
        choices=[(name, words) for name, (words, _) in ONLY.items()], method="counted", label="只看"
    )
    year = YearFilter(field_name="batch__year")

    class Meta:
        model = Draw
        fields = ("only", "year")

    def counted(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """What one of the figures counts."""
        return rows.filter(ONLY[value][1])


class SelectedTable(Table):
    """抽取结果."""

    draw = tables.Column(accessor="draw__code", order_by=("draw__seq", "stratum__code", "rank"), verbose_name="抽取号")
    stratum = tables.Column(accessor="stratum__code", verbose_name="层")
    rank = tables.Column(attrs=NUMBER)
    pid = tables.Column(verbose_name="名单中的代码", attrs={"td": {"class": "long"}})
    ticket = tables.Column(verbose_name="票号", attrs={"td": {"class": "long"}})
    place = tables.Column()

    class Meta(Table.Meta):
        model = Hit
        fields = ("draw", "stratum", "rank", "pid", "ticket", "place")
        order_by = ("draw",)

    def render_stratum(self, value: str) -> str:
        """One that holds all is called so."""
        return stratum_words(value)

    def render_place(self, record: Hit) -> str:
        """What was drawn in vain is red, and says so."""
        return format_html(
            '<span class="gone">{}</span>' if record.draw.is_withdrawn else "{}", self.value_place(record)
        )

    def value_place(self, record: Hit) -> str:
        """As words."""
        return str(record.get_place_display()) + ("（抽取已撤回，不作数）" if record.draw.is_withdrawn else "")


class SealedTable(SelectedTable):
    """抽取结果 of a sealed list."""

    pid = tables.Column(verbose_name="名单中的化名", attrs={"td": {"class": "long"}})


class SelectedFilter(django_filters.FilterSet):
    """By draw, part, id and what became of it."""

    draw = django_filters.CharFilter(field_name="draw__code", label="抽取号")
    stratum = django_filters.CharFilter(method="of_stratum", label="层")
    pid = django_filters.CharFilter(field_name="pid", label="名单中的代码")
    place = django_filters.ChoiceFilter(choices=Hit.Place.choices, label="结果")

    class Meta:
        model = Hit
        fields = ("draw", "stratum", "pid", "place")

    def of_stratum(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """By its code, or as it is called."""
        return rows.filter(stratum__code=WHOLE if value == stratum_words(WHOLE) else value)


class SealedFilter(SelectedFilter):
    """Of a sealed list."""

    pid = django_filters.CharFilter(field_name="pid", label="名单中的化名")
