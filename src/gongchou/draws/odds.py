"""How likely honest draws are to give what was seen: exact distributions and their tails, nothing else.

Nothing here decides. A small chance says that chance alone rarely does this; who looks at many things will see rare
ones, so every figure comes with the number of things that were looked at (``worst_of``).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Chances = NDArray[np.float64]  # of 0, 1, 2, …
NOTHING, FAR = 1e-18, 12  # what is less likely, or farther from the mean (deviations), is left out
LEAST_IN_A_PART = 5  # expected tickets, below which parts are put together
GROUPS = (33, 11, 3)


def poisson_binomial(rates: Iterable[float]) -> Chances:
    """Chances of 0, 1, 2, … hits in independent trials with these rates; exact, by convolution."""
    found = np.ones(1)
    for rate in rates:
        found = np.append(found * (1 - rate), 0.0) + np.append(0.0, found * rate)
    return found


def hypergeometric(size: int, marked: int, n: int) -> Chances:
    """Chances of 0, 1, 2, … marked ones among ``n`` drawn of ``size`` objects."""
    mean = n * marked / size
    far = FAR * (math.sqrt(mean * (1 - marked / size)) + 1)  # beyond it the chances are nothing
    least = max(0, n - (size - marked), math.floor(mean - far))
    most = min(n, marked, math.ceil(mean + far))
    logs = [_log_comb(marked, k) + _log_comb(size - marked, n - k) for k in range(least, most + 1)]
    whole = _log_comb(size, n)
    return np.array([0.0] * least + [math.exp(one - whole) for one in logs])


def _log_comb(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def together(parts: Iterable[Chances]) -> Chances:
    """Chances of the sum of independent counts."""
    found, start = np.ones(1), 0  # what stands before ``start`` is nothing, and is not multiplied
    for part in parts:
        own, first = _window(part)
        found, cut = _window(np.convolve(found, own))
        start += first + cut
    return np.concatenate([np.zeros(start), found])


def _window(chances: Chances) -> tuple[Chances, int]:
    """Without what is nothing at both ends, and how much of it stood in front."""
    keep = np.flatnonzero(chances > NOTHING)
    return chances[keep[0] : keep[-1] + 1], int(keep[0])


@dataclass(frozen=True)
class Tails:
    """few: chance of so few or fewer; many: of so many or more."""

    few: float
    many: float

    @property
    def both(self) -> float:
        """Chance of something at least as odd, whichever way: twice the smaller one."""
        return min(1.0, 2 * min(self.few, self.many))


def tails(chances: Chances, seen: int) -> Tails:
    """What chance says of a count."""
    return Tails(min(1.0, float(chances[: seen + 1].sum())), min(1.0, float(chances[seen:].sum())))


def range_of(chances: Chances, outside: float) -> tuple[int, int]:
    """From where to where honest counts lie, but for the part ``outside``, half of it at each end."""
    below, above = np.cumsum(chances), np.cumsum(chances[::-1])[::-1]
    low = int(np.searchsorted(below, outside / 2, side="right"))
    high = int(np.flatnonzero(above > outside / 2)[-1])
    return min(low, high), high


def poisson_tail(rate: float, n: int) -> float:
    """Chance of ``n`` or more. Above what is expected it is no smaller than that of any sum of trials."""
    if n <= 0:
        return 1.0
    if n <= rate:
        return max(0.0, 1 - sum(math.exp(k * math.log(rate) - rate - math.lgamma(k + 1)) for k in range(n)))
    found, k = 0.0, n
    while rate and (term := math.exp(k * math.log(rate) - rate - math.lgamma(k + 1))) > found * 1e-16:
        found, k = found + term, k + 1
    return found


def worst_of(chance: float, n: int) -> float:
    """Chance that any of ``n`` things looked at is so odd: at most so much (Bonferroni)."""
    return min(1.0, chance * n)


@dataclass(frozen=True)
class ChiSquare:
    """How even counts are. chance: that honest tickets are as uneven or more"""

    value: float
    df: int
    chance: float
    expected: float


def chi_square_of(counts: Sequence[int]) -> ChiSquare | None:
    """Test that ``GROUPS[0]`` equal parts are equally likely; fewer parts where there are few. None for too few.

    The number of parts is odd: for an even number of degrees of freedom the chance is a finite sum.
    """
    whole = sum(counts)
    n_parts = next((n for n in GROUPS if whole >= LEAST_IN_A_PART * n), None)
    if n_parts is None or len(counts) != GROUPS[0]:
        return None
    wide = len(counts) // n_parts
    parts = [sum(counts[at : at + wide]) for at in range(0, len(counts), wide)]
    expected = whole / n_parts
    value = sum((part - expected) ** 2 for part in parts) / expected
    return ChiSquare(value, n_parts - 1, _above(value, n_parts - 1), expected)


def _above(value: float, df: int) -> float:
    """Chance that chi-square with an even ``df`` is above a value."""
    half, terms = value / 2, [0.0]
    for k in range(1, df // 2):
        terms.append(terms[-1] + math.log(half / k) if half else -math.inf)
    return min(1.0, sum(math.exp(term - half) for term in terms))
