"""Keys, signed notes and a small transparency log, for bundles that tests make."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


@dataclass(frozen=True)
class Signer:
    """A throw-away key whose secret is made from its name, so that every run makes the same bytes."""

    name: str
    kind: int = 1

    @property
    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(self.name.encode()).digest())

    @property
    def _typed(self) -> bytes:
        return bytes([self.kind]) + self._key.public_key().public_bytes_raw()

    @property
    def key_id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + self._typed).digest()[:4]

    @property
    def vkey(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64(self._typed)}"

    def line(self, text: str) -> str:
        return f"— {self.name} {b64(self.key_id + self._key.sign(text.encode()))}\n"

    def cosign(self, text: str, time: int) -> str:
        signature = self._key.sign(f"cosignature/v1\ntime {time}\n{text}".encode())
        return f"— {self.name} {b64(self.key_id + time.to_bytes(8, 'big') + signature)}\n"

    def note(self, text: str) -> bytes:
        return f"{text}\n{self.line(text)}".encode()


OPERATOR = Signer("operator.example")
REGISTRY = Signer("registry.example")
LOG = Signer("log.example/vdp1")
WITNESSES = [Signer(f"witness{number}.example", 4) for number in (1, 2, 3)]


AUTHORITIES = ("DEPT-A", "DEPT-B", "DEPT-C")


def trust_text() -> str:
    roles = [("operator", OPERATOR), ("registry", REGISTRY), ("log", LOG)]
    lines = [f"{role} {signer.vkey}" for role, signer in roles]
    lines += [f"witness {one.vkey}" for one in WITNESSES]
    return "".join(f"{line}\n" for line in [*lines, *(f"authority {one}" for one in AUTHORITIES)])


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\0" + data).digest()


def _split(n: int) -> int:
    return 1 << ((n - 1).bit_length() - 1)


def tree_hash(leaves: list[bytes]) -> bytes:
    """Return the root of RFC 6962, word for word from its definition."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = _split(len(leaves))
    return hashlib.sha256(b"\1" + tree_hash(leaves[:k]) + tree_hash(leaves[k:])).digest()


def inclusion(index: int, leaves: list[bytes]) -> list[bytes]:
    if len(leaves) <= 1:
        return []
    k = _split(len(leaves))
    if index < k:
        return [*inclusion(index, leaves[:k]), tree_hash(leaves[k:])]
    return [*inclusion(index - k, leaves[k:]), tree_hash(leaves[:k])]


def consistency(first: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    if first == len(leaves):
        return [] if whole else [tree_hash(leaves)]
    k = _split(len(leaves))
    if first <= k:
        return [*consistency(first, leaves[:k], whole), tree_hash(leaves[k:])]
    return [*consistency(first - k, leaves[k:], False), tree_hash(leaves[:k])]


def table_root(table: bytes) -> str:
    return tree_hash([leaf_hash(line) for line in table.split(b"\n")[:-1]]).hex()


@dataclass
class LogWriter:
    """A log that also holds a stranger's entries, of which a bundle shows those at the end."""

    leaves: list[bytes] = field(default_factory=list)
    kept: list[tuple[int, bytes, str | None, int]] = field(default_factory=list)  # index, entry, checkpoint, size
    before: str = "0" * 64  # the stranger's last entry

    def __post_init__(self) -> None:
        for _ in range(5):
            self.add_stranger()

    def add_stranger(self) -> None:
        """Log an entry of an office that has nothing to do with the campaign."""
        entry = {
            "authority": "STRANGER",
            "body": {"plan": f"别处的事 {len(self.leaves)}"},
            "files": [],
            "prev": self.before,
            "seq": sum(checkpoint is None for *_, checkpoint, _ in self.kept) + 1,
            "time": "2024-01-01T00:00:00Z",
            "type": "plan",
            "v": "vdp1",
        }
        data = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        self.before = sha256(data)
        self.leaves.append(leaf_hash(data))
        self.kept.append((len(self.leaves) - 1, data, None, 0))

    def checkpoint(self, cosigned: list[int]) -> str:
        """Sign the log as it is; witness k cosigns at the k-th time."""
        text = f"{LOG.name}\n{len(self.leaves)}\n{b64(tree_hash(self.leaves))}\n"
        lines = [witness.cosign(text, time) for witness, time in zip(WITNESSES, cosigned, strict=False)]
        return f"{text}\n{LOG.line(text)}{''.join(lines)}"

    def add(self, entry: bytes, cosigned: list[int]) -> int:
        self.leaves.append(leaf_hash(entry))
        self.kept.append((len(self.leaves) - 1, entry, self.checkpoint(cosigned), len(self.leaves)))
        return len(self.leaves) - 1

    def files(self, horizon_at: int, shown: set[int]) -> dict[str, bytes]:
        """Return what a bundle holds of the log; a stranger's entries are proven by the horizon."""
        horizon = self.checkpoint([horizon_at] * 3)
        files, whole = {"log/checkpoint": horizon.encode()}, len(self.leaves)
        sizes = {whole}
        for index, entry, checkpoint, at_size in [one for one in self.kept if one[0] in shown]:
            size = at_size or whole
            sizes.add(size)
            hashes = "".join(b64(one) + "\n" for one in inclusion(index, self.leaves[:size]))
            files[f"log/{index:08}.json"] = entry
            proof = f"c2sp.org/tlog-proof@v1\nindex {index}\n{hashes}\n{checkpoint or horizon}"
            files[f"log/{index:08}.tlog-proof"] = proof.encode()
        steps = sorted(sizes)
        files["log/consistency.tsv"] = "".join(map(self._growth, steps, steps[1:])).encode()
        return files

    def _growth(self, first: int, second: int) -> str:
        hashes = ",".join(map(b64, consistency(first, self.leaves[:second]))) or "-"
        return f"{first}\t{second}\t{hashes}\n"
