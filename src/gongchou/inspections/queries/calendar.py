"""Which days are worked: by the notices that were entered here, else by the library that collects them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache

import chinese_calendar
from chinese_calendar.constants import holidays, workdays

from gongchou.inspections.models import CalendarYear

FIRST, LAST = min(holidays).year, max(holidays).year


def year_reader() -> Callable[[int], dict[date, bool] | None]:
    """For ``workdays``: each year is looked up once, for as long as the reader is kept."""
    return cache(days_of)


def days_of(year: int) -> dict[date, bool] | None:
    """The days of a year that are not as the week has them; None where neither knows it."""
    row = notice_of(year)
    if row is not None:
        return {date.fromisoformat(day): is_worked for day, is_worked in row.days.items()}
    return _collected(year)


def notice_of(year: int) -> CalendarYear | None:
    """The newest notice of a year."""
    return CalendarYear.objects.filter(year=year).order_by("-number").first()


@cache
def _collected(year: int) -> dict[date, bool] | None:
    if not FIRST <= year <= LAST:
        return None
    off = {day: False for day in holidays if day.year == year}
    return off | {day: True for day in workdays if day.year == year}


def source_of(year: int) -> str:
    """Where the days of a year come from, in words."""
    row = notice_of(year)
    if row is not None:
        return row.source
    if _collected(year) is not None:
        return f"chinesecalendar {chinese_calendar.__version__}"
    return "尚未公布，只按周末推算（暂定）"
