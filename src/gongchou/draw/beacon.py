"""The drand beacon: which network, which round, truly signed? (spec 6.1)"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass

from gongchou.draw import bls
from gongchou.draw.encoding import LATEST, Document, is_hash
from gongchou.draw.errors import EvidenceError, FormatError

SCHEMES = ("bls-unchained-g1-rfc9380", "pedersen-bls-unchained", "pedersen-bls-chained")
LONGEST_PERIOD = 86400  # seconds
LAST_ROUND = 10**10
_BEACON_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


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


# What everybody can know of the public networks; any other must be named in a trust file.
QUICKNET = Chain(
    public_key=(
        "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451"
        "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
    ),
    period=3,
    genesis_time=1692803367,
    group_hash="f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e",
    scheme="bls-unchained-g1-rfc9380",
    beacon_id="quicknet",
)

DEFAULT_CHAIN = Chain(
    public_key="868f005eb8e6e4ca0a47c8a77ceaa5309a47978a7c71bc5cce96366b5d7a569937c529eeda66c7293784a9402801af31",
    period=30,
    genesis_time=1595431050,
    group_hash="176f93498eac9ca337150b46d21dd58673ea4e3581185f869672e59fa4cb390a",
    scheme="pedersen-bls-chained",
    beacon_id="default",
)

PUBLIC_CHAINS = {chain.hash: chain for chain in (QUICKNET, DEFAULT_CHAIN)}


@dataclass(frozen=True)
class Beacon:
    """One signed round of a chain; hex values."""

    chain: Chain
    round: int
    signature: str
    previous_signature: str | None

    def document(self) -> Document:
        """``sources/drand.json``."""
        return asdict(self)

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
    bounds = ((beacon.round, LAST_ROUND), (chain.period, LONGEST_PERIOD), (chain.genesis_time, LATEST))
    if any(type(number) is not int or not 1 <= number <= most for number, most in bounds):
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
        and _BEACON_ID.fullmatch(chain.beacon_id) is not None
        and (_is_previous(beacon) if is_chained else previous is None)
    )


def _is_previous(beacon: Beacon) -> bool:
    """The first round of a chained network follows the group hash, every later one a signature."""
    previous = beacon.previous_signature
    return is_hash(previous) if beacon.round == 1 else _is_hex(previous, 192)


def _is_hex(text: object, digits: int) -> bool:
    return isinstance(text, str) and re.fullmatch(rf"[0-9a-f]{{{digits}}}", text) is not None
