"""Receipts of section 12, made from a finished bundle."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from tests.verifier.making import pseudonym, salt
from tests.verifier.signing import inclusion, leaf_hash


def rows(data: bytes) -> list[list[str]]:
    return [line.split("\t") for line in data.decode().splitlines()]


def receipt(files: dict[str, bytes], real: str, sealed: bool = False) -> dict[str, Any]:
    """Return the receipt of one object of a single draw."""
    params = json.loads(files["params.json"])
    seed = hashlib.sha256(files["seed-input.txt"]).hexdigest()
    prefix = hashlib.sha256(f"vdp1 object\n{seed}\n".encode()).hexdigest()
    name = pseudonym(real) if sealed else real
    table = "frame" if any(row[1] == name for row in rows(files["frame.tsv"])) else "excluded"
    lines = files[f"{table}.tsv"].splitlines()
    index = next(i for i, line in enumerate(lines) if name.encode() in line.split(b"\t"))
    common = {
        "campaign": params["campaign"],
        "draw": params["draw"],
        "id": real,
        "index": index,
        "line": lines[index].decode(),
        "object": name,
        "pid_salt": salt(real) if sealed else None,
        "proof": [one.hex() for one in inclusion(index, [leaf_hash(line) for line in lines])],
        "root": params[table]["root"],
        "size": len(lines),
        "suite": "sha256",
        "table": table,
        "v": "vdp1",
    }
    if table == "excluded":
        return (
            common
            | dict.fromkeys(("cutoff", "n", "prefix", "rank", "selected", "stratum", "ticket"))
            | {"reason": lines[index].decode().split("\t")[1]}
        )
    return common | ranked(files, params, prefix, name) | {"prefix": prefix, "reason": None}


def ticket(prefix: str, object_id: str, unit: str | None = None) -> str:
    """The object's ticket; where there are units, half of it is the unit's."""
    own = hashlib.sha256(f"{prefix}:{object_id if unit is None else f'{unit}:{object_id}'}".encode()).hexdigest()
    return own if unit is None else hashlib.sha256(f"{prefix}:{unit}".encode()).hexdigest()[:32] + own[:32]


def ranked(files: dict[str, bytes], params: dict[str, Any], prefix: str, name: str) -> dict[str, Any]:
    """Return what only an object in the frame has."""
    frame = rows(files["frame.tsv"])
    stratum = next(row[0] for row in frame if row[1] == name)
    tickets = sorted((ticket(prefix, *row[1::2]), row[1]) for row in frame if row[0] == stratum)
    n = next(one["n"] for one in params["strata"] if one["id"] == stratum)
    rank = next(i for i, one in enumerate(tickets, start=1) if one[1] == name)
    return {
        "cutoff": " ".join(tickets[n - 1]) if n else None,
        "n": n,
        "rank": rank,
        "selected": rank <= n,
        "stratum": stratum,
        "ticket": tickets[rank - 1][0],
    }
