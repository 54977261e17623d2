"""The verifier's page, opened from disk, and short ways to ask it things."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gongchou.draw.bundle import in_memory
from gongchou.draw.verify import Options, parse_real_ids, parse_trust
from gongchou.draw.verify import verify as verify_bundle
from tests.verifier.making import Maker, Wish
from tests.verifier.signing import trust_text

if TYPE_CHECKING:
    from playwright.sync_api import Page

PAGE = Path(__file__).resolve().parents[2] / "verifier" / "verify.html"

HELPERS = """() => {
window.bytesOf = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
window.mapOf = (files) => new Map(Object.entries(files).map(([path, text]) => [path, bytesOf(text)]));
}"""


def packed(files: dict[str, bytes]) -> dict[str, str]:
    return {path: base64.b64encode(data).decode() for path, data in files.items()}


@pytest.fixture(scope="session")
def page(browser_page: Page) -> Iterator[Page]:
    """Open the verifier in a page of its own, which other rooms' tests cannot lead elsewhere."""
    own = browser_page.context.new_page()
    own.goto(PAGE.as_uri())
    own.evaluate(HELPERS)
    yield own
    own.close()


@pytest.fixture
def fresh_page(browser_page: Page) -> Iterator[Page]:
    """Open the verifier as a reader finds it."""
    own = browser_page.context.new_page()
    own.goto(PAGE.as_uri())
    own.bring_to_front()
    yield own
    own.close()


@pytest.fixture(scope="session")
def ask(page: Page) -> Callable[..., Any]:
    """Evaluate one JavaScript expression with `x` bound to the argument."""
    return lambda expression, argument=None: page.evaluate(f"async (x) => {expression}", argument)


@pytest.fixture(scope="session")
def drawn(ask: Callable[..., Any]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda tables: ask("gongchou.drawTables(x)", tables)


@pytest.fixture(scope="session")
def verify(ask: Callable[..., Any]) -> Callable[..., dict[str, Any]]:
    """Verify files held in memory; the test's own keys are trusted unless it says otherwise.

    The core verifies them too: whatever a test shows of the page, both must say.
    """

    def run(files: dict[str, bytes], **options: Any) -> dict[str, Any]:
        options = {"trust": trust_text()} | options
        report: dict[str, Any] = ask("gongchou.verifyFiles(mapOf(x[0]), x[1])", [packed(files), options])
        assert verdict(report) == verdict(verified_by_core(files, options)), report["failure"]
        return report

    return run


def verified_by_core(files: dict[str, bytes], told: dict[str, Any]) -> dict[str, Any]:
    """The report of the Python verification, with the page's options."""
    options = Options(
        trust=parse_trust(told["trust"]) if told["trust"] is not None else None,
        allow_test=told.get("allowTest", False),
        seal_key=bytes.fromhex(told["sealKey"]) if told.get("sealKey") else None,
        real_ids=parse_real_ids(told["realIds"]) if told.get("realIds") else None,
    )
    return verify_bundle(in_memory(files), options).document()


def verdict(report: dict[str, Any]) -> tuple[Any, ...]:
    """What two verifiers must agree on."""
    if report["failure"]:
        return report["failure"]["number"], report["failure"]["code"]
    marks = sorted({(mark["code"], mark["colour"]) for mark in report["marks"]})
    return report["colour"], report["level"], report["strength"], marks


@pytest.fixture(scope="session")
def make(drawn: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[..., dict[str, bytes]]:
    return lambda **wish: Maker(Wish(**wish), drawn).make()
