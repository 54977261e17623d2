"""Ratios and frequencies of every kind that real lists hold, by the words officials write (domain.md 2.2)."""

from __future__ import annotations

from gongchou.registry import frequency, ratio
from gongchou.registry.frequency import Frequency, Times, TimesRow, TimesTable, read_times
from gongchou.registry.ratio import AsNeeded, By, Choice, Flat, Level, Option, Part, Ratio, Table, read_amount


def _table(by: By, **rows: str) -> Table:
    return Table(by, tuple(Part(key, read_amount(text)) for key, text in rows.items()))


def _groups(*rows: tuple[str, str]) -> Table:
    return Table(By.GROUP, tuple(Part(key, read_amount(text)) for key, text in rows))


_PART = Part("重点单位", read_amount("不低于8%"))
_RATIOS: tuple[Ratio, ...] = (
    Flat(read_amount("不低于3%"), or_special_plan=True),
    Flat(read_amount("不低于0.5%")),
    Flat(read_amount("3%")),
    Flat(read_amount("5%")),
    Flat(read_amount("100%")),
    Flat(read_amount("不超过2%")),
    Flat(read_amount("低于3%")),
    Flat(read_amount("3%-20%")),
    Flat(read_amount("不少于2‰")),
    Flat(read_amount("33%"), may_split=True),
    Flat(read_amount("不超过10%"), is_usual=True, is_yearly=True),
    Flat(read_amount("10%"), parts=(_PART,)),
    Flat(read_amount("60-70家")),
    Flat(read_amount("不少于20批次")),
    Choice((Option(read_amount("20%"), 1), Option(read_amount("10%"), 2))),
    _table(By.LEVEL, city="2%", county="10%"),
    _table(By.GRADE, A="3%", B="4%", C="5%", D="6%"),
    _table(By.GRADE, A="1%", B="2%", C="10%", D="30%"),
    _groups(("高校", "30%"), ("中小学、幼儿园", "50%")),
    _groups(("从业单位", "8%"), ("培训单位", "3%")),
    _groups(("三级医院", "不低于50%"), ("二级医院", "不低于30%")),
    AsNeeded(),
)
_ROWS = (TimesRow(Level.CITY, read_times("每年1次")), TimesRow(Level.COUNTY, read_times("每月1次")))
_FREQUENCIES = (
    Frequency(read_times("每年1次")),
    Frequency(read_times("每年2次")),
    Frequency(read_times("每年不少于1次")),
    Frequency(read_times("每年不超过2次")),
    Frequency(read_times("每年不少于2次")),
    Frequency(read_times("每半年1次")),
    Frequency(read_times("每季度不少于1次")),
    Frequency(TimesTable(By.LEVEL, _ROWS)),
    Frequency(None, read_times("每2年不超过1次")),
    Frequency(read_times("每年1次"), Times(None, 2)),
    Frequency(),
)

RATIOS = {ratio.sentence(rule): ratio.ratio_to_json(rule) for rule in _RATIOS}
FREQUENCIES = {frequency.sentence(rule): frequency.frequency_to_json(rule) for rule in _FREQUENCIES}
