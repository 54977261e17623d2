"""Numbers of people: what is a whole one, and what of it may be kept. Pure."""

from __future__ import annotations

import re
from datetime import date
from operator import mul
from unicodedata import normalize

from gongchou.draw.register import USCC_ALPHABET

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_WORTH = {character: worth for worth, character in enumerate(USCC_ALPHABET)}
_CODE_WEIGHTS = (*(pow(3, place, 31) for place in range(17)), 1)  # with its check character a sum is a multiple of 31


def one_spelling(text: str) -> str:
    """Digits and letters in one spelling: half width, capital, without blanks and hyphens."""
    return re.sub(r"[\s\-]", "", normalize("NFKC", text)).upper()


def is_identity_number(number: str) -> bool:
    """Tell whether an 18-place identity number has a possible birthday and the right check digit (GB 11643-1999)."""
    if not re.fullmatch(r"[1-9]\d{16}[\dX]", number, re.ASCII):
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False))
    return _CHECKS[total % 11] == number[17]


def masked_identity(number: str) -> str:
    """All but the first three and last two characters as ``*``; this is all that is ever kept."""
    return f"{number[:3]}{'*' * (len(number) - 5)}{number[-2:]}"


def is_mobile_number(number: str) -> bool:
    """Tell whether it is a mobile number of the mainland."""
    return re.fullmatch(r"1[3-9]\d{9}", number, re.ASCII) is not None


def is_credit_code(code: str) -> bool:
    """Tell whether it is an 18-character credit code with the right check character (GB 32100-2015)."""
    if len(code) != 18:
        return False
    try:
        return bool(sum(map(mul, map(_WORTH.__getitem__, code), _CODE_WEIGHTS)) % 31 == 0)
    except KeyError:
        return False
