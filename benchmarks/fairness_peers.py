"""How a provincial platform drew in 2016 and 2017, told again from its published code so as to be measured beside ours.

Its Java code is public (GuanzhouSong/SmallBusiness and GuanzhouSong/ZhejiangMicroEnt: PubScentBackServiceImpl and
PubScentAgentServiceImpl, of the older module SkipNum); none of it is copied. Everything it takes from java.util.Random
is handed in here, so that all it could ever take can be tried: whatever is found holds for a perfect generator too.

Rows are counted from 0 in the order of the list.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

PAGE = 5_000  # rows that are read at once


def n_starts(pool: int, target: int) -> int:
    """How many rows the walk may start from, which is also how far it steps."""
    if target >= pool:
        return 1
    return pool // target if 2 * target <= pool else pool // (pool - target)


def draw(pool: int, target: int, start: int, page: int = PAGE) -> list[int]:
    """The rows drawn from a list of ``pool`` rows (走号法); ``start`` is the one random number, below ``n_starts``."""
    if target >= pool:
        return list(range(pool))
    if 2 * target <= pool:
        return _walk(pool, target, start, page)
    out = frozenset(_leave_out(pool, pool - target, start, page))
    return [row for row in range(pool) if row not in out]


def _walk(pool: int, target: int, start: int, page: int) -> list[int]:
    step, first, place = pool // target, 0, start  # the first row of the page, and the place on it
    rows: list[int] = []
    while len(rows) < target:
        if place >= min(page, pool - first):
            first, place = first + page, _turn(place, page)
        if place >= min(page, pool - first):  # one page is turned, never two: the draw falls short
            break
        rows.append(first + place)
        place += step
    return rows


def _leave_out(pool: int, n_out: int, start: int, page: int) -> list[int]:
    step, place = pool // n_out, start
    rows: list[int] = []
    for first in range(0, pool, page):
        while place < min(page, pool - first) and len(rows) < n_out:
            rows.append(first + place)
            place += step
        place = _turn(place, page)
    return rows


def _turn(place: int, page: int) -> int:
    """The place on the next page; the platform slips back by one row unless it is the first."""
    return max(place - page - 1, 0)


def skip(pool: int, target: int, numbers: Iterator[int]) -> set[int]:
    """The rows drawn by the older module (跳号): steps to the end of the list, then single rows until there are enough.

    numbers: random, from 1 to ``pool``; the first is where the steps begin. The draw may hold more than ``target``.
    The platform computes step and target from a percentage in 32-bit floats, which makes no difference here.
    """
    step = (2 * pool + target) // (2 * target)  # pool / target, halves rounded up
    drawn = set(range(next(numbers), pool, step))
    while len(drawn) < target:
        drawn.add(next(numbers))
    return {number - 1 for number in drawn}


def rounds(n_people: int, start: int, n_visits: int, team: int = 2) -> list[tuple[int, ...]]:
    """Whom each visit gets: the next of the list, round and round; ``start`` is the one random number."""
    turns = iter(range(start, start + n_visits * team))
    return [tuple(turn % n_people for turn in islice(turns, team)) for _ in range(n_visits)]
