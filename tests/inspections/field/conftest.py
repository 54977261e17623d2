"""A phone: a browser as narrow as one, with a store of its own, in front of the real platform."""

from __future__ import annotations

import io
import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from PIL import Image
from playwright.sync_api import expect

from gongchou.accounts.models import User
from gongchou.registry.models import Item
from tests.factories.checklists import make_checklist
from tests.factories.inspections import first_seat, inspector_at, on_its_way

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

PATIENCE_MS = 20_000
SHOTS = os.environ.get("GONGCHOU_SHOTS")
EXPECTED = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "401", "404", "409", "422", "503")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "field" in item.path.parts and "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


class Phone:
    """What an inspector does with it. Its store outlasts a closed page, as on a real one."""

    def __init__(self, browser: Browser, address: str, name: str, width: int = 390) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 844},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
            geolocation={"latitude": 31.23, "longitude": 121.47, "accuracy": 12},
            permissions=["geolocation"],
            has_touch=True,
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.address, self.name, self.n_shots, self.n_signed = address, name, 0, 0
        self.faults: list[str] = []
        self.page: Page = self._new_page()

    def _new_page(self) -> Page:
        page = self.context.new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        return page

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type == "error" and not any(code in said.text for code in EXPECTED):
            self.faults.append(f"{said.text} {said.location}")

    def sign_in(self, user: User) -> None:
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        self.context.clear_cookies()
        self.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.address}])

    def open(self, path: str = "") -> Page:
        """Open the page, or open it again."""
        self.page.goto("about:blank")  # another address of the same page would not load it anew
        self.page.goto(f"{self.address}/field/{path}")
        expect(self.page.get_by_role("heading", level=1)).not_to_have_text("现场检查")
        return self.page

    def ready_for_the_cellar(self) -> None:
        """All that opens the page without a network is on the phone."""
        self.page.evaluate("navigator.serviceWorker.ready")

    def kill(self) -> None:
        """The system takes the page away without a word."""
        self.page.close(run_before_unload=False)
        self.page = self._new_page()

    def close(self) -> None:
        """Away with it, once the platform has put away what it answered last."""
        self.context.close()
        for thread in threading.enumerate():
            if thread.name.endswith("(process_request_thread)"):
                thread.join(timeout=5)

    def offline(self, is_off: bool = True) -> None:
        self.context.set_offline(is_off)

    def press(self, name: str, *, exact: bool = True) -> None:
        self.page.get_by_role("button", name=name, exact=exact).first.click()

    def answer(self, name: str) -> None:
        """What she says to a question."""
        self.page.locator("dialog").get_by_role("button", name=name).click()

    def follow(self, name: str, *, exact: bool = True) -> None:
        self.page.get_by_role("link", name=name, exact=exact).first.click()

    def sees(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.locator("body")).to_contain_text(text)

    def photo(self, region: str) -> None:
        """Take one; the camera is a file."""
        n = self.page.locator(".attachment").count()
        self.n_signed += 1
        self.page.get_by_role("region", name=region).locator('input[type="file"]').set_input_files(
            a_photo(self.n_signed)
        )
        expect(self.page.locator(".attachment")).to_have_count(n + 1)

    def scrawl(self) -> None:
        again = self.page.get_by_role("button", name="重签")
        n = again.count()
        box = self.page.locator("canvas.pad").bounding_box()
        assert box is not None
        mouse = self.page.mouse
        mouse.move(box["x"] + 30, box["y"] + 30)
        mouse.down()
        self.n_signed += 1  # no two alike
        mouse.move(box["x"] + 160, box["y"] + 20 * self.n_signed, steps=4)
        mouse.up()
        self.press("确认签名")
        expect(again).to_have_count(n + 1)

    def look(self) -> None:
        """What every screen must stand; GONGCHOU_SHOTS keeps a picture of it."""
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        if SHOTS:
            self.n_shots += 1
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            self.page.wait_for_timeout(150)
            self.page.screenshot(path=f"{SHOTS}/{self.name}-{self.n_shots:02}.png", full_page=True)
        found = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in Axe().run(self.page).response["violations"]]
        assert found == [], self.page.url
        assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), self.page.url
        assert self.faults == []

    def record(self) -> dict[str, Any]:
        """The only record on the phone."""
        return next(iter(self.records()), {})

    def records(self) -> list[dict[str, Any]]:
        """All of them, as the page itself reads them."""
        told: list[dict[str, Any]] = self.page.evaluate(
            """async () => {
              const { openDatabase, findVault } = await import("/static/inspections/field/vault.js");
              const vault = await findVault(await openDatabase(() => {}));
              return vault.all("records");
            }"""
        )
        return told


def a_photo(nth: int) -> dict[str, Any]:
    """A picture as large as a phone's, of nothing; no two alike."""
    data = io.BytesIO()
    Image.linear_gradient("L").resize((2400, 1800 + nth)).convert("RGB").save(data, "JPEG", quality=90)
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": data.getvalue()}


SURVEY = [
    ["题型", "代码", "题目", "必填", "显示条件", "检查依据"],
    ["分组开始", "store", "贮存", "", "", ""],
    ["单选 yes_no", "cold", "冷藏温度是否符合要求", "是", "", "《演示食品安全条例》第十条"],
    ["文本", "why", "不符合的情况", "是", "${cold} = 'no'", ""],
    ["照片", "shelf", "货架照片", "", "", ""],
    ["分组结束", "", "", "", "", ""],
    ["定位", "gate", "门口位置", "", "", ""],
    ["签名", "keeper", "库管员签名", "", "", ""],
    ["扫码", "batch", "产品批号", "", "", ""],
]
"""A form that asks for all that a phone can give."""


@pytest.fixture
def phone(chromium: Browser, live_server: Any, request: pytest.FixtureRequest) -> Iterator[Phone]:
    own = Phone(chromium, live_server.url, re.sub(r"[^a-z0-9_]+", "-", request.node.name))
    yield own
    own.close()


@pytest.fixture
def inspector(db: None) -> User:
    """Somebody who is at the first door of a batch on its way, with a form for its item."""
    seat = first_seat(on_its_way())
    make_checklist(seat.department, items=Item.objects.filter(code="I1"), survey=SURVEY)
    return inspector_at(seat)


@pytest.fixture
def phone_with_package(phone: Phone, inspector: User) -> Phone:
    """Her phone, with all that she needs on it."""
    phone.sign_in(inspector)
    phone.open()
    expect(phone.page.locator("a.card").first).to_be_visible()
    return phone


@pytest.fixture
def at_the_door(phone_with_package: Phone) -> Phone:
    """With the first visit begun."""
    phone = phone_with_package
    phone.page.locator("a.card").first.click()
    phone.press("开始检查")
    expect(phone.page.get_by_role("heading", name="登记进场")).to_be_visible()
    return phone
