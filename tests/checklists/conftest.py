"""The scripts of the room in a browser, under the platform's own rule of what may run."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "src" / "gongchou" / "checklists" / "static" / "checklists"
SITE = "http://forms.test/"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:"
SHELL = f"""<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>表</title>
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="{SITE}form.css">
<header><h1>表</h1></header><main></main>"""
KINDS = {".js": "text/javascript", ".css": "text/css", "": "text/html"}


def vectors() -> dict[str, Any]:
    told: dict[str, Any] = json.loads((ROOT / "spec" / "vectors" / "forms.json").read_text(encoding="utf-8"))
    return told


def _answer(route: Route) -> None:
    name = route.request.url.removeprefix(SITE)
    path = (Path(__file__).parent if name == "asking.js" else SCRIPTS) / name
    if name and not path.is_file():
        route.fulfill(status=404)
        return
    kind = KINDS[path.suffix if name else ""]
    body = path.read_text(encoding="utf-8") if name else SHELL
    route.fulfill(body=body, content_type=f"{kind}; charset=utf-8", headers={"Content-Security-Policy": POLICY})


@pytest.fixture(scope="session")
def site(chromium: Browser) -> Iterator[Page]:
    """A page as wide as a phone's that finds the room's scripts beside itself, and nothing else anywhere."""
    context = chromium.new_context(
        viewport={"width": 390, "height": 800}, locale="zh-CN", timezone_id="Asia/Shanghai", has_touch=True
    )
    context.route("**/*", _answer)
    page = context.new_page()
    page.goto(SITE)
    yield page
    context.close()


@pytest.fixture(scope="session")
def ask(site: Page) -> Callable[[str, Any], Any]:
    """Call a function of ``asking.js`` with one argument."""
    return lambda name, argument: site.evaluate(
        "async ([name, x]) => (await import('/asking.js'))[name](x)", [name, argument]
    )
