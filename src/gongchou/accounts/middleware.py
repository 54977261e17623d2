"""The one door: no view runs before it has been asked whom it lets in, and whether her session still lasts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django_htmx.http import HttpResponseClientRedirect

from gongchou.accounts import sessions
from gongchou.accounts.factors import can_use_keys
from gongchou.accounts.models import User
from gongchou.accounts.queries import roles_of
from gongchou.accounts.queries.glance import glance_at
from gongchou.accounts.queries.people import factors_of, needs_factors
from gongchou.accounts.queries.reach import log_reach, remember_reach
from gongchou.accounts.roles import ROLES
from gongchou.web.access import Access, access_of
from gongchou.web.faults import is_program

SAFE = ("GET", "HEAD")
METHODS = (*SAFE, "POST")
"""All that pages and forms need; no other comes past the door, whatever a view would do with it."""

_PUBLIC, _SIGNED_IN = Access(is_public=True), Access()

# Views of libraries cannot declare themselves: by the name of their address.
OF_LIBRARIES = {
    "account_login": _PUBLIC,
    "account_logout": _PUBLIC,
    "account_reauthenticate": _SIGNED_IN,
    "mfa_authenticate": _PUBLIC,
    "mfa_reauthenticate": _SIGNED_IN,
    "mfa_activate_totp": _SIGNED_IN,
    "mfa_deactivate_totp": _SIGNED_IN,
    "mfa_view_recovery_codes": _SIGNED_IN,
    "mfa_generate_recovery_codes": _SIGNED_IN,
    "mfa_add_webauthn": _SIGNED_IN,
    "mfa_list_webauthn": _SIGNED_IN,
    "mfa_remove_webauthn": _SIGNED_IN,
    "mfa_reauthenticate_webauthn": _SIGNED_IN,
}

# What somebody must do before anything else -> what she may open until it is done.
_WITH_OLD_PASSWORD = frozenset({"account_change_password", "account_logout"})
_WITHOUT_FACTORS = _WITH_OLD_PASSWORD | {
    "account_reauthenticate",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_view_recovery_codes",
}
_UNTIL_DONE = {"account_change_password": _WITH_OLD_PASSWORD, "mfa_activate_totp": _WITHOUT_FACTORS}
_OVER = {
    "idle": "您较长时间没有操作，为保护数据已自动退出，请重新登录。",
    "age": "本次登录已满 12 小时，请重新登录。",
}


class AccessMiddleware:
    """Refuse whom the view does not let in; put on the request what views ask about her."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look up who comes, once, and end a session that has lasted long enough."""
        self._meet(request, timezone.now())
        return self.get_response(request)

    def _meet(self, request: Any, at: datetime) -> None:
        user = request.user
        request.duties = None
        if not isinstance(user, User) and not user.is_authenticated:
            return
        if request.method in SAFE:
            remember_reach(user)
        request.roles = roles_of(user)
        cause = sessions.overdue(request, request.roles, at=at)
        if cause:
            sessions.end(request, cause, at=at)
            messages.info(request, _OVER[cause])
            return
        sessions.touch(request, request.roles, at=at)
        request.duties = frozenset(str(duty) for role in request.roles for duty in ROLES[role].duties)
        glance = SimpleLazyObject(lambda: glance_at(user))
        request.n_unread = SimpleLazyObject(lambda: glance.n_unread)
        request.marks = SimpleLazyObject(lambda: glance.marks)
        request.log_reach = SimpleLazyObject(lambda: log_reach(user))
        request.comes_first = SimpleLazyObject(lambda: _what_comes_first(request))
        request.can_use_keys = SimpleLazyObject(lambda: can_use_keys(request))

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Let the view run, or answer in its place."""
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        name = request.resolver_match.view_name if request.resolver_match else ""
        access = access_of(view) or OF_LIBRARIES.get(name)
        if access is None:
            raise ImproperlyConfigured(f"{name or view} does not declare whom it lets in (gongchou.web.access)")
        duties = request.duties  # type: ignore[attr-defined]
        if access.is_public:
            return None
        if duties is None:
            return _to_entrance(request)
        first = str(request.comes_first)  # type: ignore[attr-defined]
        if first and name not in _UNTIL_DONE[first]:
            return _go(request, reverse(first))
        if access.lets_in(duties):
            return None
        raise PermissionDenied


def _what_comes_first(request: Any) -> str:
    """The page of what somebody must do before anything else; empty if nothing stands in her way."""
    if request.user.one_time_until is not None:
        return "account_change_password"
    if not needs_factors(request.roles) or request.session.get(sessions.FACTORS):
        return ""
    if not factors_of(request.user).exists():
        return "mfa_activate_totp"
    request.session[sessions.FACTORS] = True
    return ""


def _to_entrance(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(resolve_url("account_login"))
    if is_program(request):  # it could do nothing with a page
        return JsonResponse(
            {"error": "signed_out", "sentence": "登录已失效，请重新登录；未提交的内容都在。"}, status=401
        )
    return redirect_to_login(request.get_full_path())


def _go(request: HttpRequest, address: str) -> HttpResponse:
    """A part of a page cannot show another page: htmx is told to go there."""
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(address)
    return HttpResponseRedirect(address)
