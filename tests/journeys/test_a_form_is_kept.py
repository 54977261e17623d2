"""A form comes as a workbook, is put into use by a second person, and a task takes it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from gongchou.checklists.xlsform import EXAMPLE, EXAMPLE_CHOICES, write_example
from gongchou.plans.models import Task
from gongchou.sheets.writing import write_book
from tests.factories import plans as factory
from tests.factories.lists import approver_of, department_of_lists, keeper_of, make_item
from tests.factories.subjects import make_subject
from tests.journeys.conftest import Desk

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Any) -> None:
    settings.HOME = tmp_path


def bring(desk: Desk, name: str, content: bytes) -> None:
    desk.page.locator('input[type="file"]').set_input_files({"name": name, "mimeType": XLSX, "buffer": content})
    desk.press("上传")


def wrong() -> bytes:
    file = BytesIO()
    write_book(
        file, {"检查内容": [EXAMPLE[0], ["下拉", "a", "是否公示"], ["单选 没有", "b", "题"]], "选项": EXAMPLE_CHOICES}
    )
    return file.getvalue()


def right() -> bytes:
    file = BytesIO()
    write_example(file)
    return file.getvalue()


def try_out(desk: Desk) -> None:
    """The form as it will be filled in, before anybody must."""
    desk.follow("预览")
    assert not desk.page.get_by_label("未公示的原因").is_visible()
    desk.page.get_by_text("否", exact=True).click()
    desk.page.get_by_label("未公示的原因").fill("刚搬来")
    desk.page.get_by_label("现场从业人员数").fill("-1")
    desk.press("检查填写")
    assert desk.sees("人数不能是负数")
    assert desk.sees("还有1处需要填写或改正")
    desk.page.get_by_label("现场从业人员数").fill("3")
    desk.press("检查填写")
    assert desk.sees("没有发现问题")
    desk.go("/checklists/")
    desk.follow("合并预览")
    desk.choose("检查表", "演示餐饮检查表")
    desk.press("合并")
    assert desk.sees("已填 0/3 题")


def test_a_form_is_brought_used_and_chosen(desk: Desk) -> None:
    make_subject(1)
    item: Any = make_item("A01").item
    line = factory.make_line(factory.make_plan(), items=[item])
    factory.put_out(line.version)
    bureau = department_of_lists()

    desk.sign_in(keeper_of(bureau))
    desk.go("/checklists/")
    desk.follow("新建检查表")
    desk.fill(名称="演示餐饮检查表")
    desk.choose("适用事项", "A01")
    bring(desk, "错的.xlsx", wrong())
    assert desk.sees("“检查内容”第2行：题型“下拉”不能识别")
    assert desk.sees("“检查内容”第3行：选项组“没有”在“选项”工作表里没有")
    bring(desk, "对的.xlsx", right())
    assert desk.sees("是否公示营业执照")
    try_out(desk)

    desk.sign_in(approver_of(bureau))
    desk.go("/")
    desk.page.get_by_role("link", name="待启用的检查表").click()
    desk.follow("演示餐饮检查表")
    desk.press("启用")
    assert desk.sees("已启用，可以在任务中选用")

    desk.sign_in(keeper_of(bureau))
    desk.go(line.line.get_absolute_url())
    desk.follow("建立任务")
    desk.press("建立任务")
    assert desk.sees("演示餐饮检查表（第1版）")
    assert Task.objects.get().participants.get().checklists.get().file_name == "对的.xlsx"
