"""What some lines would draw from the register as it stands, and what a year of them comes to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from uuid import UUID

import numpy as np

from gongchou.accounts.models import Department
from gongchou.plans.chances import chances_of
from gongchou.plans.forecast import Forecast, Numbers, forecast
from gongchou.plans.models import LineVersion, Task
from gongchou.plans.pool import Pool, pool_from_json
from gongchou.plans.queries.profiles import Profiles, profiles_of
from gongchou.plans.queries.register import groups_in_use
from gongchou.plans.quota import Quota, Sizes, groups_of, is_for_the_year, quota_of
from gongchou.refusal import Refused, sentence
from gongchou.registry.ratio import Level

PEOPLE = 2  # inspectors at a visit, at least (行政处罚法 第四十二条)
MOST_VISITS = 24
BLOCK = 256  # lines that are compared with all others at once


@dataclass(frozen=True)
class Drawn:
    """What a line would draw.

    size: subjects of its pool; quota: of one draw, None where it cannot be told; why: the reason, as a sentence
    n_year: of all draws of the year together
    """

    size: int
    quota: Quota | None
    why: str = ""
    n_year: int = 0

    @property
    def words(self) -> str:
        """How many one draw takes, in words."""
        if self.quota is None or self.quota.n is None:
            return "未定"
        n, most = self.quota.n, self.quota.n_most
        return f"{n}—{most}户" if most is not None and most != n else f"{n}户"


class Outlook:
    """Lines of one or many plans over the register, which is read once."""

    def __init__(self, lines: Sequence[LineVersion]) -> None:
        self.lines = list(lines)
        self.pools = [pool_of(line) for line in self.lines]

    @cached_property
    def profiles(self) -> Profiles:
        """Alike subjects, and in which pools they stand."""
        return profiles_of([*self.pools, *self.groups.values()])

    @cached_property
    def groups(self) -> dict[str, Pool]:
        """Who bears a tag in use of the name of a group, for all groups that the ratios speak of."""
        return groups_in_use({name for line in self.lines if line.ratio for name in groups_of(line.ratio_rule)})

    @cached_property
    def drawn(self) -> list[Drawn]:
        """What each line would draw."""
        return [self._drawn(at, line) for at, line in enumerate(self.lines)]

    def _drawn(self, at: int, line: LineVersion) -> Drawn:
        return drawn_of(line, self.sizes(at))

    def sizes(self, at: int) -> Sizes:
        """The pool of a line, counted in the register, or as somebody typed it where the register is not asked."""
        line = self.lines[at]
        groups = groups_of(line.ratio_rule) if line.ratio else ()
        typed = {name: line.bases[name] for name in groups if name in line.bases}
        if is_typed(line):
            return Sizes(line.bases[""], by_group=typed)
        known = {name: self.n_shared(at, place) for name, place in self._places_of(groups)}
        return replace(_counted(self.profiles, at), by_group=known | typed)

    def _places_of(self, groups: Collection[str]) -> list[tuple[str, int]]:
        """Where the profiles tell who is in a group: behind the pools of the lines."""
        return [(name, len(self.pools) + at) for at, name in enumerate(self.groups) if name in groups]

    def n_shared(self, one: int, other: int) -> int:
        """Subjects that stand in both pools."""
        members = self.profiles.members
        return int(self.profiles.sizes @ (members[:, one] & members[:, other]))

    def meetings(self, n: int) -> Iterator[tuple[int, list[int], int]]:
        """Of the first ``n`` lines each with those behind it that check the same item, at one time, on some of the same
        subjects, and the most of these; in blocks of lines, for a plan may have thousands.
        """
        items, days = _incidence(self.lines[:n]), np.array([_span(line) for line in self.lines[:n]]).reshape(n, 2)
        members = self.profiles.members[:, :n].astype(float)
        counted = members * self.profiles.sizes[:, None]
        for first in range(0, n, BLOCK):
            own = slice(first, first + BLOCK)
            at_once = (days[own, :1] <= days[:, 1]) & (days[own, 1:] >= days[:, 0])
            shared = (counted[:, own].T @ members) * (at_once & (items[own] @ items.T > 0))
            for place, row in enumerate(shared, start=first):
                others = np.flatnonzero(row[place + 1 :]) + place + 1
                if others.size:
                    yield place, others.tolist(), round(row[others].max())

    @property
    def n_unknown(self) -> int:
        """Lines whose number cannot be told yet: nothing of them is in a forecast."""
        return sum(drawn.quota is None or drawn.quota.n is None for drawn in self.drawn)

    @property
    def n_typed(self) -> int:
        """Lines that draw from a base somebody counted by hand: nobody knows whom they visit."""
        known = [drawn.quota is not None and drawn.quota.n is not None for drawn in self.drawn]
        return sum(is_typed(line) and is_known for line, is_known in zip(self.lines, known, strict=True))

    @cached_property
    def departments(self) -> list[Department]:
        """Who initiates, each once, by code."""
        found = {line.initiator_id: line.initiator for line in self.lines}
        return sorted(found.values(), key=lambda one: one.code)

    @cached_property
    def draws(self) -> tuple[list[int], Numbers]:
        """Every draw of the lines in one season: whose it is, and the chance of each profile, shape (draws, P)."""
        chances = [self._chances(at) for at in range(len(self.lines))]
        owners = [at for at, rows in enumerate(chances) for _ in rows]
        return owners, np.vstack(chances) if chances else np.zeros((0, len(self.profiles.sizes)))

    def _chances(self, at: int) -> Numbers:
        line, quota = self.lines[at], self.drawn[at].quota
        if quota is None or is_typed(line):
            return np.zeros((1, len(self.profiles.sizes)))
        rule = line.ratio_rule
        found = chances_of(rule, quota, self.profiles, at)
        return found / line.rounds if is_for_the_year(rule) else found

    def forecast(self, chosen: Collection[int] | None = None) -> Forecast:
        """The year of all lines, or of some by their places."""
        owners, chances = self.draws
        rows = [n for n, at in enumerate(owners) if chosen is None or at in chosen]
        lines = [self.lines[owners[n]] for n in rows]
        numbers = {own: n for n, own in enumerate(sorted({line.initiator_id for line in lines}, key=str))}
        return forecast(
            self.profiles.sizes,
            chances[rows],
            [numbers[line.initiator_id] for line in lines],
            np.array([months_of(line) for line in lines]).reshape(len(lines), 12),
            rounds=[line.rounds for line in lines],
            n_people=PEOPLE,
            most=MOST_VISITS,
        )

    @cached_property
    def whole(self) -> Forecast:
        """The year of all lines."""
        return self.forecast()


def _incidence(lines: Sequence[LineVersion]) -> Numbers:
    """Which line checks which item, as ones, shape (lines, items)."""
    places: dict[UUID, int] = {}
    rows = [[places.setdefault(item.pk, len(places)) for item in line.items.all()] for line in lines]
    found = np.zeros((len(lines), len(places)))
    for at, row in enumerate(rows):
        found[at, row] = 1
    return found


def _span(line: LineVersion) -> tuple[int, int]:
    """Its days as numbers; one without days meets nobody."""
    if line.begins_on is None or line.ends_on is None:
        return (1, 0)
    return line.begins_on.toordinal(), line.ends_on.toordinal()


def drawn_of(line: LineVersion, sizes: Sizes) -> Drawn:
    """What a line draws of a pool of such sizes."""
    if not line.ratio:
        return Drawn(sizes.whole, None, "没有填写抽查比例。")
    rule = line.ratio_rule
    try:
        quota = quota_of(rule, sizes, times=times_of(line))
    except Refused as refused:
        return Drawn(sizes.whole, None, sentence(refused))
    n = quota.n or 0
    return Drawn(sizes.whole, quota, n_year=n if is_for_the_year(rule) else n * line.rounds)


def times_of(line: LineVersion) -> int | None:
    """Which option of 20%一次或10%两次 a line means: that of its number of draws."""
    return line.rounds if line.ratio.get("kind") == "choice" else None


def pool_of(line: LineVersion | Task) -> Pool:
    """The pool of a line, or of a task; one that says nothing draws from everything."""
    return pool_from_json(line.pool) if line.pool else Pool()


def is_typed(line: LineVersion | Task) -> bool:
    """Whether a line, or a task, has no conditions and a base that somebody counted by hand: 基数:1, 抽查比例 100 %."""
    return not line.pool and "" in line.bases


def _counted(profiles: Profiles, at: int) -> Sizes:
    """Subjects of one pool by grade and district."""
    by_grade: Counter[str] = Counter()
    by_county: Counter[str] = Counter()
    sizes = (profiles.sizes * profiles.members[:, at]).tolist()
    for grade, district, n in zip(profiles.grades, profiles.districts, sizes, strict=True):
        if n:
            by_grade[grade] += n
            by_county[district] += n
    return Sizes(sum(sizes), dict(by_grade), {Level.COUNTY.value: dict(by_county)})


def months_of(line: LineVersion) -> list[float]:
    """Which part of a line's time falls into each month of its year; evenly where no days are known."""
    begins, ends = line.begins_on, line.ends_on
    if begins is None or ends is None:
        return [1 / 12] * 12
    days = [_days_in(begins, ends, begins.year, month) for month in range(1, 13)]
    return [n / sum(days) for n in days]


def _days_in(begins: date, ends: date, year: int, month: int) -> int:
    first = date(year, month, 1)
    following = date(year + month // 12, month % 12 + 1, 1)
    return max(0, (min(ends, date.fromordinal(following.toordinal() - 1)) - max(begins, first)).days + 1)


def by_line(outlook: Outlook) -> dict[UUID, Drawn]:
    """Key of the line -> what it would draw."""
    return {line.line_id: drawn for line, drawn in zip(outlook.lines, outlook.drawn, strict=True)}
