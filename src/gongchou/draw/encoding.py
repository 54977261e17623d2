"""One canonical byte form for everything that is hashed (spec section 1).

Parsers here refuse; none of them mends. A lenient parser would let two readers of one file see two different draws.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from gongchou.draw.errors import FormatError

ID = r"[0-9A-Z][0-9A-Z._-]{0,53}"
CODE = r"[a-z][a-z0-9_]{0,53}"
SKILL = r"(?!-(?![a-z0-9_-]))[a-z0-9_-]{1,54}"
HASH = r"[0-9a-f]{64}"
LARGEST = 2**53 - 1
INTEGER = r"(?:0|[1-9][0-9]{0,14})"  # outside JSON
POSITIVE = r"[1-9][0-9]{0,14}"
DEEPEST = 16
LONGEST_DOCUMENT = 1 << 24  # bytes
LATEST = 253402300799  # the end of 9999, seconds since 1970

Document = dict[str, Any]
Hasher = Callable[[bytes], str]

_KEY = re.compile(r"[a-z0-9_]+")
_TIME = re.compile(r"(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})Z", re.ASCII)


def is_id(text: str) -> bool:
    """Tell whether ``text`` is an identifier: upper-case ASCII, 1 to 54 bytes."""
    return re.fullmatch(ID, text) is not None


def is_hash(text: object) -> bool:
    """Tell whether ``text`` is 64 lower-case hex digits."""
    return isinstance(text, str) and re.fullmatch(HASH, text) is not None


def sha256_hex(data: bytes) -> str:
    """SHA-256 as 64 lower-case hex digits."""
    return hashlib.sha256(data).hexdigest()


def hasher(suite: str) -> Hasher:
    """Return the hash ``H`` of a suite, ``sha256`` or ``sm3``, as a function from bytes to 64 hex digits.

    Raises FormatError ``suite_unknown``, or ``suite_missing`` where this Python's OpenSSL has no SM3.
    """
    if suite == "sha256":
        return sha256_hex
    if suite != "sm3":
        raise FormatError("suite_unknown", suite=suite)
    if "sm3" not in hashlib.algorithms_available:
        raise FormatError("suite_missing", suite=suite)
    return lambda data: hashlib.new("sm3", data).hexdigest()


# Documents --------------------------------------------------------------------------------------


def dump_json(value: object) -> bytes:
    """Write a restricted value in the canonical form of RFC 8785 (see spec 1.7 for the restrictions)."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def parse_json(data: bytes, place: str = "") -> Any:
    """Read a canonical document; anything that would not be written back byte for byte is refused.

    Raises FormatError ``json_invalid`` with the reason.
    """
    if len(data) > LONGEST_DOCUMENT:
        raise FormatError("json_invalid", place, reason="too long")
    try:
        value = json.loads(
            data.decode(), object_pairs_hook=_unique_keys, parse_float=_no_number, parse_constant=_no_number
        )
        _check_value(value, DEEPEST)
        canonical = dump_json(value)
    except (ValueError, RecursionError) as error:
        raise FormatError("json_invalid", place, reason=_brief(error)) from error
    if canonical != data:
        raise FormatError("json_invalid", place, reason="not canonical")
    return value


def _brief(error: Exception) -> str:
    return "nested too deep" if isinstance(error, RecursionError) else str(error)[:120]


def _unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key occurs twice")
    return found


def _no_number(text: str) -> None:
    raise ValueError(f"not an integer: {text}")


def _check_value(value: object, depth: int) -> None:
    if depth == 0 and isinstance(value, (dict, list)):
        raise ValueError("nested too deep")
    if isinstance(value, dict):
        for key, item in value.items():
            if not _KEY.fullmatch(key):
                raise ValueError(f"key {key!r}")
            _check_value(item, depth - 1)
    elif isinstance(value, list):
        for item in value:
            _check_value(item, depth - 1)
    elif isinstance(value, str):
        _check_text(value)
    elif isinstance(value, int) and abs(value) > LARGEST:
        raise ValueError("integer too large")


def _check_text(text: str) -> None:
    text.encode()  # a lone surrogate raises UnicodeEncodeError, a ValueError


# Moments ----------------------------------------------------------------------------------------


def parse_time(text: str, place: str = "") -> int:
    """Seconds since 1970 of ``YYYY-MM-DDThh:mm:ssZ``. Raises FormatError ``time_invalid``."""
    found = _TIME.fullmatch(text) if isinstance(text, str) else None
    if not found:
        raise FormatError("time_invalid", place, value=text)
    year, month, day, hour, minute, second = map(int, found.groups())
    exists = year >= 1970 and 1 <= month <= 12 and 1 <= day <= _days_in_month(year, month)
    if not exists or hour > 23 or minute > 59 or second > 59:
        raise FormatError("time_invalid", place, value=text)
    return (_days_before(year, month) + day - 1) * 86400 + hour * 3600 + minute * 60 + second


def format_time(seconds: int) -> str:
    """Write seconds since 1970 as ``YYYY-MM-DDThh:mm:ssZ``."""
    days, rest = divmod(seconds, 86400)
    year = 1970 + days // 366
    while _days_before(year + 1, 1) <= days:
        year += 1
    month = 1
    while month < 12 and _days_before(year, month + 1) <= days:
        month += 1
    day = days - _days_before(year, month) + 1
    return f"{year:04}-{month:02}-{day:02}T{rest // 3600:02}:{rest % 3600 // 60:02}:{rest % 60:02}Z"


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _days_in_month(year: int, month: int) -> int:
    return 29 if month == 2 and _is_leap(year) else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def _days_before(year: int, month: int) -> int:
    """Days from 1970-01-01 to the first of a month. The core may not import a calendar: it has no clock."""
    past = year - 1
    days = past * 365 + past // 4 - past // 100 + past // 400 - 719162
    return days + sum(_days_in_month(year, earlier) for earlier in range(1, month))


# Text forms of bytes ----------------------------------------------------------------------------


def encode_base64(data: bytes) -> str:
    """Standard base64 with padding."""
    return base64.b64encode(data).decode()


def decode_base64(text: str, place: str = "") -> bytes:
    """Decode canonical base64 only: stray bits or characters would give one value two spellings."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise FormatError("base64_invalid", place) from error
    if encode_base64(data) != text:
        raise FormatError("base64_invalid", place)
    return data


def encode_base32(data: bytes) -> str:
    """Upper-case base32 without padding."""
    return base64.b32encode(data).decode().rstrip("=")
