"""What the codes of this room's facts are called where people read the log."""

from __future__ import annotations

from gongchou.accounts.roles import DUTY_WORDS

_FACTORS = {"totp": "验证器", "recovery_codes": "恢复码", "webauthn": "安全密钥"}

CODES: dict[str, dict[str, str]] = {
    "cause": {"asked": "本人退出", "idle": "长时间未操作", "age": "超过最长登录时间"},
    "duty": {duty.value: words for duty, words in DUTY_WORDS.items()},
    "factors": {"password": "密码", "mfa": "双因素验证", **_FACTORS},
    "kind": _FACTORS,
    "kinds": _FACTORS,
    "what": {"password": "密码连续错误", "code": "验证码连续错误"},
}
