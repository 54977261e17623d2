"""What the plans of a year cover: items of the lists, joint items, fields of 综合监管一件事."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from gongchou.plans.queries.survey import Survey
from gongchou.registry.models import ItemVersion, JointItemVersion, MatterVersion
from gongchou.registry.models.matters import OneThing
from gongchou.registry.queries.versions import in_force


def items_of(survey: Survey) -> list[ItemVersion]:
    """What the department may use, by code."""
    return sorted(survey.usable[survey.plan.department_id].values(), key=lambda one: one.item.code)


def covered_items(survey: Survey) -> set[UUID]:
    """The items in lines of this plan, and of joint lines in which the department takes part."""
    return {item.pk for line in (*survey.lines, *survey.others) for item in line.items.all()}


def joint_items_without_line(survey: Survey) -> list[JointItemVersion]:
    """Joint items on the lists of the region's departments that stand in no line of this plan."""
    level = survey.plan.department.region.level
    rows = JointItemVersion.objects.filter(
        in_force(JointItemVersion, survey.on), joint_item__owner__region=survey.plan.department.region
    )
    planned = {line.joint_item_id for line in survey.lines}
    found = rows.select_related("joint_item").order_by("joint_item__code", "id")
    return [one for one in found if one.joint_item_id not in planned and (not one.levels or level in one.levels)]


def one_things(survey: Survey, names: Iterable[str]) -> list[tuple[str, bool, bool]]:
    """Each field of 综合监管一件事 with whether a matter of it is published, and whether the plan has a line for it."""
    rows = MatterVersion.objects.filter(in_force(MatterVersion, survey.on)).prefetch_related("joint_items")
    by_name: dict[str, list[MatterVersion]] = {}
    for one in rows:
        name = OneThing(one.one_thing).label if one.one_thing else one.field
        by_name.setdefault(str(name), []).append(one)
    matters = {line.matter_id for line in survey.lines}
    joint = {line.joint_item_id for line in survey.lines}
    return [
        (name, name in by_name, any(_is_planned(one, matters, joint) for one in by_name.get(name, ())))
        for name in names
    ]


def _is_planned(matter: MatterVersion, matters: set[UUID | None], joint: set[UUID | None]) -> bool:
    return matter.matter_id in matters or any(one.pk in joint for one in matter.joint_items.all())
