"""抽查频次 as controls."""

from __future__ import annotations

from typing import Any

from gongchou.refusal import Refused
from gongchou.registry.forms.ratio import GRADE_NAMES, N_GROUPS
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
from gongchou.registry.frequency import (
    AS_NEEDED,
    Frequency,
    Series,
    TimesRow,
    TimesTable,
    frequency_from_json,
    frequency_to_json,
    read_times,
    read_times_or_none,
    read_visits,
    sentence,
)
from gongchou.registry.ratio import GRADES, LEVEL_NAMES, By

KINDS = {
    "flat": "统一频次",
    "level": "按实施层级",
    "grade": "按信用风险等级",
    "group": "按对象类别",
    "none": "根据实际情况确定",
}


def raw_of(rule: Frequency) -> Raw:
    """What stands in the controls for a rule."""
    visits = {"subject": str(rule.subject or "")}
    match rule.series:
        case None:
            return {"kind": "none", **visits}
        case TimesTable(by=By.GROUP, rows=rows):
            return {"kind": "group", **visits, **numbered("group", [(row.key, row.words) for row in rows])}
        case TimesTable(by=by, rows=rows):
            return {"kind": str(by), **visits, **{f"{by}-{row.key}": row.words for row in rows}}
    return {"kind": "flat", **visits, "series": str(rule.series)}


def frequency_of(raw: Raw) -> Frequency:
    """The rule somebody filled in. Raises Refused."""
    visits = read_visits(raw["subject"]) if raw.get("subject") else None
    return Frequency(_series_of(raw), visits)


def _series_of(raw: Raw) -> Series:
    match raw.get("kind"):
        case "flat":
            return read_times(raw.get("series", ""))
        case "level":
            return _table(By.LEVEL, keyed(raw, "level", LEVEL_NAMES))
        case "grade":
            return _table(By.GRADE, keyed(raw, "grade", GRADES))
        case "group":
            return _table(By.GROUP, paired(raw, "group"))
        case "none":
            return None
    raise Refused("registry.ratio_kind")


def _table(by: By, rows: list[tuple[str, str]]) -> TimesTable:
    keys, texts = [key for key, _ in rows], [text for _, text in rows]
    return TimesTable(by, tuple(map(TimesRow, keys, read_each(read_times_or_none, texts))))


class FrequencyWidget(RuleWidget):
    """抽查频次."""

    template_name = "registry/widgets/frequency.html"
    kinds = KINDS

    def raw(self, stored: dict[str, Any]) -> Raw:
        """What stands in the controls for a stored rule."""
        return raw_of(frequency_from_json(stored))

    def read(self, raw: Raw) -> dict[str, Any]:
        """The rule as it is stored. Raises Refused."""
        return frequency_to_json(frequency_of(raw))

    def sentence(self, stored: dict[str, Any]) -> str:
        """The rule as officials write it."""
        return sentence(frequency_from_json(stored))

    def controls(self, raw: Raw) -> dict[str, Any]:
        """How often tasks are run, in each kind, and how often one subject is visited."""
        return {
            "series": raw.get("series", ""),
            "subject": raw.get("subject", ""),
            "levels": keyed_controls(raw, "level", LEVEL_NAMES),
            "grades": keyed_controls(raw, "grade", GRADE_NAMES),
            "groups": paired_controls(raw, "group", N_GROUPS),
            "as_needed": AS_NEEDED,
        }


class FrequencyField(RuleField):
    """抽查频次."""

    widget = FrequencyWidget
