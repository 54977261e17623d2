"""What several rooms' tests share: the browser, and the data that is not in the repository."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent

# Programs that a test starts must find the package as well as the test does.
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT / "src"), os.environ.get("PYTHONPATH")]))

# Nor need they compile it anew each time, whoever starts the tests: `make` says the same.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Thousands of tests and all of Django are a heap that stays; looked through for garbage as often as Python would, it
# costs a tenth of the time.
gc.set_threshold(20_000, 20, 50)

# How fast a machine makes up examples says nothing about the code; three workers on two cores are slow at times.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")

# Playwright keeps an event loop running in the thread of the tests, and Django then takes each of them for asynchronous
# code that must not touch a database. None of it is.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

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
    """Return the path of a Chromium on this machine; GONGCHOU_CHROMIUM goes before what is on PATH. The one without
    windows comes first: it shows the same pages with half the work.
    """
    named = os.environ.get("GONGCHOU_CHROMIUM")
    names = [named] if named else ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
    return next((path for name in names if (path := shutil.which(name))), None)


# What asks of the database only what every database answers alike: on PostgreSQL they run by night.
ALIKE = ("access", "demo", "publicity", "web", "checklists", "journeys", "field")
SLOW_FIRST = ("journeys", "operate", "demo", "imports", "access", "engines")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what touches the database, which is run on both kinds (``make test``); begin with what takes long, so that
    no worker is left with it alone at the end.
    """
    items.sort(key=lambda item: next((at for at, room in enumerate(SLOW_FIRST) if room in item.path.parts), 99))
    for item in items:
        names = getattr(item, "fixturenames", ())
        if item.get_closest_marker("django_db") or not {"db", "transactional_db", "live_server"}.isdisjoint(names):
            item.add_marker(pytest.mark.database)
            if not {*ALIKE}.isdisjoint(item.path.parts):
                item.add_marker(pytest.mark.alike)


def pytest_collection_finish() -> None:
    """What is there by now stays to the end, and is no garbage until then."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """Libraries that count their objects at the end shall find none left."""
    gc.unfreeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A file is one worker's, and so is ``operate``: its platform, backup and copy serve all files of the room."""
    from xdist.scheduler import LoadFileScheduling  # noqa: PLC0415 -- it is asked only where it is there

    class ByRoom(LoadFileScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            return "tests/operate" if file.startswith("tests/operate/") else file

    return ByRoom(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.fixture(scope="session", autouse=True)
def a_log_that_tests_may_empty() -> Iterator[None]:
    """Django empties all tables after a test that committed; the log and the guard would rightly not let it."""
    from django.db import transaction  # noqa: PLC0415 -- the settings are known by now
    from django.test import TransactionTestCase  # noqa: PLC0415

    from gongchou.audit.guard import open_for_writing  # noqa: PLC0415
    from tests.factories.log import triggers_off  # noqa: PLC0415

    empty = TransactionTestCase._fixture_teardown

    def empty_as_superuser(case: TransactionTestCase) -> None:
        with open_for_writing(), transaction.atomic(), triggers_off():
            empty(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_as_superuser)
        yield


@pytest.fixture(scope="session", autouse=True)
def signatures_looked_at_once() -> Iterator[None]:
    """Hundreds of forged bundles share all but one of their signatures. What is signed with what is the whole of the
    question and of the answer, so asking again is only slow.
    """
    from gongchou.draw import bls, ed25519  # noqa: PLC0415 -- a test of something else need not load them

    slow = {bls: ("verify_g1_signature", "verify_g2_signature"), ed25519: ("public_key", "sign", "verify")}
    with pytest.MonkeyPatch.context() as patch:
        for module, names in slow.items():
            for name in names:
                patch.setattr(module, name, lru_cache(maxsize=5_000)(getattr(module, name)))
        yield


@pytest.fixture(scope="session", autouse=True)
def files_that_a_power_cut_may_take() -> Iterator[None]:
    """What a test writes need not outlast this machine; programs that are killed on purpose flush as always."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda handle: None)
        yield


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start the browser once."""
    executable = find_chromium()
    if executable is None:
        reason = "no Chromium found: install it or set GONGCHOU_CHROMIUM to its path"
        if os.environ.get("GONGCHOU_REQUIRE_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 -- tests without a browser need not load it

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_ARGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def browser_page(chromium: Browser) -> Iterator[Page]:
    """Open one page that is cut off from the network."""
    context = chromium.new_context(offline=True)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of data that lies beside the repository, because it may not be in it."""
    path = ROOT.parent / "shared" / "data"
    if not path.is_dir():
        pytest.skip("the folder ../shared/data is not there")
    return path
