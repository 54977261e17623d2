"""Pages for auditors of draws: every batch that was promised to the public, and what opens it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from gongchou.accounts.models import User
from gongchou.accounts.queries import departments_within
from gongchou.accounts.requests import SignedInRequest
from gongchou.accounts.roles import Duty
from gongchou.draws import forms, permissions, rules, tables
from gongchou.draws.models import Batch
from gongchou.draws.operations.auditing import unseal
from gongchou.draws.operations.log import log_audit
from gongchou.draws.parcels import parcel_of
from gongchou.draws.plainly import plainly
from gongchou.draws.queries import batches as queries
from gongchou.draws.queries.verdicts import verdicts_of
from gongchou.refusal import Refused, sentence
from gongchou.web.access import needs
from gongchou.web.buttons import why_not
from gongchou.web.forms import form_page
from gongchou.web.lists import ListPage

audits = needs(Duty.AUDIT_DRAWS)


def _within(by: User) -> QuerySet[Batch]:
    own = departments_within(by, Duty.AUDIT_DRAWS).order_by().values("pk")
    return queries.public().filter(department__in=own)


@audits
class AuditList(ListPage):
    """抽取核验."""

    title = "抽取核验"
    table_class = tables.AuditTable
    filter_class = tables.BatchFilter

    def rows(self) -> QuerySet[Batch]:
        """Of the departments within reach, from the commitment on."""
        return _within(self.by).prefetch_related("draws__task")


@audits
@require_safe
def audit(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """What is to be looked at, and the parcel to do it with."""
    shown = get_object_or_404(_within(request.user), pk=pk)
    draws = list(shown.draws.select_related("task__department"))
    context: dict[str, Any] = {
        "title": f"核验：{shown.code}",
        "batch": shown,
        "draws": draws,
        "verdicts": verdicts_of(shown),
        "why_no_verdict": why_not(lambda: _check_can_judge(request.user, shown)),
    }
    return render(request, "draws/audit.html", context)


def _check_can_judge(by: User, shown: Batch) -> None:
    permissions.check_can_judge(by, shown)
    rules.check_is_drawn(shown)


@audits
def judge(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """写复核结论: of the bundle that was looked at, into the public log."""
    shown = get_object_or_404(_within(request.user), pk=pk)
    if request.method == "GET":
        _check_can_judge(request.user, shown)
    form = forms.VerdictForm(request.POST or None)

    def act(values: dict[str, Any]) -> str:
        log_audit(batch=shown, **values, by=request.user, at=timezone.now())
        return reverse("draws:audit", args=[shown.pk])

    told: dict[str, Any] = {
        "title": f"写复核结论：{shown.code}",
        "done": "结论已写入公开日志。",
        "button": "写入公开日志",
    }
    back = reverse("draws:audit", args=[shown.pk])
    return form_page(request, form, act, template="draws/verdict.html", back=back, batch=shown, **told)


@audits
@require_POST
def take(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    """审计包: logged before it is handed out."""
    shown = get_object_or_404(_within(request.user), pk=pk)
    try:
        with plainly():
            parcel = parcel_of(shown)
        unseal(batch=shown, bundle=parcel.digest, by=request.user, at=timezone.now())
    except Refused as refused:
        messages.error(request, sentence(refused))
        return HttpResponseRedirect(request.path.removesuffix("take/"), status=303)
    named = f'attachment; filename="{shown.code}-audit.zip"'
    return StreamingHttpResponse(parcel.data, content_type="application/zip", headers={"Content-Disposition": named})
