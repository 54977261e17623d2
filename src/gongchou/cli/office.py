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
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from gongchou.draw import log, note
from gongchou.draw.encoding import Document
from gongchou.draw.errors import FormatError
from gongchou.draw.ledger import Ledger
from gongchou.draw.merkle import root_of_hashes
from gongchou.draw.replace import request_of
from gongchou.folders import read_bytes, read_text, write_whole

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


class Office(Ledger):
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

    def entries(self) -> list[log.Entry]:
        """All entries in order."""
        folder = self.root / "log" / "entries"
        paths = sorted(folder.glob("*.json")) if folder.is_dir() else []
        return [log.read_entry(path.read_bytes(), index) for index, path in enumerate(paths)]

    def append(
        self, kind: str, body: Document, *, authority: str, at: int, files: dict[str, bytes] | None = None
    ) -> log.Entry:
        """Add an authority's next entry to the log."""
        entry = self.next_entry(kind, body, authority=authority, at=at, files=files)
        write_whole(self.root / "log" / "entries" / f"{entry.index:08}.json", entry.data)
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

    def evidence(self, authorities: Collection[str], k: int, *, last: int | None = None) -> dict[str, bytes]:
        """The ``log/`` and ``keys/`` files of a bundle; as ``Ledger.evidence``."""
        return super().evidence(authorities, k, last=last) | self.public_keys()

    def public_keys(self) -> dict[str, bytes]:
        """The ``keys/`` files of a bundle."""
        files = {f"keys/{role}.vkey": f"{self.key(role).public}\n".encode() for role in ("operator", "registry", "log")}
        return files | {"keys/witnesses.vkey": "".join(f"{key}\n" for key in self.known_witnesses()).encode()}

    def cosign(self, checkpoint: Path, witness: note.SecretKey, at: int) -> None:
        """Add a cosignature to a checkpoint file."""
        signed = note.parse_note(read_bytes(checkpoint), str(checkpoint))
        line = note.cosign(signed.text, witness.public, witness.secret, at)
        write_whole(checkpoint, read_bytes(checkpoint) + line.encode())
