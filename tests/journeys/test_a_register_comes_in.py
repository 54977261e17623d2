"""The register of the market bureau comes as a workbook, and a few of its rows are wrong."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from gongchou.accounts.roles import RoleCode
from gongchou.registry.models import Subject
from tests.cli.offices import credit_code
from tests.factories.imports import SHOP_HEAD, newest, shop_row, work, workbook
from tests.factories.people import official
from tests.factories.subjects import home, make_subject
from tests.journeys.conftest import Desk

pytestmark = pytest.mark.long

WRONG = credit_code(4)[:-1] + "I"


@pytest.fixture(autouse=True)
def shelf(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path


def choose(desk: Desk, file: Any) -> None:
    """Put a workbook into the field for it."""
    desk.page.get_by_label(re.compile("^文件")).set_input_files(
        {"name": file.name, "mimeType": "", "buffer": file.read()}
    )


def press_in_vain(desk: Desk, name: str) -> None:
    """The page answers 422, which the browser writes into its log."""
    desk.page.get_by_role("button", name=name).click()
    desk.page.wait_for_load_state()
    assert [fault for fault in desk.faults if "422" not in fault] == []
    desk.faults.clear()
    desk.look()


def press(desk: Desk, name: str) -> None:
    """A page that has been looked at before needs no second look."""
    desk.page.get_by_role("button", name=name).click()
    desk.page.wait_for_load_state()


def wait_for_worker(desk: Desk) -> None:
    """The worker comes, and the page finds out by itself."""
    with desk.page.expect_navigation():
        assert work() == 1


def test_a_clerk_brings_a_register_and_mends_its_rows(desk: Desk):
    home()
    make_subject(1, name="演示商户1", address="旧址1号")
    make_subject(9, name="演示旧店")
    desk.sign_in(official(RoleCode.PLAN_CLERK))
    rows = [
        shop_row(1),
        shop_row(2),
        shop_row(3, 行政区划="别市"),
        shop_row(4, 统一社会信用代码=WRONG),
        shop_row(5, 企业名称=""),
    ]

    # Upload: a bad file first, then the right one
    desk.go("/registry/subjects/")
    desk.follow("导入")
    desk.page.get_by_label("全量更新").check()
    desk.page.get_by_label(re.compile("^文件")).set_input_files(
        {"name": "旧.xls", "mimeType": "", "buffer": b"\xd0\xcf\x11\xe0"}
    )
    press_in_vain(desk, "上传，下一步")
    assert desk.sees("不支持旧版工作簿（.xls）")
    assert desk.page.get_by_label("全量更新").is_checked()
    choose(desk, workbook(["演示市市场主体名录"], SHOP_HEAD, *rows))
    desk.press("上传，下一步")

    # Columns
    assert desk.sees("表头在第 2 行")
    desk.page.get_by_role("combobox", name="会员级别").select_option(label="不导入")
    desk.page.get_by_text("表头认得不对").click()
    desk.look()
    desk.press("开始核对")

    # The dry run
    assert desk.sees("等待核对 排队中，马上开始")
    wait_for_worker(desk)
    desk.look()
    assert desk.sees("库中数据还没有改动")
    assert desk.sees("将把 1 个标为“未再出现”")
    assert desk.sees("旧址1号 → 听松街1号")
    assert Subject.objects.count() == 2

    # Confirmed
    desk.page.get_by_label("我已核对").check()
    desk.press("确认导入")
    assert desk.sees("等待导入")
    wait_for_worker(desk)
    desk.look()
    assert desk.sees("导入完成：新增 1，更新 1，不变 0；3 行有错误，没有导入")
    table = desk.page.locator(".import-refused")
    assert table.evaluate("own => own.scrollWidth <= own.clientWidth")
    assert desk.sees("不是规范的统一社会信用代码或编号，请对照营业执照核对")

    # What was wrong goes home, is mended, and comes back
    with desk.page.expect_download() as download:
        desk.page.get_by_role("button", name="下载错误行").first.click()
    found = CalamineWorkbook.from_path(str(download.value.path())).get_sheet_by_index(0).to_python()
    assert download.value.suggested_filename == "演示名录-未导入3行.xlsx"
    assert found[0] == [*SHOP_HEAD, "原文件行号", "原因"]
    assert [row[5] for row in found[1:]] == [5, 6, 7]
    found[1][2], found[2][1], found[3][0] = "演示市", credit_code(4), "演示补名"
    desk.follow("上传改好的文件")
    choose(desk, workbook(*found, name="改好的.xlsx"))
    press(desk, "上传，下一步")
    assert desk.sees("沿用上次")
    press(desk, "开始核对")
    wait_for_worker(desk)
    press(desk, "确认导入")
    wait_for_worker(desk)

    assert desk.sees("导入完成：新增 3，更新 0，不变 0，没有错误")
    assert newest().n_vanished == 0
    assert Subject.objects.get(number=credit_code(5)).name == "演示补名"
    desk.go("/registry/imports/")
    assert desk.sees("改好的.xlsx")


def test_a_half_empty_file_takes_nothing_away_unless_one_says_so(desk: Desk):
    home()
    make_subject(1, name="演示商户1", address="听松街1号", phone="0990-1")
    desk.sign_in(official(RoleCode.PLAN_CLERK))
    head, row = [*SHOP_HEAD[:4], "联系电话"], [*shop_row(1, 住所="")[:4], ""]

    # What is known stays
    desk.go("/registry/imports/add/")
    choose(desk, workbook(head, row, name="半空.xlsx"))
    press(desk, "上传，下一步")
    assert desk.page.get_by_label("保留原值").is_checked()
    press(desk, "开始核对")
    wait_for_worker(desk)
    assert desk.sees("文件内容与库中完全一致")

    # Emptied, and told how much
    desk.follow("改栏目对应")
    desk.page.get_by_label("清空原值").check()
    press(desk, "开始核对")
    wait_for_worker(desk)
    desk.look()
    assert desk.sees("库中已有的内容将清空 2 处")
    press(desk, "确认导入")
    wait_for_worker(desk)
    assert Subject.objects.values_list("address", "phone").get() == ("", "")

    # The end is told where she is by then
    desk.go("/people/messages/")
    assert desk.sees("“半空.xlsx”导入完成")
    desk.page.get_by_text("“半空.xlsx”导入完成").first.click()
    desk.page.wait_for_load_state()


def test_a_file_with_a_wrong_header_is_not_sent_on(desk: Desk):
    home()
    desk.sign_in(official(RoleCode.PLAN_CLERK))
    desk.go("/registry/imports/add/")
    choose(desk, workbook(["甲", "乙"], ["1", "2"]))
    desk.press("上传，下一步")

    assert desk.sees("没有认出一栏。现在以工作表“名录”第 1 行为表头")
    press_in_vain(desk, "开始核对")
    assert desk.sees("没有一栏对应到要导入的内容，还不能核对")
