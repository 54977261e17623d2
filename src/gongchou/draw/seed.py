"""Where the seed comes from: sources, close and seed documents (spec section 6).

People contribute first and the beacon last, so that nobody, not even a contributor, chooses after seeing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from gongchou.draw.beacon import PUBLIC_CHAINS
from gongchou.draw.encoding import Document, hasher, is_hash, is_id, sha256_hex
from gongchou.draw.errors import FormatError, RuleError
from gongchou.draw.ticket import domain

Source = dict[str, Any]


def party_commitment(campaign: str, party: str, secret: str) -> str:
    """What a contributor publishes first. Party and campaign are inside: somebody else's cannot be copied.

    secret: 64 hex digits.
    """
    return sha256_hex(f"vdp1 cr\n{campaign}\n{party}\n{secret}\n".encode())


def strength_of(sources: Sequence[Source]) -> str:
    """D public beacon, P private beacon, L lottery, N digits: the kind of the last source."""
    last = sources[-1]
    if last["type"] == "drand":
        return "D" if last["chain"] in PUBLIC_CHAINS else "P"
    return {"lottery": "L", "digits": "N"}[last["type"]]


def source_line(number: int, source: Source, value: str) -> str:
    """The line of one source in the seed document, with LF.

    Raises FormatError ``value_invalid`` when the value has not the form the source promises.
    """
    check_value(source, value)
    details = {"cr": ("party",), "digits": (), "lottery": ("game", "issue"), "drand": ("chain", "round")}
    words = [source["type"], *(str(source[key]) for key in details[source["type"]])]
    return f"source {number} {' '.join(words)} {value}\n"


def check_value(source: Source, value: str) -> None:
    """Refuse a value that is not in the source's one form. Raises FormatError ``value_invalid``."""
    forms = {
        "cr": lambda: value == "missing" or is_hash(value),
        "digits": lambda: re.fullmatch(rf"[0-9]{{{source['n']}}}", value) is not None,
        "lottery": lambda: _is_lottery(source["groups"], value),
        "drand": lambda: re.fullmatch(r"[0-9a-f]{96}|[0-9a-f]{192}", value) is not None,
    }
    if not forms[source["type"]]():
        raise FormatError("value_invalid", source=source["type"], value=value[:80])


def _is_lottery(groups: list[Document], value: str) -> bool:
    parts = value.split("+")
    return len(parts) == len(groups) and all(map(_is_group, groups, parts))


def _is_group(group: Document, text: str) -> bool:
    if not re.fullmatch(r"[0-9]{2}(,[0-9]{2})*", text):
        return False
    numbers = [int(number) for number in text.split(",")]
    in_order = group["rule"] == "ordered" or all(a < b for a, b in pairwise(numbers))
    return in_order and len(numbers) == group["count"] and all(group["min"] <= n <= group["max"] for n in numbers)


def close_text(
    *, mode: str, campaign: str, commitments: dict[str, str], sources: Sequence[Source], values: Sequence[str]
) -> str:
    """The seed document without its last line: all that people could influence, fixed before the beacon exists.

    commitments: draw id -> C of every draw of the campaign.
    values: one for each source but the last.
    """
    lines = [f"{domain(mode)} seed\n", f"campaign {campaign}\n"]
    lines += [f"commit {draw} {commitments[draw]}\n" for draw in sorted(commitments)]
    lines += [source_line(k, source, value) for k, (source, value) in enumerate(zip(sources, values, strict=False), 1)]
    return "".join(lines)


def seed_text(close: str, sources: Sequence[Source], value: str) -> str:
    """The whole seed document: the close and the beacon's line."""
    return close + source_line(len(sources), sources[-1], value)


def seed_of(document: str, suite: str = "sha256") -> str:
    """The seed, 64 hex digits."""
    return hasher(suite)(document.encode())


def parse_values(document: str, sources: Sequence[Source]) -> list[str]:
    """The values of all sources as they stand in a seed (or close) document, in order.

    Raises FormatError ``close_text`` when a source line is not where and what it should be.
    """
    lines = [line for line in document.split("\n") if line.startswith("source ")]
    values = []
    for number, (line, source) in enumerate(zip(lines, sources, strict=False), 1):
        value = line.rpartition(" ")[2]
        if source_line(number, source, value) != line + "\n":
            raise FormatError("close_text", "close.txt", line=line[:120])
        values.append(value)
    return values


def check_sources(sources: Sequence[Source]) -> None:
    """Refuse an order of sources that lets somebody choose after seeing. Raises RuleError ``source_order``."""
    if not sources or sources[-1]["type"] == "cr":
        raise RuleError("source_order", reason="last")
    if any(source["type"] == "drand" for source in sources[:-1]):
        raise RuleError("source_order", reason="drand")
    parties = [source["party"] for source in sources if source["type"] == "cr"]
    if len(set(parties)) != len(parties) or not all(map(is_id, parties)):
        raise RuleError("source_order", reason="party")
