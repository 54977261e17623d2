"""How a form is written down: rows as a workbook has them, several at a time."""

from __future__ import annotations

from typing import NamedTuple

Rows = list[list[str]]
HEAD = [
    *("题型", "代码", "题目", "填写说明", "必填", "显示条件"),
    *("校验条件", "校验提示", "计算公式", "检查依据", "严重程度"),
]
MINOR, MAJOR, GRAVE = "一般", "较重", "严重"
FINDING = {"ok": "符合", "bad": "不符合", "na": "不涉及"}
YES_NO = {"yes": "是", "no": "否"}
Groups = dict[str, dict[str, str]]


class Form(NamedTuple):
    """A form. department: whose; items: codes of what it is for; groups: choices beside those every form has"""

    department: str
    items: tuple[str, ...]
    name: str
    rows: Rows
    groups: Groups

    @property
    def choices(self) -> Rows:
        """The sheet of choices: only groups that a question offers."""
        used = {row[0].partition(" ")[2] for row in self.rows}
        known = {"finding": FINDING, "yes_no": YES_NO, **self.groups}
        pairs = ((group, code, word) for group, words in known.items() for code, word in words.items())
        return [["选项组", "代码", "选项"], *(list(row) for row in pairs if row[0] in used)]


def form(department: str, items: str, name: str, *rows: Rows, groups: Groups | None = None) -> Form:
    """A form of such parts. items: codes with spaces between; none makes a base form"""
    return Form(department, tuple(items.split()), name, [HEAD, *(row for part in rows for row in part)], groups or {})


def part(code: str, title: str, *rows: Rows, when: str = "") -> Rows:
    """Questions under a title."""
    return _enclosed("分组", code, title, rows, when)


def each(code: str, title: str, *rows: Rows, when: str = "") -> Rows:
    """Questions that are asked of each of several things."""
    return _enclosed("重复", code, title, rows, when)


def _enclosed(word: str, code: str, title: str, rows: tuple[Rows, ...], when: str) -> Rows:
    inner = [row for some in rows for row in some]
    return [*_row(f"{word}开始", code, title, when=when), *inner, [f"{word}结束", *[""] * (len(HEAD) - 1)]]


def check(code: str, point: str, basis: str, severity: str = MINOR, *, hint: str = "", when: str = "") -> Rows:
    """A point of the law: is it kept? Where not, what was found, and a picture where it weighs more."""
    bad = f"${{{code}}} = 'bad'"
    rows = ask("单选 finding", code, point, hint=hint, when=when, basis=basis, severity=severity)
    rows += ask("文本", f"{code}_note", "不符合的情况", hint="写明时间、部位、数量和当事人说明", when=bad)
    if severity == MINOR:
        return rows
    return rows + ask("照片", f"{code}_photo", "证据照片", when=bad)


def ask(
    kind: str,
    code: str,
    label: str,
    *,
    hint: str = "",
    when: str = "",
    must: str = "",
    message: str = "",
    basis: str = "",
    severity: str = "",
    needed: bool = True,
) -> Rows:
    """Any other question. when: it is shown only then; must: what its answer must be, else ``message``"""
    return _row(
        kind,
        code,
        label,
        hint=hint,
        when=when,
        must=must,
        message=message,
        basis=basis,
        severity=severity,
        needed="是" if needed else "",
    )


def count(code: str, label: str, *, most: int = 100_000, hint: str = "", when: str = "", basis: str = "") -> Rows:
    """How many: a whole number that is neither below nought nor absurd."""
    told = f"请填写 0 到 {most} 之间的整数"
    return ask("整数", code, label, hint=hint, when=when, must=f". >= 0 and . <= {most}", message=told, basis=basis)


def work_out(code: str, label: str, formula: str) -> Rows:
    """A number that follows from others."""
    return _row("计算", code, label, formula=formula)


def tell(code: str, text: str, *, when: str = "") -> Rows:
    """Something to read."""
    return _row("说明", code, text, when=when)


def _row(kind: str, code: str, label: str, **own: str) -> Rows:
    names = ("hint", "needed", "when", "must", "message", "formula", "basis", "severity")
    return [[kind, code, label, *(own.get(name, "") for name in names)]]
