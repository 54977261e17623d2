"""Inspectors are dealt to objects like cards, and re-dealt where the deal got stuck (spec section 8, ``deal1``).

The algorithm knows inspectors only through their deck tickets, so inspectors with equal data have equal chances
for every object and every partner. Deal and repair together reach the maximum flow: a slot left unfilled could not
have been filled by any other assignment, and the proof is written beside it.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from gongchou.draw.encoding import Document, Hasher, hasher
from gongchou.draw.errors import EvidenceError, FormatError
from gongchou.draw.table import AVOID, INSPECTORS, read_table, write_table
from gongchou.draw.ticket import deck


class SlotGroup(NamedTuple):
    """So many inspectors of one department (or any, None) who each have all the skills."""

    department: str | None
    skills: tuple[str, ...]
    places: int


class Inspector(NamedTuple):
    """One line of ``inspectors.tsv``; ``pools`` is None for every pool."""

    id: str
    department: str
    home_unit: str
    pools: frozenset[str] | None
    skills: frozenset[str]
    cap: int
    load0: int


class Task(NamedTuple):
    """An object to visit: its pool, and the groups its slots come from, in order."""

    id: str
    pool: str
    groups: tuple[SlotGroup, ...]

    def slots(self) -> list[SlotGroup]:
        """The group of each slot; slot k of the protocol is at index k - 1."""
        return [group for group in self.groups for _ in range(group.places)]


Place = tuple[int, int]  # (index of the task in task order, index of the slot)


@dataclass
class Seat:
    """A filled slot: who, and the load and deck ticket at the moment of choice."""

    inspector: str
    load: int
    deck: str
    kind: str


@dataclass
class Unfilled:
    """An open slot with its certificate: everybody who could help is full, and these slots depend on them."""

    place: Place
    full: list[str]
    reached: list[Place]


@dataclass
class Match:
    """The outcome: tasks in the order they were dealt, their seats, what stayed open, final loads."""

    tasks: list[Task]
    seats: dict[Place, Seat]
    unfilled: list[Unfilled]
    load: dict[str, int] = field(default_factory=dict)

    def assignment(self) -> bytes:
        """``assignment.tsv``."""
        return write_table(
            (self.tasks[t].id, k + 1, seat.inspector, seat.load, seat.deck, seat.kind)
            for (t, k), seat in self.seats.items()
        )

    def unfilled_table(self) -> bytes:
        """``unfilled.tsv``."""
        return write_table(
            (
                self.tasks[open_slot.place[0]].id,
                open_slot.place[1] + 1,
                ",".join(sorted(open_slot.full)) or "-",
                ",".join(sorted(f"{self.tasks[t].id}:{k + 1}" for t, k in open_slot.reached)),
            )
            for open_slot in self.unfilled
        )


class Roster:
    """The inspectors and whom they must not meet; answers who may serve a slot."""

    def __init__(self, inspectors: Iterable[Inspector], avoid: Iterable[tuple[str, str]], *, cross_home: bool) -> None:
        self.inspectors = {inspector.id: inspector for inspector in inspectors}
        self.avoid = frozenset(avoid)
        self.cross_home = cross_home
        self._classes: dict[tuple[str, str | None, tuple[str, ...]], list[str]] = {}
        self._by_pool: dict[str, list[Inspector]] = {}
        self._everywhere = [i for i in self.inspectors.values() if i.pools is None]
        for inspector in self.inspectors.values():
            for pool in inspector.pools or ():
                self._by_pool.setdefault(pool, []).append(inspector)

    def eligible(self, pool: str, group: SlotGroup) -> list[str]:
        """Ids of all who fit a slot by pool, department, skills and home unit; avoidance is asked per task."""
        key = (pool, group.department, group.skills)
        if key not in self._classes:
            near = self._by_pool.get(pool, []) + self._everywhere
            self._classes[key] = [inspector.id for inspector in near if self._fits(inspector, pool, group)]
        return self._classes[key]

    def _fits(self, inspector: Inspector, pool: str, group: SlotGroup) -> bool:
        return (
            group.department in (None, inspector.department)
            and inspector.skills.issuperset(group.skills)
            and not (self.cross_home and inspector.home_unit == pool)
        )

    def may_serve(self, inspector: str, task: Task, group: SlotGroup) -> bool:
        """Tell whether one inspector may serve one slot of a task."""
        found = self.inspectors.get(inspector)
        return (
            found is not None
            and (found.pools is None or task.pool in found.pools)
            and self._fits(found, task.pool, group)
            and (inspector, task.id) not in self.avoid
        )


def match(
    tasks: Sequence[Task], roster: Roster, *, task_prefix: str, inspector_prefix: str, suite: str = "sha256"
) -> Match:
    """Deal and repair. Prefixes are 64 hex digits; the result is the same for any order of tasks and inspectors."""
    digest = hasher(suite)
    ordered = sorted(tasks, key=lambda task: (digest(f"{task_prefix}:{task.id}".encode()), task.id))
    return _Dealer(ordered, roster, inspector_prefix, digest).run()


class _Dealer:
    def __init__(self, tasks: list[Task], roster: Roster, prefix: str, digest: Hasher) -> None:
        self.tasks, self.roster, self.prefix, self.digest = tasks, roster, prefix, digest
        self.slots = [task.slots() for task in tasks]
        self.load = {i.id: i.load0 for i in roster.inspectors.values()}
        self.cap = {i.id: i.cap for i in roster.inspectors.values()}
        self.deck_now = {i: self.deck(i) for i in self.load}
        self.holds: dict[str, set[Place]] = {i: set() for i in self.load}
        self.seats: dict[Place, Seat] = {}
        self.team: list[dict[str, int]] = [{} for _ in tasks]  # inspector -> slot index
        self.heaps: dict[tuple[str, str | None, tuple[str, ...]], list[tuple[int, str, str]]] = {}

    def deck(self, inspector: str) -> str:
        return deck(self.digest, self.prefix, self.load[inspector], inspector)

    def card(self, inspector: str) -> tuple[int, str, str]:
        """What inspectors are ordered by: load first, then this round's shuffled deck."""
        return self.load[inspector], self.deck_now[inspector], inspector

    def run(self) -> Match:
        places = [(t, k) for t in range(len(self.tasks)) for k in range(len(self.slots[t]))]
        still_open = [place for place in places if not self.deal(place)]
        self.holds = {i: set() for i in self.load}
        for place, seat in self.seats.items():
            self.holds[seat.inspector].add(place)
        unfilled = [found for place in still_open if (found := self.repair(place))]
        return Match(self.tasks, self.seats, unfilled, self.load)

    # Deal: a heap per class of slots. A card in it may be out of date; loads only grow, so an old card is too low
    # and is put back with its present value when it comes up.

    def heap(self, t: int, k: int) -> list[tuple[int, str, str]]:
        pool, group = self.tasks[t].pool, self.slots[t][k]
        key = (pool, group.department, group.skills)
        if key not in self.heaps:
            self.heaps[key] = [self.card(i) for i in self.roster.eligible(pool, group)]
            heapq.heapify(self.heaps[key])
        return self.heaps[key]

    def deal(self, place: Place) -> bool:
        t, k = place
        heap, passed_over, chosen = self.heap(t, k), [], None
        while heap and chosen is None:
            card = heapq.heappop(heap)
            inspector = card[2]
            if self.load[inspector] >= self.cap[inspector]:
                continue
            if card[0] != self.load[inspector]:
                heapq.heappush(heap, self.card(inspector))
            elif inspector in self.team[t] or (inspector, self.tasks[t].id) in self.roster.avoid:
                passed_over.append(card)
            else:
                chosen = inspector
        for card in passed_over:
            heapq.heappush(heap, card)
        if chosen is None:
            return False
        self.seat(place, chosen, "deal")
        self.add_load(chosen)
        heapq.heappush(heap, self.card(chosen))
        return True

    def seat(self, place: Place, inspector: str, kind: str) -> None:
        self.seats[place] = Seat(inspector, self.load[inspector], self.deck_now[inspector], kind)
        self.team[place[0]][inspector] = place[1]

    def add_load(self, inspector: str) -> None:
        self.load[inspector] += 1
        self.deck_now[inspector] = self.deck(inspector)

    # Repair: breadth first along "if she took this slot, her slot would be free for ...".

    def repair(self, start: Place) -> Unfilled | None:
        came_from: dict[Place, tuple[Place, str] | None] = {start: None}
        full: dict[str, None] = {}
        queue = deque([start])
        while queue:
            place = queue.popleft()
            for inspector in self.who_may(place):
                step = (place, inspector)
                if inspector in self.team[place[0]]:
                    self.reach((place[0], self.team[place[0]][inspector]), step, came_from, queue)
                elif inspector not in full:
                    if self.load[inspector] < self.cap[inspector]:
                        self.apply(step, came_from)
                        return None
                    full[inspector] = None
                    for held in sorted(self.holds[inspector]):
                        self.reach(held, step, came_from, queue)
        return Unfilled(start, list(full), list(came_from))

    def who_may(self, place: Place) -> list[str]:
        task, group = self.tasks[place[0]], self.slots[place[0]][place[1]]
        fitting = self.roster.eligible(task.pool, group)
        return sorted((i for i in fitting if (i, task.id) not in self.roster.avoid), key=self.card)

    @staticmethod
    def reach(
        place: Place,
        step: tuple[Place, str],
        came_from: dict[Place, tuple[Place, str] | None],
        queue: deque[Place],
    ) -> None:
        if place not in came_from:
            came_from[place] = step
            queue.append(place)

    def apply(self, end: tuple[Place, str], came_from: Mapping[Place, tuple[Place, str] | None]) -> None:
        """Give every slot on the path the inspector found for it; loads and tickets as before the path."""
        step: tuple[Place, str] | None = end
        path = []
        while step is not None:
            path.append(step)
            step = came_from[step[0]]
        for place, _ in path:
            self.unseat(place)
        for place, inspector in path:
            self.seat(place, inspector, "repair")
            self.holds[inspector].add(place)
        self.add_load(end[1])

    def unseat(self, place: Place) -> None:
        seat = self.seats.pop(place, None)
        if seat:
            self.holds[seat.inspector].discard(place)
            del self.team[place[0]][seat.inspector]


# Tables -----------------------------------------------------------------------------------------


def read_inspectors(data: bytes, place: str = "inspectors.tsv") -> list[Inspector]:
    """Parse ``inspectors.tsv``. Raises FormatError ``table_invalid`` for repeated ids or unsorted lists."""
    inspectors = []
    rows = read_table(data, INSPECTORS, place)
    for line, (inspector, department, home, pools, skills, cap, load0) in enumerate(rows, 1):
        inspectors.append(
            Inspector(
                inspector,
                department,
                home,
                None if pools == "*" else _set_of(pools, place, line),
                frozenset() if skills == "-" else _set_of(skills, place, line),
                int(cap),
                int(load0),
            )
        )
    for before, after in pairwise(inspectors):
        if before.id == after.id:
            raise FormatError("table_invalid", place, reason="repeated", text=after.id)
    return inspectors


def _set_of(text: str, place: str, line: int) -> frozenset[str]:
    parts = text.split(",")
    if any(a >= b for a, b in pairwise(parts)):
        raise FormatError("table_invalid", place, line=line, reason="list not ascending", text=text[:80])
    return frozenset(parts)


def read_avoid(data: bytes, inspectors: Iterable[Inspector], place: str = "avoid.tsv") -> list[tuple[str, str]]:
    """Parse ``avoid.tsv``. Raises EvidenceError ``matching_input`` for an inspector who is not on the list."""
    known = {inspector.id for inspector in inspectors}
    pairs = [(inspector, object_id) for inspector, object_id in read_table(data, AVOID, place)]
    for inspector, _ in pairs:
        if inspector not in known:
            raise EvidenceError("matching_input", place, reason="unknown inspector", text=inspector)
    return pairs


def groups_of(matching: Document) -> tuple[SlotGroup, ...]:
    """The slot groups of the parameters."""
    return tuple(SlotGroup(g["department"], tuple(g["skills"]), g["count"]) for g in matching["slots"])


def merge_groups(parts: Iterable[tuple[SlotGroup, ...]]) -> tuple[SlotGroup, ...]:
    """The groups of an object that several draws selected; a group equal to one already there is not repeated."""
    return tuple(dict.fromkeys(group for groups in parts for group in groups))


def tasks_for(samples: Iterable[tuple[tuple[SlotGroup, ...], Mapping[str, str]]]) -> list[Task]:
    """One task per object from the samples of a campaign's draws, in order of their ``seq``.

    samples: (slot groups of the draw, selected object -> its pool in that frame).
    The pool is that of the first draw; that all agree is checked apart (``find_pool_conflict``).
    """
    pools: dict[str, str] = {}
    groups: dict[str, list[tuple[SlotGroup, ...]]] = {}
    for own, selected in samples:
        for object_id, pool in selected.items():
            pools.setdefault(object_id, pool)
            groups.setdefault(object_id, []).append(own)
    return [Task(object_id, pools[object_id], merge_groups(groups[object_id])) for object_id in pools]


def find_pool_conflict(samples: Iterable[Mapping[str, str]]) -> str | None:
    """An object that two frames put into different pools, or None."""
    pools: dict[str, str] = {}
    for selected in samples:
        for object_id, pool in selected.items():
            if pools.setdefault(object_id, pool) != pool:
                return object_id
    return None
