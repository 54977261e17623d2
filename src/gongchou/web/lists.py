"""The grammar of a list: ask, filter, sort, page, take away as .xlsx. A room says which rows, columns and filters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, ClassVar, Protocol
from uuid import UUID

import django_filters
import django_tables2
from django import forms
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.dispatch import Signal
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.choices import flatten_choices
from django.utils.formats import localize
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views import View

from gongchou.refusal import Refused
from gongchou.web.take_away import workbook
from gongchou.web.values import values_of

MOST_EXPORTED = 200_000
ROWS_AT_ONCE = 1000  # of an export, in memory

taken_out = Signal()
"""A list leaves the platform; ``request``, ``title``, ``n_rows``, ``asked``: {condition: value}, both in words."""


NUMBER = {"td": {"class": "number"}}  # attrs of a column of figures


class Table(django_tables2.Table):
    """The dense table of the shell."""

    class Meta:
        template_name = "web/table.html"
        empty_text = "没有符合条件的记录。"
        order_by_field = "sort"

    def order_words(self, key: str) -> str:
        """-name -> 名称（倒序）."""
        return f"{self.columns[key.lstrip('-')].header}{'（倒序）' if key.startswith('-') else ''}"

    def body(self) -> Iterator[SafeString]:
        """The cells of each row of a page. Three hundred of them in a template took a fifth of a list's time."""
        looks = [(own.header, _class_of(own)) for own in self.columns]
        for row in self.paginated_rows:
            cells = (_as_here(cell) for _, cell in row.items())
            told = ((*look, cell) for look, cell in zip(looks, cells, strict=True))
            yield format_html_join("", '<td data-label="{}" class="{}">{}</td>', told)


def _as_here(cell: Any) -> Any:
    """As a template shows it: moments by the clock of this place."""
    return localize(timezone.localtime(cell) if isinstance(cell, datetime) else cell)


def _class_of(column: Any) -> str:
    own = column.attrs["td"].get("class", "")
    return f"{own} actions".strip() if column.name == "actions" else own


class _ToolColumn(django_tables2.Column):
    """Something to do with a row: not for a workbook, nor to sort by."""

    def __init__(self, words: str) -> None:
        # By key: looking for a field of the column's name would fail, and put every row into words to say so.
        super().__init__(accessor="pk", verbose_name=words, orderable=False, exclude_from_export=True)


class GlanceColumn(_ToolColumn):
    """操作: the page of a row, at a glance in the drawer; its view asks ``is_glance``."""

    def __init__(self) -> None:
        super().__init__("操作")

    def render(self, record: Any) -> SafeString:
        """A link that htmx follows."""
        link = '<a href="{0}" hx-get="{0}" hx-target="#drawer-body" aria-label="速览{1}">速览</a>'
        return format_html(link, record.get_absolute_url(), record.name)


class TickColumn(_ToolColumn):
    """选择: a box to tick a row with, of the form with this id; its view asks ``ticked``."""

    def __init__(self, form: str) -> None:
        super().__init__("选择")
        self.form = form

    def render(self, record: Any) -> SafeString:
        """The box, with what it ticks in words for who does not see the row."""
        box = '<input class="form-check-input" type="checkbox" name="chosen" value="{}" form="{}" aria-label="选择{}">'
        return format_html(box, record.pk, self.form, record.name)


def is_glance(request: HttpRequest) -> bool:
    """Tell whether an answer goes into the drawer of a list."""
    return request.headers.get("HX-Target") == "drawer-body"


class YesNoFilter(django_filters.BooleanFilter):
    """是, 否 or either."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        choices = [("", "不限"), ("true", "是"), ("false", "否")]
        super().__init__(*args, widget=forms.Select(choices=choices), **kwargs)


class Filter(Protocol):
    """A query form and the rows that pass it: a FilterSet, or something of the same shape over rows in memory.

    It may have counted them already (``n_rows``). Where ``is_cut`` is true they are the first found only, and the list
    says so.
    """

    form: forms.Form
    qs: Any

    def __init__(self, data: Any, queryset: Any, *, request: HttpRequest) -> None: ...


def _in_one_order(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows ordered as they are, and by their key in the end: pages of what is sorted alike repeat and lose no row."""
    return rows.order_by(*(rows.query.order_by or rows.model._meta.ordering), "pk")


def _shown(field: forms.BoundField) -> str:
    """What was asked for in a field that is right, as the page shows it."""
    value = field.field.clean(field.data)
    if isinstance(value, Model):
        return str(value)
    # One by one: the choices of django_filters have no length where a function gives them.
    choices: Iterable[Any] = flatten_choices(pair for pair in getattr(field.field.widget, "choices", ()))
    return next((str(label) for code, label in choices if str(code) == str(field.data)), str(value))


def ticked(request: HttpRequest, most: int | None = None) -> list[UUID]:
    """The keys of the rows that were ticked in a list, the first ``most`` of them; what is no key is passed over."""
    found = []
    for text in request.POST.getlist("chosen")[:most]:
        with suppress(ValueError):
            found.append(UUID(text))
    return found


class ListPage(View):
    """A list that can be searched, filtered, sorted, paged and exported.

    title: heading; table_class, filter_class: columns and query form; ``rows`` returns what the person may see.
    """

    title: ClassVar[str]
    table_class: ClassVar[type[Table]]
    filter_class: ClassVar[type[django_filters.FilterSet | Filter] | None] = None
    template_name: ClassVar[str] = "web/list.html"
    per_page: ClassVar[int] = 20
    hidden: tuple[str, ...] = ()  # columns that this person has no use for

    @property
    def by(self) -> Any:
        """Who asks."""
        return self.request.user

    def rows(self) -> QuerySet[Any] | Sequence[Any]:
        """The rows this person may see, before any filter."""
        raise NotImplementedError

    def more(self) -> dict[str, Any]:
        """What the template needs beside the table."""
        return {}

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Show the list, only its rows for htmx, or all of it as a workbook."""
        filtered = self._filtered()
        problems = self._problems()
        if "export" in request.GET and not problems:
            return self._workbook(filtered)
        table = self._table(filtered)
        table.page = table.paginator.get_page(self.request.GET.get("page"))
        name = "web/rows.html" if request.headers.get("HX-Target") == "rows" else self.template_name
        shown = {"title": self.title, "table": table, "filter": self.filter, "problems": problems}
        return render(request, name, {**shown, **self.more()})

    def _filtered(self) -> Any:
        self.filter: Any = None
        rows = self.rows()
        if self.filter_class is None:
            return rows
        self.filter = self.filter_class(self.request.GET, queryset=rows, request=self.request)
        if self.filter.form.is_valid():
            return self.filter.qs
        # What cannot be asked finds nothing, and the list says why; all rows would look like an answer.
        return rows.none() if isinstance(rows, QuerySet) else []

    def _problems(self) -> list[str]:
        """What is wrong with the question: one sentence a field."""
        wrong = self.filter.form.errors if self.filter else {}
        fields = [(self.filter.form[name], errors) for name, errors in wrong.items()]
        return [
            f"“{field.label}”没有这个选项。" if hasattr(field.field, "choices") else f"“{field.label}”{''.join(errors)}"
            for field, errors in fields
        ]

    def _table(self, rows: Any) -> Table:
        table = self.table_class(rows, exclude=self.hidden)
        table.request = self.request  # given at once, the table would page itself, and count
        table.order_by = self.request.GET.getlist(table.prefixed_order_by_field) or table.order_by
        if isinstance(table.data.data, QuerySet):
            table.data.data = _in_one_order(table.data.data)
        table.paginator = Paginator(table.rows, self.per_page)
        if (n_rows := getattr(self.filter, "n_rows", None)) is not None:
            table.paginator.count = n_rows
        return table

    def _asked(self, table: Table) -> dict[str, str]:
        """The conditions and the order in the words of the page."""
        fields = [field for field in self.filter.form if field.data] if self.filter else []
        asked = {str(field.label): _shown(field) for field in fields}
        if table.prefixed_order_by_field in self.request.GET:
            asked["排序"] = "、".join(map(table.order_words, table.order_by))
        return asked

    def _workbook(self, rows: Any) -> HttpResponseBase:
        table = self._table(rows)
        n = table.paginator.count
        if n > MOST_EXPORTED:
            raise Refused("web.export_too_large", count=n, most=MOST_EXPORTED)
        if isinstance(table.data.data, QuerySet):
            table.rows.data = table.data.data.iterator(chunk_size=ROWS_AT_ONCE)
        taken_out.send(type(self), request=self.request, title=str(self.title), n_rows=n, asked=self._asked(table))
        return workbook(self.request, self.title, values_of(table), n)
