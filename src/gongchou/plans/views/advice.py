"""比例建议: three plans for the risk-based lines side by side, and the button that takes one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from gongchou.accounts.requests import SignedInRequest
from gongchou.plans.forms.advice import AskForm, TakeForm
from gongchou.plans.models import PlanVersion
from gongchou.plans.norms import KINDS, NormCode
from gongchou.plans.operations.ratios import take_ratios
from gongchou.plans.permissions import norms as norm_permissions
from gongchou.plans.permissions import plans as permissions
from gongchou.plans.queries import plans as queries
from gongchou.plans.queries.advice import Advice, Option, ratio_words
from gongchou.plans.views.plans import keeps, reads, version_of
from gongchou.refusal import Refused, allowed, sentence
from gongchou.seen import token
from gongchou.web.forms import seen_by


@reads
@require_safe
def plan_advice(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The page."""
    version = version_of(request, pk)
    lines = Advice(version).lines
    form = AskForm(request.GET or None, lines=lines)
    is_asked = form.is_valid()
    asked = form.cleaned_data if is_asked else {}
    found = Advice(version, form.chosen() if is_asked else (), asked.get("capacity"))
    context = {
        "title": f"比例建议：{version.name}",
        "version": version,
        "form": form,
        "found": found,
        "missing": [(code, KINDS[code].name) for code in found.missing],
        "may_set": allowed(norm_permissions.check_can_set_norm, request.user, version.plan.department.region),
        "may_take": all(allowed(permissions.check_can_edit_line, request.user, line) for line in found.chosen),
        "seen": token(ratio_words(found.chosen)),
    }
    if found.chosen and not found.missing:
        context |= _plans(found, bool(asked.get("by_district")))
    return render(request, "plans/plan_advice.html", context)


def _plans(found: Advice, with_districts: bool) -> dict[str, Any]:
    options, why_not = found.tried(with_districts=with_districts)
    return {
        "options": options,
        "why_not": why_not,
        "price": found.price(options) if options else (),
        "bands": found.norms[NormCode.BANDS],
        "rates": found.norms[NormCode.PROBLEM_RATES],
        "districts": _districts(found, options) if with_districts and options else (),
    }


def _districts(found: Advice, options: list[Option]) -> list[tuple[str, list[int]]]:
    """Name of each district, and its visits under each plan."""
    names = queries.named_regions(dict.fromkeys(found.districts, 0))
    rows = zip(*(option.districts for option in options), strict=True)
    return [(name, list(row)) for (name, _), row in zip(names, rows, strict=True)]


@keeps
@require_POST
def take_advice(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """采用 one of the plans for the chosen lines of a draft."""
    version = version_of(request, pk)
    form = TakeForm(request.POST, lines=Advice(version).lines)
    form.full_clean()
    back = reverse("plans:plan-advice", args=[version.pk])
    try:
        _take(request, version, form)
    except Refused as refused:
        messages.error(request, sentence(refused))
        return HttpResponseRedirect(back, status=303)
    messages.success(request, "已采用，所选计划行的比例已更新。请到“核对”页检查。")
    return HttpResponseRedirect(version.get_absolute_url(), status=303)


def _take(request: SignedInRequest, version: PlanVersion, form: TakeForm) -> None:
    keys = form.cleaned_data.get("line") or []
    lines = version.lines.filter(pk__in=keys)
    told: dict[str, Any] = {"steps": form.steps(), "seen": seen_by(request)}
    take_ratios(version=version, lines=lines, **told, by=request.user, at=timezone.now())
