"""The first rows of every sheet of a workbook, whatever lies below them: a large register is not unpacked for its head.

The reader of workbooks takes a sheet whole or not at all. So it is given a small workbook: the same parts, of each
sheet only the first rows, and of the shared texts only those that stand in them.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from gongchou.draw.errors import FormatError
from gongchou.draw.register import Row
from gongchou.sheets.workbooks import (
    MOST_CELLS,
    Extent,
    check_parts,
    check_stated,
    filled_rows,
    parts_of,
    reading,
    sheet_cells,
    unpacked,
)

SMALL = 32 << 20  # bytes, unpacked: such a workbook is looked through whole, so that all that is wrong is said at once
MOST_TOP = 8 << 20  # of one sheet's first rows, and of one shared text
MOST_TOPS = 64 << 20  # of all that is kept
_MOST_OTHER = 1 << 20  # of parts that are neither sheets nor texts nor looks; the reader does without them

_ROW = re.compile(rb"<(?:\w+:)?row(?=[\s/>])([^<>]*)")
_ROW_NUMBER = re.compile(rb"""(?:^|\s)r=["'](\d{1,9})["']""")
_DATA = re.compile(rb"<(\w+:)?sheetData(?=[\s>])")
_TEXT = re.compile(rb"<(?:\w+:)?si(?=[\s/>])")
_SHARED = re.compile(
    rb"""(<(?:\w+:)?c\s[^<>]*?t=["']s["'][^<>]*>\s*"""
    rb"""(?:<(?:\w+:)?f(?:[^<>]*/>|[^<>]*>[^<]*</(?:\w+:)?f>)\s*)?<(?:\w+:)?v[^<>]*>)\s*(\d{1,9})"""
)


def workbook_tops(path: Path, n: int) -> dict[str, list[Row]]:
    """The first ``n`` rows of each sheet by its name, as ``workbook_rows`` gives them.

    Raises FormatError ``xlsx_invalid``, ``xlsx_too_large``.
    """
    if check_stated(path) <= SMALL:
        check_parts(path)
    with parts_of(path) as archive:
        small = _Tops(archive, path, n).packed()
    with reading(path) as reader:
        book = reader.from_filelike(io.BytesIO(small))
        sheets = {name: book.get_sheet_by_name(name) for name in book.sheet_names}
        return {name: list(islice(filled_rows(sheet_cells(own), 1), n)) for name, own in sheets.items()}


class _Tops:
    """A workbook of the first rows of another."""

    def __init__(self, archive: zipfile.ZipFile, path: Path, n: int) -> None:
        self.archive, self.path, self.n = archive, path, n
        self.n_bytes = 0

    def packed(self) -> bytes:
        parts: dict[str, bytes] = {}
        sheets: dict[str, bytes] = {}
        texts = None
        for part in self.archive.infolist():
            name = part.filename.lower()
            if name.endswith("sharedstrings.xml"):
                texts = part
            elif name.endswith((".rels", "[content_types].xml", "xl/workbook.xml", "xl/styles.xml")):
                parts[part.filename] = self._kept(b"".join(self._chunks(part, MOST_TOPS)))
            elif name.endswith(".xml"):
                found, is_sheet = self._top(part)
                (sheets if is_sheet else parts)[part.filename] = self._kept(found)
        if texts is not None:
            places, parts[texts.filename] = self._texts(texts, sheets.values())
            sheets = {name: _with_places(sheet, places) for name, sheet in sheets.items()}
        small = io.BytesIO()
        with zipfile.ZipFile(small, "w", zipfile.ZIP_STORED) as archive:
            for own, content in (parts | sheets).items():
                archive.writestr(own, content)
        return small.getvalue()

    def _kept(self, content: bytes) -> bytes:
        self.n_bytes += len(content)
        if self.n_bytes > MOST_TOPS:
            raise FormatError("xlsx_too_large", str(self.path), part="")
        return content

    def _chunks(self, part: zipfile.ZipInfo, most: int) -> Iterator[bytes]:
        n_bytes = 0
        for chunk in unpacked(self.archive, part):
            n_bytes += len(chunk)
            if n_bytes > most:
                raise FormatError("xlsx_too_large", str(self.path), part=part.filename)
            yield chunk

    # Sheets

    def _top(self, part: zipfile.ZipInfo) -> tuple[bytes, bool]:
        """The first rows of a sheet; of another part all, or nothing where it is large."""
        content, is_sheet = b"", False
        for chunk in unpacked(self.archive, part):
            content += chunk
            is_sheet = is_sheet or bool(_DATA.search(content))
            end = self._end(content) if is_sheet else None
            if end is not None or len(content) > (MOST_TOP if is_sheet else _MOST_OTHER):
                content = self._cut(content, end, part) if is_sheet else b""
                break
        if is_sheet and Extent().add(content) > MOST_CELLS:
            raise FormatError("xlsx_too_large", str(self.path), part=part.filename)
        return content, is_sheet

    def _end(self, content: bytes) -> int | None:
        """Where the first row begins that is not wanted any more; None where it has not come yet."""
        for count, row in enumerate(_ROW.finditer(content)):
            number = _ROW_NUMBER.search(row[1])
            if count >= self.n or (number and int(number[1]) > self.n):
                return row.start()
        return None

    def _cut(self, content: bytes, end: int | None, part: zipfile.ZipInfo) -> bytes:
        if end is None:  # rows so large that not all that are wanted fit: as many as do
            starts = [row.start() for row in _ROW.finditer(content)]
            if len(starts) < 2:
                raise FormatError("xlsx_too_large", str(self.path), part=part.filename)
            end = starts[-1]
        data = _DATA.search(content)
        prefix = (data[1] or b"") if data else b""
        return content[:end] + b"</%bsheetData></%bworksheet>" % (prefix, prefix)

    # Texts that several cells share

    def _texts(self, part: zipfile.ZipInfo, sheets: Iterable[bytes]) -> tuple[dict[int, int], bytes]:
        """Where each wanted text stands in the small workbook, and that part of it."""
        wanted = sorted({int(cell[2]) for sheet in sheets for cell in _SHARED.finditer(sheet)})
        head, found = b"", []
        waiting = iter(wanted)
        place = next(waiting, None)
        for at, text in self._each_text(part):
            if at < 0:
                head = text
            elif at == place:
                found.append(self._kept(text))
                place = next(waiting, None)
            if place is None and head:
                break
        prefix = re.search(rb"<(\w+:)?sst(?=[\s>])", head)
        end = b"</%bsst>" % ((prefix[1] or b"") if prefix else b"")
        return {own: at for at, own in enumerate(wanted)}, head + b"".join(found) + end

    def _each_text(self, part: zipfile.ZipInfo) -> Iterator[tuple[int, bytes]]:
        """What stands before the texts as number -1, then one after the other."""
        rest, at = b"", -1
        for chunk in unpacked(self.archive, part):
            rest += chunk
            starts = [text.start() for text in _TEXT.finditer(rest)]
            before = 0
            for start in starts:
                if start or at < 0:
                    yield at, rest[before:start]
                    at, before = at + 1, start
            rest = rest[before:]
            if len(rest) > MOST_TOP:
                raise FormatError("xlsx_too_large", str(self.path), part=part.filename)
        end = rest.rfind(b"si>")
        yield at, rest[: end + 3] if at >= 0 and end >= 0 else rest[: rest.find(b">") + 1]


def _with_places(sheet: bytes, places: dict[int, int]) -> bytes:
    return _SHARED.sub(lambda cell: cell[1] + b"%d" % places[int(cell[2])], sheet)
