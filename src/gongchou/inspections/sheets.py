"""The sheet that one department fills at one door: its forms in one, with the base form where it leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gongchou.checklists.merging import merge
from gongchou.checklists.queries import part_of
from gongchou.inspections.queries.parts import Part


@dataclass(frozen=True)
class Sheet:
    """A merged sheet with its digest, 64 hex digits."""

    digest: str
    definition: dict[str, Any]


def sheet_for(part: Part, *, with_base: bool) -> Sheet:
    """Of the same versions for the same items always the same sheet."""
    forms = [one for one in part.forms if with_base or not one.checklist.is_base]
    served = {one.pk: [item for item in part.items if item in one.items.all()] for one in forms}
    definition = merge(part_of(one, part.department, served[one.pk]) for one in forms)
    return Sheet(definition["digest"], definition)
