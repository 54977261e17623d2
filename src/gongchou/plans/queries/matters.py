"""How the supervision matters are carried out in a year: which lines and tasks each has (domain.md 4.12, M40-M43)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from gongchou.accounts.models import User
from gongchou.accounts.queries import has_duty
from gongchou.accounts.roles import Duty
from gongchou.plans.models import LineVersion, Task
from gongchou.plans.states.plans import PlanState
from gongchou.plans.states.tasks import TaskState
from gongchou.registry.models import MatterVersion
from gongchou.registry.queries.versions import in_force


def carried_out(by: User, year: int, on: date) -> QuerySet[MatterVersion]:
    """The matters in force on a day, each with ``n_lines`` of published plans and ``n_tasks`` of the year."""
    if not has_duty(by, Duty.READ_PLANS):
        return MatterVersion.objects.none()
    lines = LineVersion.objects.filter(_of_matter(""), version__state=PlanState.PUBLISHED, version__plan__year=year)
    # Of the published version alone; else a revised line would count its task twice.
    tasks = Task.objects.filter(_of_matter("line__versions__"), line__versions__version__state=PlanState.PUBLISHED)
    tasks = tasks.filter(year=year).exclude(state=TaskState.CANCELLED)
    rows = MatterVersion.objects.filter(in_force(MatterVersion, on))
    rows = rows.annotate(n_lines=_counted(lines, "line"), n_tasks=_counted(tasks, "pk"))
    return rows.select_related("matter__owner", "lead").prefetch_related("duties__department")


def _of_matter(prefix: str) -> Q:
    """A line names the matter itself, or a joint item that belongs to it."""
    links: Any = MatterVersion.joint_items.through
    joint = links.objects.filter(matterversion=OuterRef(OuterRef("pk"))).order_by().values("jointitem")
    return Q(**{f"{prefix}matter": OuterRef("matter")}) | Q(**{f"{prefix}joint_item__in": joint})


def _counted(rows: QuerySet[Any], what: str) -> Any:
    n = rows.order_by().annotate(one=Value(1)).values("one").annotate(n=Count(what, distinct=True)).values("n")
    return Coalesce(Subquery(n, output_field=IntegerField()), 0)
