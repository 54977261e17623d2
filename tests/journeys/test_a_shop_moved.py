"""A shop moved; its address is wrong."""

from __future__ import annotations

from gongchou.accounts.roles import RoleCode
from tests.factories.people import official
from tests.factories.subjects import enter, home, make_library, make_subject
from tests.journeys.conftest import Desk


def test_a_clerk_finds_the_shop_and_mends_its_address(desk: Desk):
    home()
    subject = make_subject(1, name="演示鲜果店", address="听松街3号")
    make_subject(2, name="演示面馆")
    enter(subject, make_library())
    desk.sign_in(official(RoleCode.PLAN_CLERK))
    desk.go("/")

    desk.menu("检查对象名录库")
    desk.fill(**{"名称、拼音首字母、代码、地址": "xgd"})
    desk.press("查询")
    assert desk.sees("共 1 条")
    desk.follow("演示鲜果店")
    desk.follow("修改")
    desk.fill(**{"住所（经营场所）": "望霁路12号"})
    desk.press("保存")

    assert desk.sees("已保存")
    assert told(desk) == ["修改登记信息", "列入演示分库CY", "登记入库"]
    assert times(desk) == sorted(times(desk), reverse=True)
    assert desk.page.locator(".timeline > li").first.locator("ul").inner_text() == (
        "住所（经营场所）：听松街3号 → 望霁路12号"
    )


def told(desk: Desk) -> list[str]:
    """What the dossier says, from the newest on, without who did it."""
    return [line.split(" ")[0] for line in desk.page.locator(".timeline > li > p").all_inner_texts()]


def times(desk: Desk) -> list[str]:
    return [str(time.get_attribute("datetime")) for time in desk.page.locator(".timeline > li > time").all()]
