"""Where the parts of a drawing stand, in units of its view box; colours and type are up to the style sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH = 380  # of the longest bar
STEP = 52  # from one pair of bars to the next
MONTH = 56  # from one column to the next
TALL = 120  # the tallest column


@dataclass(frozen=True)
class Pair:
    """Two bars above each other, of one thing done in two ways."""

    label: str
    y: int
    width: int
    words: str
    other_width: int
    other_words: str


def pairs(rows: Sequence[tuple[str, float, float]], words: Sequence[tuple[str, str]]) -> list[Pair]:
    """A pair for each row; the longest bar of all is ``WIDTH`` long."""
    most = max([1.0, *(value for _, one, other in rows for value in (one, other))])
    long = [(round(WIDTH * one / most), round(WIDTH * other / most)) for _, one, other in rows]
    return [
        Pair(row[0], 10 + at * STEP, widths[0], told[0], widths[1], told[1])
        for at, (row, widths, told) in enumerate(zip(rows, long, words, strict=True))
    ]


@dataclass(frozen=True)
class Column:
    """A column for a month. above: it is more than can be done"""

    label: str
    x: int
    y: int
    height: int
    words: str
    is_above: bool

    @property
    def middle(self) -> int:
        """Where its words are centred."""
        return self.x + 20


def columns(values: Sequence[float], limit: float | None) -> tuple[list[Column], int | None]:
    """Twelve columns, and how high a line lies that says what can be done."""
    most = max(1.0, limit or 0.0, *values)
    heights = [round(TALL * value / most) for value in values]
    found = [
        Column(f"{n + 1}月", 20 + n * MONTH, 25 + TALL - height, height, f"{round(value):,}", _is_above(value, limit))
        for n, (value, height) in enumerate(zip(values, heights, strict=True))
    ]
    return found, None if limit is None else 25 + TALL - round(TALL * limit / most)


def _is_above(value: float, limit: float | None) -> bool:
    return limit is not None and value > limit


# A year from left to right ------------------------------------------------------------------------

LEFT, YEAR_WIDTH = 250, 732  # where January begins, and how wide a year is
BAR, THIN = 18, 8  # heights
GAP = 10


def place_of(day: date, year: int, *, is_end: bool = False) -> float:
    """Where a day begins, or ends, on the drawing of its year; days of other years stand at its edges."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    n_days = (last - first).days + 1
    at = (min(max(day, first), last) - first).days + is_end
    return round(LEFT + YEAR_WIDTH * at / n_days, 1)


@dataclass(frozen=True)
class Span:
    """A bar from one day to another."""

    label: str
    x: float
    y: int
    width: float
    height: int
    state: str
    words: str
    is_late: bool = False

    @property
    def end(self) -> float:
        """Where it ends."""
        return self.x + self.width

    @property
    def middle(self) -> int:
        """The line on which its words stand."""
        return self.y + self.height // 2 + 5


def span(label: str, days: tuple[date, date], year: int, y: int, *, state: str, words: str, **own: bool) -> Span:
    """The bar of a line; ``is_thin`` that of a task."""
    begins, ends = place_of(days[0], year), place_of(days[1], year, is_end=True)
    height = THIN if own.pop("is_thin", False) else BAR
    return Span(label, begins, y, max(2.0, round(ends - begins, 1)), height, state, words, **own)


def months(year: int) -> list[tuple[str, float]]:
    """Where each month begins."""
    return [(f"{n}月", place_of(date(year, n, 1), year)) for n in range(1, 13)]
