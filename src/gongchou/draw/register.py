"""A register as it really comes, row by row into frame lines or into reasons for refusal.

Nothing is mended: a code in lower case, with a wrong check character or in full-width digits is refused with its
line, so that whoever keeps the register mends it there. Refused rows are counted and their list is committed: a
damaged code must not be a way to leave a friend out.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from gongchou.draw.encoding import Document, is_id
from gongchou.draw.errors import FormatError, RuleError

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
SCHEMES = ("USCC", "REG", "ID")
LONGEST_ROW = 500  # lines one row may span before an open quotation mark is the likelier story
MOST_SHOWN = 20  # contradictions named one by one
TOP_ROWS = 20  # how far down a header is looked for when it is not where it was said to be

_USCC = re.compile(f"[{USCC_ALPHABET}]{{18}}")
_FULL_WIDTH = re.compile("[\uff01-\uff5e\u3000]")
_FLOAT = re.compile(r"[0-9](?:\.[0-9]+)?[eE][+]?[0-9]{1,2}|[0-9]{14,}\.0*")
_PART = re.compile(r"(=)?([^+\[\]]+?)(?:\[(\d+):(\d+)\])?")


class Row(NamedTuple):
    """One row of a register: the line it begins on (from 1), its cells, and whether bytes in it were broken."""

    line: int
    cells: list[str]
    damaged: bool = False


class Rejection(NamedTuple):
    """Why a row was refused, and whom it concerns: ``object_id`` is empty where no id could be read.

    ``first_line`` is set for repetitions.
    """

    line: int
    reason: str
    column: str
    value: str
    first_line: int | None = None
    object_id: str = ""


class RowRefused(Exception):  # noqa: N818 -- the word of the office; it is an outcome, not a fault
    """A cell that cannot be used; caught by the reader, never seen by a user."""

    def __init__(self, reason: str, column: str, value: str) -> None:
        super().__init__(reason)
        self.reason, self.column, self.value = reason, column, value


# Ids --------------------------------------------------------------------------------------------


def uscc_check_character(first17: str) -> str:
    """The 18th character of a credit code (GB 32100-2015): weights are powers of 3 modulo 31."""
    total = sum(USCC_ALPHABET.index(character) * pow(3, i, 31) for i, character in enumerate(first17))
    return USCC_ALPHABET[-total % 31]


def read_id(text: str, scheme: str, column: str = "") -> str:
    """The object id of a cell under a scheme. Raises RowRefused with the reason.

    USCC: an 18-character credit code with a right check character. REG: that, or an old 15-digit number, which becomes
    ``REG-…``. ID: anything in the id grammar.
    """
    refuse = _refuser(column, text)
    if text == "":
        raise refuse("id_empty")
    if _FULL_WIDTH.search(text):
        raise refuse("id_full_width")
    if text != text.strip():
        raise refuse("id_space")
    if scheme == "ID":
        if not is_id(text):
            raise refuse("id_shape")
        return text
    if re.fullmatch(r"[0-9]{15}", text):
        if scheme != "REG":
            raise refuse("id_old_number")
        return "REG-" + text
    return _read_uscc(text, refuse)


def _refuser(column: str, text: str) -> Callable[[str], RowRefused]:
    return lambda reason: RowRefused(reason, column, text)


def _read_uscc(text: str, refuse: Callable[[str], RowRefused]) -> str:
    if _FLOAT.fullmatch(text):
        raise refuse("id_float")
    if text != text.upper() and _USCC.fullmatch(text.upper()):
        raise refuse("id_lower_case")
    if not _USCC.fullmatch(text):
        raise refuse("id_shape")
    if uscc_check_character(text[:17]) != text[17]:
        raise refuse("id_check")
    return text


# Rules ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rule:
    """How a stratum, pool or unit is read off a row: parts joined by ``+``.

    A part is a column, a slice of a column (``代码[2:8]``), or a constant (``=ALL``). Values go through the map;
    without one they must be ids themselves.
    """

    text: str
    parts: tuple[tuple[str | None, str, int | None, int | None], ...]  # (constant?, column, from, to)

    def columns(self) -> list[str]:
        """The columns the rule reads."""
        return [column for constant, column, _, _ in self.parts if not constant]


def parse_rule(text: str) -> Rule:
    """Read a rule. Raises RuleError ``rule_invalid``."""
    parts = []
    for piece in text.split("+"):
        found = _PART.fullmatch(piece)
        if not found:
            raise RuleError("rule_invalid", text=text)
        start, end = (int(found[3]), int(found[4])) if found[3] else (None, None)
        parts.append((found[1], found[2], start, end))
    return Rule(text, tuple(parts))


@dataclass(frozen=True)
class ValueMap:
    """Value -> id, per column or for all; committed with the frame, so that 青岛 means QD and nothing is guessed."""

    rows: tuple[tuple[str, str, str], ...] = ()  # (column or "", value, id)

    def find(self, column: str, value: str) -> str | None:
        """The id of a value, the column's own row first."""
        table = {(c, v): i for c, v, i in self.rows}
        return table.get((column, value)) or table.get(("", value))

    def names(self, column: str) -> bool:
        """Tell whether the map speaks of a column (or of all)."""
        return any(own in ("", column) for own, _, _ in self.rows)


def parse_map(text: str) -> ValueMap:
    """Read lines ``value,id`` or ``column,value,id`` (commas or TABs). Raises FormatError ``map_invalid``."""
    rows: dict[tuple[str, str], str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        cells = _map_cells(line, number)
        column, value, own_id = cells if len(cells) == 3 else ["", *cells] if len(cells) == 2 else ["", "", ""]
        if not is_id(own_id) or rows.setdefault((column, value), own_id) != own_id:
            raise FormatError("map_invalid", line=number, text=line[:80])
    return ValueMap(tuple((column, value, own_id) for (column, value), own_id in sorted(rows.items())))


def _map_cells(line: str, number: int) -> list[str]:
    try:
        return next(csv.reader([line], delimiter="\t" if "\t" in line else ","))
    except csv.Error as error:
        raise FormatError("map_invalid", line=number, text=line[:80]) from error


# Reading ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Layout:
    """Which columns mean what, and on which line their names stand (from 1).

    ``pool`` and ``unit`` may be None: everything in pool ALL, no units.
    """

    id_column: str
    stratum: Rule
    pool: Rule | None = None
    unit: str | None = None
    scheme: str = "USCC"
    values: ValueMap = field(default_factory=ValueMap)
    pool_values: ValueMap = field(default_factory=ValueMap)
    header: int = 1

    def columns(self) -> set[str]:
        """Every column that is read."""
        rules = [rule for rule in (self.stratum, self.pool) if rule]
        named = {self.id_column} | ({self.unit} if self.unit else set())
        return named.union(*(rule.columns() for rule in rules))

    def document(self) -> Document:
        """What ``strata-rule.json`` states of it."""
        return {
            "header": self.header,
            "id_column": self.id_column,
            "map": [{"column": c, "id": i, "value": v} for c, v, i in self.values.rows],
            "pool": self.pool.text if self.pool else None,
            "pool_map": [{"column": c, "id": i, "value": v} for c, v, i in self.pool_values.rows],
            "scheme": self.scheme,
            "stratum": self.stratum.text,
            "unit": self.unit,
            "v": "vdp1",
        }


@dataclass
class Outcome:
    """What became of a register: ``read`` rows are the accepted (fields of frame lines) and the rejections together."""

    read: int = 0
    accepted: list[tuple[str, ...]] = field(default_factory=list)  # stratum, object, pool[, unit]
    rejected: list[Rejection] = field(default_factory=list)


def read_register(rows: Iterable[Row], layout: Layout) -> Outcome:
    """Read a register from its header on: what stands above is a title and counts for nothing.

    Raises RuleError ``register_empty``, ``column_missing`` or ``column_twice`` for the header, ``contradiction`` when
    rows have one id and different contents, since to keep either would be a choice.
    """
    stream = iter(rows)
    header = next((row for row in stream if row.line >= layout.header), None)
    if header is None or header.line != layout.header or not any(cell.strip() for cell in header.cells):
        raise RuleError("register_empty", line=layout.header)
    reader = _Reader(_names_in(header), layout)
    for row in stream:
        reader.take(row)
    reader.check_agreement()
    return reader.outcome


def find_header(rows: Iterable[Row], layout: Layout) -> int | None:
    """The line of the first row near the top that names every column of a layout, or None."""
    wanted = layout.columns()
    return next((row.line for row in islice(rows, TOP_ROWS) if wanted <= set(_names_in(row))), None)


def _names_in(row: Row) -> list[str]:
    return [name.strip().lstrip("\ufeff") for name in row.cells]


class _Reader:
    def __init__(self, names: list[str], layout: Layout) -> None:
        self.names, self.layout, self.outcome = names, layout, Outcome()
        self.id_at = self._column(layout.id_column)
        self.unit_at = self._column(layout.unit) if layout.unit else None
        self.stratum = self._compile(layout.stratum, layout.values, "stratum")
        self.pool = self._compile(layout.pool, layout.pool_values, "pool") if layout.pool else None
        self.first: dict[str, tuple[int, int]] = {}  # id -> (line, hash of the row)
        self.contradictions: list[tuple[str, int, int]] = []  # id, first line, line

    def _column(self, name: str) -> int:
        if self.names.count(name) != 1:
            code = "column_twice" if name in self.names else "column_missing"
            raise RuleError(code, column=name, columns="、".join(self.names[:40]))
        return self.names.index(name)

    def _compile(self, rule: Rule, values: ValueMap, what: str) -> Callable[[Sequence[str]], str]:
        readers = [self._part(part, values, what) for part in rule.parts]

        def read(cells: Sequence[str]) -> str:
            joined = "-".join(reader(cells) for reader in readers)
            if not is_id(joined):
                raise RowRefused(f"{what}_shape", rule.text, joined)
            return joined

        return read

    def _part(
        self, part: tuple[str | None, str, int | None, int | None], values: ValueMap, what: str
    ) -> Callable[[Sequence[str]], str]:
        constant, column, start, end = part
        if constant:
            return lambda cells: column
        at = self._column(column)
        is_mapped = values.names(column)
        table = {value: own_id for own, value, own_id in values.rows if own == ""}
        table |= {value: own_id for own, value, own_id in values.rows if own == column}

        def read(cells: Sequence[str]) -> str:
            value = cells[at][start:end]
            if not is_mapped:
                return value
            if value not in table:
                raise RowRefused(f"{what}_unmapped", column, value)
            return table[value]

        return read

    def take(self, row: Row) -> None:
        """Accept or refuse one row."""
        self.outcome.read += 1
        try:
            self._check_shape(row)
            object_id = read_id(row.cells[self.id_at], self.layout.scheme, self.layout.id_column)
            first_line = self._line_of_first(row, object_id)
            fields = self._fields(row.cells, object_id)
        except RowRefused as refusal:
            self._reject(row, refusal)
            return
        if first_line == row.line:
            self.outcome.accepted.append(fields)
        else:
            repeated = Rejection(row.line, "duplicate", self.layout.id_column, object_id, first_line, object_id)
            self.outcome.rejected.append(repeated)

    def _check_shape(self, row: Row) -> None:
        cells = row.cells
        if row.damaged:
            raise RowRefused("undecodable", "", "")
        if not any(cell.strip() for cell in cells):
            raise RowRefused("blank", "", "")
        if [cell.strip() for cell in cells] == self.names:
            raise RowRefused("repeated_header", "", "")
        if len(cells) != len(self.names):
            raise RowRefused("ragged", "", f"{len(cells)}/{len(self.names)}")

    def _fields(self, cells: list[str], object_id: str) -> tuple[str, ...]:
        fields = (self.stratum(cells), object_id, self.pool(cells) if self.pool else "ALL")
        if self.unit_at is None:
            return fields
        return (*fields, read_id(cells[self.unit_at], self.layout.scheme, self.layout.unit or ""))

    def _line_of_first(self, row: Row, object_id: str) -> int:
        """The line where this id stood first, also when that row was refused for another reason."""
        own = hash(tuple(row.cells))
        line, known = self.first.setdefault(object_id, (row.line, own))
        if known != own:
            self.contradictions.append((object_id, line, row.line))
        return line

    def check_agreement(self) -> None:
        """Raises RuleError ``contradiction``, naming the lines of all, so that they are mended in one go."""
        if self.contradictions:
            object_id, first_line, line = self.contradictions[0]
            shown = "、".join(f"{first}/{other}" for _, first, other in self.contradictions[:MOST_SHOWN])
            raise RuleError(
                "contradiction",
                object=object_id,
                first_line=first_line,
                line=line,
                count=len(self.contradictions),
                lines=shown,
            )

    def _reject(self, row: Row, refusal: RowRefused) -> None:
        told = (row.line, refusal.reason, refusal.column, refusal.value[:80])
        self.outcome.rejected.append(Rejection(*told, object_id=self._id_in(row)))

    def _id_in(self, row: Row) -> str:
        """The id of a refused row, so that its reader knows whom it concerns; empty where none can be read."""
        if self.id_at >= len(row.cells):
            return ""
        try:
            return read_id(row.cells[self.id_at], self.layout.scheme)
        except RowRefused:
            return ""


# Text -------------------------------------------------------------------------------------------


def detect_encoding(lines: Iterable[bytes]) -> str:
    """``utf-8`` or ``gb18030``: the one in which fewer lines are broken. Raises FormatError ``encoding`` for UTF-16."""
    broken = {"utf-8": 0, "gb18030": 0}
    for number, line in enumerate(lines):
        if number == 0 and (line[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in line):
            raise FormatError("encoding", found="UTF-16")
        if number == 0 and line.startswith(b"\xef\xbb\xbf"):
            return "utf-8"
        if line.isascii():
            continue
        for name in broken:
            broken[name] += not _is_text(line, name)
    return min(broken, key=lambda name: (broken[name], name != "utf-8"))


def _is_text(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def csv_rows(lines: Iterable[bytes], encoding: str, delimiter: str = ",") -> Iterator[Row]:
    """Rows of a .csv given by its raw lines, with the line each begins on; broken bytes mark a row as damaged.

    Raises FormatError ``quote_open`` when a quotation mark is not closed where a cell ends, so that no row is taken
    for the inside of another's cell; ``csv_invalid`` for what csv cannot read.
    """
    text = _DecodedLines(lines, encoding)
    well_quoted = _well_quoted(delimiter)
    line = 1
    try:
        for cells in csv.reader(text, delimiter=delimiter):
            taken, damaged = text.take()
            spans = len(taken) > 1 or text.ended
            if spans and (len(taken) > LONGEST_ROW or not well_quoted.fullmatch("".join(taken))):
                raise FormatError("quote_open", line=line)
            yield Row(line, cells, damaged)
            line += len(taken)
    except csv.Error as error:
        code = "quote_open" if "field larger" in str(error) else "csv_invalid"
        raise FormatError(code, line=line, reason=str(error)) from error


def _well_quoted(delimiter: str) -> re.Pattern[str]:
    """A row whose quotation marks stand only around cells, doubled inside them (RFC 4180)."""
    cell = rf'(?:"(?:[^"]|"")*+"|[^"{delimiter}\r\n]*+)'
    return re.compile(rf"{cell}(?:{delimiter}{cell})*+(?:\r?\n)?")


class _DecodedLines:
    """Decodes line by line and keeps the lines of the row that is being read."""

    def __init__(self, lines: Iterable[bytes], encoding: str) -> None:
        self.lines, self.encoding = iter(lines), encoding
        self.ended = False
        self._taken: list[str] = []
        self._damaged = False

    def __iter__(self) -> Iterator[str]:
        for number, raw in enumerate(self.lines):
            line = self._decode(raw.removeprefix(b"\xef\xbb\xbf") if number == 0 else raw)
            self._taken.append(line)
            yield line
        self.ended = True

    def take(self) -> tuple[list[str], bool]:
        """The lines since the last row, and whether bytes in them were broken."""
        taken, damaged = self._taken, self._damaged
        self._taken, self._damaged = [], False
        return taken, damaged

    def _decode(self, raw: bytes) -> str:
        if b"\r" in raw[:-2]:
            end = b"\r\n" if raw.endswith(b"\r\n") else b""
            raw = raw.removesuffix(end).replace(b"\r", b" ") + end
        try:
            return raw.decode(self.encoding)
        except UnicodeDecodeError:
            self._damaged = True
            return raw.decode(self.encoding, "replace")
