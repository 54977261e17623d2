"""What documents demand of the plans of a year, read from the words officials write; no framework is known here.

Each kind of norm has a code, a name and a way to read its value; ``read`` gives the demand, ``words`` the text as it
is kept.
A value always comes from a document of the place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from gongchou.refusal import Refused
from gongchou.registry.ratio import GRADES, Amount, By, Part, Table, plain, read_amount
from gongchou.registry.ratio.amount import tidy


class NormCode(StrEnum):
    """The kinds, as they are stored."""

    PLAN_DUE = "plan_due"
    COVERAGE = "coverage"
    BANDS = "bands"
    JOINT_TASKS = "joint_tasks"
    JOINT_SUBJECTS = "joint_subjects"
    RISK_TASKS = "risk_tasks"
    CAMPAIGNS = "campaigns"
    ONE_THINGS = "one_things"
    VISIT_CAP = "visit_cap"
    CAPACITY = "capacity"
    PROBLEM_RATES = "problem_rates"
    ALERT_DAYS = "alert_days"
    ENTRY_DUE = "entry_due"


@dataclass(frozen=True)
class Day:
    """A day of every year."""

    month: int
    day: int

    def of(self, year: int) -> date:
        """The day in a year."""
        return date(year, self.month, self.day)

    def __str__(self) -> str:
        return f"{self.month}月{self.day}日"


@dataclass(frozen=True)
class Share:
    """At least, or more than, so many per cent."""

    least: Decimal
    is_over: bool = False

    def is_met(self, part: int, whole: int) -> bool:
        """Tell exactly, without a quotient; nothing of nothing meets nothing."""
        reached, asked = 100 * part, self.least * whole
        return whole > 0 and (reached > asked if self.is_over else reached >= asked)

    def __str__(self) -> str:
        return f"{'超过' if self.is_over else '不低于'}{plain(self.least)}%"


@dataclass(frozen=True)
class Times:
    """So many times, in one month where it is named."""

    n: int
    month: int | None = None

    def __str__(self) -> str:
        return f"{self.month}月{self.n}次" if self.month else f"{self.n}次"


@dataclass(frozen=True)
class Most:
    """No more than so many visits, or so many days."""

    n: int
    unit: str

    def __str__(self) -> str:
        return f"{self.n}{self.unit}"


@dataclass(frozen=True)
class Within:
    """So many working days after something. of_task: after the task's last day, else after the inspection"""

    n: int
    of_task: bool

    def __str__(self) -> str:
        return f"{'任务' if self.of_task else '检查'}结束后{self.n}个工作日"


@dataclass(frozen=True)
class Capacity:
    """What one inspector can do: visits on a day, and days for visits in a year."""

    visits_a_day: int
    days: int

    @property
    def visits(self) -> int:
        """In a year."""
        return self.visits_a_day * self.days

    def __str__(self) -> str:
        return f"每人每日{self.visits_a_day}户，每年{self.days}天"


@dataclass(frozen=True)
class ByGrade:
    """An amount for each grade of credit risk, A to D: bands of the ratio, or rates of problems."""

    amounts: Mapping[str, Amount]

    @property
    def table(self) -> Table:
        """As a rule of ratios."""
        return Table(By.GRADE, tuple(Part(grade, self.amounts[grade]) for grade in GRADES))

    def __str__(self) -> str:
        return "；".join(f"{grade}级{self.amounts[grade]}" for grade in GRADES)


@dataclass(frozen=True)
class Names:
    """Some things by their names."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        return "、".join(self.names)


Demand = Day | Share | Times | Most | Within | Capacity | ByGrade | Names


def _day(text: str) -> Day:
    found = re.fullmatch(r"(\d{1,2})月(\d{1,2})日(?:前|之前|底前)?", text)
    if not found:
        raise ValueError(text)
    day = Day(int(found[1]), int(found[2]))
    day.of(2001)  # a day that every year has
    return day


_OVER = re.compile(r"(?:超过|高于|大于|>(?!=))(.+)")


def _share(text: str) -> Share:
    text = re.sub(r"^(?:要|应)?(?:达到)?", "", text)
    over = _OVER.fullmatch(text)
    amount = read_amount(over[1] if over else text)
    if not amount.is_share or amount.least is None:
        raise ValueError(text)
    return Share(amount.floor, is_over=over is not None)


def _times(text: str) -> Times:
    found = re.fullmatch(r"(?:(\d{1,2})月)?(?:不少于|至少)?(\d{1,3})次", text)
    if not found or not 0 < int(found[1] or 1) <= 12 or int(found[2]) < 1:
        raise ValueError(text)
    return Times(int(found[2]), int(found[1]) if found[1] else None)


def _most(unit: str) -> Callable[[str], Most]:
    def read(text: str) -> Most:
        found = re.fullmatch(rf"(?:不超过|至多|提前)?(\d{{1,3}}){unit}", text)
        if not found or int(found[1]) < 1:
            raise ValueError(text)
        return Most(int(found[1]), unit)

    return read


def _capacity(text: str) -> Capacity:
    found = re.fullmatch(r"每人每[日天](\d{1,2})户[，,;；]每年(\d{1,3})[日天]", text)
    if not found or not int(found[1]) or not 0 < int(found[2]) <= 366:
        raise ValueError(text)
    return Capacity(int(found[1]), int(found[2]))


def _by_grade(text: str) -> ByGrade:
    parts = [part for part in re.split(r"[；;，,、]", text) if part]
    found = [re.fullmatch(r"([A-D])级?(.+)", part) for part in parts]
    amounts = {one[1]: read_amount(one[2]) for one in found if one}
    if len(amounts) != len(parts) or tuple(sorted(amounts)) != GRADES or not all(a.is_share for a in amounts.values()):
        raise ValueError(text)
    return ByGrade({grade: amounts[grade] for grade in GRADES})


def _names(text: str) -> Names:
    names = tuple(dict.fromkeys(name for name in re.split(r"[、，,；;\n]", text) if name))
    if not names:
        raise ValueError(text)
    return Names(names)


def _within(text: str) -> Within:
    found = re.fullmatch(r"(任务|检查)?(?:结束|完成)?(?:之?后)?(\d{1,3})个?工作日(?:内|以内|之内)?", text)
    if not found or not int(found[2]):
        raise ValueError(text)
    return Within(int(found[2]), found[1] != "检查")


@dataclass(frozen=True)
class Kind:
    """What a norm of one code is called, how it is read, and an example of how it is written."""

    name: str
    read: Callable[[str], Demand]
    example: str


KINDS: dict[NormCode, Kind] = {
    NormCode.PLAN_DUE: Kind("年度计划备案、公布截止日", _day, "1月31日"),
    NormCode.COVERAGE: Kind("应抽事项覆盖率", _share, "100%"),
    NormCode.BANDS: Kind("各风险等级抽查比例区间", _by_grade, "A级低于3%；B级3%；C级3%-20%；D级20%-100%"),
    NormCode.JOINT_TASKS: Kind("部门联合抽查任务占比", _share, "不低于50%"),
    NormCode.JOINT_SUBJECTS: Kind("部门联合抽查主体占比", _share, "不低于10%"),
    NormCode.RISK_TASKS: Kind("信用风险分类抽查任务占比", _share, "超过80%"),
    NormCode.CAMPAIGNS: Kind("部门联合集中抽查次数", _times, "2次，或写明月份：10月1次"),
    NormCode.ONE_THINGS: Kind("综合监管一件事领域", _names, "餐饮服务、养老服务"),
    NormCode.VISIT_CAP: Kind("同一企业年度检查次数上限", _most("次"), "4次"),
    NormCode.CAPACITY: Kind("检查人员能力", _capacity, "每人每日3户，每年60天"),
    NormCode.PROBLEM_RATES: Kind("各风险等级问题发现率（估计）", _by_grade, "A级2%；B级5%；C级15%；D级35%"),
    NormCode.ALERT_DAYS: Kind("计划行到期提醒", _most("日"), "提前30日"),
    NormCode.ENTRY_DUE: Kind("检查结果录入期限", _within, "任务结束后20个工作日"),
}


def read(code: str, text: str) -> Demand:
    """Read the value of a norm as it is written. Raises Refused ``plans.norm_text`` with an example."""
    kind = KINDS[NormCode(code)]
    try:
        return kind.read(tidy(text))
    except (ValueError, Refused):
        raise Refused("plans.norm_text", name=kind.name, text=text.strip(), example=kind.example) from None


def words(code: str, text: str) -> str:
    """The value in its canonical spelling."""
    return str(read(code, text))


def name_of(code: str) -> str:
    """What a norm is called."""
    return KINDS[NormCode(code)].name
