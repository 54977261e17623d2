"""Telling whoever plans for a department what others did that concerns it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from gongchou.accounts.models import Department, User
from gongchou.accounts.operations import send_message
from gongchou.plans.queries.joint import answering_for

LONGEST_TITLE = 100


def tell_keepers(
    departments: Iterable[Department], title: str, link: str, *, body: str = "", by: User, at: datetime
) -> None:
    """Send a message to those who answer for some departments in what concerns their plans."""
    found = {user for one in departments for user in answering_for(one)} - {by}
    people = sorted(found, key=lambda user: user.username)
    if people:
        send_message(to=people, title=title[:LONGEST_TITLE], body=body, link=link, kind="task", by=by, at=at)
