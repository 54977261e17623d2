"""抽查比例 as a rule: how large a share of the subjects an item asks for, in exact numbers.

A rule is one of ``Flat`` (不低于3%或按专项计划), ``Table`` (市级2%；区级10%), ``Choice`` (20%一次或10%两次) and
``AsNeeded``. Each checks itself when it is made and raises Refused; ``ratio_from_json`` is strict, ``sentence`` gives the
expression officials write, ``read_amount`` reads one back. Source: domain.md 2.2; no framework is known here.
"""  # noqa: E501

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from gongchou.refusal import Refused

WHOLE = {"%": Decimal(100), "‰": Decimal(1000)}  # what a share cannot exceed
LONGEST_NAME = 40
ONCE_AND_MORE = "〇一两三四五六七八九十"
_NUMBER = r"\d{1,7}(?:\.\d{1,4})?"
_UNIT = "%|‰|批次|家|户|个|人"
_MARKS = {
    **dict.fromkeys(("不低于", "不少于", "至少", "≥", ">="), "least"),
    **dict.fromkeys(("不超过", "不高于", "不多于", "至多", "≤", "<="), "most"),
    **dict.fromkeys(("低于", "少于", "小于", "<"), "under"),
}
_AMOUNT = re.compile(
    f"(?P<mark>{'|'.join(_MARKS)})?(?P<low>{_NUMBER})(?P<inner>{_UNIT})?(?:-(?P<high>{_NUMBER}))?(?P<unit>{_UNIT})"
)


class Level(StrEnum):
    """实施层级, with the codes of regions."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWN = "town"


LEVEL_NAMES = {Level.PROVINCE: "省级", Level.CITY: "市级", Level.COUNTY: "县级", Level.TOWN: "乡镇级"}


class By(StrEnum):
    """What a table goes by: the level that inspects, the subject's credit risk grade, or groups in words."""

    LEVEL = "level"
    GRADE = "grade"
    GROUP = "group"


GRADES = ("A", "B", "C", "D")
_KEYS = {By.LEVEL: tuple(Level), By.GRADE: GRADES}


@dataclass(frozen=True)
class Amount:
    """A share or a count: exact (least = most), a floor (least), a ceiling (most) or a range.

    unit: ``%``, ``‰`` or what is counted
    is_under: the ceiling itself is not reached any more (低于3%)
    """

    unit: str
    least: Decimal | None = None
    most: Decimal | None = None
    is_under: bool = False

    def __post_init__(self) -> None:
        given = [value for value in (self.least, self.most) if value is not None]
        if not given or not re.fullmatch(_UNIT, self.unit) or not all(map(self._is_possible, given)):
            raise Refused("registry.ratio_amount", text=f"{self.least or ''}-{self.most or ''}{self.unit}")
        if len(given) == 2 and given[0] > given[1]:
            raise Refused("registry.ratio_backwards", text=f"{plain(given[0])}-{plain(given[1])}{self.unit}")
        if self.is_under and self.least is not None:
            raise Refused("registry.ratio_amount", text=f"{plain(given[0])}{self.unit}")

    def _is_possible(self, value: Decimal) -> bool:
        is_fine = value == round(value, 4 if self.unit in WHOLE else 0)
        return 0 < value <= WHOLE.get(self.unit, Decimal(10**7 - 1)) and is_fine

    @property
    def is_share(self) -> bool:
        """Whether it is a part of the whole rather than a count."""
        return self.unit in WHOLE

    @property
    def floor(self) -> Decimal:
        """The least it may be, shares in per cent; 0 where it has none."""
        return self._percent(self.least) if self.least is not None else Decimal(0)

    @property
    def ceiling(self) -> Decimal | None:
        """The most it may be, shares in per cent; None where it has none."""
        return self._percent(self.most) if self.most is not None else None

    def _percent(self, value: Decimal) -> Decimal:
        return value / 10 if self.unit == "‰" else value

    def is_within(self, other: Amount) -> bool:
        """Tell whether whoever keeps to this keeps to the other as well."""
        if self.is_share != other.is_share or (not self.is_share and self.unit != other.unit):
            return False
        if other.ceiling is None:
            return self.floor >= other.floor
        if self.ceiling is None or self.floor < other.floor or self.ceiling > other.ceiling:
            return False
        return self.is_under or not other.is_under or self.ceiling < other.ceiling

    def __str__(self) -> str:
        words = ("不低于", "低于") if self.is_share and self.unit == "%" else ("不少于", "少于")
        if self.least is None:
            return f"{words[1] if self.is_under else '不超过'}{plain(self.most)}{self.unit}"
        if self.most is None:
            return f"{words[0]}{plain(self.least)}{self.unit}"
        if self.least == self.most:
            return f"{plain(self.least)}{self.unit}"
        inner = self.unit if self.is_share else ""
        return f"{plain(self.least)}{inner}-{plain(self.most)}{self.unit}"


def plain(value: Decimal | None) -> str:
    """A number without exponent and without idle zeros."""
    return "" if value is None else f"{value.normalize():f}"


def tidy(text: str) -> str:
    """What somebody typed, in one width, with one kind of dash and without blanks."""
    narrow = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"(?<=[\d%‰次家户个人])[~–—至到](?=\d)", "-", narrow)


def read_amount(text: str) -> Amount:
    """Read 3%, 不低于3%, ≥2‰, 3%-20%, 低于3%, 60-70家. Raises Refused ``registry.ratio_amount``."""
    found = _AMOUNT.fullmatch(tidy(text))
    is_odd = found is None or (found["inner"] or found["unit"]) != found["unit"]
    if found is None or is_odd or (found["high"] and found["mark"]) or (found["inner"] and not found["high"]):
        raise Refused("registry.ratio_amount", text=text.strip())
    low, mark = Decimal(found["low"]), _MARKS.get(found["mark"] or "")
    if mark:
        is_floor = mark == "least"
        return Amount(found["unit"], low if is_floor else None, None if is_floor else low, mark == "under")
    return Amount(found["unit"], low, Decimal(found["high"]) if found["high"] else low)


@dataclass(frozen=True)
class Part:
    """An amount for some of the subjects."""

    key: str
    amount: Amount

    def __post_init__(self) -> None:
        check_name(self.key)


@dataclass(frozen=True)
class Flat:
    """One amount for all, with what officials add to it.

    is_usual: 一般; is_yearly: /年; or_special_plan: 或按专项计划; may_split: spread over the year;
    parts: 其中重点单位不低于8%
    """

    amount: Amount
    is_usual: bool = False
    is_yearly: bool = False
    or_special_plan: bool = False
    may_split: bool = False
    parts: tuple[Part, ...] = ()

    def __post_init__(self) -> None:
        check_keys([part.key for part in self.parts])


@dataclass(frozen=True)
class Table:
    """An amount for each level, grade or group."""

    by: By
    rows: tuple[Part, ...]

    def __post_init__(self) -> None:
        check_rows(self.by, [row.key for row in self.rows])


@dataclass(frozen=True)
class Option:
    """So much, so many times."""

    amount: Amount
    times: int

    def __post_init__(self) -> None:
        if not 0 < self.times < len(ONCE_AND_MORE):
            raise Refused("registry.ratio_times", times=self.times)


@dataclass(frozen=True)
class Choice:
    """One of several ways to come to the same: 20%一次或10%两次."""

    options: tuple[Option, ...]

    def __post_init__(self) -> None:
        if len(self.options) < 2:
            raise Refused("registry.ratio_choice")


@dataclass(frozen=True)
class AsNeeded:
    """根据实际情况确定."""


Ratio = Flat | Table | Choice | AsNeeded


def check_name(key: str) -> None:
    """Raises Refused ``registry.ratio_name`` for a group without a name or with too long a one."""
    if not 0 < len(key.strip()) <= LONGEST_NAME or key != key.strip():
        raise Refused("registry.ratio_name", name=key[:LONGEST_NAME], most=LONGEST_NAME)


def check_keys(keys: list[str]) -> None:
    """Raises Refused ``registry.ratio_twice`` where one name stands in two rows."""
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise Refused("registry.ratio_twice", name=key_name(twice))


def check_rows(by: By, keys: list[str]) -> None:
    """Raises Refused unless a table has rows, each of a known level or grade, none twice."""
    if not keys:
        raise Refused("registry.ratio_no_rows")
    odd = next((key for key in keys if by in _KEYS and key not in _KEYS[by]), None)
    if odd is not None:
        raise Refused("registry.ratio_name", name=odd[:LONGEST_NAME], most=LONGEST_NAME)
    check_keys(keys)


def key_name(key: str) -> str:
    """What a level, a grade or a group is called in a sentence."""
    return LEVEL_NAMES[Level(key)] if key in tuple(Level) else f"{key}级" if key in GRADES else key


def sentence(rule: Ratio) -> str:
    """The expression officials write."""
    match rule:
        case Flat():
            return _flat_sentence(rule)
        case Table():
            return "；".join(f"{key_name(row.key)}{row.amount}" for row in rule.rows)
        case Choice():
            return "或".join(f"{option.amount}{ONCE_AND_MORE[option.times]}次" for option in rule.options)
        case AsNeeded():
            return "根据实际情况确定"


def _flat_sentence(rule: Flat) -> str:
    head = f"{'一般' * rule.is_usual}{rule.amount}{'/年' * rule.is_yearly}{'或按专项计划' * rule.or_special_plan}"
    tail = "，可在年度内分批完成" * rule.may_split
    return head + tail + "".join(f"，其中{part.key}{part.amount}" for part in rule.parts)


def amounts(rule: Ratio) -> Iterator[tuple[Amount, int]]:
    """All amounts of a rule, each with how many times it is meant in a year."""
    match rule:
        case Flat():
            yield rule.amount, 1
            yield from ((part.amount, 1) for part in rule.parts)
        case Table():
            yield from ((row.amount, 1) for row in rule.rows)
        case Choice():
            yield from ((option.amount, option.times) for option in rule.options)


def peak(rule: Ratio) -> Decimal | None:
    """The greatest share a rule asks for or allows, in per cent of the subjects; None where it names none.

    A floor counts by itself (不低于3% asks for 3), a choice by its whole year; counts are no shares.
    """
    shares = [(one.ceiling or one.floor) * times for one, times in amounts(rule) if one.is_share]
    return max(shares, default=None)


def is_within(own: Ratio, upper: Ratio, level: str) -> bool:
    """Tell whether a lower unit's rule keeps the direction of the one it claims and does not loosen it (S3, S4).

    A floor may be kept or raised, a ceiling kept or lowered, a table's row applies to its own key.
    level: of the lower unit, which picks its row in a table by level
    """
    match upper:
        case AsNeeded():
            return True
        case Flat():
            return _all_within(own, [upper.amount]) or own == upper
        case Table() if isinstance(own, Table) and own.by == upper.by:
            allowed = {row.key: row.amount for row in upper.rows}
            return all(row.key in allowed and row.amount.is_within(allowed[row.key]) for row in own.rows)
        case Table():
            return _all_within(own, [row.amount for row in upper.rows if upper.by != By.LEVEL or row.key == level])
        case Choice():
            return own == upper or (isinstance(own, Flat) and own.amount in [one.amount for one in upper.options])


def _all_within(own: Ratio, uppers: Iterable[Amount]) -> bool:
    given, bounds = [amount for amount, _ in amounts(own)], list(uppers)
    return bool(given and bounds) and all(amount.is_within(bound) for amount in given for bound in bounds)


def ratio_to_json(rule: Ratio) -> dict[str, Any]:
    """The rule as it is stored."""
    match rule:
        case Flat():
            return {"kind": "flat", **_flags(rule), "amount": _amount_json(rule.amount), "parts": _parts(rule.parts)}
        case Table():
            return {"kind": "table", "by": str(rule.by), "rows": _parts(rule.rows)}
        case Choice():
            told = [{"amount": _amount_json(one.amount), "times": one.times} for one in rule.options]
            return {"kind": "choice", "options": told}
        case AsNeeded():
            return {"kind": "as_needed"}


FLAGS = ("is_usual", "is_yearly", "or_special_plan", "may_split")


def _flags(rule: Flat) -> dict[str, bool]:
    return {name: getattr(rule, name) for name in FLAGS}


def _parts(parts: Iterable[Part]) -> list[dict[str, Any]]:
    return [{"key": part.key, "amount": _amount_json(part.amount)} for part in parts]


def _amount_json(amount: Amount) -> dict[str, Any]:
    least, most = (plain(value) or None for value in (amount.least, amount.most))
    return {"unit": amount.unit, "least": least, "most": most, "is_under": amount.is_under}


def ratio_from_json(data: object) -> Ratio:
    """Read what was stored; nothing missing, nothing unknown. Raises Refused ``registry.ratio_stored``."""
    match data:
        case {"kind": "as_needed"}:
            take(data, "kind")
            return AsNeeded()
        case {"kind": "flat"}:
            _, amount, parts, *flags = take(data, "kind", "amount", "parts", *FLAGS)
            if not all(isinstance(flag, bool) for flag in flags):
                raise Refused("registry.ratio_stored", where="flat")
            return Flat(_read_amount(amount), parts=_read_parts(parts), **dict(zip(FLAGS, flags, strict=True)))
        case {"kind": "table", "by": str(by)} if by in tuple(By):
            return Table(By(by), _read_parts(take(data, "kind", "by", "rows")[2]))
        case {"kind": "choice"}:
            options = each(take(data, "kind", "options")[1])
            return Choice(tuple(_read_option(option) for option in options))
    raise Refused("registry.ratio_stored", where="kind")


def take(data: object, *names: str) -> list[Any]:
    """The values of a mapping that has these names and no others."""
    if not isinstance(data, Mapping) or set(data) != set(names):
        raise Refused("registry.ratio_stored", where=names[-1])
    return [data[name] for name in names]


def each(data: object) -> list[Any]:
    """A list, or a refusal."""
    if not isinstance(data, list):
        raise Refused("registry.ratio_stored", where="rows")
    return data


def whole(value: object, where: str) -> int:
    """A whole number, or a refusal."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise Refused("registry.ratio_stored", where=where)
    return value


def _read_parts(data: object) -> tuple[Part, ...]:
    rows = [take(row, "key", "amount") for row in each(data)]
    if not all(isinstance(key, str) for key, _ in rows):
        raise Refused("registry.ratio_stored", where="key")
    return tuple(Part(key, _read_amount(amount)) for key, amount in rows)


def _read_option(data: object) -> Option:
    amount, times = take(data, "amount", "times")
    return Option(_read_amount(amount), whole(times, "times"))


def _read_amount(data: object) -> Amount:
    unit, least, most, is_under = take(data, "unit", "least", "most", "is_under")
    if not isinstance(unit, str) or not isinstance(is_under, bool):
        raise Refused("registry.ratio_stored", where="amount")
    return Amount(unit, _read_number(least), _read_number(most), is_under)


def _read_number(data: object) -> Decimal | None:
    if data is None:
        return None
    if not isinstance(data, str) or not re.fullmatch(_NUMBER, data):
        raise Refused("registry.ratio_stored", where="number")
    return Decimal(data)
