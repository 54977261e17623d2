"""Reading 抽查事项清单: who sees what, what a department may use, what it may claim, which ceiling applies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from gongchou.accounts.models import Department, Region, User
from gongchou.accounts.queries import departments_within, has_duty, in_fields
from gongchou.accounts.roles import Duty
from gongchou.registry.models import Claim, Item, ItemVersion, JointItemVersion, MatterVersion, RatioCeiling
from gongchou.registry.queries.versions import fields_read, in_force, visible_versions
from gongchou.registry.states.lists import OUT, USABLE, VersionState


def visible(by: User) -> QuerySet[ItemVersion]:
    """The versions of items that somebody sees."""
    return visible_versions(ItemVersion, by)


def with_parts(rows: QuerySet[ItemVersion]) -> QuerySet[ItemVersion]:
    """Fetch all that a version says of other things."""
    return rows.select_related("sub_library", "qualification").prefetch_related("tags")


def visible_items(by: User) -> QuerySet[Item]:
    """The items of which somebody sees at least one version."""
    return Item.objects.filter(pk__in=visible(by).order_by().values("item")).select_related("owner__region")


def office_of(department: Department) -> Department:
    """The department that an internal unit belongs to, a 科 in a 处 as well; every other department is its own."""
    while department.is_internal_unit and department.parent is not None:
        department = department.parent
    return department


def usable_items(department: Department, *, on: date) -> QuerySet[ItemVersion]:
    """The published versions a department may put into plans and tasks on a day (R-1, R-6).

    Its own, and those from above that it has claimed; a suspended or released claim gives nothing.
    """
    office = office_of(department)
    claimed = Claim.objects.filter(department=office, ended_at=None, state__in=USABLE).values("item")
    rows = ItemVersion.objects.filter(in_force(ItemVersion, on), Q(item__owner=office) | Q(item__in=claimed))
    return rows.select_related("item__owner__region", "sub_library").order_by("item__code", "id")


def departments_above(department: Department) -> list[UUID]:
    """The line of command upwards, nearest first; where no line is known, the parent."""
    return above(department.pk, lines_of_command())


def lines_of_command() -> dict[UUID, UUID | None]:
    """Department -> the one above it. There are few enough to read them all."""
    return {pk: line or parent for pk, line, parent in Department.objects.values_list("pk", "line_parent", "parent")}


def above(department: UUID, upper: Mapping[UUID, UUID | None]) -> list[UUID]:
    """The way up from a department, nearest first."""
    found: list[UUID] = []
    at = upper.get(department)
    while at is not None and at not in found:
        found.append(at)
        at = upper.get(at)
    return found


def visible_claims(by: User) -> QuerySet[Claim]:
    """Claims of the departments whose libraries or lists somebody reaches, of items in her fields."""
    reach = departments_within(by, Duty.READ_LIBRARIES).values("pk")
    rows = Claim.objects.filter(items_in(fields_read(by)), department__in=reach)
    return rows.select_related("item__owner", "department__region")


@dataclass(frozen=True)
class Offer:
    """An item from above, and what a department has decided about it."""

    version: ItemVersion
    claim: Claim | None


def offers_to(department: Department, *, on: date, fields: frozenset[str] | None = None) -> list[Offer]:
    """The published items above a department that are meant for its level, each with its claim (R-6).

    fields: only those in these fields
    """
    upper = departments_above(department)
    rows = ItemVersion.objects.filter(in_force(ItemVersion, on), in_fields(fields, "category"), item__owner__in=upper)
    rows = rows.select_related("item__owner").order_by("item__code", "id")
    claims = {claim.item_id: claim for claim in Claim.objects.filter(department=department, ended_at=None)}
    level = department.region.level
    meant = [version for version in rows if level in version.levels or version.item_id in claims]
    return [Offer(version, claims.get(version.item_id)) for version in meant]


def items_in(fields: frozenset[str] | None) -> Q:
    """Claims of items that are, or were, in these fields."""
    known = ItemVersion.objects.filter(in_fields(fields, "category"), state__in=OUT).order_by()
    return Q() if fields is None else Q(item__in=known.values("item"))


def suspended_claims(department: Department, fields: frozenset[str] | None = None) -> QuerySet[Claim]:
    """Claims that wait for a new decision, of items in these fields."""
    rows = Claim.objects.filter(items_in(fields), department=department, ended_at=None, state="suspended")
    return rows.select_related("item__owner").prefetch_related("item__versions")


@dataclass(frozen=True)
class ClaimRate:
    """K-26 事项认领率."""

    n_claimed: int
    n_claimable: int

    @property
    def words(self) -> str:
        """As a percentage with its two numbers."""
        return share_words(self.n_claimed, self.n_claimable)


def share_words(part: int, whole: int) -> str:
    """A share in words, rounded down to a tenth of a per cent."""
    if not whole:
        return "—"
    tenths = part * 1000 // whole
    return f"{tenths // 10}.{tenths % 10}%（{part}/{whole}）"


def claim_rate(offers: list[Offer]) -> ClaimRate:
    """K-26 over what a department is offered."""
    return ClaimRate(sum(1 for one in offers if one.claim and one.claim.state in USABLE), len(offers))


def find_ceiling(department: Department, year: int) -> RatioCeiling | None:
    """The ceiling for general items that applies to a department: of its region, else of the nearest above."""
    parents = dict(Region.objects.values_list("pk", "parent"))
    ceilings = {one.region_id: one for one in RatioCeiling.objects.filter(year=year, ended_at=None)}
    at: UUID | None = department.region_id
    while at is not None and at not in ceilings:
        at = parents.get(at)
    return ceilings[at] if at is not None else None


def visible_ceilings(by: User) -> QuerySet[RatioCeiling]:
    """Ceilings are known to everybody who reads the lists."""
    is_reader = has_duty(by, Duty.READ_LIBRARIES)
    rows = RatioCeiling.objects.select_related("region", "set_by")
    return rows if is_reader else rows.none()


def joint_using(item: Item) -> QuerySet[JointItemVersion]:
    """The published joint items that an item is part of."""
    rows = JointItemVersion.objects.filter(items=item, state=VersionState.PUBLISHED)
    return rows.select_related("joint_item").order_by("joint_item__code", "id")


def matters_using(item: Item) -> QuerySet[MatterVersion]:
    """The published supervision matters that rest on an item through their joint items."""
    joint = joint_using(item).order_by().values("joint_item")
    rows = MatterVersion.objects.filter(state=VersionState.PUBLISHED, joint_items__in=joint).distinct()
    return rows.select_related("matter").order_by("matter__code", "id")
