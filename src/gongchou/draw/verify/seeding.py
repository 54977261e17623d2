"""Checks 9 to 11: does the seed follow from what people gave and from a beacon nobody could bend?"""

from __future__ import annotations

from gongchou.draw.beacon import PUBLIC_CHAINS, Beacon, parse_beacon
from gongchou.draw.encoding import is_hash, parse_json, parse_time
from gongchou.draw.errors import EvidenceError, FormatError
from gongchou.draw.seed import (
    close_text,
    parse_values,
    party_commitment,
    seed_of,
    seed_text,
    strength_of,
)
from gongchou.draw.verify.case import Case
from gongchou.draw.verify.readings import check_readings


def check_close(case: Case) -> None:
    """Check 9: the close is the committed parameters and the reveals, the seed document the close and one line more."""
    sources = case.shared["seed"]
    seed_input = _text(case, "seed-input.txt")
    case.values = parse_values_of(seed_input, sources)
    expected = close_text(
        mode=case.shared["mode"],
        campaign=case.shared["campaign"],
        commitments={draw.id: draw.commit.body["commitment"] for draw in case.draws if draw.commit},
        sources=sources[:-1],
        values=case.values[:-1],
    )
    close = _text(case, "close.txt")
    if close != expected:
        raise EvidenceError("close_text", "close.txt", line=_first_difference(close, expected))
    if seed_input != seed_text(close, sources, case.values[-1]):
        raise EvidenceError("close_text", "seed-input.txt", line=_first_difference(seed_input, close))
    _check_reveals(case)
    check_readings(case)


def parse_values_of(document: str, sources: list[dict[str, object]]) -> list[str]:
    """The values of a seed document; wrong in number or place is ``close_text``, wrong in form ``value_invalid``."""
    values = parse_values(document, sources)
    if len(values) != len(sources):
        raise FormatError("close_text", "seed-input.txt", line=str(len(values) + 1))
    return values


def _text(case: Case, path: str) -> str:
    try:
        return case.text(path).decode("ascii")
    except UnicodeDecodeError as error:
        raise FormatError("close_text", path, line="") from error


def _first_difference(found: str, expected: str) -> str:
    ours, theirs = found.split("\n"), expected.split("\n")
    same = next((i for i, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), min(len(ours), len(theirs)))
    return f"{same + 1}: {ours[same][:100] if same < len(ours) else ''}"


def _check_reveals(case: Case) -> None:
    campaign, close = case.shared["campaign"], case.close()
    stated = {source["commitment"] for source in case.shared["seed"] if source["type"] == "cr"}
    revealed = {
        (entry.body["party"], entry.body["secret"])
        for entry in case.of_type("reveal")
        if entry.body["campaign"] == campaign and entry.index < close.index
        if party_commitment(campaign, entry.body["party"], entry.body["secret"]) in stated
    }
    for source, value in zip(case.shared["seed"], case.values, strict=True):
        if source["type"] != "cr":
            continue
        party = source["party"]
        if is_hash(value) and party_commitment(campaign, party, value) != source["commitment"]:
            raise EvidenceError("reveal_mismatch", "close.txt", party=party)
        is_told = any(other == party for other, _ in revealed) if value == "missing" else (party, value) not in revealed
        if is_told:
            raise EvidenceError("reveal_missing", "close.txt", party=party)
        if value == "missing":
            case.mark("reveal_missing", "amber", party=party)


def check_beacon(case: Case) -> bool:
    """Check 10: the beacon is the named round of the named chain, truly signed. False when it is no drand."""
    for draw in case.draws:
        if draw.params["not_before"] is not None:
            quoted = _read(case, "sources/not-before.json")
            _check_round(
                case,
                quoted,
                draw.params["not_before"],
                draw.params["not_before"]["signature"],
                "sources/not-before.json",
            )
    last = case.shared["seed"][-1]
    strength = strength_of(case.shared["seed"])
    if strength in "LN":
        case.mark("strength", "amber", strength=strength)
    if last["type"] != "drand":
        return False
    case.beacon = _read(case, "sources/drand.json")
    _check_round(case, case.beacon, last, case.values[-1], "sources/drand.json")
    due = case.beacon.chain.round_at(parse_time(case.shared["beacon_time"]))
    if due != last["round"]:
        raise EvidenceError("beacon_round", "params.json", stated=last["round"], computed=due)
    return True


def _read(case: Case, place: str) -> Beacon:
    return parse_beacon(parse_json(case.text(place), place), place)


def _check_round(case: Case, beacon: Beacon, stated: dict[str, object], signature: str, place: str) -> None:
    check_chain_hash(case, beacon, str(stated["chain"]), place)
    if beacon.round != stated["round"]:
        raise EvidenceError("beacon_round", place, stated=stated["round"], computed=beacon.round)
    if beacon.signature != signature:
        raise EvidenceError("beacon_signature", place, round=beacon.round)
    beacon.check(place)


def check_chain_hash(case: Case, beacon: Beacon, stated: str, place: str) -> None:
    """The chain is the stated one, and public or trusted. Raises ``chain_hash`` or ``chain_untrusted``."""
    if beacon.chain.hash != stated:
        raise EvidenceError("chain_hash", place, stated=stated, computed=beacon.chain.hash)
    if stated not in PUBLIC_CHAINS:
        if not case.is_trusted("drand", stated):
            raise EvidenceError("chain_untrusted", place, chain=stated)
        if case.options.trust is None:
            case.mark("private_chain", "amber", chain=stated)


def check_seed(case: Case) -> None:
    """Check 11: the logged seed is the hash of the seed document."""
    case.seed = seed_of(_text(case, "seed-input.txt"), case.shared["suite"])
    entry = case.only("seed", case.shared["authority"], campaign=case.shared["campaign"])
    if entry.body["seed"] != case.seed:
        raise EvidenceError("seed_mismatch", entry.place, stated=entry.body["seed"], computed=case.seed)
