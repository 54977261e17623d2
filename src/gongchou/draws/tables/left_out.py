"""Columns and query form of whom a draw leaves out: rows of a file, not of the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from uuid import UUID

import django_tables2 as tables
from django import forms
from django.urls import reverse

from gongchou.draws import reasons
from gongchou.draws.queries.left_out import LeftOut
from gongchou.web.lists import MOST_EXPORTED, Table

MOST_SHOWN = 20_000  # of a list that is sorted in memory
ALL = [("", "全部")]


def _dossier(record: LeftOut) -> str:
    return reverse("registry:subject", args=[UUID(record.subject)])


class LeftOutTable(Table):
    """排除的对象."""

    number = tables.Column(verbose_name="统一社会信用代码或编号")
    name = tables.Column(verbose_name="名称", linkify=_dossier)
    why = tables.Column(verbose_name="排除理由")

    class Meta(Table.Meta):
        order_by = ("why", "number")


class LeftOutForm(forms.Form):
    """What is asked for."""

    q = forms.CharField(label="名称或编号", required=False, widget=forms.TextInput(attrs={"type": "search"}))
    reason = forms.ChoiceField(label="排除理由", choices=[*ALL, *reasons.choices("exclude")], required=False)


class LeftOutFilter:
    """By word and reason, while the rows go past: of a province's list only those that are shown stay in memory."""

    def __init__(self, data: Any, queryset: Iterable[LeftOut], *, request: Any) -> None:
        self.form = LeftOutForm(data)
        self.is_cut = False
        self._rows = queryset
        self._most = MOST_EXPORTED + 1 if "export" in data else MOST_SHOWN

    @property
    def qs(self) -> list[LeftOut]:
        """Those that pass."""
        passing = self._passing()
        found = list(islice(passing, self._most))
        self.is_cut = next(passing, None) is not None
        return found

    def _passing(self) -> Iterator[LeftOut]:
        asked, reason = self.form.cleaned_data["q"].casefold(), self.form.cleaned_data["reason"]
        for one in self._rows:
            if (not reason or one.reason == reason) and (
                asked in one.name.casefold() or asked in one.number.casefold()
            ):
                yield one
