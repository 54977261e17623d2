"""Roles: asked for, confirmed or sent back by a second person, taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from gongchou.accounts import operations, permissions
from gongchou.accounts.forms.people import AppointmentForm, ReasonForm
from gongchou.accounts.models import Appointment
from gongchou.accounts.queries.people import reach_words, visible_appointments, visible_people
from gongchou.accounts.requests import SignedInRequest
from gongchou.accounts.roles import ROLES, Duty
from gongchou.accounts.views.entrance import role_in_words
from gongchou.refusal import allowed
from gongchou.web.access import needs
from gongchou.web.forms import form_page


@needs(Duty.GRANT_ROLES)
@require_safe
def requests(request: SignedInRequest) -> HttpResponse:
    """角色申请: what waits for an answer."""
    by = request.user
    waiting = visible_appointments(by).filter(granted_at=None, refused_at=None)
    told = [(one, *role_in_words(one.role), reach_words(one), _can_confirm(by, one)) for one in waiting]
    return render(request, "accounts/requests.html", {"title": "角色申请", "waiting": told, "by": by})


def _can_confirm(by: Any, appointment: Appointment) -> bool:
    return allowed(permissions.check_can_confirm, by, appointment)


@needs(Duty.GRANT_ROLES)
def request_role(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Ask that somebody be given a role."""
    by = request.user
    user = get_object_or_404(visible_people(by), pk=pk)
    address = reverse("accounts:person", args=[user.pk])
    form = AppointmentForm(request.POST or None, by=by)

    def act(values: dict[str, Any]) -> str:
        fields = values.pop("fields_of_list")
        operations.request_appointment(user=user, fields=fields, **values, by=by, at=timezone.now())
        return address

    return form_page(
        request,
        form,
        act,
        title=f"申请授予角色：{user.name}（{user.username}）",
        button="提交申请",
        done="申请已提交，须另一名安全管理员确认后生效。",
        template="accounts/request_role.html",
        roles=[role_in_words(code) for code in ROLES],
        person=user,
        back=address,
    )


@needs(Duty.GRANT_ROLES)
@require_POST
def confirm_role(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Grant what another has asked for."""
    by = request.user
    appointment = get_object_or_404(visible_appointments(by), pk=pk)
    operations.confirm_appointment(appointment=appointment, by=by, at=timezone.now())
    messages.success(request, "已确认，角色即时生效。")
    return HttpResponseRedirect(reverse("accounts:requests"), status=303)


@needs(Duty.GRANT_ROLES)
def refuse_role(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Send a request back, or withdraw one's own."""
    by = request.user
    appointment = get_object_or_404(visible_appointments(by), pk=pk)
    form = ReasonForm(request.POST or None)

    def act(values: dict[str, Any]) -> str:
        operations.refuse_appointment(appointment=appointment, **values, by=by, at=timezone.now())
        return reverse("accounts:requests")

    word = "撤回" if appointment.requested_by == by else "退回"
    title = f"{word}申请：{appointment}"
    return form_page(
        request, form, act, title=title, button=word, done=f"申请已{word}。", back=reverse("accounts:requests")
    )


@needs(Duty.GRANT_ROLES)
@require_POST
def end_role(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Take a role back."""
    by = request.user
    appointment = get_object_or_404(visible_appointments(by), pk=pk)
    operations.end_appointment(appointment=appointment, by=by, at=timezone.now())
    messages.success(request, "角色已收回，即时生效。")
    return HttpResponseRedirect(reverse("accounts:person", args=[appointment.user_id]), status=303)
