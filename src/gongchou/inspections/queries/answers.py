"""The answers of a record in words, question by question, by the sheet it was filled with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gongchou.inspections.models import Revision


def answers_in(revision: Revision) -> list[tuple[str, str]]:
    """Label and answer; what was not asked is left out."""
    told: Mapping[str, Any] = revision.told["answers"]
    return [(name, _words(value)) for name, value in told.items() if value not in ("", None, [], {})]


def _words(value: Any) -> str:
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)
