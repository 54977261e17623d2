"""Where the seed comes from: sources, close and seed documents, the drand beacon (spec section 6).

People contribute first and the beacon last, so that nobody, not even a contributor, chooses after seeing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from gongchou.draw import bls
from gongchou.draw.encoding import Document, hasher, is_hash, is_id, sha256_hex
from gongchou.draw.errors import EvidenceError, FormatError, RuleError
from gongchou.draw.ticket import domain

PUBLIC_CHAINS = {
    "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971": "quicknet",
    "8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce": "default",
}
SCHEMES = ("bls-unchained-g1-rfc9380", "pedersen-bls-unchained", "pedersen-bls-chained")

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


# drand ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chain:
    """A drand network: who signs (public key) and when (genesis, period in seconds)."""

    public_key: str
    period: int
    genesis_time: int
    group_hash: str
    scheme: str
    beacon_id: str

    @property
    def hash(self) -> str:
        """The chain hash, 64 hex digits, which names the network."""
        key, group = bytes.fromhex(self.public_key), bytes.fromhex(self.group_hash)
        return bls.chain_hash(self.period, self.genesis_time, key, group, self.beacon_id).hex()

    def round_at(self, moment: int) -> int:
        """The first round at or after a moment (seconds since 1970)."""
        return 1 if moment <= self.genesis_time else -(-(moment - self.genesis_time) // self.period) + 1

    def time_of(self, round_number: int) -> int:
        """When a round is signed (seconds since 1970)."""
        return self.genesis_time + (round_number - 1) * self.period


@dataclass(frozen=True)
class Beacon:
    """One signed round of a chain; hex values."""

    chain: Chain
    round: int
    signature: str
    previous_signature: str | None

    def check(self, place: str) -> None:
        """Verify the signature. Raises EvidenceError ``beacon_point`` or ``beacon_signature``."""
        try:
            good = self._verify()
        except bls.PointError as error:
            raise EvidenceError("beacon_point", place, reason=error.code) from error
        if not good:
            raise EvidenceError("beacon_signature", place, round=self.round)

    def _verify(self) -> bool:
        key, signature = bytes.fromhex(self.chain.public_key), bytes.fromhex(self.signature)
        previous = bytes.fromhex(self.previous_signature) if self.previous_signature is not None else None
        message = bls.drand_message(self.round, previous)
        if self.chain.scheme == "bls-unchained-g1-rfc9380":
            return bls.verify_g1_signature(key, message, signature, bls.DST_G1)
        return bls.verify_g2_signature(key, message, signature, bls.DST_G2)


def parse_beacon(document: Document, place: str) -> Beacon:
    """Read ``sources/drand.json``. Raises FormatError ``json_field``."""
    try:
        chain = Chain(**document["chain"])
        beacon = Beacon(chain, document["round"], document["signature"], document["previous_signature"])
    except (TypeError, KeyError) as error:
        raise FormatError("json_field", place, field="chain") from error
    if set(document) != {"chain", "round", "signature", "previous_signature"} or not _is_beacon(beacon):
        raise FormatError("json_field", place, field="round")
    return beacon


def _is_beacon(beacon: Beacon) -> bool:
    chain = beacon.chain
    numbers = (beacon.round, chain.period, chain.genesis_time)
    if any(type(number) is not int or number < 1 for number in numbers) or chain.period >= 1 << 32:
        return False
    key_digits, signature_digits = (192, 96) if chain.scheme == "bls-unchained-g1-rfc9380" else (96, 192)
    previous = beacon.previous_signature
    is_chained = chain.scheme == "pedersen-bls-chained"
    return (
        chain.scheme in SCHEMES
        and _is_hex(chain.public_key, key_digits)
        and _is_hex(beacon.signature, signature_digits)
        and is_hash(chain.group_hash)
        and isinstance(chain.beacon_id, str)
        and (_is_previous(beacon) if is_chained else previous is None)
    )


def _is_previous(beacon: Beacon) -> bool:
    """The first round of a chained network follows the group hash, every later one a signature."""
    previous = beacon.previous_signature
    return is_hash(previous) if beacon.round == 1 else _is_hex(previous, 192)


def _is_hex(text: object, digits: int) -> bool:
    return isinstance(text, str) and re.fullmatch(rf"[0-9a-f]{{{digits}}}", text) is not None


def check_sources(sources: Sequence[Source]) -> None:
    """Refuse an order of sources that lets somebody choose after seeing. Raises RuleError ``source_order``."""
    if not sources or sources[-1]["type"] == "cr":
        raise RuleError("source_order", reason="last")
    if any(source["type"] == "drand" for source in sources[:-1]):
        raise RuleError("source_order", reason="drand")
    parties = [source["party"] for source in sources if source["type"] == "cr"]
    if len(set(parties)) != len(parties) or not all(map(is_id, parties)):
        raise RuleError("source_order", reason="party")
