"""Numbers of people: what is a whole one, and what of it may be kept. Pure."""

from __future__ import annotations

import re
from datetime import date

from gongchou.draw.register import RowRefused, read_id

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_WIDE = str.maketrans("０１２３４５６７８９ＸｘＡＢ－　", "0123456789XXAB- ")


def plain_number(text: str) -> str:
    """Digits and letters in one spelling: half width, capital, without blanks and hyphens."""
    return re.sub(r"[\s\-]", "", text.translate(_WIDE)).upper()


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


def is_masked_identity(text: str) -> bool:
    """Tell whether it is what ``masked_identity`` gives, as a file that was exported here holds it."""
    return re.fullmatch(r"[1-9]\d\d\*{13}\d[\dX]", text, re.ASCII) is not None


def is_mobile_number(number: str) -> bool:
    """Tell whether it is a mobile number of the mainland."""
    return re.fullmatch(r"1[3-9]\d{9}", number, re.ASCII) is not None


def is_credit_code(code: str) -> bool:
    """Tell whether it is an 18-character credit code with the right check character (GB 32100-2015)."""
    try:
        return len(code) == 18 and bool(read_id(code, "USCC"))
    except RowRefused:
        return False
