"""Tables: TAB-separated lines in ascending bytewise order, read in chunks so that 14 million lines fit anywhere.

A ``Blob`` is bytes that can be read piecewise; the core never opens a file, whoever calls it hands in blobs.
"""

from __future__ import annotations

import operator
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Protocol

from gongchou.draw.encoding import CODE, HASH, ID, INTEGER, POSITIVE, SKILL
from gongchou.draw.errors import FormatError

CHUNK = 1 << 20
LONGEST_LINE = (1 << 16) - 1
PEEK = 1 << 8  # bytes; where a line ends is seen in one read of so many, as a rule

FRAME = (ID, ID, ID)
FRAME_WITH_UNIT = (ID, ID, ID, ID)
EXCLUDED = (ID, CODE, rf"(?:{HASH}|-)")
_SLOT = f"{ID}:{POSITIVE}"
RANKED = (ID, POSITIVE, ID, HASH)
INSPECTORS = (ID, ID, ID, rf"(?:\*|{ID}(?:,{ID})*)", rf"(?:-|{SKILL}(?:,{SKILL})*)", INTEGER, INTEGER)
AVOID = (ID, ID)
ASSIGNMENT = (ID, POSITIVE, ID, INTEGER, HASH, r"(?:deal|repair)")
UNFILLED = (_SLOT, rf"(?:full\t{ID}|(?:open|reached)\t{_SLOT})")
REPLACEMENTS = (INTEGER, ID, ID, ID, POSITIVE, CODE, HASH)
SUBSTITUTIONS = (
    INTEGER,
    ID,
    POSITIVE,
    rf"(?:{ID}|-)",
    rf"(?:{ID}|-|void)",
    rf"(?:{INTEGER}|-)",
    rf"(?:{HASH}|-)",
    HASH,
)

Columns = tuple[str, ...]


class Blob(Protocol):
    """Bytes that can be read piece by piece."""

    @property
    def size(self) -> int:
        """Number of bytes."""

    def read(self, offset: int, length: int) -> bytes:
        """Return up to ``length`` bytes from ``offset``."""


class Bytes:
    """A blob held in memory."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    @property
    def size(self) -> int:
        """Number of bytes."""
        return len(self.data)

    def read(self, offset: int, length: int) -> bytes:
        """Return up to ``length`` bytes from ``offset``."""
        return self.data[offset : offset + length]


def read_all(blob: Blob) -> bytes:
    """The whole blob as bytes; for documents and small tables."""
    return blob.read(0, blob.size)


def line_chunks(
    blob: Blob, start: int = 0, end: int | None = None, place: str = "", *, chunk: int = CHUNK
) -> Iterator[list[bytes]]:
    """Yield the lines between two offsets, without their LF, in lists of about ``chunk`` bytes.

    Raises FormatError ``table_invalid`` when the last line has no LF or a line is longer than 65,535 bytes.
    """
    end = blob.size if end is None else end
    rest = b""
    while start < end:
        block = blob.read(start, min(chunk, end - start))
        start += len(block)
        if not block:
            raise FormatError("table_invalid", place, reason="file ends early")
        lines = (rest + block).split(b"\n")
        rest = lines.pop()
        if len(rest) > LONGEST_LINE:
            raise FormatError("table_invalid", place, reason="line too long")
        if lines:
            yield lines
    if rest:
        raise FormatError("table_invalid", place, reason="last line has no LF")


def span_of(blob: Blob, begin: bytes) -> tuple[int, int]:
    """The bytes [start, end) of the lines that begin so, in a table that is in order; found in a few reads.

    begin: a whole first column with its TAB
    """
    return _first_from(blob, begin), _first_from(blob, begin + b"\xff")


def _first_from(blob: Blob, bound: bytes) -> int:
    """Where the first line that is not before ``bound`` begins."""

    def is_reached(offset: int) -> bool:
        start = _line_from(blob, offset)
        return start == blob.size or blob.read(start, len(bound)) >= bound

    return _line_from(blob, bisect_left(range(blob.size), True, key=is_reached))


def _line_from(blob: Blob, offset: int) -> int:
    """Where the first line at or after an offset begins."""
    at = offset - 1
    while 0 <= at < blob.size:
        piece = blob.read(at, PEEK)
        if b"\n" in piece:
            return at + piece.index(b"\n") + 1
        at += PEEK
    return 0 if at < 0 else blob.size


@lru_cache
def _block_pattern(columns: Columns) -> re.Pattern[bytes]:
    # Possessive: a line that does not fit is refused at once instead of being tried in every other split.
    return re.compile(("(?:" + "\t".join(columns) + "\n)*+").encode())


@lru_cache
def _line_pattern(columns: Columns) -> re.Pattern[bytes]:
    return re.compile("\t".join(columns).encode())


def check_lines(lines: list[bytes], columns: Columns, before: bytes, number: int, place: str) -> None:
    """Refuse lines that break the grammar of ``columns`` or the strict order after line ``before``.

    number: how many lines of the table came before these, for the message.
    Raises FormatError ``table_invalid`` or ``table_order``.
    """
    if max(map(len, lines)) > LONGEST_LINE:
        raise FormatError("table_invalid", place, reason="line too long")
    if not _block_pattern(columns).fullmatch(b"\n".join(lines) + b"\n"):
        wrong = next(i for i, line in enumerate(lines) if not _line_pattern(columns).fullmatch(line))
        raise FormatError("table_invalid", place, line=number + wrong + 1, text=_shown(lines[wrong]), reason="grammar")
    follows = [before, *lines[:-1]]
    if not all(map(operator.lt, follows, lines)):
        wrong = next(i for i, (a, b) in enumerate(zip(follows, lines, strict=True)) if a >= b)
        raise FormatError("table_order", place, line=number + wrong + 1, text=_shown(lines[wrong]))


def _shown(line: bytes) -> str:
    return line[:120].decode("utf-8", "backslashreplace").replace("\t", " ⇥ ").replace("\r", "\\r")


def table_chunks(blob: Blob, columns: Columns, place: str = "") -> Iterator[list[bytes]]:
    """Yield the checked lines of a table in chunks. Raises FormatError as ``check_lines``."""
    before, number = b"", 0
    for lines in line_chunks(blob, place=place):
        check_lines(lines, columns, before, number, place)
        yield lines
        before = lines[-1]
        number += len(lines)


def read_table(data: bytes, columns: Columns, place: str = "") -> list[list[str]]:
    """The rows of a small table, checked. Raises FormatError."""
    return [line.decode().split("\t") for lines in table_chunks(Bytes(data), columns, place) for line in lines]


def write_table(rows: Iterable[Iterable[object]]) -> bytes:
    """Sort rows bytewise and write them; no row gives zero bytes."""
    lines = sorted("\t".join(map(str, row)).encode() + b"\n" for row in rows)
    return b"".join(lines)
