"""The keys of the log and of its witnesses, in a folder.

    audit.key         secret, one line as the office of the draws keeps them: NAME KIND SECRET(hex)
    audit.vkey        the log's public key
    witnesses.vkey    the public keys of all witnesses there ever were, one a line
    audit.checkpoint  the last checkpoint that was signed here: a database that went back is not signed again

No Django here: the witness uses this as well.
"""

from __future__ import annotations

import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from gongchou.audit.files import write_whole
from gongchou.draw import note
from gongchou.draw.errors import FormatError
from gongchou.refusal import Refused

LATEST = "audit.checkpoint"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True)
class PublicKeys:
    """Whose signatures count."""

    log: note.VerifierKey
    witnesses: tuple[note.VerifierKey, ...] = ()

    def witness(self, name: str) -> note.VerifierKey | None:
        """The witness of this name, or None."""
        return next((key for key in self.witnesses if key.name == name), None)


def make_keys(folder: Path, name: str) -> note.VerifierKey:
    """Make the key under which the log signs as ``name``, such as ``gongchou.example/audit``; return the public part.

    Raises Refused ``audit.key_exists`` or ``audit.key_name``.
    """
    return make_key(folder, "audit", name, "ed25519")


def make_key(folder: Path, file: str, name: str, kind: str) -> note.VerifierKey:
    """Make ``FILE.key``, readable by its owner only, and ``FILE.vkey``.

    Raises Refused ``audit.key_exists`` or ``audit.key_name``.
    """
    path = folder / f"{file}.key"
    if path.exists():
        raise Refused("audit.key_exists", file=path)
    try:
        key = note.secret_key(name, kind, secrets.token_bytes(32))
    except FormatError as error:
        raise Refused("audit.key_name", name=name) from error
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_whole(path, f"{key}\n".encode(), mode=0o600)
    write_whole(path.with_suffix(".vkey"), f"{key.public}\n".encode())
    return key.public


def read_secret(path: Path) -> note.SecretKey:
    """Read a secret key that nobody else can read.

    Raises Refused ``audit.key_missing``, ``audit.key_unreadable``, ``audit.key_open`` or ``audit.key_invalid``.
    """
    try:
        key = note.parse_secret(_read(path))
    except FormatError as error:
        raise Refused("audit.key_invalid", file=path) from error
    if path.stat().st_mode & _OTHERS:
        raise Refused("audit.key_open", file=path)
    return key


def read_vkeys(path: Path, kind: int) -> tuple[note.VerifierKey, ...]:
    """Read public keys of one kind. Raises Refused ``audit.key_missing`` or ``audit.key_invalid``."""
    try:
        keys = tuple(note.parse_vkey(line, str(path)) for line in _read(path).split())
    except FormatError as error:
        raise Refused("audit.key_invalid", file=path) from error
    if not keys or any(key.kind != kind for key in keys):
        raise Refused("audit.key_invalid", file=path)
    return keys


def read_public(folder: Path) -> PublicKeys:
    """The keys of the log and its witnesses. Raises Refused ``audit.key_missing`` or ``audit.key_invalid``."""
    witnesses = folder / "witnesses.vkey"
    known = read_vkeys(witnesses, note.COSIGNATURE) if witnesses.exists() else ()
    return PublicKeys(read_vkeys(folder / "audit.vkey", note.ED25519)[0], known)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise Refused("audit.key_missing", file=path) from error
    except PermissionError as error:
        raise Refused("audit.key_unreadable", file=path) from error
    except UnicodeDecodeError as error:
        raise Refused("audit.key_invalid", file=path) from error
