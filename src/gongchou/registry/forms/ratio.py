"""抽查比例 as controls."""

from __future__ import annotations

from typing import Any

from gongchou.refusal import Refused
from gongchou.registry.forms.rules import (
    Raw,
    RuleField,
    RuleWidget,
    keyed,
    keyed_controls,
    numbered,
    paired,
    paired_controls,
    read_each,
)
from gongchou.registry.ratio import (
    FLAGS,
    GRADES,
    LEVEL_NAMES,
    AsNeeded,
    By,
    Choice,
    Flat,
    Option,
    Part,
    Ratio,
    Table,
    ratio_from_json,
    ratio_to_json,
    read_amount,
    sentence,
)

N_PARTS, N_GROUPS, N_OPTIONS = 2, 4, 2
KINDS = {
    "flat": "统一比例或数量",
    "level": "按实施层级",
    "grade": "按信用风险等级",
    "group": "按对象类别",
    "choice": "几种做法任选其一",
    "as_needed": "根据实际情况确定",
}
FLAG_NAMES = {
    "is_usual": "前面加“一般”",
    "is_yearly": "按年计算（加“/年”）",
    "or_special_plan": "或按专项计划",
    "may_split": "可在年度内分批完成",
}
GRADE_NAMES = {grade: f"{grade}级" for grade in GRADES}


def raw_of(rule: Ratio) -> Raw:
    """What stands in the controls for a rule."""
    match rule:
        case Flat():
            flags = {flag: "on" for flag in FLAGS if getattr(rule, flag)}
            parts = numbered("part", [(part.key, part.amount) for part in rule.parts])
            return {"kind": "flat", "amount": str(rule.amount), **flags, **parts}
        case Table(by=By.GROUP):
            return {"kind": "group", **numbered("group", [(row.key, row.amount) for row in rule.rows])}
        case Table():
            return {"kind": str(rule.by), **{f"{rule.by}-{row.key}": str(row.amount) for row in rule.rows}}
        case Choice():
            return {"kind": "choice", **numbered("option", [(str(one.times), one.amount) for one in rule.options])}
        case AsNeeded():
            return {"kind": "as_needed"}


def ratio_of(raw: Raw) -> Ratio:
    """The rule somebody filled in. Raises Refused."""
    match raw.get("kind"):
        case "flat":
            flags = {flag: flag in raw for flag in FLAGS}
            rows = paired(raw, "part")
            amount, *own = read_each(read_amount, [raw.get("amount", ""), *(text for _, text in rows)])
            return Flat(amount, **flags, parts=tuple(map(Part, [key for key, _ in rows], own)))
        case "level":
            return Table(By.LEVEL, _parts(keyed(raw, "level", LEVEL_NAMES)))
        case "grade":
            return Table(By.GRADE, _parts(keyed(raw, "grade", GRADES)))
        case "group":
            return Table(By.GROUP, _parts(paired(raw, "group")))
        case "choice":
            rows = paired(raw, "option")
            amounts = read_each(read_amount, [text for _, text in rows])
            return Choice(tuple(map(Option, amounts, [_times(times) for times, _ in rows])))
        case "as_needed":
            return AsNeeded()
    raise Refused("registry.ratio_kind")


def _parts(rows: list[tuple[str, str]]) -> tuple[Part, ...]:
    keys, texts = [key for key, _ in rows], [text for _, text in rows]
    return tuple(map(Part, keys, read_each(read_amount, texts)))


def _times(text: str) -> int:
    if not text.isdecimal() or len(text) > 3:
        raise Refused("registry.ratio_times", times=text)
    return int(text)


class RatioWidget(RuleWidget):
    """抽查比例."""

    template_name = "registry/widgets/ratio.html"
    kinds = KINDS

    def raw(self, stored: dict[str, Any]) -> Raw:
        """What stands in the controls for a stored rule."""
        return raw_of(ratio_from_json(stored))

    def read(self, raw: Raw) -> dict[str, Any]:
        """The rule as it is stored. Raises Refused."""
        return ratio_to_json(ratio_of(raw))

    def sentence(self, stored: dict[str, Any]) -> str:
        """The rule as officials write it."""
        return sentence(ratio_from_json(stored))

    def controls(self, raw: Raw) -> dict[str, Any]:
        """Amount, flags, and the rows of each kind."""
        return {
            "amount": raw.get("amount", ""),
            "flags": [(flag, words, flag in raw) for flag, words in FLAG_NAMES.items()],
            "parts": paired_controls(raw, "part", N_PARTS),
            "levels": keyed_controls(raw, "level", LEVEL_NAMES),
            "grades": keyed_controls(raw, "grade", GRADE_NAMES),
            "groups": paired_controls(raw, "group", N_GROUPS),
            "options": paired_controls(raw, "option", N_OPTIONS),
        }


class RatioField(RuleField):
    """抽查比例."""

    widget = RatioWidget
