"""The lives of a version of a plan and of its lines; moves are data (domain.md 4.3)."""

from __future__ import annotations

from typing import Final

from django.db.models import TextChoices


class PlanState(TextChoices):
    """Of one version of an annual plan."""

    DRAFT = "draft", "编制中"
    REVIEW = "review", "待审批"
    APPROVED = "approved", "已批准，待备案"
    FILED = "filed", "已备案，待公布"
    PUBLISHED = "published", "已公布"
    SUPERSEDED = "superseded", "已被调整"
    CLOSED = "closed", "已办结"
    WITHDRAWN = "withdrawn", "已撤回"


PLAN_MOVES: Final = {
    PlanState.DRAFT: (PlanState.REVIEW, PlanState.WITHDRAWN),
    PlanState.REVIEW: (PlanState.APPROVED, PlanState.DRAFT),
    PlanState.APPROVED: (PlanState.FILED, PlanState.DRAFT),
    PlanState.FILED: (PlanState.PUBLISHED, PlanState.DRAFT),
    PlanState.PUBLISHED: (PlanState.SUPERSEDED, PlanState.CLOSED),
    PlanState.SUPERSEDED: (),
    PlanState.CLOSED: (),
    PlanState.WITHDRAWN: (),
}
OPEN: Final = (PlanState.DRAFT, PlanState.REVIEW, PlanState.APPROVED, PlanState.FILED)  # at most one of a plan
AGREED: Final = (
    PlanState.APPROVED,
    PlanState.FILED,
    PlanState.PUBLISHED,
    PlanState.SUPERSEDED,
    PlanState.CLOSED,
)
OUT: Final = (PlanState.PUBLISHED, PlanState.SUPERSEDED, PlanState.CLOSED)  # everybody has seen them
FILED_ONCE: Final = (PlanState.FILED, *OUT)
STANDING: Final = (PlanState.PUBLISHED, PlanState.CLOSED)  # the plan as it is


class LineState(TextChoices):
    """Of a line, as far as its tasks have come; that it is overdue is told by its days."""

    NOT_STARTED = "not_started", "未下达任务"
    TASKED = "tasked", "已下达任务"
    RUNNING = "running", "执行中"
    DONE = "done", "已完成"
    CANCELLED = "cancelled", "已取消"


UNFINISHED: Final = (LineState.NOT_STARTED, LineState.TASKED, LineState.RUNNING)
