"""How fast inspectors are matched to objects, and how well.

    python -m benchmarks.match [--objects 10000,100000] [--uneven 1.2] [--runs 3] [--json FILE]

Two inspectors for each object, one of whom has the skill of its trade; a tenth as many inspectors (a fifth up to
10,000 objects), each in one or two of 100 districts; a fifth of the objects have inspectors to avoid. Caps differ and
leave two per cent more places than are needed, so the deal alone gets stuck and the repair has work to do. Districts
have equally many inspectors but not objects; the more uneven, the more slots nobody can fill, and each of these
costs a search through everything.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from gongchou.draw.match import Match, match
from gongchou.draw.roster import Inspector, Roster, SlotGroup, Task

TASK_PREFIX, INSPECTOR_PREFIX = "0123456789abcdef" * 4, "fedcba9876543210" * 4
SKILLS = ("food", "fire", "special-equipment", "measuring")
GROUPS = {skill: (SlotGroup(None, (skill,), 1), SlotGroup(None, (), 1)) for skill in SKILLS}
N_POOLS = 100
SEED = 20_240_601


@dataclass(frozen=True)
class Case:
    """Everything a match needs, made by a seeded rule."""

    tasks: list[Task]
    inspectors: list[Inspector]
    avoid: list[tuple[str, str]]


@dataclass(frozen=True)
class Result:
    """Seconds of each run, and what came out."""

    n_objects: int
    n_inspectors: int
    match_s: float
    matches_s: list[float]
    n_repaired: int
    n_unfilled: int
    least_load: int
    largest_load: int
    digest: str
    peak_mib: float


def make_case(n_objects: int, n_inspectors: int, uneven: float) -> Case:
    """Districts with up to ``uneven`` times as many objects as the least; inspectors with one of four skills."""
    chance = random.Random(SEED)
    share = 2 * n_objects // n_inspectors
    caps = (share // 2, share, share + share // 2 + 1)
    inspectors = [_make_inspector(chance, number, chance.choice(caps)) for number in range(n_inspectors)]
    by_pool: dict[str, list[str]] = {}
    for inspector in inspectors:
        for pool in sorted(inspector.pools or ()):
            by_pool.setdefault(pool, []).append(inspector.id)
    weights = [chance.uniform(1, uneven) for _ in range(N_POOLS)]
    pools = chance.choices([f"P{number:02d}" for number in range(N_POOLS)], weights, k=n_objects)
    tasks = [Task(f"91370{n:013d}", pool, GROUPS[chance.choice(SKILLS)]) for n, pool in enumerate(pools)]
    avoid = {
        (inspector, task.id)
        for task in tasks
        if chance.random() < 0.2
        for inspector in chance.sample(by_pool[task.pool], 2)
    }
    return Case(tasks, inspectors, sorted(avoid))


def _make_inspector(chance: random.Random, number: int, cap: int) -> Inspector:
    # The first district goes round, so that none is without inspectors.
    pools = {f"P{number % N_POOLS:02d}"}
    if chance.random() < 0.3:
        pools.add(f"P{chance.randrange(N_POOLS):02d}")
    skills = frozenset({chance.choice(SKILLS)})
    return Inspector(f"I{number:05d}", "SCJ", f"U{number % N_POOLS:02d}", frozenset(pools), skills, cap, 0)


def measure(n_objects: int, n_inspectors: int, uneven: float, runs: int) -> Result:
    """Match the same case ``runs`` times."""
    case = make_case(n_objects, n_inspectors, uneven)
    matches_s = []
    for _ in range(runs):
        started = time.perf_counter()
        roster = Roster(case.inspectors, case.avoid, cross_home=False)
        found = match(case.tasks, roster, task_prefix=TASK_PREFIX, inspector_prefix=INSPECTOR_PREFIX)
        matches_s.append(time.perf_counter() - started)
    return _result(found, matches_s)


def _result(found: Match, matches_s: list[float]) -> Result:
    return Result(
        n_objects=len(found.tasks),
        n_inspectors=len(found.load),
        match_s=statistics.median(matches_s),
        matches_s=matches_s,
        n_repaired=Counter(seat.kind for seat in found.seats.values())["repair"],
        n_unfilled=found.n_unfilled,
        least_load=min(found.load.values()),
        largest_load=max(found.load.values()),
        digest=sha256(found.assignment()).hexdigest(),
        peak_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )


def table(results: list[Result]) -> str:
    lines = [
        f"{'objects':>9} {'inspectors':>10} {'seconds':>8} {'repaired':>8} {'unfilled':>8} {'loads':>9} {'peak MiB':>8}"
    ]
    for each in results:
        loads = f"{each.least_load} to {each.largest_load}"
        lines.append(
            f"{each.n_objects:>9,} {each.n_inspectors:>10,} {each.match_s:8.2f} {each.n_repaired:>8,}"
            f" {each.n_unfilled:>8,} {loads:>9} {each.peak_mib:>8,.0f}"
        )
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.match", description="How fast inspectors are matched.")
    parser.add_argument("--objects", default="10000,100000", help="numbers of objects (10000,100000)")
    parser.add_argument(
        "--uneven", type=float, default=1.2, help="objects of the fullest district to the emptiest (1.2)"
    )
    parser.add_argument("--runs", type=int, default=3, help="timed matches of each (3)")
    parser.add_argument("--json", type=Path, help="write the figures there")
    asked = parser.parse_args(arguments)
    sizes = [int(text) for text in asked.objects.split(",")]
    results = [measure(size, size // (5 if size <= 10_000 else 10), asked.uneven, asked.runs) for size in sorted(sizes)]
    print(table(results))
    if asked.json:
        asked.json.write_text(json.dumps([asdict(each) for each in results], indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
