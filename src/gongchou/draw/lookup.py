"""Where a line stands in a table of millions, with its Merkle proof, without reading the table again.

An index lies beside the table: of every 512 lines the first line, where it begins, and the nodes of the tree above.
It is made from the table and believed in nothing. A line that is found is held against the stated root; that a line
is not there is read in the table itself, between two lines of which the index says where they are. An index that does
not fit is made anew.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from gongchou.draw.encoding import Document
from gongchou.draw.errors import EvidenceError
from gongchou.draw.merkle import inclusion_proof, is_included, leaf_hash, node_hash, root_of_hashes
from gongchou.draw.table import Blob, line_chunks

BLOCK = 512  # lines; a power of two, so that the tree over blocks is the upper part of the tree over lines
MAGIC = b"gongchou table index 1\n"
AFTER = b"\xff"  # sorts behind whatever continues a line
NODE = 32


class Shelf(Protocol):
    """Where indexes are kept, each under the SHA-256 of its table."""

    def take(self, sha256: str) -> bytes | None:
        """What was put there last, if it is there still."""

    def put(self, sha256: str, data: bytes) -> None:
        """Keep it, or not."""


class NoShelf:
    """Keeps nothing: who asks once reads the table once."""

    def take(self, sha256: str) -> bytes | None:
        """Nothing."""

    def put(self, sha256: str, data: bytes) -> None:
        """Not kept."""


@dataclass(frozen=True)
class Found:
    """A line (without LF), its place from 0, the proof that it stands there."""

    line: str
    index: int
    proof: list[bytes]


def find(blob: Blob, stated: Document, begins: Sequence[bytes], shelf: Shelf, place: str) -> Found | None:
    """The line of a table that begins with one of ``begins``, each ending in TAB; None where there is none.

    stated: root, sha256 and size of the table. Raises EvidenceError ``size_mismatch`` or ``root_mismatch`` where the
    table is not the stated one.
    """
    kept = shelf.take(stated["sha256"])
    if kept is not None:
        try:
            return _find(blob, stated, begins, kept)
        except _UnfitError:
            pass
    try:
        return _find(blob, stated, begins, prepare(blob, stated, shelf, place))
    except _UnfitError:  # the table changed under our hands
        raise EvidenceError("root_mismatch", place) from None


def prepare(blob: Blob, stated: Document, shelf: Shelf, place: str) -> bytes:
    """Read a table once and keep its index. Raises EvidenceError as ``find``, FormatError ``table_invalid``."""
    starts, firsts, roots, size = array("Q"), list[bytes](), list[bytes](), 0
    for start, lines in _blocks(blob, place):
        starts.append(start)
        firsts.append(lines[0])
        roots.append(root_of_hashes([leaf_hash(line) for line in lines]))
        size += len(lines)
    if size != stated["size"]:
        raise EvidenceError("size_mismatch", place, found=size, stated=stated["size"])
    levels = _levels(roots)
    if (levels[-1][0] if roots else root_of_hashes(())).hex() != stated["root"]:
        raise EvidenceError("root_mismatch", place)
    nodes = b"".join(node for level in levels for node in level)
    data = MAGIC + _little(starts).tobytes() + nodes + b"\n".join(firsts)
    shelf.put(stated["sha256"], data)
    return data


def _blocks(blob: Blob, place: str) -> Iterator[tuple[int, list[bytes]]]:
    """Where each block begins, and its lines."""
    start, waiting = 0, list[bytes]()
    for lines in line_chunks(blob, place=place):
        waiting += lines
        at = 0
        while len(waiting) - at >= BLOCK:
            block = waiting[at : at + BLOCK]
            yield start, block
            start += sum(map(len, block)) + BLOCK
            at += BLOCK
        del waiting[:at]
    if waiting:
        yield start, waiting


def _levels(roots: list[bytes]) -> list[list[bytes]]:
    """The roots of the blocks, and each level of nodes above, the last of one node."""
    levels = [roots]
    while len(levels[-1]) > 1:
        below = levels[-1]
        pairs = [node_hash(a, b) for a, b in zip(below[::2], below[1::2], strict=False)]
        levels.append(pairs + below[len(below) & ~1 :])
    return levels


def _little(numbers: array[int]) -> array[int]:
    """The same on every machine."""
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


# Asking -----------------------------------------------------------------------------------------


class _UnfitError(Exception):
    """An index is not that of its table."""


def _find(blob: Blob, stated: Document, begins: Sequence[bytes], kept: bytes) -> Found | None:
    if not stated["size"]:
        return None
    index = _Index(kept, stated["size"])
    for begin in begins:
        number = bisect_left(index.firsts, begin + AFTER) - 1
        text = b"\n" + _text_around(blob, index, number, begin)
        at = text.find(b"\n" + begin)
        if at >= 0:
            return _proved(index, stated, number, text[1:-1].split(b"\n"), text.count(b"\n", 0, at))
    return None


class _Index:
    """An index as it was kept, cut into its parts."""

    def __init__(self, data: bytes, size: int) -> None:
        n = -(-size // BLOCK)
        self.widths = _widths(n)
        self._nodes = len(MAGIC) + 8 * n
        end = self._nodes + NODE * sum(self.widths)
        self.starts = array("Q", data[len(MAGIC) : self._nodes]) if len(data) > end else array("Q")
        self.firsts = data[end:].split(b"\n")
        if not data.startswith(MAGIC) or len(self.starts) != n or len(self.firsts) != n:
            raise _UnfitError
        _little(self.starts)
        self._data = data

    def path(self, number: int) -> list[bytes]:
        """The nodes beside the way from a block to the root."""
        found, at = [], self._nodes
        for width in self.widths[:-1]:
            if number ^ 1 < width:
                place = at + NODE * (number ^ 1)
                found.append(self._data[place : place + NODE])
            at += NODE * width
            number //= 2
        return found


def _widths(n: int) -> list[int]:
    widths = [n]
    while widths[-1] > 1:
        widths.append(-(-widths[-1] // 2))
    return widths


def _text_around(blob: Blob, index: _Index, number: int, begin: bytes) -> bytes:
    """The block in which it would stand; its first line and the next block's stand where the index says.

    So whatever the index says, in a table that is in order it can stand in no other place.
    """
    start = index.starts[number] if number >= 0 else 0
    is_last = number + 1 == len(index.starts)
    after = b"" if is_last else index.firsts[number + 1] + b"\n"
    end = blob.size if is_last else index.starts[number + 1]
    text = blob.read(start, max(0, end - start) + len(after))
    own = text[: max(0, end - start)]
    if number >= 0 and not own.startswith(index.firsts[number] + b"\n"):
        raise _UnfitError
    if text[len(own) :] != after or (own and not own.endswith(b"\n")):
        raise _UnfitError
    if (start and blob.read(start - 1, 1) != b"\n") or not (is_last or begin + AFTER <= after):
        raise _UnfitError
    if number >= 0 and begin + AFTER < index.firsts[number]:
        raise _UnfitError
    return own


def _proved(index: _Index, stated: Document, number: int, lines: list[bytes], at: int) -> Found:
    hashes = [leaf_hash(line) for line in lines]
    proof = inclusion_proof(hashes, at) + index.path(number)
    place = number * BLOCK + at
    if not is_included(hashes[at], place, stated["size"], proof, bytes.fromhex(stated["root"])):
        raise _UnfitError
    return Found(lines[at].decode(), place, proof)
