"""One visit on the phone, from the package to the receipt, in a cellar without a network."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from gongchou.inspections.models import Attachment, Exhibit, Inspection, Revision
from tests.inspections.field.conftest import Phone


def test_a_visit_is_done_without_a_network_and_sent_later(at_the_door: Callable[[], Phone]) -> None:
    phone = at_the_door()
    phone.ready_for_the_cellar()
    phone.offline()
    phone.page.reload()
    phone.look()
    page = phone.page
    code = phone.record()["visit"]
    assert code
    page.locator("summary", has_text="输入执照代码").click() if not page.locator("details[open]").count() else None
    page.get_by_label("统一社会信用代码").fill("0")
    phone.press("核对并进场")
    phone.sees("不一致")
