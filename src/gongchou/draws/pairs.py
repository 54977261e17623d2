"""Who was in a team with whom, how often, and how often chance would have it (K-50, R-65).

Given how many visits each went on, and how many pairs the people of two units formed in a batch, every pair of them is
as likely as the product of its visits. Meetings are then as many independent trials as the one with fewer visits has
visits. What a reader is warned by, the chance of a pair's own count, is told for rare events (Poisson), which is never
smaller. Beside teams dealt again by the protocol under other seeds (60 people, 12 and 24 draws of 20 teams; 20 people,
400 teams) expected numbers lie within a tenth of the mean, and no honest pair was ever called rare.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from gongchou.draws.odds import poisson_tail, worst_of

Person = tuple[Hashable, Hashable]  # who, and of which unit
Team = Sequence[Person]
Pair = frozenset[Hashable]
Cell = tuple[Hashable, Hashable]  # the units of two people, in one order


@dataclass(frozen=True)
class Repeated:
    """A pair that met more than once. chance: that any of all possible pairs meets so often or more, at most"""

    pair: Pair
    n: int
    expected: float
    chance: float


@dataclass(frozen=True)
class Pairs:
    """Meetings of a time.

    n_meetings: of all pairs; n_distinct: pairs that met; n_possible: pairs that could have, being in units that met
    n_repeated: pairs that met twice or more; expected_distinct, expected_repeated: the same as chance would have it
    """

    n_meetings: int
    n_distinct: int
    n_possible: int
    n_repeated: int
    expected_distinct: float
    expected_repeated: float
    repeated: list[Repeated]

    @property
    def index(self) -> float:
        """K-50: repeated pairs out of all pairs that met."""
        return self.n_repeated / self.n_distinct if self.n_distinct else 0.0

    @property
    def expected_index(self) -> float:
        """The same as chance would have it."""
        return self.expected_repeated / self.expected_distinct if self.expected_distinct else 0.0


def pairs_of(batches: Iterable[Sequence[Team]], *, most: int = 20) -> Pairs:
    """Count the pairs of all teams, batch by batch. most: pairs told one by one, the most repeated ones."""
    met: Counter[Pair] = Counter()
    rates = _Rates()
    for teams in batches:
        own = [pair for team in teams for pair in combinations(team, 2)]
        met.update(frozenset((one[0], other[0])) for one, other in own)
        rates.add(teams, own)
    every, trials = rates.every()
    miss = 1 - every / trials
    none, once = miss**trials, every * miss ** (trials - 1)
    top = [(rates.of(pair), pair, n) for pair, n in met.items() if n > 1]
    top.sort(key=lambda one: (-one[2], one[0], sorted(map(repr, one[1]))))
    return Pairs(
        n_meetings=met.total(),
        n_distinct=len(met),
        n_possible=len(every),
        n_repeated=len(top),
        expected_distinct=float((1 - none).sum()),
        expected_repeated=float((1 - none - once).sum()),
        repeated=[_told(pair, n, rate, len(every)) for rate, pair, n in top[:most]],
    )


def _told(pair: Pair, n: int, rate: float, n_possible: int) -> Repeated:
    return Repeated(pair, n, rate, worst_of(poisson_tail(rate, n), n_possible))


class _Rates:
    """How often each pair is expected to meet, summed over batches."""

    def __init__(self) -> None:
        self.visits: dict[Hashable, list[int]] = defaultdict(list)  # of the people of each unit, so far
        self.home: dict[Hashable, tuple[Hashable, int]] = {}  # who -> unit, and place among its people
        self.sums: dict[Cell, NDArray[np.float64]] = {}

    def add(self, teams: Sequence[Team], own: Sequence[tuple[Person, Person]]) -> None:
        """A batch: its teams, and all pairs in them."""
        loads = Counter(person for team in teams for person in team)
        by_unit: dict[Hashable, list[tuple[int, int]]] = defaultdict(list)
        for (who, unit), n in loads.items():
            if who not in self.home:
                self.home[who] = (unit, len(self.visits[unit]))
                self.visits[unit].append(0)
            self.visits[unit][self.home[who][1]] += n
            by_unit[unit].append((self.home[who][1], n))
        cells: Counter[Cell] = Counter()
        for (unit, unit_too), n in Counter((one[1], other[1]) for one, other in own).items():
            cells[_cell(unit, unit_too)] += n
        for cell, n_pairs in cells.items():
            self._spread(cell, n_pairs, by_unit)

    def _spread(self, cell: Cell, n_pairs: int, by_unit: Mapping[Hashable, list[tuple[int, int]]]) -> None:
        rows, row_loads = np.array(by_unit[cell[0]]).T
        columns, column_loads = np.array(by_unit[cell[1]]).T
        likely = np.outer(row_loads, column_loads).astype(float)
        if cell[0] == cell[1]:
            likely = np.triu(likely, 1) + np.triu(likely, 1).T
            likely /= 2  # each pair stands in it twice
        shape = (len(self.visits[cell[0]]), len(self.visits[cell[1]]))
        sums = _grown(self.sums.get(cell), shape)
        sums[np.ix_(rows, columns)] += n_pairs * likely / likely.sum()
        self.sums[cell] = sums

    def every(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Expected meetings of all pairs who can meet, each once, and on how many visits they could: the fewer."""
        found = [self._of_cell(cell) for cell in self.sums]
        every, trials = (np.concatenate(parts) for parts in zip(*found, strict=True)) if found else (np.zeros(0),) * 2
        can = every > 0
        return every[can], np.maximum(trials, every)[can]

    def _of_cell(self, cell: Cell) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        sums = self.sums[cell]
        visits = [np.array(self.visits[unit], float)[:n] for unit, n in zip(cell, sums.shape, strict=True)]
        fewer = np.minimum.outer(visits[0], visits[1])
        if cell[0] != cell[1]:
            return sums.ravel(), fewer.ravel()
        above = np.triu_indices(len(sums), 1)
        return 2 * sums[above], fewer[above]

    def of(self, pair: Pair) -> float:
        """Expected meetings of a pair that met."""
        one, other = (self.home[who] for who in pair)
        (unit, row), (unit_too, column) = sorted((one, other), key=lambda home: repr(home[0]))
        value = float(self.sums[unit, unit_too][row, column])
        return 2 * value if unit == unit_too else value


def _cell(one: Hashable, other: Hashable) -> Cell:
    units = sorted((one, other), key=repr)
    return units[0], units[1]


def _grown(sums: NDArray[np.float64] | None, shape: tuple[int, int]) -> NDArray[np.float64]:
    found = np.zeros(shape)
    if sums is not None:
        found[: sums.shape[0], : sums.shape[1]] = sums
    return found
