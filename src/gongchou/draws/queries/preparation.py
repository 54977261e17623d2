"""What a leader signs: the pools as they are now or as they were frozen, the numbers and their rule, the people."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from math import comb
from typing import Any

from django.utils import timezone

from gongchou.draw.allocate import reserve_for
from gongchou.draws import reasons, store
from gongchou.draws.models import Batch, Draw
from gongchou.draws.queries.batches import AUDITOR
from gongchou.draws.queries.dealt import Crew, Person
from gongchou.draws.queries.frames import Register, draws_of, frame_of
from gongchou.draws.queries.left_out import Digests, digests_of
from gongchou.draws.queries.roster import Roster, roster_of
from gongchou.draws.queries.seats import Need, needs_of
from gongchou.draws.settings import settings_of
from gongchou.draws.states import MEANING, Matching

PEOPLE = f"{AUDITOR}people.json"
"""What the page says of the people, as it was when the lists were fixed."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Row:
    """A stratum: how many it holds, how many are drawn, kept in reserve, and by which rule."""

    label: str
    size: int
    n: int
    reserve: int
    rule: str


@dataclass(frozen=True)
class PoolView:
    """The pool of a draw.

    left_out: code and words of a reason, and how many; snapshot, lists: digests of what the registry signed and of
    the lists of who is left out when they were frozen, none before
    """

    draw: Draw
    universe: int
    left_out: list[tuple[str, str, int]]
    rows: list[Row]
    snapshot: str = ""
    lists: Digests | None = None

    @property
    def size(self) -> int:
        """Who can be drawn."""
        return sum(row.size for row in self.rows)

    @property
    def n_left_out(self) -> int:
        """Who cannot."""
        return sum(n for _, _, n in self.left_out)

    @property
    def n(self) -> int:
        """How many are drawn."""
        return sum(row.n for row in self.rows)


@dataclass(frozen=True)
class PeopleView:
    """The people or teams of a department: how many can be dealt, what is needed of them, why the others cannot.

    names_out: who cannot, each with the reason; cost: what it costs to send teams; None where people are sent
    """

    department: str
    n_present: int
    need: Need
    names_out: list[tuple[str, str]]
    cost: Cost | None = None

    @property
    def word(self) -> str:
        """What is counted."""
        return "人" if self.cost is None else "组"

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Why some cannot be dealt, each reason once with how many; of its dates the first and the last."""
        found: dict[str, list[str]] = defaultdict(list)
        for _, why in self.names_out:
            found[_DAY.sub("", why)].append(why)
        return sorted(((_span_of(own), len(own)) for own in found.values()), key=lambda one: (-one[1], one[0]))

    @property
    def shortages(self) -> list[tuple[int, list[str]]]:
        """How many seats stay open at each door, and at the doors of which units; the most first."""
        found: dict[int, list[str]] = defaultdict(list)
        for unit, n in self.need.places:
            found[n].append(unit)
        return sorted(found.items(), reverse=True)

    @property
    def needs_annex(self) -> bool:
        """Whether there is more to be said of them than fits on the page that is signed."""
        return bool(self.names_out) or any(len(units) > 1 for _, units in self.shortages)


def _span_of(reasons: Sequence[str]) -> str:
    """One sentence for many that differ in their dates only."""
    columns = zip(*(_DAY.findall(one) for one in reasons), strict=True)
    spans = iter([min(days) if min(days) == max(days) else f"{min(days)}～{max(days)}" for days in columns])
    return _DAY.sub(lambda _: next(spans), reasons[0])


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

    @property
    def has_annex(self) -> bool:
        """Whether names follow behind the signatures."""
        return any(one.needs_annex for one in self.people)


def preparation_of(batch: Batch, *, at: datetime) -> Preparation:
    """Compute it as a freeze would now; a frozen batch is told as it was frozen.

    Raises Refused as ``frame_of`` and ``roster_of``.
    """
    if batch.frozen_at is not None:
        return _frozen(batch)
    draws, on = draws_of(batch), timezone.localdate(at)
    register, percent = Register(), settings_of(batch.settings).reserve_percent
    keepers: dict[int, set[str]] = {}
    pools = []
    for draw in draws:
        frame = frame_of(draw, on=on, register=register)
        keepers[draw.seq] = frame.keepers
        parts = frame.strata
        rows = [Row(one.label, one.size, one.n, reserve_for(one.size, one.n, percent, 100), one.rule) for one in parts]
        pools.append(PoolView(draw, len(frame.candidates), _told(frame.by_reason), rows))
    people: list[PeopleView] = []
    if batch.has_match:
        roster = roster_of(batch, on=on, keepers=set().union(*keepers.values()))
        people = people_of(batch, roster, keepers, {pool.draw.seq: pool.n for pool in pools})
    return Preparation(pools, people, MEANING[Matching(batch.matching)])


def _frozen(batch: Batch) -> Preparation:
    """As it was when it was fixed, of all its draws, whatever became of them and of the registers."""
    pools = [_frozen_pool(draw) for draw in batch.draws.select_related("task__department", "batch")]
    kept = batch.evidence.filter(path=PEOPLE).first()
    people = _read_people(store.read(kept.sha256)) if kept else []
    return Preparation(pools, people, MEANING[Matching(batch.matching)])


def _frozen_pool(draw: Draw) -> PoolView:
    rows = [Row(part.label, part.size, part.n, part.reserve, part.rule) for part in draw.strata.all()]
    snapshot = draw.batch.evidence.get(path=f"{draw.folder}universe.json").sha256
    return PoolView(draw, draw.universe, _told(draw.left_out), rows, snapshot, digests_of(draw))


def people_of(
    batch: Batch, roster: Roster, keepers: Mapping[int, set[str]], n_drawn: Mapping[int, int]
) -> list[PeopleView]:
    """The people of each department. keepers, n_drawn: as ``needs_of`` takes them"""
    return _people(roster, needs_of(batch, roster, keepers, n_drawn))


def people_text(people: Iterable[PeopleView]) -> bytes:
    """For the file that a freeze keeps of them, since their registers go on."""
    return json.dumps([asdict(one) for one in people], ensure_ascii=False).encode()


def _read_people(data: bytes) -> list[PeopleView]:
    return [_read_view(told) for told in json.loads(data)]


def _read_view(told: dict[str, Any]) -> PeopleView:
    need = Need(**told["need"] | {"places": _pairs(told["need"]["places"])})
    cost = Cost(**told["cost"]) if told["cost"] else None
    return PeopleView(told["department"], told["n_present"], need, _pairs(told["names_out"]), cost)


def _pairs(rows: Iterable[Iterable[Any]]) -> list[Any]:
    """What JSON keeps as lists."""
    return [tuple(row) for row in rows]


def _told(by_reason: dict[str, int]) -> list[tuple[str, str, int]]:
    return [(code, reasons.words("exclude", code), n) for code, n in by_reason.items()]


def _people(roster: Roster, needs: dict[str, Need]) -> list[PeopleView]:
    by_department: dict[str, list[Person | Crew]] = {code: [] for code in sorted(needs)}
    for one in roster.everybody:
        by_department[one.department.code].append(one)
    return [_people_view(own, needs[code], code in roster.sending_teams) for code, own in by_department.items()]


def _people_view(own: Sequence[Person | Crew], need: Need, by_team: bool) -> PeopleView:
    out = [one for one in own if one.why_out]
    names = [(one.words, one.why_out) for one in out]
    crews = [one for one in own if isinstance(one, Crew) and not one.why_out]
    cost = cost_of(crews, need.n_all) if by_team else None
    return PeopleView(need.department, len(own) - len(out), need, names, cost)
