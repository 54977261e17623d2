"""What the bar and the menu say of whoever is signed in, in one question for both."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.models import Count, Exists, Q

from gongchou.accounts.models import User

_marks: dict[str, Exists] = {}


class Glance(NamedTuple):
    """How many messages wait to be read, and the marks of rooms that hold for the person."""

    n_unread: int
    marks: frozenset[str]


def mark_people(name: str, when: Exists) -> None:
    """Have a room mark some people, such as those it keeps a file about; ``OuterRef("pk")`` is the account."""
    _marks[name] = when


def glance_at(by: User) -> Glance:
    """One row, whatever is asked."""
    unread: Any = Count("deliveries", filter=Q(deliveries__read_at=None))
    found = (
        User.objects.filter(pk=by.pk).order_by().annotate(**_marks, n_unread=unread).values("n_unread", *_marks).get()
    )
    return Glance(found["n_unread"], frozenset(name for name in _marks if found[name]))
