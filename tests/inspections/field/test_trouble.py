"""What goes wrong on a phone, and that nothing is lost by it."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from django.test import Client
from playwright.sync_api import Route, expect

from gongchou.accounts.models import User
from gongchou.draws.models import Visit
from gongchou.inspections.models import Revision
from tests.factories.inspections import post, record_for
from tests.factories.people import make_user
from tests.inspections.field.conftest import Phone, a_photo
from tests.inspections.field.doing import enter, submitted

pytestmark = pytest.mark.long


@pytest.fixture
def in_queue(phone_with_package: Phone) -> Phone:
    """A phone with one record that has not been sent, and no network."""
    submitted(phone_with_package)
    return phone_with_package


PASSWORD = "correct horse battery"
INSTANCES = "**/field/instances/*/"


def test_a_draft_outlives_the_kill_of_its_page_at_every_step(at_the_door: Phone) -> None:
    phone = at_the_door
    phone.ready_for_the_cellar()
    phone.offline()
    enter(phone)
    phone.follow("下一步：检查")
    phone.page.get_by_label("否", exact=True).check()
    record = phone.record()["id"]
    for label, step in (("不符合的情况", "fill"), ("当事人意见", "signing")):
        phone.open(f"#/record/{record}/{step}")
        phone.page.get_by_label(label).first.fill(f"写在{label}里")
        phone.page.wait_for_timeout(1000)
        phone.kill()
        phone.open(f"#/record/{record}/{step}")
        expect(phone.page.get_by_label(label).first).to_have_value(f"写在{label}里")
    assert phone.record()["draft"]["entry"]["how"] == "typed"


@pytest.mark.parametrize("has_locks", [True, False])
def test_a_second_window_may_only_look(at_the_door: Phone, has_locks: bool) -> None:
    phone = at_the_door
    if not has_locks:
        phone.context.add_init_script("Object.defineProperty(navigator, 'locks', { value: undefined })")
        phone.page.reload()
        expect(phone.page.get_by_role("heading", name="登记进场")).to_be_visible()
    second = phone.context.new_page()

    second.goto(phone.page.url)

    expect(second.get_by_text("正在另一个窗口填写")).to_be_visible()
    expect(second.get_by_label("拒绝检查")).to_be_disabled()
    phone.follow("‹ 返回")
    expect(phone.page.get_by_role("link", name="继续填写")).to_be_visible()
    second.get_by_role("button", name="重新打开").click()
    expect(second.get_by_label("拒绝检查")).to_be_enabled()


def test_another_user_of_the_phone_sees_and_sends_nothing(in_queue: Phone, inspector: User) -> None:
    phone = in_queue
    name = phone.record()["name"]
    phone.context.clear_cookies()
    phone.sign_in(make_user("other", inspector.department))
    phone.offline(False)

    phone.open("#/queue")
    phone.sees("目前没有分派给您的检查")
    assert name not in phone.page.content()
    assert phone.record() == {}
    assert phone.page.evaluate(CANARIES, ["冷藏柜", name]) == []
    assert Revision.objects.count() == 0

    phone.sign_in(inspector)
    phone.open("#/queue")
    phone.sees("已收到")
    assert Revision.objects.get().received_by == inspector


def test_an_expired_session_keeps_all_and_says_how_to_go_on(in_queue: Phone, inspector: User) -> None:
    phone = in_queue
    phone.context.clear_cookies()
    phone.offline(False)

    phone.press("同步")

    expect(phone.page.get_by_role("link", name="重新登录")).to_have_attribute("href", "/account/login/?next=/field/")
    phone.sees("待同步 1 条")
    phone.look()
    phone.follow("重新登录")
    phone.page.get_by_label("账号").fill(inspector.username)
    phone.page.get_by_label(re.compile("^密码")).fill(PASSWORD)
    phone.press("登录")
    phone.sees("已收到")
    assert Revision.objects.count() == 1


def test_a_refused_record_holds_up_no_other_and_is_mended(phone_with_package: Phone) -> None:
    phone = phone_with_package
    submitted(phone, 2)
    bad, good = sorted(phone.records(), key=lambda one: str(one["changed_at"]))
    problems = [{"path": "x", "sentence": "演示问题。"}]
    told = {"error": "inspections.problems", "sentence": "记录还不完整。", "problems": problems}
    phone.context.route(f"**/field/instances/{bad['id']}/", lambda route: route.fulfill(status=422, json=told))
    phone.offline(False)
    phone.press("同步")
    phone.sees("演示问题。")
    phone.sees("待同步 1 条")
    phone.look()
    assert Revision.objects.get().digest == good["digest"]

    phone.context.unroute(f"**/field/instances/{bad['id']}/")
    phone.press("修改")
    phone.answer("修改")
    expect(phone.page.get_by_role("heading", name="已登记进场")).to_be_visible()
    phone.follow("提交")
    phone.press("重新登记离场时间")
    phone.press("提交")
    phone.answer("提交")

    phone.sees("待同步 0 条")
    mended = next(one for one in phone.records() if one["id"] == bad["id"])
    assert Revision.objects.get(instance=bad["id"]).digest == mended["digest"] != bad["digest"]


def test_a_record_that_another_phone_sent_meanwhile_is_not_lost(
    in_queue: Phone, inspector: User, client: Client
) -> None:
    phone = in_queue
    instance = UUID(phone.record()["id"])
    client.force_login(inspector)
    door = client.get("/field/package/", headers={"Accept": "application/json"}).json()["visits"]
    own = next(one for one in door if one["id"] == phone.record()["visit"])
    other = record_for(own, answers={"cold": "yes"})
    assert post(client, instance, other).status_code == 201
    phone.offline(False)

    phone.press("同步")
    phone.sees("需要处理")
    phone.look()
    with phone.page.expect_download() as download:
        phone.press("导出")
    kept = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert kept["record"]["digest"] == phone.record()["digest"]
    assert len(kept["files"]) == 4
    phone.press("修改")
    phone.answer("修改")
    expect(phone.page.get_by_role("heading", name="已登记进场")).to_be_visible()
    phone.follow("提交")
    phone.press("提交")
    phone.answer("提交")

    phone.sees("待同步 0 条")
    phone.press("从平台找回回执")
    phone.sees("找回 1 份")
    assert list(Revision.objects.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_an_answer_that_was_lost_on_the_way_is_asked_for_again(in_queue: Phone) -> None:
    phone = in_queue

    def cut(route: Route) -> None:
        route.fetch()
        route.abort()

    phone.context.route(INSTANCES, cut)
    phone.offline(False)
    phone.press("同步")
    phone.sees("失败原因")
    assert Revision.objects.count() == 1
    expect(phone.page.get_by_role("button", name="修改")).to_have_count(0)
    phone.context.unroute(INSTANCES)
    offsets: list[str] = []

    def cut_once(route: Route) -> None:
        asked = parse_qs(urlsplit(route.request.url).query)
        offsets.extend(asked.get("offset", []))
        if offsets == ["0"] and asked:
            cut(route)
        else:
            route.continue_()

    phone.context.route("**/field/attachments/*/**", cut_once)
    phone.press("同步")
    phone.sees("附件待传 4 个")
    phone.press("同步")

    phone.sees("待同步 0 条")
    assert Revision.objects.count() == 1
    assert offsets[:2] == ["0", str(256 * 1024)]


def test_a_full_phone_warns_before_the_photo_and_lets_the_record_out(at_the_door: Phone) -> None:
    phone = at_the_door
    enter(phone)
    phone.follow("下一步：检查")
    phone.page.evaluate(FULL)

    phone.press("拍照")
    phone.sees("可用空间只剩 5.0 MB")
    phone.press("取消")
    phone.photo("现场照片和录音")
    phone.sees("手机存储空间已满")
    with phone.page.expect_download() as download:
        phone.press("导出本记录")

    kept = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert [one["type"] for one in kept["files"]] == ["image/jpeg"]
    phone.page.evaluate("window.isRoom = true")
    phone.page.get_by_label("是", exact=True).check()
    expect(phone.page.locator("#banners")).not_to_contain_text("存储空间已满")
    assert len(phone.record()["draft"]["attachments"]) == 1


def test_a_new_version_waits_until_no_record_is_open(at_the_door: Phone, settings: pytest.FixtureRequest) -> None:
    phone = at_the_door
    phone.ready_for_the_cellar()
    enter(phone)
    before = phone.page.evaluate("document.body.dataset.version")
    settings.IS_DEMO = True

    phone.page.evaluate("navigator.serviceWorker.getRegistration('/field/').then((found) => found.update())")
    phone.page.wait_for_function("navigator.serviceWorker.getRegistration('/field/').then((found) => found.waiting)")
    phone.page.wait_for_timeout(300)
    assert phone.page.evaluate("document.body.dataset.version") == before
    phone.follow("‹ 返回")

    phone.page.wait_for_function("(old) => document.body.dataset.version !== old", arg=before)
    phone.sees("演示数据")
    assert phone.record()["draft"]["entry"]["how"] == "typed"


def test_an_app_without_a_worker_says_so_and_keeps_the_draft(phone_with_package: Phone, inspector: User) -> None:
    phone = phone_with_package
    phone.context.add_init_script(SCANNER)
    phone.context.add_init_script("delete Navigator.prototype.serviceWorker")
    phone.open()
    phone.sees("请在浏览器中打开")
    phone.page.locator("a.card").first.click()
    phone.look()
    phone.follow("亮码（出示执法身份）")
    phone.sees("您有权要求检查人员出示执法证件")
    phone.look()
    phone.follow("‹ 返回")
    phone.press("开始检查")
    camera = phone.page.locator('input[type="file"]').first
    camera.set_input_files(a_photo(1))
    phone.sees("扫到的是 91000000000000000X")
    phone.press("知道了")
    phone.page.evaluate(
        "(code) => { window.onPicture = code; }", Visit.objects.get(pk=phone.record()["visit"]).subject.number
    )
    camera.set_input_files(a_photo(1))
    expect(phone.page.get_by_role("heading", name="已登记进场")).to_be_visible()
    phone.page.get_by_label("已关闭停业或正在组织清算").check()
    phone.page.get_by_label("情况说明（必填）").fill("店面已清空，邻店称上月搬离。")
    phone.look()
    phone.page.wait_for_timeout(1000)
    phone.kill()

    phone.open("#/me")
    phone.look()
    phone.press("退出登录")
    phone.look()
    phone.press("退出，未同步的加密保留在本机")
    expect(phone.page.get_by_label("账号")).to_be_visible()
    assert phone.page.evaluate(CANARIES, ["店面已清空"]) == []
    phone.sign_in(inspector)
    phone.open()
    phone.page.locator("a.card").first.click()
    phone.follow("继续填写")
    expect(phone.page.get_by_label("情况说明（必填）")).to_have_value("店面已清空，邻店称上月搬离。")
    phone.follow("下一步：签名")
    phone.look()
    phone.follow("提交")
    phone.sees("还有 2 处要补充")
    phone.look()


SCANNER = """
  window.onPicture = "91000000000000000X";
  window.BarcodeDetector = class { async detect() { return [{ rawValue: window.onPicture }]; } };
"""

CANARIES = """async (words) => {
  const request = indexedDB.open("gongchou-field");
  const db = await new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
  const found = [];
  for (const store of db.objectStoreNames) {
    const rows = db.transaction(store).objectStore(store).getAll();
    for (const row of await new Promise((resolve) => (rows.onsuccess = () => resolve(rows.result)))) {
      const data = row.data ? new TextDecoder().decode(row.data) : "";
      const text = data + JSON.stringify(row);
      found.push(...words.filter((word) => text.includes(word)));
    }
  }
  return found;
}"""

FULL = """() => {
  navigator.storage.estimate = async () => ({ quota: 100 * 1024 * 1024, usage: 95 * 1024 * 1024 });
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...told) {
    if (this.name === "files" && !window.isRoom) throw new DOMException("full", "QuotaExceededError");
    return put.apply(this, told);
  };
}"""
