"""Columns and query forms of subjects and sub-libraries."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from gongchou.accounts.models import Region
from gongchou.accounts.queries import and_below
from gongchou.accounts.roles import Duty
from gongchou.registry import search
from gongchou.registry.models import Membership, Subject, SubjectTag, SubLibrary, Tag
from gongchou.registry.queries import subjects as queries
from gongchou.registry.queries.tags import and_narrower
from gongchou.registry.tables.tags import TagChoice
from gongchou.web.forms import SEARCHED
from gongchou.web.lists import GlanceColumn, Table, TickColumn, YesNoFilter


class SubjectTable(Table):
    """The dense list of subjects, each with the ``entries`` it has now and the taggings ``borne``.

    Contact persons are on the page of the subject only.
    """

    chosen = TickColumn("tag-form")
    name = tables.Column(linkify=True)
    number = tables.Column(verbose_name="信用代码或编号")
    region = tables.Column(order_by="region__code")
    keeper = tables.Column(accessor="keeper__short_name", verbose_name="管辖单位", order_by="keeper__code")
    libraries = tables.Column(empty_values=(), orderable=False, verbose_name="分库")
    tags = tables.Column(empty_values=(), orderable=False, verbose_name="标签")
    address = tables.Column(orderable=False)
    actions = GlanceColumn()

    class Meta(Table.Meta):
        model = Subject
        fields = (
            "chosen",
            "name",
            "number",
            "address",
            "kind",
            "region",
            "keeper",
            "libraries",
            "tags",
            "grade",
            "status",
            "state",
            "actions",
        )
        order_by = ("number",)

    def before_render(self, request: Any) -> None:
        """Who keeps no library has nothing to tick rows for."""
        if str(Duty.KEEP_LIBRARIES) not in request.duties:
            self.columns.hide("chosen")

    def render_libraries(self, record: Any) -> str:
        """Names of the sub-libraries it is in now."""
        return "、".join(sorted({own.sub_library.name for own in record.entries}))

    def render_tags(self, record: Any) -> str:
        """Tags as small marks."""
        return format_html_join(
            " ", '<span class="badge text-bg-light">{}</span>', ((own.tag.name,) for own in record.borne)
        )

    def value_tags(self, record: Any) -> str:
        """Tags in a workbook."""
        return "、".join(own.tag.name for own in record.borne)

    def value_number(self, value: str) -> str:
        """A number stays text in a workbook."""
        return value


def _regions(request: Any) -> QuerySet[Region]:
    return Region.objects.filter(valid_to=None)


def _libraries(request: Any) -> QuerySet[SubLibrary]:
    return queries.libraries_to_ask_by(request.user)


def _tags(request: Any) -> QuerySet[Tag]:
    return Tag.objects.filter(is_for_subjects=True, state=Tag.State.IN_USE)


MANY = 5000  # to look up so many takes SQLite 15 ms; a twentieth of a register, walked, fills a page as soon


def _looked_up(rows: QuerySet[Subject], library: SubLibrary | None) -> QuerySet[Subject]:
    """Those that stand in a sub-library, once each (R-23): its members, of which one after the other is looked up."""
    return rows.filter(pk__in=_entries(library).values("subject")) if library else rows


def _walked(rows: QuerySet[Subject], library: SubLibrary | None) -> QuerySet[Subject]:
    """The same: all rows in their order, of which each is asked whether it is a member."""
    return rows.filter(Exists(_entries(library).filter(subject=OuterRef("pk")))) if library else rows


def _entries(library: SubLibrary) -> QuerySet[Membership]:
    return library.memberships.filter(state=Membership.State.ACTIVE)


class SubjectFilter(django_filters.FilterSet):
    """What officials ask for most, the search first."""

    q = django_filters.CharFilter(
        label="名称、拼音首字母、代码、地址",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "如：鲜果店、xgd、9199…"}),
    )
    library = django_filters.ModelChoiceFilter(queryset=_libraries, label="分库", widget=SEARCHED)
    region = django_filters.ModelChoiceFilter(
        queryset=_regions, method="in_region", label="区划（含下级）", widget=SEARCHED
    )
    tag = TagChoice(_tags, "标签")
    kind = django_filters.ChoiceFilter(choices=Subject.Kind.choices, label="主体类别")
    grade = django_filters.ChoiceFilter(choices=Subject.Grade.choices, label="风险等级")
    scale = django_filters.ChoiceFilter(choices=Subject.Scale.choices, label="企业规模")
    status = django_filters.ChoiceFilter(choices=Subject.Status.choices, label="登记状态")
    state = django_filters.ChoiceFilter(choices=Subject.State.choices, label="库内状态")
    vanished = YesNoFilter(field_name="vanished_at", lookup_expr="isnull", exclude=True, label="全量更新未再出现")

    n_rows: int | None = None
    is_cut = False

    class Meta:
        model = Subject
        fields = ("q", "library", "region", "tag", "kind", "grade", "scale", "status", "state", "vanished")

    def filter_queryset(self, queryset: QuerySet[Subject]) -> QuerySet[Subject]:
        """Sub-library and words last, among the rows that pass all else."""
        asked, library = (self.form.cleaned_data.pop(name) for name in ("q", "library"))
        rows = super().filter_queryset(queryset)
        return self._with_words(rows, library, asked) if asked else self._without_words(rows, library)

    def _without_words(self, rows: QuerySet[Subject], library: SubLibrary | None) -> QuerySet[Subject]:
        """Counted by looking them up; shown so too while they are few or all are wanted.

        Many are shown by walking the list in its order, which ends when a page is full.
        """
        seen = Subject.objects.all() if self._within_reach(library) else queries.counted(self.request.user)
        found = _looked_up(super().filter_queryset(seen), library)
        self.n_rows = found.count()
        if self.n_rows < MANY or "export" in self.data:
            return rows.filter(pk__in=found.values("pk"))
        return _walked(rows, library)

    def _with_words(self, rows: QuerySet[Subject], library: SubLibrary | None, asked: str) -> QuerySet[Subject]:
        """The first that are found; a workbook takes every row in which the words are."""
        most = None if "export" in self.data else search.MOST_FOUND
        few = queries.ids_if_few(self.request.user, self._within_reach(library))
        # Of the few it is known that she sees them; to ask it of each before the words are looked for takes longer than
        # the search. Of what is found it is asked once more.
        passing = rows if few is None else super().filter_queryset(Subject.objects.all())
        found = search.matching(_looked_up(passing, library), asked, most, few)
        self.n_rows, self.is_cut = found.n, found.is_cut
        return rows.filter(pk__in=found.rows.values("pk"))

    def _within_reach(self, library: SubLibrary | None) -> SubLibrary | None:
        """A sub-library of which she sees all that is in it; of another only what she sees anyway."""
        is_hers = library and queries.sub_libraries(self.request.user).filter(pk=library.pk).exists()
        return library if is_hers else None

    def in_region(self, rows: QuerySet[Subject], name: str, value: Region) -> QuerySet[Subject]:
        """The region and all under it."""
        return rows.filter(region__in=and_below(Region, value.pk))

    def with_tag(self, rows: QuerySet[Subject], name: str, value: Tag) -> QuerySet[Subject]:
        """Those that bear it, or one below it, now."""
        borne = SubjectTag.objects.filter(tag__in=and_narrower(value), ended_at=None)
        return rows.filter(pk__in=borne.values("subject"))


class SubLibraryTable(Table):
    """Sub-libraries with how full they are."""

    name = tables.Column()
    department = tables.Column(accessor="department__short_name", verbose_name="设立部门", order_by="department__code")
    n_subjects = tables.Column(verbose_name="在库户数")
    n_rows = tables.Column(verbose_name="入库记录")
    actions = tables.Column(empty_values=(), orderable=False, verbose_name="操作", exclude_from_export=True)

    class Meta(Table.Meta):
        model = SubLibrary
        fields = ("code", "name", "department", "field", "is_licensed", "is_active", "n_subjects", "n_rows")
        order_by = ("code",)

    def render_actions(self, record: SubLibrary) -> str:
        """To the subjects that are counted."""
        return format_html('<a href="{}?library={}&state=active">查看对象</a>', reverse("registry:subjects"), record.pk)


class SubLibraryFilter(django_filters.FilterSet):
    """By name, whether in use."""

    name = django_filters.CharFilter(lookup_expr="contains", label="名称")
    is_active = YesNoFilter(label="有效")

    class Meta:
        model = SubLibrary
        fields = ("name", "is_active")


class ExpiringTable(Table):
    """Licences that end soon."""

    subject = tables.Column(
        linkify=lambda record: reverse("registry:subject", args=[record.subject_id]), order_by="subject__number"
    )
    sub_library = tables.Column(order_by="sub_library__code")
    valid_to = tables.DateColumn(format="Y-m-d")
    days = tables.Column(empty_values=(), orderable=False, verbose_name="剩余天数")

    class Meta(Table.Meta):
        model = Membership
        fields = ("subject", "sub_library", "licence_name", "licence_no", "valid_to", "days")
        order_by = ("valid_to", "id")

    def render_days(self, record: Membership) -> int | None:
        """Counted from today on."""
        return (record.valid_to - timezone.localdate()).days if record.valid_to else None
