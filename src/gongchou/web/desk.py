"""工作台: each room says what its people have to do next, and how things stand; what is empty is not shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Task:
    """One line of a card: what it counts, how many of which unit, and the page where they are."""

    words: str
    n: int
    unit: str
    address: str


@dataclass(frozen=True)
class Card:
    """One card of the desk.

    find: given the request, its lines; those that count nothing are not shown
    duties: whoever has one of these is asked; without any, everybody
    order: small numbers come first
    is_overview: says how things stand; else it says what waits for her
    """

    title: str
    find: Callable[[Any], Iterable[Task]]
    duties: frozenset[str] = field(default_factory=frozenset)
    order: int = 100
    is_overview: bool = False


_CARDS: list[Card] = []


def register(card: Card) -> None:
    """Put a card on the desk; done once when a room starts."""
    if card not in _CARDS:
        _CARDS.append(card)


def cards_for(request: Any, duties: frozenset[str]) -> list[tuple[Card, list[Task]]]:
    """The cards that somebody with these duties sees now, each with its lines."""
    mine = [card for card in _CARDS if not card.duties or card.duties & duties]
    told = [(card, [task for task in card.find(request) if task.n]) for card in sorted(mine, key=_place)]
    return [(card, tasks) for card, tasks in told if tasks]


def _place(card: Card) -> tuple[int, str]:
    return card.order, card.title
