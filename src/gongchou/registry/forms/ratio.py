"""Controls for ratio and frequency: choose a way, fill in what it asks for; every choice can be read without script.

What is typed for another way than the chosen one is left aside; the page shows the sentence that came of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from gongchou.refusal import Refused, sentence
from gongchou.registry import frequency, ratio
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
    Table,
    ratio_from_json,
    ratio_to_json,
    read_amount,
)

N_PARTS, N_GROUPS, N_OPTIONS = 3, 5, 3
RATIO_KINDS = {
    "flat": "统一比例或数量",
    "level": "按实施层级",
    "grade": "按信用风险等级",
    "group": "按对象类别",
    "choice": "几种做法任选其一",
    "as_needed": "根据实际情况确定",
}
FREQUENCY_KINDS = {"flat": "统一频次", "level": "按实施层级", "grade": "按信用风险等级", "none": "不作统一规定"}
FLAG_NAMES = {
    "is_usual": "“一般”（表述前加“一般”）",
    "is_yearly": "按年计算（表述后加“/年”）",
    "or_special_plan": "或按专项计划",
    "may_split": "可在年度内分批完成",
}
Raw = dict[str, str]


class _RuleWidget(forms.Widget):
    """Many small controls whose names begin with the field's; its value is what stands in them."""

    use_fieldset = True

    class Media:
        css = {"all": ("registry/rules.css",)}  # noqa: RUF012 -- as Django reads it

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Raw:
        """All controls of this field, by the rest of their names."""
        head = f"{name}-"
        return {key.removeprefix(head): str(data[key]).strip() for key in data if key.startswith(head)}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Nothing was sent."""
        return not any(key.startswith(f"{name}-") for key in data)

    def id_for_label(self, id_: str) -> str:
        """The field is a group; its controls have labels of their own."""
        return ""


class RatioWidget(_RuleWidget):
    """抽查比例."""

    template_name = "registry/widgets/ratio.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Every control with its name, label and value."""
        raw: Raw = raw_ratio(value)
        return {
            **super().get_context(name, None, attrs),
            "kind": raw.get("kind", "flat"),
            "kinds": RATIO_KINDS,
            "amount": raw.get("amount", ""),
            "flags": [(flag, words, flag in raw) for flag, words in FLAG_NAMES.items()],
            "parts": _pairs(raw, "part", N_PARTS),
            "levels": _keyed(raw, "level", LEVEL_NAMES),
            "grades": _keyed(raw, "grade", {grade: f"{grade}级" for grade in GRADES}),
            "groups": _pairs(raw, "group", N_GROUPS),
            "options": _pairs(raw, "option", N_OPTIONS),
        }


class FrequencyWidget(_RuleWidget):
    """抽查频次."""

    template_name = "registry/widgets/frequency.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Every control with its name, label and value."""
        raw: Raw = raw_frequency(value)
        return {
            **super().get_context(name, None, attrs),
            "kind": raw.get("kind", "flat"),
            "kinds": FREQUENCY_KINDS,
            "series": raw.get("series", ""),
            "subject": raw.get("subject", ""),
            "levels": _keyed(raw, "level", LEVEL_NAMES),
            "grades": _keyed(raw, "grade", {grade: f"{grade}级" for grade in GRADES}),
        }


def _pairs(raw: Raw, word: str, n: int) -> list[tuple[str, str, str]]:
    names = [f"{word}-{number}" for number in range(n)]
    return [(name, raw.get(f"{name}-key", ""), raw.get(f"{name}-amount", "")) for name in names]


def _keyed(raw: Raw, word: str, names: Mapping[Any, str]) -> list[tuple[str, str, str]]:
    return [(f"{word}-{key}", label, raw.get(f"{word}-{key}", "")) for key, label in names.items()]


def raw_ratio(value: Any) -> Raw:
    """What stands in the controls for a stored rule; what somebody typed stays as it is."""
    if not value or not isinstance(value.get("kind"), str) or not _is_stored(value):
        return value or {}
    match ratio_from_json(value):
        case Flat() as rule:
            flags = {flag: "on" for flag in FLAGS if getattr(rule, flag)}
            return {"kind": "flat", "amount": str(rule.amount), **flags, **_numbered("part", rule.parts)}
        case Table(by=By.GROUP) as rule:
            return {"kind": "group", **_numbered("group", rule.rows)}
        case Table() as rule:
            return {"kind": str(rule.by), **{f"{rule.by}-{row.key}": str(row.amount) for row in rule.rows}}
        case Choice() as rule:
            rows = {f"option-{n}-key": str(one.times) for n, one in enumerate(rule.options)}
            return {"kind": "choice", **rows, **_amounts("option", [one.amount for one in rule.options])}
    return {"kind": "as_needed"}


def _is_stored(value: Mapping[str, Any]) -> bool:
    return value["kind"] == "as_needed" or bool({"rows", "options", "parts"} & set(value))


def _numbered(word: str, rows: tuple[Part, ...]) -> Raw:
    return {f"{word}-{n}-key": row.key for n, row in enumerate(rows)} | _amounts(word, [row.amount for row in rows])


def _amounts(word: str, rows: list[ratio.Amount]) -> Raw:
    return {f"{word}-{n}-amount": str(amount) for n, amount in enumerate(rows)}


def raw_frequency(value: Any) -> Raw:
    """What stands in the controls for a stored rule; what somebody typed stays as it is."""
    if not value or set(value) != {"series", "subject"} or isinstance(value["series"], str):
        return value or {}
    rule = frequency.frequency_from_json(value)
    subject = str(rule.subject) if rule.subject else ""
    if isinstance(rule.series, frequency.TimesTable):
        rows = {f"{rule.series.by}-{row.key}": str(row.times) for row in rule.series.rows}
        return {"kind": str(rule.series.by), "subject": subject, **rows}
    if rule.series is None:
        return {"kind": "none", "subject": subject}
    return {"kind": "flat", "subject": subject, "series": str(rule.series)}


def ratio_of(raw: Raw) -> ratio.Ratio:
    """The rule somebody filled in. Raises Refused."""
    match raw.get("kind"):
        case "flat":
            flags = {flag: flag in raw for flag in FLAGS}
            return Flat(read_amount(raw.get("amount", "")), **flags, parts=_parts(raw, "part", N_PARTS))
        case "level":
            return Table(By.LEVEL, _filled(raw, "level", map(str, LEVEL_NAMES)))
        case "grade":
            return Table(By.GRADE, _filled(raw, "grade", GRADES))
        case "group":
            return Table(By.GROUP, _parts(raw, "group", N_GROUPS))
        case "choice":
            rows = [(times, amount) for _, times, amount in _pairs(raw, "option", N_OPTIONS) if times or amount]
            return Choice(tuple(Option(read_amount(amount), _times(times)) for times, amount in rows))
        case "as_needed":
            return AsNeeded()
    raise Refused("registry.ratio_kind")


def _times(text: str) -> int:
    if not text.isdecimal() or len(text) > 3:
        raise Refused("registry.ratio_times", times=text)
    return int(text)


def _parts(raw: Raw, word: str, n: int) -> tuple[Part, ...]:
    rows = [(key, amount) for _, key, amount in _pairs(raw, word, n) if key or amount]
    return tuple(Part(key, read_amount(amount)) for key, amount in rows)


def _filled(raw: Raw, word: str, keys: Any) -> tuple[Part, ...]:
    return tuple(Part(key, read_amount(raw[f"{word}-{key}"])) for key in keys if raw.get(f"{word}-{key}"))


def frequency_of(raw: Raw) -> frequency.Frequency:
    """The rule somebody filled in. Raises Refused."""
    subject = frequency.read_times(raw["subject"]) if raw.get("subject") else None
    series: frequency.Times | frequency.TimesTable | None = None
    match raw.get("kind"):
        case "flat":
            series = frequency.read_times(raw.get("series", ""))
        case "level":
            series = frequency.TimesTable(By.LEVEL, _rows(raw, "level", map(str, LEVEL_NAMES)))
        case "grade":
            series = frequency.TimesTable(By.GRADE, _rows(raw, "grade", GRADES))
        case "none":
            pass
        case _:
            raise Refused("registry.ratio_kind")
    return frequency.Frequency(series, subject)


def _rows(raw: Raw, word: str, keys: Any) -> tuple[frequency.TimesRow, ...]:
    given = [(key, raw[f"{word}-{key}"]) for key in keys if raw.get(f"{word}-{key}")]
    return tuple(frequency.TimesRow(key, frequency.read_times(text)) for key, text in given)


class _RuleField(forms.Field):
    """Cleans to the rule as it is stored; an untouched optional one to {}."""

    def clean(self, value: Any) -> dict[str, Any]:
        """Read the controls; a refusal becomes the field's error."""
        raw: Raw = value or {}
        is_untouched = raw.get("kind", "flat") == "flat" and not any(raw[key] for key in raw if key != "kind")
        if is_untouched and not self.required:
            return {}
        try:
            return self.stored(raw)
        except Refused as refused:
            raise forms.ValidationError(sentence(refused)) from refused

    def stored(self, raw: Raw) -> dict[str, Any]:
        """The rule as it is stored."""
        raise NotImplementedError

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Asked by nobody who would act on it."""
        return True


class RatioField(_RuleField):
    """抽查比例."""

    widget = RatioWidget

    def stored(self, raw: Raw) -> dict[str, Any]:
        """The rule as it is stored."""
        return ratio_to_json(ratio_of(raw))


class FrequencyField(_RuleField):
    """抽查频次."""

    widget = FrequencyWidget

    def stored(self, raw: Raw) -> dict[str, Any]:
        """The rule as it is stored."""
        return frequency.frequency_to_json(frequency_of(raw))
