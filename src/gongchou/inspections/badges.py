"""亮码: the code that an inspector shows at the door, and what it says to whoever scans it.

The address in it cannot be guessed and holds no name; what it shows is looked up when it is opened, so that a seat that
was dealt again shows who comes now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core import signing

from gongchou.draws.models import Visit
from gongchou.draws.queries.results import standing
from gongchou.draws.states import BatchState
from gongchou.inspections.queries.parts import Part, papers_of, parts_of
from gongchou.registry.queries.versions import newest_name

_SIGNER = signing.Signer(salt="gongchou.badge", sep=".")


@dataclass(frozen=True)
class Badge:
    """What stands behind a code. own: the department that showed it; papers: certificates of its people, in words"""

    visit: Visit
    own: Part
    others: list[Part]
    papers: Mapping[UUID, list[str]]

    @property
    def items(self) -> list[str]:
        """What is looked at, by name."""
        return [newest_name(item) for item in self.own.items]

    @property
    def tasks(self) -> list[str]:
        """The tasks behind it."""
        return sorted({str(task) for task in self.own.items.values() if task})

    @property
    def people(self) -> list[tuple[str, str]]:
        """Name, and the numbers of the certificates that are valid."""
        return [(one.name, "、".join(self.papers.get(one.pk, ()))) for one in self.own.people]


def token_of(visit: UUID, department: UUID) -> str:
    """What stands in the address."""
    return _SIGNER.sign(f"{visit.hex}{department.hex}")


def badge_of(token: str, on: date) -> Badge | None:
    """What a code says on a day; None for one that nobody gave out, or whose visit is not on its way."""
    try:
        told = _SIGNER.unsign(token)
        visit, department = UUID(told[:32]), UUID(told[32:])
    except (signing.BadSignature, ValueError):
        return None
    rows = standing(Visit.objects.filter(pk=visit, batch__state=BatchState.DISPATCHED))
    door = rows.select_related("batch", "subject").first()
    parts = parts_of([door])[door.pk] if door else []
    own = next((part for part in parts if part.department.pk == department), None)
    if door is None or own is None:
        return None
    return Badge(door, own, [part for part in parts if part is not own], papers_of([own], on))
