"""What was published: plans with all their versions, and the work schemes of tasks."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet

from gongchou.plans.models import LineVersion, PlanVersion, Scheme
from gongchou.plans.queries import plans
from gongchou.plans.states.plans import OUT, STANDING
from gongchou.plans.states.tasks import TaskState


def published_plans() -> QuerySet[PlanVersion]:
    """Of each plan the version that stands, with ``n_lines``."""
    rows = PlanVersion.objects.filter(state__in=STANDING).select_related("plan__department__region")
    return rows.annotate(n_lines=Count("lines"))


def versions_of(plan: UUID) -> list[PlanVersion]:
    """All versions of a plan that were ever published, newest first."""
    rows = PlanVersion.objects.filter(plan=plan, state__in=OUT).select_related("plan__department__region")
    return list(rows.order_by("-number"))


def lines_told(version: PlanVersion) -> list[tuple[LineVersion, list[tuple[str, str]]]]:
    """Each line with its public columns: label and words."""
    rows = plans.lines_of(version)
    return [
        (row, [(plans.field_label(name), plans.field_words(row, name)) for name in plans.PUBLIC_COLUMNS])
        for row in rows
    ]


def as_rows(version: PlanVersion) -> Iterator[list[str]]:
    """The same as a sheet, the headings first."""
    yield ["序号", *(plans.field_label(name) for name in plans.PUBLIC_COLUMNS)]
    for line, told in lines_told(version):
        yield [str(line.number), *(words for _, words in told)]


def changes(old: PlanVersion, new: PlanVersion) -> list[plans.LineChange]:
    """What a revision added, dropped and changed, in the public columns."""
    labels = {plans.field_label(name) for name in plans.PUBLIC_COLUMNS}
    found = plans.compare(old, new)
    told = [
        plans.LineChange(one.number, one.old, one.new, tuple(d for d in one.differences if d.label in labels))
        for one in found
    ]
    return [one for one in told if one.word != "不变"]


def published_schemes() -> QuerySet[Scheme]:
    """Of each task that is not cancelled the newest scheme that was published (R-32)."""
    later = Scheme.objects.filter(task=OuterRef("task"), published_at__isnull=False, number__gt=OuterRef("number"))
    rows = Scheme.objects.filter(~Exists(later), published_at__isnull=False).exclude(task__state=TaskState.CANCELLED)
    return rows.select_related("task__department__region").order_by("task__number", "id")


def schemes_of(version: PlanVersion) -> QuerySet[Scheme]:
    """Those of the tasks of a plan."""
    return published_schemes().filter(task__line__plan=version.plan)
