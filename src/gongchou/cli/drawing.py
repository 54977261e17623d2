"""Verbs of the draw itself: seed, run."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from gongchou.cli.readings import check_as_read
from gongchou.cli.workspace import Draw, Workspace
from gongchou.draw.beacon import DEFAULT_CHAIN, QUICKNET, Beacon, parse_beacon
from gongchou.draw.bundle import digest_of
from gongchou.draw.encoding import Document, dump_json
from gongchou.draw.errors import EvidenceError, FormatError, RuleError
from gongchou.draw.frame import pools_of
from gongchou.draw.match import Match, match_draws
from gongchou.draw.params import quotas
from gongchou.draw.roster import (
    find_pool_conflict,
    read_roster,
)
from gongchou.draw.seed import parse_values, seed_of, seed_text
from gongchou.draw.select import Ranked, draw_stratum, write_ranked
from gongchou.draw.ticket import digests, prefix_of
from gongchou.folders import FileBlob, read_bytes, write_whole

# One stratum of one draw -> ranks 1 to n + reserve. The plain core's way; an engine may offer a faster one.
Selector = Callable[[Draw, str], Iterator[list[Ranked]]]


def quicknet_beacon(round_number: int, signature: str) -> Beacon:
    """A round of quicknet, whose chain information is public knowledge."""
    return Beacon(QUICKNET, round_number, signature, None)


def read_beacon(path: Path) -> Beacon:
    """A beacon file as carried in by anyone: ours, or what a relay of a public chain serves. Raises FormatError."""
    try:
        value = json.loads(read_bytes(path))
    except (ValueError, RecursionError) as error:
        raise FormatError("json_invalid", str(path), reason=str(error)[:80]) from error
    if not isinstance(value, dict):
        raise FormatError("json_field", str(path), field="")
    if "chain" not in value:
        value = _from_relay(value)
    return parse_beacon(value, str(path))


def _from_relay(served: Document) -> Document:
    """Round and signature as a relay gives them; the previous signature tells the chained public chain."""
    previous = served.get("previous_signature")
    chain = DEFAULT_CHAIN if previous is not None else QUICKNET
    return {
        "chain": asdict(chain),
        "previous_signature": previous,
        "round": served.get("round"),
        "signature": served.get("signature"),
    }


def make_seed(workspace: Workspace, *, value: str | None, beacon: Beacon | None) -> str:
    """Write ``seed-input.txt`` from the close and the last source's value; return the seed document.

    Raises RuleError ``not_closed``, ``value_needed``, ``reading_…``; EvidenceError for a wrong or unsigned beacon.
    """
    shared = workspace.shared()
    last = shared["seed"][-1]
    if not workspace.entries("close"):
        raise RuleError("not_closed", str(workspace.root))
    if beacon is not None:
        check_beacon(beacon, last)
        value = beacon.signature
    if value is None:
        raise RuleError("value_needed", number=len(shared["seed"]), type=last["type"])
    check_as_read(workspace, {"source": len(shared["seed"])}, value)
    text = seed_text(read_bytes(workspace.root / "close.txt").decode(), shared["seed"], value)
    if last["type"] == "drand" and beacon is None:
        beacon = quicknet_beacon(last["round"], value)
        check_beacon(beacon, last)
    if beacon is not None:
        write_whole(workspace.root / "sources" / "drand.json", dump_json(beacon.document()))
    write_whole(workspace.root / "seed-input.txt", text.encode())
    return text


def check_beacon(beacon: Beacon, source: Document) -> None:
    """Raises EvidenceError ``beacon_source``, ``chain_hash``, ``beacon_round`` or ``beacon_signature``."""
    if source["type"] != "drand":
        raise EvidenceError("beacon_source", "sources/drand.json", type=source["type"])
    if beacon.chain.hash != source["chain"]:
        raise EvidenceError("chain_hash", "sources/drand.json", stated=source["chain"], computed=beacon.chain.hash)
    if beacon.round != source["round"]:
        raise EvidenceError("beacon_round", "sources/drand.json", stated=source["round"], computed=beacon.round)
    beacon.check("sources/drand.json")


def run(
    workspace: Workspace,
    seed_input: Path | None,
    beacon: Beacon | None,
    at: int,
    selector: Selector | None = None,
) -> str:
    """Select and match from a closed workspace; log seed, result and match; return the seed (64 hex digits).

    The same close and beacon give the same bytes however often it runs; what is logged is logged once.
    Raises RuleError ``not_closed``, ``already_drawn``; EvidenceError ``seed_input``.
    """
    draws = workspace.draws()
    shared = draws[0].params
    if workspace.entries("match" if _matched(draws) else "result"):
        raise RuleError("already_drawn", str(workspace.root))
    workspace.office.check_time({draw.params["authority"] for draw in draws}, at)
    _check_unchanged(workspace, draws)
    text = _seed_document(workspace, seed_input, beacon)
    seed = seed_of(text, shared["suite"])
    selected = {draw.prefix: select_draw(workspace, draw, seed, selector) for draw in draws}
    if _matched(draws):
        found = match_selected(workspace.root, _matched(draws), selected, seed)
        write_whole(workspace.root / "assignment.tsv", found.assignment())
        write_whole(workspace.root / "unfilled.tsv", found.unfilled_table())
    _log_results(workspace, draws, seed, bool(_matched(draws)), at)
    return seed


def _check_unchanged(workspace: Workspace, draws: list[Draw]) -> None:
    """A table that was changed since the commit must not be drawn from: its result would be logged for ever.

    Raises EvidenceError ``digest_mismatch``.
    """
    for draw in draws:
        paths = {"frame": draw.path("frame.tsv"), "excluded": draw.path("excluded.tsv")}
        if draw.params["matching"] is not None:
            paths |= {name: workspace.root / f"{name}.tsv" for name in ("inspectors", "avoid")}
        for name, path in paths.items():
            if digest_of(FileBlob(path)) != draw.params[name]["sha256"]:
                raise EvidenceError("digest_mismatch", str(path))


def _matched(draws: list[Draw]) -> list[Draw]:
    return [draw for draw in draws if draw.params["matching"] is not None]


def _seed_document(workspace: Workspace, seed_input: Path | None, beacon: Beacon | None) -> str:
    """The seed document that was given, if it is the close and one valid line more."""
    shared = workspace.shared()
    if not workspace.entries("close"):
        raise RuleError("not_closed", str(workspace.root))
    path = seed_input or workspace.root / "seed-input.txt"
    if seed_input is None and not path.exists():
        raise RuleError("not_seeded", str(path))
    try:
        text = read_bytes(path).decode("ascii")
    except UnicodeDecodeError as error:
        raise EvidenceError("seed_input", str(path)) from error
    values = parse_values(text, shared["seed"])
    close = read_bytes(workspace.root / "close.txt").decode()
    if len(values) != len(shared["seed"]) or text != seed_text(close, shared["seed"], values[-1]):
        raise EvidenceError("seed_input", str(path))
    carried = workspace.root / "sources" / "drand.json"
    if shared["seed"][-1]["type"] == "drand" and beacon is None and carried.exists():
        beacon = read_beacon(carried)
    if beacon is not None and beacon.signature != values[-1]:
        raise EvidenceError("seed_input", str(path))
    return make_seed(workspace, value=values[-1], beacon=beacon)


def select_draw(workspace: Workspace, draw: Draw, seed: str, selector: Selector | None = None) -> list[str]:
    """Write ``selected.tsv`` and ``reserve.tsv`` of one draw; return the selected objects."""
    params = draw.params
    places = quotas(params)
    prefix = prefix_of(params, seed)
    strata = selector(draw, prefix) if selector else _plain(workspace, draw, prefix)
    selected: list[str] = []
    tables: dict[str, list[bytes]] = {"selected.tsv": [], "reserve.tsv": []}
    for ranked in strata:
        n = places[ranked[0].stratum].n if ranked else 0
        tables["selected.tsv"].append(write_ranked(ranked[:n]))
        tables["reserve.tsv"].append(write_ranked(ranked[n:]))
        selected += [row.object_id for row in ranked[:n]]
    for name, pieces in tables.items():
        write_whole(draw.path(name), pieces)
    return selected


def _plain(workspace: Workspace, draw: Draw, prefix: str) -> Iterator[list[Ranked]]:
    tickets = digests(prefix, draw.params["suite"])
    gone = earlier_selected(workspace, draw)
    frame, places = draw.frame(), quotas(draw.params)
    for stratum, part in sorted(draw.scan().strata.items()):
        yield list(draw_stratum(frame, stratum, (part.start, part.end), places[stratum], tickets, gone))


def earlier_selected(workspace: Workspace, draw: Draw) -> set[bytes]:
    """Objects of the draws that this one leaves out."""
    names = draw.params["exclude_selected_of"]
    tables = [read_bytes(other.path("selected.tsv")) for other in workspace.draws() if other.id in names]
    return {line.split(b"\t")[2] for table in tables for line in table.splitlines()}


def match_selected(root: Path, draws: list[Draw], selected: dict[str, list[str]], seed: str) -> Match:
    """Deal inspectors to the union of the selected objects. Raises EvidenceError ``pool_conflict``."""
    cross_home = draws[0].params["matching"]["cross_home"]
    roster = read_roster(read_bytes(root / "inspectors.tsv"), read_bytes(root / "avoid.tsv"), cross_home=cross_home)
    pools = [pools_of(draw.frame(), set(selected[draw.prefix])) for draw in draws]
    conflict = find_pool_conflict(pools)
    if conflict:
        raise EvidenceError("pool_conflict", "frame.tsv", object=conflict)
    return match_draws([(draw.params, own) for draw, own in zip(draws, pools, strict=True)], roster, seed)


def _log_results(workspace: Workspace, draws: list[Draw], seed: str, has_match: bool, at: int) -> None:
    """Log what is not logged yet, so that a run that was cut short can be run again."""
    shared, root = draws[0].params, workspace.root
    campaign, lead = shared["campaign"], shared["authority"]
    if not workspace.entries("seed"):
        files = {"seed-input.txt": read_bytes(root / "seed-input.txt")}
        workspace.record("seed", {"campaign": campaign, "seed": seed}, at, authority=lead, files=files)
    logged = {entry.body["draw"] for entry in workspace.entries("result")}
    for draw in draws:
        if draw.id not in logged:
            files = {draw.prefix + name: read_bytes(draw.path(name)) for name in ("reserve.tsv", "selected.tsv")}
            body = {"campaign": campaign, "draw": draw.id}
            workspace.record("result", body, at, authority=draw.params["authority"], files=files)
    if has_match:
        files = {name: read_bytes(root / name) for name in ("assignment.tsv", "unfilled.tsv")}
        workspace.record("match", {"campaign": campaign}, at, authority=lead, files=files)
