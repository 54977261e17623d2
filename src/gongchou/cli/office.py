"""The operator's own side: secret keys and the log they sign. Never part of a bundle.

    OFFICE/keys/operator.key registry.key log.key witness-*.key      one line: NAME KIND SECRET(hex)
    OFFICE/log/entries/00000000.json …    checkpoints/SIZE.note …
    OFFICE/requests/HASH.json                                        who is to be substituted, until it is public

A witness worth the name keeps its key on its own machine and uses the ``witness`` verb; keys of witnesses that lie here
serve practice and tests.
"""

from __future__ import annotations

import hmac
import json
import secrets
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

from gongchou.cli.folders import read_bytes, read_text, write_whole
from gongchou.draw import log, note
from gongchou.draw.encoding import Document, format_time
from gongchou.draw.errors import FormatError, RuleError
from gongchou.draw.merkle import consistency_proof, inclusion_proof, leaf_hash, root_of_hashes
from gongchou.draw.replace import request_of

PRACTICE_KEYS = {
    "operator.key": ("operator", "ed25519"),
    "registry.key": ("registry", "ed25519"),
    "log.key": ("practice.example/vdp1", "ed25519"),
    "witness-1.key": ("witness-1.example", "cosignature"),
    "witness-2.key": ("witness-2.example", "cosignature"),
}


@dataclass(frozen=True)
class Request:
    """A slot to be dealt again, as long as only the office may know which."""

    object_id: str
    slot: int
    out: str | None
    nonce: str


def make_key(name: str, kind: str) -> note.SecretKey:
    """A new key. Raises FormatError ``key_name``."""
    return note.secret_key(name, kind, secrets.token_bytes(32))


def read_key(path: Path) -> note.SecretKey:
    """Read a key file. Raises FormatError ``secret_invalid``."""
    return note.parse_secret(read_bytes(path).decode("utf-8", "replace"), str(path))


def write_key(path: Path, key: note.SecretKey) -> None:
    """Keep a secret key, readable by its owner only. Raises FormatError ``file_exists``."""
    write_secret(path, f"{key}\n")


def write_secret(path: Path, text: str) -> None:
    """Write a new file that only its owner may read. Raises FormatError ``file_exists``."""
    if path.exists():
        raise FormatError("file_exists", str(path))
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")


class Office:
    """Keys and log under one directory."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def exists(self) -> bool:
        """Tell whether it has been set up."""
        return (self.root / "keys").is_dir()

    def set_up_for_practice(self) -> None:
        """Make one key of each kind."""
        for file, (name, kind) in PRACTICE_KEYS.items():
            write_key(self.root / "keys" / file, make_key(name, kind))

    def key(self, role: str) -> note.SecretKey:
        """operator, registry or log."""
        return read_key(self.root / "keys" / f"{role}.key")

    def witness_keys(self) -> list[note.SecretKey]:
        """Witness keys that lie here (practice)."""
        return [read_key(path) for path in sorted((self.root / "keys").glob("witness-*.key"))]

    def known_witnesses(self) -> list[note.VerifierKey]:
        """Public keys of all witnesses: those here and those in ``keys/witnesses.vkey``."""
        listed = self.root / "keys" / "witnesses.vkey"
        lines = read_text(listed).split() if listed.exists() else []
        keys = {str(key.public) for key in self.witness_keys()} | set(lines)
        return [note.parse_vkey(line, str(listed)) for line in sorted(keys)]

    # Requests -----------------------------------------------------------------------------------

    def keep_request(self, campaign: str, object_id: str, slot: int, out: str | None) -> str:
        """Keep who is to be dealt again, which the log must not tell; return the hash that it does tell.

        The nonce follows from the operator's secret and the length of the log: after a crash it is the same again.
        """
        told = f"vdp1 nonce\n{campaign}\n{len(self.entries())}\n".encode()
        nonce = hmac.new(self.key("operator").secret, told, sha256).hexdigest()
        request = request_of(nonce, object_id, slot, out)
        path = self._request_path(request)
        if not path.exists():
            write_secret(path, json.dumps({"nonce": nonce, "object_id": object_id, "out": out, "slot": slot}))
        return request

    def request(self, entry: log.Entry) -> Request:
        """Who is to be dealt again by a ``substitute`` entry. Raises FormatError ``request_missing``."""
        path = self._request_path(entry.body["request"])
        try:
            return Request(**json.loads(read_text(path)))
        except (ValueError, TypeError, FormatError) as error:
            raise FormatError("request_missing", str(path), event=entry.index) from error

    def _request_path(self, request: str) -> Path:
        return self.root / "requests" / f"{request}.json"

    # The log -------------------------------------------------------------------------------------

    def check_time(self, authorities: set[str], at: int) -> None:
        """Raises RuleError ``time_backwards`` if one of them has a later entry: nothing is written then."""
        for entry in reversed(self.entries()):
            if entry.document["authority"] in authorities and at < entry.time:
                raise RuleError("time_backwards", at=format_time(at), latest=entry.document["time"])

    def entries(self) -> list[log.Entry]:
        """All entries in order."""
        folder = self.root / "log" / "entries"
        paths = sorted(folder.glob("*.json")) if folder.is_dir() else []
        return [log.read_entry(path.read_bytes(), index) for index, path in enumerate(paths)]

    def leaf_hashes(self) -> list[bytes]:
        """Leaf hashes of all entries."""
        return [leaf_hash(entry.data) for entry in self.entries()]

    def append(
        self, kind: str, body: Document, *, authority: str, at: int, files: dict[str, bytes] | None = None
    ) -> log.Entry:
        """Add an authority's next entry to the log."""
        self.check_time({authority}, at)
        entries = self.entries()
        previous = next((e for e in reversed(entries) if e.document["authority"] == authority), None)
        data = log.write_entry(kind, body, authority=authority, time=format_time(at), previous=previous, files=files)
        entry = log.read_entry(data, len(entries))
        write_whole(self.root / "log" / "entries" / f"{entry.index:08}.json", data)
        return entry

    def make_checkpoint(self, at: int) -> int:
        """Sign the present state, with all witness keys that lie here; return the size."""
        hashes = self.leaf_hashes()
        key = self.key("log")
        text = log.checkpoint_text(key.public.name, len(hashes), root_of_hashes(hashes))
        path = self.checkpoint_path(len(hashes))
        if not path.exists():
            lines = [note.sign(text, key.public, key.secret)]
            lines += [note.cosign(text, w.public, w.secret, at) for w in self.witness_keys()]
            write_whole(path, note.write_note(text, lines))
        return len(hashes)

    def checkpoint_path(self, size: int) -> Path:
        """Where the checkpoint of a size is kept."""
        return self.root / "log" / "checkpoints" / f"{size:08}.note"

    def checkpoints(self) -> dict[int, bytes]:
        """Size -> checkpoint note, ascending."""
        folder = self.root / "log" / "checkpoints"
        paths = sorted(folder.glob("*.note")) if folder.is_dir() else []
        return {int(path.stem): path.read_bytes() for path in paths}

    def witnessed(self, k: int) -> dict[int, bytes]:
        """The checkpoints that at least k known witnesses have cosigned."""
        known = self.known_witnesses()
        return {
            size: data
            for size, data in self.checkpoints().items()
            if len(log.read_checkpoint(data, str(size)).cosigned_times(known)) >= k
        }

    def seen_at(self, entry: log.Entry, k: int, *, otherwise: int) -> int:
        """When k witnesses had seen an entry (seconds since 1970), or ``otherwise`` while fewer have.

        Of the checkpoint that ``evidence`` shows for it: the smallest that k have cosigned.
        """
        known = self.known_witnesses()
        for size, data in sorted(self.checkpoints().items()):
            times = log.read_checkpoint(data, str(size)).cosigned_times(known) if size > entry.index else []
            if len(times) >= k:
                return times[k - 1]
        return otherwise

    def evidence(self, authorities: set[str], k: int) -> dict[str, bytes]:
        """The ``log/`` and ``keys/`` files of a bundle for these authorities.

        Their whole chains, and all entries behind the last of each up to the horizon, so that nothing can be cut off.
        Each entry is proven in the earliest witnessed checkpoint that holds it. Raises RuleError ``witnesses_missing``
        while none does.
        """
        entries, checkpoints = self.entries(), self.witnessed(k)
        ends = {e.document["authority"]: e.index for e in entries if e.document["authority"] in authorities}
        hashes = [leaf_hash(entry.data) for entry in entries]
        if not checkpoints or (ends and max(ends.values()) >= max(checkpoints)):
            raise RuleError("witnesses_missing", needed=k)
        horizon = max(checkpoints)
        files = {"log/checkpoint": checkpoints[horizon]}
        sizes = {horizon}
        tail = range(min(ends.values(), default=-1) + 1, horizon)
        for entry in entries:
            if entry.document["authority"] not in authorities and entry.index not in tail:
                continue
            size = min(size for size in checkpoints if size > entry.index)
            sizes.add(size)
            proof = log.write_proof(entry.index, inclusion_proof(hashes[:size], entry.index), checkpoints[size])
            files |= {entry.place: entry.data, entry.place.replace(".json", ".tlog-proof"): proof}
        steps = sorted(sizes)
        proofs = {(a, b): consistency_proof(hashes[:b], a) for a, b in pairwise(steps)}
        return files | {"log/consistency.tsv": log.write_consistency(proofs)} | self.public_keys()

    def public_keys(self) -> dict[str, bytes]:
        """The ``keys/`` files of a bundle."""
        files = {f"keys/{role}.vkey": f"{self.key(role).public}\n".encode() for role in ("operator", "registry", "log")}
        return files | {"keys/witnesses.vkey": "".join(f"{key}\n" for key in self.known_witnesses()).encode()}

    def cosign(self, checkpoint: Path, witness: note.SecretKey, at: int) -> None:
        """Add a cosignature to a checkpoint file."""
        signed = note.parse_note(read_bytes(checkpoint), str(checkpoint))
        line = note.cosign(signed.text, witness.public, witness.secret, at)
        write_whole(checkpoint, read_bytes(checkpoint) + line.encode())
