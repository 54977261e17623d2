"""From a draft that an official writes to the parameters that are committed (spec section 4).

The draft says the rules; everything that can be counted or hashed is filled in here and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gongchou.draw.allocate import reserve_for
from gongchou.draw.beacon import PUBLIC_CHAINS
from gongchou.draw.encoding import Document, dump_json, parse_time
from gongchou.draw.errors import FormatError, RuleError
from gongchou.draw.frame import Digest
from gongchou.draw.params import computed_places, quotas, read_params

_DEFAULTS: Document = {
    "suite": "sha256",
    "mode": "official",
    "seq": 1,
    "supersedes": None,
    "parent": None,
    "hamilton": None,
    "matching": None,
    "lead_s": 600,
    "not_before": None,
    "ticket_scope": "campaign",
    "ticket_key": "object",
    "exclude_selected_of": [],
    "replacement": {},
    "reserve": {"num": 1, "den": 10},
    "witness_k": 2,
    "disclosure": {},
    "contacts": [],
}
_NEEDED = ("campaign", "draw", "authority", "plan", "strata", "seed", "closes_at", "beacon_time")
# A stratum is told in one of these ways; bounds go with a ratio only.
_WAYS = ({"weight"}, {"n"}, {"ratio", "num", "den", "round", "min", "max"})
_STRATUM_KEYS = {"ratio", "num", "den", "round", "min", "max", "n", "weight", "reserve"}


@dataclass(frozen=True)
class Frozen:
    """What was counted and hashed of the tables at the moment of commitment."""

    universe: Digest  # sha256 is of universe.json; size and root of the id list
    frame: Digest
    excluded: Digest
    by_reason: Mapping[str, int]
    strata: Mapping[str, int]  # stratum -> objects
    reasons_sha256: str
    rule_sha256: str
    sealed: bool
    key_commitment: str | None
    inspectors: Digest | None
    avoid: Digest | None
    software: Document


def freeze(draft: Document, frozen: Frozen) -> Document:
    """Fill the draft into parameters and check them as any reader will.

    Raises RuleError ``draft_key``, ``draft_missing``, ``stratum_empty``, ``stratum_without_ratio``,
    ``quota_above_pool``, ``ratio_invalid``; FormatError ``json_field``; whatever ``params.quotas`` raises.
    """
    _check_keys(draft)
    told = _DEFAULTS | draft
    params = {key: told[key] for key in _DEFAULTS.keys() | set(_NEEDED) if key not in ("reserve", "strata")}
    params |= _counted(frozen)
    params["v"] = "vdp1"
    params["seed"] = [_source(source, told["beacon_time"]) for source in told["seed"]]
    params["matching"] = _matching(told["matching"])
    params["replacement"] = _replacement(told)
    params["disclosure"] = _disclosure(told["disclosure"], sealed=frozen.sealed)
    params["strata"] = _strata(told["strata"], frozen.strata)
    for part, places in zip(params["strata"], _places(params), strict=True):
        part["n"] = places
        if part["reserve"] is None:
            part["reserve"] = reserve_for(part["size"], places, told["reserve"]["num"], told["reserve"]["den"])
    quotas(read_params(dump_json(params)))
    return params


def _check_keys(draft: Document) -> None:
    if not isinstance(draft, dict):
        raise RuleError("draft_missing", key="{}")
    for key in draft:
        if key not in _DEFAULTS and key not in _NEEDED:
            raise RuleError("draft_key", key=key)
    for key in _NEEDED:
        if key not in draft:
            raise RuleError("draft_missing", key=key)
    for key in ("strata", "replacement", "disclosure", "reserve"):
        if not isinstance(draft.get(key, {}), dict):
            raise RuleError("draft_type", key=key)
    for key, known in (("replacement", {"inspectors", "objects"}), ("reserve", {"num", "den"})):
        for odd in sorted(set(draft.get(key, {})) - known):
            raise RuleError("draft_key", key=f"{key}.{odd}")
    if not isinstance(draft["seed"], list):
        raise RuleError("draft_type", key="seed")


def _counted(frozen: Frozen) -> Document:
    return {
        "universe": frozen.universe.document(),
        "frame": frozen.frame.document() | {"sealed": frozen.sealed, "key_commitment": frozen.key_commitment},
        "excluded": frozen.excluded.document() | {"by_reason": dict(frozen.by_reason)},
        "rules": {"reason_codes_sha256": frozen.reasons_sha256, "strata_rule_sha256": frozen.rule_sha256},
        "inspectors": frozen.inspectors.document() if frozen.inspectors else None,
        "avoid": frozen.avoid.document() if frozen.avoid else None,
        "software": frozen.software,
    }


def _source(source: Any, beacon_time: str) -> Document:
    """A chain may be given by name, and its round by the beacon's time."""
    if not isinstance(source, dict) or source.get("type") != "drand":
        own: Document = source  # its shape is checked with all the rest
        return own
    names = {known.beacon_id: own for own, known in PUBLIC_CHAINS.items()}
    told = source.get("chain", "quicknet")
    chain = names.get(str(told), told)
    if "round" in source:
        return {"type": "drand", "chain": chain, "round": source["round"]}
    if str(chain) not in PUBLIC_CHAINS:
        raise RuleError("draft_missing", key="seed.round")
    return {"type": "drand", "chain": chain, "round": public_round(str(chain), beacon_time)}


def public_round(chain: str, beacon_time: str) -> int:
    """The round of a public chain that is due at a time. Raises FormatError ``time_invalid``."""
    return PUBLIC_CHAINS[chain].round_at(parse_time(beacon_time, "beacon_time"))


def _matching(told: Any) -> Document | None:
    if told is None:
        return None
    if not isinstance(told, dict) or not isinstance(told.get("slots"), list):
        raise RuleError("draft_missing", key="matching.slots")
    if not all(isinstance(slot, dict) for slot in told["slots"]):
        raise RuleError("draft_type", key="matching.slots")
    slots: list[Document] = [{"count": 1, "department": None, "skills": []} | slot for slot in told["slots"]]
    matching: Document = {"algo": "deal1", "cross_home": False, "load_rule": "zero"}
    found: Document = {**matching, **told, "slots": slots}
    return found


def _replacement(told: Document) -> Document:
    reserve: Document = {"reserve_num": told["reserve"].get("num"), "reserve_den": told["reserve"].get("den")}
    return {"objects": True, "inspectors": None, **told["replacement"], **reserve}


def _disclosure(told: Document, *, sealed: bool) -> Document:
    openness = "sealed" if sealed else "open"
    found: Document = {"after": None, "frame": openness, "selected": openness, "inspectors": "open"} | told
    if found["after"] is None and "sealed" in found.values():
        raise RuleError("disclosure_after", "draft")
    return found


def _strata(told: Document, sizes: Mapping[str, int]) -> list[Document]:
    for stratum in told:
        if stratum != "*" and stratum not in sizes:
            raise RuleError("stratum_empty", stratum=stratum, known="、".join(sorted(sizes)[:40]))
    return [_stratum(name, sizes[name], told.get(name, told.get("*"))) for name in sorted(sizes)]


def _stratum(name: str, size: int, told: Any) -> Document:
    if not isinstance(told, dict):
        raise RuleError("stratum_without_ratio", stratum=name)
    for key in set(told) - _STRATUM_KEYS:
        raise RuleError("draft_key", key=f"strata.{name}.{key}")
    if sum(bool(way & set(told)) for way in _WAYS) > 1:
        raise RuleError("stratum_ambiguous", stratum=name, keys="、".join(sorted(told)))
    part = {"id": name, "size": size, "max": None, "weight": None, "n": 0, "reserve": told.get("reserve")}
    if "weight" in told:
        return part | {"weight": told["weight"], "num": None, "den": None, "round": None, "min": None}
    if "n" in told:
        if not isinstance(told["n"], int) or told["n"] > size:
            raise RuleError("quota_above_pool", stratum=name, n=told["n"], size=size)
        return part | {"num": 0, "den": 1, "round": "ceil", "min": told["n"], "max": told["n"]}
    if "ratio" in told and {"num", "den"} & set(told):
        raise RuleError("stratum_ambiguous", stratum=name, keys="、".join(sorted(told)))
    num, den = parse_ratio(told["ratio"]) if "ratio" in told else (told.get("num"), told.get("den"))
    if num is None or den is None:
        raise RuleError("stratum_without_ratio", stratum=name)
    bounds = {"round": told.get("round", "ceil"), "min": told.get("min", 0), "max": told.get("max")}
    return part | {"num": num, "den": den} | bounds


def parse_ratio(text: str) -> tuple[int, int]:
    """``3%``, ``2.5%`` or ``1/30`` as two integers, exactly. Raises RuleError ``ratio_invalid``."""
    percent = re.fullmatch(r"([0-9]{1,3})(?:\.([0-9]{1,6}))?%", str(text))
    if percent:
        decimals = percent[2] or ""
        return int(percent[1] + decimals), 100 * 10 ** len(decimals)
    fraction = re.fullmatch(r"([0-9]{1,9})/([0-9]{1,9})", str(text))
    if not fraction:
        raise RuleError("ratio_invalid", text=text)
    return int(fraction[1]), int(fraction[2])


def _places(params: Document) -> list[int]:
    """n of each stratum. The shapes are checked first, with n and reserve not yet known."""
    trial = params | {"strata": [part | {"n": 0, "reserve": part["reserve"] or 0} for part in params["strata"]]}
    try:
        read_params(dump_json(trial))
    except (TypeError, ValueError) as error:
        raise FormatError("json_field", "draft", field="?", value=str(error)[:80]) from error
    places = computed_places(trial)
    return [places[part["id"]] for part in params["strata"]]
