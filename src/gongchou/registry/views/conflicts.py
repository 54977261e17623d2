"""Pages of conflicts of interest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from gongchou.accounts.requests import SignedInRequest
from gongchou.accounts.roles import Duty
from gongchou.registry.forms import conflicts as forms
from gongchou.registry.models import Conflict
from gongchou.registry.operations import conflicts as operations
from gongchou.registry.queries import conflicts as queries
from gongchou.registry.tables import conflicts as tables
from gongchou.registry.views.inspectors import one_form, own_or_404, reads
from gongchou.web.access import needs, signed_in
from gongchou.web.forms import form_page
from gongchou.web.lists import ListPage

LEAD = "申报后立即生效：决定作出之前，系统不会派申报所涉的人员去这个检查对象。"


@reads
class ConflictList(ListPage):
    """回避申报."""

    request: SignedInRequest
    title = "回避申报与决定"
    table_class = tables.ConflictTable
    filter_class = tables.ConflictFilter
    template_name = "registry/conflicts.html"

    def rows(self) -> QuerySet[Conflict]:
        """Those of the inspectors the person sees."""
        return queries.for_list(self.request.user)

    def more(self) -> dict[str, Any]:
        """How many wait."""
        return {"n_pending": queries.visible(self.request.user).filter(decision=Conflict.Decision.PENDING).count()}


declare_conflict = one_form(
    lambda request, found: forms.ConflictForm(request.POST or None),
    operations.declare_conflict,
    "登记回避申报",
    "已登记，申报立即生效，等待负责人决定。",
    lead=LEAD,
    button="提交申报",
)


@signed_in
def declare_own_conflict(request: SignedInRequest) -> HttpResponse:
    """申报本人的回避."""
    own = own_or_404(request)

    def act(values: dict[str, Any]) -> str:
        told = {**values, "declared_by": Conflict.DeclaredBy.SELF}
        operations.declare_conflict(inspector=own, **told, by=request.user, at=timezone.now())
        return reverse("registry:my-file")

    return form_page(
        request,
        forms.OwnConflictForm(request.POST or None),
        act,
        title="申报本人回避",
        done="已提交，申报立即生效，等待负责人决定。",
        button="提交申报",
        lead=LEAD,
        back=reverse("registry:my-file"),
    )


def _for_head(
    form_class: type[django_forms.Form], act: Callable[..., Any], title: str, done: str, button: str
) -> Callable[..., Any]:
    @needs(Duty.APPROVE_LIST)
    def page(request: SignedInRequest, pk: UUID) -> HttpResponse:
        rows = queries.decidable(request.user).select_related("inspector__department", "subject", "decided_by")
        found = get_object_or_404(rows, pk=pk)

        def run(values: dict[str, Any]) -> str:
            act(conflict=found, **values, by=request.user, at=timezone.now())
            return reverse("registry:conflicts")

        return form_page(
            request,
            form_class(request.POST or None),
            run,
            title=title,
            done=done,
            button=button,
            template="registry/conflicts_form.html",
            conflict=found,
            back=reverse("registry:conflicts"),
        )

    return page


decide_conflict = _for_head(forms.DecisionForm, operations.decide_conflict, "决定回避", "已作出决定。", "提交决定")
lift_conflict = _for_head(
    forms.LiftForm, operations.lift_conflict, "解除回避", "已解除回避，原决定保留在档案中。", "解除回避"
)
