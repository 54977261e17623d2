"""What every page has: large type, a sheet for paper, a watermark, a menu, pages about faults; and all components."""

from __future__ import annotations

import re

import pytest
from django.urls import path
from django.utils import timezone
from playwright.sync_api import expect

from gongchou.accounts.operations import send_message
from gongchou.accounts.roles import RoleCode
from gongchou.urls import handler400, handler403, handler404, handler500
from gongchou.urls import urlpatterns as ours
from gongchou.web.access import open_to_all
from gongchou.web.components import components
from tests.factories.people import BY, official
from tests.factories.subjects import enter, make_library, make_subject
from tests.journeys.conftest import Desk


@open_to_all
def breaks(request):
    raise ValueError


__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
urlpatterns = [*ours, path("_components/", components), path("breaks/", breaks)]


def test_large_type_stays_until_it_is_switched_off(desk: Desk):
    desk.sign_in(official(RoleCode.LEADER))
    desk.go("/")
    before = text_size(desk)

    button = desk.page.get_by_role("button", name="大字")
    button.click()
    desk.go("/registry/subjects/")

    assert text_size(desk) / before == pytest.approx(1.25 if before == 16 else 20 / 14)
    assert button.get_attribute("aria-pressed") == "true"
    button.click()
    desk.go("/")
    assert text_size(desk) == before


def text_size(desk: Desk) -> float:
    return float(desk.page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)"))


def test_a_sheet_bears_what_is_written_and_who_took_it(desk: Desk):
    subject = make_subject(1, name="演示鲜果店")
    enter(subject, make_library())
    clerk = official(RoleCode.PLAN_CLERK)
    desk.sign_in(clerk)
    desk.go(subject.get_absolute_url())

    desk.page.emulate_media(media="print")
    desk.look()

    for gone in (".toolbar", "#menu", ".topbar .btn", "td.actions", ".trail"):
        assert [one.is_visible() for one in desk.page.locator(gone).all() if one.is_visible()] == [], gone
    expect(desk.page.get_by_role("heading", name="演示鲜果店")).to_be_visible()
    marks = {mark.get_attribute("data-text") for mark in desk.page.locator(".watermark span").all()}
    assert len(marks) == 1
    name, account, day, hour = str(marks.pop()).split()
    assert (name, account, day) == (clerk.name, clerk.username, f"{timezone.localdate()}")
    assert re.fullmatch(r"\d\d:\d\d", hour)
    expect(desk.page.locator(".watermark")).to_be_visible()


def test_a_long_list_is_printed_whole_with_its_head_on_every_sheet(desk: Desk):
    for number in range(1, 21):
        make_subject(number)
    desk.sign_in(official(RoleCode.LEADER))
    desk.go("/registry/subjects/")

    desk.page.emulate_media(media="print")

    wrap = desk.page.locator(".table-wrap")
    assert wrap.evaluate("one => one.scrollHeight <= one.clientHeight")
    assert wrap.locator("thead").evaluate("one => getComputedStyle(one).display") == "table-header-group"


def test_the_head_and_the_actions_of_a_table_stay_in_sight(desk: Desk):
    for number in range(1, 21):
        make_subject(number)
    desk.sign_in(official(RoleCode.LEADER))
    desk.go("/registry/subjects/")
    if desk.is_phone:
        pytest.skip("on a phone each row is a card")
    latest = desk.page.get_by_role("link", name="速览演示餐饮店20")
    latest.scroll_into_view_if_needed()

    assert desk.page.get_by_role("columnheader", name="操作").evaluate(in_sight)
    assert desk.page.get_by_role("columnheader", name="名称", exact=True).evaluate(in_sight)
    assert latest.evaluate(in_sight)


in_sight = """one => {
  const { x, y, width, height } = one.getBoundingClientRect();
  const found = document.elementFromPoint(x + width / 2, y + height / 2);
  return one === found || one.contains(found);
}"""


def test_the_tree_at_the_left_leads_to_what_is_at_the_right(desk: Desk):
    system = official(RoleCode.SYSTEM_ADMIN, "all")
    desk.sign_in(system)
    desk.go("/")

    desk.menu("机构管理")
    desk.page.get_by_role("navigation", name="机构树").get_by_role("link", name="演示SCJG局").click()
    desk.look()

    expect(desk.page.get_by_role("heading", name="演示SCJG局")).to_be_visible()
    expect(desk.page.locator(".tree [aria-current]")).to_have_text("演示SCJG局")


@pytest.mark.urls("tests.journeys.test_the_shell")
def test_all_components_on_one_page(desk: Desk):
    desk.go("/_components/")

    desk.press("打开抽屉")

    drawer = desk.page.get_by_role("dialog", name="演示餐饮店")
    expect(drawer).to_be_visible()
    desk.page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    assert desk.page.evaluate("document.activeElement.textContent.trim()") == "打开抽屉"
    expect(desk.page.locator(".steps [aria-current=step]")).to_have_text("核对")


@pytest.mark.urls("tests.journeys.test_the_shell")
@pytest.mark.parametrize(
    ("code", "address", "said"),
    [
        (404, "/nowhere/", "请核对地址，或从工作台重新进入"),
        (403, "/people/accounts/", "请联系本单位的安全管理员授予相应的角色和数据范围"),
        (500, "/breaks/", "请把时间和正在做的事告诉系统管理员"),
    ],
)
def test_a_page_about_a_fault_says_what_to_do(desk: Desk, code: int, address: str, said: str):
    desk.expected.append(code)
    desk.sign_in(official(RoleCode.LEADER))

    desk.go(address)

    assert desk.sees(said)
    desk.follow("回到工作台")
    assert desk.sees("工作台")


@pytest.mark.parametrize("is_large", [False, True], ids=["plain", "large"])
def test_the_bar_fits_with_unread_messages_beside_the_mark_of_invented_data(desk: Desk, settings, is_large):
    settings.IS_DEMO = True
    reader = official(RoleCode.LEADER)
    for number in range(12):
        send_message(to=[reader], title=f"演示消息{number}", **BY)
    desk.sign_in(reader)
    desk.go("/")
    if is_large:
        desk.page.get_by_role("button", name="大字").click()

    desk.go("/")

    assert desk.page.get_by_role("link", name="条未读消息").inner_text().startswith("12")
    expect(desk.page.get_by_text("演示数据", exact=True)).to_be_visible()
