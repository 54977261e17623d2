"""Where a line stands in a table of millions, with its Merkle proof, without reading the table again.

An index lies beside the table: of every 128 lines the first line, where it begins, and the nodes of the tree above.
It is made from the table and believed in nothing, and neither are the bytes of the table: every line that an answer
rests on is held against the stated root. Of a line that is there that is the line itself; of one that is not, the two
between which it would stand, side by side in the tree. An index that does not fit is made anew, and a table that does
not have its root answers nobody.
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
from gongchou.draw.table import LONGEST_LINE, Blob, line_chunks

BLOCK = 128  # lines; a power of two, so that the tree over blocks is the upper part of the tree over lines
MAGIC = b"gongchou table index 1\n"
LARGEST = BLOCK * (LONGEST_LINE + 1)  # bytes of a block
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
        if blob.size:
            raise _UnfitError
        return None
    table = _Table(blob, stated, _Index(kept, stated["size"]))
    for begin in begins:
        number, at = table.place_of(begin)
        line = table.lines(number)[at : at + 1]
        if line and line[0].startswith(begin):
            proof = table.proof(number, at)
            return Found(line[0].decode(), number * BLOCK + at, proof)
    table.check_all()
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


class _Table:
    """A table as an index leads through it. What was read is right only once it was proven."""

    def __init__(self, blob: Blob, stated: Document, index: _Index) -> None:
        self._blob, self._index = blob, index
        self._size, self._root = stated["size"], bytes.fromhex(stated["root"])
        self._read: dict[int, list[bytes]] = {}

    def place_of(self, begin: bytes) -> tuple[int, int]:
        """Block and place in it of the first line that is not before ``begin``; behind the last where all are.

        The line before it, if there is one, was read as well: it is the one before in the tree, and before ``begin``.
        """
        number = max(bisect_left(self._index.firsts, begin) - 1, 0)
        lines = self.lines(number)
        at = bisect_left(lines, begin)
        if at == 0 and number:
            raise _UnfitError
        if at < len(lines) or number + 1 == len(self._index.starts):
            return number, at
        if self.lines(number + 1)[0] < begin:
            raise _UnfitError
        return number + 1, 0

    def lines(self, number: int) -> list[bytes]:
        """Of a block, each without LF."""
        if number not in self._read:
            self._read[number] = self._lines(number)
        return self._read[number]

    def _lines(self, number: int) -> list[bytes]:
        starts = [*self._index.starts[number : number + 2], self._blob.size]
        start, end = starts[0], starts[1]
        if not 0 < end - start <= LARGEST or end > self._blob.size:
            raise _UnfitError
        *lines, rest = self._blob.read(start, end - start).split(b"\n")
        if rest or len(lines) != min(BLOCK, self._size - number * BLOCK):
            raise _UnfitError
        return lines

    def proof(self, number: int, at: int) -> list[bytes]:
        """That a line stands where it was read, and with it the whole block, of which the proof is made."""
        hashes = [leaf_hash(line) for line in self.lines(number)]
        proof = inclusion_proof(hashes, at) + self._index.path(number)
        if not is_included(hashes[at], number * BLOCK + at, self._size, proof, self._root):
            raise _UnfitError
        return proof

    def check_all(self) -> None:
        """Prove all that was read, block by block: the tree over blocks is the upper part of the tree over lines."""
        n_blocks = len(self._index.starts)
        for number, lines in self._read.items():
            block = root_of_hashes([leaf_hash(line) for line in lines])
            if not is_included(block, number, n_blocks, self._index.path(number), self._root):
                raise _UnfitError
