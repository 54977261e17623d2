"""Deadlines in working days (R-88): weekends and holidays are passed over, make-up days count.

What days are is handed in; where nobody has said it yet, weekends alone are known and the answer is provisional.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

Year = Callable[[int], "dict[date, bool] | None"]
"""A year -> its days that are not as the week has them: day -> whether it is worked; None where nobody knows yet."""


@dataclass(frozen=True)
class Due:
    """The last day of a deadline. is_provisional (暂定): the holidays of a year on the way are not published yet"""

    on: date
    is_provisional: bool = False

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d}{'（暂定）' if self.is_provisional else ''}"


def add_workdays(start: date, n: int, year: Year) -> Due:
    """The n-th working day after ``start``, which is not counted itself. n: at least 0."""
    day, is_provisional = start, False
    while n > 0:
        day += timedelta(days=1)
        known = year(day.year)
        is_provisional = is_provisional or known is None
        n -= (known or {}).get(day, day.weekday() < 5)
    return Due(day, is_provisional)


def count_workdays(start: date, end: date, year: Year) -> int:
    """How many working days lie after ``start`` up to ``end``; below zero the other way round."""
    if end < start:
        return -count_workdays(end, start, year)
    days = (start + timedelta(days=at) for at in range(1, (end - start).days + 1))
    return sum((year(day.year) or {}).get(day, day.weekday() < 5) for day in days)
