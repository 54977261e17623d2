"""A form is read from a workbook as people write it; what is wrong is said row by row, all of it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest

from gongchou.checklists.xlsform import EXAMPLE, EXAMPLE_CHOICES, read_form, write_form
from gongchou.refusal import Refused, sentence
from gongchou.sheets.writing import write_book
from tests.factories.checklists import Rows, read_rows

HEAD = ["题型", "代码", "题目", "必填", "显示条件"]


def faults_of(*rows: list[str], choices: Rows = EXAMPLE_CHOICES) -> list[tuple[str, int, str]]:
    """Sheet, line and code of each fault; each has a sentence."""
    _, faults = read_rows([HEAD, *rows], choices)
    assert all(sentence(one.refused) for one in faults)
    return [(one.sheet, one.line, one.refused.code) for one in faults]


def test_the_template_is_read_as_it_stands() -> None:
    made, faults = read_rows()

    assert faults == []
    assert made.n_questions == 4
    assert made.survey[1] == {
        "type": "select_one",
        "list_name": "yes_no",
        "name": "has_license",
        "label": "是否公示营业执照",
        "required": True,
        "basis": "《市场主体登记管理条例》",
        "severity": "一般",
    }
    assert made.survey[2]["relevant"] == "${has_license} = 'no'"
    assert made.survey[3] == {"type": "end_group"}


def test_what_is_written_is_read_back_the_same(tmp_path: Path) -> None:
    made, _ = read_rows()
    path = tmp_path / "again.xlsx"
    with path.open("wb") as file:
        write_form(file, made.to_json())

    again, faults = read_form(path)

    assert (again, faults) == (made, [])


def test_the_words_of_the_standard_are_read_as_well(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    survey = [["type", "name", "label::Chinese (zh)"], ["select one grade", "g", "等级"], ["begin group", "a", "一"]]
    with path.open("wb") as file:
        rows = [*survey, ["integer", "n", "人数"], ["end group", "", ""]]
        write_book(file, {"survey": rows, "choices": [["list_name", "name", "label"], ["grade", "a", "A"]]})

    made, faults = read_form(path)

    assert faults == []
    assert [row["type"] for row in made.survey] == ["select_one", "begin_group", "integer", "end_group"]


def test_a_question_without_a_code_gets_one() -> None:
    made, _ = read_rows([HEAD, ["文本", "", "意见"], ["文本", "", "备注"]])

    assert [row["name"] for row in made.survey] == ["q1", "q2"]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([["下拉", "a", "题"]], [("检查内容", 2, "checklists.type")]),
        ([["", "a", "题"]], [("检查内容", 2, "checklists.type")]),
        ([["文本", "a", ""]], [("检查内容", 2, "checklists.empty")]),
        ([["文本", "1a", "题"]], [("检查内容", 2, "checklists.name")]),
        ([["文本", "a", "题", "也许"]], [("检查内容", 2, "checklists.required")]),
        ([["文本", "a", "题" * 2001]], [("检查内容", 2, "checklists.long")]),
        ([["单选 没有的组", "a", "题"]], [("检查内容", 2, "checklists.group")]),
        ([["单选", "a", "题"]], [("检查内容", 2, "checklists.group")]),
        ([["文本", "a", "题", "", "${b} = 1"]], [("检查内容", 2, "checklists.unknown")]),
        ([["分组开始", "a", "组"], ["文本", "b", "题"]], [("检查内容", 2, "checklists.unclosed")]),
        ([["文本", "b", "题"], ["分组结束"]], [("检查内容", 3, "checklists.end")]),
        ([["说明", "a", "请逐项检查"]], [("检查内容", 1, "checklists.nothing")]),
        (
            [["文本", "a", "题"], ["文本", "a", "又一题"]],
            [("检查内容", 2, "checklists.name_twice"), ("检查内容", 3, "checklists.name_twice")],
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_row(rows: Rows, found: list[tuple[str, int, str]]) -> None:
    assert faults_of(*rows) == found


def test_all_faults_are_said_at_once() -> None:
    choices = [*EXAMPLE_CHOICES, ["yes_no", "no", "否"], ["", "x", "其他"]]

    found = faults_of(["文本", "a b", "题"], ["", "", "题"], choices=choices)

    assert [(sheet, line) for sheet, line, _ in found] == [("检查内容", 2), ("检查内容", 3), ("选项", 4), ("选项", 5)]


@pytest.mark.parametrize(
    ("sheets", "code"),
    [
        ({"Sheet1": EXAMPLE}, "checklists.sheet"),
        ({"检查内容": [["题目", "必填"], ["甲", "是"]]}, "checklists.heading"),
        ({"检查内容": []}, "checklists.heading"),
        ({"检查内容": [HEAD, *([["文本", "", "题"]] * 2000)]}, "checklists.too_many"),
    ],
)
def test_what_is_no_form_is_refused(tmp_path: Path, sheets: dict[str, Rows], code: str) -> None:
    path = tmp_path / "form.xlsx"
    buffer = BytesIO()
    write_book(buffer, sheets)
    path.write_bytes(buffer.getvalue())

    with pytest.raises(Refused) as told:
        read_form(path)

    assert told.value.code == code
    assert sentence(told.value)


def test_a_faulty_row_makes_no_other_row_wrong() -> None:
    found = faults_of(["分组开始", "g", ""], ["下拉", "a", "题"], ["文本", "b", "说明", "", "${a} = 1"], ["分组结束"])

    assert found == [("检查内容", 3, "checklists.type")]
