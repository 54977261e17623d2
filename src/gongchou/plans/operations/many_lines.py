"""Thousands of lines written with few statements, for an operation that has asked already whether it may."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any

from gongchou.plans.layout.news import MANY, ONE, GivenRow
from gongchou.plans.models import Line, LineVersion, PlanVersion

CHUNK = 500  # rows of one statement


def _columns(content: Mapping[str, Any]) -> dict[str, Any]:
    """What a row says, as columns of the table."""
    own = {name: value for name, value in content.items() if name not in MANY}
    return {f"{name}_id" if name in ONE else name: getattr(value, "pk", value) for name, value in own.items()}


def content_of(line: LineVersion) -> dict[str, Any]:
    """All that a line says, as ``add_many`` takes it."""
    own = {name: getattr(line, f"{name}_id" if name in ONE else name) for name in line.content if name not in MANY}
    return own | {name: list(getattr(line, name).all()) for name in MANY}


def add_many(version: PlanVersion, rows: Sequence[GivenRow]) -> None:
    """Add lines with the numbers of the file, or the next ones; the number of a dropped line is that line again."""
    known = {line.number: line for line in version.plan.lines.all()}
    following = count(max([*known, *(row.number or 0 for row in rows)], default=0) + 1)
    numbers = [row.number or next(following) for row in rows]
    missing = [Line(plan=version.plan, number=number) for number in numbers if number not in known]
    known |= {line.number: line for line in Line.objects.bulk_create(missing, batch_size=CHUNK)}
    lines = [
        LineVersion(version=version, line=known[number], **_columns(row.content))
        for number, row in zip(numbers, rows, strict=True)
    ]
    LineVersion.objects.bulk_create(lines, batch_size=CHUNK)
    _hang((line, row.content) for line, row in zip(lines, rows, strict=True))


def change_many(changed: Sequence[tuple[LineVersion, Mapping[str, Any]]]) -> None:
    """Change some columns of each line."""
    names: set[str] = set()
    for line, content in changed:
        own = _columns(content)
        names |= {name.removesuffix("_id") for name in own}
        for name, value in own.items():
            setattr(line, name, value)
    if names:
        LineVersion.objects.bulk_update([line for line, _ in changed], sorted(names), batch_size=CHUNK // 5)
    _hang(changed)


def _hang(rows: Iterable[tuple[LineVersion, Mapping[str, Any]]]) -> None:
    """Write what hangs on lines, in place of what hung there."""
    told = list(rows)
    for name in MANY:
        between = getattr(LineVersion, name).through
        column = f"{'item' if name == 'items' else 'department'}_id"
        own = [(line.pk, content[name]) for line, content in told if name in content]
        for start in range(0, len(own), CHUNK):
            keys = [key for key, _ in own[start : start + CHUNK]]
            between.objects.filter(lineversion__in=keys).delete()
        pairs = [(key, getattr(one, "pk", one)) for key, things in own for one in things]
        made = [between(**{"lineversion_id": key, column: one}) for key, one in pairs]
        between.objects.bulk_create(made, batch_size=CHUNK)
