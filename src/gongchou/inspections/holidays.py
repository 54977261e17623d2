"""A notice of holidays, read from the words it is written in.

One arrangement a line: ``2027-01-01 至 2027-01-03 放假 元旦``, ``2027-02-20 上班``; 1月1日 is read as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from gongchou.refusal import Refused

_DAY = r"(?:\d{4}[-年./])?(\d{1,2})[-月./](\d{1,2})日?"
_LINE = re.compile(rf"{_DAY}(?:\s*(?:至|到|~|～|—|-)+\s*{_DAY})?\s*(放假|休息|休|调休|上班|班)\s*(.*)")
MOST_DAYS = 15  # of one arrangement: the longest so far had eight


def read_notice(year: int, text: str) -> dict[date, bool]:
    """Day -> whether it is worked. Raises Refused ``inspections.holiday_line``, ``inspections.holiday_twice``."""
    found: dict[date, bool] = {}
    lines = [line.strip() for line in text.splitlines()]
    for number, line in enumerate(lines, 1):
        for day, is_worked in _arranged(year, line, number) if line else ():
            if found.setdefault(day, is_worked) != is_worked:
                raise Refused("inspections.holiday_twice", line=number, day=f"{day:%Y-%m-%d}")
    if not found:
        raise Refused("inspections.holiday_nothing", year=year)
    return found


def _arranged(year: int, line: str, number: int) -> Iterator[tuple[date, bool]]:
    told = _LINE.fullmatch(line)
    try:
        if told is None:
            raise ValueError(line)
        first = date(year, int(told[1]), int(told[2]))
        last = date(year, int(told[3]), int(told[4])) if told[3] else first
        if not 0 <= (last - first).days < MOST_DAYS:
            raise ValueError(line)
    except ValueError:
        raise Refused("inspections.holiday_line", line=number, text=line[:40]) from None
    for at in range((last - first).days + 1):
        yield first + timedelta(days=at), told[5] in ("上班", "班")
