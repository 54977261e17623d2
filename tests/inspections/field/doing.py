"""The steps of a visit, as somebody with a phone takes them."""

from __future__ import annotations

from playwright.sync_api import expect

from gongchou.draws.models import Visit
from tests.inspections.field.conftest import Phone


def enter(phone: Phone) -> None:
    """With the code of the licence, typed."""
    code = Visit.objects.get(pk=phone.record()["visit"]).subject.number
    phone.page.get_by_label("统一社会信用代码").fill(code)
    phone.press("核对并进场")
    expect(phone.page.get_by_role("heading", name="已登记进场")).to_be_visible()


def fill(phone: Phone, *, looks: bool = True) -> None:
    """The sheet, a photo, a problem."""
    phone.follow("下一步：检查")
    phone.photo()
    phone.look() if looks else None
    phone.follow("下一步：结果")
    phone.page.get_by_label("已检查", exact=True).check()
    phone.page.get_by_label("发现问题已责令改正").check()
    phone.page.get_by_label("发现问题情况").fill("冷藏柜没有温度记录。")
    phone.page.get_by_label("处置情况").fill("责令当日补齐。")
    phone.page.get_by_label("违反本部门规定，责令改正，后续由日常监管跟踪").check()
    phone.page.get_by_label("实地检查").check()
    phone.look() if looks else None


def sign(phone: Phone, *, looks: bool = True) -> None:
    """Told, and signed by all three."""
    phone.follow("下一步：签名")
    phone.press("已当场告知")
    phone.sees("责令当日补齐")
    for _ in range(2):
        phone.page.get_by_role("region", name="检查人员").get_by_role("button", name="签名").first.click()
        phone.look() if looks and _ else None
        phone.scrawl()
    phone.page.get_by_label("签名人").fill("演示店长")
    phone.press("当事人签名")
    phone.scrawl()
    phone.look() if looks else None


def submit(phone: Phone, *, looks: bool = True) -> None:
    """All is there."""
    phone.follow("下一步：提交")
    phone.sees("内容齐全，可以提交")
    phone.look() if looks else None
    phone.press("提交")
    phone.page.locator("dialog").get_by_role("button", name="提交").click()
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("同步")
