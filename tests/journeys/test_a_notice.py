"""A notice to all who keep the libraries, and who has read it."""

from __future__ import annotations

from gongchou.accounts.roles import RoleCode
from tests.factories.people import official
from tests.journeys.conftest import Desk


def test_the_office_sees_who_has_read_its_notice(desk: Desk):
    office = official(RoleCode.CONFERENCE_OFFICE)
    clerk = official(RoleCode.PLAN_CLERK)
    liaison = official(RoleCode.LIAISON)

    desk.sign_in(office)
    desk.go("/")
    desk.menu("消息")
    desk.follow("群发通知")
    desk.choose("收件部门", "演示SCJG局")
    desk.page.get_by_label("发给负责下列工作的人").select_option("keep_libraries")
    desk.fill(标题="请在月底前核对两库", 内容="各单位请核对名录库。\n有变化的及时登记。")
    desk.press("发送")
    assert desk.sees("2 人收到，0 人已读")

    desk.sign_in(clerk)
    desk.go("/")
    assert desk.page.get_by_role("link", name="条未读消息").inner_text().startswith("1")
    desk.follow("请在月底前核对两库")
    assert desk.sees("有变化的及时登记。")
    desk.follow("返回")
    assert desk.sees("已读")
    desk.sign_in(liaison)
    desk.go("/")
    assert desk.sees("未读消息（1）")

    desk.sign_in(office)
    desk.go("/")
    desk.menu("消息")
    desk.follow("已发消息")
    assert desk.sees("1 / 2")
    desk.follow("请在月底前核对两库")
    assert desk.sees("2 人收到，1 人已读")
    assert receipts(desk) == {clerk.name: "已读", liaison.name: "未读"}


def receipts(desk: Desk) -> dict[str, str]:
    """Name -> whether read, as the table shows them."""
    rows = [row.locator("td").all_inner_texts() for row in desk.page.locator("tbody tr").all()]
    return {name: "未读" if read == "未读" else "已读" for name, _, read in rows}
