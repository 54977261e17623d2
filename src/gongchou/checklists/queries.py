"""Reading the library of forms: who sees which, and which serve a department for its items."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from gongchou.accounts.models import Department, User
from gongchou.accounts.queries import departments_within, departments_within_any, has_duty
from gongchou.accounts.roles import Duty
from gongchou.checklists.changes import changes
from gongchou.checklists.merging import Part
from gongchou.checklists.models import Checklist, ChecklistVersion
from gongchou.checklists.states import OUT, VersionState
from gongchou.registry.models import Claim, Item
from gongchou.registry.queries.items import departments_above, office_of
from gongchou.registry.queries.versions import newest_name
from gongchou.registry.states.lists import USABLE

WORKERS = (Duty.KEEP_LIST, Duty.APPROVE_LIST)
READERS = (Duty.READ_LIBRARIES, *WORKERS)


def visible(by: User) -> QuerySet[ChecklistVersion]:
    """What is or was in use is for every reader of the lists; the rest for who keeps or approves that department's."""
    if not has_duty(by, *READERS):
        return ChecklistVersion.objects.none()
    own = departments_within_any(by, *WORKERS).order_by().values("pk")
    rows = ChecklistVersion.objects.filter(Q(state__in=OUT) | Q(checklist__department__in=own))
    return rows.select_related("checklist__department__region", "brought_by", "published_by", "ended_by")


def visible_checklists(by: User) -> QuerySet[Checklist]:
    """The forms of which somebody sees at least one version."""
    rows = Checklist.objects.filter(pk__in=visible(by).order_by().values("checklist"))
    return rows.select_related("department__region")


def to_publish(by: User) -> QuerySet[ChecklistVersion]:
    """Drafts that wait for her, and that somebody else brought."""
    own = departments_within(by, Duty.APPROVE_LIST).order_by().values("pk")
    rows = visible(by).filter(state=VersionState.DRAFT, checklist__department__in=own)
    return rows.exclude(brought_by=by)


def choosable_items(departments: Iterable[Department]) -> QuerySet[Item]:
    """What the forms of departments may be for: the items they own, and those they have claimed."""
    owners = {office_of(one) for one in departments}
    claimed = Claim.objects.filter(department__in=owners, ended_at=None, state__in=USABLE).values("item")
    rows = Item.objects.filter(Q(owner__in=owners) | Q(pk__in=claimed))
    return rows.prefetch_related("versions").order_by("code")


def serving(department: Department, items: Iterable[Item]) -> list[ChecklistVersion]:
    """The versions in use for a department's items, base forms first: its own, and those of the departments above it.

    Of two forms for one item both are there, the nearer one first.
    """
    office = office_of(department)
    order = [office.pk, *departments_above(office)]
    wanted = {item.pk for item in items}
    rows = ChecklistVersion.objects.filter(
        Q(checklist__is_base=True) | Q(items__in=wanted), state=VersionState.IN_USE, checklist__department__in=order
    )
    found = rows.distinct().select_related("checklist__department").prefetch_related("items")
    return sorted(found, key=lambda one: (not one.checklist.is_base, order.index(one.checklist.department_id), one.pk))


def nearest(found: Iterable[ChecklistVersion], items: Collection[Item]) -> list[ChecklistVersion]:
    """Of those that ``serving`` found the first base form, and for each item the first that serves it."""
    chosen: dict[UUID, ChecklistVersion] = {}
    wanted = {item.pk for item in items}
    has_base = False
    for one in found:
        served = {item.pk for item in one.items.all()} & wanted
        if (one.checklist.is_base and not has_base) or served:
            chosen[one.pk] = one
        has_base, wanted = has_base or one.checklist.is_base, wanted - served
    return list(chosen.values())


def not_served(chosen: Iterable[ChecklistVersion], items: Iterable[Item]) -> list[Item]:
    """The items for which no form of their own is among those chosen (R-10); a base form alone serves none."""
    served = {item.pk for one in chosen for item in one.items.all()}
    return [item for item in items if item.pk not in served]


def standing(checklist: Checklist) -> dict[str, str]:
    """What whoever writes the next version builds upon: its versions that may count, and what is new in them."""
    rows = list(checklist.versions.select_related("brought_by").prefetch_related("items"))
    words = dict.fromkeys((VersionState.IN_USE, VersionState.DRAFT), "")
    for one in rows:
        if one.state in words:
            before = next((other for other in rows if other.number < one.number and other.state in OUT), None)
            words[VersionState(one.state)] = _told(one, before)
    return {f"{state.label}的版本": text for state, text in words.items()}


def _told(version: ChecklistVersion, before: ChecklistVersion | None) -> str:
    items = "、".join(item.code for item in version.items.all()) or "全部事项"
    head = f"第{version.number}版，{version.brought_by.name}提交，{version.n_questions}题，适用{items}"
    new = changes(before.definition, version.definition) if before else []
    return "\n".join([head, *new])


def part_of(
    version: ChecklistVersion, department: Department | None = None, items: Iterable[Item] | None = None
) -> Part:
    """A version as a part of a visit's sheet: what a department checks with it, else all that it is for."""
    served = department or version.checklist.department
    found = version.items.all() if items is None else items
    return Part(
        version=str(version.pk),
        digest=version.digest,
        name=version.checklist.name,
        number=version.number,
        is_base=version.checklist.is_base,
        department=served.code,
        department_name=served.short_name,
        items=tuple((item.code, newest_name(item)) for item in found),
        definition=version.definition,
    )
