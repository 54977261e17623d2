"""The seats of a door: how many people of which department with which skills, merged where tasks share the door."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from gongchou.draw.encoding import Document

BUREAU, STATION = "bureau", "station"


class Want(NamedTuple):
    """So many people of a department (its code) with all of these skills."""

    department: str
    skills: tuple[str, ...]
    n: int


def wants_of(
    department: str, n: int, skill: str, *, scarce: str = "", is_linked: bool = False, scarce_side: str = BUREAU
) -> list[Want]:
    """What a department needs at a door of one draw, the scarce skill first.

    is_linked: half of the team, rounded down, comes from a station (局所联动); scarce_side: which half then brings who
    has the scarce skill
    """
    places = {BUREAU: n - n // 2, STATION: n // 2} if is_linked else {"": n}
    found = []
    if scarce:
        side = next(iter(places)) if places.get(scarce_side, 0) == 0 else scarce_side
        found.append(Want(department, _all(scarce, skill, side), 1))
        places[side] -= 1
    return found + [Want(department, _all(skill, side), count) for side, count in places.items() if count]


def _all(*skills: str) -> tuple[str, ...]:
    return tuple(sorted(filter(None, skills)))


def groups_of(wants: Mapping[int, Sequence[Want]]) -> tuple[dict[int, list[Document]], set[str]]:
    """The slot groups of each draw by ``seq``, and the marks they use, which everybody bears.

    Equal groups of two draws are one at a shared door. Where one draw wants two people and another three of the same,
    the third is a group of its own, told apart by a mark, so that the door has three and not five.
    """
    counts: dict[tuple[str, tuple[str, ...]], set[int]] = defaultdict(set)
    for own in wants.values():
        for want in own:
            counts[want.department, want.skills].add(want.n)
    found: dict[int, list[Document]] = {}
    marks: set[str] = set()
    for seq, own in wants.items():
        found[seq] = []
        for want in own:
            before = 0
            for step in sorted(one for one in counts[want.department, want.skills] if one <= want.n):
                mark = {f"s{before}"} if before else set()
                marks |= mark
                skills = sorted({*want.skills, *mark})
                found[seq].append({"count": step - before, "department": want.department, "skills": skills})
                before = step
    return found, marks
