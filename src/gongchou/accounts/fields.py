"""事项领域: the fields of the lists, as those say it who keep lists. One vocabulary for them and for appointments.

This room knows no lists; a room that does tells it where to look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

_sources: list[Callable[[], Iterable[str]]] = []


def take_fields_from(source: Callable[[], Iterable[str]]) -> None:
    """Have a room name the fields that its rows belong to, whenever they are asked for."""
    if source not in _sources:
        _sources.append(source)


def known_fields() -> list[str]:
    """Every field that some row belongs to now, once, in order."""
    return sorted({field for source in _sources for field in source() if field})
