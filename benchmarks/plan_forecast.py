"""How fast a year's plans are forecast from a register as it stands, beside simulating them and beside no profiles.

    python -m benchmarks.plan_forecast [--subjects 120000] [--departments 35] [--lines 150] [--runs 5]
                                       [--simulations 20] [--json FILE]

A scratch database (SQLite, or the server of DATABASE_URL, in which the tables must be empty) gets a register of
invented subjects in ten districts and thirty sub-libraries; the plan has lines by sub-library, grade, kind, district
and industry. Measured are reading the register into profiles, the numbers and the forecast from these, and both.
Peers, in the same run for the same lines, each from the memberships that reading has left in memory:

  simulation   so many years drawn with numpy's random numbers, subject by subject, both ways, and counted
  no profiles  the closed forms themselves, computed for each subject by itself

How far the simulation is from the forecast is told with it.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SEED = 20_260_101


def set_up(home: Path, n_subjects: int) -> list[Any]:
    """An empty platform with a register; returns its sub-libraries."""
    os.environ.update(GONGCHOU_HOME=str(home), DJANGO_SETTINGS_MODULE="tests.settings")
    sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
    import django  # noqa: PLC0415 -- the environment is set above

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    from tests.factories.pools import make_city  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    return make_city(n_subjects)


def make_plan(libraries: list[Any], n_lines: int, n_departments: int) -> tuple[list[Any], dict[str, Any]]:
    """The pools of the lines, and what else a forecast needs of them."""
    from gongchou.accounts.models import Region  # noqa: PLC0415 -- needs Django, which set_up has started
    from gongchou.plans.pool import Pool  # noqa: PLC0415

    chance = Random(SEED)
    counties = [str(pk) for pk in Region.objects.filter(level="county").order_by("code").values_list("pk", flat=True)]
    pools = []
    for _ in range(n_lines):
        own: dict[str, Any] = {}
        if chance.random() < 0.8:
            own["libraries"] = tuple(str(one.pk) for one in chance.sample(libraries, chance.choice([1, 1, 2])))
        if chance.random() < 0.3:
            own["regions"] = (chance.choice(counties),)
        if chance.random() < 0.2:
            own["grades"] = ("C", "D")
        if chance.random() < 0.2:
            own["kinds"] = ("enterprise",)
        if chance.random() < 0.1:
            own["industries"] = tuple(chance.sample("FHILOPQ", 2))
        pools.append(Pool(**own))
    more = {
        "departments": [line % n_departments for line in range(n_lines)],
        "months": [[1 / 12] * 12] * n_lines,
        "rounds": [chance.choice([1, 1, 1, 2]) for _ in range(n_lines)],
    }
    return pools, more


def numbers_of(pool_sizes: Any) -> tuple[list[Any], list[Any]]:
    """Rules of 3 to 10 per cent, and what they draw of each pool."""
    from gongchou.plans.quota import Sizes, quota_of  # noqa: PLC0415
    from gongchou.registry.ratio import Flat, read_amount  # noqa: PLC0415

    chance = Random(SEED)
    rules = [Flat(read_amount(chance.choice(["不低于3%", "5%", "10%"]))) for _ in pool_sizes]
    return rules, [quota_of(rule, Sizes(int(size))) for rule, size in zip(rules, pool_sizes, strict=True)]


def timed(act: Callable[[], Any], runs: int) -> tuple[float, Any]:
    """Median of seconds after one run that does not count, and what came out."""
    act()
    seconds = []
    for _ in range(runs):
        started = time.perf_counter()
        found = act()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds), found


def rates_of(profiles: Any, rules: list[Any], quotas: list[Any]) -> Any:
    """The chance of each profile in a draw of each line."""
    import numpy as np  # noqa: PLC0415

    from gongchou.plans.chances import chances_of  # noqa: PLC0415

    lines = enumerate(zip(rules, quotas, strict=True))
    return np.concatenate([chances_of(rule, quota, profiles, line) for line, (rule, quota) in lines])


def simulate(members: Any, numbers: list[int], more: dict[str, Any], years: int) -> dict[str, float]:
    """Years drawn subject by subject, with the fixed numbers of the plan, both ways; means of what was counted."""
    import numpy as np  # noqa: PLC0415

    chance = np.random.default_rng(SEED)
    pools = [np.flatnonzero(members[:, line]) for line in range(members.shape[1])]
    departments, rounds = np.array(more["departments"]), np.array(more["rounds"])
    counted: dict[str, list[float]] = {"doors apart": [], "doors together": [], "joint apart": [], "joint together": []}
    for _ in range(years):
        for way in ("apart", "together"):
            doors, joint, tasks = np.zeros(len(members), bool), 0, 0
            for season in range(int(rounds.max())):
                own = chance.random(len(members))
                there = np.zeros((departments.max() + 1, len(members)), np.int16)
                for line in np.flatnonzero(rounds > season):
                    pool, n = pools[line], numbers[line]
                    if not n:
                        continue
                    keys = own[pool] if way == "together" else chance.random(len(pool))
                    there[departments[line], pool[np.argpartition(keys, n - 1)[:n]]] += 1
                n_tasks = there.sum(axis=0)
                doors |= n_tasks > 0
                joint += int(n_tasks[(there > 0).sum(axis=0) > 1].sum())
                tasks += int(n_tasks.sum())
            counted[f"doors {way}"].append(float(doors.sum()))
            counted[f"joint {way}"].append(joint / tasks)
    return {name: statistics.fmean(values) for name, values in counted.items()}


def compare(n_subjects: int, n_departments: int, n_lines: int, runs: int, simulations: int) -> dict[str, Any]:
    """Measure everything in a scratch home."""
    with tempfile.TemporaryDirectory(prefix="gongchou-forecast-") as name:
        libraries = set_up(Path(name), n_subjects)
        pools, more = make_plan(libraries, n_lines, n_departments)
        return measure(pools, more, runs, simulations)


def measure(pools: list[Any], more: dict[str, Any], runs: int, simulations: int) -> dict[str, Any]:
    """Ours and the peers, over the register as it stands."""
    import numpy as np  # noqa: PLC0415

    from gongchou.plans.forecast import forecast  # noqa: PLC0415
    from gongchou.plans.queries.profiles import Profiles, profiles_of  # noqa: PLC0415

    read_s, profiles = timed(lambda: profiles_of(pools), runs)

    def ours() -> Any:
        rules, quotas = numbers_of(profiles.pool_sizes)
        return forecast(profiles.sizes, rates_of(profiles, rules, quotas), **more)

    forecast_s, found = timed(ours, runs)
    alone = [np.repeat(told, profiles.sizes) for told in (profiles.grades, profiles.districts)]
    whole = np.repeat(profiles.members, profiles.sizes, axis=0)
    each = Profiles(np.ones(len(whole), int), tuple(alone[0].tolist()), tuple(alone[1].tolist()), whole)
    rules, quotas = numbers_of(profiles.pool_sizes)
    naive_s, same = timed(lambda: forecast(each.sizes, rates_of(each, rules, quotas), **more), 1)
    started = time.perf_counter()
    drawn = simulate(whole, [quota.n for quota in quotas], more, simulations)
    simulation_s = time.perf_counter() - started
    assert abs(same.apart.n_doors - found.apart.n_doors) < 1e-3
    expected = {
        "doors apart": found.apart.n_doors,
        "doors together": found.together.n_doors,
        "joint apart": found.apart.joint_share,
        "joint together": found.together.joint_share,
    }
    return {
        "n_subjects": len(whole), "n_lines": len(pools), "n_profiles": len(profiles.sizes),
        "read_s": read_s, "forecast_s": forecast_s, "total_s": read_s + forecast_s,
        "simulations": simulations, "simulation_s": simulation_s, "naive_s": naive_s,
        "expected": expected, "drawn": drawn,
    }  # fmt: skip


def table(found: dict[str, Any]) -> str:
    ours = found["forecast_s"]
    lines = [
        f"{found['n_subjects']:,} subjects, {found['n_lines']} lines, {found['n_profiles']:,} profiles",
        f"{'reading into profiles':<24} {found['read_s']:8.3f} s",
        f"{'forecast':<24} {ours:8.3f} s",
        f"{'in total':<24} {found['total_s']:8.3f} s",
    ]
    peers = {f"{found['simulations']} years simulated": "simulation_s", "no profiles": "naive_s"}
    for name, key in peers.items():
        lines.append(f"{name:<24} {found[key]:8.3f} s   {found[key] / ours:6.1f} x the forecast")
    for name, value in found["expected"].items():
        apart = found["drawn"][name] / value - 1 if value else 0.0
        lines.append(f"{name:<24} {value:12,.3f}   simulated {found['drawn'][name]:12,.3f} ({apart:+.2%})")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.plan_forecast", description="How fast a year is forecast.")
    parser.add_argument("--subjects", type=int, default=120_000)
    parser.add_argument("--departments", type=int, default=35)
    parser.add_argument("--lines", type=int, default=150)
    parser.add_argument("--runs", type=int, default=5, help="timed runs of each (5)")
    parser.add_argument("--simulations", type=int, default=20, help="years to draw (20)")
    parser.add_argument("--json", type=Path, help="write the figures there")
    asked = parser.parse_args(arguments)
    found = compare(asked.subjects, asked.departments, asked.lines, asked.runs, asked.simulations)
    print(table(found))
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
