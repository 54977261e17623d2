"""Deadlines in working days."""

from __future__ import annotations

from datetime import date

import pytest

from gongchou.workdays import Due, add_workdays, count_workdays

SPRING = {date(2026, 2, day): False for day in range(16, 24)} | {date(2026, 2, 14): True, date(2026, 2, 28): True}


def year(asked: int) -> dict[date, bool] | None:
    return SPRING if asked == 2026 else None


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        (date(2026, 3, 6), 0, Due(date(2026, 3, 6))),
        (date(2026, 3, 6), 1, Due(date(2026, 3, 9))),
        (date(2026, 2, 13), 1, Due(date(2026, 2, 14))),  # a Saturday that is worked
        (date(2026, 2, 13), 2, Due(date(2026, 2, 24))),
        (date(2026, 12, 31), 1, Due(date(2027, 1, 1), is_provisional=True)),
    ],
)
def test_weekends_and_holidays_are_passed_over_and_make_up_days_count(start: date, n: int, due: Due) -> None:
    assert add_workdays(start, n, year) == due


def test_counting_is_adding_backwards() -> None:
    assert count_workdays(date(2026, 2, 13), date(2026, 2, 24), year) == 2
    assert count_workdays(date(2026, 2, 24), date(2026, 2, 13), year) == -2


def test_a_provisional_day_says_so() -> None:
    assert str(Due(date(2027, 1, 4), is_provisional=True)) == "2027-01-04（暂定）"
