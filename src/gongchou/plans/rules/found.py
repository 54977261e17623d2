"""What a check says of one place in a plan."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from gongchou.plans.models import LineVersion


@dataclass(frozen=True)
class Found:
    """A sentence about one line, one item, or the plan as a whole.

    line: key of the line; number: its 序号; item: key of the item
    """

    text: str
    line: UUID | None = None
    number: int | None = None
    item: UUID | None = None


def at(line: LineVersion, text: str, item: UUID | None = None) -> Found:
    """About a line."""
    return Found(f"第{line.number}行“{line.name}”{text}", line.line_id, line.number, item)
