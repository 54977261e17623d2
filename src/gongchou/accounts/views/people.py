"""Accounts and roles: the pages of the system administrator and of the security administrators."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from gongchou.accounts import operations, permissions
from gongchou.accounts.factors import MFAAdapter
from gongchou.accounts.forms.people import AccountForm, PlaceForm, ReasonForm
from gongchou.accounts.models import User
from gongchou.accounts.passwords import make_one_time_password
from gongchou.accounts.queries.people import factors_of, reach_words, told, visible_people, with_appointments
from gongchou.accounts.requests import SignedInRequest
from gongchou.accounts.roles import Duty
from gongchou.accounts.tables import PersonFilter, PersonTable
from gongchou.accounts.views.entrance import role_in_words
from gongchou.audit.queries import find_lines, line_sentence
from gongchou.refusal import allowed
from gongchou.web.access import needs
from gongchou.web.forms import form_page
from gongchou.web.lists import ListPage

ONE_TIME = timedelta(days=3)
_LINES = 20
_ONCE = "gongchou.one_time_password"


@needs(Duty.KEEP_ACCOUNTS, Duty.GRANT_ROLES)
class People(ListPage):
    """用户与角色."""

    title = "用户与角色"
    table_class = PersonTable
    filter_class = PersonFilter
    template_name = "accounts/people.html"

    def rows(self) -> QuerySet[Any]:
        """With what each holds."""
        by: Any = self.request.user
        return with_appointments(visible_people(by))


@needs(Duty.KEEP_ACCOUNTS, Duty.GRANT_ROLES)
@require_safe
def person(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One person: the account, the roles in words, what was done to them."""
    by = request.user
    user = get_object_or_404(visible_people(by), pk=pk)
    appointments = list(told(user.appointments.all()))
    lines = find_lines(about=user.audit_id)[:_LINES]
    return render(
        request,
        "accounts/person.html",
        {
            "title": user.name,
            "person": user,
            "current": [(one, *role_in_words(one.role), reach_words(one)) for one in appointments if _is_current(one)],
            "past": [(one, reach_words(one)) for one in appointments if not _is_current(one)],
            "factors": factors_of(user).count(),
            "can_keep": allowed(permissions.check_can_close_account, by, user) and _has(request, Duty.KEEP_ACCOUNTS),
            "can_grant": allowed(permissions.check_can_answer_for, by, user) and _has(request, Duty.GRANT_ROLES),
            "by": by,
            "lines": [line_sentence(line) for line in lines],
        },
    )


def _is_current(appointment: Any) -> bool:
    return bool(appointment.is_waiting or appointment.is_held)


def _has(request: SignedInRequest, duty: Duty) -> bool:
    return str(duty) in request.duties


def _kept(request: SignedInRequest, pk: UUID) -> User:
    """An account this person may keep; any other is not there."""
    by = request.user
    return get_object_or_404(visible_people(by), pk=pk)


def _to_person(user: User) -> HttpResponse:
    return HttpResponseRedirect(reverse("accounts:person", args=[user.pk]), status=303)


@needs(Duty.KEEP_ACCOUNTS)
def open_account(request: SignedInRequest) -> HttpResponse:
    """Open an account with a one-time password, shown once on the page that follows."""
    by = request.user
    form = AccountForm(request.POST or None, by=by)

    def act(values: dict[str, Any]) -> str:
        at, password = timezone.now(), make_one_time_password()
        user = operations.open_account(**values, password=password, one_time_until=at + ONE_TIME, by=by, at=at)
        return _show_once(request, user, password)

    lead = "账号开设后没有任何角色，须由安全管理员授予角色后才能办理业务。"
    done = "账号已开设。请把一次性密码当面或通过安全渠道告知本人。"
    return form_page(
        request, form, act, title="开设账号", button="开设账号", done=done, lead=lead, back=reverse("accounts:people")
    )


@needs(Duty.KEEP_ACCOUNTS)
@require_POST
def reset_password(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Give a one-time password for a forgotten one, shown once."""
    by = request.user
    user, at, password = _kept(request, pk), timezone.now(), make_one_time_password()
    operations.reset_password(user=user, password=password, until=at + ONE_TIME, by=by, at=at)
    return HttpResponseRedirect(_show_once(request, user, password), status=303)


def _show_once(request: SignedInRequest, user: User, password: str) -> str:
    request.session[_ONCE] = {"user": str(user.pk), "password": MFAAdapter().encrypt(password)}
    return reverse("accounts:password-once", args=[user.pk])


@needs(Duty.KEEP_ACCOUNTS)
@require_safe
@never_cache
def password_once(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show the one-time password that was just made, and forget it."""
    user = _kept(request, pk)
    kept = request.session.pop(_ONCE, {})
    password = MFAAdapter().decrypt(kept["password"]) if kept.get("user") == str(user.pk) else ""
    told_ = {"title": "一次性密码", "person": user, "password": password, "days": ONE_TIME.days}
    return render(request, "accounts/password_once.html", told_)


@needs(Duty.KEEP_ACCOUNTS)
@require_POST
def disable_account(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Close an account."""
    user = _kept(request, pk)
    operations.disable_account(user=user, by=request.user, at=timezone.now())
    messages.success(request, "账号已停用，本人的登录已全部退出。")
    return _to_person(user)


@needs(Duty.KEEP_ACCOUNTS)
@require_POST
def enable_account(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Open a closed account again."""
    user = _kept(request, pk)
    operations.enable_account(user=user, by=request.user, at=timezone.now())
    messages.success(request, "账号已启用。")
    return _to_person(user)


@needs(Duty.KEEP_ACCOUNTS)
def move_account(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Put somebody into another department."""
    by = request.user
    user = _kept(request, pk)
    form = PlaceForm(request.POST or None, by=by, initial={"department": user.department_id})
    address = reverse("accounts:person", args=[user.pk])

    def act(values: dict[str, Any]) -> str:
        operations.move_account(user=user, **values, by=by, at=timezone.now())
        return address

    title = f"调整部门：{user.name}"
    lead = f"现在的部门是“{user.department.name}”。角色的数据范围随部门变化，所以须先由安全管理员收回全部角色。"
    return form_page(request, form, act, title=title, done="部门已调整。", lead=lead, back=address)


@needs(Duty.GRANT_ROLES)
def reset_factors(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Remove the second factors of somebody who lost hers."""
    by = request.user
    user = _kept(request, pk)
    address = reverse("accounts:person", args=[user.pk])

    def act(values: dict[str, Any]) -> str:
        operations.reset_factors(user=user, **values, by=by, at=timezone.now())
        return address

    title = f"重置双因素验证：{user.name}"
    lead = "仅在本人丢失验证器和恢复码时使用。请先当面或电话核实身份；重置后，本人下次登录须重新绑定。"
    done = "双因素验证已重置，本人的登录已全部退出。"
    form = ReasonForm(request.POST or None)
    return form_page(request, form, act, title=title, button="重置", done=done, lead=lead, back=address)
