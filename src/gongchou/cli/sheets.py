"""Registers as files: .csv in UTF-8 or GB18030, .xlsx where the optional reader is installed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

from gongchou.draw.errors import FormatError
from gongchou.draw.register import Row, csv_rows, detect_encoding

LARGEST_EXACT = 2**53


def read_rows(path: Path, sheet: str | None = None, encoding: str | None = None) -> Iterator[Row]:
    """The rows of a register file, header first. Raises FormatError."""
    if not path.is_file():
        raise FormatError("not_found", str(path))
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        yield from _xlsx_rows(path, sheet)
    elif suffix in (".csv", ".txt", ".tsv"):
        yield from _csv_file_rows(path, encoding)
    else:
        raise FormatError("file_type", str(path), suffix=suffix)


def _csv_file_rows(path: Path, encoding: str | None) -> Iterator[Row]:
    with path.open("rb") as file:
        if file.read(4) == b"PK\x03\x04":
            raise FormatError("file_type", str(path), suffix="xlsx?")
    with path.open("rb") as file:
        found = encoding or detect_encoding(file)
    with path.open("rb") as file:
        yield from csv_rows(file, found)


def _xlsx_rows(path: Path, sheet: str | None) -> Iterator[Row]:
    try:
        import python_calamine  # noqa: PLC0415 -- optional: a register in .csv needs nothing
    except ImportError as error:
        raise FormatError("xlsx_reader_missing", str(path)) from error
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(str(path))
        if sheet is not None and sheet not in workbook.sheet_names:
            raise FormatError("sheet_missing", str(path), sheet=sheet, sheets="、".join(workbook.sheet_names))
        opened = workbook.get_sheet_by_name(sheet) if sheet else workbook.get_sheet_by_index(0)
        rows = opened.to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, python_calamine.PasswordError, OSError) as error:
        raise FormatError("xlsx_invalid", str(path), reason=str(error)[:120]) from error
    # Spreadsheets often carry thousands of formatted but empty rows and columns behind the data.
    width = max((i + 1 for row in rows[:1] for i, cell in enumerate(row) if cell not in ("", None)), default=0)
    filled = max((number for number, row in enumerate(rows, 1) if any(c not in ("", None) for c in row)), default=0)
    for number, row in enumerate(rows[:filled], 1):
        cells = [_cell_text(cell) for cell in row]
        extra = any(cells[width:])
        yield Row(number, cells if extra else cells[:width])


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
