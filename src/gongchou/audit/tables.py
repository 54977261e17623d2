"""The lists of the room: columns and query forms."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.core.validators import MinValueValidator
from django.db.models import QuerySet
from django.utils import timezone

from gongchou.audit.facts import content_of
from gongchou.audit.models import Checkpoint, Cosignature, Line
from gongchou.audit.queries import by_person, matching
from gongchou.audit.verbs import grouped_verbs, verb_name
from gongchou.web.forms import SEARCHED, DaysForm
from gongchou.web.lists import NUMBER, Table

_DATE = forms.DateInput(attrs={"type": "date"})
_FIRST_DAY = MinValueValidator(date(2000, 1, 1), "请填写2000年以后的日期。")  # long before, days have no UTC
_MOST_THINGS = 200


class LineFilter(django_filters.FilterSet):
    """Words, person, object, verb, days. ``about`` and ``who`` are ids that other pages' links bring along."""

    q = django_filters.CharFilter(label="内容", method="with_words")
    person = django_filters.CharFilter(label="操作人", method="of_person")
    thing = django_filters.CharFilter(label="对象", field_name="about_name", lookup_expr="icontains")
    verb = django_filters.ChoiceFilter(
        label="操作",
        choices=grouped_verbs,
        empty_label="全部",
        widget=SEARCHED,
    )
    since = django_filters.DateFilter(label="自", method="from_day", widget=_DATE, validators=[_FIRST_DAY])
    until = django_filters.DateFilter(label="至", method="to_day", widget=_DATE, validators=[_FIRST_DAY])
    about = django_filters.CharFilter(label="对象编号", method="about_one", widget=forms.MultipleHiddenInput)
    who = django_filters.CharFilter(label="操作人编号", field_name="by", widget=forms.HiddenInput)

    class Meta:
        model = Line
        form = DaysForm
        fields: tuple[str, ...] = ()

    def with_words(self, rows: QuerySet[Line], name: str, value: str) -> QuerySet[Line]:
        """Part of a name, a number or the facts."""
        return rows.filter(matching(value))

    def of_person(self, rows: QuerySet[Line], name: str, value: str) -> QuerySet[Line]:
        """By name or account."""
        return rows.filter(by_person(value))

    def from_day(self, rows: QuerySet[Line], name: str, value: Any) -> QuerySet[Line]:
        """From the beginning of that day."""
        return rows.filter(at__gte=_beginning(value))

    def to_day(self, rows: QuerySet[Line], name: str, value: Any) -> QuerySet[Line]:
        """To the end of that day."""
        return rows.filter(at__lte=datetime.combine(value, time.max, timezone.get_current_timezone()))

    def about_one(self, rows: QuerySet[Line], name: str, value: str) -> QuerySet[Line]:
        """One thing, or several that are one to a reader, such as the versions of an item."""
        return rows.filter(about__in=self.data.getlist("about")[:_MOST_THINGS])


def _beginning(day: Any) -> datetime:
    return datetime.combine(day, time.min, timezone.get_current_timezone())


class LineTable(Table):
    """Who did what to which thing, when."""

    index = tables.Column(verbose_name="序号", attrs=NUMBER)
    at = tables.DateTimeColumn(verbose_name="时间", format="Y-m-d H:i:s")
    by_name = tables.Column(verbose_name="操作人")
    verb = tables.Column(verbose_name="操作", linkify=("audit:line", {"index": tables.A("index")}))
    about_name = tables.Column(verbose_name="对象")
    place = tables.Column(verbose_name="区划代码")
    content = tables.Column(verbose_name="内容", accessor="data", orderable=False, visible=False)  # in the workbook

    class Meta(Table.Meta):
        model = Line
        fields = ("at", "by_name", "verb", "about_name", "place", "index", "content")
        order_by = ("-index",)
        empty_text = "没有符合条件的记录。"

    def render_verb(self, value: str) -> str:
        """In Chinese."""
        return verb_name(value)

    def value_content(self, record: Line) -> str:
        """What its page tells: before and after, and whatever else was kept."""
        return content_of(record)

    def value_at(self, value: datetime) -> str:
        """For a sheet, in local time."""
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"


class CheckpointTable(Table):
    """Each signed statement, and who has seen it."""

    size = tables.Column(
        verbose_name="行数",
        linkify=("audit:checkpoint-at", {"size": tables.A("size")}),
        attrs=NUMBER,
    )
    at = tables.DateTimeColumn(verbose_name="签名时间", format="Y-m-d H:i:s")
    root = tables.Column(verbose_name="日志根", empty_values=(), orderable=False)
    witnesses = tables.Column(verbose_name="见证人共签", empty_values=(), orderable=False)

    class Meta(Table.Meta):
        model = Checkpoint
        fields = ("size", "at", "root", "witnesses")
        order_by = ("-size",)
        empty_text = "还没有签过检查点。"

    @cached_property
    def names(self) -> dict[int, list[str]]:
        """The witnesses of each size that is shown, asked for at once."""
        page = getattr(self, "page", None)
        rows = Cosignature.objects.order_by("index")
        if page is not None:
            rows = rows.filter(size__in=[row.record.size for row in page.object_list])
        found: dict[int, list[str]] = defaultdict(list)
        for size, witness in rows.values_list("size", "witness"):
            found[size].append(witness)
        return found

    def render_root(self, record: Checkpoint) -> str:
        """The third line of the text, in base64."""
        return record.note.split("\n")[2]

    def render_witnesses(self, record: Checkpoint) -> str:
        """Their names."""
        return "、".join(self.names.get(record.size, ())) or "尚无"

    def value_at(self, value: datetime) -> str:
        """For a sheet, in local time."""
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"
