"""What is other in one version of a form than in another, a sentence each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

MOST_TOLD = 20


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Questions that were added, dropped or changed, by what they ask."""
    told = list(_told(_asked(before), _asked(after)))
    more = len(told) - MOST_TOLD
    return [*told[:MOST_TOLD], f"另有{more}处"] if more > 0 else told


def _told(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"增加：{row[0]}" for name, row in new.items() if name not in old)
    yield from (f"删去：{row[0]}" for name, row in old.items() if name not in new)
    yield from (f"改动：{row[0]}" for name, row in new.items() if name in old and old[name] != row)
    if [name for name in old if name in new] != [name for name in new if name in old]:
        yield "题目的次序"


def _asked(definition: Mapping[str, Any]) -> dict[str, Any]:
    """Code -> what is asked, all there is to it, and what may be answered."""
    offered: dict[str, list[tuple[str, str]]] = {}
    for one in definition["choices"]:
        offered.setdefault(one["list_name"], []).append((one["name"], one["label"]))
    return {
        row["name"]: (row.get("label") or row["name"], row, offered.get(row.get("list_name", "")))
        for row in definition["survey"]
        if "name" in row
    }
