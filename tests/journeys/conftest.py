"""A desk with a browser on it, at the width of a screen and of a phone.

Set GONGCHOU_SHOTS to a folder to keep a picture of every page a journey passes.
"""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from gongchou.accounts.models import User

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

PASSWORD = "correct horse battery"
PATIENCE_MS = 30_000  # a busy machine is no fault of a page
expect.set_options(timeout=PATIENCE_MS)
AT_NIGHT = "GONGCHOU_EXAMINE_ALL" in os.environ
# What axe looks at, without the words: each element with its classes, the names of its attributes and whether it says a
# word, and the same of what it stands in.
PARTS = """() => {
  const told = (one) => one && [one.tagName, one.className, one.getAttributeNames(), one.getAttribute("role"), one.type,
    Boolean(one.textContent.trim())].join();
  return [...new Set(Array.from(document.querySelectorAll("*"), (one) => `${told(one.parentElement)}>${told(one)}`))];
}"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


class Desk:
    """What somebody does in front of a page, in her words."""

    def __init__(self, page: Page, address: str, name: str, examined: Path) -> None:
        self.page, self.address, self.name, self.examined = page, address, name, examined
        self.faults: list[str] = []
        self.expected = [422]  # answers that are no fault: a form that came back; a journey may add to them
        self.shots = 0
        page.on("console", self._hear)
        page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        page.on("dialog", lambda dialog: dialog.accept())

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type == "error" and not any(
            f"status of {code}" in said.text or f"Status Error Code {code}" in said.text for code in self.expected
        ):
            self.faults.append(f"{said.text} {said.location}")

    @property
    def is_phone(self) -> bool:
        """Whether the page is as narrow as on a telephone."""
        size = self.page.viewport_size
        return size is not None and size["width"] < 576

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)
        self.look()

    def sign_in(self, user: User) -> None:
        """Another person sits down, her session already begun and no page open. Most journeys are about what comes
        after the entrance, and need not pass it each time.
        """
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        self.page.context.clear_cookies()
        self.page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.address}])

    def come_in(self, user: User, password: str = PASSWORD) -> None:
        """Another person comes through the entrance: whoever was here before is signed out."""
        self.page.context.clear_cookies()
        self.page.goto(f"{self.address}/account/login/")
        self._type_password(user, password)

    def type_password(self, user: User, password: str) -> None:
        """What somebody types at the entrance, and what she sees then."""
        self._type_password(user, password)
        self.look()

    def _type_password(self, user: User, password: str) -> None:
        self.page.get_by_label("账号").fill(user.username)
        self.page.get_by_label(re.compile("^密码")).fill(password)
        self.page.get_by_role("button", name="登录").click()
        self._settle()

    def fill(self, **values: str) -> None:
        for label, value in values.items():
            self.page.get_by_label(label).fill(value)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).first.click()
        self.look()

    def touch_key(self, name: str) -> None:
        """Press what asks for the security key; the key answers in its own time, and the next page comes by itself."""
        self.page.get_by_role("button", name=name).first.click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()
        self.look()

    def menu(self, name: str) -> None:
        """A line of the menu, which is behind a button on a phone."""
        button = self.page.get_by_role("button", name="打开菜单")
        if button.is_visible():
            button.click()
        self.page.locator("#menu").get_by_role("link", name=name, exact=True).click()
        self.look()

    def _settle(self) -> None:
        """Until there is a page at all, it is whole, and nothing on it is on its way."""
        expect(self.page.get_by_role("main")).to_be_visible()
        self.page.wait_for_load_state()
        expect(self.page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)

    def choose(self, label: str, option: str) -> None:
        """Pick from a list that can be searched, by typing."""
        self.page.get_by_role("combobox", name=label).click()
        self.page.get_by_role("combobox", name=label).press_sequentially(option)
        self.page.get_by_role("option", name=option).first.click()
        self.page.keyboard.press("Escape")

    def sees(self, text: str) -> bool:
        return text in self.page.get_by_role("main").inner_text()

    def look(self) -> None:
        """What every page must stand: axe, no sideways scrolling, nothing in the browser's log."""
        self._settle()
        self._shoot()
        self._examine()
        assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), self.page.url
        assert self.faults == []

    def _examine(self) -> None:
        """By axe, if there is a part on the page, or a place for one, that was not examined before; by night always."""
        parts = set(self.page.evaluate(PARTS))
        with self.examined.open("a+", encoding="utf-8") as file:
            file.seek(0)
            new = parts - {json.loads(line) for line in file if line.endswith("\n")}
        if not new and not AT_NIGHT:
            return
        found = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in Axe().run(self.page).response["violations"]]
        assert found == [], self.page.url
        with self.examined.open("a", encoding="utf-8") as file:
            file.write("".join(f"{json.dumps(part)}\n" for part in new))

    def _shoot(self) -> None:
        folder = os.environ.get("GONGCHOU_SHOTS")
        if folder:
            self.shots += 1
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.evaluate("window.scrollTo(0, 0)")
            path = f"{folder}/{self.name}-{self.shots:02}.png"
            self.page.screenshot(path=path, full_page=True, caret="initial")  # hiding it leaves styles on every field


# By day half of the files are walked through as on a screen and half as on a phone; by night all of them as on both,
# and over both databases.
SCREEN, PHONE, EITHER = (pytest.param(width, id=name) for width, name in ((1280, "desk"), (390, "phone"), (0, "day")))
WIDTHS = [SCREEN, PHONE] if AT_NIGHT else [EITHER]


@pytest.fixture(scope="session")
def examined(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What axe has nothing to say to, a part on a line, in a file of the run: each worker reads what the others wrote,
    and need not examine it once more.
    """
    folder = tmp_path_factory.getbasetemp()
    return (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "examined"


@pytest.fixture(params=WIDTHS)
def desk(chromium: Browser, live_server: Any, request: pytest.FixtureRequest, examined: Path) -> Iterator[Desk]:
    width = request.param or (1280, 390)[crc32(request.path.name.encode()) % 2]
    context = chromium.new_context(
        viewport={"width": width, "height": 800},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MS)
    yield Desk(context.new_page(), live_server.url, re.sub(r"[^a-z0-9_]+", "-", request.node.name), examined)
    context.close()
    _wait_for_server()


def _wait_for_server() -> None:
    """Until its last answer is put away, which asks the database whether its connection is still good."""
    for thread in threading.enumerate():
        if thread.name.endswith("(process_request_thread)"):
            thread.join(timeout=5)
