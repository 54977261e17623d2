"""What a leader signs: the pools as they are now or as they were frozen, the numbers and their rule, the people."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from gongchou.draws import reasons
from gongchou.draws.models import Batch, Draw
from gongchou.draws.queries.frames import draws_of, frame_of, frozen_keepers
from gongchou.draws.queries.roster import Person, Roster, roster_of
from gongchou.draws.queries.seats import Need, needs_of
from gongchou.draws.states import MEANING, Matching


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
    """The people of a department: how many can be dealt, what is needed of them, and why the others cannot."""

    department: str
    n_present: int
    need: Need
    out: list[tuple[str, int]]
    names_out: list[tuple[str, str]]


@dataclass(frozen=True)
class Preparation:
    """All of it. meaning: what the mode of matching means"""

    pools: list[PoolView]
    people: list[PeopleView]
    meaning: str


def preparation_of(batch: Batch, *, at: datetime) -> Preparation:
    """Compute it as a freeze would now; of a frozen batch the pools are told as they were frozen.

    Raises Refused as ``frame_of`` and ``roster_of``.
    """
    draws, on = draws_of(batch), timezone.localdate(at)
    keepers: dict[int, set[str]] = {}
    pools = []
    for draw in draws:
        if batch.frozen_at is not None:
            pools.append(_frozen(draw))
            keepers[draw.seq] = frozen_keepers(draw)
            continue
        frame = frame_of(draw, on=on)
        keepers[draw.seq] = {frame.candidates[pk].keeper for pk in frame.stratum_of}
        rows = [Row(part.label, part.size, part.n, part.rule) for part in frame.strata]
        pools.append(PoolView(draw, len(frame.candidates), _told(frame.by_reason), rows))
    meaning = MEANING[Matching(batch.matching)]
    if not batch.has_match:
        return Preparation(pools, [], meaning)
    roster = roster_of(batch, on=on, keepers=set().union(*keepers.values()))
    needs = needs_of(batch, roster, keepers, {pool.draw.seq: pool.n for pool in pools})
    return Preparation(pools, _people(roster, needs), meaning)


def _frozen(draw: Draw) -> PoolView:
    rows = [Row(part.label, part.size, part.n, part.rule) for part in draw.strata.all()]
    return PoolView(draw, draw.universe, _told(draw.left_out), rows)


def _told(by_reason: dict[str, int]) -> list[tuple[str, int]]:
    return [(reasons.words("exclude", code), n) for code, n in by_reason.items()]


def _people(roster: Roster, needs: dict[str, Need]) -> list[PeopleView]:
    by_department: dict[str, list[Person]] = {code: [] for code in sorted(needs)}
    for person in roster.people:
        by_department[person.department.code].append(person)
    found = []
    for code, own in by_department.items():
        out = [person for person in own if person.why_out]
        counted = Counter(person.why_out for person in out)
        names = [(f"{one.inspector.name}（{one.unit.short_name}）", one.why_out) for one in out]
        need = needs[code]
        found.append(PeopleView(need.department, len(own) - len(out), need, counted.most_common(), names))
    return found
