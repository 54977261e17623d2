"""Rows into values, or all the reasons why not; and which rows of one file speak against one another."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from json.encoder import encode_basestring
from typing import Any, NamedTuple

from gongchou.draw.register import Row
from gongchou.refusal import Refused, sentence
from gongchou.registry.imports.cells import EMPTY, CellRefused, Memo, Value, check_no_formula, tidy
from gongchou.registry.imports.columns import ASIDE, LEFT_OUT, Column, normal_heading
from gongchou.registry.imports.places import Places

TOTALS = frozenset({"合计", "总计", "小计", "共计", "累计", "总合计", "本页合计"})
SAME, CLASH = "same", "clash"
LONGEST_EMPTY = 8  # characters in which a word for nothing can stand with an apostrophe before it


class Taken(NamedTuple):
    """A row that can be used. values: in the order of ``Checker.fields``; more: JSON of the columns kept aside."""

    line: int
    key: str
    values: tuple[Value, ...]
    more: str
    digest: str
    cells: list[str]
    is_again: bool = False  # the same as a row before it in the file
    papers: tuple[Value, ...] = ()  # values that belong to something beside the row, such as a certificate
    text: str = ""  # by which the row will be found


class Turned(NamedTuple):
    """A row that cannot be used. reasons: [{column, code, told}], column "" for the row as a whole."""

    line: int
    cells: list[str]
    reasons: list[dict[str, str]]


Settle = Callable[[list[Value]], None]  # judges a row as a whole; may complete it. Raises CellRefused


class Checker:
    """Knows what each column means and turns rows into values.

    pairs: heading and field of each column, in the order of the file
    settle: made from field -> place in the values
    clears: an empty cell empties a value that is known; rows read so are not the same as rows read otherwise
    """

    def __init__(
        self,
        pairs: Sequence[tuple[str, str]],
        columns: Sequence[Column],
        places: Places,
        *,
        is_workbook: bool = False,
        clears: bool = False,
        settle: Callable[[dict[str, int]], Settle] | None = None,
    ) -> None:
        known = {column.field: column for column in columns}
        used = [(at, known[name]) for at, (_, name) in enumerate(pairs) if name in known]
        self.pairs, self.width, self.is_workbook = pairs, len(pairs), is_workbook
        self.fields = tuple(column.field for _, column in used)
        self.place = {name: at for at, name in enumerate(self.fields)}
        self._parsers = [(at, self._parser(column, places)) for at, column in used]
        self._aside = [(at, f"{_as_json(heading)}: ") for at, (heading, name) in enumerate(pairs) if name == ASIDE]
        self._keeps_lines = {at for at, column in used if column.is_long} | {at for at, _ in self._aside}
        self._left_out = {at for at, (_, name) in enumerate(pairs) if name == LEFT_OUT}
        self._labels = {column.field: pairs[at][0] for at, column in used}
        self._settle = settle(self.place) if settle else lambda values: None
        self._key_at = self.place.get("number", 0)
        self._headings = [heading for heading, _ in pairs]
        self._used, self.clears = used, clears
        self.seed = "\x1f".join(self.fields)
        if clears:
            self.seed += "\x1eclears" + "".join(f"\x1f{heading}" for heading, name in pairs if name == ASIDE)
        self._seed = sha256(f"{self.seed}\x1e".encode())

    @staticmethod
    def _parser(column: Column, places: Places) -> Callable[[str], Value]:
        parse = column.parse(places)
        return Memo(parse).__getitem__ if column.is_few else parse

    def column_of(self, name: str) -> int | None:
        """Where in the file the column of a field stands."""
        return next((at for at, (_, own) in enumerate(self.pairs) if own == name), None)

    def take(self, row: Row) -> Taken | Turned:
        """Read one row."""
        try:
            cells = self.tidied(row)
            values = [parse(cells[at]) for at, parse in self._parsers]
            self._settle(values)
        except CellRefused:
            return self._turned(row)
        aside = [f"{start}{_as_json(cells[at])}" for at, start in self._aside if cells[at]]
        more = f"{{{', '.join(aside)}}}" if aside else "{}"
        digest = self._seed.copy()
        digest.update(f"{_joined(values)}\x1e{more}".encode())
        return Taken(row.line, str(values[self._key_at]), tuple(values), more, digest.hexdigest()[:32], row.cells)

    def blanks(self, cells: Sequence[str]) -> frozenset[str]:
        """The fields of a taken row whose cells say nothing."""
        return frozenset(column.field for at, column in self._used if at >= len(cells) or _is_empty(cells[at]))

    def blanks_aside(self, cells: Sequence[str]) -> list[str]:
        """The headings of columns kept aside whose cells hold nothing."""
        aside = [at for at, (_, name) in enumerate(self.pairs) if name == ASIDE]
        return [self._headings[at] for at in aside if at >= len(cells) or not tidy(cells[at], keeps_lines=True)]

    def tidied(self, row: Row) -> list[str]:
        """Its cells, as many as there are headings, without blanks around them. Raises CellRefused."""
        cells = row.cells
        if row.damaged:
            raise CellRefused("undecodable")
        if len(cells) != self.width:
            cells = self._fitted(cells)
        told = f"|{'|'.join(cells)}|"
        if told.isprintable() and "| " not in told and " |" not in told and "|'" not in told and "|=" not in told:
            return cells
        return [self._tidy(at, cell) for at, cell in enumerate(cells)]

    def _tidy(self, at: int, cell: str) -> str:
        if at in self._left_out:
            return ""
        if not self.is_workbook and self.pairs[at][1] != ASIDE:  # of a workbook the results are read
            check_no_formula(cell)
        return tidy(cell, keeps_lines=at in self._keeps_lines)

    def _fitted(self, cells: list[str]) -> list[str]:
        filled = max((at for at, cell in enumerate(cells, 1) if cell.strip()), default=0)
        if filled > self.width or (len(cells) < self.width and not self.is_workbook):
            raise CellRefused("ragged", count=len(cells), width=self.width)
        return (cells + [""] * self.width)[: self.width]

    def _turned(self, row: Row) -> Turned:
        """All that is wrong with a row, so that it is mended in one go."""
        if self.is_total(row.cells):
            return Turned(row.line, row.cells, [self.reason("", CellRefused("total"))])
        try:
            cells = self._tidied_each(row)
        except CellRefused as refused:
            return Turned(row.line, row.cells, [self.reason("", refused)])
        if [cell.strip() for cell in row.cells[: self.width]] == self._headings:
            return Turned(row.line, row.cells, [self.reason("", CellRefused("header_again"))])
        reasons, values = [], []
        for (at, parse), name in zip(self._parsers, self.fields, strict=True):
            try:
                if isinstance(own := cells[at], CellRefused):
                    raise own
                values.append(parse(own))
            except CellRefused as refused:
                reasons.append(self.reason(name, refused))
        reasons += [
            {"column": self.pairs[at][0], **_told(bad, self.pairs[at][0])}
            for at, bad in enumerate(cells)
            if isinstance(bad, CellRefused) and self.pairs[at][1] == ASIDE
        ]
        if not reasons:
            try:
                self._settle(values)
            except CellRefused as refused:
                reasons.append(self.reason(refused.field, refused))
        return Turned(row.line, row.cells, reasons)

    def is_total(self, cells: Sequence[str]) -> bool:
        """Whether a row sums up others: it begins with such a word and has no number of its own."""
        at = self.column_of("number")
        number = cells[at] if at is not None and at < len(cells) else ""
        first = next((cell for cell in cells if cell.strip()), "")
        return normal_heading(first) in TOTALS and normal_heading(number) in TOTALS | {""}

    def _tidied_each(self, row: Row) -> list[Any]:
        if row.damaged:
            raise CellRefused("undecodable")
        cells = row.cells if len(row.cells) == self.width else self._fitted(row.cells)
        found: list[Any] = []
        for at, cell in enumerate(cells):
            try:
                found.append(self._tidy(at, cell))
            except CellRefused as refused:
                found.append(refused)
        return found

    def reason(self, name: str, refused: CellRefused) -> dict[str, str]:
        """A refusal as it is kept and shown."""
        label = self._labels.get(name, "")
        return {"column": label, **_told(refused, label)}


def _is_empty(cell: str) -> bool:
    """Whether nothing is left of a cell once it is tidy; most cells show at once that they hold something."""
    own = cell.strip()
    if len(own) > LONGEST_EMPTY and own.isprintable():
        return False
    return own in EMPTY or tidy(own, keeps_lines=True) in EMPTY


_as_json = encode_basestring  # of a text; ``json.dumps`` asks too many questions for a million cells


def _joined(values: list[Value]) -> str:
    try:
        return "\x1f".join([value or "" for value in values])  # type: ignore[misc]  # a bool raises
    except TypeError:
        return "\x1f".join(["" if value is None else str(value) for value in values])


def _told(refused: CellRefused, column: str) -> dict[str, str]:
    told = sentence(Refused(refused.code, **{"column": column, **refused.facts}))
    return {"code": refused.code, "told": told}


# Repetitions ------------------------------------------------------------------------------------

Key = Callable[[Sequence[str]], str]
Content = Callable[[Sequence[str]], Hashable]


@dataclass(frozen=True)
class Identity:
    """What may occur in one file only once, or several times with the same content.

    field: where a contradiction is shown; key: of the cells, "" for none; content: what must agree.
    """

    field: str
    key: Key
    content: Content


@dataclass
class Repeats:
    """Keys that stand in a file more than once: the first line of each, and the lines that say something else.

    first: key -> the first line that can be used, 0 where none can
    """

    n_rows: int = 0
    first: list[dict[str, int]] = field(default_factory=list)
    clashes: list[dict[str, tuple[int, int]]] = field(default_factory=list)  # key -> two lines that disagree

    def __bool__(self) -> bool:
        """Whether there is any."""
        return any(self.first)

    def judge(self, at: int, key: str, line: int) -> str | tuple[int, int]:
        """ "" for a key that is alone or first, SAME, or the two lines of a contradiction."""
        if key in self.clashes[at]:
            return self.clashes[at][key]
        return SAME if self.first[at].get(key, line) not in (line, 0) else ""


def no_repeats(n_rows: int, identities: Sequence[Identity]) -> Repeats:
    """Of a file in which every key stands once."""
    return Repeats(n_rows, [{} for _ in identities], [{} for _ in identities])


def survey(read: Callable[[], Iterable[Row]], identities: Sequence[Identity], checker: Checker) -> Repeats:
    """Read a file once, or twice where keys are repeated; a million keys take a few bytes each."""
    found = no_repeats(0, identities)
    seen: list[set[int]] = [set() for _ in identities]
    again: list[set[int]] = [set() for _ in identities]
    for row in read():
        found.n_rows += 1
        for at, identity in enumerate(identities):
            if key := identity.key(row.cells):
                own = hash(key)
                (again if own in seen[at] else seen)[at].add(own)
    seen.clear()
    for at, identity in enumerate(identities):
        if again[at]:
            _compare(read(), identity, again[at], checker, found.first[at], found.clashes[at])
    return found


def _compare(
    rows: Iterable[Row],
    identity: Identity,
    again: set[int],
    checker: Checker,
    first: dict[str, int],
    clashes: dict[str, tuple[int, int]],
) -> None:
    said: dict[str, tuple[int, int]] = {}  # key -> the line it is said in first, and what
    for row in rows:
        key = identity.key(row.cells)
        if not key or hash(key) not in again:
            continue
        own = hash(identity.content(row.cells))
        line, told = said.setdefault(key, (row.line, own))
        if told != own:
            clashes.setdefault(key, (line, row.line))
        if not first.get(key):
            first[key] = row.line if isinstance(checker.take(row), Taken) else 0
