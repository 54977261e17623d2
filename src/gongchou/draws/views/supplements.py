"""The page on which more is drawn for a task that has its result."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from gongchou.accounts.requests import SignedInRequest
from gongchou.draws import forms, permissions
from gongchou.draws.forms.afterwards import SupplementForm
from gongchou.draws.models import Batch, Draw
from gongchou.draws.operations.batches import open_supplement
from gongchou.draws.queries.batches import visible
from gongchou.draws.views.batches import keeps, set_page

LEAD = (
    "补充抽取另用新的种子，须重新冻结、承诺、截止；任务已抽中过的对象（包括被替换的）不再参加。"
    "数量在种子产生之前定下并公开，定数量的人不知道会抽到谁。"
)


@keeps
def supplement(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """补充抽取."""
    rows = Draw.objects.select_related("batch", "task__department__region")
    parent = get_object_or_404(rows, pk=pk, batch__in=visible(request.user))
    if request.method == "GET":
        permissions.check_can_supplement(request.user, parent)
    form = SupplementForm(request.POST or None, initial=_initial(parent))

    def act(values: dict[str, Any]) -> Batch:
        told = {"amount": values["amount"], "reason": values["amount_reason"]}
        return open_supplement(parent=parent, content=form.content(), **told, by=request.user, at=timezone.now())

    told: dict[str, Any] = {
        "title": f"补充抽取：{parent.task.name}",
        "done": "补充抽取的批次已建立。",
        "back": parent.get_absolute_url(),
        "lead": LEAD,
    }
    return set_page(request, form, act, **told)


def _initial(parent: Draw) -> dict[str, Any]:
    """As the parent was set, this afternoon."""
    fresh = forms.fresh_initial(parent.task, timezone.now())
    times = {name: fresh[name] for name in ("closes_at", "beacon_at", "disclosed_at")}
    old = parent.batch.disclosed_at
    if old is not None:
        times["disclosed_at"] = max(old, times["beacon_at"] + timedelta(days=1))
    return {**forms.batch_initial(parent.batch), **times, "name": f"{parent.task.name}补充抽取"[:100], "issue": ""}
