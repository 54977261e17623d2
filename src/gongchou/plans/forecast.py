"""What a year's plans come to, before anything is drawn: tasks, doors, meetings of departments, visits, workload.

Two ways to draw are told side by side. *Apart*: each line draws for itself, and each task is a visit. *Together*: a
subject has one number in a season, every line takes those whose number is below its rate, so that whoever is taken by
a small rate is taken by all larger ones as well; all tasks at a door are then one visit.

Expectations are exact, for profiles of alike subjects (``queries.profiles``) of which each has the chance ``rate`` in
a draw. That holds for draws apart of fixed numbers out of any pool, and for draws together whose fixed numbers are
those of each profile. Where a line fixes the number of a larger pool, the number below which it takes wavers from draw
to draw; doors together are then a little more than told, by about as many as one pool's number of a profile wavers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]
MOST_VISITS = 8
BLOCK = 2_048  # profiles looked at together: their chances of 200 lines stay near the processor


@dataclass(frozen=True)
class Way:
    """What one way of drawing comes to; all are expected numbers.

    n_tasks: subjects drawn, by all lines and rounds; n_visits: doors gone to, once for all tasks done there together
    n_doors: subjects visited at all; n_joint: tasks at a door where two departments or more have one in that round
    visits: subjects visited 0, 1, 2, … times, the last so often or more
    by_month: how often an inspector goes out, department x 12
    """

    n_tasks: float
    n_visits: float
    n_doors: float
    n_joint: float
    visits: Numbers
    by_month: Numbers

    @property
    def joint_share(self) -> float:
        """The part of all tasks that is done where departments meet."""
        return self.n_joint / self.n_tasks if self.n_tasks else 0.0

    @property
    def visits_per_door(self) -> float:
        """How often a visited subject is visited."""
        return self.n_visits / self.n_doors if self.n_doors else 0.0

    def above(self, cap: int) -> float:
        """Subjects visited more than ``cap`` times. Raises ValueError where the year was not counted so far."""
        if not 0 <= cap < len(self.visits) - 1:
            raise ValueError(f"visits above {cap} were not counted")
        return float(self.visits[cap + 1 :].sum())


@dataclass(frozen=True)
class Forecast:
    """by_line: expected tasks of each line in the year; by_department: the same, by number of the department."""

    by_line: Numbers
    by_department: Numbers
    apart: Way
    together: Way


def rate_by(members: ArrayLike, sizes: ArrayLike, keys: ArrayLike, drawn: Mapping[str, int]) -> Numbers:
    """The chance of each profile in a draw of fixed numbers, one number for each key.

    members: whether a profile stands in the pool; keys: to which number it counts, such as its grade; shapes (P,)
    drawn: key -> how many; who has another key is not drawn, and nobody has more than certainty
    """
    inside, many, own = np.asarray(members, bool), np.asarray(sizes, float), np.asarray(keys)
    found = np.zeros(len(many))
    for key, n in drawn.items():
        rows = inside & (own == key)
        size = many[rows].sum()
        found[rows] = min(1.0, n / size) if size else 0.0
    return found


def forecast(
    sizes: ArrayLike,
    rates: ArrayLike,
    departments: Sequence[int],
    months: ArrayLike,
    *,
    rounds: Sequence[int] | None = None,
    n_people: int = 2,
    most: int = MOST_VISITS,
) -> Forecast:
    """Compute a year of L lines over P profiles.

    sizes: subjects of each profile, shape (P,)
    rates: chance that one draw of a line takes a subject of a profile, 0 to 1, shape (L, P)
    departments: whose line it is, numbers from 0 without gaps, L of them
    months: which part of a line's visits falls into each month, shape (L, 12)
    rounds: how often each line draws in the year, each time anew; the first draws of all lines are one season with
        one number for each subject, the second ones another. None is once
    n_people: inspectors at a visit; most: visits told one by one

    Raises ValueError for shapes that do not fit, for rates that are no chances, and where no visits are told.
    """
    times = np.ones(len(departments), int) if rounds is None else np.asarray(rounds, int)
    chances, shares = np.asarray(rates, float), np.asarray(months, float)
    year = _Year(np.asarray(sizes, float), chances, np.asarray(departments, int), shares, times)
    year.check()
    if most < 1:
        raise ValueError("no visits to tell")
    return _summed(year, n_people, most)


@dataclass(frozen=True)
class _Year:
    sizes: Numbers
    rates: Numbers
    departments: NDArray[np.int64]
    months: Numbers
    rounds: NDArray[np.int64]

    def check(self) -> None:
        n_lines, n_profiles = len(self.departments), len(self.sizes)
        shapes = (self.sizes.shape, self.rates.shape, self.departments.shape, self.months.shape, self.rounds.shape)
        if shapes != ((n_profiles,), (n_lines, n_profiles), (n_lines,), (n_lines, 12), (n_lines,)):
            raise ValueError(f"shapes do not fit: {shapes}")
        # Asked so that a rate that is no number fails as well.
        if not ((self.rates >= 0) & (self.rates <= 1)).all():
            raise ValueError("a rate is not between 0 and 1")
        if (self.rounds < 1).any() or set(self.departments) != set(range(self.n_departments)):
            raise ValueError("rounds or departments are not numbered as they should be")

    @property
    def n_departments(self) -> int:
        return int(self.departments.max(initial=-1)) + 1

    def seasons(self) -> Iterator[tuple[NDArray[np.int64], int]]:
        """The lines that draw in a season, and how many seasons have exactly these lines."""
        before = 0
        for last in np.unique(self.rounds).tolist():
            yield np.flatnonzero(self.rounds >= last), last - before
            before = last


class _Sums:
    """What is added up over the blocks, for one way of drawing."""

    def __init__(self, n_departments: int, most: int) -> None:
        self.n_doors = self.n_joint = self.n_visits = 0.0
        self.visits = np.zeros(most + 1)
        self.by_department = np.zeros(n_departments)

    def count(self, sizes: Numbers, told: Numbers) -> None:
        """told: chance of 0, 1, 2, … visits, of each profile."""
        self.visits += told @ sizes
        self.n_doors += float(sizes @ (1 - told[0]))


def _summed(year: _Year, n_people: int, most: int) -> Forecast:
    apart, together = _Sums(year.n_departments, most), _Sums(year.n_departments, most)
    for start in range(0, len(year.sizes), BLOCK):
        part = slice(start, start + BLOCK)
        _add(year, year.sizes[part], np.ascontiguousarray(year.rates[:, part]), apart, together)
    by_line = year.rates @ year.sizes * year.rounds
    n_tasks = float(by_line.sum())
    by_department = np.zeros(year.n_departments)
    np.add.at(by_department, year.departments, by_line)
    tasks_by_month = np.zeros((year.n_departments, 12))
    np.add.at(tasks_by_month, year.departments, by_line[:, None] * year.months)
    # A merged visit falls into any month of its department's tasks, as likely as these do.
    with np.errstate(invalid="ignore", divide="ignore"):
        visits_per_task = np.nan_to_num(together.by_department / by_department)
    return Forecast(
        by_line,
        by_department,
        Way(n_tasks, n_tasks, apart.n_doors, apart.n_joint, apart.visits, tasks_by_month * n_people),
        Way(n_tasks, together.n_visits, together.n_doors, together.n_joint, together.visits,
            tasks_by_month * visits_per_task[:, None] * n_people),
    )  # fmt: skip


def _add(year: _Year, sizes: Numbers, rates: Numbers, apart: _Sums, together: _Sums) -> None:
    """Add a block of profiles to both ways."""
    most = len(apart.visits) - 1
    lines = ((rates[line], int(year.rounds[line])) for line in range(len(rates)))
    apart.count(sizes, _times(lines, len(sizes), most))
    doors = []
    for own, n_seasons in year.seasons():
        season = _Season(rates[own], year.departments[own], year.n_departments)
        apart.n_joint += n_seasons * float(sizes @ season.joint_apart())
        together.n_joint += n_seasons * float(sizes @ season.joint_together())
        together.by_department += n_seasons * (season.largest @ sizes)
        together.n_visits += n_seasons * float(sizes @ season.door)
        doors.append((season.door, n_seasons))
    together.count(sizes, _times(doors, len(sizes), most))


def _times(chances: Iterator[tuple[Numbers, int]] | list[tuple[Numbers, int]], n: int, most: int) -> Numbers:
    """How often something happens that has so many independent chances: 0, 1, 2, … times, the last so often or more."""
    told = np.zeros((most + 1, n))
    told[0] = 1
    for chance, n_times in chances:
        if chance.any():
            for _ in range(n_times):
                more = told[:-1] * chance
                told[:-1] -= more
                told[1:] += more
    return told


class _Season:
    """Lines that draw at the same time, over a block of profiles; shapes are (lines, profiles)."""

    def __init__(self, rates: Numbers, departments: NDArray[np.int64], n_departments: int) -> None:
        self.rates, n = rates, rates.shape[1]
        self.tasks, self.none = np.zeros((n_departments, n)), np.ones((n_departments, n))
        self.largest = np.zeros((n_departments, n))
        for department in range(n_departments):
            own = rates[departments == department]
            self.tasks[department] = own.sum(axis=0)
            self.none[department] = (1 - own).prod(axis=0)
            self.largest[department] = own.max(axis=0, initial=0)

    @property
    def door(self) -> Numbers:
        """Chance that anybody comes, where all share one number: that of the largest rate."""
        found: Numbers = self.largest.max(axis=0, initial=0)
        return found

    def joint_apart(self) -> Numbers:
        """Tasks at a subject where another department comes too. A department's own lines say nothing of the others."""
        ones = np.ones((1, self.none.shape[1]))
        before = np.concatenate([ones, np.cumprod(self.none[:-1], axis=0)])
        after = np.concatenate([np.cumprod(self.none[:0:-1], axis=0)[::-1], ones])
        met: Numbers = (self.tasks * (1 - before * after)).sum(axis=0) if len(self.none) else np.zeros_like(ones[0])
        return met

    def joint_together(self) -> Numbers:
        """The same with one number: below the second largest of the departments' rates, two of them come."""
        if len(self.largest) < 2:
            return np.zeros(self.rates.shape[1])
        second = np.partition(self.largest, -2, axis=0)[-2]
        met: Numbers = np.minimum(self.rates, second).sum(axis=0)
        return met
