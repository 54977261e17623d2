"""Workbooks going out: every cell is text, a number or a date, and never a formula."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import IO, Any, NamedTuple

import xlsxwriter

# A spreadsheet would run what begins so as a formula, also after its own conversion to .csv, and some drop what
# stands before it (OWASP, CSV injection). Apostrophes count as such a beginning: so every text has a way back.
_FORMULA = re.compile(r"""['"\s;,|]*[=+\-@＝＋－＠]|'*[\t\r\n]""")
_NUMBER = re.compile(r"[+-]\d+(?:\.\d+)?")
_LONGEST_CELL = 32_767  # of a spreadsheet

Marked = tuple[Sequence[Any], Collection[int]]


def safe_text(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe goes before what would be one."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def plain_text(text: str) -> str:
    """What ``safe_text`` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text, 1) else text


def write_table(file: IO[bytes], rows: Iterable[Sequence[Any]], *, title: str) -> None:
    """Write one sheet row by row in constant memory; the first row is the header and stays in view."""
    write_marked(file, _unmarked(rows), title=title)


def table_written(file: IO[bytes], rows: Iterable[Sequence[Any]], *, title: str) -> Iterator[int]:
    """Write such a table one row at a time, and tell after each how many rows stand below the header."""
    return _written(file, _unmarked(rows), title)


def write_marked(file: IO[bytes], rows: Iterable[Marked], *, title: str) -> None:
    """Write such a table, where each row comes with the columns (from 0) whose cells are to be marked."""
    deque(_written(file, rows, title), maxlen=0)


def write_book(file: IO[bytes], sheets: Mapping[str, Iterable[Sequence[Any]]]) -> None:
    """Write several such sheets by their titles."""
    with _book(file) as book:
        looks = _Looks.of(book)
        for title, rows in sheets.items():
            deque(_filled(book.add_worksheet(_sheet_name(title)), _unmarked(rows), looks), maxlen=0)


def _unmarked(rows: Iterable[Sequence[Any]]) -> Iterator[Marked]:
    return ((row, ()) for row in rows)


def _book(file: IO[bytes]) -> Any:
    return xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False})


def _written(file: IO[bytes], rows: Iterable[Marked], title: str) -> Iterator[int]:
    with _book(file) as book:
        yield from _filled(book.add_worksheet(_sheet_name(title)), rows, _Looks.of(book))


def _filled(sheet: Any, rows: Iterable[Marked], looks: _Looks) -> Iterator[int]:
    sheet.freeze_panes(1, 0)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})  # codes are texts on purpose
    for number, (row, marked) in enumerate(rows):
        for column, value in enumerate(row):
            look = looks.head if number == 0 else looks.marked if column in marked else None
            _write(sheet, number, column, value, look, looks)
        if number == 0:
            sheet.set_column(0, max(len(row) - 1, 0), 18)
        yield number


class _Looks(NamedTuple):
    head: Any
    day: Any
    moment: Any
    marked: Any

    @classmethod
    def of(cls, book: Any) -> _Looks:
        return cls(
            book.add_format({"bold": True, "bg_color": "#DDE7F3", "border": 1}),
            book.add_format({"num_format": "yyyy-mm-dd"}),
            book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            book.add_format({"bg_color": "#FDE0DD", "font_color": "#8C1D18", "border": 2, "border_color": "#B3261E"}),
        )


def _sheet_name(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", " ", title).strip(" '")[:31] or "Sheet1"


def _write(sheet: Any, row: int, column: int, value: Any, look: Any, looks: _Looks) -> None:
    if value is None or value == "":
        if look is looks.marked:
            sheet.write_blank(row, column, None, look)
        return
    if isinstance(value, datetime):
        sheet.write_datetime(row, column, value.replace(tzinfo=None), looks.moment)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), looks.day)
    elif isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 10**15:
        sheet.write_number(row, column, value, look)
    else:
        sheet.write_string(row, column, safe_text(str(value))[:_LONGEST_CELL], look)
