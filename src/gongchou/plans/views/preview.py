"""按现有名录计算, while a line is typed: nothing is saved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from gongchou.accounts.models import Department
from gongchou.accounts.requests import SignedInRequest
from gongchou.plans.forms.lines import LineForm
from gongchou.plans.forms.pool import PoolForm
from gongchou.plans.forms.tasks import TaskForm
from gongchou.plans.models import Line, LineVersion, PlanVersion, Task
from gongchou.plans.queries import tasks
from gongchou.plans.queries.preview import Alone, preview
from gongchou.plans.quota import share_of
from gongchou.plans.rules import checks
from gongchou.plans.views.lines import is_key
from gongchou.plans.views.plans import keeps, version_of

ASKED = ("ratio", "bases", "rounds", "begins_on", "ends_on", "is_risk_based", "category", "name", "levels", "frequency")
TOLD = {
    "ratio": "抽查比例或数量",
    "bases": "抽查基数",
    "rounds": "全年抽取次数",
    "begins_on": "开始日期",
    "ends_on": "结束日期",
}


@keeps
@require_POST
def line_preview(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """What the line as it stands in the form would draw, and what it breaks by itself."""
    version = version_of(request, pk)
    form = LineForm(request.POST, by=request.user, plan=version.plan)
    form.full_clean()
    line = _line_of(form, version)
    found = preview(line, request.user)
    findings = checks.findings_alone(Alone(line, found.drawn, on=timezone.localdate()))
    wrong = [label for name, label in TOLD.items() if name in form.errors]
    told = [(one.rule, _of_this_line(one.found.text, line)) for one in findings]
    context = {"line": line, "preview": found, "findings": told, "wrong": wrong}
    return render(request, "plans/line_preview.html", context)


@keeps
@require_POST
def task_preview(request: SignedInRequest) -> HttpResponse:
    """The same for a task that is being set up; of one that is there already, with what its line has decided."""
    task = _task(request)
    kept = tasks.planned(tasks.line_of(task)) if task else {}
    form = TaskForm(request.POST, by=request.user, planned=kept)
    form.full_clean()
    line = LineVersion(pool=form.pool(), **{**kept, **_given(form), "rounds": task.rounds if task else 1})
    wrong = [label for name, label in TOLD.items() if name in form.errors]
    found = preview(line, request.user)
    if task and found.drawn.quota:
        quota = share_of(line.ratio_rule, found.drawn.quota, task.round, task.rounds)
        found = replace(found, drawn=replace(found.drawn, quota=quota))
    context = {"line": line, "preview": found, "findings": [], "wrong": wrong}
    return render(request, "plans/line_preview.html", context)


def _task(request: SignedInRequest) -> Task | None:
    asked = request.GET.get("task", "")
    if not asked:
        return None
    if not is_key(asked):
        raise Http404
    return get_object_or_404(tasks.visible(request.user), pk=asked)


def _given(form: PoolForm) -> dict[str, Any]:
    given = form.cleaned_data
    return {name: given[name] for name in ASKED if given.get(name) not in (None, "")}


def _line_of(form: LineForm, version: PlanVersion) -> LineVersion:
    """A line that is never saved, of what is right in the form; what is wrong is as if it were empty."""
    initiator: Department = form.cleaned_data.get("initiator") or version.plan.department
    line = Line(plan=version.plan, number=0)
    return LineVersion(version=version, line=line, initiator=initiator, pool=form.pool(), **_given(form))


def _of_this_line(text: str, line: LineVersion) -> str:
    """A sentence of a check without saying which line it is about."""
    return text.removeprefix(f"第{line.number}行“{line.name}”").removeprefix("的")
