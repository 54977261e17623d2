"""A citizen without an account finds a draw, reads what was promised when, and has her own browser compute it again."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import expect

from gongchou.draws import keys
from gongchou.draws.models import Batch, Hit
from gongchou.draws.queries.receipts import receipt_key
from tests.factories import draws as factory
from tests.journeys.conftest import Desk


@pytest.fixture(autouse=True)
def home(settings: pytest.FixtureRequest, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path


def address(batch: Batch) -> str:
    return f"/public/draws/{batch.code}/"


def verdict(desk: Desk) -> str:
    expect(desk.page.locator("#verdict-title")).to_be_visible()
    desk.look()
    return desk.page.locator("#verdict").inner_text()


def test_a_citizen_recomputes_a_draw(desk: Desk):
    batch = factory.drawn(factory.make_batch())
    desk.go("/public/draws/")
    desk.follow(batch.name)
    assert desk.sees("承诺比最后的随机数早 2小时")

    desk.follow("在本页核验")

    assert "成立，但有保留" in verdict(desk)
    assert "自证" in verdict(desk)
    assert desk.page.locator("#checks li.passed").count() == 14
    assert desk.page.locator("#checks li.failed").count() == 0


def test_a_rehearsal_is_verified_as_one(desk: Desk):
    batch = factory.drawn(factory.make_batch(mode="test", is_sealed=False, is_match_sealed=False))
    desk.go(address(batch))
    assert desk.sees("这是一次演练，不是正式抽取")

    desk.follow("在本页核验")

    assert "演练" in verdict(desk)
    assert desk.page.locator("#checks li.failed").count() == 0


def test_a_changed_bundle_does_not_hold(desk: Desk, home: Path):
    batch = factory.drawn(factory.make_batch())
    b"".join(Client().get(f"{address(batch)}bundle.zip").streaming_content)
    (kept,) = (home / "bundles").glob("*.zip")
    data = kept.read_bytes()
    at = data.index(b"campaign SCJG")
    kept.write_bytes(data[:at] + b"C" + data[at + 1 :])

    desk.go(f"{address(batch)}verify/")

    assert "不成立" in verdict(desk)


def test_a_bundle_without_witnesses_says_so(desk: Desk, home: Path):
    draft = factory.make_batch()
    for path in (home / "keys").glob(f"{keys.PRACTICE}*.key"):
        path.unlink()
    batch = factory.drawn(draft)
    desk.expected.append(409)

    desk.go(f"{address(batch)}bundle.zip")

    assert desk.sees("证据包暂时不能下载")


def test_an_enterprise_reads_why(desk: Desk):
    batch = factory.drawn(factory.make_batch())
    subject = Hit.objects.filter(batch=batch, place="selected").order_by("rank")[0].subject
    desk.go(address(batch))
    desk.follow("为什么抽中我／没抽中我")
    desk.fill(**{"统一社会信用代码": subject.number, "回执码": "ABCD-EFGH-2345"})
    desk.press("查询")
    assert desk.sees("代码或回执码不对")

    desk.fill(回执码=receipt_key(batch, subject.number))
    desk.press("查询")

    assert desk.sees("演示专项检查：被抽中")
    with desk.page.expect_download() as taken:
        desk.page.get_by_role("button", name="下载回执").click()
    desk.go(f"{address(batch)}verify/")
    verdict(desk)
    desk.page.set_input_files("#receipt", str(taken.value.path()))
    expect(desk.page.locator("#receipt-answer")).to_contain_text("回执成立")


def test_a_department_s_record_leads_to_the_draws_behind_it(desk: Desk):
    batch = factory.committed(factory.make_batch())
    desk.go(address(batch))
    desk.follow(batch.department.name)
    desk.page.get_by_role("main").get_by_role("link", name="1 次").last.click()
    desk.look()
    assert desk.sees("到时未公布结果")
    desk.follow(batch.draws.get().code)
    assert desk.sees("不能收回，也不能悄悄重来")
    desk.go(f"{address(batch)}selected/")
