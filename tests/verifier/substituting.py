"""Who comes in when an inspector drops out: section 10 of the specification, written down once more."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.verifier.making import Wish


def _rows(data: bytes) -> list[list[str]]:
    return [line.split("\t") for line in data.decode().splitlines()]


def request(nonce: str, object_id: str, slot: str, out: str) -> str:
    """All that the entry says of a request until its row is published."""
    return hashlib.sha256(f"vdp1 request\n{nonce}\n{object_id}\n{slot}\n{out}\n".encode()).hexdigest()


def pick(files: dict[str, bytes], at: str, event: int, taken: list[str], value: str, wish: Wish) -> list[Any]:
    """Return inspector, load and deck for the reopened slot, or three dashes."""

    def digest(text: str) -> str:
        return hashlib.new(wish.suite, text.encode()).hexdigest()

    domain = "vdp1-test" if wish.mode == "test" else "vdp1"
    seed = hashlib.new(wish.suite, files["seed-input.txt"]).hexdigest()
    event_seed = digest(f"{domain} event\n{event}\n{seed}\n{value}\n")
    prefix = digest(f"{domain} inspector\n{event_seed}\n")
    task, slot, out = taken[:3]
    pool = next(row[2] for row in _rows(files[f"{at}frame.tsv"]) if row[1] == task)
    group = json.loads(files[f"{at}params.json"])["matching"]["slots"][int(slot) - 1]
    assigned = _rows(files["assignment.tsv"])
    team = {row[2] for row in assigned if row[0] == task}
    avoided = {tuple(row) for row in _rows(files["avoid.tsv"])}
    found = []
    for name, department, home, pools, skills, cap, load0 in _rows(files["inspectors.tsv"]):
        load = int(load0) + sum(row[2] == name for row in assigned)
        fits = (
            (pools == "*" or pool in pools.split(","))
            and group["department"] in (None, department)
            and set(group["skills"]) <= set(skills.split(","))
            and home != pool
            and (name, task) not in avoided
        )
        if fits and name != out and name not in team and load < int(cap):
            found.append((load, digest(f"{prefix}:{load}:{name}"), name))
    if not found:
        return ["-", "-", "-"]
    load, deck, name = min(found)
    return [name, load, deck]
