"""Pages of what documents demand, and of how tasks are numbered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from gongchou.accounts.requests import SignedInRequest
from gongchou.accounts.roles import Duty
from gongchou.plans.forms import joint as forms
from gongchou.plans.forms.plans import ReasonForm
from gongchou.plans.models import Norm
from gongchou.plans.operations import norms as operations
from gongchou.plans.queries import norms as queries
from gongchou.plans.tables import joint as tables
from gongchou.plans.views.plans import coordinates, keeps, reads
from gongchou.web.forms import form_page
from gongchou.web.lists import ListPage


@reads
class NormList(ListPage):
    """工作指标."""

    title = "工作指标"
    table_class = tables.NormTable
    filter_class = tables.NormFilter
    template_name = "plans/norms.html"

    @property
    def hidden(self) -> tuple[str, ...]:  # type: ignore[override]
        """Who does not coordinate ends none."""
        return () if str(Duty.COORDINATE) in self.request.duties else ("actions",)  # type: ignore[attr-defined]

    def rows(self) -> QuerySet[Norm]:
        """All, those that applied before too."""
        return queries.visible_norms(self.by)


@coordinates
def set_norm(request: SignedInRequest) -> HttpResponse:
    """设定工作指标."""
    year, code = timezone.localdate().year, request.GET.get("code", "")
    form = forms.NormForm(request.POST or None, by=request.user, year=year, code=code)

    def act(values: dict[str, Any]) -> str:
        operations.set_norm(**values, by=request.user, at=timezone.now())
        return reverse("plans:norms")

    lead = "每项要求都写明出自哪份文件；本级没有设定的，适用上级的。"
    back = reverse("plans:norms")
    return form_page(request, form, act, title="设定工作指标", done="已设定。", back=back, lead=lead)


@coordinates
def end_norm(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """停用工作指标."""
    norm: Norm = get_object_or_404(queries.visible_norms(request.user).filter(ended_at=None), pk=pk)
    back = reverse("plans:norms")

    def act(values: dict[str, Any]) -> str:
        operations.end_norm(norm=norm, **values, by=request.user, at=timezone.now())
        return back

    form = ReasonForm(request.POST or None)
    return form_page(request, form, act, title="停用工作指标", done="已停用。", button="停用", back=back)


@keeps
def set_numbering(request: SignedInRequest) -> HttpResponse:
    """设定任务编号规则."""
    form = forms.NumberingForm(request.POST or None, by=request.user, today=timezone.localdate())

    def act(values: dict[str, Any]) -> str:
        operations.set_numbering(**values, by=request.user, at=timezone.now())
        return reverse("plans:tasks")

    lead = "花括号里的“简称”“年度”“序号”由系统填写；序号按部门和年度连续编排。"
    back = reverse("plans:tasks")
    return form_page(
        request, form, act, title="任务编号规则", done="已设定，以后的任务照此编号。", back=back, lead=lead
    )
