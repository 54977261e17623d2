"""One cell of a plan: what it says, as a value of a line. Each reader raises Refused ``plans.cell_…``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from gongchou.refusal import Refused
from gongchou.registry.frequency import frequency_to_json
from gongchou.registry.frequency_read import read_frequency
from gongchou.registry.imports import cells
from gongchou.registry.imports.cells import EMPTY, CellRefused
from gongchou.registry.ratio import Level, ratio_to_json, read_ratio
from gongchou.registry.ratio.amount import tidy
from gongchou.registry.ratio.read import key_of_level

MOST_NUMBER = 99_999
_BARE = re.compile(r"\d{1,3}(?:\.\d{1,4})?|\.\d{1,4}")
_BARE_SHARE = re.compile(r"0?\.\d{1,4}")
_ALL_LEVELS = re.compile("[省市县区镇]{2,4}(?:[两三四]?级)?(?:联动)?")


def clean(text: str) -> str:
    """A cell without what nobody sees, its lines kept. Raises ``plans.cell_harmful``, ``plans.cell_formula``."""
    try:
        cells.check_no_formula(text)
        return cells.tidy(text, keeps_lines=True)
    except CellRefused as refused:
        raise Refused(f"plans.{refused.code.rpartition('.')[2]}", text=text.strip()[:40]) from refused


def is_empty(text: str) -> bool:
    """Whether a cell says nothing: 无, / and — as well."""
    return text in EMPTY or text == "无"


def words(text: str, most: int, *, keeps_lines: bool = False) -> str:
    """Text as it stands; a heading or name that a narrow cell broke is one line."""
    text = text if keeps_lines else "".join(line.strip() for line in text.split("\n"))
    if len(text) > most:
        raise Refused("plans.cell_long", text=text[:20], n=len(text), most=most)
    return text


def choice(text: str, choices: Iterable[tuple[str, Any]], also: Mapping[str, str]) -> str:
    """The code of a choice by its words."""
    told = dict(choices)
    said = tidy(text)
    found = also.get(said) or next((code for code, label in told.items() if said == tidy(label)), None)
    if found is None:
        raise Refused("plans.cell_choice", text=text[:30], choices="、".join(told.values()))
    return found


def yes_no(text: str) -> bool:
    """是 or 否; empty is no."""
    try:
        return bool(cells.yes_no(text))
    except CellRefused as refused:
        raise Refused("plans.cell_choice", text=text[:30], choices="是、否") from refused


def day(text: str) -> date | None:
    """A date as people and spreadsheets write it."""
    try:
        found = cells.day(text)
    except CellRefused as refused:
        raise Refused("plans.cell_day", text=text[:30]) from refused
    return date.fromisoformat(str(found)) if found else None


def whole(text: str, most: int) -> int:
    """A whole number from 1."""
    said = tidy(text).removesuffix(".0").removesuffix("次")
    if not said.isascii() or not said.isdecimal() or not 0 < int(said[:9]) <= most:
        raise Refused("plans.cell_whole", text=text[:30], most=most)
    return int(said)


def ratio(text: str) -> dict[str, Any]:
    """A ratio as it is stored; 0.03 is how a spreadsheet keeps a cell that shows 3%."""
    if _BARE_SHARE.fullmatch(text):
        text = f"{(Decimal(text) * 100).normalize():f}%"
    return {} if is_empty(text) else ratio_to_json(read_ratio(text))


def in_percent(text: str) -> str:
    """A ratio under a heading that says %: 3 is 3%. What is below one could be 3% or 0.03%, and is refused."""
    if not _BARE.fullmatch(text):
        return text
    if Decimal(text) < 1:
        share = f"{(Decimal(text) * 100).normalize():f}%"
        raise Refused("plans.cell_percent", text=text, one=f"{text}%", other=share)
    return f"{text}%"


def frequency(text: str) -> dict[str, Any]:
    """A frequency as it is stored."""
    return {} if is_empty(text) else frequency_to_json(read_frequency(text))


def levels(text: str) -> list[str]:
    """市级、县级; 市县联动 is both."""
    said = tidy(text)
    parts = [part for part in re.split("[、,;/和及]", said) if part]
    if len(parts) == 1 and not key_of_level(said) and _ALL_LEVELS.fullmatch(said):
        parts = re.findall("[省市县区镇]", said)
    found = [key_of_level(part.removesuffix("组织").removesuffix("实施")) for part in parts]
    if not all(found):
        raise Refused("plans.cell_choice", text=text[:30], choices="省级、市级、县级、乡镇级")
    return [level for level in map(str, Level) if level in found]


def bases(text: str) -> dict[str, int]:
    """60, 60户, 高校：3；中小学：20."""
    parts = [part.strip() for part in re.split("[；;\n]", text) if part.strip()]
    rows = [_base(part) for part in parts]
    if len({key for key, _ in rows}) < len(rows):
        raise Refused("plans.cell_base", text=text[:30])
    return dict(rows)


def _base(text: str) -> tuple[str, int]:
    key, _, n = text.replace(":", "：").rpartition("：")
    said = re.sub("[户家个人所处台辆]$", "", tidy(n)).replace(",", "").removesuffix(".0")
    if not said.isascii() or not said.isdecimal() or len(said) > 8:
        raise Refused("plans.cell_base", text=text[:30])
    return key.strip()[:40], int(said)
