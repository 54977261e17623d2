"""The sheet that one department fills at one door: its forms in one, with the base form where it leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gongchou.checklists.merging import merge
from gongchou.checklists.queries import nearest, part_of, serving
from gongchou.inspections.queries.parts import Part


@dataclass(frozen=True)
class Sheet:
    """A merged sheet with its digest, 64 hex digits."""

    digest: str
    definition: dict[str, Any]


class Sheets:
    """The sheets of many doors: most of them are alike, and each is made once."""

    def __init__(self) -> None:
        self._by_key: dict[tuple[Any, ...], Sheet] = {}

    def of(self, part: Part) -> Sheet:
        """Of the same versions for the same items always the same sheet; the forms in use where no task chose any."""
        key = (part.department.pk, part.is_lead, frozenset(part.items), frozenset(part.forms))
        if key not in self._by_key:
            self._by_key[key] = _sheet_of(part)
        return self._by_key[key]

    @property
    def made(self) -> list[Sheet]:
        """Each once."""
        return list({sheet.digest: sheet for sheet in self._by_key.values()}.values())


def _sheet_of(part: Part) -> Sheet:
    chosen = part.forms or nearest(serving(part.department, part.items), list(part.items))
    forms = [one for one in chosen if part.is_lead or not one.checklist.is_base]
    served = {one.pk: [item for item in part.items if item in one.items.all()] for one in forms}
    definition = merge(part_of(one, part.department, served[one.pk]) for one in forms)
    return Sheet(definition["digest"], definition)
