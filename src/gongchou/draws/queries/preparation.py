"""What a leader signs: the pools as they are now or as they were frozen, the numbers and their rule, the people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import comb

from django.utils import timezone

from gongchou.draws import reasons
from gongchou.draws.models import Batch, Draw
from gongchou.draws.queries.dealt import Crew, Person
from gongchou.draws.queries.frames import Register, draws_of, frame_of, frozen_keepers
from gongchou.draws.queries.roster import Roster, roster_of
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
    """The people or teams of a department: how many can be dealt, what is needed of them, why the others cannot.

    cost: what it costs to send teams; None where people are sent
    """

    department: str
    n_present: int
    need: Need
    out: list[tuple[str, int]]
    names_out: list[tuple[str, str]]
    cost: Cost | None = None

    @property
    def word(self) -> str:
        """What is counted."""
        return "人" if self.cost is None else "组"


@dataclass(frozen=True)
class Cost:
    """How often two of one team go together, and how often two of the same people would if dealt one by one.

    n_doors: at most; both are averages
    """

    n_teams: int
    n_people: int
    n_doors: int
    together: float
    apart: float


def cost_of(crews: Sequence[Crew], n_doors: int) -> Cost:
    """Teams are dealt evenly, so each goes to its part of the doors, and always the same people."""
    sizes = [len(crew.members) for crew in crews]
    n_people = sum(sizes)
    each = n_doors / len(crews) if crews else 0.0
    pairs = sum(comb(size, 2) for size in sizes)
    return Cost(len(crews), n_people, n_doors, each, each * pairs / comb(n_people, 2) if n_people > 1 else 0.0)


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
    register = Register()
    pools = []
    for draw in draws:
        if batch.frozen_at is not None:
            pools.append(_frozen(draw))
            keepers[draw.seq] = frozen_keepers(draw)
            continue
        frame = frame_of(draw, on=on, register=register)
        keepers[draw.seq] = frame.keepers
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
    by_department: dict[str, list[Person | Crew]] = {code: [] for code in sorted(needs)}
    for one in roster.everybody:
        by_department[one.department.code].append(one)
    return [_people_view(own, needs[code], code in roster.sending_teams) for code, own in by_department.items()]


def _people_view(own: Sequence[Person | Crew], need: Need, by_team: bool) -> PeopleView:
    out = [one for one in own if one.why_out]
    counted = Counter(one.why_out for one in out)
    names = [(one.words, one.why_out) for one in out]
    crews = [one for one in own if isinstance(one, Crew) and not one.why_out]
    cost = cost_of(crews, need.n_all) if by_team else None
    return PeopleView(need.department, len(own) - len(out), need, counted.most_common(), names, cost)
