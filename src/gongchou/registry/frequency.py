"""抽查频次 as a rule with two parts: how often a series of tasks is run, and how often one subject may be visited.

Source: domain.md 2.2; written like ``ratio``, and as strict.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor
from typing import Any

from gongchou.refusal import Refused
from gongchou.registry.ratio.amount import AFTER, BEFORE, bounds, tidy
from gongchou.registry.ratio.kinds import By, check_name, check_rows, key_name
from gongchou.registry.ratio.stored import each, take, whole

MOST_TIMES = 366
AS_NEEDED = "根据实际情况确定"
_AS_NEEDED = {AS_NEEDED, "根据实际情况", "根据需要", "按实际情况确定", "按需", "视情况确定"}
_COUNT = f"(?P<mark>{BEFORE})?(?P<low>\\d{{1,3}})(?:-(?P<high>\\d{{1,3}}))?次(?P<after>{AFTER})?"
_SPAN = "(?P<every>\\d{0,2})(?P<period>年|半年|季度|月|周)"
_FORMS = (re.compile(f"每?{_SPAN}{_COUNT}"), re.compile(f"{_COUNT}/{_SPAN}"))
_NUMERAL = re.compile("[一二两三四五六七八九十]+")
_DIGITS = {word: number for number, word in enumerate("一二三四五六七八九", start=1)} | {"两": 2}
_WAYS_TO_SAY = (  # as officials type it -> as it is read
    ("(?:同1)?年度内?|同1年内?|(?<=\\d)年内", "年"),
    ("季(?!度)", "季度"),
    ("1?个(?=季|月)", ""),
)
_WHOM = re.compile("^(?:对)?同一(?:检查对象|检查主体|单位|企业|对象|主体|经营者|市场主体)")


class Period(StrEnum):
    """A stretch of the calendar."""

    YEAR = "年"
    HALF_YEAR = "半年"
    QUARTER = "季度"
    MONTH = "月"
    WEEK = "周"


_A_YEAR = {Period.YEAR: 1, Period.HALF_YEAR: 2, Period.QUARTER: 4, Period.MONTH: 12, Period.WEEK: 52}


@dataclass(frozen=True)
class Times:
    """So often in so long: exact (least = most), a floor, a ceiling or a range.

    every: how many periods together (每2年)
    is_under: the ceiling itself is not reached any more
    """

    least: int | None = None
    most: int | None = None
    every: int = 1
    period: Period = Period.YEAR
    is_under: bool = False

    def __post_init__(self) -> None:
        given = [value for value in (self.least, self.most) if value is not None]
        is_odd = not given or given != sorted(given) or not all(0 < value <= MOST_TIMES for value in given)
        if is_odd or not 0 < self.every < 100 or (self.is_under and self.least is not None):
            raise Refused("registry.times_text", text=f"{self.least or ''}-{self.most or ''}次/{self.period}")

    @property
    def years(self) -> Fraction:
        """How long the stretch is."""
        return Fraction(self.every, _A_YEAR[self.period])

    def is_within(self, other: Times) -> bool:
        """Tell whether whoever keeps to this keeps to the other as well, in each stretch of the other."""
        n_stretches = other.years / self.years
        if other.least is not None and (self.least or 0) * floor(n_stretches) < other.least:
            return False
        if other.most is None:
            return True
        if self.most is None:
            return False
        return (self.most - self.is_under) * ceil(n_stretches) <= other.most - other.is_under

    def __str__(self) -> str:
        head = f"每{self.every if self.every > 1 else ''}{self.period}"
        if self.least is None:
            return f"{head}{'少于' if self.is_under else '不超过'}{self.most}次"
        if self.most is None:
            return f"{head}不少于{self.least}次"
        return f"{head}{self.least}次" if self.least == self.most else f"{head}{self.least}-{self.most}次"


def read_times(text: str) -> Times:
    """Read 每年不少于1次, 1次/年, ≥2次/年, 每2年不超过1次, 两年一次. Raises Refused ``registry.times_text``."""
    said = _plainly(text)
    found = next((found for form in _FORMS if (found := form.fullmatch(said))), None)
    if found is None or bool(found["high"]) + bool(found["mark"]) + bool(found["after"]) > 1:
        raise Refused("registry.times_text", text=text.strip())
    high = int(found["high"]) if found["high"] else None
    least, most, is_under = bounds(found["mark"] or found["after"], int(found["low"]), high)
    return Times(least, most, int(found["every"] or 1), Period(found["period"]), is_under)


def read_visits(text: str) -> Times:
    """The same about one subject: 同一单位同一年度不超过2次."""
    return read_times(_WHOM.sub("", tidy(text)))


def read_times_or_none(text: str) -> Times | None:
    """The same, or None for 按需 and 根据实际情况确定."""
    return None if tidy(text) in _AS_NEEDED else read_times(text)


def _plainly(text: str) -> str:
    said = tidy(_NUMERAL.sub(_digits, text))
    for typed, read in _WAYS_TO_SAY:
        said = re.sub(typed, read, said)
    return said


def _digits(found: re.Match[str]) -> str:
    """二 -> 2, 十二 -> 12, 二十 -> 20."""
    tens, has_tens, ones = found[0].rpartition("十")
    return str((_DIGITS.get(tens, 1) * 10 if has_tens else 0) + _DIGITS.get(ones, 0))


@dataclass(frozen=True)
class TimesRow:
    """How often, for some; None is 根据实际情况确定."""

    key: str
    times: Times | None

    def __post_init__(self) -> None:
        check_name(self.key)

    @property
    def words(self) -> str:
        """How often, in words."""
        return str(self.times or AS_NEEDED)

    def __str__(self) -> str:
        return f"{key_name(self.key)}{self.words}"


@dataclass(frozen=True)
class TimesTable:
    """How often at each level, for each grade or group."""

    by: By
    rows: tuple[TimesRow, ...]

    def __post_init__(self) -> None:
        check_rows(self.by, [row.key for row in self.rows])


Series = Times | TimesTable | None


@dataclass(frozen=True)
class Frequency:
    """series: how often tasks are run; subject: how often one subject is visited; neither is 根据实际情况确定."""

    series: Series = None
    subject: Times | None = None


def sentence(rule: Frequency) -> str:
    """The expression officials write."""
    said: list[object] = list(rule.series.rows) if isinstance(rule.series, TimesTable) else [rule.series or ""]
    said.append(f"同一检查对象{rule.subject}" if rule.subject else "")
    return "；".join(str(one) for one in said if str(one)) or AS_NEEDED


def is_within(own: Frequency, upper: Frequency, level: str) -> bool:
    """Tell whether a lower unit's rule loosens nothing: no fewer tasks, no more visits to one subject.

    level: of the lower unit, which picks its row in a table by level
    """
    has_looser_visits = upper.subject and not (own.subject and own.subject.is_within(upper.subject))
    return not has_looser_visits and _series_is_within(own.series, upper.series, level)


def _series_is_within(own: Series, upper: Series, level: str) -> bool:
    if isinstance(upper, TimesTable) and isinstance(own, TimesTable) and own.by == upper.by:
        allowed = {row.key: row.times for row in upper.rows}
        return all(row.key in allowed and _row_is_within(row.times, allowed[row.key]) for row in own.rows)
    return all(_row_is_within(one, bound) for one in _all_times(own) for bound in _all_times(upper, level))


def _all_times(series: Series, level: str = "") -> list[Times | None]:
    if not isinstance(series, TimesTable):
        return [series]
    return [row.times for row in series.rows if not level or series.by != By.LEVEL or row.key == level]


def _row_is_within(own: Times | None, upper: Times | None) -> bool:
    """A plain number of tasks (每年1次) is meant as the least: whoever runs more keeps to it."""
    if upper is None:
        return True
    bound = replace(upper, most=None) if upper.least == upper.most else upper
    return own is not None and own.is_within(bound)


def frequency_to_json(rule: Frequency) -> dict[str, Any]:
    """The rule as it is stored."""
    series: dict[str, Any] | None = None
    if isinstance(rule.series, TimesTable):
        rows = [{"key": row.key, "times": row.times and _times_json(row.times)} for row in rule.series.rows]
        series = {"by": str(rule.series.by), "rows": rows}
    elif rule.series:
        series = _times_json(rule.series)
    return {"series": series, "subject": _times_json(rule.subject) if rule.subject else None}


def _times_json(times: Times) -> dict[str, Any]:
    told = {"every": times.every, "period": str(times.period), "is_under": times.is_under}
    return {"least": times.least, "most": times.most, **told}


def frequency_from_json(data: object) -> Frequency:
    """Read what was stored; nothing missing, nothing unknown. Raises Refused ``registry.ratio_stored``."""
    series, subject = take(data, "series", "subject")
    return Frequency(_read_series(series), None if subject is None else _read_times(subject))


def _read_series(data: object) -> Times | TimesTable | None:
    if data is None:
        return None
    if not isinstance(data, dict) or "rows" not in data:
        return _read_times(data)
    by, rows = take(data, "by", "rows")
    if by not in tuple(By):
        raise Refused("registry.ratio_stored", where="by")
    return TimesTable(By(by), tuple(_read_row(row) for row in each(rows)))


def _read_row(data: object) -> TimesRow:
    key, times = take(data, "key", "times")
    if not isinstance(key, str):
        raise Refused("registry.ratio_stored", where="key")
    return TimesRow(key, None if times is None else _read_times(times))


def _read_times(data: object) -> Times:
    least, most, every, period, is_under = take(data, "least", "most", "every", "period", "is_under")
    if period not in tuple(Period) or not isinstance(is_under, bool):
        raise Refused("registry.ratio_stored", where="times")
    least, most = (None if value is None else whole(value, "times") for value in (least, most))
    return Times(least, most, whole(every, "every"), Period(period), is_under)
