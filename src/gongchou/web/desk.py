"""工作台: each room says what its people have to do next; the desk shows what is not empty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

Find = Callable[[HttpRequest], dict[str, Any] | None]


@dataclass(frozen=True)
class Card:
    """One card of the desk.

    find: given the request, what the template needs, or None when there is nothing to do
    duties: whoever has one of these is asked; without any, everybody
    order: small numbers come first
    """

    title: str
    template: str
    find: Find
    duties: frozenset[str] = field(default_factory=frozenset)
    order: int = 100


_CARDS: list[Card] = []


def register(card: Card) -> None:
    """Put a card on the desk; done once when a room starts."""
    if card not in _CARDS:
        _CARDS.append(card)


def cards_for(request: HttpRequest, duties: frozenset[str]) -> list[tuple[Card, dict[str, Any]]]:
    """The cards that somebody with these duties sees now, each with what it found."""
    mine = [card for card in _CARDS if not card.duties or card.duties & duties]
    found = [(card, card.find(request)) for card in sorted(mine, key=lambda card: (card.order, card.title))]
    return [(card, told) for card, told in found if told is not None]
