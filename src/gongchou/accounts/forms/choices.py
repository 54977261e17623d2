"""Choosing a department or a region from a tree."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.models import ModelChoiceIterator

from gongchou.accounts.models import Department, Region
from gongchou.accounts.queries.organisation import depths


class _TreeIterator(ModelChoiceIterator):  # type: ignore[type-arg]  # no generic when it runs
    """The choices as a tree, each as deep as it is: read once."""

    def __iter__(self) -> Any:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        for depth, thing in depths(self.queryset.distinct()):
            yield self.field.prepare_value(thing), "　" * depth + thing.name


class DepartmentChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One department."""

    iterator = _TreeIterator

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Department.objects.none(), empty_label="请选择", **kwargs)
        self.widget.attrs["data-search"] = ""


class DepartmentsChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several departments."""

    iterator = _TreeIterator

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Department.objects.none(), **kwargs)
        self.widget.attrs["data-search"] = ""


class RegionChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One region."""

    iterator = _TreeIterator

    def __init__(self, **kwargs: Any) -> None:
        empty = "请选择" if kwargs.get("required", True) else "不限"
        super().__init__(queryset=Region.objects.none(), empty_label=empty, **kwargs)
        self.widget.attrs["data-search"] = ""


def offer(form: forms.Form, name: str, rows: QuerySet[Any], *, empty: str | None = None) -> None:
    """Say what a field of a form can be chosen from, and what its empty choice is called."""
    field: Any = form.fields[name]
    field.queryset = rows
    if empty is not None:
        field.empty_label = empty
