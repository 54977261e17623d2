"""Pages of what a plan breaks, and of the reasons that excuse it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from gongchou.accounts.requests import SignedInRequest
from gongchou.plans.forms.plans import ReasonForm
from gongchou.plans.models import Line, Waiver
from gongchou.plans.operations import waivers
from gongchou.plans.permissions import plans as permissions
from gongchou.plans.queries import plans as queries
from gongchou.plans.queries.survey import Survey
from gongchou.plans.rules import checks
from gongchou.plans.views.lines import is_key
from gongchou.plans.views.plans import keeps, reads, version_of
from gongchou.refusal import allowed
from gongchou.registry.models import Item
from gongchou.registry.queries.versions import newest_name
from gongchou.web.forms import form_page


@reads
@require_safe
def plan_checks(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """核对: every rule with what is broken and where, and the reasons that excuse something."""
    version = version_of(request, pk)
    survey = Survey(version, on=timezone.localdate())
    found, unchecked = checks.findings(survey), checks.unchecked(survey)
    by_rule = [(rule, [one for one in found if one.rule == rule]) for rule in checks.RULES.values()]
    context = {
        "title": f"核对：{version.name}",
        "version": version,
        "broken": [(rule, rows, sum(one.may_be_waived for one in rows) > 1) for rule, rows in by_rule if rows],
        "kept": [rule for rule, rows in by_rule if not rows and rule not in unchecked],
        "unchecked": unchecked,
        "n_blocking": sum(one.is_blocking for one in found),
        "may_write": allowed(permissions.check_can_edit, request.user, version),
    }
    return render(request, "plans/plan_checks.html", context)


@keeps
def add_waiver(request: SignedInRequest, pk: UUID, rule: str) -> HttpResponse:
    """写明例外理由 of one rule in one place."""
    version = version_of(request, pk)
    known = checks.RULES.get(rule)
    if known is None:
        raise Http404
    line = _named(request, "line", Line.objects.filter(plan=version.plan))
    item = _named(request, "item", Item.objects.all())

    is_all = "all" in request.GET

    def act(values: dict[str, Any]) -> str:
        told: dict[str, Any] = {"version": version, "rule": rule, "by": request.user, "at": timezone.now()}
        if is_all:
            waivers.waive_all(**told, **values)
        else:
            waivers.waive(**told, line=line, item=item, **values)
        return reverse("plans:plan-checks", args=[version.pk])

    where = "；".join(
        [*([f"第{line.number}行"] if line else []), *([f"{item.code} {newest_name(item)}"] if item else [])]
    )
    where = "各处用同一理由" if is_all else where
    lead = f"{known.name}（{known.number}）{'：' * bool(where)}{where}。理由随计划提交，审批人可以看到。"
    back = reverse("plans:plan-checks", args=[version.pk])
    form = ReasonForm(request.POST or None)
    return form_page(request, form, act, title="写明例外理由", done="理由已记录。", back=back, lead=lead)


def _named(request: SignedInRequest, name: str, rows: QuerySet[Any]) -> Any:
    """The row an address names, or None; a key that is none is a page that is not there."""
    text = request.GET.get(name, "")
    if not text:
        return None
    if not is_key(text):
        raise Http404
    return get_object_or_404(rows, pk=UUID(text))


@keeps
@require_POST
def end_waiver(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """撤销例外理由."""
    rows = Waiver.objects.filter(ended_at=None, version__in=queries.visible(request.user).order_by().values("pk"))
    waiver = get_object_or_404(rows, pk=pk)
    waivers.end_waiver(waiver=waiver, by=request.user, at=timezone.now())
    messages.success(request, "理由已撤销。")
    return HttpResponseRedirect(reverse("plans:plan-checks", args=[waiver.version_id]), status=303)
