"""Controls for a rule: choose a way, fill in what it asks for; everything can be read and sent without script.

What is typed for another way than the chosen one is left aside. Below stands the sentence that comes of the controls.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, TypeVar

from django import forms

from gongchou.refusal import Refused, sentence

T = TypeVar("T")
Raw = Mapping[str, str]
"""Controls by the rest of their names: kind, amount, level-city, group-0-key, …"""


class Typed(dict[str, str]):
    """What somebody typed, as against a rule as it is stored."""


class RuleWidget(forms.Widget):
    """Many small controls whose names begin with the field's."""

    use_fieldset = True
    kinds: ClassVar[Mapping[str, str]]

    def raw(self, stored: dict[str, Any]) -> Raw:
        """What stands in the controls for a stored rule."""
        raise NotImplementedError

    def read(self, raw: Raw) -> dict[str, Any]:
        """The rule as it is stored. Raises Refused."""
        raise NotImplementedError

    def sentence(self, stored: dict[str, Any]) -> str:
        """The rule as officials write it."""
        raise NotImplementedError

    def controls(self, raw: Raw) -> dict[str, Any]:
        """What the template needs beside the kind."""
        raise NotImplementedError

    def told(self, raw: Raw) -> tuple[str, bool]:
        """The sentence that comes of the controls, or why none does; and whether it is one."""
        if is_untouched(raw):
            return "", True
        try:
            return self.sentence(self.read(raw)), True
        except Refused as refused:
            return sentence(refused), False

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Every control with its name, label and value."""
        raw: Raw = value if isinstance(value, Typed) else self.raw(value) if value else {}
        words, is_clear = self.told(raw)
        if isinstance(raw, Typed) and not is_clear:
            words = ""  # what is wrong with what was sent stands under the field
        told = {"kind": raw.get("kind", "flat"), "kinds": self.kinds, "words": words, "is_clear": is_clear}
        return {**super().get_context(name, None, attrs), **told, **self.controls(raw)}

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Typed:
        """All controls of this field, by the rest of their names."""
        head = f"{name}-"
        return Typed({key.removeprefix(head): str(data[key]).strip() for key in data if key.startswith(head)})

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Nothing was sent."""
        return not any(key.startswith(f"{name}-") for key in data)

    def id_for_label(self, id_: str) -> str:
        """The field is a group; its controls have labels of their own."""
        return ""


class RuleField(forms.Field):
    """Cleans to the rule as it is stored; an untouched optional one to {}."""

    widget: Any = RuleWidget  # a class here, and one of it in a form

    def clean(self, value: Any) -> dict[str, Any]:
        """Read the controls; a refusal becomes the field's error."""
        raw: Raw = value or {}
        if is_untouched(raw) and not self.required:
            return {}
        try:
            stored: dict[str, Any] = self.widget.read(raw)
        except Refused as refused:
            raise forms.ValidationError(sentence(refused)) from refused
        return stored

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Asked by nobody who would act on it."""
        return True


def is_untouched(raw: Raw) -> bool:
    """Whether nobody has chosen or typed anything."""
    return raw.get("kind", "flat") == "flat" and not any(raw[key] for key in raw if key != "kind")


def paired_controls(raw: Raw, word: str, n_least: int) -> list[tuple[str, str, str]]:
    """Name, key and amount of rows that somebody names; there is always one to spare."""
    filled = [
        int(key.split("-")[1]) for key in raw if re.fullmatch(rf"{word}-\d{{1,3}}-(key|amount)", key) and raw[key]
    ]
    names = [f"{word}-{number}" for number in range(max([n_least, *(number + 2 for number in filled)]))]
    return [(name, raw.get(f"{name}-key", ""), raw.get(f"{name}-amount", "")) for name in names]


def keyed_controls(raw: Raw, word: str, names: Mapping[Any, str]) -> list[tuple[str, str, str]]:
    """Name, label and value of rows whose keys are given."""
    return [(f"{word}-{key}", label, raw.get(f"{word}-{key}", "")) for key, label in names.items()]


def paired(raw: Raw, word: str) -> list[tuple[str, str]]:
    """Key and amount of the rows that somebody filled in."""
    return [(key, amount) for _, key, amount in paired_controls(raw, word, 0) if key or amount]


def keyed(raw: Raw, word: str, keys: Iterable[Any]) -> list[tuple[str, str]]:
    """Key and value of the given rows that somebody filled in."""
    return [(str(key), raw[f"{word}-{key}"]) for key in keys if raw.get(f"{word}-{key}")]


def read_each(read: Callable[[str], T], texts: Iterable[str]) -> list[T]:
    """All texts read. Raises Refused as the first that cannot be, with all that are refused for the same reason."""
    found, refusals = [], []
    for text in texts:
        try:
            found.append(read(text))
        except Refused as refused:
            refusals.append(refused)
    if refusals:
        alike = [refused for refused in refusals if refused.code == refusals[0].code]
        told = "”“".join(dict.fromkeys(str(refused.facts.get("text", "")) for refused in alike))
        raise Refused(alike[0].code, **{**alike[0].facts, "text": told})
    return found


def numbered(word: str, rows: Iterable[tuple[str, object]]) -> dict[str, str]:
    """Rows of key and amount as ``paired`` reads them."""
    told = [(f"{word}-{n}", key, amount) for n, (key, amount) in enumerate(rows)]
    return {f"{name}-key": key for name, key, _ in told} | {f"{name}-amount": str(amount) for name, _, amount in told}
