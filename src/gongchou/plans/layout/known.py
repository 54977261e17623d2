"""What the cells of a plan may name, read once for a whole workbook."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from gongchou.accounts.models import Department, Region
from gongchou.plans.layout.names import Names
from gongchou.plans.models import Agreement, Campaign, Plan
from gongchou.plans.pool import Pool, pool_to_json
from gongchou.registry.models import ItemVersion, JointItemVersion, MatterVersion, Subject, SubLibrary, Tag
from gongchou.registry.states.lists import VersionState


def _names(what: str) -> Names[UUID]:
    return Names(what)


@dataclass
class Known:
    """The words of a place; ``department`` holds the rows of ``departments``."""

    plan: Plan
    departments: Names[UUID] = field(default_factory=lambda: _names("部门"))
    department: dict[UUID, Department] = field(default_factory=dict)
    items: Names[UUID] = field(default_factory=lambda: _names("已公布的抽查事项"))
    joint_items: Names[UUID] = field(default_factory=lambda: _names("已公布的联合抽查事项"))
    matters: Names[UUID] = field(default_factory=lambda: _names("已公布的综合监管事项"))
    libraries: Names[UUID] = field(default_factory=lambda: _names("分库"))
    campaigns: Names[UUID] = field(default_factory=lambda: _names("集中联合抽查"))
    agreements: Names[UUID] = field(default_factory=lambda: _names("跨区域协议"))
    regions: Names[UUID] = field(default_factory=lambda: _names("区划"))
    tags: Names[UUID] = field(default_factory=lambda: _names("标签"))
    pools: dict[UUID, Pool] = field(default_factory=dict)

    def pool_of_items(self, items: Iterable[UUID], department: Department) -> dict[str, Any]:
        """The subjects that some items are for on the list; for a department of a county those of the county."""
        own = [self.pools.get(item, Pool()) for item in items]
        is_county = department.region.level == Region.Level.COUNTY
        libraries = {one for pool in own for one in pool.libraries} if all(pool.libraries for pool in own) else set()
        kinds = [kind for kind in Subject.Kind.values if any(kind in pool.kinds for pool in own)]
        every = all(pool.kinds for pool in own)
        regions = (str(department.region_id),) if is_county else ()
        pool = Pool(tuple(sorted(libraries)), kinds=tuple(kinds) if every else (), regions=regions)
        return {} if pool == Pool() else pool_to_json(pool)


def known_to(plan: Plan) -> Known:
    """All that may be named in the plan: a fixed number of queries, however many lines."""
    known, home = Known(plan), plan.department.region_id
    for own in Department.objects.filter(is_active=True).select_related("region"):
        known.department[own.pk] = own
        is_near = own.region_id == home and not own.is_internal_unit
        known.departments.add(own.pk, own.short_name, own.name, own.code, is_near=is_near)
    _add_listed(known)
    for library in SubLibrary.objects.filter(is_active=True):
        known.libraries.add(library.pk, library.name, library.code, is_near=library.department_id == plan.department_id)
    for campaign in Campaign.objects.filter(year=plan.year, ended_at=None):
        known.campaigns.add(campaign.pk, campaign.name, is_near=campaign.region_id == home)
    for agreement in Agreement.objects.filter(ended_at=None):
        known.agreements.add(agreement.pk, agreement.name, is_near=agreement.department_id == plan.department_id)
    for region in Region.objects.filter(valid_to=None):
        known.regions.add(region.pk, region.name, region.code)
    for tag in Tag.objects.filter(state=Tag.State.IN_USE, is_for_subjects=True):
        known.tags.add(tag.pk, tag.name, tag.code)
    return known


def _add_listed(known: Known) -> None:
    """Items, joint items and matters by code, by name, and as both: so they are written."""
    lists = (
        (ItemVersion, "item", known.items),
        (JointItemVersion, "joint_item", known.joint_items),
        (MatterVersion, "matter", known.matters),
    )
    for model, thing, names in lists:
        rows = model._default_manager.filter(state=VersionState.PUBLISHED).order_by()
        told = rows.values_list(f"{thing}_id", f"{thing}__code", "name", f"{thing}__owner_id")
        for key, code, name, owner in told:
            names.add(key, f"{code} {name}", code, name, is_near=owner == known.plan.department_id)
    rows = ItemVersion.objects.filter(state=VersionState.PUBLISHED).order_by()
    for item, library, kinds in rows.values_list("item_id", "sub_library_id", "subject_kinds"):
        own = tuple(kind for kind in kinds if kind in Subject.Kind.values)
        known.pools[item] = Pool(libraries=(str(library),) if library else (), kinds=own)
