"""A table of figures: one source for what a page shows and what a workbook takes away."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """A row. url: where its first cell leads; marks: a class of style for each cell, or none at all"""

    cells: Sequence[Any]
    url: str = ""
    marks: Sequence[str] = ()


@dataclass(frozen=True)
class Sheet:
    """Figures under a heading.

    code: as an address names it; meaning: what the figures say, in a sentence
    """

    code: str
    title: str
    meaning: str
    head: Sequence[str]
    rows: Sequence[Row]

    def taken_away(self) -> Iterator[Sequence[Any]]:
        """The heading and the rows as a workbook has them: to one digit, so that they can be counted on."""
        yield self.head
        for row in self.rows:
            yield [round(cell, 1) if isinstance(cell, float) else cell for cell in row.cells]

    def heads(self) -> Iterator[tuple[str, str]]:
        """The labels, and the class of what stands below each."""
        first = self.rows[0].cells if self.rows else [""] * len(self.head)
        yield from ((label, _class_of(cell, "")) for label, cell in zip(self.head, first, strict=True))

    def shown(self) -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
        """The address of each row, and its cells with their label and class."""
        for row in self.rows:
            marks = row.marks or [""] * len(row.cells)
            told = zip(self.head, row.cells, marks, strict=True)
            yield row.url, [(label, words_of(cell), _class_of(cell, mark)) for label, cell, mark in told]


_NUMBER = re.compile(r"[\d,.]+%?(（超）)?")


def words_of(value: Any) -> str:
    """A cell as it is read: expected numbers are whole, yet what may happen is not told as nothing."""
    if isinstance(value, float):
        return "不足1" if 0 < value < 0.5 else f"{round(value):,}"
    if isinstance(value, int):
        return f"{value:,}"
    return "—" if value is None else str(value)


def _class_of(value: Any, mark: str) -> str:
    is_number = value is None or isinstance(value, (int, float)) or _NUMBER.fullmatch(str(value))
    return f"number {mark}".strip() if is_number else mark
