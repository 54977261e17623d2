"""The doors that a unit carries out: those dispatched to it, and those that it joined with items of its own."""

from __future__ import annotations

from datetime import date

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery

from gongchou.accounts.models import Department, User
from gongchou.accounts.queries import and_below, departments_within_any
from gongchou.draws.models import Hit, Joining, Visit
from gongchou.draws.queries.results import IN_SAMPLE, standing
from gongchou.draws.states import BatchState, DrawState
from gongchou.plans.queries.tasks import READERS


def units_of(by: User) -> QuerySet[Department]:
    """Somebody's own department and the units inside it, as far as she reads their plans."""
    within = departments_within_any(by, *READERS)
    return within.filter(pk__in=and_below(Department, by.department_id))


def doors_of(by: User) -> QuerySet[Visit]:
    """Doors on their way that her unit goes to, whoever drew them: the organiser's own pages stay closed to it.

    With ``due_on``, the last day of the tasks behind a door.
    """
    own = units_of(by).order_by().values("pk")
    joined = Joining.objects.filter(department__in=own).order_by().values("visit")
    rows = Visit.objects.filter(Q(unit__in=own) | Q(pk__in=joined), batch__state=BatchState.DISPATCHED)
    tasks = _hits().filter(batch=OuterRef("batch"), subject=OuterRef("subject")).order_by("-draw__task__ends_on")
    return standing(rows).annotate(due_on=Subquery(tasks.values("draw__task__ends_on")[:1]))


def doors_in_hand(by: User, on: date) -> QuerySet[Visit]:
    """Those whose time is not over."""
    return doors_of(by).filter(Q(due_on__gte=on))


def with_words(rows: QuerySet[Visit]) -> QuerySet[Visit]:
    """The same with all that a list says of them."""
    hits = Prefetch("subject__hits", _hits().select_related("draw__task"), to_attr="standing_hits")
    rows = rows.select_related("subject", "unit", "batch__department")
    own = ("seats__inspector", "seats__team", "seats__department", "joinings__department", "joinings__items")
    return rows.prefetch_related(hits, *own)


def _hits() -> QuerySet[Hit]:
    return Hit.objects.filter(place__in=IN_SAMPLE, draw__state=DrawState.LIVE)
