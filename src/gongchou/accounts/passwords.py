"""Passwords that many would guess, and passwords that nobody chose."""

from __future__ import annotations

import re
import secrets

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError

from gongchou.accounts.models import User

# What people in this office type first: the platform, its trade, its places, walks over the keyboard.
WORDS = frozenset(
    """
    gongchou shuangsuiji suiji chouqu choucha jiancha jianguan shichang scjg scjgj sjj zhifa gongan xiaofang
    guanliyuan guanli admin administrator root user guest test demo password passwd mima woaini nihao zhongguo china
    qwerty qwertyuiop asdf asdfgh asdfghjkl zxcv zxcvbn zxcvbnm qaz wsx edc qazwsx iloveyou welcome abc abcd abcdef
    公抽 双随机 管理员 密码 市场监管
    """.split()  # noqa: SIM905 -- a list of words is read as words
)
_SIMILAR = str.maketrans("013457@$!", "oieastasi")
_FEWEST_LETTERS = 4  # that must be left when the known words are taken out
_FEWEST_DIFFERENT = 5
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else on paper


class MinimumLength(MinimumLengthValidator):
    """Django's, whose sentence has no Chinese yet."""

    def get_error_message(self) -> str:
        """What is wrong."""
        return f"密码太短，至少需要 {self.min_length} 个字符。"

    def get_help_text(self) -> str:
        """What is asked for."""
        return f"至少 {self.min_length} 个字符。"


class OrganisationWords:
    """Refuse what is made of words of this office, of its place or of its owner, with some digits behind."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError with a sentence."""
        if len(set(password)) < _FEWEST_DIFFERENT:
            raise ValidationError("密码重复的字符太多，请换一个。", code="password_repeats")
        words = WORDS | (_words_about(user) if user is not None and user.department_id else frozenset())
        if any(_is_made_of(plain, words) for plain in _readings(password)):
            raise ValidationError(
                "密码由单位、地名、姓名或键盘顺序等容易猜到的词组成，请换一个。", code="password_words"
            )

    def get_help_text(self) -> str:
        """What is asked for."""
        return "不能由单位名称、地名、姓名拼音或键盘顺序加数字组成。"


def make_one_time_password() -> str:
    """Twelve characters in three groups, easy to read out: 59 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))


def _words_about(user: User) -> frozenset[str]:
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 -- 50 MB of phrases, for a worker that sees a new password

    department = user.department
    names = [user.name, department.name, department.short_name, department.region.name]
    told = {user.username.lower(), department.code.lower(), *(name.lower() for name in names)}
    for name in names:
        told |= {"".join(lazy_pinyin(name)), "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))}
        told |= {"".join(lazy_pinyin(part)) for part in (name[:2], name[:1], name[1:]) if part}
    return frozenset(word for word in told if word)


def _readings(password: str) -> list[str]:
    lower = password.lower()
    return [_letters(lower), _letters(lower.translate(_SIMILAR))]


def _letters(text: str) -> str:
    return re.sub(r"[\W\d_]+", "", text)


def _is_made_of(plain: str, words: frozenset[str]) -> bool:
    left = plain
    for word in sorted(filter(None, map(_letters, words)), key=len, reverse=True):
        left = left.replace(word, "")
    return left != plain and len(left) < _FEWEST_LETTERS
