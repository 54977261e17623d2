"""What waits for somebody: asked by the desk and by the lists behind its figures, so that both count the same."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from gongchou.accounts.models import User
from gongchou.plans.models import LineVersion, PlanVersion
from gongchou.plans.queries.plans import ending
from gongchou.plans.queries.tasks import alert_days
from gongchou.plans.states.plans import PlanState


def returned(rows: QuerySet[PlanVersion]) -> QuerySet[PlanVersion]:
    """Drafts that came back."""
    return rows.filter(state=PlanState.DRAFT).exclude(returned_reason="")


def unreceived(rows: QuerySet[PlanVersion]) -> QuerySet[PlanVersion]:
    """Filed, and not noted by the office of the conference."""
    return rows.filter(state__in=[PlanState.FILED, PlanState.PUBLISHED], received_at=None)


def not_submitted_by(rows: QuerySet[PlanVersion], by: User) -> QuerySet[PlanVersion]:
    """Without those that wait for another head, since she submitted them herself."""
    return rows.exclude(state=PlanState.REVIEW, submitted_by=by)


def days_ahead(by: User) -> int:
    """How many days before its end a line without a task is her business."""
    return alert_days(by.department, timezone.localdate().year)


def ending_for(rows: QuerySet[LineVersion], by: User) -> QuerySet[LineVersion]:
    """Lines without a task that end within these days."""
    return ending(rows, timezone.localdate(), days_ahead(by))
