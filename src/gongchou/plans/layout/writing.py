"""Workbooks of plan lines: an export, an empty one to fill in, the rows of a file that were not taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import IO, Any

from gongchou.plans.layout.columns import COLUMNS, EMPTY_ROW
from gongchou.plans.layout.known import Known
from gongchou.plans.layout.reading import PROBLEM, Reading
from gongchou.plans.models import LineVersion, Plan
from gongchou.registry.imports.columns import normal_heading
from gongchou.sheets.writing import Marked, write_book, write_marked

TITLE, HINTS = "计划行", "填写说明"


def export_rows(lines: Iterable[LineVersion], known: Known) -> Iterator[Sequence[Any]]:
    """The headings, then a row for each line."""
    yield [column.label for column in COLUMNS]
    for line in lines:
        yield [column.write(line, known) for column in COLUMNS]


def write_template(file: IO[bytes], plan: Plan) -> None:
    """A workbook to fill in: headings, an example row that is passed over, and how each column is filled."""
    days = {"begins_on": date(plan.year, 3, 1), "ends_on": date(plan.year, 11, 30), "time_note": ""}
    own = {**days, "initiator": plan.department.short_name}
    example = [own.get(column.field, column.example) for column in COLUMNS]
    write_book(file, {TITLE: [[column.label for column in COLUMNS], example], HINTS: _hints()})


def _hints() -> Iterator[Sequence[str]]:
    yield ["栏目", "怎样填", "也认得的叫法"]
    for column in COLUMNS:
        yield [column.label, column.hint, "、".join(column.words)]
    yield ["说明", f"栏目次序不限，用不到的栏目可以删去；表头上面可以有标题。含“{EMPTY_ROW}”的行不导入。", ""]


def write_refused(file: IO[bytes], reading: Reading) -> None:
    """The columns of the file in their order, the wrong cells marked, and behind them what is wrong."""
    write_marked(file, _marked(reading), title="问题行")


def _marked(reading: Reading) -> Iterator[Marked]:
    headings = reading.table.headings
    kept = [at for at, heading in enumerate(headings) if normal_heading(heading) != PROBLEM]
    places = {headings[at]: place for place, at in enumerate(kept)}
    yield [*(headings[at] for at in kept), PROBLEM], ()
    for row in reading.bad:
        told = "；".join(f"{fault.column}{'：' * bool(fault.column)}{fault.told}" for fault in row.faults)
        marked = {places[fault.column] for fault in row.faults if fault.column in places}
        yield [*(row.cells[at] for at in kept), f"原文件第 {row.line} 行：{told}"], marked or {len(kept)}
