"""The package of an inspector (docs/interfaces/field.md): all that she needs at the doors she goes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import TextChoices
from django.utils import timezone

from gongchou.accounts.models import User
from gongchou.draws.models import Seat, Visit
from gongchou.inspections.models import Inspection
from gongchou.inspections.queries.history import history_of, warnings_of
from gongchou.inspections.queries.parts import Part, papers_of, parts_of
from gongchou.inspections.queries.visits import seats_in_hand
from gongchou.inspections.sheets import Sheet, Sheets
from gongchou.inspections.states import CheckMethod, Measure, Outcome, ResultCode, ResultState
from gongchou.registry.models import Inspector, Item
from gongchou.registry.queries.versions import newest_name

MOST_DOORS = 200


def package_of(by: User, at: datetime) -> tuple[dict[str, Any], list[Sheet], list[str]]:
    """What is sent, but for what belongs to the request; the sheets in it; numbers of the objects."""
    seats = list(seats_in_hand(by).order_by("visit__visit_on", "visit__subject__number", "pk")[:MOST_DOORS])
    doors = {seat.visit_id: seat.visit for seat in seats}
    parts = parts_of(doors.values())
    held = {(row.visit_id, row.department_id): row for row in _inspections(doors)}
    papers = papers_of((part for own in parts.values() for part in own), timezone.localdate(at))
    sheets, visits = Sheets(), []
    for seat in seats:
        own = next((part for part in parts[seat.visit_id] if part.department.pk == seat.department_id), None)
        if own is None:
            continue
        told = _visit(seat, own, parts[seat.visit_id], sheets.of(own), held.get((seat.visit_id, seat.department_id)))
        visits.append({**told, "team": [_person(one, papers) for part in parts[seat.visit_id] for one in part.people]})
    told = {
        "v": 1,
        "now": at.isoformat(),
        "user": {"id": str(by.pk), "name": by.name, "department": by.department.short_name},
        "codes": CODES,
        "sheets": {one.digest: one.definition for one in sheets.made},
        "visits": visits,
    }
    return told, sheets.made, sorted({seat.visit.subject.number for seat in seats})


def _pairs(codes: type[TextChoices]) -> list[list[str]]:
    return [[str(code), str(words)] for code, words in codes.choices]


CODES = {
    "results": _pairs(ResultCode),
    "follow_ups": _pairs(Measure),
    "methods": _pairs(CheckMethod),
    "outcomes": _pairs(Outcome),
}


def _inspections(doors: Iterable[UUID]) -> Iterable[Inspection]:
    return Inspection.objects.filter(visit__in=list(doors)).select_related("head__instance")


def _visit(seat: Seat, own: Part, parts: list[Part], sheet: Sheet, held: Inspection | None) -> dict[str, Any]:
    door: Visit = seat.visit
    return {
        "id": str(door.pk),
        "department": {"id": str(own.department.pk), "name": own.department.short_name},
        "is_lead": own.is_lead,
        "is_test": door.batch.is_test,
        "batch": door.batch.code,
        "due_on": _day(max((task.ends_on for task in own.items.values() if task), default=None)),
        "visit_on": _day(door.visit_on),
        "subject": _subject(door),
        "items": [_item(item, own) for item in own.items],
        "others": [_other(part) for part in parts if part is not own],
        "sheet": sheet.digest,
        "notice": None,
        "history": history_of(door.subject),
        "warnings": warnings_of(door.subject),
        "held": _held(held),
    }


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None


def _subject(door: Visit) -> dict[str, Any]:
    subject = door.subject
    return {
        "number": subject.number,
        "name": subject.name,
        "address": subject.address,
        "region": subject.region.name,
        "legal_person": subject.legal_representative,
        "lat": float(subject.latitude) if subject.latitude is not None else None,
        "lon": float(subject.longitude) if subject.longitude is not None else None,
    }


def _item(item: Item, part: Part) -> dict[str, Any]:
    task = part.items[item]
    newest = max(item.versions.all(), key=lambda version: version.number)
    return {
        "id": str(item.pk),
        "code": item.code,
        "name": newest_name(item),
        "task": str(task) if task else "",
        "basis": newest.basis,
    }


def _other(part: Part) -> dict[str, Any]:
    return {
        "department": part.department.short_name,
        "items": [newest_name(item) for item in part.items],
        "team": [one.name for one in part.people],
    }


def _person(inspector: Inspector, papers: Mapping[UUID, list[str]]) -> dict[str, Any]:
    return {"name": inspector.name, "certificates": papers.get(inspector.pk, [])}


def _held(inspection: Inspection | None) -> Mapping[str, Any] | None:
    """What the platform has already of it, and what a reviewer said."""
    if inspection is None or inspection.head is None:
        return None
    review = inspection.reviews.order_by("-reviewed_at").first()
    says = review.opinion if review and inspection.state in (ResultState.RETURNED, ResultState.REJECTED) else ""
    head = inspection.head
    return {
        "instance": str(head.instance_id),
        "revision": head.number,
        "state": inspection.state,
        "sentence": f"{inspection.state_word}{'：' if says else ''}{says}",
    }
