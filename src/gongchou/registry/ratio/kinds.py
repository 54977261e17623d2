"""The kinds of rules, what they say, and how two of them compare.

A rule is one of ``Flat`` (不低于3%或按专项计划), ``Table`` (市级2%；区级10%), ``Choice`` (20%一次或10%两次) and
``AsNeeded``. Each checks itself when it is made and raises Refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from gongchou.refusal import Refused
from gongchou.registry.ratio.amount import Amount

LONGEST_NAME = 40
ONCE_AND_MORE = "〇一两三四五六七八九十"


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
