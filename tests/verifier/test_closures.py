"""What unfilled.tsv proves, checked from the tables alone as a reader would (the note of section 8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.verifier.test_agreement import N_CASES, random_case

pytestmark = pytest.mark.browser

Slot = tuple[str, int]


def rows(text: str | None) -> list[list[str]]:
    return [line.split("\t") for line in (text or "").splitlines()]


class Match:
    """The inputs of a match, and who holds what at its end."""

    def __init__(self, case: dict[str, Any], drawn: dict[str, Any]) -> None:
        self.people = {row[0]: row for row in rows(case["inspectors"])}
        self.avoid = {tuple(row) for row in rows(case["avoid"])}
        self.holder = {(row[0], int(row[1])): row[2] for row in rows(drawn["assignment"])}
        self.pool = {row[1]: row[2] for given in case["frames"] for row in rows(given["frame"])}
        self.groups: dict[Slot, dict[str, Any]] = {}
        self.cross_home = False
        for given in sorted(case["frames"], key=lambda one: one["params"]["seq"]):
            self.add_slots(given["params"], rows(drawn["draws"][given["params"]["draw"]]["selected"]))

    def add_slots(self, params: dict[str, Any], selected: list[list[str]]) -> None:
        if not params["matching"]:
            return
        self.cross_home = params["matching"]["cross_home"]
        for task in {row[2] for row in selected}:
            taken = [group for (object_id, _), group in self.groups.items() if object_id == task]
            for n, group in enumerate(params["matching"]["slots"]):
                if group in taken or group in params["matching"]["slots"][:n]:
                    continue
                for _ in range(group["count"]):
                    self.groups[task, 1 + sum(object_id == task for object_id, _ in self.groups)] = group

    def may_serve(self, name: str, slot: Slot) -> bool:
        _, department, home, pools, skills, *_ = self.people[name]
        group, pool = self.groups[slot], self.pool[slot[0]]
        fits = pools == "*" or pool in pools.split(",")
        fits = fits and group["department"] in (None, department) and set(group["skills"]) <= set(skills.split(","))
        return fits and (name, slot[0]) not in self.avoid and not (self.cross_home and home == pool)

    def held_by(self, name: str) -> set[Slot]:
        return {slot for slot, holder in self.holder.items() if holder == name}

    def is_full(self, name: str) -> bool:
        cap, load0 = map(int, self.people[name][5:7])
        return load0 + len(self.held_by(name)) >= cap

    def has_way_out(self, slot: Slot, slots: set[Slot], full: set[str]) -> bool:
        """Whether somebody who may serve the slot is neither full here nor bound by another slot of the team."""
        team = {self.holder[other]: other for other in self.holder if other[0] == slot[0]}
        return any(
            self.may_serve(name, slot) and name not in full and team.get(name) not in slots for name in self.people
        )


def closures_of(drawn: dict[str, Any]) -> dict[str, dict[str, set[Any]]]:
    found: dict[str, dict[str, set[Any]]] = {}
    for name, kind, what in rows(drawn["unfilled"]):
        object_id, _, number = what.partition(":")
        member = what if kind == "full" else (object_id, int(number))
        found.setdefault(name, {"full": set(), "open": set(), "reached": set()})[kind].add(member)
    return found


def faults(case: dict[str, Any], drawn: dict[str, Any]) -> list[Any]:
    match, found = Match(case, drawn), []
    closures = closures_of(drawn)
    for name, parts in closures.items():
        slots = parts["open"] | parts["reached"]
        found += [name for slot in slots if match.has_way_out(slot, slots, parts["full"])]
        found += [name for one in parts["full"] if not (match.is_full(one) and match.held_by(one) <= slots)]
        found += [name for slot in parts["reached"] if slot not in match.holder]
        if name != min(f"{object_id}:{number}" for object_id, number in parts["open"]):
            found.append(name)
    members = [member for parts in closures.values() for kind in parts.values() for member in kind]
    unfilled = sorted(match.groups.keys() - match.holder.keys())
    is_whole = sorted(slot for parts in closures.values() for slot in parts["open"]) == unfilled
    return [*found, *([] if len(set(members)) == len(members) else ["shared"]), *([] if is_whole else ["open"])]


def test_closures_prove_that_what_is_open_cannot_be_filled(drawn: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    cases = [random_case(number) for number in range(N_CASES)]

    broken = [number for number, case in enumerate(cases) if faults(case, drawn(case))]

    assert broken == []
