"""What several rooms' tests share: the browser, and the data that is not in the repository."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parent.parent

# Programs that a test starts must find the package as well as the test does.
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT / "src"), os.environ.get("PYTHONPATH")]))

CHROMIUM_ARGS = [
    "--no-sandbox",  # as root, which CI is, Chromium will not start with its sandbox on
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str | None:
    """Return the path of a Chromium on this machine; GONGCHOU_CHROMIUM goes before what is on PATH."""
    named = os.environ.get("GONGCHOU_CHROMIUM")
    names = [named] if named else ["/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome"]
    return next((path for name in names if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser_page() -> Iterator[Page]:
    """Open one page in a browser that is cut off from the network."""
    executable = find_chromium()
    if executable is None:
        reason = "no Chromium found: install it or set GONGCHOU_CHROMIUM to its path"
        if os.environ.get("GONGCHOU_REQUIRE_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 -- tests without a browser need not load it

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_ARGS)
        context = browser.new_context(offline=True)
        yield context.new_page()
        context.close()
        browser.close()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of data that lies beside the repository, because it may not be in it."""
    path = ROOT.parent / "shared" / "data"
    if not path.is_dir():
        pytest.skip("the folder ../shared/data is not there")
    return path
