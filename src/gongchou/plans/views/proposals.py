"""Pages of the joint inspections that the platform proposes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from gongchou.accounts.requests import SignedInRequest
from gongchou.accounts.roles import Duty
from gongchou.plans.forms.joint import SearchForm
from gongchou.plans.forms.lines import LineForm, initial_of
from gongchou.plans.forms.plans import ReasonForm
from gongchou.plans.models import Proposal
from gongchou.plans.operations import proposals as operations
from gongchou.plans.permissions import proposals as permissions
from gongchou.plans.queries import proposals as queries
from gongchou.plans.queries.outlook import Outlook
from gongchou.plans.tables import joint as tables
from gongchou.refusal import allowed
from gongchou.web.access import needs
from gongchou.web.forms import form_page
from gongchou.web.lists import ListPage

reads = needs(Duty.KEEP_PLAN, Duty.APPROVE_PLAN, Duty.COORDINATE)
decides = needs(Duty.KEEP_PLAN, Duty.COORDINATE)


@reads
class ProposalList(ListPage):
    """联合抽查建议."""

    title = "联合抽查建议"
    table_class = tables.ProposalTable
    filter_class = tables.ProposalFilter
    template_name = "plans/proposals.html"

    def rows(self) -> QuerySet[Proposal]:
        """Of the departments within reach."""
        return queries.visible(self.by).prefetch_related("lines__plan__department")


@decides
def search(request: SignedInRequest) -> HttpResponse:
    """查找建议."""
    form = SearchForm(request.POST or None, by=request.user, today=timezone.localdate())

    def act(values: dict[str, Any]) -> str:
        operations.search(**values, by=request.user, at=timezone.now())
        return f"{reverse('plans:proposals')}?state=open&year={values['year']}"

    lead = "比对该地各部门计划的对象、时间和标签，找出可以一次上门的检查。已经处理过的不再提出。"
    back = reverse("plans:proposals")
    done = "查找完成。"
    return form_page(request, form, act, title="查找联合抽查建议", done=done, button="查找", back=back, lead=lead)


def _proposal(request: SignedInRequest, pk: UUID) -> Proposal:
    return get_object_or_404(queries.visible(request.user), pk=pk)


@reads
@require_safe
def proposal(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One proposal: the lines side by side, what they have in common, what it saves."""
    shown = _proposal(request, pk)
    lines = queries.current_lines(shown)
    drawn = Outlook(lines).drawn
    context = {
        "title": "：".join(filter(None, [shown.get_kind_display(), lines[0].field if lines else ""])),
        "proposal": shown,
        "rows": list(zip(lines, drawn, strict=True)),
        "may_decide": allowed(permissions.check_can_decide, request.user, shown, lines),
    }
    return render(request, "plans/proposal.html", context)


@decides
@require_POST
def accept(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """采纳."""
    done = operations.accept(proposal=_proposal(request, pk), by=request.user, at=timezone.now())
    messages.success(request, "已采纳，合并后的计划行已写入草稿。请邀请配合部门并核对时间。")
    return HttpResponseRedirect(done.get_absolute_url(), status=303)


@decides
def adjust(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """调整后采纳: the merged line in the form, to be written otherwise."""
    shown = _proposal(request, pk)
    lines = queries.current_lines(shown)
    permissions.check_can_decide(request.user, shown, lines)
    content = operations.merged(lines, shown)
    version = queries.draft_for(shown, lines) or lines[0].version
    form = LineForm(request.POST or None, by=request.user, plan=version.plan, initial=initial_of(content))
    form.ask_reason()

    def act(values: dict[str, Any]) -> Proposal:
        told = {"content": form.content(), "reason": values["reason"]}
        return operations.adjust(proposal=shown, **told, by=request.user, at=timezone.now())

    more: dict[str, Any] = {"template": "registry/versions_form.html", "button": "采纳"}
    title, back = "调整后采纳", shown.get_absolute_url()
    return form_page(request, form, act, title=title, done="已采纳。", back=back, **more)


@decides
def refuse(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """不采纳."""
    shown = _proposal(request, pk)

    def act(values: dict[str, Any]) -> Proposal:
        return operations.refuse(proposal=shown, **values, by=request.user, at=timezone.now())

    form, back = ReasonForm(request.POST or None), shown.get_absolute_url()
    return form_page(request, form, act, title="不采纳建议", done="已记录理由。", button="不采纳", back=back)
