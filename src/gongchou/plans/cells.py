"""What one amount of a ratio rule makes of so many subjects, in whole numbers and fractions only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from gongchou.draw.allocate import by_ratio
from gongchou.registry.ratio import Amount

HOUSEHOLDS = ("家", "户", "个", "所", "处")  # units of which a subject is one


@dataclass(frozen=True)
class Cell:
    """A part of the pool, and what one amount of the rule makes of it.

    key: "" for the whole pool, else a grade, the code of a region or the name of a group
    size, n: None where nobody knows how many there are; n_most: of a range, else None; rule: the amount in words
    level: whose draw it is, where the levels of a table draw separately; "" where the rule is one draw
    """

    key: str
    size: int | None
    n: int | None
    rule: str
    n_most: int | None = None
    level: str = ""


def cell_of(amount: Amount, size: int, *, key: str = "", name: str = "") -> tuple[Cell, list[str]]:
    """What an amount makes of so many subjects, and what is to be said of it.

    不低于 and plain shares are rounded up; 不超过 is rounded down and 低于 ends below its number, yet neither to
    nothing, since an item with subjects is to be inspected; a range is planned at its lower end. Never more than
    there are.
    """
    low, high = _least(amount, size), _most(amount, size)
    n = low if amount.least is not None else high
    notes = [f"{name}{text}" for text in _notes(amount, size, n, low, high)] if size else []
    n = max(n, 1) if size else 0
    n_most = max(n, high) if is_range(amount) else None
    return Cell(key, size, n, f"{name}{amount}", n_most), notes


def is_range(amount: Amount) -> bool:
    """Whether it leaves a choice between two numbers."""
    return amount.least is not None and amount.most is not None and amount.least != amount.most


def _least(amount: Amount, size: int) -> int:
    if amount.is_share:
        return by_ratio(size, *_ratio(amount.floor), rounding="ceil")
    return min(size, int(amount.floor))


def _most(amount: Amount, size: int) -> int:
    """The greatest number the ceiling allows; the whole pool where there is none."""
    if amount.ceiling is None:
        return size
    if not amount.is_share:
        return min(size, int(amount.ceiling) - amount.is_under)
    rounding = "ceil" if amount.is_under else "floor"
    return max(0, by_ratio(size, *_ratio(amount.ceiling), rounding=rounding) - amount.is_under)


def _ratio(percent: Decimal) -> tuple[int, int]:
    return (percent / 100).as_integer_ratio()


def _notes(amount: Amount, size: int, n: int, low: int, high: int) -> Iterable[str]:
    if n == 0:
        yield f"{amount}不足 1 户，按 1 户抽取"
    if is_range(amount) and high < low:
        yield f"{amount}的上限不足 {low} 户，按 {low} 户抽取"
    if not amount.is_share:
        if size < amount.floor:
            yield f"只有 {size} 户，不足 {amount}，全部抽取"
        if amount.unit not in HOUSEHOLDS:
            yield f"{amount}按每户一{amount.unit}估算"
