"""Telling whoever plans for a department what others did that concerns it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from gongchou.accounts.models import Department, User
from gongchou.accounts.operations import send_message
from gongchou.accounts.queries.people import people_with
from gongchou.accounts.roles import Duty

LONGEST_TITLE = 100


def tell_keepers(
    departments: Iterable[Department], title: str, link: str, *, body: str = "", by: User, at: datetime
) -> None:
    """Send a message to those who keep the plans of some departments, and to nobody where there is nobody."""
    rows = Department.objects.filter(pk__in=[one.pk for one in departments])
    people = list(people_with(Duty.KEEP_PLAN, rows).exclude(pk=by.pk))
    if people:
        send_message(to=people, title=title[:LONGEST_TITLE], body=body, link=link, kind="task", by=by, at=at)
