"""A file into its header and its rows, whatever stands above, behind or around them."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from gongchou.draw.errors import FormatError
from gongchou.draw.register import Row
from gongchou.refusal import Refused
from gongchou.registry.imports.columns import MOST_COLUMNS, Headed, n_known, unique
from gongchou.sheets.reading import DISGUISES, encoding_of, read_rows
from gongchou.sheets.tops import workbook_tops

TOP = 30  # rows in which a header is looked for
FEWEST_KNOWN = 2  # headings that make a row a header
N_SAMPLES = 5
SUFFIXES = (".csv", ".xlsx")


@dataclass(frozen=True)
class Source:
    """Which rows of which file. header: the line of the headings, the lower one of two; sheet, encoding: as found."""

    path: Path
    header: int = 1
    sheet: str = ""
    encoding: str = ""

    @property
    def is_workbook(self) -> bool:
        """Whether it is an .xlsx."""
        return self.path.suffix == ".xlsx"


@dataclass(frozen=True)
class Head:
    """What a person is shown before she says what the columns mean: ``lines`` are the first rows as they stand."""

    source: Source
    sheets: list[str]
    headings: list[str]
    samples: list[list[str]]
    lines: list[Row]


@contextmanager
def in_our_words() -> Iterator[None]:
    """What the readers refuse, as a Refused ``registry.file_…``."""
    try:
        yield
    except FormatError as error:
        code = error.code.removeprefix("file_")
        raise Refused(f"registry.file_{code}", **{"line": "", "reason": "", "part": "", **error.facts}) from error


def check_upload(file: Any, most_mb: int) -> str:
    """The suffix under which an upload of at most so many MB is kept. Raises Refused ``registry.file_…``."""
    beginning = file.read(4)
    file.seek(0)
    if file.size > most_mb * 2**20:
        raise Refused("registry.file_size", size=file.size // 2**20 + 1, most=most_mb)
    return check_kind(file.name, beginning)


def check_kind(name: str, beginning: bytes) -> str:
    """The suffix under which an upload is kept. Raises Refused ``registry.file_…`` with what to save it as."""
    suffix = Path(name).suffix.lower()
    if suffix in (".xls", ".et"):
        raise Refused("registry.file_old", suffix=suffix)
    if suffix == ".xlsm":
        raise Refused("registry.file_macros")
    if suffix not in SUFFIXES:
        raise Refused("registry.file_type", suffix=suffix or "没有扩展名")
    kind = DISGUISES.get(beginning[:4], ".csv")
    if kind == ".xls" and suffix == ".xlsx":
        raise Refused("registry.file_locked")
    if kind == ".csv" != suffix:
        raise Refused("registry.file_no_workbook", suffix=suffix)
    if kind != suffix:
        raise Refused("registry.file_disguised", suffix=suffix, kind=kind)
    return suffix


def open_source(path: Path, columns: Sequence[Headed]) -> Source:
    """Find encoding, sheet and header of a file. Raises Refused ``registry.file_…``."""
    if path.suffix == ".csv":
        with in_our_words():
            encoding = encoding_of(path)
        return find_header(Source(path, encoding=encoding), columns)
    _check_without_macros(path)
    found = [find_header(Source(path, sheet=name), columns) for name in sheets_of(path)]
    if not found:
        raise Refused("registry.file_no_rows")
    return max(found, key=lambda source: n_known(head_of(source).headings, columns))


def _check_without_macros(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return  # the reader says what is wrong with it
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Refused("registry.file_macros")


def find_header(source: Source, columns: Sequence[Headed]) -> Source:
    """The same source with its header: the first row that has two known headings, and the row under it where some
    columns have their headings there (merged cells). Without one, the first row that is filled.
    """
    lines = first_lines(source)
    at = next((at for at, row in enumerate(lines) if n_known(row.cells, columns) >= FEWEST_KNOWN), None)
    if at is None:
        return replace(source, header=next((row.line for row in lines if any(row.cells)), 1))
    while at + 1 < len(lines) and _goes_on(lines[at].cells, lines[at + 1].cells, columns):
        at += 1
    return replace(source, header=lines[at].line)


def _goes_on(above: list[str], below: list[str], columns: Sequence[Headed]) -> bool:
    """Whether a row is the second row of a header: all that stands in it are headings, and under some others nothing."""  # noqa: E501
    filled = [cell for cell in below if cell.strip()]
    has_gaps = any(over.strip() and not under.strip() for over, under in zip(above, below, strict=False))
    return bool(filled) and has_gaps and n_known(filled, columns) == len(filled)


def first_lines(source: Source, n: int = TOP) -> list[Row]:
    """The rows at the top, titles and all, as wide as a header may be and one cell more."""
    if source.is_workbook:
        tops = _tops(source.path, n)
        if source.sheet not in ("", *tops) or not tops:
            raise Refused("registry.file_sheet_missing", sheet=source.sheet, sheets="、".join(tops))
        rows: Iterable[Row] = tops[source.sheet or next(iter(tops))]
    else:
        with in_our_words():
            rows = list(islice(read_rows(source.path, None, source.encoding or None, 1), n))
    return [row._replace(cells=row.cells[: MOST_COLUMNS + 1]) for row in rows]


def sheets_of(path: Path) -> list[str]:
    """The names of the sheets of a workbook."""
    return list(_tops(path, TOP)) if path.suffix == ".xlsx" else []


@lru_cache(maxsize=32)  # files lie by their digest, so what was read once stays true
def _tops(path: Path, n: int) -> dict[str, list[Row]]:
    with in_our_words():
        return workbook_tops(path, n)


def head_of(source: Source) -> Head:
    """The header and a few rows below it."""
    lines = first_lines(replace(source, header=1), max(TOP, source.header + N_SAMPLES * 2))
    headings = headings_in(lines, source.header)
    below = [row.cells for row in lines if row.line > source.header and any(map(str.strip, row.cells))]
    samples = [(row + [""] * len(headings))[: len(headings)] for row in below[:N_SAMPLES]]
    return Head(source, sheets_of(source.path), headings, samples, lines[:TOP])


def headings_in(lines: Sequence[Row], header: int) -> list[str]:
    """The names of the columns; a cell that is merged with the one above it bears that one's name.

    Raises Refused ``registry.file_columns``.
    """
    own = next((row.cells for row in lines if row.line == header), [])
    above = next((row.cells for row in reversed(lines) if row.line < header), [])
    if sum(bool(cell.strip()) for cell in above) < FEWEST_KNOWN:
        above = []  # a title
    width = max((at for at, cell in enumerate(own, 1) if cell.strip()), default=0)
    width = max(width, max((at for at, cell in enumerate(above, 1) if cell.strip()), default=0))
    if width > MOST_COLUMNS:
        raise Refused("registry.file_columns", line=header, most=MOST_COLUMNS)
    padded = [(row + [""] * width)[:width] for row in (own, above)]
    return unique(cell.strip() or over.strip() for cell, over in zip(*padded, strict=True))


def data_rows(source: Source) -> Iterator[Row]:
    """The rows below the header, without the empty ones. Raises Refused ``registry.file_…``."""
    with in_our_words():
        rows: Iterable[Row] = read_rows(source.path, source.sheet or None, source.encoding or None, source.header)
        for row in rows:
            if row.line > source.header and any(map(str.strip, row.cells)):
                yield row
