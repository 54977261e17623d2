"""What plans and tasks put on somebody's desk; each figure is that of the list behind it."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils import timezone

from gongchou.accounts.queries import departments_within
from gongchou.accounts.requests import SignedInRequest
from gongchou.accounts.roles import Duty
from gongchou.plans.models import PlanVersion
from gongchou.plans.queries import desk as queries
from gongchou.plans.queries import joint, plans, tasks
from gongchou.plans.states.plans import PlanState
from gongchou.web.desk import Card, Task, register


def _plans(request: SignedInRequest, duty: Duty) -> QuerySet[PlanVersion]:
    """Versions of the departments that she reaches with a duty."""
    own = departments_within(request.user, duty).order_by().values("pk")
    return plans.visible(request.user).filter(plan__department__in=own)


def _keeping(request: SignedInRequest) -> Iterator[Task]:
    """For who writes plans and makes tasks."""
    by, today = request.user, timezone.localdate()
    own = departments_within(by, Duty.KEEP_PLAN).order_by().values("pk")
    lines = plans.standing().filter(initiator__in=own)
    line_page, task_page = reverse("plans:lines"), reverse("plans:tasks")
    n_returned = queries.returned(_plans(request, Duty.KEEP_PLAN)).count()
    yield Task("被退回、待修改的计划", n_returned, "份", f"{reverse('plans:plans')}?state=returned&mine=keep")
    asked = f"{reverse('plans:invitations')}?mine=answer"
    yield Task("待答复的联合邀请", joint.to_answer(by).count(), "件", asked)
    n_asked = tasks.to_answer(by).values("task").distinct().count()
    yield Task("邀请本部门参加、待答复的任务", n_asked, "项", f"{task_page}?state=asked")
    days = queries.days_ahead(by)
    words = f"{days} 日内到期、还没有任务的计划行"
    yield Task(words, plans.ending(lines, today, days).count(), "行", f"{line_page}?state=ending&mine=keep")
    yield Task("超期的计划行", plans.overdue(lines, today).count(), "行", f"{line_page}?state=overdue&mine=keep")
    n_late = tasks.overdue(tasks.visible(by).filter(department__in=own), today).count()
    yield Task("超期的任务", n_late, "项", f"{task_page}?state=overdue&mine=keep")


def _deciding(request: SignedInRequest) -> Iterator[Task]:
    """For the head."""
    rows, page = queries.not_submitted_by(_plans(request, Duty.APPROVE_PLAN), request.user), reverse("plans:plans")
    n_in = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    words = {
        PlanState.REVIEW: "待审批的计划",
        PlanState.APPROVED: "已批准、待备案的计划",
        PlanState.FILED: "已备案、待公布的计划",
    }
    for state, told in words.items():
        yield Task(told, n_in.get(state, 0), "份", f"{page}?state={state}&mine=decide")


def _coordinating(request: SignedInRequest) -> Iterator[Task]:
    """For the office of the conference."""
    n_filed = queries.unreceived(_plans(request, Duty.COORDINATE)).count()
    yield Task("待登记的备案", n_filed, "份", f"{reverse('plans:plans')}?state=unreceived&mine=coordinate")
    questions = f"{reverse('plans:questions')}?state=open&mine=coordinate"
    yield Task("待协调的事项", joint.to_decide(request.user).count(), "件", questions)


def _overview(request: SignedInRequest) -> Iterator[Task]:
    """For whoever reads plans: this year."""
    by, year = request.user, timezone.localdate().year
    n_plans = plans.visible(by).filter(state=PlanState.PUBLISHED, plan__year=year).count()
    yield Task(f"{year} 年已公布的计划", n_plans, "份", f"{reverse('plans:plans')}?state=published&year={year}")
    n_lines = plans.standing().filter(version__plan__year=year).count()
    yield Task("计划行", n_lines, "行", f"{reverse('plans:lines')}?year={year}")
    n_tasks = tasks.visible(by).filter(year=year).count()
    yield Task("抽查任务", n_tasks, "项", f"{reverse('plans:tasks')}?year={year}")


def lay_out() -> None:
    """Put the cards of the room on the desk."""
    register(Card("计划待您决定", _deciding, frozenset({str(Duty.APPROVE_PLAN)}), order=21))
    register(Card("统筹", _coordinating, frozenset({str(Duty.COORDINATE)}), order=22))
    register(Card("计划与任务", _keeping, frozenset({str(Duty.KEEP_PLAN)}), order=23))
    reads = frozenset({str(Duty.READ_PLANS)})
    register(Card("本年度计划", _overview, reads, order=61, is_overview=True))
