"""Rows of a workbook. What would unfold into more than a machine can hold is refused before it is opened."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from gongchou.draw.errors import FormatError
from gongchou.draw.register import Row

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

LARGEST_EXACT = 2**53
MOST_BYTES = 1 << 30  # of all parts together when unpacked
MOST_CELLS = 1 << 25  # from A1 to the last filled column and row
MOST_RATIO = 200  # of a part to what it is packed into; registers reach 15 to 40
FREE_BYTES = 1 << 26  # of a part: smaller ones may be packed as well as they can

_CHUNK = 1 << 20
# Filled cells right of Z or below row 99,999: most registers have none, so that looking for them costs little.
_FAR_CELL = re.compile(
    rb"""<(?:\w+:)?c\s(?:[^<>]*\s)?r=["'](?:([A-Z]{2,3})([0-9]{1,7})|([A-Z])([0-9]{6,7}))["'](?:[^<>/]|/(?!>))*>"""
)
# A cell with a formula, and with no result or an empty one.
_FORMULA = re.compile(
    rb"""<(?:\w+:)?c\s([^<>]*)>\s*<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"""
    rb"""(<(?:\w+:)?v\s*(?:/>|>\s*</(?:\w+:)?v>))?\s*</(?:\w+:)?c>"""
)
_NAMED_IN = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
_KEY = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PLACE = re.compile(rb"""\br=["']([A-Z]{1,3}[0-9]{1,7})["']""")
_IS_TEXT = re.compile(rb"""\bt=["']str["']""")
_LONGEST_FORMULA = 1 << 16
_NEAR_COLUMNS, _NEAR_ROWS = 26, 99_999


def workbook_rows(path: Path, sheet: str | None = None, header: int = 1) -> Iterator[Row]:
    """The rows of one sheet of an .xlsx file, the first sheet if none is named, without the empty rows at its end.

    header: the row that says how wide the table is.
    Raises FormatError ``xlsx_reader_missing``, ``xlsx_invalid``, ``xlsx_too_large``, ``xlsx_unworked``,
    ``sheet_missing``.
    """
    with _opened(path) as (workbook, unworked):
        names = workbook.sheet_names
        if not names or sheet not in (None, *names):
            raise FormatError("sheet_missing", str(path), sheet=sheet, sheets="、".join(names))
        name = sheet or names[0]
        if unworked and (cell := unworked.get(_part_of(path, name))):
            raise FormatError("xlsx_unworked", str(path), sheet=name, cell=cell)
        yield from filled_rows(sheet_cells(workbook.get_sheet_by_name(name)), header)


def workbook_sheets(path: Path) -> list[str]:
    """The names of its sheets in their order. Raises FormatError as ``workbook_rows``."""
    with _opened(path) as (workbook, _):
        return workbook.sheet_names


@contextmanager
def _opened(path: Path) -> Iterator[tuple[CalamineWorkbook, dict[str, str]]]:
    """The workbook, and what ``check_parts`` says of it."""
    with reading(path) as book:
        check_stated(path)
        unworked = check_parts(path)
        yield book.from_path(str(path)), unworked


def _part_of(path: Path, sheet: str) -> str:
    """The part that holds a sheet; "" where the workbook does not say so in the usual place."""
    with parts_of(path) as archive:
        try:
            book, targets = (ElementTree.fromstring(archive.read(name)) for name in _NAMED_IN)  # noqa: S314 -- the reader has opened it
        except (KeyError, ElementTree.ParseError):
            return ""
    key = next((own.get(_KEY) for own in book.iter() if own.get("name") == sheet and own.get(_KEY)), None)
    target = next((own.get("Target", "") for own in targets if own.get("Id") == key), "")
    return str(PurePosixPath("/xl", target))[1:] if target else ""


@contextmanager
def reading(path: Path) -> Iterator[type[CalamineWorkbook]]:
    """The optional reader; what it says of a workbook, as a FormatError ``xlsx_invalid`` or ``xlsx_reader_missing``."""
    try:
        import python_calamine  # noqa: PLC0415 -- optional: a register in .csv needs nothing
    except ImportError as error:
        raise FormatError("xlsx_reader_missing", str(path)) from error
    try:
        yield python_calamine.CalamineWorkbook
    except FormatError:
        raise
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise FormatError("xlsx_invalid", str(path), reason=str(error)[:120]) from error


def sheet_cells(sheet: CalamineSheet) -> Iterator[list[str]]:
    """Rows from A1 on: the reader leaves out empty columns on the left."""
    left = [""] * (sheet.start[1] if sheet.start else 0)
    for row in sheet.iter_rows():
        yield left + [_cell_text(cell) for cell in row]


def filled_rows(rows: Iterable[list[str]], header: int) -> Iterator[Row]:
    """Spreadsheets often carry thousands of formatted but empty rows and columns behind the data."""
    waiting: list[Row] = []
    width: int | None = None
    for number, cells in enumerate(rows, 1):
        if number == header:
            width = _filled(cells)
        waiting.append(Row(number, cells if width is None or any(cells[width:]) else cells[:width]))
        if any(cells):
            yield from waiting
            waiting.clear()


def _filled(cells: list[str]) -> int:
    return max((at for at, cell in enumerate(cells, 1) if cell), default=0)


def _cell_text(value: object) -> str:
    """What a person sees in the cell, except that a long number stays visibly a number.

    A spreadsheet keeps 15 digits: an 18-digit code stored as a number has lost its end and must not look whole.
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < LARGEST_EXACT:
            return str(int(value))
        return f"{value:E}" if abs(value) >= LARGEST_EXACT else repr(value)
    if isinstance(value, int) and abs(value) >= LARGEST_EXACT:
        return f"{float(value):E}"
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return "" if value is None else str(value)


# Size -------------------------------------------------------------------------------------------


def check_stated(path: Path) -> int:
    """The bytes of all parts as the file states them, which may lie; nothing is unpacked.

    Raises FormatError ``xlsx_too_large`` or ``xlsx_invalid``.
    """
    with parts_of(path) as archive:
        n_bytes = 0
        for part in archive.infolist():
            n_bytes += part.file_size
            if n_bytes > MOST_BYTES or _is_bomb(part, part.file_size):
                raise FormatError("xlsx_too_large", str(path), part=part.filename)
        return n_bytes


def check_parts(path: Path) -> dict[str, str]:
    """Unpack all parts once without keeping them; one that unfolds into more than it states is a trap.

    Returns the parts with a formula that has no result, and in which cell. Raises FormatError ``xlsx_too_large`` or
    ``xlsx_invalid``.
    """
    n_bytes, unworked = 0, {}
    with parts_of(path) as archive:
        for part in archive.infolist():
            extent, formulas, n_own, stated = Extent(), Formulas(), 0, part.file_size
            for chunk in unpacked(archive, part):
                n_bytes, n_own = n_bytes + len(chunk), n_own + len(chunk)
                is_more = n_own > stated or n_bytes > MOST_BYTES or _is_bomb(part, n_own)
                if is_more or extent.add(chunk) > MOST_CELLS:
                    raise FormatError("xlsx_too_large", str(path), part=part.filename)
                formulas.look(chunk)
            if formulas.unworked:
                unworked[part.filename] = formulas.unworked
    return unworked


@contextmanager
def parts_of(path: Path) -> Iterator[zipfile.ZipFile]:
    """The workbook as an archive. Raises FormatError ``xlsx_invalid``."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except FormatError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
        raise FormatError("xlsx_invalid", str(path), reason="not a workbook") from error


def _is_bomb(part: zipfile.ZipInfo, n_bytes: int) -> bool:
    """Whether a part unfolds into far more than a table of different rows does."""
    return n_bytes > max(FREE_BYTES, MOST_RATIO * part.compress_size)


def unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part in pieces, to its true end."""
    part.file_size = MOST_BYTES + _CHUNK  # the stated size may lie; the reader stops at the true end
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            yield chunk


class Extent:
    """Columns × rows up to the farthest filled cell of a part, seen in pieces."""

    def __init__(self) -> None:
        self.width, self.height, self.n_values = _NEAR_COLUMNS, _NEAR_ROWS, 0
        self._rest = b""

    def add(self, chunk: bytes) -> int:
        """Look at the next piece; return the cells so far."""
        self.n_values += chunk.count(b"<v") + chunk.count(b"<is")
        text = self._rest + chunk
        for far_column, row, column, far_row in _FAR_CELL.findall(text):
            self.width = max(self.width, _column_number(far_column or column))
            self.height = max(self.height, int(row or far_row))
        self._rest = text[text.rfind(b"<") :][:_CHUNK] if b"<" in text else b""
        return max(self.width * self.height, self.n_values)


class Formulas:
    """Looks in the pieces of a sheet for a formula that nobody has worked out: its cell would be read as an empty one.

    A program that writes workbooks leaves formulas so; what a spreadsheet has saved holds the results, be it ``""``.
    """

    def __init__(self) -> None:
        self.unworked: str | None = None  # where the first one is, as A1
        self._rest = b""

    def look(self, chunk: bytes) -> None:
        """Look at the next piece. Most sheets have no formulas, which is seen at once."""
        if self.unworked:
            return
        text = self._rest + chunk
        self._rest = text[-_LONGEST_FORMULA:]
        if b"<f" not in text and b":f" not in text:
            return
        for attributes, empty in _FORMULA.findall(text):
            place = _PLACE.search(attributes)
            if place and not (empty and _IS_TEXT.search(attributes)):
                self.unworked = place[1].decode()
                return


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
