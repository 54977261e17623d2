"""Inspectors are dealt to objects like cards, and re-dealt where the deal got stuck (spec section 8, ``deal1``).

The algorithm knows inspectors only through their deck tickets, so inspectors with equal data have equal chances
for every object and every partner. Deal and repair together reach the maximum flow: a slot left unfilled could not
have been filled by any other assignment, and the proof is written beside it.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gongchou.draw.encoding import Document, hasher
from gongchou.draw.repair import Closure, Repair
from gongchou.draw.roster import Kind, Roster, Task, groups_of, tasks_for
from gongchou.draw.seating import Card, Place, Seat, Seating
from gongchou.draw.table import write_table
from gongchou.draw.ticket import inspector_prefix, task_prefix


@dataclass
class Match:
    """The outcome: tasks in the order they were dealt, their seats, why others stayed open, final loads."""

    tasks: list[Task]
    roster: Roster
    seats: dict[Place, Seat]
    closures: list[Closure]
    load: dict[str, int] = field(default_factory=dict)

    @property
    def n_unfilled(self) -> int:
        """How many slots nobody can fill."""
        return sum(len(closure.open) for closure in self.closures)

    def assignment(self) -> bytes:
        """``assignment.tsv``."""
        return write_table(
            (self.tasks[t].id, k + 1, seat.inspector, seat.load, seat.deck, seat.kind)
            for (t, k), seat in self.seats.items()
        )

    def unfilled_table(self) -> bytes:
        """``unfilled.tsv``."""
        return write_table(row for closure in self.closures for row in self._rows(closure))

    def _rows(self, closure: Closure) -> list[tuple[str, str, str]]:
        name = min(map(self._slot, closure.open))
        rows = [(name, "open", self._slot(place)) for place in closure.open]
        rows += [(name, "reached", self._slot(place)) for place in closure.reached]
        return rows + [(name, "full", inspector) for inspector in closure.full]

    def _slot(self, place: Place) -> str:
        return f"{self.tasks[place[0]].id}:{place[1] + 1}"


def match(
    tasks: Sequence[Task], roster: Roster, *, task_prefix: str, inspector_prefix: str, suite: str = "sha256"
) -> Match:
    """Deal and repair. Prefixes are 64 hex digits; the result is the same for any order of tasks and inspectors."""
    digest = hasher(suite)
    ordered = sorted(tasks, key=lambda task: (digest(f"{task_prefix}:{task.id}".encode()), task.id))
    seating = Seating(ordered, roster, inspector_prefix, digest)
    still_open = _Dealer(seating).deal_all()
    repair = Repair(seating)
    for place in still_open:
        repair.fill(place)
    return Match(ordered, roster, seating.seats, repair.closures, seating.load)


def match_draws(draws: Sequence[tuple[Document, Mapping[str, str]]], roster: Roster, seed: str) -> Match:
    """Match a campaign.

    draws: by ``seq``, for each draw with matching its parameters and its selected objects with their pools.
    seed: 64 hex digits.
    """
    shared = draws[0][0]
    told = {"mode": shared["mode"], "suite": shared["suite"]}
    return match(
        tasks_for((groups_of(params["matching"]), pools) for params, pools in draws),
        roster,
        task_prefix=task_prefix(seed, **told),
        inspector_prefix=inspector_prefix(seed, **told),
        suite=shared["suite"],
    )


class _Dealer:
    """A heap of cards per kind of slot.

    A card in it may be out of date; loads only grow, so an old card is too low and is put back with its present value
    when it comes up.
    """

    def __init__(self, seating: Seating) -> None:
        self.seating = seating
        self.heaps: dict[Kind, list[Card]] = {}

    def deal_all(self) -> list[Place]:
        """Deal every slot of every task in order; return those nobody was left for."""
        slots = self.seating.slots
        places = ((t, k) for t in range(len(slots)) for k in range(len(slots[t])))
        return [place for place in places if not self._deal(place)]

    def _heap(self, place: Place) -> list[Card]:
        kind = self.seating.kind(place)
        if kind not in self.heaps:
            self.heaps[kind] = [self.seating.card(i) for i in self.seating.eligible(place)]
            heapq.heapify(self.heaps[kind])
        return self.heaps[kind]

    def _deal(self, place: Place) -> bool:
        heap, seating = self._heap(place), self.seating
        chosen = self._lowest(heap, place)
        if chosen is None:
            return False
        seating.seat(place, chosen, "deal")
        seating.add_load(chosen)
        heapq.heappush(heap, seating.card(chosen))
        return True

    def _lowest(self, heap: list[Card], place: Place) -> str | None:
        seating, passed_over, chosen = self.seating, [], None
        while heap and chosen is None:
            card = heapq.heappop(heap)
            inspector = card[2]
            if seating.is_full(inspector):
                continue
            if card[0] != seating.load[inspector]:
                heapq.heappush(heap, seating.card(inspector))
            elif inspector in seating.team[place[0]] or seating.avoids(inspector, place):
                passed_over.append(card)
            else:
                chosen = inspector
        for card in passed_over:
            heapq.heappush(heap, card)
        return chosen
