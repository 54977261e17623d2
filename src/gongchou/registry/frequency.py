"""抽查频次 as a rule with two parts: how often a series of tasks is run, and how often one subject may be visited.

Source: domain.md 2.2; written like ``ratio``, and as strict.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gongchou.refusal import Refused
from gongchou.registry.ratio import By, check_name, check_rows, each, key_name, take, tidy, whole

MOST_TIMES = 366
_MARKS = {
    **dict.fromkeys(("不少于", "不低于", "至少", "≥", ">="), "least"),
    **dict.fromkeys(("不超过", "不多于", "至多", "≤", "<="), "most"),
    **dict.fromkeys(("少于", "低于", "<"), "under"),
}
_COUNT = f"(?P<mark>{'|'.join(_MARKS)})?(?P<low>\\d{{1,3}})(?:-(?P<high>\\d{{1,3}}))?次"
_SPAN = "(?P<every>\\d{0,2})(?P<period>年|半年|季度|月|周)"
_FORMS = (re.compile(f"每{_SPAN}{_COUNT}"), re.compile(f"{_COUNT}/{_SPAN}"))


class Period(StrEnum):
    """A stretch of the calendar."""

    YEAR = "年"
    HALF_YEAR = "半年"
    QUARTER = "季度"
    MONTH = "月"
    WEEK = "周"


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

    def __str__(self) -> str:
        head = f"每{self.every if self.every > 1 else ''}{self.period}"
        if self.least is None:
            return f"{head}{'少于' if self.is_under else '不超过'}{self.most}次"
        if self.most is None:
            return f"{head}不少于{self.least}次"
        return f"{head}{self.least}次" if self.least == self.most else f"{head}{self.least}-{self.most}次"


def read_times(text: str) -> Times:
    """Read 每年不少于1次, 1次/年, ≥2次/年, 每2年不超过1次. Raises Refused ``registry.times_text``."""
    tidied = tidy(text).replace("两年", "2年")
    found = next((found for form in _FORMS if (found := form.fullmatch(tidied))), None)
    if found is None or (found["high"] and found["mark"]):
        raise Refused("registry.times_text", text=text.strip())
    low, mark = int(found["low"]), _MARKS.get(found["mark"] or "")
    every, period = int(found["every"] or 1), Period(found["period"])
    if mark:
        is_floor = mark == "least"
        return Times(low if is_floor else None, None if is_floor else low, every, period, mark == "under")
    return Times(low, int(found["high"]) if found["high"] else low, every, period)


@dataclass(frozen=True)
class TimesRow:
    """How often, for some."""

    key: str
    times: Times

    def __post_init__(self) -> None:
        check_name(self.key)


@dataclass(frozen=True)
class TimesTable:
    """How often at each level, for each grade or group."""

    by: By
    rows: tuple[TimesRow, ...]

    def __post_init__(self) -> None:
        check_rows(self.by, [row.key for row in self.rows])


@dataclass(frozen=True)
class Frequency:
    """series: how often tasks are run; subject: how often one subject is visited; neither is 根据实际情况确定."""

    series: Times | TimesTable | None = None
    subject: Times | None = None


def sentence(rule: Frequency) -> str:
    """The expression officials write."""
    said = []
    if isinstance(rule.series, TimesTable):
        said += [f"{key_name(row.key)}{row.times}" for row in rule.series.rows]
    elif rule.series:
        said.append(str(rule.series))
    if rule.subject:
        said.append(f"同一检查对象{rule.subject}")
    return "；".join(said) or "根据实际情况确定"


def frequency_to_json(rule: Frequency) -> dict[str, Any]:
    """The rule as it is stored."""
    series: dict[str, Any] | None = None
    if isinstance(rule.series, TimesTable):
        rows = [{"key": row.key, "times": _times_json(row.times)} for row in rule.series.rows]
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
    read = [take(row, "key", "times") for row in each(rows)]
    if not all(isinstance(key, str) for key, _ in read):
        raise Refused("registry.ratio_stored", where="key")
    return TimesTable(By(by), tuple(TimesRow(key, _read_times(times)) for key, times in read))


def _read_times(data: object) -> Times:
    least, most, every, period, is_under = take(data, "least", "most", "every", "period", "is_under")
    if period not in tuple(Period) or not isinstance(is_under, bool):
        raise Refused("registry.ratio_stored", where="times")
    least, most = (None if value is None else whole(value, "times") for value in (least, most))
    return Times(least, most, whole(every, "every"), Period(period), is_under)
