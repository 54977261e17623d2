"""Reading the lists: what somebody sees, a list as it stood at an edition, a version in words, a comparison."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from gongchou.accounts.models import Department, User
from gongchou.accounts.queries import Bounds, bounds_of, fields_within, has_duty, in_fields
from gongchou.accounts.roles import Duty
from gongchou.registry.models import (
    Edition,
    Item,
    ItemVersion,
    JointItem,
    JointItemVersion,
    MatterVersion,
    Method,
    Subject,
    SupervisionMatter,
    Version,
)
from gongchou.registry.models.versions import Listed
from gongchou.registry.ratio import LEVEL_NAMES
from gongchou.registry.states.lists import OPEN, OUT, VersionState

V = TypeVar("V", bound=Version)
KINDS: dict[str, type[Version]] = {
    Edition.Kind.ITEMS: ItemVersion,
    Edition.Kind.JOINT: JointItemVersion,
    Edition.Kind.MATTERS: MatterVersion,
}
THINGS: dict[str, type[Listed]] = {
    Edition.Kind.ITEMS: Item,
    Edition.Kind.JOINT: JointItem,
    Edition.Kind.MATTERS: SupervisionMatter,
}
_WORKERS = (Duty.KEEP_LIST, Duty.APPROVE_LIST)
_READERS = (Duty.READ_LIBRARIES, *_WORKERS)


def kind_of(version: Version) -> Edition.Kind:
    """Which list a version belongs to."""
    return Edition.Kind(next(kind for kind, model in KINDS.items() if isinstance(version, model)))


def visible_versions(model: type[V], by: User) -> QuerySet[V]:
    """What was published is for every reader of the lists; drafts are for those who keep or approve that owner's.

    Whoever is bound to some fields reads, keeps and approves in those.
    """
    fields = fields_read(by)
    if fields is not None and not fields:
        return model._default_manager.none()
    owner = f"{model.thing_field}__owner"
    rows = model._default_manager.filter(
        (Q(state__in=OUT) & in_fields(fields, model.area_field)) | within(model, bounds_of(by, *_WORKERS))
    )
    return rows.select_related(model.thing_field, f"{owner}__region", "edition")


def within(model: type[Version], bounds: Bounds) -> Q:
    """The versions of a list that lie within a reach of departments and fields."""
    return bounds.rows(f"{model.thing_field}__owner", model.area_field)


def readable(rows: QuerySet[V], fields: frozenset[str] | None) -> QuerySet[V]:
    """Of published versions those in the fields that somebody reads (``fields_read``)."""
    return rows.filter(in_fields(fields, rows.model.area_field))


def fields_read(by: User) -> frozenset[str] | None:
    """The fields of the lists that somebody reads; None for all, none for nobody who reads lists."""
    return fields_within(by, *_READERS)


def area_of(thing: Listed) -> str:
    """The field a thing belongs to: as published, else as it was last worked on; "" if it has no version."""
    version = find_published(thing) or _versions(thing).order_by("-number").first()
    return version.area if version else ""


def standing(rows: QuerySet[V], on: date) -> QuerySet[V]:
    """The rows of a list as it stands: without what was withdrawn, or superseded by what is in force."""
    is_over = Q(state=VersionState.SUPERSEDED) & ~in_force(rows.model, on)
    return rows.exclude(state=VersionState.WITHDRAWN).exclude(is_over)


def in_force(model: type[Version], on: date) -> Q:
    """The versions to be used on a day: of those that came out and have begun, the newest of each thing.

    A list comes out before it takes effect: until then the version before is used, though it is superseded already.
    Behind an abolition nothing is.
    """
    same = model._default_manager.filter(**{model.thing_field: OuterRef(model.thing_field)}).order_by()
    newer = same.filter(state__in=OUT, valid_from__lte=on, number__gt=OuterRef("number"))
    goes_on = same.filter(state=VersionState.PUBLISHED)
    has_begun = Q(state__in=[VersionState.PUBLISHED, VersionState.SUPERSEDED], valid_from__lte=on)
    return has_begun & (Q(valid_to=None) | Q(valid_to__gte=on)) & Q(Exists(goes_on)) & ~Q(Exists(newer))


def being_ended(rows: QuerySet[V]) -> QuerySet[V]:
    """Published rows that somebody wants abolished."""
    return rows.filter(state=VersionState.PUBLISHED, end_asked_at__isnull=False)


def sent_back(rows: QuerySet[V]) -> QuerySet[V]:
    """Drafts that came back from review."""
    return rows.filter(state=VersionState.DRAFT).exclude(returned_reason="")


def visible_editions(by: User) -> QuerySet[Edition]:
    """Editions are public; whoever reads the lists sees all of them."""
    if not has_duty(by, *_READERS):
        return Edition.objects.none()
    return Edition.objects.select_related("department__region", "published_by")


def as_of(edition: Edition) -> QuerySet[Any]:
    """A department's list as it stood when an edition came out."""
    model = KINDS[edition.kind]
    rows = model._default_manager.filter(
        Q(ended_at=None) | Q(ended_at__gt=edition.published_at),
        state__in=OUT,
        published_at__lte=edition.published_at,
        **{f"{model.thing_field}__owner": edition.department},
    )
    return rows.select_related(model.thing_field, f"{model.thing_field}__owner", "edition").order_by(
        f"{model.thing_field}__code", "id"
    )


def ready_for(kind: str, department: Department, by: User) -> QuerySet[Any]:
    """Approved versions of a department that wait for an edition, of the fields somebody approves."""
    model = KINDS[kind]
    owner = f"{model.thing_field}__owner"
    rows = model._default_manager.filter(
        within(model, bounds_of(by, Duty.APPROVE_LIST)), state=VersionState.IN_FORCE, **{owner: department}
    )
    return rows.select_related(model.thing_field).order_by(f"{model.thing_field}__code", "id")


def next_edition_number(kind: str, department: Department) -> int:
    """Editions of a list are counted from 1."""
    found = Edition.objects.filter(kind=kind, department=department).aggregate(Max("number"))["number__max"]
    return (found or 0) + 1


def has_ended_since_latest(kind: str, department: Department) -> bool:
    """Tell whether something left a list after its latest edition, which a new edition may then announce."""
    model = KINDS[kind]
    latest = Edition.objects.filter(kind=kind, department=department).first()
    rows = model._default_manager.filter(state=VersionState.ABOLISHED, **{f"{model.thing_field}__owner": department})
    return latest is not None and rows.filter(ended_at__gt=latest.published_at).exists()


def find_open(thing: Listed) -> Version | None:
    """The version of a thing that is still being worked on."""
    return _versions(thing).filter(state__in=OPEN).first()


def find_published(thing: Listed) -> Version | None:
    """The version of a thing that is published."""
    return _versions(thing).filter(state=VersionState.PUBLISHED).first()


def find_in_force(thing: Listed, on: date) -> Version | None:
    """The version of a thing that is used on a day."""
    rows = _versions(thing)
    return rows.filter(in_force(rows.model, on)).first()


def next_number(thing: Listed) -> int:
    """Versions of a thing are counted from 1."""
    return (_versions(thing).aggregate(Max("number"))["number__max"] or 0) + 1


def _versions(thing: Listed) -> QuerySet[Any]:
    return thing.versions.all()  # type: ignore[attr-defined,no-any-return]


def _named(names: dict[str, str]) -> Callable[[Any], str]:
    return lambda rows: "、".join(names.get(code, code) for code in rows)


def _rows(rows: Iterable[Any]) -> str:
    """Small mappings or texts, one on a line."""
    return "\n".join(
        "　".join(str(value) for value in row.values() if value) if isinstance(row, dict) else str(row) for row in rows
    )


def _citations(rows: Iterable[dict[str, str]]) -> str:
    """Laws with their articles, one on a line."""
    return "\n".join(f"《{row['law'].strip('《》')}》{row['article']}" for row in rows)


_WORDS: dict[str, Callable[[Any], str]] = {
    "basis": _citations,
    "levels": _named({str(level): name for level, name in LEVEL_NAMES.items()}),
    "subject_kinds": _named(dict(Subject.Kind.choices)),
    "methods": _named(dict(Method.choices)),
}


def field_words(version: Version, name: str) -> str:
    """One field of a version as a reader sees it."""
    if name in ("ratio", "frequency"):
        return str(getattr(version, f"{name}_words"))
    value = getattr(version, name)
    if isinstance(version, MatterVersion) and name == "duties":
        return "\n".join(_duties(version))
    if hasattr(value, "all"):
        return "\n".join(sorted(_label(one) for one in value.all()))
    if name in _WORDS:
        return _WORDS[name](value)
    if isinstance(value, list):
        return _rows(value)
    if hasattr(version, f"get_{name}_display"):
        return str(getattr(version, f"get_{name}_display")())
    return "" if value is None else str(value)


def _duties(version: MatterVersion) -> list[str]:
    """Who is responsible for what, the lead first."""
    rows = sorted(version.duties.all(), key=lambda row: (row.department_id != version.lead_id, row.department.code))
    return [f"{row.department}{'（牵头）' * (row.department_id == version.lead_id)}：{row.duty}" for row in rows]


def _label(one: Any) -> str:
    """A thing on another list is known by its code and the name of its newest version."""
    return f"{one.code} {newest_name(one)}" if isinstance(one, Listed) else str(one)


def newest_name(thing: Listed) -> str:
    """What a thing is called where everybody may read it; asks nothing where ``versions`` were fetched before."""
    known = [version for version in _versions(thing) if version.state in OUT]
    return str(known[0].name) if known else "（未公布）"


def field_label(model: type[Version], name: str) -> str:
    """What a field is called."""
    field = model._meta.get_field(name)
    if field.auto_created and field.related_model:
        return str(field.related_model._meta.verbose_name)
    return str(getattr(field, "verbose_name", name))


def told(version: Version) -> list[tuple[str, str]]:
    """The whole content in words: label and text, in the order of the form."""
    return [(field_label(type(version), name), field_words(version, name)) for name in version.content]


def shown(version: Version) -> dict[str, str]:
    """All that the form of a draft changes, in words."""
    return {**dict(told(version)), field_label(type(version), "reason"): version.reason}


def sheet(model: type[Version], versions: Iterable[Version]) -> Iterator[list[str]]:
    """The whole content of a list as rows of words, the headings first."""
    yield ["编码", *(field_label(model, name) for name in model.content)]
    for version in versions:
        yield [version.thing.code, *(field_words(version, name) for name in version.content)]


@dataclass(frozen=True)
class Difference:
    """A field in two versions."""

    label: str
    old: str
    new: str

    @property
    def is_changed(self) -> bool:
        """Whether the two differ."""
        return self.old != self.new


def compare(old: Version, new: Version) -> list[Difference]:
    """Two versions side by side, field by field."""
    pairs = zip(told(old), told(new), strict=True)
    return [Difference(label, before, after) for (label, before), (_, after) in pairs]


@dataclass(frozen=True)
class Change:
    """A thing in two editions: added (no old), dropped (no new) or changed."""

    code: str
    old: Version | None
    new: Version | None

    @property
    def word(self) -> str:
        """What happened."""
        return "新增" if self.old is None else "删除" if self.new is None else "调整"


def compare_editions(
    old: Edition, new: Edition, fields: frozenset[str] | None, with_parts: Callable[[QuerySet[Any]], QuerySet[Any]]
) -> list[Change]:
    """What came, went or changed between two editions of one list, by code.

    fields: only what is in these
    with_parts: fetches what the versions of that list say of other things
    """
    before, after = (
        {version.thing.code: version for version in with_parts(readable(as_of(one), fields))} for one in (old, new)
    )
    codes = sorted(before.keys() | after.keys())
    pairs = [Change(code, before.get(code), after.get(code)) for code in codes]
    return [pair for pair in pairs if pair.old != pair.new]
