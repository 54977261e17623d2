"""Columns and query form of tags."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any
from uuid import UUID

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Q, QuerySet

from gongchou.registry.forms.tags import USES
from gongchou.registry.models import Tag
from gongchou.registry.queries import tags as queries
from gongchou.web.forms import SEARCHED
from gongchou.web.lists import NUMBER, Table


class _TagField(django_filters.fields.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.parent} › {obj}" if obj.parent else str(obj)


class TagChoice(django_filters.ModelChoiceFilter):
    """标签（含下级）: each choice behind the class it belongs to; the method is the list's ``with_tag``."""

    field_class = _TagField

    def __init__(self, tags: Callable[[Any], QuerySet[Tag]], label: str) -> None:
        super().__init__(
            queryset=lambda request: tags(request).select_related("parent"),
            method="with_tag",
            label=f"{label}（含下级）",
            widget=SEARCHED,
        )


class TagTable(Table):
    """标签字库."""

    name = tables.Column(linkify=True)
    parent = tables.Column(order_by="parent__code")
    owner = tables.Column(accessor="owner__short_name", order_by="owner__code", verbose_name="设置部门")
    uses = tables.Column(accessor="uses_words", orderable=False, verbose_name="用于")
    n_items = tables.Column(empty_values=(), orderable=False, verbose_name="事项", attrs=NUMBER)
    n_subjects = tables.Column(empty_values=(), orderable=False, verbose_name="对象", attrs=NUMBER)
    n_inspectors = tables.Column(empty_values=(), orderable=False, verbose_name="人员", attrs=NUMBER)

    class Meta(Table.Meta):
        model = Tag
        fields = (
            "code",
            "name",
            "dimension",
            "parent",
            "reach",
            "owner",
            "uses",
            "n_items",
            "n_subjects",
            "n_inspectors",
            "state",
        )
        order_by = ("code",)

    @cached_property
    def usage(self) -> dict[UUID, queries.Usage]:
        """Counted once for the whole table."""
        return queries.usage_counts()

    def render_n_items(self, record: Tag) -> int:
        """Items that bear it."""
        return self.usage[record.pk].n_items if record.pk in self.usage else 0

    def render_n_subjects(self, record: Tag) -> int:
        """Subjects that bear it."""
        return self.usage[record.pk].n_subjects if record.pk in self.usage else 0

    def render_n_inspectors(self, record: Tag) -> int:
        """Inspectors that bear it."""
        return self.usage[record.pk].n_inspectors if record.pk in self.usage else 0


class TagFilter(django_filters.FilterSet):
    """By word, dimension, reach, use, state."""

    q = django_filters.CharFilter(method="search", label="名称或编码", widget=forms.TextInput(attrs={"type": "search"}))
    dimension = django_filters.ChoiceFilter(choices=Tag.Dimension.choices, label="维度")
    state = django_filters.ChoiceFilter(choices=Tag.State.choices, label="状态")
    use = django_filters.ChoiceFilter(choices=USES, method="used_for", label="用于")
    reach = django_filters.ChoiceFilter(choices=Tag.Reach.choices, label="使用范围")

    class Meta:
        model = Tag
        fields = ("q", "dimension", "state", "use", "reach")

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Part of name or code."""
        return rows.filter(Q(name__icontains=value) | Q(code__icontains=value))

    def used_for(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those meant for it."""
        return rows.filter(**{f"is_for_{value}": True})
