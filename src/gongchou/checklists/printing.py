"""A version of a form as the questions of a sheet of paper, its conditions in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from gongchou.papers.sheet import GROUP, REPEAT, Question

_KINDS = {
    "integer": "number",
    "decimal": "number",
    "select_one": "one",
    "select_multiple": "many",
    "image": "picture",
    "geopoint": "place",
    "barcode": "code",
    "calculate": "computed",
    "begin_group": GROUP,
    "begin_repeat": REPEAT,
}
_ENDS = ("end_group", "end_repeat")
_FOLLOWING = ("text", "image")

# What a condition says, in words; of what is not understood the signs stay.
_TOLD = (
    (re.compile(r"selected\(\s*\$\{(\w+)\}\s*,\s*'([^']*)'\s*\)"), "“{label}”选了“{choice}”"),
    (re.compile(r"\$\{(\w+)\}\s*!=\s*'([^']*)'"), "“{label}”不为“{choice}”"),
    (re.compile(r"\$\{(\w+)\}\s*=\s*'([^']*)'"), "“{label}”为“{choice}”"),
    (re.compile(r"\$\{(\w+)\}"), "“{label}”"),
)
_JOINTS = (
    (re.compile(r"\bnot\s*\("), "并非（"),
    (re.compile(r"\s+and\s+"), "，且"),
    (re.compile(r"\s+or\s+"), "，或者"),
)


def questions_of(definition: Mapping[str, Any]) -> tuple[Question, ...]:
    """Its rows, those of a part within it."""
    rows = iter(definition["survey"])
    return tuple(_until_end(rows, _Words(definition)))


def in_words(definition: Mapping[str, Any]) -> Callable[[str], str]:
    """What makes of an expression ``${a} = 'no'`` the words “甲”为“否”."""
    return _Words(definition).of


class _Words:
    """What codes of a form are called."""

    def __init__(self, definition: Mapping[str, Any]) -> None:
        self.rows = {row["name"]: row for row in definition["survey"] if "name" in row}
        self.choices: dict[str, list[tuple[str, str]]] = {}
        for one in definition["choices"]:
            self.choices.setdefault(one["list_name"], []).append((one["name"], one["label"]))

    def offered(self, row: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
        return tuple(self.choices.get(row.get("list_name", ""), ()))

    def of(self, expression: str) -> str:
        for pattern, words in _TOLD:
            expression = pattern.sub(lambda found, words=words: self._told(words, *found.groups()), expression)  # type: ignore[misc]
        for pattern, joint in _JOINTS:
            expression = pattern.sub(joint, expression)
        return expression.replace(")", "）") if "并非（" in expression else expression

    def _told(self, words: str, name: str, code: str = "") -> str:
        row = self.rows.get(name, {})
        return words.format(label=row.get("label", name), choice=dict(self.offered(row)).get(code, code))


def _until_end(rows: Iterator[Mapping[str, Any]], words: _Words) -> Iterator[Question]:
    """Up to the end of the part, or of the form."""
    before = ""
    for row in rows:
        if row["type"] in _ENDS:
            return
        inner = tuple(_until_end(rows, words)) if row["type"].startswith("begin_") else ()
        yield _question(row, words, before, inner)
        before = before if _is_follow(row, before) else row["name"]


def _question(row: Mapping[str, Any], words: _Words, before: str, inner: tuple[Question, ...]) -> Question:
    is_follow = _is_follow(row, before)
    return Question(
        name=row["name"],
        kind=_KINDS.get(row["type"], row["type"]),
        label=row.get("label", ""),
        choices=words.offered(row),
        hint=row.get("hint", ""),
        basis=row.get("basis", ""),
        severity=row.get("severity", ""),
        condition="" if is_follow else words.of(row.get("relevant", "")),
        is_required=bool(row.get("required")),
        is_follow=is_follow,
        rows=inner,
    )


def _is_follow(row: Mapping[str, Any], before: str) -> bool:
    """A note or a picture that hangs on the answer right before it alone, as 不符合的情况 does."""
    asks_only_it = re.fullmatch(rf"\$\{{{before}\}}\s*=\s*'[^']*'", row.get("relevant", "")) if before else None
    return row["type"] in _FOLLOWING and asks_only_it is not None
