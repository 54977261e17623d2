"""市场监管领域随机抽查情况记录表 with every field of the national one."""

from __future__ import annotations

import pytest

from gongchou.papers.record import DepartmentPart, ItemLine, Party, record_pdf
from tests.factories.papers import outside, record, texts

FIELDS = [
    *("任务名称", "任务编号", "被检查对象", "统一信用代码/", "注册号", "住所地址", "法定代表人", "工商联络员"),
    *("检查事项", "是否检查", "发现问题情况", "处置情况", "核查方式", "检查结果", "后续处置措施", "是否完结"),
    *("完结日期", "完结信息", "检查执行部门", "检查人员", "检查日期", "录入员", "录入日期"),
    *("审核结果", "审核员", "审核意见", "审核日期"),
    *("责令改正期限", "本年度已接受", "到达和离开时间", "定位", "意见", "拒绝签字的", "见证人", "执法证号"),
]  # fmt: skip


def of(**changes: object) -> str:
    return "".join(texts(record_pdf(record(**changes)))).replace(" ", "")


def test_it_has_every_field():
    assert [word for word in FIELDS if word not in of()] == []


def test_everything_told_stands_on_it():
    text = of()

    told = [
        *("宾馆旅店部门联合抽查", "演市监抽查〔2026〕1号", "演示市甲宾馆", "91990100MA00000000", "演示市一路1号"),
        *(
            "李某00000000000",
            "周某00000000001",
            "两间房人证不一致",
            "责令限期改正",
            "待复查",
            "2026年4月1日",
            "99000001",
        ),
        *("2026年3月2日", "孙某", "同意", "2次", "09:10—10:25", "无意见", "负责人称须请示总部", "物业公司", "吴某"),
    ]
    assert [word for word in told if word not in text] == []


def test_what_is_ticked_is_ticked_and_what_is_said_beside_is_there():
    text = of()

    ticked = ["是", "否", "实地检查", "发现问题已责令改正", "迁出", "未完结", "通过"]
    assert [word for word in ticked if f"√{word}" not in text] == []
    assert text.count("√") == len(ticked) + 1  # and what follows


@pytest.mark.parametrize("n", [1, 3])
def test_each_department_has_a_part_of_its_own(n):
    parts = tuple(DepartmentPart(f"演示{i}局", (ItemLine(f"事项{i}"),)) for i in range(n))

    text = of(parts=parts, party=Party())

    assert text.count("检查执行部门：") == n
    assert [f"事项{i}" in text for i in range(n)] == [True] * n
    assert "√" not in text
    assert "None" not in text


def test_many_items_and_long_words_stay_on_the_paper():
    items = tuple(ItemLine(f"第{i}项" + "很长的事项名称" * 6, True, "问题" * 300, "x" * 90) for i in range(12))
    pdf = record_pdf(record(parts=(DepartmentPart("部" * 60, items),), subject="名" * 120, code="9" * 60))
    pages = texts(pdf)

    assert outside(pdf) == []
    assert [f"第{i}页 共{len(pages)}页" in page for i, page in enumerate(pages, 1)] == [True] * len(pages)
    assert "第11项" in "".join(pages)
