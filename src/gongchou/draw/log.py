"""The public log: entries, checkpoints, witnesses, proofs (spec section 9).

Standards: RFC 6962 trees, C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-proof.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gongchou.draw import note
from gongchou.draw.encoding import (
    CODE,
    INTEGER,
    Document,
    decode_base64,
    dump_json,
    encode_base64,
    parse_time,
    sha256_hex,
)
from gongchou.draw.errors import DrawError, EvidenceError, FormatError
from gongchou.draw.merkle import is_consistent, is_included, leaf_hash
from gongchou.draw.params import (
    GROUPS,
    HASH,
    IDENTIFIER,
    LATER_SOURCE,
    MOMENT,
    PLAN,
    TEXT,
    Shape,
    array,
    integer,
    matching,
    nullable,
    one_of,
    read_document,
    record,
    tagged,
)

FIRST_PREV = "0" * 64
LONGEST_ENTRY = (1 << 16) - 1  # bytes, as C2SP tlog-tiles has it

Key = note.VerifierKey


def _any_object(value: object, path: str) -> None:
    if not isinstance(value, dict):
        raise FormatError("json_field", field=path)


_READ: dict[str, Shape] = {
    "campaign": IDENTIFIER,
    "reader": IDENTIFIER,
    "second": nullable(IDENTIFIER),
    "value": TEXT,
}
_OF_SOURCE, _OF_REQUEST = record(source=integer(1), **_READ), record(event=integer(), **_READ)


def _reading(value: object, path: str) -> None:
    """Of a source of the seed by its number, or of a request by the index of its entry."""
    shape = _OF_REQUEST if isinstance(value, dict) and "event" in value else _OF_SOURCE
    shape(value, path)


_NAME = matching(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")
_FILES = array(record(name=_NAME, sha256=HASH, size=integer()))
_SECRET = matching(r"[0-9a-f]{64}")
BODIES: dict[str, Shape] = {
    "keys": record(note=nullable(TEXT), vkeys=array(TEXT)),
    "plan": record(plan=PLAN),
    "commit": record(
        beacon_time=MOMENT,
        campaign=IDENTIFIER,
        commitment=HASH,
        draw=IDENTIFIER,
        mode=one_of("official", "test"),
        plan=PLAN,
        supersedes=nullable(IDENTIFIER),
    ),
    "reveal": record(campaign=IDENTIFIER, party=IDENTIFIER, secret=_SECRET),
    "reading": _reading,
    "close": record(campaign=IDENTIFIER),
    "seed": record(campaign=IDENTIFIER, seed=HASH),
    "result": record(campaign=IDENTIFIER, draw=IDENTIFIER),
    "match": record(campaign=IDENTIFIER),
    "replace": record(
        campaign=IDENTIFIER,
        draw=IDENTIFIER,
        evidence=nullable(HASH),
        out=IDENTIFIER,
        rank=integer(1),
        reason=matching(CODE),
        second=nullable(IDENTIFIER),
        stratum=IDENTIFIER,
        **{"in": IDENTIFIER},
    ),
    "substitute": record(
        campaign=IDENTIFIER,
        evidence=nullable(HASH),
        reason=matching(CODE),
        request=HASH,
        second=nullable(IDENTIFIER),
        source=tagged(
            "type",
            drand=LATER_SOURCE,
            digits=LATER_SOURCE,
            lottery=record(game=IDENTIFIER, groups=GROUPS, issue=matching(r"[0-9]{1,20}"), type=TEXT),
        ),
    ),
    "withdraw": record(campaign=IDENTIFIER, draw=IDENTIFIER, reason=matching(CODE), second=nullable(IDENTIFIER)),
    "audit": _any_object,
    "disclose": _any_object,
    "outcome": _any_object,
}


# Type of entry -> names of its files behind the draw's directory; other types may hold any.
_NO_FILES: tuple[str, ...] = ()
FILES_OF = {
    "keys": _NO_FILES,
    "commit": ("params.json",),
    "reveal": _NO_FILES,
    "reading": _NO_FILES,
    "close": ("close.txt",),
    "seed": ("seed-input.txt",),
    "result": ("reserve.tsv", "selected.tsv"),
    "match": ("assignment.tsv", "unfilled.tsv"),
    "replace": _NO_FILES,
    "substitute": _NO_FILES,
    "withdraw": _NO_FILES,
}


def _entry(value: object, path: str) -> None:
    kind = value.get("type") if isinstance(value, dict) else None
    if not isinstance(kind, str) or kind not in BODIES:
        raise FormatError("json_field", field="type", value=str(kind))
    record(
        authority=IDENTIFIER,
        body=BODIES[kind],
        files=_FILES,
        prev=HASH,
        seq=integer(1),
        time=MOMENT,
        type=TEXT,
        v=one_of("vdp1"),
    )(value, path)


@dataclass(frozen=True)
class Entry:
    """A log entry where it stands: index in the whole log, its bytes, its document."""

    index: int
    data: bytes
    document: Document

    @property
    def type(self) -> str:
        """commit, close, seed, …"""
        return str(self.document["type"])

    @property
    def body(self) -> Document:
        """The part that depends on the type."""
        return self.document["body"]  # type: ignore[no-any-return]

    @property
    def time(self) -> int:
        """What the authority says when it was (seconds since 1970); cosignatures prove it."""
        return parse_time(self.document["time"])

    @property
    def place(self) -> str:
        """Its path in a bundle."""
        return f"log/{self.index:08}.json"


def read_entry(data: bytes, index: int) -> Entry:
    """Parse a log entry. Raises FormatError ``entry_invalid``."""
    place = f"log/{index:08}.json"
    if len(data) > LONGEST_ENTRY:
        raise FormatError("entry_invalid", place, field="", size=len(data))
    try:
        document = read_document(data, _entry, place)
    except FormatError as error:
        raise FormatError("entry_invalid", place, cause=error.code, **error.facts) from error
    if not _has_its_files(document):
        raise FormatError("entry_invalid", place, field="files")
    return Entry(index, data, document)


def _has_its_files(document: Document) -> bool:
    names = [file["name"] for file in document["files"]]
    if names != sorted(set(names)):
        return False
    wanted = FILES_OF.get(document["type"])
    prefix = f"{document['body'].get('draw')}/"
    return wanted is None or names in ([*wanted], [prefix + name for name in wanted])


def write_entry(
    kind: str,
    body: Document,
    *,
    authority: str,
    time: str,
    previous: Entry | None,
    files: Mapping[str, bytes] | None = None,
) -> bytes:
    """The bytes of an authority's next entry; ``previous`` is its latest, wherever that stands in the log."""
    named = [{"name": n, "sha256": sha256_hex(d), "size": len(d)} for n, d in sorted((files or {}).items())]
    return dump_json(
        {
            "authority": authority,
            "body": body,
            "files": named,
            "prev": sha256_hex(previous.data) if previous else FIRST_PREV,
            "seq": previous.document["seq"] + 1 if previous else 1,
            "time": time,
            "type": kind,
            "v": "vdp1",
        }
    )


def chains_of(entries: Iterable[Entry]) -> list[list[Entry]]:
    """The entries of each authority, in the order of the log."""
    found: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=lambda entry: entry.index):
        found.setdefault(entry.document["authority"], []).append(entry)
    return list(found.values())


def check_chain(entries: Sequence[Entry], *, is_whole: bool = True) -> None:
    """Refuse an authority's chain, or a run of it, with a gap, a wrong ``prev`` or a step back in time.

    Raises EvidenceError ``chain_broken``.
    """
    previous = None if is_whole else entries[0]
    for entry in entries if is_whole else entries[1:]:
        document = entry.document
        if document["seq"] != (previous.document["seq"] + 1 if previous else 1):
            raise EvidenceError("chain_broken", entry.place, field="seq", seq=document["seq"])
        if document["prev"] != (sha256_hex(previous.data) if previous else FIRST_PREV):
            raise EvidenceError("chain_broken", entry.place, field="prev", seq=document["seq"])
        if previous and entry.time < previous.time:
            raise EvidenceError("chain_broken", entry.place, field="time", seq=document["seq"])
        previous = entry


# Checkpoints ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Checkpoint:
    """A signed statement of the log's size and root."""

    origin: str
    size: int
    root: bytes
    signed: note.Note

    def cosigned_times(self, witnesses: Iterable[Key]) -> list[int]:
        """Times of valid cosignatures by these witnesses, ascending (seconds since 1970)."""
        earliest: dict[bytes, int] = {}
        for key in witnesses:
            time = note.cosigned_at(self.signed, key)
            if time is not None:  # two names for one key are one witness
                earliest[key.public_key] = min(time, earliest.get(key.public_key, time))
        return sorted(earliest.values())


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    """The text that log and witnesses sign."""
    return f"{origin}\n{size}\n{encode_base64(root)}\n"


def read_checkpoint(data: bytes, place: str) -> Checkpoint:
    """Parse a checkpoint note. Raises FormatError ``checkpoint_invalid``."""
    try:
        signed = note.parse_note(data, place)
        lines = signed.text.split("\n")
        root = decode_base64(lines[2], place) if len(lines) == 4 else b""
    except FormatError as error:
        raise FormatError("checkpoint_invalid", place) from error
    if len(root) != 32 or not lines[0] or not re.fullmatch(INTEGER, lines[1]):
        raise FormatError("checkpoint_invalid", place)
    return Checkpoint(lines[0], int(lines[1]), root, signed)


# Proofs -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Proof:
    """That the entry at ``index`` is in the tree of ``checkpoint``."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: Checkpoint


def write_proof(index: int, hashes: Sequence[bytes], checkpoint: bytes) -> bytes:
    """A C2SP tlog-proof file."""
    lines = ["c2sp.org/tlog-proof@v1", f"index {index}", *map(encode_base64, hashes), ""]
    return "\n".join(lines).encode() + b"\n" + checkpoint


def read_proof(data: bytes, place: str) -> Proof:
    """Parse a tlog-proof file. Raises FormatError ``proof_invalid`` or ``checkpoint_invalid``."""
    head, gap, tail = data.partition(b"\n\n")
    try:
        lines = head.decode().split("\n")
        found = re.fullmatch(rf"index ({INTEGER})", lines[1]) if len(lines) > 1 else None
        hashes = tuple(decode_base64(line, place) for line in lines[2:])
    except (UnicodeDecodeError, FormatError) as error:
        raise FormatError("proof_invalid", place) from error
    if not gap or lines[0] != "c2sp.org/tlog-proof@v1" or not found:
        raise FormatError("proof_invalid", place)
    return Proof(int(found[1]), hashes, read_checkpoint(tail, place))


def check_inclusion(entry: Entry, proof: Proof, place: str) -> None:
    """Raises EvidenceError ``inclusion`` when the proof is not of this entry in that tree."""
    size, root = proof.checkpoint.size, proof.checkpoint.root
    fits = proof.index == entry.index
    if not fits or not is_included(leaf_hash(entry.data), entry.index, size, proof.hashes, root):
        raise EvidenceError("inclusion", place, index=entry.index, size=size)


def read_consistency(data: bytes, place: str) -> dict[tuple[int, int], list[bytes]]:
    """(smaller size, larger size) -> proof. Lines are ordered by the smaller size as a number.

    Raises FormatError ``proof_invalid``.
    """
    found: dict[tuple[int, int], list[bytes]] = {}
    try:
        lines = data.decode().split("\n")
        if lines.pop():
            raise FormatError("proof_invalid", place)
        for line in lines:
            a, b, hashes = _consistency_line(line, place)
            if found and a <= max(found)[0]:
                raise FormatError("proof_invalid", place, line=line[:80])
            found[a, b] = hashes
    except UnicodeDecodeError as error:
        raise FormatError("proof_invalid", place) from error
    return found


def _consistency_line(line: str, place: str) -> tuple[int, int, list[bytes]]:
    parts = re.fullmatch(rf"({INTEGER})\t({INTEGER})\t(-|[A-Za-z0-9+/=]+(?:,[A-Za-z0-9+/=]+)*)", line)
    if not parts:
        raise FormatError("proof_invalid", place, line=line[:80])
    try:
        hashes = [] if parts[3] == "-" else [decode_base64(part, place) for part in parts[3].split(",")]
    except FormatError as error:
        raise FormatError("proof_invalid", place, line=line[:80]) from error
    return int(parts[1]), int(parts[2]), hashes


def write_consistency(proofs: Mapping[tuple[int, int], Sequence[bytes]]) -> bytes:
    """``log/consistency.tsv``."""
    lines = [f"{a}\t{b}\t{','.join(map(encode_base64, p)) or '-'}\n" for (a, b), p in sorted(proofs.items())]
    return "".join(lines).encode()


def check_history(
    checkpoints: Iterable[Checkpoint], horizon: Checkpoint, proofs: Mapping[tuple[int, int], list[bytes]]
) -> None:
    """One log, never rewritten: every two successive checkpoints are consistent, none is past the horizon.

    Raises EvidenceError ``consistency``.
    """
    place = "log/consistency.tsv"
    roots: dict[int, bytes] = {horizon.size: horizon.root}
    for checkpoint in checkpoints:
        if checkpoint.size > horizon.size or roots.setdefault(checkpoint.size, checkpoint.root) != checkpoint.root:
            raise EvidenceError("consistency", place, size=checkpoint.size)
    sizes = sorted(roots)
    pairs = list(pairwise(sizes))
    if set(proofs) != set(pairs):
        raise EvidenceError("consistency", place, size=horizon.size)
    for a, b in pairs:
        if not is_consistent(a, b, proofs[a, b], roots[a], roots[b]):
            raise EvidenceError("consistency", place, size=a, second=b)


def check_checkpoint(checkpoint: Checkpoint, log_key: Key, witnesses: Sequence[Key], k: int, place: str) -> None:
    """Raises EvidenceError ``checkpoint_signature`` or ``checkpoint_witnesses``."""
    if checkpoint.origin != log_key.name or not note.is_signed_by(checkpoint.signed, log_key):
        raise EvidenceError("checkpoint_signature", place, size=checkpoint.size)
    signed = len(checkpoint.cosigned_times(witnesses))
    if signed < k:
        raise EvidenceError("checkpoint_witnesses", place, found=signed, needed=k)


def read_key(data: bytes, kind: int, place: str) -> Key:
    """One vkey and LF. Raises FormatError ``key_invalid``."""
    keys = read_keys(data, kind, place)
    if len(keys) != 1:
        raise FormatError("key_invalid", place, count=len(keys))
    return keys[0]


def read_keys(data: bytes, kind: int, place: str) -> list[Key]:
    """A table of vkeys of one kind, ascending. Raises FormatError ``key_invalid``."""
    try:
        lines = data.decode("ascii").split("\n")
        keys = [note.parse_vkey(line, place) for line in lines[:-1]]
    except (UnicodeDecodeError, DrawError) as error:
        raise FormatError("key_invalid", place) from error
    if lines[-1] or lines[:-1] != sorted(set(lines[:-1])) or any(key.kind != kind for key in keys):
        raise FormatError("key_invalid", place)
    return keys
