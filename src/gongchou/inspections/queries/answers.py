"""The answers of a record in words, question by question, by the sheet it was filled with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gongchou.checklists.answers import Entry, fill, form_of
from gongchou.inspections.models import Revision


def answers_in(revision: Revision) -> list[tuple[str, str]]:
    """Label and answer in the order of the sheet; what was not asked or not answered is left out."""
    definition = revision.sheet.definition
    form = form_of(definition)
    told = revision.told
    filled = fill(form, told["answers"], today=told["entry"]["at"][:10])
    labels = {(one["list_name"], one["name"]): one["label"] for one in definition["choices"]}
    return list(_told(form.within(""), filled.answers, labels, form))


def _told(
    entries: Iterator[Entry], answers: Mapping[str, Any], labels: Mapping[tuple[str, str], str], form: Any
) -> Iterator[tuple[str, str]]:
    for entry in entries:
        value = answers.get(entry.name)
        if value in (None, "", [], {}):
            continue
        if entry.kind == "begin_repeat":
            for number, own in enumerate(value, 1):
                for label, words in _told(form.within(entry.name), own, labels, form):
                    yield f"{entry.row.get('label', '')} {number}：{label}", words
        elif entry.kind not in ("image", "signature"):
            yield entry.row.get("label", entry.name), _words(entry, value, labels)


def _words(entry: Entry, value: Any, labels: Mapping[tuple[str, str], str]) -> str:
    codes = value if isinstance(value, list) else [value]
    named = entry.row.get("list_name", "")
    return "、".join(labels.get((named, str(code)), str(code)) for code in codes)
