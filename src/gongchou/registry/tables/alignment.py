"""Columns and query forms of the alignment report, of the entries it compares with, and of the files these came in."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from gongchou.registry.models import OfficialEntry, OfficialImport
from gongchou.registry.queries.alignment import FAULT_NAMES, Misalignment
from gongchou.web.forms import SEARCHED
from gongchou.web.lists import NUMBER, Table


class MisalignmentTable(Table):
    """What does not agree, and what to do."""

    code = tables.Column(accessor="version__item__code", linkify=lambda record: record.version.item.get_absolute_url(),
                         verbose_name="事项编码")  # fmt: skip
    name = tables.Column(accessor="version__name", verbose_name="事项")
    source = tables.Column(accessor="source__label", verbose_name="对照")
    fault = tables.Column(accessor="word", verbose_name="问题")
    todo = tables.Column(verbose_name="处理办法")
    ours = tables.Column(verbose_name="清单中", default="—")
    theirs = tables.Column(verbose_name="对方为", default="—")
    department = tables.Column(accessor="version__item__owner__short_name", verbose_name="部门")

    class Meta(Table.Meta):
        orderable = False
        empty_text = "没有不一致的事项。"


class MisalignmentForm(forms.Form):
    """Of which department, with which system, of which kind."""

    department = forms.ChoiceField(label="部门", required=False, widget=SEARCHED)
    source = forms.ChoiceField(label="对照", required=False, choices=[("", "全部"), *OfficialEntry.Source.choices])
    fault = forms.ChoiceField(label="问题", required=False, choices=[("", "全部"), *FAULT_NAMES.items()])


class MisalignmentFilter:
    """The disagreements that pass the form."""

    def __init__(self, data: Any, queryset: list[Misalignment], *, request: HttpRequest) -> None:
        self.form: forms.Form = MisalignmentForm(data)
        owners = {str(one.version.item.owner_id): one.version.item.owner.name for one in queryset}
        choices = [("", "全部"), *sorted(owners.items(), key=lambda owner: owner[1])]
        self.form.fields["department"].choices = choices  # type: ignore[attr-defined]
        asked = {name: text for name, text in _asked(self.form).items() if text}
        self.qs: Any = [one for one in queryset if asked.items() <= _known(one).items()]


def _asked(form: forms.Form) -> dict[str, str]:
    return form.cleaned_data if form.is_valid() else {}


def _known(one: Misalignment) -> dict[str, str]:
    return {"department": str(one.version.item.owner_id), "source": str(one.source), "fault": str(one.fault)}


class EntryTable(Table):
    """Entries of the two systems."""

    department = tables.Column(accessor="department__short_name", order_by="department__code", verbose_name="部门")
    brought = tables.Column(accessor="brought__at", verbose_name="导入时间")
    ended_at = tables.Column(verbose_name="终止时间", default="现行")

    class Meta(Table.Meta):
        model = OfficialEntry
        fields = ("source", "code", "name", "basis", "department", "brought", "ended_at")
        order_by = ("source", "code")


class EntryFilter(django_filters.FilterSet):
    """By word, source, file, whether it still stands."""

    q = django_filters.CharFilter(method="search", label="名称或编码", widget=forms.TextInput(attrs={"type": "search"}))
    source = django_filters.ChoiceFilter(choices=OfficialEntry.Source.choices, label="来源")
    ended = django_filters.ChoiceFilter(choices=[("no", "现行"), ("yes", "已终止")], method="by_end", label="状态")

    class Meta:
        model = OfficialEntry
        fields = ("q", "source", "ended")

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Part of name or code."""
        return rows.filter(Q(name__icontains=value) | Q(code__icontains=value))

    def by_end(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those that stand, or those that do not."""
        return rows.filter(ended_at__isnull=value == "no")


class ImportTable(Table):
    """Files that entries came in."""

    source = tables.Column(verbose_name="来源")
    department = tables.Column(accessor="department__short_name", order_by="department__code", verbose_name="部门")
    done_by = tables.Column(accessor="done_by__name", orderable=False, verbose_name="导入人")
    n_new = tables.Column(attrs=NUMBER)
    n_changed = tables.Column(attrs=NUMBER)
    n_same = tables.Column(attrs=NUMBER)
    n_ended = tables.Column(attrs=NUMBER)

    class Meta(Table.Meta):
        model = OfficialImport
        fields = (
            "at", "source", "department", "file_name", "is_full", "n_new", "n_changed", "n_same", "n_ended", "done_by",
        )  # fmt: skip
        order_by = ("-at",)
        empty_text = "还没有导入过条目。"

    def render_source(self, value: str) -> str:
        """Its name."""
        return str(OfficialEntry.Source(value).label)

    def render_is_full(self, value: bool) -> str:
        """In words."""
        return "全部条目" if value else "部分条目"

    value_source, value_is_full = render_source, render_is_full
