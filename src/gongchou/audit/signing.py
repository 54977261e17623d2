"""Signing how far a log has come, whichever log it is: its own rows are read by who keeps it.

What is to be signed is computed twice and compared before, and the signature is looked at again behind it: a bit that
flips on the way costs a checkpoint, never a wrong one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Protocol

from gongchou.audit.models import Chained
from gongchou.draw import log, note
from gongchou.draw.errors import FormatError
from gongchou.draw.merkle import is_consistent
from gongchou.refusal import Refused


class Tree(Protocol):
    """The tree over all leaves of a log, as it was read again."""

    @property
    def size(self) -> int:
        """How many leaves."""

    def root(self) -> bytes:
        """The root over all, 32 bytes."""

    def consistency_proof(self, first: int) -> list[bytes]:
        """Proof that the tree of the first ``first`` leaves begins this one."""


def latest_signed(path: Path) -> log.Checkpoint | None:
    """The last checkpoint that was signed on this machine, or None. Raises Refused ``audit.key_invalid``."""
    try:
        return log.read_checkpoint(path.read_bytes(), str(path)) if path.exists() else None
    except FormatError as error:
        raise Refused("audit.key_invalid", file=path) from error


def check_not_shorter(size: int, signed: int) -> None:
    """Raises Refused ``audit.log_shorter`` or ``audit.log_empty``."""
    if size < signed:
        raise Refused("audit.log_shorter", size=size, signed=signed)
    if not size:
        raise Refused("audit.log_empty")


def check_continues(signed: log.Checkpoint | None, tree: Tree) -> None:
    """Raises Refused ``audit.log_forked`` where the tree does not continue what was signed."""
    if signed is None:
        return
    proof = tree.consistency_proof(signed.size)
    if not is_consistent(signed.size, tree.size, proof, signed.root, tree.root()):
        raise Refused("audit.log_forked", signed=signed.size)


def sign(text: str, reread: Tree, key: note.SecretKey) -> bytes:
    """The note of a checkpoint's text, if the log says the same when it is read again.

    Raises Refused ``audit.roots_differ``.
    """
    if text != log.checkpoint_text(key.public.name, reread.size, reread.root()):
        raise Refused("audit.roots_differ")
    data = note.write_note(text, [note.sign(text, key.public, key.secret)])
    if not _says(data, reread, key.public):
        raise Refused("audit.roots_differ")
    return data


def _says(data: bytes, tree: Tree, key: note.VerifierKey) -> bool:
    try:
        found = log.read_checkpoint(data, "")
    except FormatError:
        return False
    return (found.size, found.root) == (tree.size, tree.root()) and note.is_signed_by(found.signed, key)


def append(row: Chained, index: int, prev: str) -> str:
    """Keep a row behind the one with this digest; return its own."""
    row.index = index
    row.at = row.at.astimezone(UTC).replace(microsecond=0)
    row.digest = row.digest_after(prev)
    row.save(force_insert=True)
    return row.digest


# What witnesses give back ------------------------------------------------------------------------


class Cosigned(NamedTuple):
    """A valid cosignature: whose, its line, and when by the witness's own clock."""

    witness: str
    line: str
    at: datetime


def read_note(data: bytes) -> log.Checkpoint:
    """A checkpoint as somebody handed it in. Raises Refused ``audit.note_invalid``."""
    try:
        return log.read_checkpoint(data, "")
    except FormatError as error:
        raise Refused("audit.note_invalid") from error


def cosignatures_on(data: bytes, witnesses: Iterable[note.VerifierKey]) -> list[Cosigned]:
    """The valid ones by these witnesses on a note. Raises Refused ``audit.note_invalid``."""
    text, known = read_note(data).signed.text, {key.name: key for key in reversed([*witnesses])}
    found = []
    for line in data.decode().rpartition("\n\n")[2].splitlines(keepends=True):
        single = note.parse_note(note.write_note(text, [line]))
        key = known.get(single.signatures[0].name)
        time = note.cosigned_at(single, key) if key else None
        if key and time is not None:
            found.append(Cosigned(key.name, line, datetime.fromtimestamp(time, UTC)))
    return found
