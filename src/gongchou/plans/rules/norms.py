"""What a numbering of tasks must be."""

from __future__ import annotations

import re

from gongchou.refusal import Refused

PLACES = ("简称", "年度", "序号")
DEFAULT = "{简称}双随机抽查〔{年度}〕{序号}号"


def plain_pattern(pattern: str) -> str:
    """With the braces of an input method in one width."""
    return pattern.strip().replace("｛", "{").replace("｝", "}")


def check_pattern(pattern: str) -> None:
    """Year and serial must be in it, and nothing else in braces. Raises Refused ``plans.pattern``."""
    places = re.findall(r"\{([^{}]*)\}", pattern)
    rest = re.sub(r"\{[^{}]*\}", "", pattern)
    is_fine = set(places) <= set(PLACES) and {"年度", "序号"} <= set(places) and not re.search(r"[{}]", rest)
    if not is_fine or len(places) != len(set(places)):
        raise Refused("plans.pattern", pattern=pattern, example=DEFAULT)


def number_of(pattern: str, *, short_name: str, year: int, serial: int) -> str:
    """演示市场监管局双随机抽查〔2026〕3号."""
    values = {"简称": short_name, "年度": str(year), "序号": str(serial)}
    return re.sub(r"\{([^{}]*)\}", lambda found: values[found[1]], pattern)
