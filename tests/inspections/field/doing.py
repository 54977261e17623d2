"""The steps of a visit, as somebody with a phone takes them."""

from __future__ import annotations

from pathlib import Path

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
    phone.page.get_by_label("是", exact=True).check()
    if looks:
        fill_all(phone)
    phone.photo("现场照片和录音")
    phone.look() if looks else None
    phone.follow("下一步：结果")
    phone.page.get_by_label("发现问题或其他情形").check()
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
    for nth in range(2):
        phone.page.get_by_role("region", name="检查人员").get_by_role("button", name="签名").first.click()
        phone.look() if looks and not nth else None
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
    phone.answer("提交")
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("同步")


def submitted(phone: Phone, n_records: int = 1) -> None:
    """Open the queue with records in it that no network has taken, all of one visit."""
    phone.ready_for_the_cellar()
    phone.offline()
    for _ in range(n_records):
        phone.page.evaluate(SUBMITTED)
    phone.page.evaluate("location.hash = '#/queue'")
    phone.sees(f"待同步 {n_records} 条")


def fill_all(phone: Phone) -> None:
    """Whatever the sheet asks for."""
    phone.page.get_by_label("否", exact=True).check()
    phone.page.get_by_label("不符合的情况").fill("8 度")
    phone.photo("贮存")
    phone.press("定位：门口位置")
    phone.sees("31.230000, 121.470000 ±12米")
    phone.press("签名：库管员签名")
    phone.scrawl()
    phone.page.get_by_label("号码：产品批号").fill("PH-20260302")


SUBMITTED = (Path(__file__).parent / "submitted.js").read_text(encoding="utf-8")
