"""Where django-allauth asks us: who may try, who may come in, and what the log is told about it."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import verify_password
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac

from gongchou.accounts import attempts, operations, rules, sessions
from gongchou.accounts.models import User
from gongchou.accounts.operations.installer import Visitor
from gongchou.refusal import Refused, sentence

DEVICE_DAYS = 180
FRESH_S = 10 * 60  # a password shown this long ago need not be shown again


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in with counted tries and a line in the log. Nobody signs up, nothing goes by mail."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "账号或密码不正确，请核对后重新输入。多次输错将暂时不能登录。",
        "incorrect_password": "密码不正确，请重新输入。",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are opened by the system administrator."""
        return False

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """There is no mail."""

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who has just come in need not show her password again to set up a second factor."""
        age_s = timezone.now().timestamp() - context.request.session.get(sessions.BEGAN, 0)
        return age_s > FRESH_S

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try, and refuse it where there were too many."""
        account = normal_name(credentials.get("username", ""))
        self.knock = count_try(request, account)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Tell the log, also when this try was the last one for a while; of accounts there are not, nothing."""
        user = User.objects.filter(username__iexact=normal_name(credentials.get("username", ""))).first()
        if user:
            source, at = sessions.source_of(request), timezone.now()
            operations.note_wrong_password(user=user, source=source, by=Visitor(), at=at)
        if self.knock.is_latest:
            tell_locked(request, user, "password")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Look at the password; a right one is hashed anew where hashing has become stronger."""
        user = super().authenticate(request, **credentials)
        if user is not None:
            attempts.forgive(self.knock)
        if isinstance(user, User) and user.is_active:
            _, is_old = verify_password(credentials["password"], user.password)
            if is_old:
                told = {"password": credentials["password"], "by": user, "at": timezone.now()}
                operations.renew_password_hash(user=user, **told)
        return user

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse | None:
        """The password was right; the account may still be closed, or the password too old."""
        response = super().pre_login(request, user, **kwargs)
        if response is None and isinstance(user, User):
            try:
                rules.check_password_still_holds(user, at=timezone.now())
            except Refused as refused:
                return _back_to_entrance(request, refused)
        return response

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """Only who knows the password learns that the account is closed."""
        return _back_to_entrance(request, Refused("accounts.account_closed"))

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Begin a session with a line in the log."""
        super().login(request, user)
        if isinstance(user, User):
            shown = [record.get("type") or record["method"] for record in get_authentication_records(request, user)]
            source, at = sessions.source_of(request), timezone.now()
            operations.note_signed_in(user=user, source=source, factors=shown, by=user, at=at)

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        """Know this browser from now on."""
        response = super().post_login(request, user, **kwargs)
        name = normal_name(user.get_username())
        response.set_signed_cookie(
            _cookie_name(name),
            device_of(request, name) or get_random_string(22),
            salt="gongchou.device",
            max_age=DEVICE_DAYS * 86400,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
        return response

    def logout(self, request: HttpRequest) -> None:
        """End the session with a line in the log."""
        sessions.end(request, "asked", at=timezone.now())


def normal_name(username: str) -> str:
    """One account is one account however its name was typed."""
    return username.strip().casefold()


def count_try(request: HttpRequest, account: str, *, what: str = "password") -> attempts.Knock:
    """Count a try at an account; raises ValidationError with a sentence where there were too many.

    what: passwords and codes are counted apart
    """
    place = attempts.Place(sessions.source_of(request), device_of(request, account))
    try:
        return attempts.knock(f"{what} {account}", place, at=timezone.now())
    except Refused as refused:
        raise ValidationError(sentence(refused), code=refused.code) from refused


def tell_locked(request: HttpRequest, user: User | None, what: str) -> None:
    """Tell the log, where there is an account to tell about."""
    if user:
        told = {"source": sessions.source_of(request), "what": what}
        operations.note_locked(user=user, **told, by=Visitor(), at=timezone.now())


def device_of(request: HttpRequest, account: str) -> str:
    """What this browser is called, if the owner of the account has signed in with it before."""
    try:
        told = request.get_signed_cookie(_cookie_name(account), "", salt="gongchou.device", max_age=DEVICE_DAYS * 86400)
    except BadSignature:
        return ""
    return str(told)


def _cookie_name(account: str) -> str:
    return "known-" + salted_hmac("gongchou.device", account, algorithm="sha256").hexdigest()[:16]


def _back_to_entrance(request: HttpRequest, refused: Refused) -> HttpResponse:
    messages.error(request, sentence(refused))
    return HttpResponseRedirect(reverse("account_login"))
