"""Second factors: codes that work once, secrets that are not kept in the clear, and what the log is told."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from typing import Any

from allauth.mfa import signals
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.encoding import force_bytes

from gongchou.accounts import operations
from gongchou.accounts.models import User
from gongchou.accounts.sessions import FACTORS, renew, source_of

STEP_S = 30
DRIFT = 1  # steps a phone's clock may be off


class MFAAdapter(DefaultMFAAdapter):
    """What the platform wants otherwise than the library."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "验证码不正确或已经用过。请等验证器显示下一个验证码后重新输入；手机时间须与北京时间一致。",
        "cannot_delete_authenticator": "不能移除这一验证方式。",
        "cannot_generate_recovery_codes": "请先绑定验证器，再生成恢复码。",
    }

    def get_totp_issuer(self) -> str:
        """What the app on the phone calls us."""
        return "公抽"

    def encrypt(self, text: str) -> str:
        """Whoever steals the database alone has no codes."""
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The other way."""
        return _fernet().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """How a new key is called until its owner says otherwise."""
        n = Authenticator.objects.filter(user=user, type=type).count()
        return f"安全密钥 {n + 1}"


def can_use_keys(request: HttpRequest) -> bool:
    """Browsers speak to security keys only over TLS, and only for a host with a name."""
    host = request.get_host().partition(":")[0]
    return host == "localhost" or (request.is_secure() and not host.replace(".", "").isdecimal())


def _fernet() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    told = [hashlib.sha256(b"gongchou.accounts.factors\n" + force_bytes(secret)).digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in told])


def matching_step(secret: str, code: str, *, at: datetime, after: int = -1) -> int | None:
    """The step in time that a code belongs to, among those around ``at`` and after the latest that was used."""
    now = int(at.timestamp()) // STEP_S
    typed = "".join(code.split())
    for step in range(now - DRIFT, now + DRIFT + 1):
        if step > after and constant_time_compare(format_hotp_value(hotp_value(secret, step)), typed):
            return step
    return None


def use_code(user: User, code: str, *, at: datetime) -> Authenticator | None:
    """Find the authenticator a code is right for, and spend the code; None if it is wrong, or was spent before."""
    with transaction.atomic():
        theirs = Authenticator.objects.select_for_update().filter(user=user)
        for authenticator in theirs.exclude(type=Authenticator.Type.WEBAUTHN).order_by("id"):
            if _spend(authenticator, code, at):
                authenticator.user = user
                return authenticator
    return None


def _spend(authenticator: Authenticator, code: str, at: datetime) -> bool:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        return bool(authenticator.wrap().validate_code("".join(code.split())))
    secret = MFAAdapter().decrypt(authenticator.data["secret"])
    step = matching_step(secret, code, at=at, after=authenticator.data.get("latest_step", -1))
    if step is None:
        return False
    authenticator.data["latest_step"] = step
    authenticator.save(update_fields=["data"])
    return True


def listen() -> None:
    """Tell the log what happens to second factors."""
    signals.authenticator_added.connect(_added, dispatch_uid="gongchou.accounts")
    signals.authenticator_reset.connect(_added, dispatch_uid="gongchou.accounts")
    signals.authenticator_removed.connect(_removed, dispatch_uid="gongchou.accounts")


def _added(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    step = getattr(request, "totp_step", None)  # the code that proved the phone has been used by that
    if authenticator.type == Authenticator.Type.TOTP and step is not None:
        authenticator.data["latest_step"] = step
        authenticator.save(update_fields=["data"])
    told = {"kind": str(authenticator.type), "source": source_of(request)}
    operations.note_factor_added(user=user, **told, by=user, at=timezone.now())
    renew(request, user)


def _removed(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    request.session.pop(FACTORS, None)
    told = {"kind": str(authenticator.type), "source": source_of(request)}
    operations.note_factor_removed(user=user, **told, by=user, at=timezone.now())
