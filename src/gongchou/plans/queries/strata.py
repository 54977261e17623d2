"""层: into which part of the pool a subject falls, and how many each part draws (R-41, R-43, R-46).

The parts follow from what the approved line says: the rows of its ratio by class, group or level, its 其中…单位, and
the districts where it says so. Nobody types them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from gongchou.accounts.models import Region
from gongchou.draw.allocate import by_weight
from gongchou.draw.encoding import is_id
from gongchou.plans.cells import cell_of
from gongchou.plans.models import Task
from gongchou.plans.queries.register import groups_in_use, region_tree, subjects_of, upwards
from gongchou.plans.quota import (
    COUNTED_WITH,
    by_district,
    groups_of,
    is_for_the_year,
    levels_drawn,
    nth_share,
    option_of,
)
from gongchou.refusal import Refused
from gongchou.registry.ratio import Amount, AsNeeded, By, Choice, Flat, Level, Table, key_name

WHOLE, REST = "ALL", "REST"
DISTRICT = Region.Level.COUNTY


class Row(NamedTuple):
    """What decides the part of a subject."""

    pk: UUID
    grade: str
    region: UUID


@dataclass(frozen=True)
class Stratum:
    """A part of the pool. id: as it stands in the frame; rule: what made ``n``, in words."""

    id: str
    label: str
    size: int
    n: int
    rule: str


@dataclass(frozen=True)
class Strata:
    """The parts by id, and the part of each subject; who has none is under no row of the ratio."""

    parts: tuple[Stratum, ...]
    of: Mapping[UUID, str]


@dataclass(frozen=True)
class _Cell:
    """A row of the ratio: which subjects, how many of so many.

    short: as its id in the frame begins; is_district: it is a county already and is not parted by counties again
    """

    short: str
    label: str
    amount: Amount
    is_district: bool = False


def strata_of(task: Task, rows: Sequence[Row]) -> Strata:
    """Sort the subjects of a task's pool into its strata and count their places.

    Raises Refused ``plans.strata_open`` where the ratio leaves the number open, ``plans.strata_levels`` where several
    levels would draw at once.
    """
    cells, cell_of_row = _cells(task, rows)
    by_cell: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        short = cell_of_row(row)
        if short is not None:
            by_cell[short].append(row)
    places = _places(task, cells, {short: len(own) for short, own in by_cell.items()})
    parts: list[Stratum] = []
    of: dict[UUID, str] = {}
    for cell in cells:
        found = _split(task, cell, by_cell.get(cell.short, []), places.get(cell.short, 0))
        for part, own in found:
            parts.append(part)
            of |= dict.fromkeys(own, part.id)
    return Strata(tuple(sorted(parts, key=lambda part: part.id)), of)


def _cells(task: Task, rows: Sequence[Row]) -> tuple[list[_Cell], Callable[[Row], str | None]]:
    """The rows of the ratio in its order, and which of them a subject falls under."""
    rule = task.ratio_rule
    if isinstance(rule, Choice):
        rule = Flat(option_of(rule, task.rounds if task.line_id else None).amount)
    match rule:
        case AsNeeded():
            raise Refused("plans.strata_open", name=task.name)
        case Flat(parts=()):
            return [_Cell(WHOLE, "全部", rule.amount)], lambda _: WHOLE
        case Flat():
            members = _members(groups_of(rule))
            own = [_Cell(f"G{at}", part.key, part.amount) for at, part in enumerate(rule.parts, 1)]
            rest = _Cell(REST, "其余", rule.amount)
            return [*own, rest], lambda row: _first(own, members, row) or rest.short
        case Table(by=By.GRADE):
            own = [_Cell(f"R{at}", _grade_label(row.key), row.amount) for at, row in enumerate(rule.rows, 1)]
            short = {row.key: cell.short for row, cell in zip(rule.rows, own, strict=True)}  # no grade is made public
            return own, lambda row: short.get(row.grade or COUNTED_WITH)
        case Table(by=By.GROUP):
            members = _members(groups_of(rule))
            own = [_Cell(f"G{at}", row.key, row.amount) for at, row in enumerate(rule.rows, 1)]
            return own, lambda row: _first(own, members, row)
    return _levels(task, rule, rows)


def _grade_label(grade: str) -> str:
    return f"{key_name(grade)}（含未评级）" if grade == COUNTED_WITH else key_name(grade)


def _members(names: Iterable[str]) -> dict[str, set[UUID]]:
    """Group -> its members. Raises Refused ``plans.strata_group`` for one that neither a tag nor a 分库 names."""
    known = groups_in_use(names)
    for name in names:
        if name not in known:
            raise Refused("plans.strata_group", name=name)
    return {name: set(subjects_of(pool).values_list("pk", flat=True)) for name, pool in known.items()}


def _first(cells: Iterable[_Cell], members: Mapping[str, set[UUID]], row: Row) -> str | None:
    """Who is in two groups counts in the first: an object stands once in a frame."""
    return next((cell.short for cell in cells if row.pk in members[cell.label]), None)


def _levels(task: Task, rule: Table, rows: Sequence[Row]) -> tuple[list[_Cell], Callable[[Row], str | None]]:
    """Of a table by level only the organiser's own row counts: other levels draw for themselves."""
    wanted = levels_drawn(rule, task.department.level)
    found = [row for row in rule.rows if wanted is None or row.key in wanted]
    if len(found) > 1:
        raise Refused("plans.strata_levels", name=task.name)
    amount, level, tree = found[0].amount, found[0].key, region_tree()
    code_of = {region: dict(upwards(tree, region)).get(level, "") for region in {row.region for row in rows}}
    names = dict(Region.objects.filter(code__in=set(code_of.values())).values_list("code", "name"))
    if not names and level in (Level.PROVINCE, Level.CITY):  # one without regions of its own draws from the whole
        return [_Cell(WHOLE, "全部", amount)], lambda _: WHOLE
    is_district = level == DISTRICT
    cells = [_Cell(_plain(code), name, amount, is_district) for code, name in sorted(names.items())]
    known = {cell.short for cell in cells}
    return cells, lambda row: next(iter({_plain(code_of[row.region])} & known), None)


def _plain(code: str) -> str:
    """The code of a region as an id of the frame."""
    return code if is_id(code) else f"R{code.encode().hex().upper()}"


def _places(task: Task, cells: Sequence[_Cell], sizes: Mapping[str, int]) -> dict[str, int]:
    """How many each row of the ratio draws this time; together as many as the task promised."""
    counted = {cell.short: sizes.get(cell.short, 0) for cell in cells}
    found = {cell.short: cell_of(cell.amount, counted[cell.short])[0].n or 0 for cell in cells if cell.short != REST}
    if REST in counted:
        whole = cell_of(cells[-1].amount, sum(counted.values()))[0].n or 0
        found = _filled_up(found, counted, whole)
    if not is_for_the_year(task.ratio_rule) or task.rounds == 1:
        return found
    return _shared(found, task.round, task.rounds)


def _filled_up(parts: Mapping[str, int], counted: Mapping[str, int], whole: int) -> dict[str, int]:
    """其中 lies within the whole: the rest takes what the parts leave, and they again what it cannot hold."""
    found = {**parts, REST: min(counted[REST], max(0, whole - sum(parts.values())))}
    room = {short: counted[short] - n for short, n in parts.items()}
    more = by_weight(room, room, max(0, whole - sum(found.values())))
    return {short: n + more.get(short, 0) for short, n in found.items()}


def _shared(places: Mapping[str, int], turn: int, n_rounds: int) -> dict[str, int]:
    """The turn's share of the year's places: dealt out one by one, so that parts and whole both come out even."""
    found, n_before = {}, 0
    for short, n in places.items():
        found[short] = nth_share(n_before + n, turn, n_rounds) - nth_share(n_before, turn, n_rounds)
        n_before += n
    return found


def _split(task: Task, cell: _Cell, rows: Sequence[Row], n: int) -> list[tuple[Stratum, list[UUID]]]:
    """One stratum, or one for each district that has subjects."""
    if not rows:
        return []
    rule = _rule(task, cell, len(rows))
    if not task.by_district or cell.is_district:
        return [(Stratum(cell.short, cell.label, len(rows), n, rule), [row.pk for row in rows])]
    by_code: dict[str, list[UUID]] = defaultdict(list)
    tree = region_tree()
    code_of = {region: _district(tree, region) for region in {row.region for row in rows}}
    for row in rows:
        by_code[code_of[row.region]].append(row.pk)
    names = dict(Region.objects.filter(code__in=by_code).values_list("code", "name"))
    shares = by_district(n, Counter({code: len(own) for code, own in by_code.items()}))
    rule += "，按区县数量分配"
    return [(_of_district(cell, code, names[code], len(own), shares[code], rule), own) for code, own in by_code.items()]


def _rule(task: Task, cell: _Cell, size: int) -> str:
    """What made the number, with what an official should know of it."""
    told = str(cell.amount)
    if cell.short == REST:
        told += "（按总数计算，减去其中各部分）"
    elif notes := cell_of(cell.amount, size)[1]:
        told += f"（{'；'.join(notes)}）"
    if is_for_the_year(task.ratio_rule) and task.rounds > 1:
        told += f"，全年分 {task.rounds} 次，本次为第 {task.round} 次"
    return told


def _district(tree: Mapping[UUID, tuple[str, str, UUID | None]], region: UUID) -> str:
    """The county a region lies in; what lies in none stands for itself."""
    return dict(upwards(tree, region)).get(DISTRICT) or tree[region][1]


def _of_district(cell: _Cell, code: str, name: str, size: int, n: int, rule: str) -> Stratum:
    short = _plain(code) if cell.short == WHOLE else f"{_plain(code)}-{cell.short}"
    label = name if cell.short == WHOLE else f"{name} {cell.label}"
    return Stratum(short, label, size, n, rule)
