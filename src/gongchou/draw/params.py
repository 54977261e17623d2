"""The documents of a draw and their shapes: parameters, universe, reasons (spec sections 3 and 4).

A shape is a function that takes a value and its place in the document and returns nothing or raises
FormatError ``json_field``. Shapes make one table, so that the text of the specification can be read beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from gongchou.draw import allocate
from gongchou.draw.beacon import LAST_ROUND
from gongchou.draw.encoding import (
    CODE,
    LARGEST,
    SKILL,
    Document,
    hasher,
    is_hash,
    is_id,
    parse_json,
    parse_time,
)
from gongchou.draw.errors import DrawError, EvidenceError, FormatError, RuleError
from gongchou.draw.seed import check_sources
from gongchou.draw.select import Quota

Shape = Callable[[Any, str], None]

LEAST_LEAD_S = 600


def _wrong(path: str, value: object) -> FormatError:
    return FormatError("json_field", field=path, value=str(value)[:80])


def _that(holds: Callable[[Any], bool]) -> Shape:
    def shape(value: Any, path: str) -> None:
        if not holds(value):
            raise _wrong(path, value)

    return shape


def record(**fields: Shape) -> Shape:
    """An object with exactly these keys."""

    def shape(value: Any, path: str) -> None:
        if not isinstance(value, dict):
            raise _wrong(path, value)
        odd = set(value) ^ set(fields)
        if odd:
            raise _wrong(f"{path}.{min(odd)}".lstrip("."), "missing" if min(odd) in fields else "unknown")
        for key, field in fields.items():
            field(value[key], f"{path}.{key}".lstrip("."))

    return shape


def array(item: Shape, *, least: int = 0, most: int = LARGEST) -> Shape:
    """A list of ``least`` to ``most`` items of one shape."""

    def shape(value: Any, path: str) -> None:
        if not isinstance(value, list) or not least <= len(value) <= most:
            raise _wrong(path, value)
        for number, part in enumerate(value):
            item(part, f"{path}[{number}]")

    return shape


def mapping(key: str, item: Shape) -> Shape:
    """An object whose keys match a pattern and whose values have one shape."""

    def shape(value: Any, path: str) -> None:
        if not isinstance(value, dict):
            raise _wrong(path, value)
        for name, part in value.items():
            if not re.fullmatch(key, name):
                raise _wrong(f"{path}.{name}", name)
            item(part, f"{path}.{name}")

    return shape


def tagged(tag: str, **kinds: Shape) -> Shape:
    """An object whose shape depends on one of its keys."""

    def shape(value: Any, path: str) -> None:
        kind = value.get(tag) if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in kinds:
            raise _wrong(f"{path}.{tag}", kind)
        kinds[kind](value, path)

    return shape


def nullable(inner: Shape) -> Shape:
    """Null or the given shape."""

    def shape(value: Any, path: str) -> None:
        if value is not None:
            inner(value, path)

    return shape


def integer(least: int = 0, most: int = LARGEST) -> Shape:
    """An integer within bounds; a boolean is none."""
    return _that(lambda value: type(value) is int and least <= value <= most)


def one_of(*choices: str) -> Shape:
    """One of these texts."""
    return _that(lambda value: isinstance(value, str) and value in choices)


def matching(pattern: str) -> Shape:
    """A text that matches a pattern whole."""
    return _that(lambda value: isinstance(value, str) and re.fullmatch(pattern, value, re.ASCII) is not None)


def _moment(value: Any, path: str) -> None:
    try:
        parse_time(value)
    except FormatError as error:
        raise _wrong(path, value) from error


def _rising(value: list[str]) -> bool:
    return all(a < b for a, b in pairwise(value))


# What a text may hold (spec 1.7). Nothing here is invisible, combines or has a second form, and no version of Unicode
# decides: two plans could look like one otherwise, or one reader refuse what another takes.
_SEEN = re.compile(
    r"[\u0020-\u007e\u00a1-\u00ac\u00ae-\u024f\u2010\u2012-\u2027\u2030-\u205e\u20a0-\u20bf\u2100-\u2125\u2127-\u2129"
    r"\u212c-\u218b\u2190-\u2328\u232b-\u23ff\u2460-\u27bf\u3001-\u3029\u3030-\u303f\u3041-\u3096\u309b-\u30ff\u3105-\u312f"
    r"\u3200-\u4dbf\u4e00-\u9fff\uff01-\uff5e\uffe0-\uffe6\U00020000-\U0002f7ff\U00030000-\U000323af]*"
)


def is_text(value: object) -> bool:
    """Tell whether a value is text of characters that everybody sees, and sees alike."""
    return isinstance(value, str) and _SEEN.fullmatch(value) is not None


TEXT = _that(is_text)
PLAN = _that(lambda value: is_text(value) and 1 <= len(value) <= 200 and value == value.strip())
FLAG = _that(lambda value: type(value) is bool)
IDENTIFIER = _that(lambda value: isinstance(value, str) and is_id(value))
HASH = _that(is_hash)
MOMENT: Shape = _moment
SIGNATURE = matching(r"[0-9a-f]{96}|[0-9a-f]{192}")
DIGEST = record(root=HASH, sha256=HASH, size=integer())
OPENNESS = one_of("open", "sealed")
ROUND = integer(1, LAST_ROUND)

_LOTTERY_FIELDS = record(
    count=integer(1, 99), max=integer(0, 99), min=integer(0, 99), rule=one_of("ascending", "ordered")
)


def _lottery_group(value: Any, path: str) -> None:
    _LOTTERY_FIELDS(value, path)
    if value["min"] > value["max"]:
        raise _wrong(f"{path}.min", value["min"])


_LOTTERY_GROUP: Shape = _lottery_group
GROUPS = array(_LOTTERY_GROUP, least=1, most=10)
SOURCE = tagged(
    "type",
    cr=record(commitment=HASH, party=IDENTIFIER, type=TEXT),
    digits=record(n=integer(1, 200), type=TEXT),
    lottery=record(game=IDENTIFIER, groups=GROUPS, issue=matching(r"[0-9]{1,20}"), type=TEXT),
    drand=record(chain=HASH, round=ROUND, type=TEXT),
)
LATER_SOURCE = tagged(
    "type",
    digits=record(n=integer(1, 200), type=TEXT),
    lottery=record(game=IDENTIFIER, groups=GROUPS, type=TEXT),
    drand=record(chain=HASH, type=TEXT),
)
STRATUM = record(
    den=nullable(integer()),
    id=IDENTIFIER,
    max=nullable(integer()),
    min=nullable(integer()),
    n=integer(),
    num=nullable(integer()),
    reserve=integer(),
    round=nullable(one_of("ceil", "floor")),
    size=integer(1),
    weight=nullable(integer()),
)
SLOT_GROUP = record(
    count=integer(1, 20),
    department=nullable(IDENTIFIER),
    skills=array(matching(SKILL)),
)
MATCHING = record(algo=one_of("deal1"), cross_home=FLAG, load_rule=TEXT, slots=array(SLOT_GROUP, least=1, most=40))
PARAMS = record(
    v=one_of("vdp1"),
    suite=one_of("sha256", "sm3"),
    mode=one_of("official", "test"),
    campaign=IDENTIFIER,
    draw=IDENTIFIER,
    authority=IDENTIFIER,
    seq=integer(1),
    plan=PLAN,
    supersedes=nullable(IDENTIFIER),
    parent=nullable(IDENTIFIER),
    universe=DIGEST,
    frame=record(key_commitment=nullable(HASH), root=HASH, sealed=FLAG, sha256=HASH, size=integer()),
    excluded=record(by_reason=mapping(CODE, integer(1)), root=HASH, sha256=HASH, size=integer()),
    strata=array(STRATUM, least=1),
    hamilton=nullable(record(total=integer())),
    rules=record(reason_codes_sha256=HASH, strata_rule_sha256=HASH),
    inspectors=nullable(DIGEST),
    avoid=nullable(DIGEST),
    matching=nullable(MATCHING),
    seed=array(SOURCE, least=1, most=40),
    closes_at=MOMENT,
    beacon_time=MOMENT,
    lead_s=integer(LEAST_LEAD_S),
    not_before=nullable(record(chain=HASH, round=ROUND, signature=SIGNATURE)),
    ticket_scope=one_of("campaign", "draw"),
    ticket_key=one_of("object", "unit"),
    exclude_selected_of=array(IDENTIFIER),
    replacement=record(inspectors=nullable(LATER_SOURCE), objects=FLAG, reserve_den=integer(), reserve_num=integer()),
    witness_k=integer(2, 20),
    disclosure=record(after=nullable(MOMENT), frame=OPENNESS, inspectors=OPENNESS, selected=OPENNESS),
    contacts=array(TEXT),
    software=record(name=TEXT, source_sha256=nullable(HASH), version=TEXT),
)
UNIVERSE = record(
    key_commitment=nullable(HASH),
    read=integer(),
    registry=IDENTIFIER,
    rejected=record(count=integer(), sha256=HASH),
    root=HASH,
    scope=TEXT,
    sealed=FLAG,
    sha256=HASH,
    size=integer(),
    snapshot_at=MOMENT,
    source_sha256=nullable(HASH),
    v=one_of("vdp1"),
)
_TITLES = mapping(CODE, TEXT)
REASONS = record(exclude=_TITLES, replace=_TITLES, substitute=_TITLES, withdraw=_TITLES, v=one_of("vdp1"))


def read_document(data: bytes, shape: Shape, place: str) -> Document:
    """Parse a canonical document of a given shape. Raises FormatError ``json_invalid`` or ``json_field``."""
    value: Document = parse_json(data, place)
    try:
        shape(value, "")
    except FormatError as error:
        raise FormatError(error.code, place, **error.facts) from error
    return value


def read_params(data: bytes, place: str = "params.json") -> Document:
    """Parse parameters and refuse every combination section 4 forbids. Raises FormatError."""
    params = read_document(data, PARAMS, place)
    for field, holds in _combinations(params).items():
        if not holds:
            raise FormatError("json_field", place, field=field, value="combination")
    try:
        check_sources(params["seed"])
    except RuleError as error:
        raise FormatError("json_field", place, field="seed", value=error.facts["reason"]) from error
    return params


def _combinations(params: Document) -> dict[str, bool]:
    """Field -> does it go with the others? In the order of section 4."""
    frame, has_match = params["frame"], params["matching"] is not None
    slots = params["matching"]["slots"] if has_match else []
    return {
        "strata": _rising([part["id"] for part in params["strata"]]),
        "inspectors": (params["inspectors"] is not None) == has_match,
        "avoid": (params["avoid"] is not None) == has_match,
        "matching.slots": all(_rising(group["skills"]) for group in slots),
        "beacon_time": parse_time(params["beacon_time"]) >= parse_time(params["closes_at"]) + LEAST_LEAD_S,
        "exclude_selected_of": _rising(params["exclude_selected_of"])
        and (not params["exclude_selected_of"] or params["ticket_scope"] == "draw"),
        "disclosure.frame": (params["disclosure"]["frame"] == "sealed") == frame["sealed"],
        "disclosure.after": params["disclosure"]["after"] is not None or "sealed" not in params["disclosure"].values(),
    }


def commitment(params: bytes, suite: str) -> str:
    """C, 64 hex digits: what is published of the parameters before the seed exists."""
    return hasher(suite)(params)


def quotas(params: Document) -> dict[str, Quota]:
    """Stratum -> its stated places, after recomputing them.

    Raises RuleError ``quota_invalid`` (a ratio over one, 0/0, a total above the pool), EvidenceError
    ``quota_mismatch`` or ``reserve_bound``.
    """
    computed = computed_places(params)
    for part in params["strata"]:
        if part["n"] != computed[part["id"]]:
            raise EvidenceError(
                "quota_mismatch",
                "params.json",
                stratum=part["id"],
                stated=part["n"],
                computed=computed[part["id"]],
            )
        if part["reserve"] > part["size"] - part["n"]:
            raise EvidenceError("reserve_bound", "params.json", stratum=part["id"], reserve=part["reserve"])
    return {part["id"]: Quota(part["size"], part["n"], part["reserve"]) for part in params["strata"]}


def computed_places(params: Document) -> dict[str, int]:
    """Stratum -> n as section 5 computes it. Raises RuleError ``quota_invalid``."""
    weighted = {part["id"]: part for part in params["strata"] if part["weight"] is not None}
    if bool(weighted) != (params["hamilton"] is not None):
        raise RuleError("quota_invalid", "params.json", reason="hamilton")
    ratio = params["replacement"]
    allocate.reserve_for(0, 0, ratio["reserve_num"], ratio["reserve_den"])
    places = {part["id"]: _places_by_ratio(part) for part in params["strata"] if part["weight"] is None}
    if weighted:
        places |= _places_by_weight(weighted, params["hamilton"]["total"])
    return places


def _places_by_ratio(part: Document) -> int:
    if any(part[key] is None for key in ("num", "den", "round", "min")):
        raise RuleError("quota_invalid", "params.json", stratum=part["id"], reason="ratio missing")
    try:
        return allocate.by_ratio(
            part["size"],
            part["num"],
            part["den"],
            rounding=part["round"],
            least=part["min"],
            most=part["max"],
        )
    except DrawError as error:
        raise RuleError(error.code, "params.json", stratum=part["id"], **error.facts) from error


def _places_by_weight(parts: dict[str, Document], total: int) -> dict[str, int]:
    for part in parts.values():
        if any(part[key] is not None for key in ("num", "den", "round", "min", "max")):
            raise RuleError("quota_invalid", "params.json", stratum=part["id"], reason="ratio and weight")
    sizes = {name: part["size"] for name, part in parts.items()}
    return allocate.by_weight(sizes, {name: part["weight"] for name, part in parts.items()}, total)


# Campaigns --------------------------------------------------------------------------------------

SHARED = (
    "suite",
    "mode",
    "campaign",
    "seed",
    "closes_at",
    "beacon_time",
    "not_before",
    "witness_k",
    "frame.sealed",
    "frame.key_commitment",
)
SHARED_BY_MATCH = ("inspectors", "avoid", "matching.cross_home", "replacement.inspectors")


def check_together(draws: Sequence[tuple[str, Document]]) -> None:
    """Refuse draws that are no campaign: one seed, one match, a clear order.

    draws: (path prefix, parameters), by ``seq``. Raises EvidenceError ``campaign_mixed`` or ``campaign_order``.
    """
    _check_equal(draws, SHARED)
    _check_equal([own for own in draws if own[1]["matching"] is not None], SHARED_BY_MATCH)
    earlier: dict[str, int] = {}
    for prefix, params in draws:
        if params["seq"] in earlier.values():
            raise EvidenceError("campaign_order", prefix + "params.json", field="seq")
        for name in params["exclude_selected_of"]:
            if name not in earlier:
                raise EvidenceError("campaign_order", prefix + "params.json", field="exclude_selected_of")
        earlier[params["draw"]] = params["seq"]


def _check_equal(draws: Sequence[tuple[str, Document]], fields: tuple[str, ...]) -> None:
    for prefix, params in draws[1:]:
        for field in fields:
            if _at(params, field) != _at(draws[0][1], field):
                raise EvidenceError("campaign_mixed", prefix + "params.json", field=field)


def _at(document: Document, field: str) -> object:
    value: Any = document
    for key in field.split("."):
        value = value[key]
    return value
