"""A form is written on a page, with what is wrong said where it is; a second person puts it into use."""

from __future__ import annotations

import pytest

from gongchou.checklists.models import ChecklistVersion
from tests.factories.checklists import make_checklist
from tests.factories.lists import approver_of, department_of_lists, keeper_of, make_item
from tests.journeys.conftest import Desk

pytestmark = pytest.mark.long


def open_row(desk: Desk, number: int) -> None:
    desk.press(f"修改第{number}行")


def fill(desk: Desk, name: str, text: str) -> None:
    desk.page.locator(f"#o-{name}").fill(text)


def choose_type(desk: Desk, word: str) -> None:
    with desk.page.expect_response(lambda answer: answer.request.method == "POST"):
        desk.page.locator("#o-type").select_option(label=word)
    desk.look()


def test_a_form_is_written_from_nothing_and_changed(desk: Desk) -> None:
    make_item("A01")
    bureau = department_of_lists()
    desk.sign_in(keeper_of(bureau))
    desk.go("/checklists/")
    desk.follow("在页面上编写")
    desk.page.get_by_label("名称").fill("演示亮照检查表")
    desk.choose("适用事项", "A01")

    choose_type(desk, "单选")
    fill(desk, "label", "是否亮照经营")
    fill(desk, "name", "lit")
    fill(desk, "choices", "yes 是\nno 否")
    fill(desk, "basis", "《市场主体登记管理条例》第三十六条")
    desk.press("在下面加一题")
    fill(desk, "label", "未亮照的原因")
    desk.page.get_by_text("显示条件、校验和计算").click()
    fill(desk, "relevant", "${lite} = 'no'")
    desk.press("加一题")
    desk.press("保存为待启用版本")
    assert desk.sees("第2行：“显示条件”提到的题目“lite”不存在")
    assert desk.sees("第3行：“题目”没有填写")

    desk.press("修改第2行")
    fill(desk, "relevant", "${lit} = 'no'")
    desk.press("修改第3行")
    desk.press("删除")
    desk.press("上移第2行")
    desk.press("下移第1行")
    desk.press("保存为待启用版本")
    assert desk.sees("已保存，由另一人核对后启用")
    assert [row["label"] for row in ChecklistVersion.objects.get().questions] == ["是否亮照经营", "未亮照的原因"]

    desk.sign_in(approver_of(bureau))
    desk.go(ChecklistVersion.objects.get().get_absolute_url())
    desk.press("启用")

    desk.sign_in(keeper_of(bureau))
    desk.go(ChecklistVersion.objects.get().get_absolute_url())
    desk.follow("在页面上修改")
    open_row(desk, 1)
    fill(desk, "label", "是否在醒目位置亮照")
    desk.press("保存为待启用版本")
    assert desk.sees("已保存为新的一版")
    assert desk.sees("第2版")


def test_the_second_writer_loses_nothing(desk: Desk) -> None:
    version = make_checklist(items=[make_item("A01").item])
    bureau = department_of_lists()
    desk.sign_in(keeper_of(bureau))
    address = f"/checklists/{version.checklist_id}/revise/"
    desk.go(address)
    other = desk.page.context.new_page()
    other.goto(desk.address + address)
    other.get_by_role("button", name="修改第6行").click()
    other.locator("#o-label").fill("现场从业人数")
    with other.expect_navigation():
        other.get_by_role("button", name="保存为待启用版本").click()
    other.close()

    open_row(desk, 6)
    fill(desk, "label", "在岗人数")
    desk.press("保存为待启用版本")

    assert desk.sees("改动：现场从业人数")
    assert desk.page.locator("#o-label").input_value() == "在岗人数"
    assert ChecklistVersion.objects.count() == 2
