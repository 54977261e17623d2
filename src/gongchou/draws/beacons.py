"""The signed round that comes last: which chain, fetched from a relay or carried in as a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, build_opener

from django.conf import settings

from gongchou.audit.apps import keys_folder
from gongchou.draw.beacon import PUBLIC_CHAINS, Beacon, Chain, parse_beacon
from gongchou.draw.encoding import Document
from gongchou.draw.errors import DrawError
from gongchou.draw.sentences import sentence
from gongchou.refusal import Refused
from gongchou.refusal import sentence as sentence_of

WAIT_S = 10
LARGEST = 1 << 16  # bytes of a beacon file
FOLDER = "chains"


def private_chains() -> dict[str, Chain]:
    """Hash -> chain of the networks whose public information lies in the folder of keys (profile P)."""
    found: dict[str, Chain] = {}
    for path in sorted((keys_folder() / FOLDER).glob("*.json")):
        chain = _chain(path)
        found[chain.hash] = chain
    return found


def _chain(path: Path) -> Chain:
    try:
        return Chain(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise Refused("draws.chain_unreadable", file=path.name) from error


def known_chains() -> dict[str, Chain]:
    """Hash -> chain, public and private."""
    return {**PUBLIC_CHAINS, **private_chains()}


def chain_of(source: Mapping[str, Any]) -> Chain:
    """The chain of a source. Raises Refused ``draws.chain_unknown``."""
    chain = known_chains().get(source["chain"])
    if chain is None:
        raise Refused("draws.chain_unknown", chain=source["chain"][:16])
    return chain


def chain_name(chain: Chain) -> str:
    """What a chain is called on pages."""
    return f"drand {chain.beacon_id}" if chain.hash in PUBLIC_CHAINS else f"自建信标 {chain.beacon_id}"


def source_of(chain: Chain, beacon_at: datetime) -> Document:
    """The last source of a batch: the round that is due at a time."""
    return {"chain": chain.hash, "round": chain.round_at(int(beacon_at.timestamp())), "type": "drand"}


def due_at(source: Mapping[str, Any]) -> datetime | None:
    """When a round is signed; None for a chain that nobody here knows any more."""
    chain = known_chains().get(source["chain"])
    return datetime.fromtimestamp(chain.time_of(source["round"]), UTC) if chain else None


def check_beacon(beacon: Beacon, source: Mapping[str, Any]) -> None:
    """Raises Refused ``draws.beacon_chain``, ``draws.beacon_round``, ``draws.beacon_forged``."""
    if beacon.chain.hash != source["chain"]:
        raise Refused("draws.beacon_chain", found=beacon.chain.hash[:16], wanted=source["chain"][:16])
    if beacon.round != source["round"]:
        raise Refused("draws.beacon_round", found=beacon.round, wanted=source["round"])
    try:
        beacon.check("sources/drand.json")
    except DrawError as error:
        raise Refused("draws.beacon_forged", told=sentence(error.code, error.facts).rstrip("。")) from error


def read_beacon(data: bytes, source: Mapping[str, Any]) -> Beacon:
    """A beacon file as carried in by anyone: ours, or what a relay serves. Raises Refused ``draws.beacon_file``."""
    try:
        value = json.loads(data)
        told = value if "chain" in value else _from_relay(value, source)
        return parse_beacon(told, "")
    except (ValueError, RecursionError, TypeError, KeyError, DrawError) as error:
        raise Refused("draws.beacon_file") from error


def _from_relay(served: Document, source: Mapping[str, Any]) -> Document:
    """Round and signature as a relay gives them, of the chain that was promised."""
    chain = known_chains()[source["chain"]]
    is_chained = chain.scheme == "pedersen-bls-chained"
    return {
        "chain": asdict(chain),
        "previous_signature": served.get("previous_signature") if is_chained else None,
        "round": served["round"],
        "signature": served["signature"],
    }


def bring(source: Mapping[str, Any], data: bytes | None) -> Beacon:
    """From a file that somebody carried in, or else from a relay. Raises Refused as ``read_beacon`` and ``fetch``."""
    return read_beacon(data, source) if data else fetch(source)


def fetch(source: Mapping[str, Any]) -> Beacon:
    """Ask the relays that this installation is told of, one after another.

    Raises Refused ``draws.no_relay``, or ``draws.beacon_unreachable`` with what the last one said.
    """
    relays: list[str] = settings.BEACON_RELAYS
    if not relays:
        raise Refused("draws.no_relay")
    told = ""
    for relay in relays:
        try:
            return _ask(relay, source)
        except (OSError, HTTPException, ValueError, Refused) as error:
            told = _why_not(error)
    raise Refused("draws.beacon_unreachable", round=source["round"], cause=told)


def _why_not(error: Exception) -> str:
    match error:
        case Refused():
            return sentence_of(error).rstrip("。")
        case HTTPError():
            return f"中继还没有这一轮或不认识这个网络，HTTP {error.code}"
        case TimeoutError() | URLError(reason=TimeoutError()):
            return f"中继 {WAIT_S} 秒内没有答完"
        case OSError():
            return "连接不上中继"
    return "中继地址不对，或它的回答不成样子"


def _ask(relay: str, source: Mapping[str, Any]) -> Beacon:
    address = f"{relay.rstrip('/')}/{source['chain']}/public/{source['round']}"
    if urlsplit(address).scheme not in ("http", "https"):
        raise ValueError(relay)
    request = Request(address, headers={"Accept": "application/json"})  # noqa: S310 -- the scheme was looked at
    with build_opener().open(request, timeout=WAIT_S) as answer:
        data = _read(answer)
    beacon = read_beacon(data, source)
    check_beacon(beacon, source)
    return beacon


def _read(answer: HTTPResponse) -> bytes:
    """What a relay answers, no more than a beacon can be, in no more time than anybody waits: the timeout of a
    connection is for each piece, and a piece may be a byte.
    """
    data, until = b"", monotonic() + WAIT_S
    while len(data) < LARGEST and (piece := answer.read1(LARGEST - len(data))):
        data += piece
        if monotonic() > until:
            raise TimeoutError
    return data
