"""A list of labels and texts laid out in two columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

SHORT = 30  # letters that half a page holds on a line


@dataclass(frozen=True)
class Fact:
    """A field with its text, over the whole width or half of it."""

    label: str
    text: str
    is_wide: bool


def facts(told: Iterable[tuple[str, str]]) -> list[Fact]:
    """What is filled in. Long texts, and short ones without a neighbour, take the whole width."""
    rows = [(label, text, len(text) > SHORT or "\n" in text) for label, text in told if text]
    found: list[Fact] = []
    is_second = False
    for (label, text, is_long), after in zip(rows, [*rows[1:], None], strict=True):
        has_neighbour = is_second or (after is not None and not after[2])
        is_wide = is_long or not has_neighbour
        is_second = not is_wide and not is_second
        found.append(Fact(label, text, is_wide))
    return found
