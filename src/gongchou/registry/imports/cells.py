"""One cell into one value, or why not.

Values are texts as both databases take them: dates as 2024-01-05, ids as 32 hex digits, None for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from gongchou.draw.encoding import is_id
from gongchou.draw.register import RowRefused, read_id
from gongchou.registry.models.subjects import FOREVER
from gongchou.registry.rules.identity import is_credit_code, is_identity_number, masked_identity, one_spelling
from gongchou.sheets.writing import plain_text

Value = str | bool | None
Parse = Callable[[str], Value]

EMPTY = frozenset({"", "N/A", "n/a", "#N/A", "NULL", "null", "\\N", "-", "--", "—", "——", "/"})
LONGEST_NUMBER = 40


class CellRefused(Exception):  # noqa: N818 -- the word of the office
    """A cell that cannot be used: a code of ``sentences.imports`` and its facts; ``field`` where another is meant."""

    def __init__(self, code: str, field: str = "", **facts: object) -> None:
        super().__init__(code, facts)
        self.code, self.field, self.facts = f"registry.cell_{code}", field, facts


class Memo(dict[str, Value]):
    """A parser that remembers: columns such as region, kind or date hold few different texts."""

    MOST = 50_000

    def __init__(self, parse: Parse) -> None:
        super().__init__()
        self.parse = parse

    def __missing__(self, text: str) -> Value:
        if len(self) >= self.MOST:
            self.clear()
        value = self[text] = self.parse(text)
        return value


# Text -------------------------------------------------------------------------------------------

_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_QUOTED = re.compile(r"\s*=\"([^\"]*)\"\s*")
_BREAKS = re.compile(r"[\t\r\n\v\f\x85\u2028\u2029]+")
# What has no place in a register: control characters, lone surrogates, marks that turn the direction of writing.
_HARMFUL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def tidy(text: str, *, keeps_lines: bool = False) -> str:
    """Text without what nobody sees: blanks around it, zero-width characters, the apostrophe of our own exports.

    ="9199…" is how some programs keep a code a text in a .csv, and is that text. Raises CellRefused ``harmful``.
    """
    text = _unquoted(plain_text(text)).translate(_UNSEEN)
    if _HARMFUL.search(text):
        raise CellRefused("harmful")
    text = text.replace("\r\n", "\n").replace("\r", "\n") if keeps_lines else _BREAKS.sub(" ", text)
    return text.strip()


def check_no_formula(text: str) -> None:
    """Raises CellRefused ``formula`` for what a spreadsheet has yet to work out: a .csv may hold no result of it."""
    if text.lstrip().startswith("=") and not _QUOTED.fullmatch(text):
        raise CellRefused("formula", value=text.strip()[:40])


def _unquoted(text: str) -> str:
    found = _QUOTED.fullmatch(text) if "=" in text else None
    return found[1] if found else text


def words(most: int) -> Parse:
    """A text of at most so many characters."""

    def parse(text: str) -> Value:
        if text in EMPTY:
            return ""
        if len(text) > most:
            raise CellRefused("long", most=most, count=len(text))
        return text

    return parse


def long_text(text: str) -> Value:
    """A text of any length."""
    return "" if text in EMPTY else text


def needed(parse: Parse) -> Parse:
    """The same, but never empty."""

    def parse_needed(text: str) -> Value:
        value = parse(text)
        if value in ("", None):
            raise CellRefused("empty")
        return value

    return parse_needed


def one_of(choices: Iterable[tuple[str, str]], synonyms: dict[str, str]) -> Parse:
    """One of the choices of a field, by its code, its name or another word for it; empty stays empty."""
    known = {label: code for code, label in choices}
    table = {**{code: code for code in known.values()}, **known, **synonyms}

    def parse(text: str) -> Value:
        if text in EMPTY:
            return ""
        found = table.get(text) or table.get(re.sub(r"[（(].*?[）)]", "", text).strip())
        if found is None:
            raise CellRefused("word", value=text[:40], words="、".join(known))
        return found

    return parse


def yes_no(text: str) -> Value:
    """是 or 否, as people write it; empty is no."""
    if text in ("是", "有", "需要", "Y", "y", "1", "TRUE", "true", "√"):
        return True
    if text in EMPTY or text in ("否", "无", "不需要", "N", "n", "0", "FALSE", "false", "×"):
        return False
    raise CellRefused("yes_no", value=text[:40])


# Days -------------------------------------------------------------------------------------------

_DAY = re.compile(r"(\d{4})\s*[-/.．。年]\s*(\d{1,2})\s*[-/.．。月]\s*(\d{1,2})\s*日?(?:[T\s]\s*\d{1,2}[:：]\d{2}.*)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"([1-7]\d{4})(?:\.\d+)?")  # days since 1899-12-30: from 1927 to 2119, so that no year looks so
_SERIAL_ZERO = date(1899, 12, 30)
_WITHOUT_END = frozenset({"长期", "长期有效", "永久", "永久有效", "无固定期限", "无期限"})


def day(text: str) -> Value:
    """A date as people and spreadsheets write it: 2024-01-05, 2024/1/5, 2024.1.5, 2024年1月5日, 20240105, 45296."""
    if text in EMPTY:
        return None
    found = _DAY.fullmatch(text) or _COMPACT.fullmatch(text)
    serial = _SERIAL.fullmatch(text)
    try:
        read = date(*map(int, found.groups())) if found else None
    except ValueError as error:
        raise CellRefused("day_unreal", value=text[:40]) from error
    if read is None and serial:
        read = _SERIAL_ZERO + timedelta(days=int(serial[1]))
    if read is None or not (1800 <= read.year <= 2200 or read.isoformat() == FOREVER):
        raise CellRefused("day", value=text[:40])
    return read.isoformat()


def day_by(last: date) -> Parse:
    """A day that has come by a given one."""

    def parse(text: str) -> Value:
        read = day(text)
        if read and str(read) > last.isoformat():
            raise CellRefused("day_ahead", value=text[:40])
        return read

    return parse


def day_or_forever(text: str) -> Value:
    """A day, or 长期 for a paper without an end."""
    return FOREVER if text in _WITHOUT_END else day(text)


def degrees(most: int) -> Parse:
    """A longitude or latitude in degrees, kept to six places."""

    def parse(text: str) -> Value:
        if text in EMPTY:
            return None
        if not re.fullmatch(r"[+-]?\d{1,3}(\.\d+)?", text) or abs(float(text)) > most:
            raise CellRefused("degrees", value=text[:40], most=most)
        return f"{float(text):.6f}"

    return parse


# Numbers ----------------------------------------------------------------------------------------


def number(text: str) -> Value:
    """A credit code; an old 15-digit number, which becomes ``REG-…``; or the number of another register.

    Blanks and a leading apostrophe are how exports keep a code a text; all else that is wrong is refused, not mended.
    """
    if is_credit_code(text):
        return text
    text = text.lstrip("'‘’`").strip()
    if text in EMPTY:
        return ""
    try:
        return read_id(text, "REG")
    except RowRefused as refused:
        if refused.reason == "id_shape" and len(text) != 18 and len(text) <= LONGEST_NUMBER and is_id(text):
            return text
        raise CellRefused(refused.reason, value=text[:40]) from refused


def plain_number(text: str) -> Value:
    """The number of a person or a paper: letters, digits and marks; never one that a spreadsheet has rounded."""
    text = text.lstrip("'‘’`").strip()
    if text in EMPTY:
        return ""
    if re.fullmatch(r"\d(\.\d+)?[eE]\+?\d{1,2}", text):
        raise CellRefused("id_float", value=text[:40])
    if len(text) > LONGEST_NUMBER:
        raise CellRefused("long", most=LONGEST_NUMBER, count=len(text))
    return text


def card_number(text: str) -> Value:
    """The number of a certificate, spelled as forms spell it: so that one card does not stand twice."""
    return one_spelling(str(plain_number(text)))


def masked_id(text: str) -> Value:
    """An identity number, of which only the first three and the last two characters are kept."""
    text = one_spelling(text.lstrip("'"))
    if text in EMPTY:
        return ""
    if re.fullmatch(r"\d(\.\d+)?E\+?\d{1,2}", text):
        raise CellRefused("id_float", value="")
    if not re.fullmatch(r"\d{17}[\dX]|\d{15}|\d{3}\*{10,13}[\dX]{2}", text):
        raise CellRefused("identity")
    return masked_identity(text)


def identity_number(text: str) -> Value:
    """The same, where a whole number has to be a possible one, as in forms; a masked one has been asked before."""
    hidden = masked_id(text)
    whole = one_spelling(text.lstrip("'"))
    if hidden and hidden != whole and not is_identity_number(whole):
        raise CellRefused("identity_check")
    return hidden


def key_text(text: str) -> str:
    """A key as it is compared inside a file, before anybody has checked it; "" where a cell holds none."""
    own = text if text.isalnum() else _unquoted(plain_text(text)).translate(_UNSEEN).strip().lstrip("'‘’`").strip()
    return "" if own in EMPTY else own


def key_number(text: str) -> str:
    """The same for what ``number`` reads: an old number and its new spelling are one."""
    own = key_text(text)
    return f"REG-{own}" if len(own) == 15 and own.isascii() and own.isdigit() else own


def key_card(text: str) -> str:
    """The same for what ``card_number`` reads."""
    return one_spelling(key_text(text))


def stored_value(value: Any) -> Any:
    """A value of a row that is there, as it is written back."""
    return value if value is None or isinstance(value, bool) else told_value(value)


def told_value(value: Any) -> str:
    """A value of a row that is there, as texts are compared here."""
    if value is None:
        return ""
    return value.hex if hasattr(value, "hex") and hasattr(value, "bytes") else str(value)
