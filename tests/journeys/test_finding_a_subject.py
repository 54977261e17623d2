"""Finding a subject by whatever somebody knows of it, and taking the list away."""

from __future__ import annotations

from pathlib import Path

from python_calamine import CalamineWorkbook

from gongchou.accounts.roles import RoleCode
from tests.cli.offices import credit_code
from tests.factories.people import official
from tests.factories.subjects import enter, make_library, make_subject
from tests.journeys.conftest import Desk

SEARCHED = "名称、拼音首字母、代码、地址"


def test_one_box_finds_it_by_initials_code_or_address(desk: Desk):
    shops()
    desk.sign_in(official(RoleCode.LEADER))
    desk.go("/")

    desk.menu("检查对象名录库")
    found = {}
    for words in ("ysxgd", credit_code(1), "望霁路12号", "望霁路 鲜果", "望霁路"):
        desk.fill(**{SEARCHED: words})
        desk.press("查询")
        found[words] = names(desk)

    *narrow, wide = found.values()
    assert narrow == [["演示鲜果店"]] * 4
    assert wide == ["演示鲜果店", "演示书屋"]
    assert desk.sees("共 2 条")


def test_what_is_on_the_screen_is_what_is_taken_away(desk: Desk, tmp_path: Path):
    shops()
    desk.sign_in(official(RoleCode.LEADER))

    desk.go("/registry/subjects/")
    desk.choose("分库", "演示分库CY")
    desk.press("查询")
    assert names(desk) == ["演示鲜果店", "演示面馆"]
    with desk.page.expect_download() as coming:
        desk.page.get_by_role("link", name="导出 .xlsx").click()
    coming.value.save_as(tmp_path / "list.xlsx")
    desk.page.get_by_role("link", name="导出 .xlsx").wait_for()  # it said meanwhile that it was at work

    rows = CalamineWorkbook.from_path(tmp_path / "list.xlsx").get_sheet_by_index(0).to_python()
    told = [[str(cell) for cell in row] for row in rows]
    head = next(number for number, row in enumerate(told) if "名称" in row)
    assert [row[told[head].index("名称")] for row in told[head + 1 :]] == names(desk)

    desk.page.context.clear_cookies()
    desk.page.get_by_role("link", name="导出 .xlsx").click()
    desk.page.wait_for_url("**/account/login/**")  # the session is over: she signs in and is back at the list
    assert "export" not in desk.page.url


def test_a_row_at_a_glance_and_back_to_the_list(desk: Desk):
    shops()
    desk.sign_in(official(RoleCode.PLAN_CLERK))

    desk.go("/registry/subjects/")
    desk.follow("速览演示鲜果店")
    drawer = desk.page.get_by_role("dialog", name="演示鲜果店")
    drawer.wait_for()
    desk.look()
    assert "望霁路12号" in drawer.inner_text()
    drawer.get_by_role("button", name="关闭").click()

    drawer.wait_for(state="hidden")
    assert desk.page.evaluate("document.activeElement.getAttribute('aria-label')") == "速览演示鲜果店"


def shops() -> None:
    library = make_library()
    enter(make_subject(1, name="演示鲜果店", address="望霁路12号"), library)
    enter(make_subject(2, name="演示面馆", address="听松街3号"), library)
    make_subject(3, name="演示书屋", address="望霁路14号")


def names(desk: Desk) -> list[str]:
    return desk.page.locator("#rows tbody td[data-label='名称']").all_inner_texts()
