"""The plan of the year lies in a workbook; a clerk brings it in, mends what was wrong, and takes it away again."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from gongchou.plans.models import LineVersion
from tests.factories import plans
from tests.factories.imports import workbook
from tests.factories.lists import keeper_of, make_item
from tests.factories.subjects import make_subject
from tests.journeys.conftest import Desk

pytestmark = pytest.mark.long

HEAD = ["序号", "抽查任务名称", "抽查事项", "抽查比例", "抽查时间", "自编栏"]
ROWS = [
    ["1", "演示餐饮单位检查", "A01", "A3% B4% C5% D6%", "3—6月", "甲"],
    ["2", "演示药店检查", "A01", "很多", "全年", "乙"],
    ["3", "演示超市检查", "A09", "5%", "下半年", "丙"],
]


@pytest.fixture(autouse=True)
def shelf(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path


def bring(desk: Desk, *rows: list[str]) -> None:
    file = workbook(["演示市2026年度抽查计划"], HEAD, *rows, name="年度计划.xlsx")
    desk.page.get_by_label(re.compile("^文件")).set_input_files(
        {"name": file.name, "mimeType": "", "buffer": file.read()}
    )
    desk.press("上传，下一步")


def taken(desk: Desk, role: Any, name: str) -> list[list[Any]]:
    with desk.page.expect_download() as download:
        desk.page.get_by_role(role, name=name).click()
    return list(CalamineWorkbook.from_path(str(download.value.path())).get_sheet_by_index(0).to_python())


def test_a_clerk_brings_the_plan_of_the_year(desk: Desk) -> None:
    make_subject(1)
    make_item("A01", name="演示食品安全检查")
    version = plans.make_plan()
    desk.sign_in(keeper_of(version.plan.department))
    desk.go(version.get_absolute_url())
    desk.follow("导入表格")

    bring(desk, *ROWS)
    assert desk.sees("没有找到已公布的抽查事项“A09”")
    assert desk.sees("这些栏目不认识，没有读取：自编栏")
    desk.press("确认导入（新增 1，修改 0）")
    assert desk.sees("其余的行与计划一致")
    head, *bad = taken(desk, "button", "下载问题行")
    assert (head[-1], [row[0] for row in bad]) == ("问题", ["2", "3"])

    desk.follow("换一个文件")
    bring(desk, [*ROWS[0][:3], "4%", *ROWS[0][4:]], ["2", "演示药店检查", "A01", "不低于3%", "全年", "乙"])
    assert desk.sees("第1行：抽查比例")
    desk.press("确认导入（新增 1，修改 1）")
    assert desk.page.url.startswith(desk.address + version.plan.get_absolute_url())
    assert [line.ratio_words for line in LineVersion.objects.order_by("line__number")] == ["4%", "不低于3%"]
    assert len(taken(desk, "link", "导出表格")) == 3
