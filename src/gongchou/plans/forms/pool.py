"""名单条件 as controls: what can be drawn, shared by lines and tasks."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django import forms

from gongchou.accounts.models import Department, Region, User
from gongchou.plans.pool import Pool, pool_from_json, pool_to_json
from gongchou.registry.forms.fields import day, searched, ticks
from gongchou.registry.models import Subject, SubLibrary, Tag

GRADES = [*Subject.Grade.choices, ("none", "未评级")]
_MANY = ("libraries", "regions", "tags", "keepers")


def _many(label: str, hint: str = "") -> forms.ModelMultipleChoiceField:  # type: ignore[type-arg]
    return forms.ModelMultipleChoiceField(
        SubLibrary.objects.none(), label=label, required=False, widget=searched(True), help_text=hint
    )


class PoolForm(forms.Form):
    """The conditions; all that are filled in hold together. ``pool`` is what they come to, as it is stored."""

    libraries = _many("分库", "不选为主体综合库，即全部在库对象。")
    kinds = ticks(Subject.Kind.choices, "主体类别", required=False)
    scales = ticks(Subject.Scale.choices, "企业规模", required=False)
    regions = _many("所在区划", "含下级区划。")
    tags = _many("标签", "有其中任一标签，含下级标签。")
    grades = ticks(GRADES, "信用风险等级", required=False)
    keepers = _many("管辖单位")
    industries = forms.CharField(
        label="行业",
        max_length=200,
        required=False,
        help_text="写行业代码或名称的开头，多个用顿号分开，例如：H62、餐饮业。",
    )
    licences = forms.CharField(
        label="许可证名称", max_length=300, required=False, help_text="多个用顿号分开，例如：食品经营许可证。"
    )
    not_visited_since = forms.DateField(
        label="此日期后没有检查过", widget=day(), required=False, help_text="最近检查过的不再抽取，避免重复打扰。"
    )
    established_before = forms.DateField(label="成立日期早于", widget=day(), required=False)

    def offer_pool(self, by: User) -> None:
        """Say what can be chosen from."""
        rows = {
            "libraries": SubLibrary.objects.filter(is_active=True),
            "regions": Region.objects.filter(valid_to=None),
            "tags": Tag.objects.filter(state=Tag.State.IN_USE, is_for_subjects=True),
            "keepers": Department.objects.filter(is_active=True, is_internal_unit=False),
        }
        for name, queryset in rows.items():
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]

    def pool(self) -> dict[str, Any]:
        """What was filled in, as it is stored; nothing filled in is {}."""
        given = self.cleaned_data
        pool = Pool(
            **{name: tuple(sorted(str(row.pk) for row in given.get(name) or ())) for name in _MANY},
            kinds=tuple(given.get("kinds") or ()),
            scales=tuple(given.get("scales") or ()),
            grades=tuple("" if grade == "none" else grade for grade in given.get("grades") or ()),
            industries=_parts(given.get("industries")),
            licences=_parts(given.get("licences")),
            not_visited_since=given.get("not_visited_since"),
            established_before=given.get("established_before"),
        )
        return {} if pool == Pool() else pool_to_json(pool)


def _parts(text: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in re.split(r"[、，,；;\s]+", text or "") if part))


def pool_initial(stored: dict[str, Any]) -> dict[str, Any]:
    """What stands in the controls for a stored pool."""
    if not stored:
        return {}
    pool = pool_from_json(stored)
    ids = {name: [UUID(one) for one in getattr(pool, name)] for name in _MANY}
    return {
        **ids,
        "kinds": list(pool.kinds),
        "scales": list(pool.scales),
        "grades": [grade or "none" for grade in pool.grades],
        "industries": "、".join(pool.industries),
        "licences": "、".join(pool.licences),
        "not_visited_since": pool.not_visited_since,
        "established_before": pool.established_before,
    }
