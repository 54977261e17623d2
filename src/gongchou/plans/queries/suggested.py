"""Lines that a list asks for and a plan lacks, ready to be added: each says what the list says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from gongchou.accounts.models import Department, Region
from gongchou.plans.layout.spans import read_span
from gongchou.plans.models import LineVersion
from gongchou.plans.models.lines import MOST_ROUNDS
from gongchou.plans.norms import ByGrade, NormCode
from gongchou.plans.pool import Pool, pool_from_json, pool_to_json
from gongchou.plans.queries import coverage
from gongchou.plans.queries.survey import Survey
from gongchou.registry.frequency import Frequency
from gongchou.registry.models import ItemVersion, JointInitiator, JointItemVersion, Subject, SubLibrary
from gongchou.registry.ratio import GRADES, Amount, By, Choice, Part, Table, ratio_to_json

FIRST, LAST = (3, 1), (11, 30)
"""When inspections usually begin and end in a year; the planner changes it line by line."""

Content = dict[str, Any]


def of_items(survey: Survey, items: Iterable[ItemVersion], *, by_risk: bool) -> list[Content]:
    """A line for each item of a department's list."""
    department = survey.plan.department
    bands = _middle(survey) if by_risk else None
    return [_of_item(one, department, survey.plan.year, bands) for one in items]


def _of_item(item: ItemVersion, department: Department, year: int, bands: dict[str, Any] | None) -> Content:
    is_general = item.kind == ItemVersion.Kind.GENERAL
    ratio = bands if bands and is_general else item.ratio
    return {
        "name": item.name,
        "field": item.category,
        "category": item.kind,
        "items": [item.item],
        "initiator": department,
        "lead_unit": item.responsible_unit,
        "participants": [],
        "mode": "",
        **_subjects(item, department),
        **_amount(ratio, item, department.region.level),
        **_days(year),
        "levels": [department.region.level],
    }


def of_joint_items(survey: Survey) -> list[Content]:
    """A line for each joint item that no line of the plan has; of several initiators one line each."""
    found = coverage.joint_items_without_line(survey)
    region = survey.plan.department.region_id
    return [
        {**_of_joint(one, survey), "initiator": row.department, **_type(row, one)}
        for one in found
        for row in one.initiators.select_related("department__region")
        if row.department.region_id == region
    ]


def _of_joint(one: JointItemVersion, survey: Survey) -> Content:
    items = list(one.items.all())
    keys = ItemVersion.objects.filter(item__in=items, state="published", kind=ItemVersion.Kind.KEY)
    return {
        "name": f"{one.field}：{one.name}"[:100],
        "field": one.field,
        "category": "key" if keys.exists() else "general",
        "items": items,
        "joint_item": one.joint_item,
        "participants": _members(one.participants.all()),
        "form": "comprehensive",
        "mode": "city_county" if "county" in one.levels else "city_city",
        **_subjects(one, None),
        **_amount(one.ratio, one, survey.plan.department.region.level),
        **_days(survey.plan.year, one.time),
        "time_note": one.time,
        "levels": list(one.levels),
        "note": one.level_note,
    }


def _type(row: JointInitiator, one: JointItemVersion) -> Content:
    """A line of one type of subject says so; its initiator, which may join those of other types, does not join it."""
    others = {"participants": [own for own in _members(one.participants.all()) if own.pk != row.department_id]}
    if not row.subject_type:
        return others
    name = f"{one.field}：{one.name}（{row.subject_type}）"[:100]
    return {**others, "name": name, "subject_words": row.subject_type}


def _subjects(one: ItemVersion | JointItemVersion, department: Department | None) -> Content:
    """The pool an item names: its library, its kinds of subjects, and of a county's department the county."""
    library: SubLibrary | None = one.sub_library
    kinds = tuple(kind for kind in one.subject_kinds if kind in Subject.Kind.values)
    is_county = department is not None and department.region.level == Region.Level.COUNTY
    regions = (str(department.region_id),) if department is not None and is_county else ()
    pool = Pool(libraries=(str(library.pk),) if library else (), kinds=kinds, regions=regions)
    names = "、".join(str(Subject.Kind(kind).label) for kind in kinds)
    words = f"{library.name}单位" if library else f"在库{names or '检查对象'}"
    return {"pool": {} if pool == Pool() else pool_to_json(pool), "subject_words": words}


def _amount(ratio: dict[str, Any], one: ItemVersion | JointItemVersion, level: str) -> Content:
    """Ratio, frequency and how many draws they mean."""
    is_by_grade = ratio.get("kind") == "table" and ratio.get("by") == str(By.GRADE)
    rule = one.ratio_rule if ratio == one.ratio and ratio else None
    rounds = rule.options[0].times if isinstance(rule, Choice) else _rounds(one.frequency_rule, level)
    return {"ratio": ratio, "frequency": one.frequency, "rounds": rounds, "is_risk_based": is_by_grade}


def _rounds(rule: Frequency, level: str) -> int:
    """How many draws a year a frequency asks for at a level, one at least."""
    return max(1, min(MOST_ROUNDS, coverage.least_a_year(coverage.series_of(rule, level))))


def _days(year: int, words: str = "") -> Content:
    """From the first to the last day that a list names, else the usual time."""
    spans = [read_span(part, year) for part in words.split("、") if part]
    known = [span for span in spans if span is not None]
    if not known or len(known) < len(spans):
        return {"begins_on": date(year, *FIRST), "ends_on": date(year, *LAST)}
    return {"begins_on": min(begins for begins, _ in known), "ends_on": max(ends for _, ends in known)}


def _middle(survey: Survey) -> dict[str, Any] | None:
    """The middle of each class's band as a ratio; None where no document sets bands."""
    applied = survey.norms.get(NormCode.BANDS)
    if applied is None or not isinstance(applied.demand, ByGrade):
        return None
    rows = [Part(grade, _middle_of(applied.demand.amounts[grade])) for grade in GRADES]
    return ratio_to_json(Table(By.GRADE, tuple(rows)))


def _middle_of(band: Amount) -> Amount:
    """Half way, to a tenth of a per cent."""
    ceiling = band.ceiling if band.ceiling is not None else band.floor
    middle = ((band.floor + ceiling) / 2).quantize(Decimal("0.1"))
    return Amount("%", middle, middle)


THAT_YEAR_S = ("campaign", "agreement")
"""What a line of another year does not take along."""


def a_year_later(line: LineVersion) -> Content:
    """What a line says, a year later: the 29th of February counts as the 28th."""
    own = {name: getattr(line, name) for name in LineVersion.content if name not in THAT_YEAR_S}
    many = {"items": list(line.items.all()), "participants": _members(line.participants.all())}
    days = {name: _later(getattr(line, name)) for name in ("begins_on", "ends_on")}
    return {**own, **many, **days, "pool": _pool_later(line.pool)}


def _pool_later(stored: Content) -> Content:
    if not stored:
        return {}
    pool = pool_from_json(stored)
    return pool_to_json(replace(pool, not_visited_since=_later(pool.not_visited_since)))


def _members(departments: Iterable[Department]) -> list[Department]:
    """Who still is in the conference."""
    return [one for one in departments if one.is_conference_member and one.is_active]


def _later(day: date | None) -> date | None:
    if day is None:
        return None
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
