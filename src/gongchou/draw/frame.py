"""Who could be drawn: frame, exclusions, universe, and pseudonyms for all of them (spec section 3)."""

from __future__ import annotations

import heapq
import hmac
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from gongchou.draw.encoding import Document, encode_base32, sha256_hex
from gongchou.draw.errors import EvidenceError, FormatError
from gongchou.draw.merkle import Accumulator
from gongchou.draw.table import (
    EXCLUDED,
    FRAME,
    FRAME_WITH_UNIT,
    Blob,
    Columns,
    line_chunks,
    read_all,
    table_chunks,
    write_table,
)

MERGE_CHUNK = 1 << 14  # bytes; of hundreds of strata that are read side by side each holds one


@dataclass
class Digest:
    """What the parameters state of a table: number of lines, SHA-256 of the file, Merkle root of the lines."""

    size: int = 0
    sha256: str = ""
    root: str = ""

    def document(self) -> Document:
        """The three facts as they stand in a document."""
        return {"root": self.root, "sha256": self.sha256, "size": self.size}


class Digester:
    """Takes the lines of a table in chunks and gives its Digest."""

    def __init__(self) -> None:
        self._file = sha256()
        self._tree = Accumulator()

    def add(self, lines: list[bytes]) -> None:
        """Append lines (without LF)."""
        self._file.update(b"\n".join(lines) + b"\n")
        self._tree.add(lines)

    def result(self) -> Digest:
        """The digest of all lines so far."""
        return Digest(self._tree.size, self._file.hexdigest(), self._tree.root().hex())


@dataclass
class Stratum:
    """Where a stratum stands in the frame: bytes [start, end), and how many objects it has."""

    start: int
    end: int
    size: int


@dataclass
class FrameScan:
    """One pass over a frame: its digest and its strata in order."""

    digest: Digest
    strata: dict[str, Stratum] = field(default_factory=dict)

    def spans(self) -> dict[str, tuple[int, int]]:
        """Stratum -> (first byte, byte after the last)."""
        return {name: (part.start, part.end) for name, part in self.strata.items()}


def scan_table(blob: Blob, columns: Columns, place: str) -> Digest:
    """Check a table and take its digest in one pass. Raises FormatError."""
    digester = Digester()
    for lines in table_chunks(blob, columns, place):
        digester.add(lines)
    return digester.result()


def scan_frame(blob: Blob, *, with_unit: bool = False, place: str = "frame.tsv") -> FrameScan:
    """Check a frame's grammar and order and learn its strata, in memory of a few megabytes.

    Raises FormatError ``table_invalid`` or ``table_order``. Objects in two strata are found by ``check_unique``.
    """
    digester = Digester()
    strata: dict[str, Stratum] = {}
    offset = 0
    for lines in table_chunks(blob, FRAME_WITH_UNIT if with_unit else FRAME, place):
        digester.add(lines)
        offset = _note_strata(lines, strata, offset)
    return FrameScan(digester.result(), strata)


def _note_strata(lines: list[bytes], strata: dict[str, Stratum], offset: int) -> int:
    begin = 0
    while begin < len(lines):
        name = lines[begin].split(b"\t", 1)[0]
        end = bisect_left(lines, name + b"\n", begin)  # LF sorts between TAB and every id character
        length = sum(map(len, lines[begin:end])) + end - begin
        part = strata.setdefault(name.decode(), Stratum(offset, offset, 0))
        part.end = offset = offset + length
        part.size += end - begin
        begin = end
    return offset


def object_ids(blob: Blob, scan: FrameScan) -> Iterator[bytes]:
    """All object ids of a frame ascending, by merging its strata, each of which is sorted already."""
    streams = [_column(blob, part.start, part.end, 1) for part in scan.strata.values()]
    return heapq.merge(*streams)


def _column(blob: Blob, start: int, end: int, number: int) -> Iterator[bytes]:
    for lines in line_chunks(blob, start, end, chunk=MERGE_CHUNK):
        for line in lines:
            yield line.split(b"\t", number + 1)[number]


def list_digest(frame: Blob, scan: FrameScan, excluded: Blob, place: str = "frame.tsv") -> Digest:
    """Digest of the id list of frame and exclusions together (the universe of an open draw).

    Raises FormatError ``frame_duplicate`` for an object twice in the frame, EvidenceError
    ``frame_excluded_overlap`` for one in both tables.
    """
    digester = Digester()
    marked = heapq.merge(
        ((i, False) for i in object_ids(frame, scan)),
        ((i, True) for i in _column(excluded, 0, excluded.size, 0)),
    )
    for batch in _batches(_without_doubles(marked, place)):
        digester.add(batch)
    return digester.result()


def _without_doubles(marked: Iterable[tuple[bytes, bool]], place: str) -> Iterator[bytes]:
    before, was_excluded = b"", False
    for object_id, is_excluded in marked:
        if object_id == before:
            if is_excluded or was_excluded:
                raise EvidenceError("frame_excluded_overlap", place, object=object_id.decode())
            raise FormatError("frame_duplicate", place, object=object_id.decode())
        yield object_id
        before, was_excluded = object_id, is_excluded


def _batches(items: Iterable[bytes]) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    for item in items:
        batch.append(item)
        if len(batch) == 1 << 14:
            yield batch
            batch = []
    if batch:
        yield batch


def digest_of_list(ids: Iterable[str]) -> Digest:
    """Digest of an id list given in any order."""
    digester = Digester()
    for batch in _batches(i.encode() for i in sorted(ids)):
        digester.add(batch)
    return digester.result()


def count_reasons(excluded: Blob) -> dict[str, int]:
    """How often each reason code occurs in an exclusion table."""
    chunks = table_chunks(excluded, EXCLUDED, "excluded.tsv")
    return dict(Counter(line.split(b"\t")[1].decode() for lines in chunks for line in lines))


def exclude(frame: bytes, reasons: dict[str, tuple[str, str]]) -> tuple[bytes, bytes]:
    """Take objects out of a frame; return the rest and their exclusion table.

    reasons: object -> (reason code, evidence digest or ``-``).
    Raises EvidenceError ``not_in_frame`` for an object that is not there.
    """
    rows = [line.split("\t") for line in frame.decode().splitlines()]
    missing = set(reasons) - {row[1] for row in rows}
    if missing:
        raise EvidenceError("not_in_frame", "frame.tsv", object=min(missing))
    kept = write_table(row for row in rows if row[1] not in reasons)
    return kept, write_table((object_id, *why) for object_id, why in reasons.items())


def frame_lines(blob: Blob, wanted: set[str]) -> dict[str, list[str]]:
    """The fields of the wanted objects' lines, by object id."""
    keys = {object_id.encode() for object_id in wanted}
    found: dict[str, list[str]] = {}
    for lines in line_chunks(blob, 0, blob.size):
        for line in lines:
            parts = line.split(b"\t")
            if parts[1] in keys:
                found[parts[1].decode()] = [part.decode() for part in parts]
    return found


def pools_of(frame: Blob, selected: set[str]) -> dict[str, str]:
    """Selected object -> its pool in this frame."""
    return {object_id: fields[2] for object_id, fields in sorted(frame_lines(frame, selected).items())}


# Pseudonyms -------------------------------------------------------------------------------------


def key_commitment(key: bytes) -> str:
    """What is published of the 32-byte campaign key before the seed exists."""
    return sha256_hex(f"vdp1 key\n{key.hex()}\n".encode())


def salt_of(key: bytes, real_id: str) -> str:
    """The 64 hex digits that open one pseudonym and no other."""
    return hmac.new(key, real_id.encode(), sha256).hexdigest()


def pseudonym(salt: str, real_id: str) -> str:
    """The 52 characters that stand for a real id in a sealed frame.

    All 256 bits are kept: at 128 a dishonest operator could search for one pseudonym that opens to two firms.
    """
    return encode_base32(sha256(f"vdp1 pid\n{salt}\n{real_id}\n".encode()).digest())


def seal(key: bytes, real_id: str) -> str:
    """Pseudonym of a real id under the campaign key."""
    return pseudonym(salt_of(key, real_id), real_id)


def open_pseudonyms(key: bytes, real_ids: Iterable[str], frame: Blob, scan: FrameScan, excluded: Blob) -> list[str]:
    """The real ids behind every pseudonym of frame and exclusions, found among ``real_ids``.

    Raises EvidenceError ``pid_mismatch`` for pseudonyms that none of them opens.
    """
    behind = {seal(key, real_id): real_id for real_id in real_ids}
    present = [own.decode() for own in object_ids(frame, scan)]
    present += [line.split("\t")[0] for line in read_all(excluded).decode().splitlines()]
    ghosts = [own for own in present if own not in behind]
    if ghosts:
        raise EvidenceError("pid_mismatch", "frame.tsv", ghosts=len(ghosts), example=min(ghosts))
    return [behind[own] for own in present]


def check_units(frame: Blob, units: Mapping[str, str | None], place: str) -> None:
    """Every object stands with its own unit: a draw by units could else group objects as somebody likes.

    units: object -> unit, as both stand in a sealed frame. Raises EvidenceError ``pid_mismatch``.
    """
    wrong = [
        object_id.decode()
        for lines in line_chunks(frame)
        for _, object_id, _, unit in (line.split(b"\t") for line in lines)
        if units[object_id.decode()] != unit.decode()
    ]
    if wrong:
        raise EvidenceError("pid_mismatch", place, ghosts=len(wrong), example=min(wrong))
