"""Which subjects a plan line or a task may draw from, as conditions that can be stored and read again.

All conditions hold together; within one, any of its values will do. ``queries.register`` finds the subjects.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from gongchou.refusal import Refused

GRADES = ("A", "B", "C", "D", "")
MOST_VALUES = 500
MOST_LETTERS = 100
_IDS = ("libraries", "regions", "tags", "keepers")
_WORDS = ("kinds", "scales", "industries", "licences")
_DAYS = ("not_visited_since", "established_before")


@dataclass(frozen=True)
class Pool:
    """Conditions on living subjects; an empty tuple or None is no condition.

    libraries: ids of sub-libraries, entered in force in any of them; empty is 主体综合库, everything
    kinds: codes of 主体类别; scales: codes of 企业规模
    regions: ids, each with all below it
    tags: ids, each with its narrower tags
    industries: beginnings of the industry
    grades: A to D, and "" for the ungraded
    licences: names of licences in force; with libraries, one entry must have both
    not_visited_since: last visited before that day, or never
    established_before: founded before that day; who has no founding day is left out
    keepers: ids of departments

    Raises Refused ``plans.pool_stored`` (where: the field) for what cannot be such a condition.
    """

    libraries: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    scales: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    not_visited_since: date | None = None
    established_before: date | None = None
    keepers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        checks = {**dict.fromkeys(_IDS, _is_id), **dict.fromkeys(_WORDS, _is_word), "grades": GRADES.__contains__}
        for name, is_fine in checks.items():
            values = getattr(self, name)
            is_set = len(set(values)) == len(values) <= MOST_VALUES
            if not is_set or not all(isinstance(value, str) and is_fine(value) for value in values):
                raise Refused("plans.pool_stored", where=name)


def _is_id(value: str) -> bool:
    try:
        return str(UUID(value)) == value
    except ValueError:
        return False


def _is_word(value: str) -> bool:
    return 0 < len(value) <= MOST_LETTERS and value == value.strip()


def pool_to_json(pool: Pool) -> dict[str, Any]:
    """The pool as it is stored: lists of strings, days as 2026-01-31 or null."""
    told = {field.name: getattr(pool, field.name) for field in fields(pool)}
    days = {name: told[name] and told[name].isoformat() for name in _DAYS}
    return {name: list(value) if name not in days else days[name] for name, value in told.items()}


def pool_from_json(data: object) -> Pool:
    """Read what was stored; nothing missing, nothing unknown. Raises Refused ``plans.pool_stored``."""
    names = [field.name for field in fields(Pool)]
    if not isinstance(data, Mapping) or set(data) != set(names):
        raise Refused("plans.pool_stored", where="fields")
    told: dict[str, Any] = {name: (_day if name in _DAYS else _values)(data[name], name) for name in names}
    return Pool(**told)


def _values(data: object, where: str) -> tuple[str, ...]:
    """A list of strings; a list within it could not be looked up, so it is refused here already."""
    if not isinstance(data, list) or not all(isinstance(value, str) for value in data):
        raise Refused("plans.pool_stored", where=where)
    return tuple(data)


def _day(data: object, where: str) -> date | None:
    if data is None:
        return None
    try:
        day = date.fromisoformat(data) if isinstance(data, str) else None
    except ValueError:
        day = None
    if day is None or day.isoformat() != data:
        raise Refused("plans.pool_stored", where=where)
    return day
