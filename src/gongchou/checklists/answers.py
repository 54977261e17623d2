"""A form with answers: what is asked, what is missing, what cannot be so (spec/forms.md section 3).

``static/checklists/answers.js`` is the same in the browser; both answer to ``spec/vectors/forms.json``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any, Final, NamedTuple

from gongchou.checklists.expressions import Node, evaluate, names_in, parse
from gongchou.checklists.values import SPACES, days_of, is_time, text_of, truth_of

LONGEST_TEXT: Final = 4_000  # characters
MOST_REPEATS: Final = 100
MOST_PICTURES: Final = 20
WITHOUT_ANSWER: Final = ("begin_group", "note")

Definition = Mapping[str, Any]
Raw = Mapping[str, Any]


class Problem(NamedTuple):
    """What is wrong with an answer. path: ``name``, or ``repeat/0/name``; code: one of spec/forms.md section 3.4."""

    path: str
    code: str
    facts: dict[str, Any]


@dataclass(frozen=True)
class Filled:
    """answers: those that count, with what was computed; relevant: the paths of all rows that are shown."""

    answers: dict[str, Any]
    relevant: frozenset[str]
    problems: list[Problem]


@dataclass(frozen=True)
class Entry:
    """A row of a form. home: the repeat it stands in, or ""; around: the group or repeat right around it, or ""."""

    row: Mapping[str, Any]
    home: str
    around: str
    choices: tuple[str, ...]
    relevant: Node | None
    constraint: Node | None
    calculation: Node | None

    @property
    def name(self) -> str:
        """Its code."""
        return str(self.row["name"])

    @property
    def kind(self) -> str:
        """Its type."""
        return str(self.row["type"])

    @property
    def rests_on(self) -> list[str]:
        """What must be known before its relevance and its value are."""
        named = [one for node in (self.relevant, self.calculation) if node for one in names_in(node)]
        return [*named, *filter(None, [self.around])]


class Circle(Exception):  # noqa: N818 -- a finding about a form
    """Rows that wait for one another. names: the way round, its first name again at the end."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(names)
        self.names = names


@dataclass(frozen=True)
class Form:
    """The rows of a form by name, in its order, and the order in which they can be worked out."""

    entries: Mapping[str, Entry]
    order: tuple[str, ...]

    def within(self, home: str) -> Iterator[Entry]:
        """The rows of a repeat, or those of none."""
        return (one for one in self.entries.values() if one.home == home)


def form_of(definition: Definition) -> Form:
    """Read a form, or a merged sheet, once for many answers. Raises ExpressionError, Circle."""
    entries = {one.name: one for one in placed(definition["survey"], definition["choices"])}
    return Form(entries, order_of(entries))


def placed(survey: Iterable[Raw], choices: Iterable[Raw]) -> Iterator[Entry]:
    """The rows that have a name, with where they stand. Raises ExpressionError."""
    offered: dict[str, list[str]] = {}
    for one in choices:
        offered.setdefault(one["list_name"], []).append(one["name"])
    around: list[tuple[str, str]] = []  # kind and name
    for row in survey:
        if row["type"] in ("end_group", "end_repeat"):
            around.pop()
            continue
        home = next((name for kind, name in reversed(around) if kind == "begin_repeat"), "")
        nearest = around[-1][1] if around else ""
        nodes = [parse(row[one]) if row.get(one) else None for one in ("relevant", "constraint", "calculation")]
        yield Entry(row, home, nearest, tuple(offered.get(row.get("list_name", ""), ())), *nodes)
        if row["type"] in ("begin_group", "begin_repeat"):
            around.append((row["type"], row["name"]))


def order_of(entries: Mapping[str, Entry]) -> tuple[str, ...]:
    """The rows so that each comes after those it rests on. Raises Circle."""
    graph = {name: [one for one in entry.rests_on if one in entries] for name, entry in entries.items()}
    try:
        return tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise Circle(list(reversed(error.args[1]))) from error


# Types ------------------------------------------------------------------------------------------

_INTEGER = re.compile(r"-?[1-9][0-9]{0,14}|0")
_DECIMAL = re.compile(r"(?!-0(?![.]))-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{0,5}[1-9])?")
_DEGREES = r"(-?[0-9]{1,3}(?:\.[0-9]{1,10})?)"
_POINT = re.compile(rf"{_DEGREES} {_DEGREES}(?: -?[0-9]{{1,6}}(?:\.[0-9]{{1,6}})?){{0,2}}")
_NAME_OF_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


class _Wrong(Exception):  # noqa: N818 -- caught a few lines below
    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code, facts)
        self.code, self.facts = code, facts


def _is_point(text: str) -> bool:
    found = _POINT.fullmatch(text)
    return found is not None and abs(float(found[1])) <= 90 and abs(float(found[2])) <= 180


_LOOKS: dict[str, Callable[[str], object]] = {
    "text": lambda text: True,
    "barcode": lambda text: True,
    "integer": _INTEGER.fullmatch,
    "decimal": _DECIMAL.fullmatch,
    "date": lambda text: days_of(text) is not None,
    "time": is_time,
    "geopoint": _is_point,
    "signature": _NAME_OF_FILE.fullmatch,
    "image": _NAME_OF_FILE.fullmatch,
}


def _clean(entry: Entry, raw: Any) -> str | list[str]:
    """The answer as it is kept, empty if there is none. Raises _Wrong."""
    if raw is None:
        return ""
    if entry.kind in ("select_multiple", "image"):
        return _clean_list(entry, raw)
    if not isinstance(raw, str):
        raise _Wrong("type", type=entry.kind)
    return _clean_text(entry, raw.strip(SPACES))


def _clean_text(entry: Entry, text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise _Wrong("long", most=LONGEST_TEXT)
    if _NOT_TEXT.search(text):
        raise _Wrong("type", type=entry.kind)
    if not text:
        return ""
    if entry.kind.startswith("select_"):
        if text not in entry.choices:
            raise _Wrong("choice", choice=text)
    elif not _LOOKS[entry.kind](text):
        raise _Wrong("type", type=entry.kind)
    return text


def _clean_list(entry: Entry, raw: Any) -> list[str]:
    """Choices in the order of the form, pictures in their own; each once."""
    if not isinstance(raw, list) or not all(isinstance(one, str) for one in raw):
        raise _Wrong("type", type=entry.kind)
    most = MOST_PICTURES if entry.kind == "image" else len(entry.choices)
    if len(raw) > most:
        raise _Wrong("many", most=most)
    told = [one for one in (_clean_text(entry, text.strip(SPACES)) for text in raw) if one]
    return [one for one in entry.choices if one in told] if entry.choices else list(dict.fromkeys(told))


# Filling ----------------------------------------------------------------------------------------


@dataclass
class _Scope:
    """One set of answers: the whole form, or one time round a repeat. It is what expressions ask."""

    raw: Raw
    path: str
    today: str
    outer: _Scope | None = None
    own: str = ""
    kept: dict[str, Any] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    relevant: dict[str, bool] = field(default_factory=dict)
    rounds: dict[str, list[_Scope]] = field(default_factory=dict)
    wrong: dict[str, _Wrong] = field(default_factory=dict)

    def answer(self, name: str) -> str:
        if name in self.values or self.outer is None:
            return self.values.get(name, "")
        return self.outer.answer(name)

    def count(self, name: str) -> int:
        whole = self.outer or self
        return len(whole.rounds.get(name, ())) if whole.relevant.get(name) else 0

    def is_shown(self, name: str) -> bool:
        """Whether a group or repeat around a row is."""
        if name in self.relevant or self.outer is None:
            return self.relevant.get(name, True)
        return self.outer.is_shown(name)


def fill(form: Form, answers: Any, *, today: str) -> Filled:
    """Hold answers against a form. today: YYYY-MM-DD, the day of the visit."""
    is_whole = isinstance(answers, Mapping)
    whole = _Scope(answers if is_whole else {}, "", today)
    for entry in form.entries.values():
        if entry.kind == "begin_repeat":
            _unfold(entry, whole)
    for name in form.order:
        entry = form.entries[name]
        for scope in whole.rounds[entry.home] if entry.home else [whole]:
            _work_out(entry, scope)
    problems = [*_problems(form, "", whole), *_strangers(form, whole)]
    if not is_whole:
        problems.insert(0, Problem("", "type", {"type": "form"}))
    return Filled(_kept(form, "", whole), frozenset(_shown(form, whole)), problems)


def _unfold(entry: Entry, whole: _Scope) -> None:
    raw = whole.raw.get(entry.name)
    whole.rounds[entry.name] = []
    if raw is None:
        return
    if not isinstance(raw, list) or not all(isinstance(one, Mapping) for one in raw):
        whole.wrong[entry.name] = _Wrong("type", type=entry.kind)
        return
    if len(raw) > MOST_REPEATS:
        whole.wrong[entry.name] = _Wrong("many", most=MOST_REPEATS)
    for number, one in enumerate(raw[:MOST_REPEATS]):
        whole.rounds[entry.name].append(_Scope(one, f"{entry.name}/{number}/", whole.today, whole))


def _work_out(entry: Entry, scope: _Scope) -> None:
    """Whether a row is shown, and what its answer is."""
    shown = not entry.around or scope.is_shown(entry.around)
    if shown and entry.relevant is not None:
        shown = truth_of(evaluate(entry.relevant, scope))
    scope.relevant[entry.name] = shown
    if shown and entry.kind not in (*WITHOUT_ANSWER, "begin_repeat"):
        _take(entry, scope)


def _take(entry: Entry, scope: _Scope) -> None:
    try:
        kept = _computed(entry, scope) if entry.calculation else _clean(entry, scope.raw.get(entry.name))
    except _Wrong as wrong:
        scope.wrong[entry.name] = wrong
        return
    if kept:
        scope.kept[entry.name] = kept
        scope.values[entry.name] = kept if isinstance(kept, str) else " ".join(kept)


def _computed(entry: Entry, scope: _Scope) -> str:
    return text_of(evaluate(entry.calculation, scope)) if entry.calculation else ""


def _problems(form: Form, home: str, scope: _Scope) -> Iterator[Problem]:
    """In the order of the form, one for each answer at most."""
    for entry in form.within(home):
        if not scope.relevant[entry.name]:
            continue
        found = scope.wrong.get(entry.name) or _missing(entry, scope) or _unfit(entry, scope)
        if found:
            yield Problem(scope.path + entry.name, found.code, found.facts)
        for one in scope.rounds.get(entry.name, ()):
            yield from _problems(form, entry.name, one)


def _missing(entry: Entry, scope: _Scope) -> _Wrong | None:
    if not entry.row.get("required") or entry.kind in (*WITHOUT_ANSWER, "calculate"):
        return None
    is_there = scope.rounds.get(entry.name) or entry.name in scope.kept
    return None if is_there else _Wrong("missing")


def _unfit(entry: Entry, scope: _Scope) -> _Wrong | None:
    if entry.constraint is None or entry.name not in scope.kept:
        return None
    scope.own = scope.values[entry.name]
    holds = truth_of(evaluate(entry.constraint, scope))
    return None if holds else _Wrong("constraint", message=entry.row.get("constraint_message", ""))


def _strangers(form: Form, whole: _Scope) -> Iterator[Problem]:
    for home, scopes in {"": [whole], **whole.rounds}.items():
        known = {one.name for one in form.within(home) if one.kind not in WITHOUT_ANSWER}
        for scope in scopes:
            yield from (Problem(scope.path + name, "unknown", {}) for name in scope.raw if name not in known)


def _kept(form: Form, home: str, scope: _Scope) -> dict[str, Any]:
    """The answers that count, in the order of the form; a repeat that is shown with all its rounds."""
    made: dict[str, Any] = {}
    for entry in form.within(home):
        if scope.relevant[entry.name] and scope.rounds.get(entry.name):
            made[entry.name] = [_kept(form, entry.name, one) for one in scope.rounds[entry.name]]
        elif entry.name in scope.kept:
            made[entry.name] = scope.kept[entry.name]
    return made


def _shown(form: Form, whole: _Scope) -> Iterator[str]:
    for scopes in [[whole], *whole.rounds.values()]:
        for scope in scopes:
            yield from (scope.path + name for name, is_shown in scope.relevant.items() if is_shown)
