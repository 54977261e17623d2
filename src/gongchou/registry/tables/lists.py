"""What the query forms and tables of the three lists have in common."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Q, QuerySet, Value
from django.utils import timezone
from django.utils.html import format_html

from gongchou.accounts.models import Department
from gongchou.registry.models import Edition, Tag, Version
from gongchou.registry.queries import versions as queries
from gongchou.registry.queries.tags import and_narrower
from gongchou.registry.states.lists import VersionState
from gongchou.web.forms import SEARCHED
from gongchou.web.lists import NUMBER, Table

COLOURS = {
    VersionState.DRAFT: "text-bg-light",
    VersionState.REVIEW: "text-bg-warning",
    VersionState.IN_FORCE: "text-bg-info",
    VersionState.PUBLISHED: "text-bg-primary",
    VersionState.SUPERSEDED: "text-bg-secondary",
    VersionState.ABOLISHED: "text-bg-secondary",
    VersionState.WITHDRAWN: "text-bg-secondary",
}


# Beside the states themselves: those who work on the list look for what came back, and for what is to go.
STATES = [*VersionState.choices, ("returned", "被退回修改"), ("ending", "提出废止，待决定")]


def badge(state: str, word: str) -> str:
    """A state as a small mark; the word says it, the colour only helps."""
    return format_html('<span class="badge {}">{}</span>', COLOURS.get(VersionState(state), ""), word)


def _told(version: Version) -> tuple[str, str]:
    """State and word; of what the list still holds beside its successor, that it is the one in use."""
    if version.state == VersionState.SUPERSEDED and getattr(version, "is_standing", False):
        return VersionState.PUBLISHED, "现行，新版本尚未生效"
    return version.state, version.state_word


def _wish(version: Version) -> str:
    if version.state == VersionState.PUBLISHED and version.valid_from > timezone.localdate():
        return "（尚未生效）"
    if version.state == VersionState.PUBLISHED and version.end_asked_at:
        return "（提出废止）"
    return "（被退回）" if version.state == VersionState.DRAFT and version.returned_reason else ""


class VersionTable(Table):
    """Rows of versions: code and name lead to the page."""

    name = tables.Column(linkify=True)
    number = tables.Column(verbose_name="版本", attrs=NUMBER)
    edition = tables.Column(order_by=("edition__published_at", "id"), empty_values=())

    class Meta(Table.Meta):
        pass

    def render_state(self, value: str, record: Version) -> str:
        """As a mark, and what somebody wants to become of it."""
        state, word = _told(record)
        return format_html("{} {}", badge(state, word), _wish(record))

    def value_state(self, record: Version) -> str:
        """As words."""
        return f"{_told(record)[1]}{_wish(record)}"

    def render_edition(self, record: Version) -> str:
        """The name of the edition it came out in."""
        return record.edition.name if record.edition else "—"

    def render_levels(self, record: Any) -> str:
        """Names of the levels."""
        return queries.field_words(record, "levels")


def _departments(request: Any) -> QuerySet[Department]:
    return Department.objects.filter(is_active=True, is_internal_unit=False)


def tags_of_items(request: Any) -> QuerySet[Tag]:
    """What items bear or have borne."""
    return Tag.objects.filter(is_for_items=True, state__in=[Tag.State.IN_USE, Tag.State.ENDED])


def editions_of(kind: str) -> Any:
    """The editions of a list that the person sees, for a filter."""
    return lambda request: queries.visible_editions(request.user).filter(kind=kind)


class VersionFilter(django_filters.FilterSet):
    """Without state and edition asked for, the list as it stands; with an edition, the list as it was then."""

    field_of_area: ClassVar[str] = "field"
    thing_field: ClassVar[str]

    q = django_filters.CharFilter(
        method="search",
        label="名称或编码",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "如：食品、A01"}),
    )
    area = django_filters.CharFilter(method="in_area", label="领域")
    owner = django_filters.ModelChoiceFilter(queryset=_departments, method="of_owner", label="部门", widget=SEARCHED)
    state = django_filters.ChoiceFilter(choices=STATES, method="in_state", label="状态", empty_label="现行（全部）")

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """As said above."""
        rows = super().filter_queryset(queryset)
        asked = self.form.cleaned_data
        if asked.get("state") or asked.get("edition"):
            return rows
        return queries.standing(rows, timezone.localdate()).annotate(is_standing=Value(True))

    def in_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """In a state, sent back, or asked to be abolished."""
        special = {"returned": queries.sent_back, "ending": queries.being_ended}
        return special[value](rows) if value in special else rows.filter(state=value)

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Part of the name or of the code."""
        return rows.filter(Q(name__icontains=value) | Q(**{f"{self.thing_field}__code__icontains": value}))

    def in_area(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Part of the field's name."""
        return rows.filter(**{f"{self.field_of_area}__icontains": value})

    def of_owner(self, rows: QuerySet[Any], name: str, value: Department) -> QuerySet[Any]:
        """Whose it is."""
        return rows.filter(**{f"{self.thing_field}__owner": value})

    def of_edition(self, rows: QuerySet[Any], name: str, value: Edition) -> QuerySet[Any]:
        """The list as it stood."""
        return rows.filter(pk__in=queries.as_of(value).order_by().values("pk"))

    def with_tag(self, rows: QuerySet[Any], name: str, value: Tag) -> QuerySet[Any]:
        """Those that bear it, or one below it."""
        bearing = rows.model._default_manager.filter(tags__in=and_narrower(value)).order_by()
        return rows.filter(pk__in=bearing.values("pk"))


def edition_filter(kind: str) -> Any:
    """按版次."""
    return django_filters.ModelChoiceFilter(
        queryset=editions_of(kind), method="of_edition", label="版次", widget=SEARCHED
    )


class EditionTable(Table):
    """What came out when."""

    name = tables.Column(linkify=True)
    number = tables.Column(attrs=NUMBER)
    department = tables.Column(accessor="department__name", order_by="department__code", verbose_name="公布部门")
    url = tables.Column(linkify=lambda record: record.url or None)

    class Meta(Table.Meta):
        model = Edition
        fields = ("name", "kind", "department", "number", "reason", "published_at", "url")
        order_by = ("-published_at", "id")


class EditionFilter(django_filters.FilterSet):
    """Which list, whose."""

    kind = django_filters.ChoiceFilter(choices=Edition.Kind.choices, label="清单")
    department = django_filters.ModelChoiceFilter(queryset=_departments, label="公布部门", widget=SEARCHED)

    class Meta:
        model = Edition
        fields = ("kind", "department")
