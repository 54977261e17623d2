"""名单条件 in words: the names of what a pool holds by id, read for many pools at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import Model

from gongchou.accounts.models import Department, Region
from gongchou.plans.models import LineVersion
from gongchou.plans.pool import Pool, pool_from_json
from gongchou.registry.models import Subject, SubLibrary, Tag

EVERYBODY = "主体综合库（全部在库对象）"
_MODELS: dict[str, type[Model]] = {"libraries": SubLibrary, "regions": Region, "tags": Tag, "keepers": Department}
_LABELS = {"regions": "区划", "tags": "标签", "keepers": "管辖单位"}


def pool_words(pools: Iterable[Pool]) -> list[str]:
    """Each pool as an official would write it."""
    found = list(pools)
    names = {field: _names(field, found) for field in _MODELS}
    return [_words(pool, names) for pool in found]


def words_of_lines(lines: Iterable[LineVersion]) -> dict[UUID, str]:
    """Key of the line's content -> its pool in words."""
    rows = list(lines)
    told = pool_words(pool_from_json(row.pool) if row.pool else Pool() for row in rows)
    return {row.pk: words for row, words in zip(rows, told, strict=True)}


def _names(field: str, pools: Iterable[Pool]) -> dict[str, str]:
    ids = {UUID(one) for pool in pools for one in getattr(pool, field)}
    rows = _MODELS[field]._default_manager.filter(pk__in=ids) if ids else ()
    return {str(row.pk): str(row) for row in rows}


def _words(pool: Pool, names: Mapping[str, Mapping[str, str]]) -> str:
    kinds, grades = dict(Subject.Kind.choices), {"": "未评级"}
    parts = ["、".join(names["libraries"].get(one, "（已删除）") for one in pool.libraries) or EVERYBODY]
    for field, label in _LABELS.items():
        if told := "、".join(sorted(names[field].get(one, "（已删除）") for one in getattr(pool, field))):
            parts.append(f"{label}：{told}")
    if pool.kinds:
        parts.append("、".join(str(kinds.get(kind, kind)) for kind in pool.kinds))
    if pool.scales:
        scales = dict(Subject.Scale.choices)
        parts.append("、".join(str(scales.get(scale, scale)) for scale in pool.scales))
    if pool.grades:
        parts.append("风险等级" + "、".join(grades.get(grade, f"{grade}级") for grade in pool.grades))
    if pool.industries:
        parts.append(f"行业{'、'.join(pool.industries)}")
    if pool.licences:
        parts.append(f"持有{'、'.join(pool.licences)}")
    if pool.not_visited_since:
        parts.append(f"{pool.not_visited_since:%Y-%m-%d}以来没有检查过")
    if pool.established_before:
        parts.append(f"{pool.established_before:%Y-%m-%d}前成立")
    return "；".join(parts)
