"""Telling people what waits for them on the way of a batch."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from gongchou.accounts.models import Department, User
from gongchou.accounts.operations import send_message
from gongchou.accounts.queries.people import people_with
from gongchou.accounts.roles import Duty
from gongchou.audit.operations import Actor
from gongchou.draws.models import Batch, Seat, Visit

LONGEST_TITLE = 100


def tell(people: Iterable[User], title: str, batch: Batch, *, by: Actor, at: datetime, link: str = "") -> None:
    """Send a message about a batch to these people, but for who acts; nobody is no fault."""
    found = sorted({one for one in people if one.audit_id != by.audit_id}, key=lambda one: one.username)
    if found:
        told = {"title": title[:LONGEST_TITLE], "body": str(batch), "link": link or batch.get_absolute_url()}
        send_message(to=found, kind="task", by=by, at=at, **told)


def approvers(batch: Batch) -> Iterable[User]:
    """Who may confirm as a second person."""
    return deciders(batch.department)


def deciders(department: Department) -> Iterable[User]:
    """Who may agree for a department."""
    return people_with(Duty.APPROVE_PLAN, Department.objects.filter(pk=department.pk))


def carriers(units: Iterable[Department]) -> Iterable[User]:
    """Who plans for the units that carry visits out; for a unit inside a department also the department's people."""
    units = list(units)
    above = [one.parent for one in units if one.is_internal_unit and one.parent]
    return keepers([*units, *above])


def tell_carriers(units: Iterable[Department], title: str, batch: Batch, *, by: User, at: datetime) -> None:
    """With the way to their own list: the pages of a batch are its organiser's."""
    tell(carriers(units), title, batch, by=by, at=at, link=f"{reverse('draws:unit-doors')}?q={batch.code}")


def tell_seated(visits: QuerySet[Visit], title: str, batch: Batch, *, by: User, at: datetime) -> None:
    """Whoever was dealt to these doors, with the way to her own list."""
    held = Seat.objects.filter(visit__in=visits.order_by().values("pk"), ended_at=None)
    people = User.objects.filter(is_active=True, pk__in=held.order_by().values("inspector__user"))
    tell(people, title, batch, by=by, at=at, link=reverse("draws:my-visits"))


def keepers(departments: Iterable[Department]) -> Iterable[User]:
    """Who plans for these departments."""
    own = Department.objects.filter(pk__in=[one.pk for one in departments])
    return people_with(Duty.KEEP_PLAN, own)
