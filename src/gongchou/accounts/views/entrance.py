"""个人中心: one's own password, sessions and second factors."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from gongchou.accounts import operations, sessions
from gongchou.accounts.forms.entrance import PasswordForm
from gongchou.accounts.queries.people import factors_of, held_by, needs_factors, reach_words
from gongchou.accounts.requests import SignedInRequest
from gongchou.accounts.roles import DUTY_WORDS, ROLES, RoleCode
from gongchou.web.access import signed_in
from gongchou.web.forms import form_page


@signed_in
@require_safe
def profile(request: SignedInRequest) -> HttpResponse:
    """Who one is here, what one may do, where one is signed in."""
    by = request.user
    told = {
        "title": "个人中心",
        "held": [(one, *role_in_words(one.role), reach_words(one)) for one in held_by(by)],
        "sessions": sessions.open_sessions(by, at=timezone.now()),
        "current_key": request.session.session_key,
        "factors": factors_of(by),
        "factors_are_needed": needs_factors(request.roles),
    }
    return render(request, "accounts/profile.html", told)


def role_in_words(code: str) -> tuple[Any, list[str]]:
    """A role, and what its duties are called."""
    role = ROLES[RoleCode(code)]
    return role, [words for duty, words in DUTY_WORDS.items() if duty in role.duties]


@signed_in
@sensitive_post_parameters("old", "new", "again")
def change_password(request: SignedInRequest) -> HttpResponse:
    """Change one's password; all other sessions end."""
    by = request.user
    form = PasswordForm(request.POST or None, user=by)

    def act(values: dict[str, Any]) -> str:
        told: dict[str, Any] = {"source": sessions.source_of(request), "by": by, "at": timezone.now()}
        sessions.renew(request, operations.change_password(user=by, password=values["new"], **told))
        return reverse("home" if is_first else "accounts:profile")

    is_first = by.one_time_until is not None
    lead = "您用的是一次性密码。请先设置自己的密码，再继续使用。" if is_first else ""
    done = "密码已修改，您在其他设备上的登录已全部退出。"
    return form_page(request, form, act, title="修改密码", button="修改密码", done=done, lead=lead)


@signed_in
@require_POST
def end_session(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Sign out one other machine."""
    by = request.user
    row = get_object_or_404(by.open_sessions.exclude(key=request.session.session_key), pk=pk)
    operations.end_session(session=row, by=by, at=timezone.now())
    messages.success(request, "该设备已退出登录。")
    return HttpResponseRedirect(reverse("accounts:profile"), status=303)


@signed_in
@require_POST
def end_sessions(request: SignedInRequest) -> HttpResponse:
    """Sign out everywhere else."""
    by = request.user
    sessions.renew(request, operations.end_sessions(user=by, by=by, at=timezone.now()))
    messages.success(request, "您在其他设备上的登录已全部退出。")
    return HttpResponseRedirect(reverse("accounts:profile"), status=303)


@signed_in
@require_safe
def to_profile(request: SignedInRequest) -> HttpResponse:
    """Where the pages about second factors lead back to."""
    return HttpResponseRedirect(reverse("accounts:profile"))
