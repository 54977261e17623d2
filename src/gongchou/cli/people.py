"""Inspectors and recusals as offices keep them: .csv or .xlsx with a header, made into the tables of spec section 8.

A wrong cell is never mended, and of a list with one nothing is taken. Columns that are not asked for, names and
telephones, are left behind: what the tables hold becomes public.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import NamedTuple

from gongchou.draw.encoding import INTEGER, SKILL
from gongchou.draw.errors import FormatError, RuleError
from gongchou.draw.register import Rejection, Row, RowRefused, read_id
from gongchou.draw.sentences import LANGUAGES, Told, reason_sentence
from gongchou.draw.table import write_table
from gongchou.folders import read_bytes
from gongchou.sheets.reading import read_rows

WITH_HEADER = (".csv", ".xlsx")
MOST_SHOWN = 20  # wrong rows named one by one

# Our name of a column -> what offices call it, the usual name first.
Columns = dict[str, tuple[str, ...]]
INSPECTOR: Columns = {
    "id": ("编号", "id"),
    "department": ("部门", "department"),
    "home_unit": ("所属单位", "所属单位(片区)", "所属单位（片区）", "home_unit"),
    "pools": ("负责片区", "pools"),
    "skills": ("技能", "skills"),
    "cap": ("上限", "cap"),
    "load0": ("已有次数", "load0"),
}
RECUSAL: Columns = {"id": ("编号", "id"), "object": ("对象", "object")}
OPTIONAL = ("load0",)
EVERY_POOL = ("全部", "*")

_SEPARATORS = re.compile("[、,;，；]")


class Cell(NamedTuple):
    """What stands in a cell, and what its file calls the column."""

    column: str
    text: str


Cells = dict[str, Cell]  # by our names of the columns


def inspectors_table(path: Path) -> bytes:
    """``inspectors.tsv`` from a list with a header (.csv, .xlsx); any other file is taken as that table itself.

    Raises RuleError ``column_missing``, ``column_twice``, ``no_rows``; FormatError ``people_invalid`` with every row
    that is wrong, and whatever is wrong with the file.
    """
    if path.suffix.lower() not in WITH_HEADER:
        return read_bytes(path)
    table = _table(path, INSPECTOR, _inspector, n_key=1)
    if not table:
        raise RuleError("no_rows", str(path))
    return table


def recusals_table(path: Path, known: Collection[str]) -> bytes:
    """``avoid.tsv`` from such a list; ``known`` are the ids of all inspectors. Raises as ``inspectors_table``."""
    if path.suffix.lower() not in WITH_HEADER:
        return read_bytes(path)
    return _table(path, RECUSAL, lambda row: _recusal(row, known), n_key=2)


# Rows -------------------------------------------------------------------------------------------


def _table(path: Path, columns: Columns, read: Callable[[Cells], tuple[str, ...]], n_key: int) -> bytes:
    """The rows as a table. The first ``n_key`` fields may stand in one row only."""
    taken: dict[tuple[str, ...], tuple[int, tuple[str, ...]]] = {}
    wrong: list[Rejection] = []
    for line, row in _rows(path, columns, wrong):
        try:
            fields = read(row)
        except RowRefused as refused:
            wrong.append(Rejection(line, refused.reason, refused.column, refused.value[:80]))
            continue
        first_line, _ = taken.setdefault(fields[:n_key], (line, fields))
        if first_line != line:
            wrong.append(Rejection(line, "cell_twice", row["id"].column, " ".join(fields[:n_key]), first_line))
    if wrong:
        raise FormatError("people_invalid", str(path), count=len(wrong), rows=_told(sorted(wrong)))
    return write_table(fields for _, fields in taken.values())


def _rows(path: Path, columns: Columns, wrong: list[Rejection]) -> Iterator[tuple[int, Cells]]:
    """Line and cells of every row that is not empty; rows of another shape are added to ``wrong``."""
    stream = read_rows(path)
    header = next(stream, Row(1, []))
    names = [name.strip() for name in header.cells]
    places = _places(path, columns, names)
    for line, cells, damaged in stream:
        if not any(cell.strip() for cell in cells):
            continue
        if damaged or len(cells) != len(names):
            reason = "undecodable" if damaged else "ragged"
            wrong.append(Rejection(line, reason, "", f"{len(cells)}/{len(names)}"))
            continue
        yield line, {own: Cell(names[at], cells[at]) for own, at in places.items()}


def _places(path: Path, columns: Columns, names: list[str]) -> dict[str, int]:
    """Which cell holds which of our columns."""
    places = {}
    for own, titles in columns.items():
        found = [at for at, name in enumerate(names) if name in titles]
        if len(found) > 1:
            raise RuleError("column_twice", str(path), column=titles[0])
        if found:
            places[own] = found[0]
        elif own not in OPTIONAL:
            raise RuleError("column_missing", str(path), column=titles[0], columns="、".join(names[:40]) or "—")
    return places


def _told(wrong: list[Rejection]) -> Told:
    return Told(*(_told_in(lang, wrong) for lang in LANGUAGES))


def _told_in(lang: str, wrong: list[Rejection]) -> str:
    told = []
    for row in wrong[:MOST_SHOWN]:
        facts = {"column": row.column, "value": row.value, "first_line": row.first_line}
        place = f"第 {row.line} 行：" if lang == "zh" else f"row {row.line}: "
        told.append(place + reason_sentence(row.reason, lang=lang, **facts))
    if len(wrong) > MOST_SHOWN:
        told.append("…")
    return "".join(f"\n  {line}" for line in told)


# Cells ------------------------------------------------------------------------------------------


def _inspector(row: Cells) -> tuple[str, ...]:
    return (
        _id(row["id"]),
        _id(row["department"]),
        _id(row["home_unit"]),
        _pools(row["pools"]),
        _skills(row["skills"]),
        _number(row["cap"]),
        _number(row["load0"]) if "load0" in row else "0",
    )


def _recusal(row: Cells, known: Collection[str]) -> tuple[str, ...]:
    inspector, object_id = _id(row["id"]), _id(row["object"])
    if inspector not in known:
        raise RowRefused("person_unknown", row["id"].column, inspector)
    return inspector, object_id


def _id(cell: Cell) -> str:
    try:
        return read_id(cell.text, "ID", cell.column)
    except RowRefused as refused:
        if refused.reason == "id_shape":
            raise RowRefused("cell_id", cell.column, cell.text) from refused
        raise


def _pools(cell: Cell) -> str:
    return "*" if cell.text.strip() in EVERY_POOL else _list(cell, _id)


def _skills(cell: Cell) -> str:
    return "-" if cell.text.strip() in ("", "-") else _list(cell, _skill)


def _skill(cell: Cell) -> str:
    if not re.fullmatch(SKILL, cell.text):
        raise RowRefused("cell_skill", cell.column, cell.text)
    return cell.text


def _list(cell: Cell, read: Callable[[Cell], str]) -> str:
    parts = [part.strip() for part in _SEPARATORS.split(cell.text)]
    if "" in parts and len(parts) > 1:
        raise RowRefused("cell_list", cell.column, cell.text)
    return ",".join(sorted({read(Cell(cell.column, part)) for part in parts}))


def _number(cell: Cell) -> str:
    if not re.fullmatch(INTEGER, cell.text.strip()):
        raise RowRefused("cell_number", cell.column, cell.text)
    return cell.text.strip()
