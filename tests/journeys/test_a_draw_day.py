"""Draw day in the browser: lists frozen, promised by a second person, closed, drawn from the beacon, handed out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from gongchou.draw.encoding import dump_json
from gongchou.draws.models import Batch, Hit
from tests.factories import draws as factory
from tests.factories.lists import approver_of, keeper_of
from tests.factories.people import NOW
from tests.journeys.conftest import Desk


@pytest.fixture(autouse=True)
def home(settings: pytest.FixtureRequest, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    factory.set_up_keys()
    return tmp_path


@pytest.fixture
def wait_until(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """What time it is for the platform: a draw day takes hours, and the beacon of these tests began with ``NOW``."""

    def wait(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    wait(NOW)
    return wait


def work(desk: Desk, state: str) -> None:
    """The worker does what was asked for; the page shows it by itself."""
    call_command("db_worker", batch=True, startup_delay=False, verbosity=0)
    expect(desk.page.locator("h1")).to_contain_text(state)
    desk.look()


def promise(desk: Desk, batch: Batch) -> None:
    """From the draft to the commitment."""
    desk.sign_in(keeper_of(batch.department))
    desk.go(f"/draws/{batch.pk}/preparation/")
    desk.go(f"/draws/{batch.pk}/")
    desk.press("冻结名单")
    work(desk, "名单已冻结")
    desk.sign_in(approver_of(batch.department))
    desk.go(f"/draws/{batch.pk}/")
    desk.press("复核并公开承诺")
    assert desk.sees("承诺值")


def draw(desk: Desk, batch: Batch, wait_until: Callable[[datetime], None]) -> None:
    """From the close to the result; the beacon is carried in as a file."""
    keeper = keeper_of(batch.department)
    wait_until(batch.closes_at)
    desk.sign_in(keeper)
    desk.go(f"/draws/{batch.pk}/")
    desk.press("截止来源")
    wait_until(batch.beacon_at)
    desk.sign_in(keeper)
    desk.go(f"/draws/{batch.pk}/")
    desk.follow("确定种子")
    beacon = dump_json(factory.signer().sign(batch.last["round"]).document())
    told = {"name": "beacon.json", "mimeType": "application/json", "buffer": beacon}
    desk.page.locator('input[type="file"]').set_input_files(told)
    desk.press("确定种子并抽取")
    work(desk, "已抽取，待锁定")


def show_in_the_hall(desk: Desk, batch: Batch, *words: str) -> None:
    """On the wall, which says these words."""
    size = desk.page.viewport_size
    desk.page.set_viewport_size({"width": 1920, "height": 1080})
    desk.go(f"/draws/{batch.pk}/screen/")
    for word in words:
        expect(desk.page.locator("main")).to_contain_text(word)
    desk.look()
    desk.page.set_viewport_size(size or {"width": 1280, "height": 800})


def test_one_department_draws(desk: Desk, wait_until: Callable[[datetime], None]):
    task = factory.ready_task()
    desk.sign_in(keeper_of(task.department))
    desk.go("/draws/")
    desk.page.get_by_role("link", name=f"组织抽取{task.name}").click()
    desk.press("保存")
    batch = Batch.objects.get()

    promise(desk, batch)
    show_in_the_hall(desk, batch, "距来源截止", "01:30:00")
    draw(desk, batch, wait_until)
    batch.refresh_from_db()
    show_in_the_hall(desk, batch, "抽取完成", batch.seed, "8 户", Hit.objects.get(rank=8).ticket[:16])
    desk.sign_in(approver_of(task.department))
    desk.go(f"/draws/{batch.pk}/")
    desk.press("锁定结果")
    desk.press("派发")
    for page in ("抽中的对象", "检查户次和人员"):
        desk.go(f"/draws/{batch.pk}/")
        desk.follow(page)

    assert {visit.unit for visit in batch.visits.all()} == {task.department}
    desk.page.context.clear_cookies()
    desk.go(f"/public/draws/{batch.code}/")
    assert desk.sees("在本页核验")


def test_four_departments_draw_together_and_see_what_it_saves(desk: Desk, wait_until: Callable[[datetime], None]):
    batch = factory.joint_batch(n_draws=4, is_sealed=False, is_match_sealed=False)

    promise(desk, batch)
    draw(desk, batch, wait_until)

    section = desk.page.locator("#comparison")
    expect(section).to_contain_text("各抽各的，预计要上")
    desk.look()
    assert desk.sees("32 个任务户次一起抽，只上 8 户门")
    desk.page.context.clear_cookies()
    desk.go(f"/public/draws/{batch.code}/")
    desk.follow("在本页核验")
    expect(desk.page.locator("#verdict-title")).to_be_visible()
    assert desk.page.locator("#checks li.failed").count() == 0
