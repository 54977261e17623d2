"""What the plans of a year cover: items of the lists, joint items, fields of 综合监管一件事."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from uuid import UUID

from gongchou.plans.queries.survey import Survey
from gongchou.registry.frequency import Frequency, Times, TimesTable
from gongchou.registry.models import ItemVersion, JointItemVersion, MatterVersion
from gongchou.registry.models.matters import OneThing
from gongchou.registry.queries.versions import in_force
from gongchou.registry.ratio import By


def items_of(survey: Survey) -> list[ItemVersion]:
    """What the department may use, by code."""
    return sorted(survey.usable[survey.plan.department_id].values(), key=lambda one: one.item.code)


def due_items(survey: Survey) -> list[ItemVersion]:
    """Those of the department's items that are due in the year (R-9, S1-2)."""
    return [item for item in items_of(survey) if is_due(item, survey.plan.department.region.level)]


def is_due(item: ItemVersion, level: str) -> bool:
    """An item is due in a year unless its list leaves the frequency open or is meant for other levels."""
    rule = item.frequency_rule
    times = series_of(rule, level)
    is_asked = least_a_year(times) > 0 or (times is None and rule.subject is not None)
    return is_asked and (not item.levels or level in item.levels)


def series_of(rule: Frequency, level: str) -> Times | None:
    """How often a series is run at a level; None where nothing is said."""
    if not isinstance(rule.series, TimesTable):
        return rule.series
    return next((row.times for row in rule.series.rows if rule.series.by == By.LEVEL and row.key == level), None)


def least_a_year(times: Times | None) -> int:
    """The fewest runs that are due in a year; 0 where none is."""
    if times is None or times.least is None:
        return 0
    return int(Fraction(times.least) / times.years) or 1


def uncovered_items(survey: Survey) -> list[ItemVersion]:
    """The due items that stand in no line."""
    covered = covered_items(survey)
    return [item for item in due_items(survey) if item.item_id not in covered]


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
