"""One sheet for a visit, out of the base forms and the item forms of all its departments (spec/forms.md section 4).

Nothing is asked twice: a question that several forms share, with the same code, type, words and choices, stands once
and counts for all of them. The same code with another meaning is kept apart under a code of its own. The same versions
for the same items make the same sheet, whoever merges them and in whatever order.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from gongchou.checklists.answers import Circle, Entry, order_of, placed
from gongchou.checklists.expressions import LONGEST, names_in, renamed

SCHEMA: Final = 1
Row = dict[str, Any]
Key = tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """A version of a form with what it serves on this visit. items: code and name."""

    version: str
    digest: str
    name: str
    number: int
    is_base: bool
    department: str
    department_name: str
    items: tuple[tuple[str, str], ...]
    definition: Mapping[str, Any] = field(compare=False)

    @property
    def order(self) -> tuple[Any, ...]:
        """Base forms first, then by department and item."""
        return (not self.is_base, self.department, sorted(self.items), self.name, self.number, self.version)

    def told(self) -> Row:
        """As the sheet names it."""
        items = [{"code": code, "name": name} for code, name in sorted(self.items)]
        department = {"code": self.department, "name": self.department_name}
        told = {"version": self.version, "digest": self.digest, "name": self.name, "number": self.number}
        return {**told, "is_base": self.is_base, "department": department, "items": items}


def merge(parts: Iterable[Part]) -> Row:
    """The sheet of a visit: ``forms``, ``survey``, ``choices`` and the ``digest`` of all of it."""
    forms = [_Form(number, part) for number, part in enumerate(sorted(set(parts), key=lambda one: one.order), 1)]
    apart: set[tuple[str, Key]] = set()
    while True:
        merger = _Merger(forms, apart)
        sheet = merger.sheet()
        more = _not_to_be_shared(merger, sheet)
        if not more:
            return sheet | {"digest": digest_of(sheet)}
        apart |= more


def digest_of(sheet: Mapping[str, Any]) -> str:
    """SHA-256 over the sheet, its keys sorted, without blanks, in UTF-8."""
    told = {name: value for name, value in sheet.items() if name != "digest"}
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def _not_to_be_shared(merger: _Merger, sheet: Row) -> set[tuple[str, Key]]:
    """What must stand apart after all: shared questions that close a circle, or whose conditions grew too long."""
    long = {
        row["name"]
        for row in sheet["survey"]
        if any(len(row.get(one, "")) > LONGEST for one in ("relevant", "constraint"))
    }
    return {merger.origin(name) for name in long or _circle(sheet) if merger.is_shared(name)}


def _circle(sheet: Row) -> list[str]:
    try:
        order_of({one.name: one for one in placed(sheet["survey"], sheet["choices"])})
    except Circle as circle:
        return circle.names
    return []


class _Form:
    """A part, with its rows where they stand."""

    def __init__(self, number: int, part: Part) -> None:
        self.number, self.part = number, part
        self.entries = {one.name: one for one in placed(part.definition["survey"], part.definition["choices"])}
        self.lists: dict[str, tuple[tuple[str, str], ...]] = {}
        for one in part.definition["choices"]:
            self.lists[one["list_name"]] = (*self.lists.get(one["list_name"], ()), (one["name"], one["label"]))

    def around(self, entry: Entry) -> list[Entry]:
        """The groups and repeats around a row, the outermost first."""
        found: list[Entry] = []
        while entry.around:
            entry = self.entries[entry.around]
            found.append(entry)
        return found[::-1]

    def within(self, name: str) -> list[Entry]:
        """The rows right inside a group or repeat, or the form."""
        return [one for one in self.entries.values() if one.around == name]


class _Merger:
    """Which rows of the forms are one, what they are called, and how they read together."""

    def __init__(self, forms: Sequence[_Form], apart: set[tuple[str, Key]]) -> None:
        self.forms, self.apart = forms, apart
        self.keys: dict[tuple[int, str], Key] = {}
        self.holders: dict[tuple[str, Key], list[tuple[_Form, Entry]]] = {}
        for form in forms:
            for entry in form.entries.values():
                self.holders.setdefault((entry.name, self.key_of(form, entry)), []).append((form, entry))
        self.names = _distinct({origin: held[0][0].number for origin, held in self.holders.items()})
        self.new_names = {form.number: {one: self.name_of(form, one) for one in form.entries} for form in forms}
        self.origins = {name: origin for origin, name in self.names.items()}
        contents = {(name, form.lists[name]): form.number for form in forms[::-1] for name in form.lists}
        self.lists = _distinct(dict(sorted(contents.items(), key=lambda one: (one[1], one[0]))))

    def origin(self, name: str) -> tuple[str, Key]:
        return self.origins[name]

    def is_shared(self, name: str) -> bool:
        return name in self.origins and len(self.holders[self.origins[name]]) > 1

    # Which rows are one

    def key_of(self, form: _Form, entry: Entry) -> Key:
        """What a row means: rows of one key and one code are one row."""
        at = form.number, entry.name
        if at not in self.keys:
            key = self._meaning(form, entry)
            self.keys[at] = (*key, str(form.number)) if (entry.name, key) in self.apart else key
        return self.keys[at]

    def _meaning(self, form: _Form, entry: Entry) -> Key:
        if entry.home or entry.kind.startswith("begin_"):
            return ("own", str(form.number))
        listed = form.lists.get(entry.row.get("list_name", ""), ())
        key = (entry.kind, entry.row.get("label", ""), entry.row.get("calculation", ""), *map("\n".join, listed))
        named = names_in(entry.calculation) if entry.calculation else []
        return (*key, *(part for name in named for part in self.key_of(form, form.entries[name])))

    def name_of(self, form: _Form, name: str) -> str:
        return self.names[name, self.keys[form.number, name]]

    # How they read together

    def sheet(self) -> Row:
        survey = [row for form in self.forms for row in self._section(form)]
        used = {row["list_name"] for row in survey if "list_name" in row}
        choices = [
            {"list_name": merged, "name": code, "label": label}
            for (_, content), merged in self.lists.items()
            if merged in used
            for code, label in content
        ]
        return {
            "schema": SCHEMA,
            "forms": [form.part.told() for form in self.forms],
            "survey": survey,
            "choices": choices,
        }

    def _section(self, form: _Form) -> list[Row]:
        name = f"section_{form.number}"
        while name in self.origins:
            name += "_"
        rows = [row for entry in form.within("") for row in self._rows(form, entry)]
        label = f"{form.part.department_name}：{form.part.name}"
        begin = {"type": "begin_group", "name": name, "label": label, "section": form.number}
        return [begin, *rows, {"type": "end_group"}] if rows else []

    def _rows(self, form: _Form, entry: Entry) -> Iterator[Row]:
        """A row with all inside it, unless it stands further up."""
        if not entry.kind.startswith("begin_"):
            if self._is_first(form, entry) and not self._is_lifted(form, entry):
                yield self._row(form, entry)
            return
        if entry.relevant is not None:
            yield from self._lifted_out_of(form, entry)
        rows = [row for one in form.within(entry.name) for row in self._rows(form, one)]
        if rows:
            yield self._row(form, entry)
            yield from rows
            yield {"type": entry.kind.replace("begin", "end")}

    def _is_first(self, form: _Form, entry: Entry) -> bool:
        return self.holders[entry.name, self.key_of(form, entry)][0] == (form, entry)

    def _is_lifted(self, form: _Form, entry: Entry) -> bool:
        """What others ask as well cannot wait for the condition of a group of this form."""
        is_shared = self.is_shared(self.name_of(form, entry.name))
        return is_shared and any(one.relevant is not None for one in form.around(entry))

    def _lifted_out_of(self, form: _Form, group: Entry) -> Iterator[Row]:
        if any(one.relevant is not None for one in form.around(group)):
            return
        for entry in form.entries.values():
            is_inside = group in form.around(entry)
            if is_inside and self._is_first(form, entry) and self._is_lifted(form, entry):
                yield self._row(form, entry)

    def _row(self, form: _Form, entry: Entry) -> Row:
        held = self.holders[entry.name, self.key_of(form, entry)]
        own = {one: entry.row[one] for one in ("type", "label", "appearance") if one in entry.row}
        row: Row = {**own, "name": self.name_of(form, entry.name)}
        if "list_name" in entry.row:
            row["list_name"] = self.lists[entry.row["list_name"], form.lists[entry.row["list_name"]]]
        if any(one.row.get("required") for _, one in held):
            row["required"] = True
        row |= {one: _joined(other.row.get(one, "") for _, other in held) for one in ("hint", "constraint_message")}
        row |= {one: _joined(other.row.get(one, "") for _, other in held) for one in ("basis", "severity")}
        row |= {"relevant": self._relevant(held), "constraint": self._constraint(held)}
        row["calculation"] = self._renamed(form, entry.row.get("calculation", ""))
        row["serves"] = [_served(one, other) for one, other in held]
        return {name: value for name, value in row.items() if value}

    def _renamed(self, form: _Form, text: str) -> str:
        return renamed(text, self.new_names[form.number]) if text else ""

    def _shown(self, form: _Form, entry: Entry) -> str:
        """When one form shows a row: by the conditions around it, if it is shared, and its own."""
        around = form.around(entry) if self.is_shared(self.name_of(form, entry.name)) else []
        texts = [str(one.row["relevant"]) for one in (*around, entry) if one.row.get("relevant")]
        return self._renamed(form, _of_all("and", texts))

    def _relevant(self, held: Sequence[tuple[_Form, Entry]]) -> str:
        """Shown when any of the forms shows it."""
        texts = [self._shown(*one) for one in held]
        return _of_all("or", texts) if all(texts) else ""

    def _constraint(self, held: Sequence[tuple[_Form, Entry]]) -> str:
        """Each form holds its own constraint, where it would have asked."""
        texts = [self._renamed(form, entry.row.get("constraint", "")) for form, entry in held]
        shown = [self._shown(form, entry) for form, entry in held]
        if len(set(texts)) == 1 or len(set(shown)) == 1:
            return _of_all("and", list(filter(None, texts)))
        pairs = zip(shown, texts, strict=True)
        return _of_all("and", [f"not({when}) or ({text})" if when else text for when, text in pairs if text])


def _distinct(numbers: Mapping[tuple[str, Any], int]) -> dict[tuple[str, Any], str]:
    """A name for each: its own where nobody else wants it, else one with the number of its form before it."""
    wanted = Counter(name for name, _ in numbers)
    taken, made = set(wanted), dict[tuple[str, Any], str]()
    for (name, what), number in numbers.items():
        new = name
        if wanted[name] > 1:
            new = f"f{number}_{name}"
            while new in taken:
                new += "_"
            taken.add(new)
        made[name, what] = new
    return made


def _served(form: _Form, entry: Entry) -> Row:
    told = {one: entry.row[one] for one in ("basis", "severity") if one in entry.row}
    return {"form": form.number, "name": entry.name, **told}


def _joined(words: Iterable[str]) -> str:
    return "；".join(dict.fromkeys(filter(None, words)))


def _of_all(sign: str, texts: Sequence[str]) -> str:
    once = list(dict.fromkeys(texts))
    return once[0] if len(once) == 1 else f" {sign} ".join(f"({one})" for one in once)
