"""What expressions of forms reckon with: texts, truths, and numbers of six decimal places (spec/forms.md section 2).

A number is an int that counts millionths, so that every language gets the same; what is no number is None.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

Number = int | None
Value = str | bool | int | None

SCALE: Final = 10**6
LIMIT: Final = 10**15 * SCALE  # no number is as large as this
SPACES: Final = " \t\n\r\u3000"
_DECIMAL = re.compile(r"(-?)([0-9]{1,15})(?:\.([0-9]{1,6}))?")
_DATE = re.compile(r"([1-9][0-9]{3})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_EPOCH = date(1970, 1, 1).toordinal()


def number_of(value: Value) -> Number:
    """A truth is 1 or 0; a text is the decimal, the date (days since 1970) or the time (minutes) that it writes."""
    if isinstance(value, bool):
        return SCALE if value else 0
    return _number_in(value.strip(SPACES)) if isinstance(value, str) else value


def _number_in(text: str) -> Number:
    if found := _DECIMAL.fullmatch(text):
        sign, whole, part = found.groups("")
        return (int(whole) * SCALE + int(part.ljust(6, "0"))) * (-1 if sign else 1)
    if found := _TIME.fullmatch(text):
        return (int(found[1]) * 60 + int(found[2])) * SCALE
    days = days_of(text)
    return None if days is None else days * SCALE


def days_of(text: str) -> int | None:
    """Days since 1970-01-01 of a date that exists, years 1000 to 9999."""
    found = _DATE.fullmatch(text)
    try:
        return date(*map(int, found.groups())).toordinal() - _EPOCH if found else None
    except ValueError:
        return None


def is_time(text: str) -> bool:
    """Whether this is ``HH:MM``."""
    return _TIME.fullmatch(text) is not None


def text_of(value: Value) -> str:
    """As it is shown and kept: no zeros at the end, no exponent, nothing for what is no number."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or isinstance(value, str):
        return value or ""
    whole, part = divmod(abs(value), SCALE)
    digits = f".{part:06}".rstrip("0").rstrip(".")
    return f"{'-' if value < 0 else ''}{whole}{digits}"


def truth_of(value: Value) -> bool:
    """An empty text, zero and what is no number are false."""
    return bool(value)


def negated(value: Value) -> Number:
    """The number with the other sign."""
    number = number_of(value)
    return None if number is None else -number


def reckoned(sign: str, left: Value, right: Value) -> Number:
    """One of ``+ - * div mod``; no number if a side is none, if divided by zero, or if too large."""
    a, b = number_of(left), number_of(right)
    if a is None or b is None or (b == 0 and sign in ("div", "mod")):
        return None
    match sign:
        case "+":
            found = a + b
        case "-":
            found = a - b
        case "*":
            found = _rounded(a * b, SCALE)
        case "div":
            found = _rounded(a * SCALE, b)
        case _:
            found = abs(a) % abs(b) * (-1 if a < 0 else 1)
    return found if abs(found) < LIMIT else None


def _rounded(above: int, below: int) -> int:
    """Half away from zero."""
    size = (2 * abs(above) + abs(below)) // (2 * abs(below))
    return size if (above < 0) == (below < 0) else -size


def is_equal(left: Value, right: Value) -> bool:
    """As truths if a side is one, else as numbers if a side is one, else as texts; no number equals nothing."""
    if isinstance(left, bool) or isinstance(right, bool):
        return truth_of(left) == truth_of(right)
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    a, b = number_of(left), number_of(right)
    return a is not None and a == b


def is_before(sign: str, left: Value, right: Value) -> bool:
    """One of ``< <= > >=``, always as numbers; false if a side is none."""
    a, b = number_of(left), number_of(right)
    if a is None or b is None:
        return False
    return {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[sign]


def codes_in(value: Value) -> list[str]:
    """The codes of what was picked: the words of a text between blanks."""
    return [one for one in text_of(value).split(" ") if one]
