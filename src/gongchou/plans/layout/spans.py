"""时间安排 as officials write it: 3—6月, 全年, 上半年, 9月, 2026年3月-11月; into a first and a last day."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from gongchou.registry.ratio.amount import tidy

Span = tuple[date, date]
_HALVES = {"全年": (1, 12), "上半年": (1, 6), "下半年": (7, 12)}
_QUARTERS = {word: (3 * at + 1, 3 * at + 3) for at, words in enumerate(("一1", "二2", "三3", "四4")) for word in words}
_DASH = "[-~–—―至到]+"
_WHEN = r"(?:(?P<{0}year>\d{{4}})[年./-])?(?P<{0}month>\d{{1,2}})月?(?:份|底|末)?(?:(?P<{0}day>\d{{1,2}})[日号])?"
_BETWEEN = re.compile(f"{_WHEN.format('from_')}{_DASH}{_WHEN.format('to_')}")
_ONE = re.compile(r"(?:(?P<from_year>\d{4})[年./-])?(?P<from_month>\d{1,2})月份?")
_QUARTER = re.compile(f"第?([一二三四1-4])(?:季度)?(?:{_DASH}第?([一二三四1-4]))?季度")


def read_span(text: str, year: int) -> Span | None:
    """The first and the last day of a stretch of the year; None for all that is not plainly one."""
    said = re.sub(f"^{year}年度?(?=[全上下第一二三四])", "", tidy(text).strip("。;"))
    months = _HALVES.get(said) or _quarters(said)
    if months:
        return _days(year, *months)
    found = _BETWEEN.fullmatch(said) or _ONE.fullmatch(said)
    try:
        return _found(found.groupdict(), year) if found and "月" in said + "月" * ("." in said) else None
    except ValueError:
        return None


def _quarters(said: str) -> tuple[int, int] | None:
    found = _QUARTER.fullmatch(said)
    if found is None:
        return None
    return _QUARTERS[found[1]][0], _QUARTERS[found[2] or found[1]][1]


def _days(year: int, first: int, last: int) -> Span:
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def _found(told: dict[str, str | None], year: int) -> Span | None:
    """Only within the year of the plan and forwards; another year is for a person to look at."""
    years = {told.get("from_year"), told.get("to_year")} - {None}
    first = int(told["from_month"] or 0)
    last = int(told.get("to_month") or first)
    begins, ends = _days(year, first, last) if 0 < first <= 12 and 0 < last <= 12 else (None, None)
    if years - {str(year)} or begins is None or ends is None:
        return None
    begins = begins.replace(day=int(told.get("from_day") or 1))
    ends = ends.replace(day=int(told.get("to_day") or ends.day))
    return (begins, ends) if begins <= ends else None
