"""What is wrong with a condition is said where the form is brought: which row, what, and how to mend it."""

from __future__ import annotations

import pytest

from gongchou.checklists.xlsform import EXAMPLE_CHOICES
from gongchou.refusal import sentence
from tests.factories.checklists import Rows, read_rows

HEAD = ["题型", "代码", "题目", "显示条件", "校验条件", "计算公式"]
A = ["单选 yes_no", "a", "甲"]
N = ["整数", "n", "数"]
REPEAT = [["重复开始", "goods", "商品"], ["小数", "price", "价格"], ["重复结束"]]


def told(*rows: list[str], choices: Rows = EXAMPLE_CHOICES) -> list[tuple[int, str]]:
    """Line and sentence of each fault."""
    return [(one.line, sentence(one.refused)) for one in read_rows([HEAD, *rows], choices)[1]]


def text(relevant: str = "", constraint: str = "", calculation: str = "") -> list[str]:
    return ["文本", "t", "题", relevant, constraint, calculation]


@pytest.mark.parametrize(
    ("relevant", "words"),
    [
        ("${a} ＝ 'no'", "“显示条件”第6个字是全角符号“＝”"),
        ("${a} = ‘no’", "“显示条件”第8个字是全角符号“‘”"),
        ("${a} = 'no", "“显示条件”第8个字的引号没有配对"),
        ("${a = 'no'", "“显示条件”第1个字起的“${a = 'no'”写法不对"),
        ("${a} = ", "“显示条件”没有写完"),
        ("not(${a} = 'no'", "“显示条件”第4个字起的左括号“(”没有对应的右括号"),
        ("${a} == 'no'", "“显示条件”第7个字起的“=”不应出现在这里"),
        ("regex(${t}, 'x')", "起的“regex”不是可用的函数，可用的有：not、true"),
        ("selected(${a})", "函数“selected”应填2项内容"),
        ("coalesce(${a})", "函数“coalesce”应填2到8项内容"),
        ("${a} & ${n}", "第6个字“&”不能识别"),
        ("${n} > 0.1234567", "起的数“0.1234567”太长"),
        ("${n} > 1" + " or ${n} > 1" * 90, "“显示条件”超过1000字"),
        ("(" * 17 + "1" + ")" * 17, "第17个字处括号套得太深"),
        ("${gone} = 1", "“显示条件”提到的题目“gone”不存在"),
        (". = 'x'", "“显示条件”里不能用“.”"),
        ("${price} > 1", "“price”在重复组“goods”里面，从外面看不出指哪一次的答案"),
        ("${goods} > 1", "“goods”是分组、重复组或说明，没有答案"),
        ("count(${n}) > 1", "count() 只能写重复组"),
        ("${a} = 'nein'", "“显示条件”提到题目“a”的选项“nein”，但这一题没有这个选项，现有：yes、no"),
        ("not('ja' != ${a})", "选项“ja”"),
        ("selected(${a}, 'nein')", "选项“nein”"),
        ("${t} = 'x'", "绕成了一圈：t → t"),
    ],
)
def test_a_condition_that_cannot_work_is_told(relevant: str, words: str) -> None:
    [(line, said)] = told(A, N, text(relevant), *REPEAT)

    assert line == 4
    assert words in said


@pytest.mark.parametrize(
    "relevant",
    ["${a} = ''", "${a} = 'no' and ${n} > 3", "count(${goods}) > 1", "selected(${a}, 'no')", "if(${a} = 'no', 1, 0)"],
)
def test_a_condition_that_works_passes(relevant: str) -> None:
    assert told(A, N, text(relevant), *REPEAT) == []


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (text(constraint="${n} > 1"), "没有提到本题的答案"),
        (text(calculation="1"), "“计算公式”只用于题型“计算”"),
        (["计算", "t", ""], "“计算公式”没有填写"),
        (["说明", "t", "请看", "", ". = 1"], "没有可校验的答案"),
        (["单选 yes_no", "t", "题", "", ". = 'x' or . = 'no'"], "题目“t”的选项“x”"),
    ],
)
def test_a_formula_in_the_wrong_place_is_told(row: list[str], words: str) -> None:
    [(_, said)] = told(N, row)

    assert words in said


def test_the_whole_circle_is_named_from_its_first_question() -> None:
    rows = [
        ["文本", "z", "题", "${a} = 1"],
        ["文本", "a", "题", "${b} = 1"],
        ["计算", "b", "", "", "", "${c} + 1"],
        ["文本", "c", "题", "${a} = 1"],
        ["文本", "d", "题", "${e} = 1"],
        ["文本", "e", "题", "${d} = 1"],
    ]

    found = told(*rows)

    assert [line for line, _ in found] == [3, 6]
    assert "a → b → c → a" in found[0][1]
    assert "d → e → d" in found[1][1]


def test_a_group_that_waits_for_its_own_question_is_a_circle() -> None:
    [(line, said)] = told(["分组开始", "g", "组", "${t} = 1"], text(), ["分组结束"])

    assert (line, "g → t → g" in said) == (2, True)


def test_a_repeat_inside_a_repeat_and_a_blank_in_a_code_are_told() -> None:
    found = told(
        ["重复开始", "r", "组"],
        ["重复开始", "s", "组"],
        ["文本", "t", "题"],
        ["重复结束"],
        ["重复结束"],
        choices=[*EXAMPLE_CHOICES, ["yes_no", "not yet", "未"]],
    )

    assert [line for line, _ in found] == [3, 4]
    assert "不能再套重复组" in found[0][1]
    assert "“not yet”里有空格" in found[1][1]


def test_a_column_that_would_change_the_meaning_is_not_passed_over() -> None:
    _, [fault] = read_rows([[*HEAD[:3], "choice_filter"], ["单选 yes_no", "a", "题", "x = 1"], N])

    assert (fault.line, "choice_filter" in sentence(fault.refused)) == (2, True)


def test_more_conditions_than_a_phone_should_work_out_are_told_at_once() -> None:
    long = " or ".join(["${n} = 1"] * 75)
    rows = [["文本", f"t{number}", "题", long] for number in range(150)]

    [(line, said)] = told(N, *rows)

    assert (line, "已超过100000字" in said) == (114, True)
