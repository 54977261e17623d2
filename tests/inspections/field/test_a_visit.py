"""One visit on the phone, from the package to the receipt, in a cellar without a network."""

from __future__ import annotations

import json

from playwright.sync_api import expect

from gongchou.inspections.models import Attachment, Exhibit, Inspection, Result, Revision
from tests.inspections.field.conftest import Phone
from tests.inspections.field.doing import enter, fill, sign, submit


def test_a_visit_is_done_without_a_network_and_sent_later(at_the_door: Phone) -> None:
    phone = at_the_door
    phone.ready_for_the_cellar()
    phone.offline()
    phone.page.reload()
    phone.look()

    phone.page.get_by_label("统一社会信用代码").fill("0")
    phone.press("核对并进场")
    phone.sees("不一致")
    enter(phone)
    phone.look()
    fill(phone)
    sign(phone)
    submit(phone)

    phone.sees("待同步 1 条")
    phone.look()
    assert Revision.objects.count() == 0
    phone.offline(False)
    phone.press("同步")
    phone.sees("待同步 0 条")
    phone.look()
    revision = Revision.objects.get()
    assert revision.receipt in phone.page.evaluate(RECEIPTS)
    assert revision.digest == phone.record()["digest"]
    assert revision.body == phone.record()["body"]
    assert {one.sha256 for one in Exhibit.objects.all()} == {one.sha256 for one in Attachment.objects.all()}
    assert Inspection.objects.get().state == "in_review"
    assert Result.objects.get().problem == "冷藏柜没有温度记录。"
    photo = next(one for one in json.loads(revision.body)["attachments"] if one["kind"] == "photo")
    assert (photo["lat"], photo["lon"], photo["accuracy_m"]) == (31.23, 121.47, 12)
    assert len(photo["original"]) == 64
    assert photo["size"] <= 300 * 1024
    expect(phone.page.get_by_text("回执（1）")).to_be_visible()


RECEIPTS = """async () => {
  const { openDatabase, findVault } = await import("/static/inspections/field/vault.js");
  const vault = await findVault(await openDatabase(() => {}));
  return (await vault.all("receipts")).map((one) => one.text);
}"""
