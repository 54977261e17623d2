"""Where visits find most: how to spend a year's capacity over strata inside the bands a policy sets.

A stratum is alike subjects, such as the C enterprises of one district. To find most within a capacity is a linear
programme with one constraint, so its optimum needs no solver: strata are filled by what a unit of capacity finds
there, and the first that cannot be filled has the price. It is a proposal: plans of the same capacity stand beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor

from gongchou.refusal import Refused

EPSILON = 1e-9


@dataclass(frozen=True)
class Stratum:
    """Alike subjects.

    name: how an official calls it, such as C级; strata of one name are told together
    size: subjects; rate: problems a visit is expected to find, 0 to 1; cost: units of capacity a visit takes
    lo, hi: fewest and most visits the policy allows

    Raises ValueError for bands that cross or leave the stratum, and for costs and rates that cannot be.
    """

    name: str
    size: int
    rate: float
    cost: float
    lo: int
    hi: int

    def __post_init__(self) -> None:
        if not 0 <= self.lo <= self.hi <= self.size or not self.cost > 0 or not 0 <= self.rate <= 1:
            raise ValueError(f"not a stratum: {self}")

    @property
    def worth(self) -> float:
        """Problems a unit of capacity finds here."""
        return self.rate / self.cost

    @property
    def middle(self) -> float:
        """The middle of its band."""
        return (self.lo + self.hi) / 2


@dataclass(frozen=True)
class Allocation:
    """visits: of each stratum, in their order; found: problems expected; spent: units of capacity

    per_unit: problems that one more unit would find, 0 where all bands are full or where nobody asked for most
    """

    visits: tuple[float, ...]
    found: float
    spent: float
    per_unit: float = 0.0


def most_found(strata: Sequence[Stratum], capacity: float) -> Allocation:
    """The most that can be found; at most one stratum gets a broken number of visits.

    capacity: units of the year. Raises Refused ``plans.capacity_too_small`` where the floors alone need more.
    """
    left = capacity - _floors(strata, capacity)
    visits = [float(stratum.lo) for stratum in strata]
    per_unit = 0.0
    # Of equal worth the earlier one first: the same strata always give the same plan.
    for at in sorted(range(len(strata)), key=lambda at: -strata[at].worth):
        stratum = strata[at]
        more = min(float(stratum.hi - stratum.lo), max(0.0, left) / stratum.cost)
        visits[at] += more
        left -= more * stratum.cost
        if visits[at] < stratum.hi - EPSILON:
            per_unit = stratum.worth
            break
    return _allocation(strata, visits, per_unit)


def _floors(strata: Sequence[Stratum], capacity: float) -> float:
    """What the floors need. Raises Refused ``plans.capacity_too_small``."""
    needed = sum(stratum.lo * stratum.cost for stratum in strata)
    if needed > capacity + EPSILON:
        raise Refused("plans.capacity_too_small", needed=f"{needed:.10g}", capacity=f"{capacity:.10g}")
    return needed


def _allocation(strata: Sequence[Stratum], visits: Sequence[float], per_unit: float = 0.0) -> Allocation:
    pairs = list(zip(strata, visits, strict=True))
    found = sum(stratum.rate * n for stratum, n in pairs)
    return Allocation(tuple(visits), found, sum(stratum.cost * n for stratum, n in pairs), per_unit)


def flat(strata: Sequence[Stratum], capacity: float) -> Allocation:
    """One share of every stratum, whatever its band: what an inspection without grades would do."""
    whole = sum(stratum.size * stratum.cost for stratum in strata)
    share = min(1.0, max(0.0, capacity) / whole) if whole else 0.0
    return _allocation(strata, [share * stratum.size for stratum in strata])


def midpoint(strata: Sequence[Stratum], capacity: float) -> Allocation:
    """The middles of the bands, all raised or lowered by one factor within them, for the whole capacity.

    Raises Refused ``plans.capacity_too_small`` where the floors alone need more.
    """
    _floors(strata, capacity)

    def scaled(factor: float) -> list[float]:
        return [min(max(factor * own.middle, own.lo), own.hi) for own in strata]

    def cost(factor: float) -> float:
        return sum(own.cost * n for own, n in zip(strata, scaled(factor), strict=True))

    return _allocation(strata, scaled(_largest_factor(strata, cost, capacity)))


def _largest_factor(strata: Sequence[Stratum], cost: Callable[[float], float], capacity: float) -> float:
    """Between two turns, where some stratum leaves its floor or reaches its ceiling, costs grow in a straight line."""
    turns = sorted({0.0, *(bound / own.middle for own in strata if own.middle for bound in (own.lo, own.hi))})
    low, high = 0, len(turns) - 1
    if cost(turns[high]) <= capacity:
        return turns[high]
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if cost(turns[middle]) <= capacity else (low, middle)
    (left, cheap), (right, dear) = ((turns[at], cost(turns[at])) for at in (low, high))
    return left + (right - left) * max(0.0, capacity - cheap) / (dear - cheap)


def integers(strata: Sequence[Stratum], plan: Allocation, capacity: float) -> Allocation:
    """A plan in whole visits: all rounded down, then the largest remainders up as long as total and capacity last.

    No visit is left to chance. No stratum leaves its band that was within it. Equal remainders go to the earlier one.
    """
    visits = [floor(n + EPSILON) for n in plan.visits]
    remainders = [n - whole for n, whole in zip(plan.visits, visits, strict=True)]
    n_more = floor(sum(plan.visits) + EPSILON) - sum(visits)
    left = capacity - sum(own.cost * n for own, n in zip(strata, visits, strict=True))
    for at in sorted(range(len(strata)), key=lambda at: -remainders[at]):
        is_open = n_more > 0 and remainders[at] > EPSILON and visits[at] < strata[at].size
        if is_open and strata[at].cost <= left + EPSILON:
            visits[at], n_more, left = visits[at] + 1, n_more - 1, left - strata[at].cost
    return _allocation(strata, visits, plan.per_unit)


def price_words(plan: Allocation) -> str:
    """What one more unit of capacity would find, as an official reads it."""
    if plan.per_unit <= 0:
        return "各类对象都已达到比例上限，再增加检查力量不会多发现问题。"
    return f"每多检查一户次，预计多发现 {_short(plan.per_unit)} 个问题。"


def moves_words(strata: Sequence[Stratum], before: Allocation, after: Allocation) -> str:
    """What two plans do otherwise: the share of each name before and after, and what that finds."""
    moves = []
    for name in dict.fromkeys(stratum.name for stratum in strata):
        own = [at for at, stratum in enumerate(strata) if stratum.name == name]
        size = sum(strata[at].size for at in own)
        old, new = (_percent(sum(plan.visits[at] for at in own), size) for plan in (before, after))
        if old != new:
            is_more = sum(after.visits[at] - before.visits[at] for at in own) > 0
            moves.append(f"{name}从 {old}{'提到' if is_more else '降到'} {new}")
    more = after.found - before.found
    found = f"预计{'多' if more >= 0 else '少'}发现约 {_about(abs(more))} 个问题"
    return f"{'，'.join(moves)}，{found}。" if moves else "两个方案的比例相同。"


def _percent(n: float, size: int) -> str:
    return f"{_short(100 * n / size if size else 0.0)}%"


def _about(value: float) -> str:
    """An estimate: no tenth of a problem where there are many."""
    return f"{value:.0f}" if value >= 10 else _short(round(value, 1))


def _short(value: float) -> str:
    """Two digits after the point, of small values two that count; no idle zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value >= 0.1 or value == 0 else f"{value:.2g}"
