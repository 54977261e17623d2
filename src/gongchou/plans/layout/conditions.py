"""名单条件 beside the sub-libraries, in one cell: 主体类别：企业、个体工商户；所在区划：演示市."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import UUID

from gongchou.plans.layout import cells
from gongchou.plans.layout.known import Known
from gongchou.plans.layout.names import Names
from gongchou.plans.pool import Pool, pool_from_json
from gongchou.refusal import Refused
from gongchou.registry.models import Subject

LABELS = {
    "kinds": "主体类别",
    "scales": "企业规模",
    "regions": "所在区划",
    "tags": "标签",
    "grades": "信用风险等级",
    "keepers": "管辖单位",
    "industries": "行业",
    "licences": "许可证",
    "not_visited_since": "此日期后没有检查过",
    "established_before": "成立日期早于",
}
UNGRADED = "未评级"
_FIELDS = {label: name for name, label in LABELS.items()}
_CODED = {"kinds": Subject.Kind, "scales": Subject.Scale}  # what is said by a few words


def pool_of(stored: dict[str, Any]) -> Pool:
    """A stored pool; {} is everything."""
    return pool_from_json(stored) if stored else Pool()


def write(pool: Pool, known: Known) -> str:
    """All conditions but the sub-libraries, those that are there."""
    told = ((LABELS[name], _written(name, getattr(pool, name), known)) for name in LABELS)
    return "；".join(f"{label}：{text}" for label, text in told if text)


def _written(name: str, value: Any, known: Known) -> str:
    named = _named(name, known)
    if named:
        return named.words(map(UUID, value))
    if name in _CODED:
        told = dict(_CODED[name].choices)
        return "、".join(str(told.get(code, code)) for code in value)
    if name == "grades":
        return "、".join(grade or UNGRADED for grade in value)
    if isinstance(value, date):
        return value.isoformat()
    return "、".join(value or ())


def _named(name: str, known: Known) -> Names[UUID] | None:
    return {"regions": known.regions, "tags": known.tags, "keepers": known.departments}.get(name)


def read(text: str, known: Known) -> dict[str, Any]:
    """The conditions of a cell, by their names in a pool; what is not said is none. Raises Refused."""
    found: dict[str, Any] = {name: None if name.endswith(("since", "before")) else () for name in LABELS}
    if cells.is_empty(text):
        return found
    for part in re.split("[；;\n]", text):
        label, mark, values = part.strip().replace(":", "：", 1).partition("：")
        if part.strip() and (not mark or label not in _FIELDS):
            raise Refused("plans.cell_condition", text=part.strip()[:40], choices="、".join(_FIELDS))
        if part.strip():
            found[_FIELDS[label]] = _read(_FIELDS[label], values.strip(), known)
    return found


def _read(name: str, text: str, known: Known) -> Any:
    named = _named(name, known)
    if named:
        return tuple(sorted(str(key) for key in named.find_all(text)))
    if name.endswith(("since", "before")):
        return cells.day(text)
    parts = [part for part in re.split(r"[、，,\s]+", text) if part]
    if name in _CODED:
        return tuple(dict.fromkeys(cells.choice(part, _CODED[name].choices, {}) for part in parts))
    if name == "grades":
        return tuple(dict.fromkeys(_grade(part) for part in parts))
    return tuple(dict.fromkeys(parts))


def _grade(text: str) -> str:
    if text == UNGRADED:
        return ""
    grade = text.upper().removesuffix("级").removesuffix("类")
    if grade not in ("A", "B", "C", "D"):
        raise Refused("plans.cell_choice", text=text[:30], choices=f"A、B、C、D、{UNGRADED}")
    return grade
