"""Rules as they are stored, and read again strictly: nothing missing, nothing unknown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from gongchou.refusal import Refused
from gongchou.registry.ratio.amount import NUMBER, Amount, plain
from gongchou.registry.ratio.kinds import AsNeeded, By, Choice, Flat, Option, Part, Ratio, Table


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
    if not isinstance(data, str) or not re.fullmatch(NUMBER, data):
        raise Refused("registry.ratio_stored", where="number")
    return Decimal(data)
