"""A desk with a browser on it, at the width of a screen and of a phone.

Set GONGCHOU_SHOTS to a folder to keep a picture of every page a journey passes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from gongchou.accounts.models import User

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

PASSWORD = "correct horse battery"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


class Desk:
    """What somebody does in front of a page, in her words."""

    def __init__(self, page: Page, address: str, name: str) -> None:
        self.page, self.address, self.name = page, address, name
        self.faults: list[str] = []
        self.shots = 0
        page.on("console", self._hear)
        page.on("pageerror", lambda fault: self.faults.append(str(fault)))

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self.faults.append(said.text)

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)
        self.look()

    def sign_in(self, user: User, password: str = PASSWORD) -> None:
        self.page.goto(f"{self.address}/account/login/")
        self.page.get_by_label("账号").fill(user.username)
        self.page.get_by_label(re.compile("^密码")).fill(password)
        self.page.get_by_role("button", name="登录").click()
        self.page.wait_for_load_state()

    def fill(self, **values: str) -> None:
        for label, value in values.items():
            self.page.get_by_label(label).fill(value)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).first.click()
        self.page.wait_for_load_state()
        self.look()

    def follow(self, name: str) -> None:
        self.page.get_by_role("main").get_by_role("link", name=name).first.click()
        self.page.wait_for_load_state()
        self.look()

    def sees(self, text: str) -> bool:
        return text in self.page.get_by_role("main").inner_text()

    def look(self) -> None:
        """What every page must stand: axe, no sideways scrolling, nothing in the browser's log."""
        self._shoot()
        found = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in Axe().run(self.page).response["violations"]]
        assert found == [], self.page.url
        assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), self.page.url
        assert self.faults == []

    def _shoot(self) -> None:
        folder = os.environ.get("GONGCHOU_SHOTS")
        if folder:
            self.shots += 1
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=f"{folder}/{self.name}-{self.shots:02}.png", full_page=True)


@pytest.fixture(params=[1280, 390], ids=["desk", "phone"])
def desk(chromium: Browser, live_server: Any, request: pytest.FixtureRequest) -> Iterator[Desk]:
    width = request.param
    context = chromium.new_context(
        viewport={"width": width, "height": 800}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    yield Desk(context.new_page(), live_server.url, request.node.name.replace("[", "-").rstrip("]"))
    context.close()
