"""The specification once more, slow and literal, sharing nothing with the package; and random instances for both."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from fractions import Fraction
from hashlib import sha256
from typing import Any, NamedTuple

import networkx

from gongchou.draw.roster import Inspector, SlotGroup, Task

PREFIX = "0123456789abcdef" * 4


def hex_digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + merkle_root(leaves[:split]) + merkle_root(leaves[split:])).digest()


def hamilton(sizes: dict[str, int], weights: dict[str, int], total: int) -> dict[str, int]:
    """Section 5, one place at a time and in fractions."""
    settled: dict[str, int] = {}
    while True:
        left = [name for name in weights if name not in settled]
        rest = total - sum(settled.values())
        shares = dict.fromkeys(left, 0)
        if rest:
            exact = {name: Fraction(rest * weights[name], sum(weights[s] for s in left)) for name in left}
            shares = {name: int(exact[name]) for name in left}
            waiting = sorted(left, key=lambda name: (shares[name] - exact[name], name))
            for name in waiting[: rest - sum(shares.values())]:
                shares[name] += 1
        full = {name: sizes[name] for name in left if shares[name] > sizes[name]}
        if not full:
            return settled | shares
        settled |= full


# Matching ---------------------------------------------------------------------------------------


class Instance(NamedTuple):
    """One match to be made."""

    tasks: list[Task]
    inspectors: list[Inspector]
    avoid: list[tuple[str, str]]
    cross_home: bool
    prefix: str


def random_instance(seed: int) -> Instance:
    """A small instance, tight enough that repairs and unfilled slots are common."""
    rng = random.Random(seed)
    pools, skills, departments = ["P1", "P2"], ["fire", "food", "lead"], ["D1", "D2"]
    inspectors = []
    for number in range(rng.randint(2, 9)):
        load0 = rng.choice([0, 0, 0, 1, 2])
        inspectors.append(
            Inspector(
                id=f"I{number}",
                department=rng.choice(departments),
                home_unit=rng.choice(pools),
                pools=rng.choice([None, None, frozenset(pools), frozenset([rng.choice(pools)])]),
                skills=frozenset(rng.sample(skills, rng.choice([0, 1, 2, 2, 3, 3]))),
                cap=load0 + rng.choice([0, 1, 2, 2, 3, 3, 4]),
                load0=load0,
            )
        )
    groups = [
        SlotGroup(
            rng.choice([None, None, None, *departments]),
            tuple(sorted(rng.sample(skills, rng.choice([0, 0, 1, 1])))),
            rng.choice([1, 1, 2]),
        )
        for _ in range(3)
    ]
    tasks = [
        Task(f"T{number}", rng.choice(pools), tuple(dict.fromkeys(rng.choices(groups, k=rng.randint(1, 2)))))
        for number in range(rng.randint(1, 7))
    ]
    avoid = [(i.id, t.id) for i in inspectors for t in tasks if rng.random() < 0.12]
    return Instance(tasks, inspectors, avoid, rng.random() < 0.2, hex_digest(f"prefix {seed}"))


def may_serve(case: Instance, person: Inspector, task: Task, group: SlotGroup) -> bool:
    """The sentence of section 8 that begins "An inspector i may serve slot k of task t when"."""
    return (
        (person.pools is None or task.pool in person.pools)
        and (group.department is None or group.department == person.department)
        and all(skill in person.skills for skill in group.skills)
        and (person.id, task.id) not in case.avoid
        and not (case.cross_home and person.home_unit == task.pool)
    )


class Deal(NamedTuple):
    """What the pseudo-code leaves behind; slots count from 1."""

    lines: list[str]  # assignment.tsv
    unfilled: list[str]  # unfilled.tsv
    repairs: int


def deal1(case: Instance, task_prefix: str = PREFIX) -> Deal:
    """The pseudo-code of section 8, line by line, but searches walk everything and closures are joined afterwards."""
    person = {i.id: i for i in case.inspectors}
    load = {i.id: i.load0 for i in case.inspectors}
    cap = {i.id: i.cap for i in case.inspectors}
    tasks = {t.id: t for t in case.tasks}
    slots = {t.id: [g for g in t.groups for _ in range(g.places)] for t in case.tasks}
    order = sorted(tasks, key=lambda t: (hex_digest(f"{task_prefix}:{t}"), t))
    held: dict[tuple[str, int], list[Any]] = {}  # (t, k) -> [inspector, load, deck, kind]
    opened: list[tuple[str, int]] = []
    closures: list[tuple[set[str], set[str], set[str]]] = []  # open slots, all slots reached, full inspectors
    repairs = 0

    def deck(i: str) -> str:
        return hex_digest(f"{case.prefix}:{load[i]}:{i}")

    def may(t: str, k: int) -> list[str]:
        found = [i for i in person if may_serve(case, person[i], tasks[t], slots[t][k - 1])]
        return sorted(found, key=lambda i: (load[i], deck(i), i))

    def team(t: str) -> dict[str, int]:
        return {seat[0]: k for (own, k), seat in held.items() if own == t}

    for t in order:
        for k in range(1, len(slots[t]) + 1):
            fitting = [i for i in may(t, k) if i not in team(t) and load[i] < cap[i]]
            if not fitting:
                opened.append((t, k))
            else:
                held[t, k] = [fitting[0], load[fitting[0]], deck(fitting[0]), "deal"]
                load[fitting[0]] += 1
    for start in opened:
        queue, reached, full = [start], {start: None}, []
        came: dict[tuple[str, int], Any] = reached
        end = None
        while queue and end is None:
            t, k = queue.pop(0)
            for i in may(t, k):
                if i in team(t):
                    other = (t, team(t)[i])
                    if other not in came:
                        came[other] = ((t, k), i)
                        queue.append(other)
                    continue
                if i in full:
                    continue
                if load[i] < cap[i]:
                    end = ((t, k), i)
                    break
                full.append(i)
                mine = [place for place, seat in held.items() if seat[0] == i]
                for place in sorted(mine, key=lambda p: (order.index(p[0]), p[1])):
                    if place not in came:
                        came[place] = ((t, k), i)
                        queue.append(place)
        if end is None:
            own = ({f"{start[0]}:{start[1]}"}, {f"{t}:{k}" for t, k in came}, set(full))
            met = [c for c in closures if c[1] & own[1] or c[2] & own[2]]
            closures = [c for c in closures if c not in met]
            closures.append(
                (
                    own[0].union(*(c[0] for c in met)),
                    own[1].union(*(c[1] for c in met)),
                    own[2].union(*(c[2] for c in met)),
                )
            )
            continue
        repairs += 1
        step: Any = end
        changes = []
        while step is not None:
            changes.append((step[0], [step[1], load[step[1]], deck(step[1]), "repair"]))
            step = came[step[0]]
        held.update(changes)
        load[end[1]] += 1
    lines = [f"{t}\t{k}\t" + "\t".join(map(str, seat)) for (t, k), seat in held.items()]
    return Deal(sorted(lines), sorted(line for c in closures for line in closure_lines(*c)), repairs)


def closure_lines(opened: set[str], reached: set[str], full: set[str]) -> list[str]:
    """The lines of ``unfilled.tsv`` for one closure."""
    lines = [f"open\t{slot}" for slot in opened]
    lines += [f"reached\t{slot}" for slot in reached - opened]
    lines += [f"full\t{inspector}" for inspector in full]
    return [f"{min(opened)}\t{line}" for line in lines]


def most_slots(case: Instance) -> int:
    """How many slots can be filled at all: a maximum flow with one unit between a task and an inspector."""
    graph: Any = networkx.DiGraph()
    graph.add_nodes_from(["source", "sink"])
    for person in case.inspectors:
        graph.add_edge(("i", person.id), "sink", capacity=max(0, person.cap - person.load0))
    for task in case.tasks:
        for number, group in enumerate(task.slots()):
            graph.add_edge("source", ("s", task.id, number), capacity=1)
            for person in case.inspectors:
                if may_serve(case, person, task, group):
                    graph.add_edge(("s", task.id, number), ("ti", task.id, person.id), capacity=1)
                    graph.add_edge(("ti", task.id, person.id), ("i", person.id), capacity=1)
    return int(networkx.maximum_flow_value(graph, "source", "sink"))


# Selection --------------------------------------------------------------------------------------


def ticket_of(line: tuple[str, ...], prefix: str) -> str:
    """Section 7: the digest of the object, or half the unit's and half that of both."""
    if len(line) == 3:
        return hex_digest(f"{prefix}:{line[1]}")
    return hex_digest(f"{prefix}:{line[3]}")[:32] + hex_digest(f"{prefix}:{line[3]}:{line[1]}")[:32]


def draw_by_sorting(
    lines: Iterable[tuple[str, ...]], quotas: dict[str, tuple[int, int]], prefix: str, gone: Iterable[str] = ()
) -> tuple[list[tuple[str, int, str, str]], list[tuple[str, int, str, str]]]:
    """Section 7: sort each stratum by (ticket, object), take n, then the reserve."""
    selected, reserve = [], []
    for stratum in sorted(quotas):
        own = [line for line in lines if line[0] == stratum and line[1] not in gone]
        ranked = sorted((ticket_of(line, prefix), line[1]) for line in own)
        n, more = quotas[stratum]
        rows = [(stratum, rank, name, ticket) for rank, (ticket, name) in enumerate(ranked[: n + more], 1)]
        selected += rows[:n]
        reserve += rows[n:]
    return selected, reserve
