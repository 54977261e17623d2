"""Fields that several lists share: rows written as lines, things chosen by code and name, ticks."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.db.models import Q

from gongchou.accounts.models import Department
from gongchou.refusal import Refused, sentence
from gongchou.registry.models.versions import Listed
from gongchou.registry.queries.versions import newest_name

_LAW = re.compile(r"《(?P<law>[^》]+)》\s*(?P<article>.*)")


class LinesField(forms.CharField):
    """One row a line, as a list of texts."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, **kwargs})
        self.widget.attrs["rows"] = 3

    def prepare_value(self, value: Any) -> Any:
        """Rows as lines."""
        return "\n".join(self.line(row) for row in value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """Lines as rows."""
        lines = [line.strip() for line in super().clean(value).splitlines()]
        return [self.row(number, line) for number, line in enumerate(lines, start=1) if line]

    def line(self, row: Any) -> str:
        """A row as somebody writes it."""
        return str(row)

    def row(self, number: int, line: str) -> Any:
        """What a line means."""
        return line


class BasisField(LinesField):
    """检查依据: 《法律名称》第几条, as {law, article}."""

    def line(self, row: Any) -> str:
        """With the marks of a title."""
        return f"《{row['law']}》{row['article']}"

    def row(self, number: int, line: str) -> dict[str, str]:
        """The title stands between 《 and 》."""
        found = _LAW.fullmatch(line)
        if not found:
            raise forms.ValidationError(
                f"第{number}行“{line[:30]}”没有写明法律名称，请写成“《食品安全法》第一百一十条”。"
            )
        return {"law": found["law"].strip(), "article": found["article"].strip()}


class PairsField(LinesField):
    """Rows of two: what stands before the first colon, and after it."""

    def __init__(self, first: str, second: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.first, self.second = first, second

    def line(self, row: Any) -> str:
        """With a colon between."""
        return f"{row[self.first]}：{row[self.second]}" if row[self.second] else str(row[self.first])

    def row(self, number: int, line: str) -> dict[str, str]:
        """The second part may be missing."""
        first, _, second = line.replace(":", "：", 1).partition("：")
        return {self.first: first.strip(), self.second: second.strip()}


class OneListedField(forms.ModelChoiceField):
    """A thing of a list, chosen by code and name."""

    def label_from_instance(self, obj: Any) -> str:
        """Code and newest name; the queryset has fetched the versions."""
        return f"{obj.code} {newest_name(obj)}" if isinstance(obj, Listed) else str(obj)


class ListedField(forms.ModelMultipleChoiceField):
    """Things of a list, chosen by code and name."""

    def label_from_instance(self, obj: Any) -> str:
        """Code and newest name; the queryset has fetched the versions."""
        return f"{obj.code} {newest_name(obj)}" if isinstance(obj, Listed) else str(obj)


def one_of(label: str, *, none: str = "", hint: str = "") -> forms.ModelChoiceField:
    """One row of a queryset that the form puts in later. none: what no choice is called, where none is allowed"""
    rows = Department.objects.none()
    return forms.ModelChoiceField(
        rows, label=label, required=not none, empty_label=none or "请选择", widget=searched(), help_text=hint
    )


def searched(multiple: bool = False) -> forms.Widget:
    """A choice that can be searched where scripts run."""
    return (forms.SelectMultiple if multiple else forms.Select)(attrs={"data-search": ""})


def day() -> forms.Widget:
    """A date as the browser lets it be picked."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def ticks(choices: Any, label: str, *, required: bool = True, hint: str = "") -> forms.MultipleChoiceField:
    """Several of a few."""
    widget = forms.CheckboxSelectMultiple(attrs={"class": "ticks"})
    return forms.MultipleChoiceField(choices=choices, label=label, required=required, widget=widget, help_text=hint)


class DepartmentRowsField(LinesField):
    """Lines with a department and a text, as [(first, second)] in the order the operation wants.

    department_first: whether a line is 部门：文字 or 文字：部门
    """

    def __init__(self, *, department_first: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.department_first = department_first

    def line(self, row: Any) -> str:
        """As somebody writes it."""
        return "：".join(str(part) for part in row if str(part))

    def row(self, number: int, line: str) -> Any:
        """Raises ValidationError for a department that nobody knows."""
        first, _, second = (part.strip() for part in line.replace(":", "：", 1).partition("："))
        if self.department_first:
            return _department(number, first), second
        return ("", _department(number, first)) if not second else (first, _department(number, second))


def _department(number: int, name: str) -> Department:
    named = Q(name=name) | Q(short_name=name) | Q(code=name)
    found = list(Department.objects.filter(named, is_active=True).order_by("code")[:2])
    if not found:
        told = Refused("registry.department_unknown", line=number, name=name[:40])
        raise forms.ValidationError(sentence(told))
    if len(found) > 1:
        raise forms.ValidationError(sentence(Refused("registry.department_unclear", line=number, name=name[:40])))
    return found[0]
