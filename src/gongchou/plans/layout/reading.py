"""A file of plan lines taken apart: rows that can be taken, and rows that cannot, each with what is wrong where."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from gongchou.accounts.models import Department
from gongchou.draw.register import Row
from gongchou.plans.layout import cells, conditions
from gongchou.plans.layout.columns import COLUMNS, EMPTY_ROW, Column
from gongchou.plans.layout.known import Known
from gongchou.plans.layout.news import GivenRow, key_of
from gongchou.plans.layout.spans import read_span
from gongchou.plans.models import LineVersion
from gongchou.plans.pool import Pool, pool_to_json
from gongchou.plans.rules.plans import check_line
from gongchou.refusal import Refused, sentence
from gongchou.registry.imports.columns import normal_heading, recognise
from gongchou.registry.imports.reading import Source, data_rows, head_of, open_source

MOST_ROWS = 20_000
PROBLEM = "问题"  # the column that the workbook of refused rows adds
_BY_FIELD = {column.field: column for column in COLUMNS}
_DAYS = ("ends_on", "begins_on", "time_note")
_WHERE = {  # a rule that refused -> the columns it is about, the likeliest first
    "plans.dates_reversed": _DAYS,
    "plans.dates_outside": _DAYS,
    "plans.own_participant": ("participants",),
    "plans.not_a_member": ("participants",),
}


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell; column: its heading in the file, or "" for the whole row."""

    column: str
    cell: str
    told: str


@dataclass(frozen=True)
class BadRow:
    """A row that is not taken, as it stands in the file."""

    line: int
    cells: list[str]
    faults: list[Fault]


@dataclass(frozen=True)
class Table:
    """A file and what its columns are. fields: of each column; "" where nobody knows it."""

    source: Source
    headings: list[str]
    fields: list[str]

    @property
    def unknown(self) -> list[str]:
        """Headings that are passed over."""
        pairs = zip(self.headings, self.fields, strict=True)
        return [heading for heading, name in pairs if not name and normal_heading(heading) != PROBLEM]


@dataclass(frozen=True)
class Reading:
    """A file read against a draft."""

    table: Table
    good: list[GivenRow] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)


def open_table(path: Path) -> Table:
    """Find sheet, header and columns. Raises Refused ``registry.file_…`` or ``plans.import_header``."""
    source = open_source(path, COLUMNS)
    head = head_of(source)
    found = recognise(head.headings, COLUMNS)
    fields = [found[heading] if found[heading] in _BY_FIELD else "" for heading in head.headings]
    if "name" not in fields or len([name for name in fields if name]) < 2:
        shown = "、".join(head.headings[:8])[:80]
        raise Refused("plans.import_header", line=source.header, found=shown or "空行")
    return Table(source, head.headings, fields)


def read_table(
    table: Table, known: Known, lines: Sequence[LineVersion], default: Department, check: Callable[[Department], None]
) -> Reading:
    """Read all rows. default: who initiates where the file does not say; check: may this person write for them?

    Raises Refused ``plans.import_too_many``, ``plans.import_empty``, ``registry.file_…``.
    """
    reader = _Reader(table, known, {line.number: line for line in lines}, default, check)
    rows = list(islice(data_rows(table.source), MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        raise Refused("plans.import_too_many", most=MOST_ROWS)
    for row in rows:
        reader.take(row)
    if not reader.reading.good and not reader.reading.bad:
        raise Refused("plans.import_empty")
    return reader.reading


class _Reader:
    """Row after row; what was seen before is not taken again."""

    def __init__(
        self,
        table: Table,
        known: Known,
        by_number: Mapping[int, LineVersion],
        default: Department,
        check: Callable[[Department], None],
    ) -> None:
        self.reading = Reading(table)
        self.known, self.by_number, self.default, self.check = known, by_number, default, check
        self.numbers: dict[int, int] = {}
        self.keys: dict[Any, int] = {}
        self.writes: dict[UUID, Refused | None] = {}

    def take(self, row: Row) -> None:
        """Put a row where it belongs."""
        own = list(row.cells) + [""] * len(self.reading.table.fields)
        pairs = zip(self.reading.table.fields, own, strict=False)
        said = {name: cell for name, cell in pairs if name}
        if any(EMPTY_ROW in cell for cell in own) or not any(said[name].strip() for name in said if name != "number"):
            return  # the example, or a row that was only numbered
        faults: list[Fault] = []
        given = self._given(row.line, said, faults)
        if faults or given is None:
            n_own = len(self.reading.table.headings)
            self.reading.bad.append(BadRow(row.line, own[:n_own], faults))
        else:
            self.reading.good.append(given)

    def _given(self, line: int, said: dict[str, str], faults: list[Fault]) -> GivenRow | None:
        number = self._number(line, said, faults)
        old = self.by_number.get(number or 0)
        values = dict(self._values(said, old, faults))
        if faults:
            return None
        given = GivenRow(line, number, self._content(values, said, old), said)
        for refused in self._refusals(given, old):
            names = _WHERE.get(refused.code, ("initiator",))
            if refused.facts.get("day") == given.content.get("begins_on", ""):
                names = ("begins_on", *names)
            faults.append(self._fault(refused, said, *names))
        return given

    def _number(self, line: int, said: dict[str, str], faults: list[Fault]) -> int | None:
        try:
            number: int | None = _BY_FIELD["number"].read(cells.clean(said.pop("number", "")), self.known)
            if number and self.numbers.setdefault(number, line) != line:
                raise Refused("plans.row_number_twice", number=number, line=self.numbers[number])
        except Refused as refused:
            faults.append(Fault(self._heading("number"), "", sentence(refused)))
            return None
        return number

    def _values(self, said: dict[str, str], old: LineVersion | None, faults: list[Fault]) -> Iterator[tuple[str, Any]]:
        """What the cells say. A cell that says what the line says already is passed over: so what was exported comes
        back unchanged, also where it names what is no longer in use. An empty cell keeps what a line says.
        """
        for name, cell in said.items():
            column = _BY_FIELD[name]
            try:
                text = cells.clean(cell)
                if old is not None and not text:
                    continue  # what stands stays; 无 empties it
                if name == "ratio" and "%" in self._heading(name).replace("％", "%"):
                    text = cells.in_percent(text)
                if old is None or text != _written(column, old, self.known):
                    yield from self._value(column, text)
            except Refused as refused:
                faults.append(Fault(self._heading(name), cell, sentence(refused)))
        if old is None and not faults and not said.get("name", "").strip():
            faults.append(Fault(self._heading("name"), "", sentence(Refused("plans.cell_missing"))))

    def _value(self, column: Column, text: str) -> Iterator[tuple[str, Any]]:
        if column.field == "name" and not text:
            raise Refused("plans.cell_missing")
        if column.field == "initiator" and cells.is_empty(text):
            return
        yield column.field, column.read(text, self.known)

    def _content(self, values: dict[str, Any], said: dict[str, str], old: LineVersion | None) -> dict[str, Any]:
        """Columns that stand for others, put together."""
        if old is None:
            values.setdefault("initiator", self.default)
        if "libraries" in values or "conditions" in values:
            values["pool"] = _pool(values, old)
        if old is None and not values.get("pool") and not values.get("bases") and values.get("items"):
            values["pool"] = self.known.pool_of_items(values["items"], values["initiator"])
        note = values.get("time_note")
        span = read_span(note, self.known.plan.year) if note else None
        if span and not any(said.get(name, "").strip() for name in ("begins_on", "ends_on")):
            values |= {"begins_on": span[0], "ends_on": span[1], "time_note": ""}
        return values

    def _refusals(self, given: GivenRow, old: LineVersion | None) -> Iterator[Refused]:
        """What no line may say, and what is there already."""
        try:
            for department in (old.initiator if old else None, given.content.get("initiator")):
                self._check_writes_for(department)
            check_line(given.content, self.known.plan, old)
        except Refused as refused:
            yield refused
        if given.number is None:
            first = self.keys.setdefault(key_of(given.content), given.line)
            if first != given.line:
                yield Refused("plans.row_twice", line=first)

    def _check_writes_for(self, department: Department | None) -> None:
        """Asked once for each department: the answer takes queries."""
        if department is None:
            return
        if department.pk not in self.writes:
            try:
                self.check(department)
                self.writes[department.pk] = None
            except Refused as refused:
                self.writes[department.pk] = refused
        if refused_before := self.writes[department.pk]:
            raise refused_before

    def _fault(self, refused: Refused, said: dict[str, str], *names: str) -> Fault:
        name = "" if refused.code == "plans.row_twice" else next((name for name in names if said.get(name)), "")
        return Fault(self._heading(name), said.get(name, ""), sentence(refused))

    def _heading(self, name: str) -> str:
        table = self.reading.table
        return table.headings[table.fields.index(name)] if name in table.fields else ""


def _written(column: Column, line: LineVersion, known: Known) -> str:
    """What an exported cell would say, as it is read again."""
    value = column.write(line, known)
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def _pool(values: dict[str, Any], old: LineVersion | None) -> dict[str, Any]:
    """A column that the file does not change leaves its part of the conditions as it was."""
    pool = conditions.pool_of(old.pool if old else {})
    libraries = values.pop("libraries", pool.libraries)
    pool = replace(pool, libraries=libraries, **values.pop("conditions", {}))
    return {} if pool == Pool() else pool_to_json(pool)
