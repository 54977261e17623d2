"""What is typed at the entrance: names, passwords, codes."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as MFAReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils import timezone

from gongchou.accounts import attempts, factors
from gongchou.accounts.adapter import AccountAdapter, count_try, normal_name, tell_locked
from gongchou.accounts.models import User
from gongchou.accounts.queries.people import factors_of

_CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}


class SignInForm(LoginForm):
    """账号 and 密码."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label, self.fields["password"].label = "账号", "密码"
        self.fields["login"].widget.attrs |= {"autofocus": True, "autocapitalize": "none", "spellcheck": "false"}
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class PasswordAgainForm(ReauthenticateForm):
    """The password once more, before something that a passer-by must not do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = "密码"
        self.fields["password"].widget.attrs.pop("placeholder", None)


class _Code:
    """A code that is counted when it is wrong and spent when it is right."""

    user: User
    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "验证码"
        self.fields["code"].help_text = "验证器显示的 6 位数字；手机不在身边的，输入一个没有用过的恢复码。"
        self.fields["code"].widget.attrs = dict(_CODE)

    @property
    def has_keys(self) -> bool:
        """Whether a security key could be shown instead."""
        return factors_of(self.user).filter(type=Authenticator.Type.WEBAUTHN).exists()

    def clean_code(self) -> str:
        """Spend the code."""
        knock = count_try(context.request, normal_name(self.user.username), what="code")
        found = factors.use_code(self.user, self.cleaned_data["code"], at=timezone.now())
        if found is None:
            if knock.is_latest:
                tell_locked(context.request, self.user, "code")
            raise factors.MFAAdapter().validation_error("incorrect_code")
        attempts.forgive(knock)
        self.authenticator = found
        return str(self.cleaned_data["code"])


class CodeForm(_Code, AuthenticateForm):
    """The second step of signing in."""


class CodeAgainForm(_Code, MFAReauthenticateForm):
    """The same, before something that a passer-by must not do."""


class ActivateForm(ActivateTOTPForm):
    """The first code of an authenticator app, which proves that it has the secret."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "验证器显示的 6 位验证码"
        self.fields["code"].widget.attrs = {**_CODE, "autofocus": False}

    def clean_code(self) -> str:
        """Keep which code it was, for it may not be used again."""
        code = str(self.cleaned_data["code"])
        step = factors.matching_step(self.secret, code, at=timezone.now())
        if step is None:
            raise factors.MFAAdapter().validation_error("incorrect_code")
        context.request.totp_step = step
        return code


class PasswordForm(forms.Form):
    """One's own password, changed."""

    old = forms.CharField(
        label="现在的密码", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    new = forms.CharField(
        label="新密码",
        strip=False,
        help_text="至少 10 个字符；不能是常见密码，不能由单位名称、地名、姓名拼音或键盘顺序加数字组成。",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="再输入一次新密码", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_old(self) -> str:
        """A try like any other."""
        if not AccountAdapter(context.request).reauthenticate(self.user, self.cleaned_data["old"]):
            raise ValidationError("现在的密码不正确。")
        return str(self.cleaned_data["old"])

    def clean_new(self) -> str:
        """Raise what the validators say."""
        password_validation.validate_password(self.cleaned_data["new"], self.user)
        return str(self.cleaned_data["new"])

    def clean(self) -> dict[str, Any]:
        """Both new ones are the same."""
        values = super().clean() or {}
        if "new" in values and "again" in values and values["new"] != values["again"]:
            self.add_error("again", "两次输入的新密码不一致。")
        return values
