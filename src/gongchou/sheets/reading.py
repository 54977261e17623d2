"""Registers as files: .csv in UTF-8 or GB18030, .xlsx where the optional reader is installed."""

from __future__ import annotations

from codecs import getincrementaldecoder
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from gongchou.draw.errors import FormatError
from gongchou.draw.register import Row, csv_rows, detect_encoding
from gongchou.sheets.workbooks import workbook_rows

TEXT_SUFFIXES = (".csv", ".txt", ".tsv")

# What a file begins with, whatever its name -> what it is; an .xls may be a workbook with a password.
DISGUISES = {b"PK\x03\x04": ".xlsx", b"\xd0\xcf\x11\xe0": ".xls", b"%PDF": ".pdf"}


def read_rows(path: Path, sheet: str | None = None, encoding: str | None = None, header: int = 1) -> Iterator[Row]:
    """The rows of a register file from its first on; ``header`` is the line of the column names. Raises FormatError."""
    if not path.is_file():
        raise FormatError("not_found", str(path))
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        yield from workbook_rows(path, sheet, header)
    elif suffix in TEXT_SUFFIXES:
        yield from _text_rows(path, encoding, header)
    else:
        raise FormatError("file_type", str(path), suffix=suffix)


def _text_rows(path: Path, encoding: str | None, header: int) -> Iterator[Row]:
    with path.open("rb") as file:
        start = file.readline(1 << 20)
    kind = DISGUISES.get(start[:4])
    if kind:
        raise FormatError("file_disguised", str(path), kind=kind, suffix=path.suffix)
    if b"\n" not in start and b"\r" in start.rstrip(b"\r"):
        raise FormatError("line_ends", str(path))
    found = encoding or encoding_of(path)
    has_tabs = path.suffix.lower() != ".csv" and b"\t" in _line(path, header)
    with path.open("rb") as file:
        yield from csv_rows(file, found, "\t" if has_tabs else ",")


def encoding_of(path: Path) -> str:
    """``utf-8`` or ``gb18030``, as ``detect_encoding`` finds it; a clean UTF-8 file is recognised in one fast reading.

    Raises FormatError ``encoding``.
    """
    with path.open("rb") as file:
        if b"\0" not in file.readline(1 << 20) and _is_utf_8(path):
            return "utf-8"
        file.seek(0)
        return detect_encoding(file)


def _is_utf_8(path: Path) -> bool:
    decoder = getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while chunk := file.read(1 << 20):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _line(path: Path, number: int) -> bytes:
    with path.open("rb") as file:
        return next(islice(file, max(number, 1) - 1, None), b"")
