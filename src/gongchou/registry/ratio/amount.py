"""A share or a count as officials write it: 3%, 不低于3%, 不少于2‰, 60-70家."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from gongchou.refusal import Refused

WHOLE = {"%": Decimal(100), "‰": Decimal(1000)}  # what a share cannot exceed
NUMBER = r"\d{1,7}(?:\.\d{1,4})?"
UNIT = "%|‰|批次|家|户|个|人|所|处|台|辆"
MARKS = {
    **dict.fromkeys(("不低于", "不少于", "至少", "最少", "≥", ">=", "以上"), "least"),
    **dict.fromkeys(("不超过", "不高于", "不多于", "至多", "最多", "≤", "<=", "以下", "以内"), "most"),
    **dict.fromkeys(("低于", "少于", "小于", "<"), "under"),
}
BEFORE, AFTER = ("|".join(mark for mark in MARKS if mark.startswith("以") == is_after) for is_after in (False, True))
_AMOUNT = re.compile(
    f"(?P<mark>{BEFORE})?(?P<low>{NUMBER})(?P<inner>{UNIT})?(?:-(?P<high>{NUMBER}))?(?P<unit>{UNIT})(?P<after>{AFTER})?"
)
N = TypeVar("N", int, Decimal)


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
        if not given or not re.fullmatch(UNIT, self.unit) or not all(map(self._is_possible, given)):
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
    return re.sub(r"(?<=\d|[%‰次家户个人所处台辆])[~–—至到](?=\d)", "-", narrow)


def bounds(mark: str | None, low: N, high: N | None) -> tuple[N | None, N | None, bool]:
    """Least, most, and whether the most is not reached any more: of a marked number, a range or a plain number."""
    match MARKS.get(mark or ""):
        case "least":
            return low, None, False
        case "most" | "under" as word:
            return None, low, word == "under"
    return low, low if high is None else high, False


def read_amount(text: str) -> Amount:
    """Read 3%, 不低于3%, ≥2‰, 3%-20%, 低于3%, 3%以上, 60-70家. Raises Refused ``registry.ratio_amount``."""
    found = _AMOUNT.fullmatch(tidy(text))
    if found is None or _contradicts_itself(found):
        raise Refused("registry.ratio_amount", text=text.strip())
    low, high = Decimal(found["low"]), Decimal(found["high"]) if found["high"] else None
    if max(low, high or low) > WHOLE.get(found["unit"], Decimal("inf")):
        raise Refused("registry.ratio_over_whole", text=text.strip())
    try:
        return Amount(found["unit"], *bounds(found["mark"] or found["after"], low, high))
    except Refused as refused:
        raise Refused(refused.code, text=text.strip()) from None  # as it was typed


def _contradicts_itself(found: re.Match[str]) -> bool:
    """Two units that differ, a unit within no range, two marks, or a mark on a range."""
    is_range, n_marks = bool(found["high"]), bool(found["mark"]) + bool(found["after"])
    has_odd_unit = found["inner"] and (not is_range or found["inner"] != found["unit"])
    return bool(has_odd_unit) or n_marks + is_range > 1
