"""A form as a workbook, in the words of XLSForm or in Chinese: read with all that is wrong in it, and written again.

Sheets: ``survey``, one question a row; ``choices``, what the choices offer. https://xlsform.org/
Beside the standard's columns: ``basis`` (检查依据) and ``severity`` (严重程度).
Expressions are kept as they stand, once ``formulas`` has found nothing wrong with them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, NamedTuple

from gongchou.checklists.formulas import faults_in
from gongchou.draw.register import Row
from gongchou.refusal import Refused
from gongchou.registry.imports.columns import normal_heading
from gongchou.registry.imports.reading import in_our_words
from gongchou.sheets.workbooks import workbook_rows, workbook_sheets
from gongchou.sheets.writing import plain_text, write_book

MOST_ROWS = 2_000
LONGEST = 2_000  # characters of a cell
DEEPEST = 5  # groups in groups

SURVEY, CHOICES = "survey", "choices"
_SHEETS = {SURVEY: ("survey", "检查内容", "题目"), CHOICES: ("choices", "选项")}
_HEADINGS = {
    SURVEY: {
        "type": ("type", "题型"),
        "name": ("name", "代码"),
        "label": ("label", "题目"),
        "hint": ("hint", "填写说明"),
        "required": ("required", "必填"),
        "relevant": ("relevant", "显示条件"),
        "constraint": ("constraint", "校验条件"),
        "constraint_message": ("constraint_message", "校验提示"),
        "calculation": ("calculation", "计算公式"),
        "appearance": ("appearance", "外观"),
        "basis": ("basis", "检查依据"),
        "severity": ("severity", "严重程度"),
    },
    CHOICES: {"list_name": ("list_name", "选项组"), "name": ("name", "代码"), "label": ("label", "选项")},
}
TYPES = {
    "text": "文本",
    "integer": "整数",
    "decimal": "小数",
    "date": "日期",
    "time": "时间",
    "select_one": "单选",
    "select_multiple": "多选",
    "note": "说明",
    "image": "照片",
    "signature": "签名",
    "geopoint": "定位",
    "barcode": "扫码",
    "calculate": "计算",
    "begin_group": "分组开始",
    "end_group": "分组结束",
    "begin_repeat": "重复开始",
    "end_repeat": "重复结束",
}
"""Type -> what it is called; either is read."""
_PICKING = ("select_one", "select_multiple")
_OPENING = {"begin_group": "end_group", "begin_repeat": "end_repeat"}
_NOT_ASKED = (*_OPENING, *_OPENING.values(), "note", "calculate")
_BY_WORD = {word: code for code, word in TYPES.items()}
_SPACED = re.compile(r"^(select|begin|end) (one|multiple|group|repeat)\b")  # as older forms write it
_NAME = re.compile(r"(?!__)[A-Za-z_][A-Za-z0-9_]*")
_CHOICE = re.compile(r"\S+")  # a blank stands between several
_UNREAD = ("choice_filter", "repeat_count", "trigger", "default", "read_only")  # columns that would change the meaning
_YES, _NO = ("yes", "true", "true()", "是", "必填", "1"), ("", "no", "false", "false()", "否", "0")


class Fault(NamedTuple):
    """What is wrong in one row, as a Refused ``checklists.…`` with where it is."""

    sheet: str
    line: int
    refused: Refused


@dataclass
class Definition:
    """The questions and the choices, in their order; each a mapping of the filled columns."""

    survey: list[dict[str, Any]] = field(default_factory=list)
    choices: list[dict[str, str]] = field(default_factory=list)

    @property
    def n_questions(self) -> int:
        """How many are to be answered."""
        return sum(row["type"] not in _NOT_ASKED for row in self.survey)

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {SURVEY: self.survey, CHOICES: self.choices}


# Reading ----------------------------------------------------------------------------------------


def read_form(path: Path) -> tuple[Definition, list[Fault]]:
    """The form in a workbook and all that is wrong with it.

    Raises Refused ``registry.file_…``, ``checklists.sheet``, ``checklists.heading``, ``checklists.too_many``.
    """
    with in_our_words():
        sheets = workbook_sheets(path)
        names = {kind: next((one for one in sheets if one.strip().lower() in _SHEETS[kind]), "") for kind in _SHEETS}
        if not names[SURVEY]:
            raise Refused("checklists.sheet", sheets="、".join(sheets))
        reader = _Reader(names)
        for line, cells in _table(path, CHOICES, names[CHOICES]) if names[CHOICES] else ():
            reader.take_choice(line, cells)
        for line, cells in _table(path, SURVEY, names[SURVEY]):
            reader.take_question(line, cells)
    reader.finish()
    return reader.made, reader.faults


def check_rows(
    survey: Iterable[dict[str, str]], choices: Iterable[tuple[int, dict[str, str]]], names: Mapping[str, str]
) -> tuple[Definition, list[Fault]]:
    """The form in rows that stand on a page, checked as those of a workbook are.

    survey: filled columns of each row, counted from 1; choices: the same, each with the row that offers it
    names: what the two sheets are called in a Fault
    """
    reader = _Reader(names)
    for line, cells in choices:
        reader.take_choice(line, cells)
    for line, cells in enumerate(survey, 1):
        reader.take_question(line, cells)
    reader.finish()
    return reader.made, reader.faults


def _table(path: Path, kind: str, name: str) -> list[tuple[int, dict[str, str]]]:
    """The rows of a sheet by what their columns mean."""
    rows = list(workbook_rows(path, name))
    if len(rows) > MOST_ROWS:
        raise Refused("checklists.too_many", sheet=name, most=MOST_ROWS)
    fields = _fields(kind, rows[0].cells if rows else [], name)
    return [(row.line, _told(row, fields)) for row in rows[1:] if any(map(str.strip, row.cells))]


def _fields(kind: str, headings: Iterable[str], sheet: str) -> list[str]:
    by_word = {name: name for name in _UNREAD} if kind == SURVEY else {}
    by_word |= {normal_heading(word): name for name, words in _HEADINGS[kind].items() for word in words}
    found = [by_word.get(normal_heading(text.partition("::")[0]).lower(), "") for text in headings]
    needed = ("type", "label") if kind == SURVEY else ("list_name", "name", "label")
    missing = [_HEADINGS[kind][name][1] for name in needed if name not in found]
    if missing:
        raise Refused("checklists.heading", sheet=sheet, missing="、".join(missing))
    return found


def _told(row: Row, fields: Sequence[str]) -> dict[str, str]:
    pairs = zip(fields, (plain_text(cell).strip() for cell in row.cells), strict=False)
    return {name: text for name, text in pairs if name and text}


class _Reader:
    """Row after row; what names another row is looked at in the end."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names, self.made, self.faults = names, Definition(), list[Fault]()
        self.lines: list[int] = []
        self.known: set[str] = set()  # codes of faulty rows too: what names them is not wrong
        self.open: list[tuple[int, str]] = []

    def take_choice(self, line: int, cells: dict[str, str]) -> None:
        missing = [_HEADINGS[CHOICES][name][1] for name in ("list_name", "name", "label") if name not in cells]
        if missing:
            self._wrong(CHOICES, line, "checklists.empty", column="、".join(missing))
        elif any(one["list_name"] == cells["list_name"] and one["name"] == cells["name"] for one in self.made.choices):
            self._wrong(CHOICES, line, "checklists.choice_twice", name=cells["name"], group=cells["list_name"])
        elif not _CHOICE.fullmatch(cells["name"]):
            self._wrong(CHOICES, line, "checklists.choice_name", name=cells["name"][:40])
        else:
            self.made.choices.append(cells)

    def take_question(self, line: int, cells: dict[str, str]) -> None:
        self.known.add(cells.get("name", ""))
        try:
            kind, group = _type_of(cells.get("type", ""))
            self._nest(line, kind)
            row = self._question(cells, kind, group)
        except Refused as refused:
            self.faults.append(Fault(self.names[SURVEY], line, refused))
            return
        self.made.survey.append(row)
        self.lines.append(line)

    def _question(self, cells: dict[str, str], kind: str, group: str) -> dict[str, Any]:
        long = next((name for name, text in cells.items() if len(text) > LONGEST), None)
        if long:
            raise Refused("checklists.long", column=_HEADINGS[SURVEY][long][1], most=LONGEST)
        unread = next((name for name in _UNREAD if name in cells), None)
        if unread:
            raise Refused("checklists.unread", column=unread)
        if kind in _OPENING.values():
            return {"type": kind}
        if "label" not in cells and kind not in (*_OPENING, "calculate"):
            raise Refused("checklists.empty", column="题目")
        name = cells.get("name") or f"q{len(self.made.survey) + 1}"
        if not _NAME.fullmatch(name):
            raise Refused("checklists.name", name=name[:40])
        row: dict[str, Any] = {**cells, "type": kind, "name": name}
        row.pop("required", None)
        if kind in _PICKING:
            row["list_name"] = self._group(group)
        return row | ({"required": True} if _is_required(cells.get("required", "")) else {})

    def _group(self, group: str) -> str:
        known = {one["list_name"] for one in self.made.choices}
        if group not in known:
            raise Refused("checklists.group", group=group or "（空）", known="、".join(sorted(known)) or "没有")
        return group

    def _nest(self, line: int, kind: str) -> None:
        if kind in _OPENING:
            if kind == "begin_repeat" and any(end == "end_repeat" for _, end in self.open):
                self._wrong(SURVEY, line, "checklists.nested")
            if len(self.open) == DEEPEST:
                self._wrong(SURVEY, line, "checklists.nested_deep", most=DEEPEST)
            self.open.append((line, _OPENING[kind]))
        elif kind in _OPENING.values():
            if self.open and self.open[-1][1] == kind:
                self.open.pop()
            else:
                self._wrong(SURVEY, line, "checklists.end", word=TYPES[kind])

    def finish(self) -> None:
        """What can be said only once all rows are known."""
        for line, end in self.open:
            self._wrong(SURVEY, line, "checklists.unclosed", word=TYPES[end])
        names = Counter(row["name"] for row in self.made.survey if "name" in row)
        for line, row in zip(self.lines, self.made.survey, strict=True):
            if names.get(row.get("name", ""), 0) > 1:
                self._wrong(SURVEY, line, "checklists.name_twice", name=row["name"])
        self._look_at_formulas()
        if not self.faults and not self.made.n_questions:
            self._wrong(SURVEY, 1, "checklists.nothing")
        self.faults.sort(key=lambda fault: (fault.sheet, fault.line))

    def _look_at_formulas(self) -> None:
        found = faults_in(self.made.survey, self.made.choices, self.known, is_nested=not self.faults)
        self.faults += [Fault(self.names[SURVEY], self.lines[number], refused) for number, refused in found]

    def _wrong(self, kind: str, line: int, code: str, **facts: object) -> None:
        self.faults.append(Fault(self.names[kind], line, Refused(code, **facts)))


def _type_of(text: str) -> tuple[str, str]:
    """``select_one grade`` or 单选 grade -> the type and the group of its choices."""
    said = _SPACED.sub(r"\1_\2", re.sub(r"[\s：:]+", " ", text).strip())
    if said in TYPES or said in _BY_WORD:
        return _BY_WORD.get(said, said), ""
    head, _, group = said.partition(" ")
    kind = _BY_WORD.get(head, head)
    if kind not in _PICKING:
        raise Refused("checklists.type", text=text[:40] or "（空）", known="、".join(TYPES.values()))
    return kind, group


def _is_required(text: str) -> bool:
    said = text.strip().lower()
    if said not in (*_YES, *_NO):
        raise Refused("checklists.required", text=text[:20])
    return said in _YES


# Writing ----------------------------------------------------------------------------------------


def write_form(file: IO[bytes], definition: Mapping[str, Any]) -> None:
    """A workbook in the standard's own words, for any program that knows XLSForm."""
    write_book(file, {kind: _rows(kind, definition[kind]) for kind in (SURVEY, CHOICES)})


def _rows(kind: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[list[str]]:
    names = list(_HEADINGS[kind])
    yield names
    for row in rows:
        yield [_cell(row, name) for name in names]


def _cell(row: Mapping[str, Any], name: str) -> str:
    if name == "type":
        return f"{row['type']} {row.get('list_name', '')}".strip()
    return "yes" if row.get(name) is True else str(row.get(name, ""))


EXAMPLE: list[list[str]] = [
    ["题型", "代码", "题目", "填写说明", "必填", "显示条件", "校验条件", "校验提示", "检查依据", "严重程度"],
    ["分组开始", "license", "证照", "", "", "", "", "", "", ""],
    ["单选 yes_no", "has_license", "是否公示营业执照", "", "是", "", "", "", "《市场主体登记管理条例》", "一般"],
    ["文本", "license_note", "未公示的原因", "", "", "${has_license} = 'no'", "", "", "", ""],
    ["分组结束", "", "", "", "", "", "", "", "", ""],
    ["整数", "staff", "现场从业人员数", "", "是", "", ". >= 0", "人数不能是负数", "", ""],
    ["照片", "photo", "经营场所照片", "", "", "", "", "", "", ""],
]
EXAMPLE_CHOICES = [["选项组", "代码", "选项"], ["yes_no", "yes", "是"], ["yes_no", "no", "否"]]


def write_example(file: IO[bytes]) -> None:
    """A small form to begin with, in Chinese."""
    write_book(file, {"检查内容": EXAMPLE, "选项": EXAMPLE_CHOICES})
