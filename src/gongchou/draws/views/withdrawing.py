"""Pages on which a draw is given up: what it costs is said before the button."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from gongchou.accounts.requests import SignedInRequest
from gongchou.draws import forms, permissions, reasons, rules
from gongchou.draws.models import Draw, Withdrawal
from gongchou.draws.operations import withdrawals as operations
from gongchou.draws.operations.committing import reasons_of
from gongchou.draws.queries.batches import visible
from gongchou.draws.queries.withdrawals import cost_of, visible_withdrawals
from gongchou.draws.states import LATE_UNCLOSED, DrawState
from gongchou.draws.views.batches import decides, works
from gongchou.web.forms import ReasonForm, form_page

TEMPLATE = "draws/withdraw.html"


def _draw(request: SignedInRequest, pk: UUID) -> Draw:
    rows = Draw.objects.filter(batch__in=visible(request.user).order_by().values("pk"))
    return get_object_or_404(rows.select_related("batch__department", "task__department__region"), pk=pk)


def _told(draw: Draw, at: datetime) -> dict[str, Any]:
    late = DrawState.WITHDRAWN_LATE.label if draw.batch.closed_at else LATE_UNCLOSED
    return {
        "template": TEMPLATE,
        "back": draw.get_absolute_url(),
        "draw": draw,
        "cost": cost_of(draw),
        "is_late": rules.is_late(draw, at),
        "late": late,
        "is_past_beacon": at >= draw.batch.beacon_at,
    }


@decides
def withdraw(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """撤回抽取, alone."""
    draw, at = _draw(request, pk), timezone.now()
    permissions.check_can_withdraw(request.user, draw)
    if request.method == "GET":
        rules.check_needs_no_second(draw, at)
    form = forms.WithdrawForm(request.POST or None, reasons=reasons_of(draw, "withdraw"))

    def act(values: dict[str, Any]) -> Draw:
        return operations.withdraw(draw=draw, **values, by=request.user, at=timezone.now())

    told: dict[str, Any] = {"title": f"撤回抽取：{draw.code}", "done": "抽取已撤回，并写入公开日志。", "button": "撤回"}
    return form_page(request, form, act, **told, **_told(draw, at))


@works
def ask(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """申请撤回: another person answers."""
    draw, at = _draw(request, pk), timezone.now()
    permissions.check_can_ask_withdrawal(request.user, draw)
    form = forms.WithdrawForm(request.POST or None, reasons=reasons_of(draw, "withdraw"))

    def act(values: dict[str, Any]) -> Withdrawal:
        return operations.ask_withdrawal(draw=draw, **values, by=request.user, at=timezone.now())

    done = "申请已提出，等待另一位审批人答复。"
    told: dict[str, Any] = {"title": f"申请撤回：{draw.code}", "done": done, "button": "提出申请", "needs_two": True}
    return form_page(request, form, act, **told, **_told(draw, at))


def _withdrawal(request: SignedInRequest, pk: UUID) -> Withdrawal:
    return get_object_or_404(visible_withdrawals(request.user), pk=pk)


@decides
def agree(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """同意撤回."""
    row, at = _withdrawal(request, pk), timezone.now()
    permissions.check_can_agree(request.user, row)

    def act(values: dict[str, Any]) -> Withdrawal:
        return operations.agree_withdrawal(withdrawal=row, by=request.user, at=timezone.now())

    form = django_forms.Form(request.POST if request.method == "POST" else None)
    told = _told(row.draw, at) | {"row": row, "reason": reasons.words("withdraw", row.reason)}
    words: dict[str, Any] = {"title": f"同意撤回：{row.draw.code}", "done": "抽取已撤回，并写入公开日志。"}
    return form_page(request, form, act, button="同意撤回", **words, **told)


@works
def refuse(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """不同意撤回; who asked takes the request back in the same way."""
    row = _withdrawal(request, pk)
    if request.method == "GET":
        permissions.check_can_refuse_withdrawal(request.user, row)
    word = "收回申请" if row.asked_by_id == request.user.pk else "不同意撤回"

    def act(values: dict[str, Any]) -> Withdrawal:
        return operations.refuse_withdrawal(withdrawal=row, **values, by=request.user, at=timezone.now())

    lead = f"{row.asked_by.name} 申请撤回，理由：{reasons.words('withdraw', row.reason)}。{row.note}"
    page = partial(form_page, title=f"{word}：{row.draw.code}", done="已答复，抽取仍然有效。", button=word, lead=lead)
    return page(request, ReasonForm(request.POST or None), act, back=row.get_absolute_url())
