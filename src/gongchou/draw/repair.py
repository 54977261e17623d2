"""Slots the deal left open: people are moved along a path, or the proof is kept that there is none (spec section 8).

A search that fails has walked through a *closure*: slots that only its full inspectors could serve. No later path can
enter it, so no later search walks there again. Without that, each of n open slots would cost, and write, all of it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from gongchou.draw.roster import Kind
from gongchou.draw.seating import Place, Seating

Step = tuple[Place, str]  # this inspector would take this slot


@dataclass(eq=False)
class Closure:
    """Why its open slots stay open: all who might serve them or the reached slots are full, with these very slots."""

    open: list[Place]
    reached: set[Place]
    full: set[str]

    def absorb(self, other: Closure) -> None:
        """Take over another closure."""
        self.open += other.open
        self.reached |= other.reached
        self.full |= other.full

    def __len__(self) -> int:
        return len(self.open) + len(self.reached) + len(self.full)


class Repair:
    """Fills what can still be filled; what cannot is in ``closures``."""

    def __init__(self, seating: Seating) -> None:
        self.seating = seating
        self.holds: dict[str, set[Place]] = {i: set() for i in seating.load}
        for place, seat in seating.seats.items():
            self.holds[seat.inspector].add(place)
        self._of_place: dict[Place, Closure] = {}
        self._of_inspector: dict[str, Closure] = {}
        self._candidates: dict[Kind, list[str]] = {}  # of a kind of slots, those whom no closure has taken
        self._taken: dict[Kind, list[list[str]]] = {}  # the others, as one search after the other took them

    @property
    def closures(self) -> list[Closure]:
        """All closures, in no particular order."""
        return list({id(closure): closure for closure in self._of_place.values()}.values())

    def closure_of(self, place_or_inspector: Place | str) -> Closure | None:
        """The closure that holds a slot or a full inspector."""
        if isinstance(place_or_inspector, str):
            return self._of_inspector.get(place_or_inspector)
        return self._of_place.get(place_or_inspector)

    def candidates(self, place: Place) -> list[str]:
        """All who fit the kind of slot but those whom closures have taken, by their cards."""
        left = self._candidates.get(self.seating.kind(place))
        return sorted(self.seating.eligible(place) if left is None else left, key=self.seating.card)

    def taken(self, place: Place) -> Iterable[Closure]:
        """The closures of full inspectors who may serve a slot. One of a group speaks for all: they share a closure."""
        for group in self._taken.get(self.seating.kind(place), ()):
            if not all(self.seating.avoids(inspector, place) for inspector in group):
                yield self._of_inspector[group[0]]

    def fill(self, start: Place) -> None:
        """Fill an open slot by moving others, or put it into a closure."""
        search = _Search(self, start)
        end = search.run()
        if end is None:
            self._close(start, search)
        else:
            self._apply(search.path_to(end))

    def _close(self, start: Place, search: _Search) -> None:
        closure = Closure([start], search.came_from.keys() - {start}, set(search.full))
        for kind, (before, left) in search.seen.items():
            self._candidates[kind] = left
            gone = set(before).difference(left)
            if gone:
                self._taken.setdefault(kind, []).append(sorted(gone))
        self._note(closure, closure)
        for met in search.met:
            smaller, closure = sorted((closure, met), key=len)
            closure.absorb(smaller)
            self._note(smaller, closure)

    def _note(self, members: Closure, closure: Closure) -> None:
        self._of_place.update(dict.fromkeys([*members.open, *members.reached], closure))
        self._of_inspector.update(dict.fromkeys(members.full, closure))

    def _apply(self, path: list[Step]) -> None:
        """Give every slot on the path the inspector found for it; loads and tickets as before the path."""
        for place, _ in path:
            held_by = self.seating.unseat(place)
            if held_by is not None:
                self.holds[held_by].discard(place)
        for place, inspector in path:
            self.seating.seat(place, inspector, "repair")
            self.holds[inspector].add(place)
        self.seating.add_load(path[0][1])


@dataclass
class _Search:
    """Breadth first along "if she took this slot, her slot would be free for …"."""

    repair: Repair
    start: Place
    full: dict[str, None] = field(default_factory=dict)
    met: set[Closure] = field(default_factory=set)
    seen: dict[Kind, tuple[list[str], list[str]]] = field(default_factory=dict)  # kind -> candidates at first, left

    def __post_init__(self) -> None:
        self.came_from: dict[Place, Step | None] = {self.start: None}
        self.queue = deque([self.start])

    def run(self) -> Step | None:
        """The slot and the inspector with room where the path ends, or None."""
        while self.queue:
            place = self.queue.popleft()
            self.met.update(self.repair.taken(place))
            for inspector in self._who_may(place):
                if self._ends_with(place, inspector):
                    return place, inspector
            self._forget(place)
        return None

    def _ends_with(self, place: Place, inspector: str) -> bool:
        seating, step = self.repair.seating, (place, inspector)
        closure = self.repair.closure_of(inspector)
        if inspector in seating.team[place[0]]:
            self._reach((place[0], seating.team[place[0]][inspector]), step)
        elif closure is not None:
            self.met.add(closure)
        elif inspector not in self.full:
            if not seating.is_full(inspector):
                return True
            self.full[inspector] = None
            for held in sorted(self.repair.holds[inspector]):
                self._reach(held, step)
        return False

    def _who_may(self, place: Place) -> list[str]:
        """Those of this kind who have not been looked at yet, and the team: everybody else is passed over anyway."""
        seating = self.repair.seating
        kind = seating.kind(place)
        if kind not in self.seen:
            at_first = self.repair.candidates(place)
            self.seen[kind] = at_first, at_first
        team = {i for i in seating.team[place[0]] if seating.may_serve(i, place)}
        new = [i for i in self.seen[kind][1] if i not in team and not seating.avoids(i, place)]
        return sorted([*new, *team], key=seating.card) if team else new

    def _forget(self, place: Place) -> None:
        """Who was found full need not be looked at for the next slot of this kind."""
        kind = self.repair.seating.kind(place)
        at_first, left = self.seen[kind]
        self.seen[kind] = at_first, [i for i in left if not self._is_done(i, place)]

    def _is_done(self, inspector: str, place: Place) -> bool:
        if inspector in self.full:
            return True
        return self.repair.closure_of(inspector) in self.met and not self.repair.seating.avoids(inspector, place)

    def _reach(self, place: Place, step: Step) -> None:
        closure = self.repair.closure_of(place)
        if closure is not None:
            self.met.add(closure)
        elif place not in self.came_from:
            self.came_from[place] = step
            self.queue.append(place)

    def path_to(self, end: Step) -> list[Step]:
        """The steps from the end back to the start."""
        path: list[Step] = []
        step: Step | None = end
        while step is not None:
            path.append(step)
            step = self.came_from[step[0]]
        return path
