"""What a leader signs: the pools as they are now or as they were frozen, the numbers and their rule, the people."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from gongchou.draws import reasons
from gongchou.draws.models import Batch, Draw
from gongchou.draws.queries.frames import draws_of, frame_of
from gongchou.draws.queries.roster import Person, roster_of


@dataclass(frozen=True)
class Row:
    """A stratum: how many it holds, how many are drawn, kept in reserve, and by which rule."""

    label: str
    size: int
    n: int
    rule: str


@dataclass(frozen=True)
class PoolView:
    """The pool of a draw."""

    draw: Draw
    universe: int
    left_out: list[tuple[str, int]]
    rows: list[Row]

    @property
    def size(self) -> int:
        """Who can be drawn."""
        return sum(row.size for row in self.rows)

    @property
    def n(self) -> int:
        """How many are drawn."""
        return sum(row.n for row in self.rows)


@dataclass(frozen=True)
class PeopleView:
    """The people of a department: how many can be dealt, and why the others cannot."""

    department: str
    n_present: int
    out: list[tuple[str, int]]
    names_out: list[tuple[str, str]]


@dataclass(frozen=True)
class Preparation:
    """All of it. slots: how many people a door of each task has"""

    pools: list[PoolView]
    people: list[PeopleView]
    n_slots: int
    n_present: int


def preparation_of(batch: Batch, *, at: datetime) -> Preparation:
    """Compute it as a freeze would now; of a frozen batch the pools are told as they were frozen.

    Raises Refused as ``frame_of`` and ``roster_of``.
    """
    draws, on = draws_of(batch), timezone.localdate(at)
    keepers: set[str] = set()
    pools = []
    for draw in draws:
        if batch.frozen_at is not None:
            pools.append(_frozen(draw))
            continue
        frame = frame_of(draw, on=on)
        keepers |= {frame.candidates[pk].keeper for pk in frame.stratum_of}
        rows = [Row(part.label, part.size, part.n, part.rule) for part in frame.strata]
        pools.append(PoolView(draw, len(frame.candidates), _told(frame.by_reason), rows))
    if not batch.has_match:
        return Preparation(pools, [], 0, 0)
    roster = roster_of(batch, on=on, keepers=keepers)
    n_slots = sum(group["count"] for groups in roster.slots.values() for group in groups)
    return Preparation(pools, _people(roster.people), n_slots, len(roster.present))


def _frozen(draw: Draw) -> PoolView:
    rows = [Row(part.label, part.size, part.n, part.rule) for part in draw.strata.all()]
    return PoolView(draw, draw.universe, _told(draw.left_out), rows)


def _told(by_reason: dict[str, int]) -> list[tuple[str, int]]:
    return [(reasons.words("exclude", code), n) for code, n in by_reason.items()]


def _people(people: list[Person]) -> list[PeopleView]:
    found = []
    for name in sorted({person.department.short_name for person in people}):
        own = [person for person in people if person.department.short_name == name]
        out = [person for person in own if person.why_out]
        counted = Counter(person.why_out for person in out)
        names = [(f"{one.inspector.name}（{one.unit.short_name}）", one.why_out) for one in out]
        found.append(PeopleView(name, len(own) - len(out), counted.most_common(), names))
    return found
