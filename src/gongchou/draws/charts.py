"""Where the parts of a drawing stand, in units of its view box; colours and type are up to the style sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LEFT, WIDTH = 150, 340  # where bars begin, and how long the longest is
STEP = 34  # from one row to the next


@dataclass(frozen=True)
class Bar:
    """A bar in a row. part: its first stretch, drawn darker; low, middle, high: where marks stand on it"""

    label: str
    y: int
    width: int
    words: str
    part: int = 0
    look: str = ""

    @property
    def line(self) -> int:
        """On which its words stand."""
        return self.y + 15

    @property
    def end(self) -> int:
        """Where its words begin."""
        return LEFT + self.width + 6


def bars(rows: Sequence[tuple[str, float, float, str]], looks: Sequence[str] = ()) -> list[Bar]:
    """A bar for each (label, value, part of it, words); the longest is ``WIDTH`` long."""
    most = max([1.0, *(value for _, value, _, _ in rows)])
    told = looks or [""] * len(rows)
    return [
        Bar(label, 8 + at * STEP, round(WIDTH * value / most), words, round(WIDTH * part / most), look)
        for at, ((label, value, part, words), look) in enumerate(zip(rows, told, strict=True))
    ]


@dataclass(frozen=True)
class Span:
    """A stretch from the least to the most, with what was seen or what lies in the middle marked on it."""

    label: str
    y: int
    low: int
    high: int
    mark: int
    words: str
    look: str = ""

    @property
    def line(self) -> int:
        """On which its words stand."""
        return self.y + 15

    @property
    def width(self) -> int:
        """How long it is; at least so much that it is seen."""
        return max(2, self.high - self.low)

    @property
    def end(self) -> int:
        """Where its words begin."""
        return max(self.high, self.mark) + 10


def spans(rows: Sequence[tuple[str, float, float, float, str]], looks: Sequence[str] = ()) -> list[Span]:
    """A stretch for each (label, least, most, mark, words), from nothing on."""
    most = max([1.0, *(max(high, mark) for _, _, high, mark, _ in rows)])
    told = looks or [""] * len(rows)
    found = []
    for at, ((label, low, high, mark, words), look) in enumerate(zip(rows, told, strict=True)):
        places = [LEFT + round(WIDTH * value / most) for value in (low, high, mark)]
        found.append(Span(label, 8 + at * STEP, places[0], places[1], places[2], words, look))
    return found


def tall(rows: Sequence[object]) -> int:
    """How tall a drawing of so many rows is."""
    return 8 + len(rows) * STEP


def percent(share: float) -> str:
    """A part in words, with one digit behind the point."""
    return f"{100 * share:.1f}%"
