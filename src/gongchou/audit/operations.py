"""One verb, one transaction, one line.

@operation("department.renamed", "部门更名")
def rename_department(*, department: Department, name: str, by: User, at: datetime) -> Done:
    ...
    return Done(department, {"name": name})
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, Generic, ParamSpec, Protocol, TypeVar

from django.db import transaction
from django.db.models import Model

from gongchou.audit import guard
from gongchou.audit.models import Head, Line
from gongchou.audit.naming import LONGEST_NAME, cut_to
from gongchou.audit.verbs import teach_verb
from gongchou.draw.encoding import dump_json, format_time
from gongchou.draw.merkle import leaf_hash

P = ParamSpec("P")


class Actor(Protocol):
    """Who acts: kept as text, so that the line outlives the account."""

    @property
    def audit_id(self) -> str:
        """Stable id."""

    @property
    def audit_name(self) -> str:
        """What people call them."""


@dataclass(frozen=True)
class Keeper:
    """Whoever works at the machine itself; the machine knows who, the platform does not."""

    audit_id: str = "operator"
    audit_name: str = "运维人员"


class Thing(Protocol):
    """What is acted on."""

    @property
    def audit_id(self) -> str:
        """Kind and stable id, such as ``department:…``."""

    @property
    def audit_name(self) -> str:
        """What people call it."""

    @property
    def audit_place(self) -> str:
        """Region code, or empty."""

    @property
    def audit_department(self) -> str:
        """Id of the department whose affair it is, or empty."""


A = TypeVar("A", bound=Thing)
M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Done(Generic[A]):
    """What an operation did it to, and the facts worth keeping: texts, numbers, dates, lists of these."""

    about: A
    facts: dict[str, Any] = field(default_factory=dict)


def held(row: M, *together: str) -> M:
    """The row as it stands now, which nobody else writes until the transaction ends.

    together: relations to fetch with it; their rows are not held
    """
    rows = row.__class__._default_manager.select_for_update(of=("self",))
    found: M = (rows.select_related(*together) if together else rows).get(pk=row.pk)
    return found


def operation(verb: str, name: str) -> Callable[[Callable[P, Done[A]]], Callable[P, A]]:
    """Make a function that writes into one transaction with one line of audit; it is called with ``by`` and ``at``.

    verb: ``thing.happened``, as the log keeps it
    name: what it is called where people read the log
    """

    def decorate(function: Callable[P, Done[A]]) -> Callable[P, A]:
        @wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> A:
            with transaction.atomic(), guard.open_for_writing():
                done = function(*args, **kwargs)
                _record(verb, done, by=kwargs["by"], at=kwargs["at"])  # type: ignore[arg-type]
            return done.about

        teach_verb(verb, name)
        VERBS[verb] = f"{function.__module__}.{function.__qualname__}"
        return run

    return decorate


VERBS: dict[str, str] = {}  # verb -> the function that writes it; docs and tests go through it


def _record(verb: str, done: Done[Any], *, by: Actor, at: datetime) -> Line:
    head, _ = Head.objects.select_for_update().get_or_create(id=1)
    about = done.about
    told = {
        "about": about.audit_id,
        "about_name": cut_to(about.audit_name, LONGEST_NAME),
        "at": format_time(int(at.timestamp())),
        "by": by.audit_id,
        "by_name": by.audit_name,
        "department": about.audit_department,
        "place": about.audit_place,
        "verb": verb,
    }
    data = dump_json({**told, "facts": _plain(done.facts), "index": head.size, "prev": head.latest, "v": 1})
    leaf = leaf_hash(data).hex()
    line = Line.objects.create(
        **told | {"at": at.replace(microsecond=0)}, index=head.size, data=data.decode(), leaf=leaf
    )
    Head.objects.filter(id=1).update(size=head.size + 1, latest=leaf)
    return line


def _plain(value: Any) -> Any:
    """Dates, ids and decimals as texts, so that the line has one spelling."""
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(part) for part in value]
    if value is None or isinstance(value, (bool, int, str)):
        return unicodedata.normalize("NFC", value) if isinstance(value, str) else value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
