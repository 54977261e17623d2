"""The sheet that one department fills at one door: its forms in one, with the base form where it leads."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from gongchou.draw.encoding import dump_json
from gongchou.inspections.queries.parts import Part


@dataclass(frozen=True)
class Sheet:
    """A merged sheet. digest: SHA-256 of its canonical JSON, 64 hex digits"""

    digest: str
    definition: dict[str, Any]


def sheet_for(part: Part, *, with_base: bool) -> Sheet:
    """Of the same versions always the same sheet."""
    forms = [one for one in part.forms if with_base or not one.checklist.is_base]
    definition = {"v": 1, "forms": [one.definition for one in forms]}
    return Sheet(hashlib.sha256(dump_json(definition)).hexdigest(), definition)
