"""Who is there, what is to be visited, and who may serve which slot (spec section 8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import NamedTuple

from gongchou.draw.encoding import Document
from gongchou.draw.errors import EvidenceError, FormatError
from gongchou.draw.table import AVOID, INSPECTORS, read_table

TEAM = "team"
"""The skill of a row that stands for two people or more who go together."""


class SlotGroup(NamedTuple):
    """So many inspectors of one department (or any, None) who each have all the skills."""

    department: str | None
    skills: tuple[str, ...]
    places: int

    @property
    def is_of_team(self) -> bool:
        """Whether each of its slots takes a standing team."""
        return TEAM in self.skills


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

    @property
    def n_least(self) -> int:
        """How many people go at least, where no slot stays open."""
        return sum(2 if group.is_of_team else 1 for group in self.slots())


Kind = tuple[str, str | None, tuple[str, ...]]  # pool, department, skills: slots of one kind ask for the same people


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


def read_roster(inspectors: bytes, avoid: bytes, *, cross_home: bool) -> Roster:
    """The roster of ``inspectors.tsv`` and ``avoid.tsv``. Raises as ``read_inspectors`` and ``read_avoid``."""
    people = read_inspectors(inspectors)
    return Roster(people, read_avoid(avoid, people), cross_home=cross_home)


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
