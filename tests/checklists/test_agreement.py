"""The server and the phone understand a form alike: by the vectors, and by forms that nobody thought of."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongchou.checklists.answers import fill, form_of
from gongchou.checklists.expressions import ExpressionError, Own, evaluate, inside, parse
from gongchou.checklists.values import Value, text_of
from tests.checklists.conftest import vectors

Ask = Callable[[str, Any], Any]
VECTORS = vectors()
TODAY = VECTORS["today"]


class Asked:
    """The answers of a vector."""

    def __init__(self, case: dict[str, Any]) -> None:
        self.own, self.today, self.told, self.counts = case["own"], TODAY, case["answers"], case["counts"]

    def answer(self, name: str) -> str:
        return self.told.get(name, "")

    def count(self, name: str) -> int:
        return self.counts.get(name, 0)


def told(value: Value) -> object:
    return value if isinstance(value, bool | str) else {"number": text_of(value)}


def in_python(case: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"value": told(evaluate(parse(case["expression"]), Asked(case)))}
    except ExpressionError as error:
        return {"error": error.code, "at": error.at}


def case_of(expression: str, own: str = "", answers: dict[str, str] | None = None) -> dict[str, Any]:
    answers = VECTORS["answers"] if answers is None else answers
    return {"expression": expression, "own": own, "answers": answers, "counts": VECTORS["counts"], "today": TODAY}


def filled_in_python(case: dict[str, Any]) -> dict[str, Any]:
    found = fill(form_of(case["definition"]), case["answers"], today=case["today"])
    problems = [one._asdict() for one in found.problems]
    return {"kept": found.answers, "relevant": sorted(found.relevant), "problems": problems}


def pairs(cases: list[dict[str, Any]], keys: set[str]) -> list[dict[str, Any]]:
    return [{key: one[key] for key in keys & one.keys()} for one in cases]


EXPRESSIONS = [case_of(one["expression"], one.get("own", "")) for one in VECTORS["expressions"]]
EXPECTED = pairs(VECTORS["expressions"], {"value", "error", "at"})
FILLINGS = [{**one, "definition": VECTORS["forms"][one["form"]]} for one in VECTORS["fillings"]]
FILLED = pairs(VECTORS["fillings"], {"kept", "relevant", "problems"})


def shown(values: list[dict[str, Any]]) -> list[str]:
    """Compared as texts: 1 and True are one in Python."""
    return [str(sorted(one.items())) for one in values]


def test_python_meets_the_vectors_of_expressions() -> None:
    assert shown([in_python(case) for case in EXPRESSIONS]) == shown(EXPECTED)


def test_python_meets_the_vectors_of_fillings() -> None:
    assert [filled_in_python(case) for case in FILLINGS] == FILLED


@pytest.mark.browser
def test_the_browser_meets_the_vectors_of_expressions(ask: Ask) -> None:
    assert shown(ask("expressions", EXPRESSIONS)) == shown(EXPECTED)


@pytest.mark.browser
def test_the_browser_meets_the_vectors_of_fillings(ask: Ask) -> None:
    assert ask("fillings", FILLINGS) == FILLED


# What nobody thought of -------------------------------------------------------------------------

NAMES = ("a", "b", "c", "gone")
NUMBERS = st.one_of(
    st.integers(-30, 30).map(str),
    st.decimals(-1000, 1000, places=3).map(lambda one: f"{one:f}"),
    st.sampled_from(["0", "0.1", "0.000001", "999999999999999.999999", "1234567890123456", "-0", "1.0"]),
)
DATES = st.dates().map(str) | st.sampled_from(["2026-02-30", "2024-02-29", "09:30", "24:00", TODAY])
TEXTS = st.one_of(NUMBERS, DATES, st.text("ab no\t　文𠮷0.-:", max_size=6), st.sampled_from(["", "no", "a b", "true"]))
QUOTED = st.one_of(TEXTS.map(lambda one: f"'{one}'"), NUMBERS.map(lambda one: one.lstrip("-")))
LEAVES = st.one_of(QUOTED, st.sampled_from([f"${{{name}}}" for name in NAMES]), st.sampled_from([".", "today()"]))
SIGNS = ["or", "and", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod"]


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("{} {} {}".format, inner, st.sampled_from(SIGNS), inner),
        st.builds("({})".format, inner),
        st.builds("-{}".format, inner),
        st.builds("not({})".format, inner),
        st.builds("if({}, {}, {})".format, inner, inner, inner),
        st.builds("coalesce({},{})".format, inner, inner),
        st.builds("selected({}, {})".format, inner, inner),
        st.builds("string-length({})".format, inner),
        st.builds("count-selected({})".format, inner),
        st.just("count(${goods})"),
    )


WHOLE = st.recursive(LEAVES, grown, max_leaves=12)
NOISE = st.lists(
    st.sampled_from([*"${}().,'\"=<>!+-*# （文𠮷1", "${a}", " and ", "not(", "div", "count("]), max_size=12
)
EITHER = st.one_of(WHOLE, WHOLE, WHOLE, NOISE.map("".join))
CASES = st.builds(case_of, EITHER, TEXTS, st.fixed_dictionaries(dict.fromkeys(NAMES[:3], TEXTS)))


KINDS = [
    "text",
    "integer",
    "decimal",
    "date",
    "time",
    "select_one",
    "select_multiple",
    "image",
    "geopoint",
    "calculate",
]


def is_read(text: str) -> bool:
    try:
        return "goods" not in text and bool(parse(text))
    except ExpressionError:
        return False


CONSTRAINTS = WHOLE.map(lambda text: text if is_read(text) else ". != 'a'")
CONDITIONS = CONSTRAINTS.map(lambda text: "${a} != 'a'" if Own() in inside(parse(text)) else text)


@st.composite
def forms(draw: st.DrawFn) -> dict[str, Any]:
    """Three questions; a group of one; a repeat of two. What stands later may ask for what stands before."""

    def row(name: str, kind: str = "") -> dict[str, Any]:
        kind = kind or draw(st.sampled_from(KINDS))
        made = {"type": kind, "name": name, "label": name, "required": draw(st.booleans()), "list_name": "abc"}
        asks = draw(CONDITIONS) if name != "a" and draw(st.booleans()) else ""
        made["relevant"] = re.sub(r"\$\{(\w+)\}", lambda one: one[0] if one[1] < name else "${a}", asks)
        if kind == "calculate":
            made["calculation"] = "${a} + 1" if name != "a" else "1 + 1"
        elif not kind.startswith("begin") and draw(st.booleans()):
            made["constraint"] = draw(CONSTRAINTS)
        return made

    survey = [row(name) for name in "abc"]
    survey += [row("g", "begin_group"), row("g1"), {"type": "end_group"}]
    survey += [row("goods", "begin_repeat"), row("r1"), row("r2"), {"type": "end_repeat"}]
    return {"survey": survey, "choices": [{"list_name": "abc", "name": one, "label": one} for one in "abc"]}


ATOMS = st.one_of(TEXTS, st.sampled_from(["a", "b", "c", "36.05 120.33", "pic.jpg"]), st.none(), st.integers(0, 3))
GIVEN = st.one_of(ATOMS, ATOMS, st.lists(ATOMS, max_size=4))
ROUNDS = st.lists(st.dictionaries(st.sampled_from(["r1", "r2", "x"]), GIVEN, max_size=3), max_size=3) | GIVEN
ANSWERS = st.dictionaries(st.sampled_from(["a", "b", "c", "g1", "g", "odd"]), GIVEN).flatmap(
    lambda told: st.one_of(st.just(told), ROUNDS.map(lambda rounds: {**told, "goods": rounds}))
)
FILLING = st.builds(lambda form, answers: {"definition": form, "answers": answers, "today": TODAY}, forms(), ANSWERS)


def compare_fillings(ask: Ask, n_examples: int) -> None:
    @settings(max_examples=max(1, n_examples // 10))
    @given(st.lists(FILLING, min_size=10, max_size=10))
    def compare(cases: list[dict[str, Any]]) -> None:
        assert ask("fillings", cases) == [filled_in_python(case) for case in cases]

    compare()


def compare_expressions(ask: Ask, n_examples: int) -> None:
    """Thirty to a call: asking the browser is what takes the time."""

    @settings(max_examples=max(1, n_examples // 30))
    @given(st.lists(CASES, min_size=30, max_size=30))
    def compare(cases: list[dict[str, Any]]) -> None:
        assert shown(ask("expressions", cases)) == shown([in_python(case) for case in cases])

    compare()


@pytest.mark.browser
def test_both_evaluate_made_up_expressions_alike(ask: Ask) -> None:
    compare_expressions(ask, 300)


@pytest.mark.browser
@pytest.mark.night
def test_both_evaluate_many_made_up_expressions_alike(ask: Ask) -> None:
    compare_expressions(ask, 10_000)


@pytest.mark.browser
def test_both_fill_in_made_up_forms_alike(ask: Ask) -> None:
    compare_fillings(ask, 200)


@pytest.mark.browser
@pytest.mark.night
def test_both_fill_in_many_made_up_forms_alike(ask: Ask) -> None:
    compare_fillings(ask, 1_500)
