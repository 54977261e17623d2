"""How many of a pool a ratio rule draws: the number an official expects, and why it is that number.

Whole numbers and fractions only, as in the draw itself: in binary floats 3 % of a hundred is more than three.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from gongchou.draw.allocate import by_weight
from gongchou.plans.cells import Cell, cell_of, is_range
from gongchou.refusal import Refused
from gongchou.registry.ratio import (
    GRADES,
    LEVEL_NAMES,
    AsNeeded,
    By,
    Choice,
    Flat,
    Level,
    Option,
    Part,
    Ratio,
    Table,
    key_name,
    sentence,
)

__all__ = [
    "Cell",
    "Quota",
    "Sizes",
    "by_district",
    "cell_of",
    "groups_of",
    "in_rounds",
    "is_for_the_year",
    "levels_drawn",
    "nth_share",
    "option_of",
    "quota_of",
    "share_of",
]
MOST_ROUNDS = 366
COUNTED_WITH = "B"  # the ungraded


@dataclass(frozen=True)
class Sizes:
    """How many subjects a pool holds.

    by_grade: "A" to "D" and "" for the ungraded; by_level: level -> code of each of its regions -> its own pool;
    by_group: name of a group or of 其中…单位 -> its pool, by a tag of that name or typed
    """

    whole: int
    by_grade: Mapping[str, int] = field(default_factory=dict)
    by_level: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    by_group: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Quota:
    """How many one draw takes. n: None where the rule or the register leaves it open; notes: Chinese sentences.

    n_most: of a range such as 60-70家, else None
    cells: in the order of the rule; of a rule with 其中… the first is the whole, and the others lie within it
    """

    n: int | None
    n_most: int | None = None
    cells: tuple[Cell, ...] = ()
    notes: tuple[str, ...] = ()


def quota_of(rule: Ratio, sizes: Sizes, *, times: int | None = None, levels: Collection[str] | None = None) -> Quota:
    """Apply a rule to a pool once.

    times: which option of a choice (20%一次或10%两次: 2 is 10 % each time); None is its first
    levels: whose rows of a table by level are meant; None is all, each level drawing for itself

    Raises Refused ``plans.times_missing`` where a choice has no option of that many times.
    """
    if sizes.whole == 0:
        return Quota(0, _has_range(rule, times), (), ("抽取范围内没有对象，数量为 0",))
    match rule:
        case AsNeeded():
            return Quota(None, notes=("比例根据实际情况确定，请填写数量",))
        case Flat():
            return _flat(rule, sizes)
        case Choice():
            return _flat(Flat(option_of(rule, times).amount), sizes)
        case Table(by=By.GRADE):
            return _by_grade(rule, sizes)
        case Table(by=By.LEVEL):
            return _by_level(rule, sizes, levels)
        case Table():
            return _by_group(rule, sizes)


def _has_range(rule: Ratio, times: int | None) -> int | None:
    """0 where an empty pool would have had a range, so that a column of both numbers has no holes."""
    match rule:
        case Flat():
            return 0 if is_range(rule.amount) else None
        case Table():
            return 0 if any(is_range(row.amount) for row in rule.rows) else None
        case Choice():
            return 0 if is_range(option_of(rule, times).amount) else None
        case AsNeeded():
            return None


def option_of(rule: Choice, times: int | None) -> Option:
    """The option of so many times, or the first. Raises Refused ``plans.times_missing``."""
    if times is None:
        return rule.options[0]
    found = next((option for option in rule.options if option.times == times), None)
    if found is None:
        choices = "、".join(str(option.times) for option in rule.options)
        raise Refused("plans.times_missing", times=times, choices=choices)
    return found


def groups_of(rule: Ratio) -> tuple[str, ...]:
    """The names whose pools ``Sizes.by_group`` should tell."""
    match rule:
        case Flat():
            return tuple(part.key for part in rule.parts)
        case Table(by=By.GROUP):
            return tuple(row.key for row in rule.rows)
    return ()


def levels_drawn(rule: Ratio, level: str) -> Collection[str] | None:
    """The levels by which a department of a level draws: its own where the rule has a row for it; None is all rows.

    A station draws as its county does, unless towns have a row.
    """
    keys = [row.key for row in rule.rows] if isinstance(rule, Table) and rule.by == By.LEVEL else []
    wanted = [level, Level.COUNTY.value] if level == Level.TOWN else [level]
    own = next((key for key in wanted if key in keys), None)
    return None if own is None else (own,)


def _flat(rule: Flat, sizes: Sizes) -> Quota:
    whole, notes = cell_of(rule.amount, sizes.whole)
    parts, more = _cells(rule.parts, sizes.by_group, unknown="，只按总数计算")
    # 其中 lies within the whole and adds nothing to it; only where the parts alone need more must the whole give way.
    n_parts = min(sizes.whole, sum(cell.n or 0 for cell in parts))
    if whole.n is not None and n_parts > whole.n:
        more.append(f"其中各部分共需 {n_parts} 户，多于按总数计算的 {whole.n} 户，按 {n_parts} 户抽取")
        n_most = None if whole.n_most is None else max(n_parts, whole.n_most)
        whole = replace(whole, n=n_parts, n_most=n_most)
    if rule.or_special_plan:
        more.append("有专项计划的，以专项计划为准")
    whole = replace(whole, rule=sentence(replace(rule, parts=())))
    return Quota(whole.n, whole.n_most, (whole, *parts), (*notes, *more))


def _by_grade(rule: Table, sizes: Sizes) -> Quota:
    by_grade = {grade: sizes.by_grade.get(grade, 0) for grade in GRADES}
    n_ungraded = max(0, sizes.whole - sum(by_grade.values()))  # who is in no grade's count has no grade
    by_grade[COUNTED_WITH] += n_ungraded
    notes = [f"未评级的 {n_ungraded} 户按{key_name(COUNTED_WITH)}计算"] if n_ungraded else []
    cells, more = _cells(rule.rows, by_grade)
    named = {row.key for row in rule.rows}
    left = {grade: n for grade, n in by_grade.items() if n and grade not in named}
    told = [f"{key_name(grade)}没有规定比例，{n} 户未计入" for grade, n in left.items()]
    return _sum(cells, [*notes, *more, *told])


def _by_level(rule: Table, sizes: Sizes, levels: Collection[str] | None) -> Quota:
    cells: list[Cell] = []
    notes: list[str] = []
    rows = [row for row in rule.rows if levels is None or row.key in levels]
    for row in rows:
        found, told = _level_cells(row, sizes)
        cells, notes = cells + [replace(cell, level=row.key) for cell in found], notes + told
    if len(rows) > 1:
        names = "、".join(LEVEL_NAMES[Level(row.key)] for row in rows)
        notes.append(f"{names}分别抽取，同一对象可能不止一次被抽到")
    return _sum(cells, notes)


def _level_cells(row: Part, sizes: Sizes) -> tuple[list[Cell], list[str]]:
    """A cell for each region of the level. A province or a city without regions of its own draws from the whole."""
    regions = sizes.by_level.get(row.key)
    name = LEVEL_NAMES[Level(row.key)]
    if not regions and row.key in (Level.PROVINCE, Level.CITY):
        regions = {"": sizes.whole}
    if not regions:
        return [Cell("", None, None, f"{name}{row.amount}")], [f"{name}各区划的户数未知，数量未定"]
    found = [cell_of(row.amount, size, key=code, name=name) for code, size in sorted(regions.items())]
    n_left = sizes.whole - sum(regions.values())
    told = [f"{n_left} 户不属于任何{name}区划，未计入{name}"] if n_left > 0 else []
    return [cell for cell, _ in found], list(dict.fromkeys(text for _, texts in found for text in texts)) + told


def _by_group(rule: Table, sizes: Sizes) -> Quota:
    cells, notes = _cells(rule.rows, sizes.by_group, unknown="，数量未定")
    n_left = sizes.whole - sum(cell.size or 0 for cell in cells)
    is_known = all(cell.size is not None for cell in cells)
    if is_known and n_left > 0:
        notes.append(f"{n_left} 户不属于以上各类，未计入")
    found = _sum(cells, notes)
    if found.n is None or found.n <= sizes.whole:
        return found
    # Groups may overlap, and what stands in two of them is still one subject.
    return replace(found, n=sizes.whole, n_most=found.n_most and sizes.whole)


def _cells(rows: Iterable[Part], bases: Mapping[str, int], unknown: str = "") -> tuple[list[Cell], list[str]]:
    cells: list[Cell] = []
    notes: list[str] = []
    for row in rows:
        name = key_name(row.key)
        if row.key in bases:
            cell, told = cell_of(row.amount, bases[row.key], key=row.key, name=name)
        else:
            cell, told = Cell(row.key, None, None, f"{name}{row.amount}"), [f"“{name}”的户数未知{unknown}"]
        cells, notes = [*cells, cell], [*notes, *told]
    return cells, notes


def _sum(cells: list[Cell], notes: list[str]) -> Quota:
    """All cells together; unknown where one of them is."""
    numbers = [cell.n for cell in cells]
    n = sum(number for number in numbers if number is not None) if None not in numbers else None
    has_range = n is not None and any(cell.n_most is not None for cell in cells)
    most = sum(cell.n_most if cell.n_most is not None else cell.n or 0 for cell in cells)
    return Quota(n, most if has_range else None, tuple(cells), tuple(notes))


def is_for_the_year(rule: Ratio) -> bool:
    """Whether the number is that of the whole year (/年, 可在年度内分批完成) rather than of each draw."""
    return isinstance(rule, Flat) and (rule.may_split or rule.is_yearly)


def in_rounds(rule: Ratio, n: int, n_rounds: int) -> tuple[int, ...]:
    """How many each of the year's draws takes: the rule's number each time, or the year's number shared out.

    Shared out, no earlier draw is smaller than a later one. Raises Refused ``plans.rounds``.
    """
    if not 0 < n_rounds <= MOST_ROUNDS:
        raise Refused("plans.rounds", rounds=n_rounds)
    if not is_for_the_year(rule):
        return (n,) * n_rounds
    return tuple(nth_share(n, turn, n_rounds) for turn in range(1, n_rounds + 1))


def nth_share(n: int, turn: int, n_rounds: int) -> int:
    """How many of ``n`` places, dealt out one by one, fall to the ``turn``-th of so many draws, from 1."""
    return (n - turn + n_rounds) // n_rounds


def share_of(rule: Ratio, quota: Quota, turn: int, n_rounds: int) -> Quota:
    """What the ``turn``-th of the year's draws takes, from 1. Raises Refused ``plans.rounds``."""
    if quota.n is None or n_rounds == 1 or not is_for_the_year(rule):
        return quota
    n = in_rounds(rule, quota.n, n_rounds)[turn - 1]
    n_most = None if quota.n_most is None else in_rounds(rule, quota.n_most, n_rounds)[turn - 1]
    told = f"全年应抽 {quota.n} 户，分 {n_rounds} 次，第 {turn} 次抽 {n} 户"
    return replace(quota, n=n, n_most=n_most, notes=(*quota.notes, told))


def by_district(n: int, sizes: Mapping[str, int]) -> dict[str, int]:
    """Share ``n`` out over districts by their pools, by largest remainders; the total stays.

    Raises Refused ``plans.quota_above_pool`` where the districts together hold fewer.
    """
    if n > sum(sizes.values()):
        raise Refused("plans.quota_above_pool", n=n, size=sum(sizes.values()))
    return by_weight(sizes, sizes, n)
