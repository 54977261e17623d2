"""The page passes axe at both widths, empty and with a verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.factories.mutants import EXAMPLES

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def violations(page: Page) -> list[str]:
    """Rules that axe finds broken."""
    return sorted(found["id"] for found in Axe().run(page).response["violations"])


@pytest.mark.parametrize("width", [390, 1280])
def test_the_empty_page_is_accessible(fresh_page: Page, width: int) -> None:
    fresh_page.set_viewport_size({"width": width, "height": 900})

    assert violations(fresh_page) == []


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("example", ["open-single", "campaign"])
def test_a_verdict_is_accessible(fresh_page: Page, width: int, example: str) -> None:
    fresh_page.set_viewport_size({"width": width, "height": 900})
    fresh_page.set_input_files("#zip", str(EXAMPLES / f"{example}.zip"))
    fresh_page.wait_for_selector("#verdict-title", state="visible")

    assert violations(fresh_page) == []
    assert fresh_page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
