"""Every refusal, reservation and rejected row has a sentence in both languages, and only with facts it is given."""

from __future__ import annotations

import ast
from collections import defaultdict
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from gongchou.draw import sentences
from gongchou.draw.verify.runner import CHECKS

SOURCES = Path(__file__).parents[2] / "src" / "gongchou"
ERRORS = {"DrawError", "FormatError", "RuleError", "EvidenceError"}
TABLES = {"refusal": sentences.REFUSALS, "mark": sentences.MARKS, "rejection": sentences.REJECTIONS}


@cache
def raised():
    """What the sources raise: kind -> code -> names of the facts, or None where they are handed on whole."""
    found: dict[str, dict[str, set[str | None]]] = {kind: defaultdict(set) for kind in TABLES}
    for path in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and (kind := kind_of(node)):
                for code in codes_of(node.args[0]):
                    found[kind][code] |= {keyword.arg for keyword in node.keywords}
    return found


def kind_of(call):
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    if not call.args:
        return None
    if name in ERRORS:
        return "refusal"
    return {"mark": "mark", "RowRefused": "rejection", "refuse": "rejection"}.get(name)


def codes_of(node):
    """The texts an argument can be: a constant or a choice between two."""
    if isinstance(node, ast.IfExp):
        return codes_of(node.body) + codes_of(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def braces(text):
    return {field for _, field, _, _ in Formatter().parse(text) if field is not None}


def test_the_sources_are_found():
    counts = {kind: len(codes) for kind, codes in raised().items()}

    assert counts["refusal"] > 90
    assert counts["mark"] > 9
    assert counts["rejection"] > 9


@pytest.mark.parametrize("kind", TABLES)
def test_every_code_that_is_raised_has_a_sentence_in_both_languages(kind):
    without = [code for code in sorted(raised()[kind]) if len(TABLES[kind].get(code, ())) != 2]

    assert without == []


@pytest.mark.parametrize("kind", TABLES)
def test_every_sentence_is_filled_in_twice_and_says_something(kind):
    empty = [code for code, pair in TABLES[kind].items() if not all(text.strip() for text in pair)]
    unlike = [
        code for code, (zh, en) in TABLES[kind].items() if zh == en or zh.isascii() or not braces(en) <= braces(zh)
    ]

    assert (empty, unlike) == ([], [])


@pytest.mark.parametrize("kind", ["refusal", "mark"])
def test_no_sentence_waits_for_a_fact_that_nobody_gives(kind):
    waiting = {
        code: sorted(braces(zh) | braces(en))
        for code, (zh, en) in TABLES[kind].items()
        if code in raised()[kind]
        and None not in raised()[kind][code]
        and not braces(zh) | braces(en) <= raised()[kind][code] - {None}
    }

    assert waiting == {}


def test_a_rejected_row_knows_its_column_its_value_and_a_first_line():
    known = {"column", "value", "first_line"}

    unknown = {code: pair for code, pair in sentences.REJECTIONS.items() if not braces("".join(pair)) <= known}

    assert unknown == {}


def test_no_sentence_is_for_a_code_that_nothing_raises():
    texts = "".join(path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.py") if path.name != "sentences.py")

    unused = [code for code in sentences.known_codes() if f'"{code}"' not in texts and "_shape" not in code]

    assert [code for code in unused if not code.endswith("_unmapped")] == []


def test_the_eighteen_checks_are_named_in_both_languages():
    names = [name for name, _ in CHECKS]

    assert names == list(sentences.CHECKS)
    assert len(names) == 18
    assert [name for name in names if sentences.check_sentence(name) == sentences.check_sentence(name, lang="en")] == []


@pytest.mark.parametrize(
    ("code", "facts", "zh", "en"),
    [
        ("not_in_frame", {"object": "X1"}, "名录里没有 X1", "X1 is not in the frame"),
        ("not_in_frame", {}, "名录里没有 —", "— is not in the frame"),
        ("not_in_frame", {"object": None}, "名录里没有 —", "— is not in the frame"),
        (
            "json_invalid",
            {"reason": "not canonical"},
            "JSON 不是规范写法：不是规范写法",
            "the JSON is not canonical: not canonical",
        ),
        ("draft_key", {"key": "{x}"}, "草案里有不认识的字段 {x}，请检查拼写", "unknown key {x} in the draft"),
        ("no_such_code", {}, "no_such_code", "no_such_code"),
    ],
)
def test_a_sentence_is_filled_with_the_facts_of_the_case(code, facts, zh, en):
    assert (sentences.sentence(code, facts), sentences.sentence(code, facts, lang="en")) == (zh, en)


def test_a_reservation_may_share_its_code_with_a_refusal():
    assert sentences.mark_sentence("reveal_missing", {"party": "A"}) != sentences.sentence(
        "reveal_missing", {"party": "A"}
    )
    assert sentences.mark_sentence("json_field", {"field": "x", "value": "y"}) == "字段 x 不合规定：y"


def test_every_reason_that_is_given_as_a_phrase_is_said_in_chinese():
    phrases = set()
    for path in SOURCES.rglob("draw/**/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and kind_of(node) == "refusal":
                reasons = [keyword.value for keyword in node.keywords if keyword.arg == "reason"]
                phrases |= {text for reason in reasons for text in codes_of(reason)}

    assert sorted(phrases - set(sentences.REASONS)) == []
