"""Who does what at a door: departments, their items and forms, their people, from the draws and joinings behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Q

from gongchou.accounts.models import Department
from gongchou.checklists.models import ChecklistVersion
from gongchou.draws.models import Hit, Joining, Seat, Visit
from gongchou.draws.queries.results import IN_SAMPLE
from gongchou.draws.states import DrawState
from gongchou.plans.models import Participant, Task
from gongchou.plans.states.joint import TAKING_PART
from gongchou.registry.models import Inspector, Item
from gongchou.registry.queries.inspectors import certificates_holding_on


@dataclass
class Part:
    """What one department does at one door.

    items: each with the task that asks for it, None where a lower level joined with it (三级联动)
    forms: those that the tasks chose
    """

    department: Department
    is_lead: bool = False
    items: dict[Item, Task | None] = field(default_factory=dict)
    forms: list[ChecklistVersion] = field(default_factory=list)
    people: list[Inspector] = field(default_factory=list)


def parts_of(visits: Iterable[Visit]) -> dict[UUID, list[Part]]:
    """Visit -> its parts, the lead first, then by code of the department."""
    doors = list(visits)
    tasks, seats, joined = _tasks_of(doors), _seats_of(doors), _joined(doors)
    parties = _parties(one for own in tasks.values() for one in own)
    found = {}
    for door in doors:
        parts = _Door(door.batch.department_id)
        for task in tasks.get(door.pk, ()):
            for party in parties.get(task.pk, ()):
                parts.take(party, task)
        for joining in joined.get(door.pk, ()):
            parts.join(joining)
        for seat in seats.get(door.pk, ()):
            parts.seat(seat)
        found[door.pk] = parts.sorted()
    return found


def papers_of(parts: Iterable[Part], on: date) -> dict[UUID, list[str]]:
    """Inspector -> the certificates that she holds on a day, in words."""
    people = {one.pk for part in parts for one in part.people}
    found: dict[UUID, list[str]] = {}
    for one in certificates_holding_on(on).filter(inspector__in=people).order_by("valid_to", "pk"):
        found.setdefault(one.inspector_id, []).append(str(one))
    return found


def codes_of_items(visit: Visit, department: UUID) -> dict[UUID, str]:
    """The items of one department at one door, in one question: every record asks it."""
    told = {"batch": visit.batch_id, "subject": visit.subject_id, "place__in": IN_SAMPLE}
    tasks = Hit.objects.filter(**told, draw__state=DrawState.LIVE).order_by().values("draw__task")
    parties = Participant.objects.filter(department=department, state__in=TAKING_PART, task__in=tasks).order_by()
    joined = Joining.objects.filter(visit=visit, department=department).order_by()
    rows = Item.objects.filter(Q(pk__in=parties.values("items")) | Q(pk__in=joined.values("items")))
    return dict(rows.values_list("pk", "code"))


class _Door:
    def __init__(self, organiser: UUID) -> None:
        self.organiser = organiser
        self.parts: dict[UUID, Part] = {}

    def _part(self, department: Department) -> Part:
        return self.parts.setdefault(department.pk, Part(department, is_lead=department.pk == self.organiser))

    def take(self, party: Participant, task: Task) -> None:
        """A department's items and forms in a task that drew the object."""
        part = self._part(party.department)
        for item in party.items.all():
            part.items.setdefault(item, task)
        part.forms += [one for one in party.checklists.all() if one not in part.forms]

    def join(self, joining: Joining) -> None:
        """Items that a lower level does on the same visit."""
        part = self._part(joining.department)
        for item in joining.items.all():
            part.items.setdefault(item, None)

    def seat(self, seat: Seat) -> None:
        """Somebody who goes there for a department."""
        if seat.inspector and seat.department_id in self.parts:
            self.parts[seat.department_id].people.append(seat.inspector)

    def sorted(self) -> list[Part]:
        """The lead first."""
        return sorted(self.parts.values(), key=lambda part: (not part.is_lead, part.department.code))


def _tasks_of(doors: Sequence[Visit]) -> dict[UUID, list[Task]]:
    """Of the draws that stand and selected the object."""
    door_of = {(door.batch_id, door.subject_id): door.pk for door in doors}
    rows = Hit.objects.filter(
        batch__in={door.batch_id for door in doors},
        subject__in={door.subject_id for door in doors},
        place__in=IN_SAMPLE,
        draw__state=DrawState.LIVE,
    )
    found: dict[UUID, list[Task]] = {}
    for hit in rows.select_related("draw__task").order_by("draw__seq", "pk"):
        door = door_of.get((hit.batch_id, hit.subject_id))
        if door is not None and hit.draw.task not in found.setdefault(door, []):
            found[door].append(hit.draw.task)
    return found


def _parties(tasks: Iterable[Task]) -> Mapping[UUID, list[Participant]]:
    rows = Participant.objects.filter(task__in={task.pk for task in tasks}, state__in=TAKING_PART)
    found: dict[UUID, list[Participant]] = {}
    named = ("items__versions", "checklists__checklist__department", "checklists__items")
    for party in rows.select_related("department__region").prefetch_related(*named):
        found.setdefault(party.task_id, []).append(party)
    return found


def _seats_of(doors: Sequence[Visit]) -> Mapping[UUID, list[Seat]]:
    rows = Seat.objects.filter(visit__in=[door.pk for door in doors], ended_at=None, inspector__isnull=False)
    found: dict[UUID, list[Seat]] = {}
    for seat in rows.select_related("inspector"):
        found.setdefault(seat.visit_id, []).append(seat)
    return found


def _joined(doors: Sequence[Visit]) -> Mapping[UUID, list[Joining]]:
    rows = Joining.objects.filter(visit__in=[door.pk for door in doors])
    found: dict[UUID, list[Joining]] = {}
    for joining in rows.select_related("department__region").prefetch_related("items__versions"):
        found.setdefault(joining.visit_id, []).append(joining)
    return found
