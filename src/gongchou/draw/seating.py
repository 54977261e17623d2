"""Who sits where while a match is made: seats, teams, loads, and the deck that orders the inspectors."""

from __future__ import annotations

from dataclasses import dataclass

from gongchou.draw.encoding import Hasher
from gongchou.draw.roster import Kind, Roster, Task
from gongchou.draw.ticket import deck

Place = tuple[int, int]  # (index of the task in task order, index of the slot)
Card = tuple[int, str, str]  # load, deck ticket, inspector: what inspectors are ordered by


@dataclass
class Seat:
    """A filled slot: who, and the load and deck ticket at the moment of choice."""

    inspector: str
    load: int
    deck: str
    kind: str


class Seating:
    """The state of a match. ``tasks`` are in the order in which they are dealt."""

    def __init__(self, tasks: list[Task], roster: Roster, prefix: str, digest: Hasher) -> None:
        self.tasks, self.roster, self._prefix, self._digest = tasks, roster, prefix, digest
        self.slots = [task.slots() for task in tasks]
        self.load = {i.id: i.load0 for i in roster.inspectors.values()}
        self._deck = {i: self._deck_of(i) for i in self.load}
        self.seats: dict[Place, Seat] = {}
        self.team: list[dict[str, int]] = [{} for _ in tasks]  # inspector -> slot index

    def _deck_of(self, inspector: str) -> str:
        return deck(self._digest, self._prefix, self.load[inspector], inspector)

    def card(self, inspector: str) -> Card:
        """Load first, then this round's shuffled deck."""
        return self.load[inspector], self._deck[inspector], inspector

    def is_full(self, inspector: str) -> bool:
        """Tell whether an inspector has reached her cap."""
        return self.load[inspector] >= self.roster.inspectors[inspector].cap

    def kind(self, place: Place) -> Kind:
        """What the slot asks for."""
        group = self.slots[place[0]][place[1]]
        return self.tasks[place[0]].pool, group.department, group.skills

    def eligible(self, place: Place) -> list[str]:
        """All who fit slots of this kind; recusals are asked per task (``avoids``)."""
        return self.roster.eligible(self.tasks[place[0]].pool, self.slots[place[0]][place[1]])

    def avoids(self, inspector: str, place: Place) -> bool:
        """Tell whether an inspector must not meet the object."""
        return (inspector, self.tasks[place[0]].id) in self.roster.avoid

    def may_serve(self, inspector: str, place: Place) -> bool:
        """Tell whether an inspector may serve a slot."""
        return self.roster.may_serve(inspector, self.tasks[place[0]], self.slots[place[0]][place[1]])

    def seat(self, place: Place, inspector: str, kind: str) -> None:
        """Put somebody on a slot; the load is counted apart, for a repair moves people without adding any."""
        load, card, _ = self.card(inspector)
        self.seats[place] = Seat(inspector, load, card, kind)
        self.team[place[0]][inspector] = place[1]

    def unseat(self, place: Place) -> str | None:
        """Clear a slot; return who held it."""
        seat = self.seats.pop(place, None)
        if seat is None:
            return None
        del self.team[place[0]][seat.inspector]
        return seat.inspector

    def add_load(self, inspector: str) -> None:
        """One visit more; the inspector's next card is of another deck."""
        self.load[inspector] += 1
        self._deck[inspector] = self._deck_of(inspector)
