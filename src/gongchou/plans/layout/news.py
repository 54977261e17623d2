"""What rows would change in a draft: new lines and lines that differ; what is there already is not taken again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from gongchou.plans.models import LineVersion, PlanVersion

MANY = ("items", "participants")
ONE = ("joint_item", "campaign", "agreement", "matter", "initiator")
Content = dict[str, Any]


@dataclass(frozen=True)
class GivenRow:
    """A row that can be taken. line: where it stands in the file; number: 序号, None where the file has none.

    content: columns of ``LineVersion.content``; departments as rows, all else that a line points to by id
    said: the cells of the row by field, as they stand in the file
    """

    line: int
    number: int | None
    content: Content
    said: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class News:
    """``changed`` pairs a line with the columns that it says otherwise."""

    new: list[GivenRow] = field(default_factory=list)
    changed: list[tuple[LineVersion, Content]] = field(default_factory=list)
    n_same: int = 0
    said: dict[int, Mapping[str, str]] = field(default_factory=dict)  # of changed lines, by number

    @property
    def digest(self) -> str:
        """By which the same news are known again: old values as well, so that nobody's change is taken back."""
        told = [(line.number, sorted((name, str(value_of(line, name))) for name in own)) for line, own in self.changed]
        new = [(row.line, row.number) for row in self.new]
        return sha256(json.dumps([new, told, self.n_same]).encode()).hexdigest()


def standing(version: PlanVersion) -> list[LineVersion]:
    """The lines of a draft with all that is compared."""
    rows = version.lines.select_related("line", "initiator", "version__plan")
    return list(rows.prefetch_related("items", "participants"))


def compare(rows: Iterable[GivenRow], lines: Sequence[LineVersion]) -> News:
    """Rows against lines: by number; without one, a row that says what a line says already is that line."""
    by_number = {line.number: line for line in lines}
    keys: dict[tuple[str, ...], set[Any]] = {}
    news, n_same = News(), 0
    for row in rows:
        line = by_number.get(row.number or 0)
        if line:
            other = {name: value for name, value in row.content.items() if told(value, name) != value_of(line, name)}
            n_same += not other
            news.changed.extend([(line, other)] if other else [])
            news.said[line.number] = row.said
        elif row.number is None and _key(row.content) in _keys_of(lines, tuple(sorted(row.content)), keys):
            n_same += 1
        else:
            news.new.append(row)
    return News(news.new, news.changed, n_same, news.said)


def _keys_of(lines: Sequence[LineVersion], names: tuple[str, ...], known: dict[tuple[str, ...], set[Any]]) -> set[Any]:
    if names not in known:
        known[names] = {tuple(value_of(line, name) for name in names) for line in lines}
    return known[names]


def _key(content: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(told(content[name], name) for name in sorted(content))


def key_of(content: Mapping[str, Any]) -> tuple[Any, ...]:
    """What two rows that say the same have in common."""
    return (tuple(sorted(content)), _key(content))


def value_of(line: LineVersion, name: str) -> Any:
    """A column of a line as it is compared."""
    if name in MANY:
        return _ids(getattr(line, name).all())
    return told(getattr(line, f"{name}_id" if name in ONE else name), name)


def told(value: Any, name: str) -> Any:
    """A value as it is compared, whether it comes from a row or from a line."""
    if name in MANY:
        return _ids(value)
    if isinstance(value, (dict, list)):
        return json.dumps(value, sort_keys=True, ensure_ascii=False)
    return getattr(value, "pk", value)


def _ids(rows: Iterable[Any]) -> tuple[str, ...]:
    return tuple(sorted(str(getattr(row, "pk", row)) for row in rows))
