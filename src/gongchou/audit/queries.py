"""Reading the log, and finding where somebody touched it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from gongchou.audit.models import Head, Line
from gongchou.draw.encoding import format_time
from gongchou.draw.merkle import leaf_hash

FIRST_PREV = "0" * 64
CHUNK = 2_000
_COLUMNS = ("verb", "by", "by_name", "about", "about_name", "place", "department")


@dataclass(frozen=True)
class Damage:
    """The first line that is not as it was written: its index, and what is wrong with it.

    what: missing, column, digest, chain, extra, head
    """

    index: int
    what: str
    column: str = ""


def find_damage() -> Damage | None:
    """Read the whole log and say the first place where it was touched, or None."""
    latest, size = FIRST_PREV, 0
    for line in _lines():
        damage = _damage_of(line, size, latest)
        if damage:
            return damage
        latest, size = line.leaf, size + 1
    head = Head.objects.filter(id=1).first()
    if (head.size, head.latest) != (size, latest) if head else size:
        return Damage(size, "missing" if head and head.size > size else "head")
    return None


def _lines() -> Iterator[Line]:
    return Line.objects.order_by("index").iterator(chunk_size=CHUNK)


def _damage_of(line: Line, index: int, latest: str) -> Damage | None:
    if line.index != index:
        return Damage(min(index, line.index), "missing" if line.index > index else "extra")
    if leaf_hash(line.data.encode()).hex() != line.leaf:
        return Damage(index, "digest")
    told = json.loads(line.data)
    if told["prev"] != latest or told["index"] != index:
        return Damage(index, "chain")
    if told["at"] != format_time(int(line.at.timestamp())):
        return Damage(index, "column", "at")
    wrong = [column for column in _COLUMNS if told[column] != getattr(line, column)]
    return Damage(index, "column", wrong[0]) if wrong else None
