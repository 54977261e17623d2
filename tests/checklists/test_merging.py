"""The forms of a visit become one sheet: nothing asked twice, nothing of different meaning taken for one."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from gongchou.checklists.answers import fill, form_of
from gongchou.checklists.merging import Part, digest_of, merge

Row = dict[str, Any]
CHOICES = [{"list_name": "yes_no", "name": one, "label": word} for one, word in (("yes", "是"), ("no", "否"))]
END = {"type": "end_group"}


def ask(name: str, label: str = "", kind: str = "text", **more: Any) -> Row:
    return {"type": kind, "name": name, "label": label or name, **more}


def pick(name: str, **more: Any) -> Row:
    return ask(name, kind="select_one", list_name="yes_no", **more)


def group(name: str, *rows: Row, **more: Any) -> list[Row]:
    return [ask(name, kind="begin_group", **more), *rows, END]


def part(version: str, *survey: Row, choices: list[Row] = CHOICES, items: str = "A01", **own: Any) -> Part:
    told = {"is_base": False, "department": "SC", "department_name": "市场监管局", "number": 1, **own}
    definition = {"survey": list(survey), "choices": choices}
    pairs = tuple((code, f"{code}检查") for code in items.split())
    return Part(version=version, digest=version * 4, name=f"表{version}", items=pairs, definition=definition, **told)


def asked(sheet: Row) -> list[str]:
    """The codes in their order, a section or group in brackets."""
    words = {"begin_group": "({}", "begin_repeat": "({}", "end_group": ")", "end_repeat": ")"}
    return [words.get(row["type"], "{}").format(row.get("name")) for row in sheet["survey"]]


def row(sheet: Row, name: str) -> Row:
    return next(one for one in sheet["survey"] if one.get("name") == name)


def test_the_base_form_comes_first_then_by_department_and_item() -> None:
    sheet = merge(
        [
            part("c", ask("c"), department="WJ", department_name="卫健局", items="B01"),
            part("b", ask("b"), items="A02"),
            part("a", ask("a"), items="A01"),
            part("z", ask("z"), items="", is_base=True, department="WJ", department_name="卫健局"),
        ]
    )

    assert asked(sheet) == [
        "(section_1",
        "z",
        ")",
        "(section_2",
        "a",
        ")",
        "(section_3",
        "b",
        ")",
        "(section_4",
        "c",
        ")",
    ]
    assert row(sheet, "section_4")["label"] == "卫健局：表c"
    assert sheet["forms"][3]["items"] == [{"code": "B01", "name": "B01检查"}]


def test_what_several_forms_ask_alike_is_asked_once_and_serves_all() -> None:
    one = part("a", pick("license", basis="甲法", severity="一般"), ask("x"))
    two = part("b", pick("license", basis="乙法", required=True, hint="看正本"), ask("y"), items="A02")

    sheet = merge([one, two])

    assert asked(sheet) == ["(section_1", "license", "x", ")", "(section_2", "y", ")"]
    assert row(sheet, "license") == {
        "type": "select_one",
        "name": "license",
        "label": "license",
        "list_name": "yes_no",
        "required": True,
        "hint": "看正本",
        "basis": "甲法；乙法",
        "severity": "一般",
        "serves": [
            {"form": 1, "name": "license", "basis": "甲法", "severity": "一般"},
            {"form": 2, "name": "license", "basis": "乙法"},
        ],
    }


def test_the_same_code_with_another_meaning_is_kept_apart_and_so_are_its_conditions() -> None:
    one = part("a", pick("ok", label="是否整洁"), ask("why", relevant="${ok} = 'no' and 'ok' != '${ok}'"))
    two = part("b", pick("ok", label="是否安全"), ask("why", "原因", relevant="${ ok } = 'no'"), items="A02")

    sheet = merge([one, two])

    assert asked(sheet)[1:3] == ["f1_ok", "f1_why"]
    assert asked(sheet)[5:7] == ["f2_ok", "f2_why"]
    assert row(sheet, "f1_why")["relevant"] == "${f1_ok} = 'no' and 'ok' != '${ok}'"
    assert row(sheet, "f2_why")["relevant"] == "${f2_ok} = 'no'"
    assert row(sheet, "f2_ok")["serves"] == [{"form": 2, "name": "ok"}]


def test_lists_of_the_same_name_keep_their_own_choices() -> None:
    other = [{"list_name": "yes_no", "name": "yes", "label": "有"}]
    sheet = merge([part("a", pick("p")), part("b", pick("q"), choices=other, items="A02")])

    assert [(one["list_name"], one["label"]) for one in sheet["choices"]] == [
        ("f1_yes_no", "是"),
        ("f1_yes_no", "否"),
        ("f2_yes_no", "有"),
    ]
    assert row(sheet, "q")["list_name"] == "f2_yes_no"


def test_a_shared_question_is_shown_when_any_form_asks_it() -> None:
    one = part("a", pick("a"), ask("s", relevant="${a} = 'no'", constraint="string-length(.) > 1"))
    two = part("b", pick("b"), ask("s", relevant="${b} = 'no'", constraint="string-length(.) < 5"), items="A02")

    sheet = merge([one, two])

    form = form_of(sheet)
    shown = [
        (a, b, "s" in fill(form, {"a": a, "b": b}, today="2026-11-23").relevant)
        for a in ("yes", "no") for b in ("yes", "no")
    ]  # fmt: skip
    assert shown == [("yes", "yes", False), ("yes", "no", True), ("no", "yes", True), ("no", "no", True)]
    wrong = [
        bool(fill(form, {"a": a, "b": b, "s": s}, today="2026-11-23").problems)
        for a, b, s in (("no", "yes", "x"), ("yes", "no", "x"), ("no", "yes", "123456"), ("yes", "no", "123456"))
    ]
    assert wrong == [True, False, False, True]


def test_a_shared_question_does_not_hide_behind_the_group_of_one_form() -> None:
    one = part("a", pick("a"), *group("g", ask("s"), ask("only"), relevant="${a} = 'yes'"))
    two = part("b", ask("s"), ask("t"), items="A02")

    sheet = merge([one, two])

    assert asked(sheet) == ["(section_1", "a", "s", "(g", "only", ")", ")", "(section_2", "t", ")"]
    assert "relevant" not in row(sheet, "s")


def test_a_lifted_question_keeps_the_conditions_it_stood_under() -> None:
    rows = [pick("a"), *group("g", ask("s", relevant="${a} != ''"), relevant="${a} = 'yes'")]
    sheet = merge([part("a", *rows), part("b", *rows, items="A02")])

    assert asked(sheet) == ["(section_1", "a", "s", ")"]
    assert row(sheet, "s")["relevant"] == "(${a} = 'yes') and (${a} != '')"


def test_calculations_are_one_only_if_what_they_reckon_with_is() -> None:
    def rows(label: str) -> list[Row]:
        return [ask("n", label, "integer"), ask("m", kind="integer"), *sums]

    sums = [ask("twice", kind="calculate", calculation="${n} * 2"), ask("plus", kind="calculate", calculation="${m}+1")]

    sheet = merge([part("a", *rows("人数")), part("b", *rows("台数"), items="A02")])

    assert asked(sheet)[1:-1] == ["f1_n", "m", "f1_twice", "plus", ")", "(section_2", "f2_n", "f2_twice"]
    assert row(sheet, "f2_twice")["calculation"] == "${f2_n} * 2"


def test_repeats_are_each_form_s_own() -> None:
    rows = [ask("r", kind="begin_repeat"), ask("s"), {"type": "end_repeat"}, ask("n", relevant="count(${r}) > 1")]

    sheet = merge([part("a", *rows), part("b", *rows, items="A02")])

    assert asked(sheet) == ["(section_1", "(f1_r", "f1_s", ")", "n", ")", "(section_2", "(f2_r", "f2_s", ")", ")"]
    assert row(sheet, "n")["relevant"] == "(count(${f1_r}) > 1) or (count(${f2_r}) > 1)"


def test_two_forms_that_wait_for_each_other_are_kept_apart() -> None:
    one = part("a", ask("u"), ask("p", relevant="${u} = 'x'"), ask("q", relevant="${p} = 'x'"))
    two = part("b", ask("v"), ask("q", relevant="${v} = 'x'"), ask("p", relevant="${q} = 'x'"), items="A02")

    sheet = merge([one, two])

    assert asked(sheet)[1:-1] == ["u", "f1_p", "f1_q", ")", "(section_2", "v", "f2_q", "f2_p"]
    assert row(sheet, "f2_p")["relevant"] == "${f2_q} = 'x'"


def test_one_version_of_two_departments_is_filled_in_once() -> None:
    fire = {"department": "XF", "department_name": "消防"}

    sheet = merge([part("a", ask("p")), part("a", ask("p"), **fire)])

    assert asked(sheet) == ["(section_1", "p", ")"]
    assert [one["department"]["code"] for one in sheet["forms"]] == ["SC", "XF"]
    assert [one["form"] for one in row(sheet, "p")["serves"]] == [1, 2]


def test_the_same_versions_always_make_the_same_sheet() -> None:
    parts = [
        part("a", pick("ok", label="甲"), ask("s"), items="A02 A01"),
        part("b", pick("ok", label="乙"), ask("s"), items="A03"),
        part("c", ask("s"), items="", is_base=True),
    ]

    sheets = [merge(order) for order in permutations(parts)]

    assert [one == sheets[0] for one in sheets] == [True] * 6
    assert sheets[0]["digest"] == digest_of(sheets[0])
    assert merge(parts[:2])["digest"] != sheets[0]["digest"]


def test_a_code_made_for_one_never_meets_a_code_in_use() -> None:
    sheet = merge([part("a", ask("f1_x"), ask("x", "甲"), ask("section_1")), part("b", ask("x", "乙"), items="A02")])

    assert asked(sheet) == ["(section_1_", "f1_x", "f1_x_", "section_1", ")", "(section_2", "f2_x", ")"]
