"""Checking that a line is in the log, with nothing but two files and the log's public key. No Django here."""

from __future__ import annotations

import json

from gongchou.draw import log, note
from gongchou.draw.errors import FormatError
from gongchou.draw.merkle import is_included, leaf_hash
from gongchou.refusal import Refused


def check_line(data: bytes, proof: bytes, key: note.VerifierKey) -> log.Proof:
    """Check the bytes of a line against its proof; return what was proved.

    Raises Refused ``audit.note_invalid`` for what is no proof, ``audit.proof_signature`` when the log did not sign its
    checkpoint and ``audit.proof_wrong`` when the line is not the one it is about.
    """
    try:
        found = log.read_proof(proof, "proof")
    except FormatError as error:
        raise Refused("audit.note_invalid") from error
    checkpoint = found.checkpoint
    if checkpoint.origin != key.name or not note.is_signed_by(checkpoint.signed, key):
        raise Refused("audit.proof_signature", origin=checkpoint.origin)
    is_in = is_included(leaf_hash(data), found.index, checkpoint.size, found.hashes, checkpoint.root)
    if not is_in or _index_of(data, found.index) != found.index:
        raise Refused("audit.proof_wrong", index=found.index, size=checkpoint.size)
    return found


def _index_of(data: bytes, proven: int) -> int | None:
    """Where a line says it stands; an entry of the public log of draws says nothing of it."""
    try:
        told = json.loads(data)
    except ValueError:
        return None
    return told.get("index", proven) if isinstance(told, dict) else None
