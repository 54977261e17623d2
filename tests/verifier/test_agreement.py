"""Two implementations that share no code draw and match random inputs alike, byte for byte."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from gongchou.draw.frame import scan_frame
from gongchou.draw.match import match
from gongchou.draw.roster import Roster, groups_of, read_avoid, read_inspectors, tasks_for
from gongchou.draw.seed import seed_of
from gongchou.draw.select import Quota, Ranked, select_frame, write_ranked
from gongchou.draw.table import Bytes, write_table
from gongchou.draw.ticket import digests, inspector_prefix, object_prefix, task_prefix

pytestmark = pytest.mark.browser

N_CASES = 240
SKILLS = ("fire", "food", "lead")
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ._-"


def random_id(chance: random.Random) -> str:
    """Any id the grammar allows, short ones and prefixes of each other more often."""
    return chance.choice(LETTERS[:36]) + "".join(chance.choices(LETTERS, k=chance.choice((0, 1, 2, 17, 53))))


def random_frame(chance: random.Random, ids: list[str], pools: dict[str, str], *, with_unit: bool) -> bytes:
    """A frame over some of the ids."""
    strata = [random_id(chance) for _ in range(chance.randint(1, 6))]
    chosen = chance.sample(ids, chance.randint(1, len(ids)))
    units = [f"U{n}" for n in range(max(1, len(chosen) // 2))]
    rows = [(chance.choice(strata), i, pools[i], *([chance.choice(units)] if with_unit else [])) for i in chosen]
    return write_table(rows)


def random_params(chance: random.Random, number: int, frame: bytes, shared: dict[str, Any]) -> dict[str, Any]:
    """Parameters as far as the draw itself reads them."""
    with_unit = shared["ticket_key"] == "unit"
    strata = []
    for name, part in scan_frame(Bytes(frame), with_unit=with_unit).strata.items():
        n = chance.choice((0, 1, part.size, chance.randint(0, part.size)))
        strata.append({"id": name, "size": part.size, "n": n, "reserve": chance.randint(0, part.size - n)})
    scope = chance.choice(("campaign", "draw"))
    earlier = [f"D{k}" for k in range(1, number)] if scope == "draw" and chance.random() < 0.7 else []
    slots = [
        {
            "count": chance.randint(1, 2),
            "department": chance.choice((None, "A", "B")),
            "skills": sorted(chance.sample(SKILLS, chance.randint(0, 2))),
        }
        for _ in range(chance.randint(1, 3))
    ]
    matching = {"algo": "deal1", "cross_home": shared["cross_home"], "load_rule": "", "slots": slots}
    own = {key: shared[key] for key in ("suite", "mode", "ticket_key", "campaign")}
    return own | {
        "draw": f"D{number}",
        "seq": number,
        "strata": strata,
        "ticket_scope": scope,
        "exclude_selected_of": earlier,
        "matching": matching if chance.random() < 0.8 else None,
    }


def random_people(chance: random.Random, ids: list[str]) -> tuple[bytes, bytes]:
    """Inspectors, scarce enough that repairs and unfilled slots happen, and recusals."""
    names = [f"I{n:02}" for n in range(chance.randint(1, 14))]
    rows = []
    for name in names:
        pools = chance.choice(("*", "P1", "P1,P2", "P2,P3", "P3"))
        skills = ",".join(sorted(chance.sample(SKILLS, chance.randint(0, 3)))) or "-"
        home, cap = chance.choice(("P1", "P2", "P3")), chance.randint(0, 6)
        rows.append((name, chance.choice("AB"), home, pools, skills, cap, chance.randint(0, 2)))
    pairs = {(chance.choice(names), chance.choice(ids)) for _ in range(chance.randint(0, 12))}
    return write_table(rows), write_table(pairs)


def random_case(number: int) -> dict[str, Any]:
    """One campaign of one to three draws."""
    chance = random.Random(number)
    ids = sorted({random_id(chance) for _ in range(chance.choice((1, 2, 12, 60)))})
    pools = {i: chance.choice(("P1", "P2", "P3")) for i in ids}
    shared = {
        "campaign": "C",
        "suite": chance.choice(("sha256", "sha256", "sm3")),
        "mode": chance.choice(("official", "test")),
        "ticket_key": chance.choice(("object", "object", "unit")),
        "cross_home": chance.random() < 0.3,
    }
    frames = []
    for k in range(1, chance.randint(1, 3) + 1):
        frame = random_frame(chance, ids, pools, with_unit=shared["ticket_key"] == "unit")
        frames.append({"params": random_params(chance, k, frame, shared), "frame": frame.decode()})
    inspectors, avoid = random_people(chance, ids)
    return {
        "frames": frames,
        "seedInput": f"vdp1 seed\ncampaign C\nsource 1 digits {number}\n",
        "inspectors": inspectors.decode(),
        "avoid": avoid.decode(),
    }


def computed_here(case: dict[str, Any]) -> dict[str, Any]:
    """What the core makes of a case, in the form the page gives."""
    first = case["frames"][0]["params"]
    mode, suite = first["mode"], first["suite"]
    seed = seed_of(case["seedInput"], suite)
    drawn: dict[str, list[Ranked]] = {}
    found: dict[str, Any] = {"seed": seed, "draws": {}, "assignment": None, "unfilled": None}
    samples = []
    for given in case["frames"]:
        params, frame = given["params"], Bytes(given["frame"].encode())
        scan = scan_frame(frame, with_unit=params["ticket_key"] == "unit")
        scope = params["draw"] if params["ticket_scope"] == "draw" else None
        tickets = digests(object_prefix(seed, mode=mode, suite=suite, draw=scope), suite)
        gone = {row.object_id.encode() for name in params["exclude_selected_of"] for row in drawn[name]}
        quotas = {part["id"]: Quota(part["size"], part["n"], part["reserve"]) for part in params["strata"]}
        selected, reserve = select_frame(frame, scan.spans(), quotas, tickets, gone)
        drawn[params["draw"]] = selected
        tables = {"selected": write_ranked(selected).decode(), "reserve": write_ranked(reserve).decode()}
        found["draws"][params["draw"]] = tables
        pools = {line.split("\t")[1]: line.split("\t")[2] for line in given["frame"].splitlines()}
        if params["matching"]:
            samples.append((groups_of(params["matching"]), {row.object_id: pools[row.object_id] for row in selected}))
    return found | (matched_here(case, samples, seed, mode, suite) if samples else {})


def matched_here(case: dict[str, Any], samples: list[Any], seed: str, mode: str, suite: str) -> dict[str, str]:
    """The match of a case."""
    inspectors = read_inspectors(case["inspectors"].encode())
    first = next(given["params"]["matching"] for given in case["frames"] if given["params"]["matching"])
    roster = Roster(inspectors, read_avoid(case["avoid"].encode(), inspectors), cross_home=first["cross_home"])
    outcome = match(
        tasks_for(samples),
        roster,
        task_prefix=task_prefix(seed, mode=mode, suite=suite),
        inspector_prefix=inspector_prefix(seed, mode=mode, suite=suite),
        suite=suite,
    )
    return {"assignment": outcome.assignment().decode(), "unfilled": outcome.unfilled_table().decode()}


def test_python_and_javascript_agree_on_random_campaigns(drawn: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    cases = [random_case(number) for number in range(N_CASES)]

    differing = [number for number, case in enumerate(cases) if drawn(case) != computed_here(case)]

    assert differing == []


def test_the_random_campaigns_hold_what_could_differ() -> None:
    outcomes = [computed_here(random_case(number)) for number in range(N_CASES)]

    matched = [outcome for outcome in outcomes if outcome["assignment"]]

    assert sum("repair" in outcome["assignment"] for outcome in matched) > 10
    assert sum(bool(outcome["unfilled"]) for outcome in matched) > 10
    assert sum(len(outcome["draws"]) > 1 for outcome in outcomes) > 50
