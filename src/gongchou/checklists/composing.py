"""A form while somebody writes it on a page: its rows as she left them, right or wrong, and what may be done to them.

Nothing of it is kept here. The whole of it travels with the page, one row open and the others in a hidden field, so
that nothing typed is lost and nothing half done is ever in the library.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gongchou.checklists.xlsform import CHOICES, MOST_ROWS, SURVEY, Definition, Fault, check_rows
from gongchou.refusal import Refused

KEPT, OPEN = "sheet", "o-"  # the hidden field, and how those of the open row begin
ASKED = (
    *("type", "label", "name", "required", "hint", "list_name", "basis", "severity"),
    *("relevant", "constraint", "constraint_message", "calculation", "appearance"),
)
PICKING = ("select_one", "select_multiple")
_ENDS = ("end_group", "end_repeat")
NAMES = {SURVEY: "题目", CHOICES: "选项"}
LONGEST = 150_000  # characters of the hidden field, some five hundred questions; on its way each takes up to nine bytes

Row = dict[str, str]


@dataclass
class Composition:
    """rows: columns as typed, a tick as ``yes``; groups: choices as lines ``代码 文字``; open: the row being written"""

    rows: list[Row] = field(default_factory=list)
    groups: dict[str, str] = field(default_factory=dict)
    open: int | None = None

    def to_json(self) -> str:
        """For the hidden field."""
        told = {"rows": self.rows, "groups": self.groups, "open": self.open}
        return json.dumps(told, ensure_ascii=False)

    def checked(self) -> tuple[Definition, list[Fault]]:
        """The form, and what is wrong with it by the row it stands in, from 1.

        Raises Refused ``checklists.too_many``.
        """
        if len(self.rows) > MOST_ROWS:
            raise Refused("checklists.too_many", sheet=NAMES[SURVEY], most=MOST_ROWS)
        users = {row.get("list_name", ""): n for n, row in reversed(list(enumerate(self.rows, 1)))}
        choices = [
            (users[group], cells)
            for group, lines in self.groups.items()
            if group in users
            for cells in _choices(group, lines)
        ]
        return check_rows([_cells(row) for row in self.rows], choices, NAMES)

    # What may be done

    def do(self, action: str) -> None:
        """``open 3``, ``close``, ``up 3``, ``down 3``, ``remove 3``, ``add 3`` (behind it), ``add``; rows from 0.

        What makes no sense, such as a row that is not there, changes nothing.
        """
        verb, _, number = action.partition(" ")
        at = int(number) if number.isdecimal() else len(self.rows) - 1
        if verb in _ACTIONS and (at < len(self.rows) or verb == "add"):
            _ACTIONS[verb](self, at)

    def _open(self, at: int) -> None:
        self.open = at

    def _close(self, _: int) -> None:
        self.open = None

    def _stay(self, _: int) -> None:
        """The open row is drawn again, with what its type asks for."""

    def _up(self, at: int) -> None:
        self._change_places(at, at - 1)

    def _down(self, at: int) -> None:
        self._change_places(at, at + 1)

    def _change_places(self, one: int, other: int) -> None:
        if not 0 <= other < len(self.rows):
            return
        self.rows[one], self.rows[other] = self.rows[other], self.rows[one]
        self.open = {one: other, other: one}.get(self.open, self.open) if self.open is not None else None

    def _remove(self, at: int) -> None:
        del self.rows[at : at + 1]
        self.open = None

    def _add(self, at: int) -> None:
        self.rows.insert(at + 1, {"type": "text"})
        self.open = at + 1


_ACTIONS = {
    "open": Composition._open,
    "close": Composition._close,
    "stay": Composition._stay,
    "up": Composition._up,
    "down": Composition._down,
    "remove": Composition._remove,
    "add": Composition._add,
}


def composed(definition: Mapping[str, Any]) -> Composition:
    """A form that is there, to be written on."""
    rows = [{name: _typed(value) for name, value in row.items() if name in ASKED} for row in definition[SURVEY]]
    groups: dict[str, list[str]] = {}
    for one in definition[CHOICES]:
        groups.setdefault(one["list_name"], []).append(f"{one['name']} {one['label']}")
    return Composition(rows, {name: "\n".join(lines) for name, lines in groups.items()})


def composition_in(data: Mapping[str, str]) -> Composition:
    """What a page sent: the rows that were hidden, and the open one with what was typed into it.

    Raises Refused ``checklists.composition`` where the hidden field is cut or was tampered with.
    """
    made = _read(data.get(KEPT, ""))
    if made.open is not None:
        _fold(made, {name: data.get(OPEN + name, "").strip() for name in ASKED}, data.get(f"{OPEN}choices", ""))
    return made


def _read(text: str) -> Composition:
    try:
        told: Any = json.loads(text) if len(text) <= LONGEST else None
        rows = [{str(name): _plain(value) for name, value in row.items() if name in ASKED} for row in told["rows"]]
        groups = {_plain(name): _plain(lines) for name, lines in told["groups"].items()}
        is_open = isinstance(told["open"], int) and 0 <= told["open"] < len(rows)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Refused("checklists.composition") from error
    return Composition(rows, groups, told["open"] if is_open else None)


def _fold(made: Composition, typed: Row, lines: str) -> None:
    """Put the open row back among the others.

    Choices belong to their group and not to the row: whoever changes them changes them for all that offer them; who
    names another group gets that one as it is, unless she typed choices of her own.
    """
    assert made.open is not None  # noqa: S101 -- asked by the caller
    before = made.rows[made.open]
    row = {name: _plain(text) for name, text in typed.items() if text}
    made.rows[made.open] = row
    if row.get("type") not in PICKING:
        row.pop("list_name", None)
        return
    lines = _plain(lines).replace("\r\n", "\n").strip()
    group = row.setdefault("list_name", row.get("name") or _free(made.groups))
    shown = made.groups.get(before.get("list_name", ""), "")
    if lines != shown or group not in made.groups:
        made.groups[group] = lines


def _free(groups: Mapping[str, str]) -> str:
    return next(name for n in range(1, len(groups) + 2) if (name := f"choices_{n}") not in groups)


def _plain(value: object) -> str:
    """A text without what a database cannot keep."""
    return str(value).replace("\0", "")


def _typed(value: object) -> str:
    return "yes" if value is True else str(value)


def _cells(row: Row) -> Row:
    """As they would stand in a workbook."""
    if row.get("type") in _ENDS:
        return {"type": row["type"]}
    filled = {name: text.strip() for name, text in row.items() if text.strip() and name != "list_name"}
    if row.get("type") in PICKING:
        filled["type"] = f"{row['type']} {row.get('list_name', '')}".strip()
    return filled


def _choices(group: str, lines: str) -> list[Row]:
    made = []
    for line in filter(None, map(str.strip, lines.splitlines())):
        code, *words = line.split(maxsplit=1)
        made.append({"list_name": group, "name": code, **({"label": words[0]} if words else {})})
    return made
