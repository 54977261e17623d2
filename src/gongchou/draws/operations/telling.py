"""Telling people what waits for them on the way of a batch."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from gongchou.accounts.models import Department, User
from gongchou.accounts.operations import send_message
from gongchou.accounts.queries.people import people_with
from gongchou.accounts.roles import Duty
from gongchou.audit.operations import Actor
from gongchou.draws.models import Batch

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


def keepers(departments: Iterable[Department]) -> Iterable[User]:
    """Who plans for these departments."""
    own = Department.objects.filter(pk__in=[one.pk for one in departments])
    return people_with(Duty.KEEP_PLAN, own)
