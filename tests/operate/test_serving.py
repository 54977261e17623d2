"""The web processes as production runs them: behind a proxy, over HTTPS, stopped in order."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPResponse

import pytest

from tests.operate.conftest import ROOT, Platform, environment_of

pytestmark = pytest.mark.database
PROXIED = {"Host": "gongchou.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def served(template: Platform) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """The port of a platform that two processes serve."""
    port = free_port()
    words = [sys.executable, str(ROOT / "gongchou"), "serve", "--bind", f"127.0.0.1:{port}", "--workers", "2"]
    env = environment_of(template.home, template.name) | {"GONGCHOU_HOSTS": "gongchou.example", "GONGCHOU_PROXIES": "1"}
    server = subprocess.Popen(words, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    until = time.monotonic() + 120
    while not _answers(port) and time.monotonic() < until:
        assert server.poll() is None, server.communicate()[0]
        time.sleep(0.2)
    yield port, server
    server.terminate()
    assert server.wait(timeout=60) == 0


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def get(port: int, path: str, **headers: str) -> tuple[HTTPResponse, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    return answer, answer.read().decode()


def test_a_page_comes_with_cookies_that_never_travel_in_the_clear(served):
    answer, _ = get(served[0], "/account/login/", **PROXIED)

    cookies = answer.headers.get_all("Set-Cookie") or []
    assert answer.status == 200
    assert len(cookies) == 1
    assert cookies[0].startswith("csrftoken=")
    assert cookies[0].endswith("; Secure")


def test_what_the_page_needs_comes_without_being_collected(served):
    answer, text = get(served[0], "/static/web/theme.css", **PROXIED)

    assert (answer.status, answer.headers["Content-Type"]) == (200, 'text/css; charset="utf-8"')
    assert text == (ROOT / "src/gongchou/web/static/web/theme.css").read_text()


def test_a_host_that_is_not_ours_gets_nothing(served):
    assert get(served[0], "/account/login/", **PROXIED | {"Host": "elsewhere.example"})[0].status == 400


def test_a_page_that_is_not_there_shows_nothing_of_the_code(served):
    answer, text = get(served[0], "/nothing/", **PROXIED)

    assert answer.status == 404
    assert [word for word in ("Traceback", "urlpatterns", "gongchou.urls", "DEBUG") if word in text] == []


@pytest.mark.night
def test_a_day_of_requests_leaves_it_as_it_was(served):
    """Each opens the database anew in a thread that has done so a thousand times before."""
    port, server = served

    with ThreadPoolExecutor(8) as crowd:
        told = list(crowd.map(lambda _: get(port, "/account/login/", **PROXIED)[0].status, range(12_000)))

    assert Counter(told) == {200: 12_000}
    assert server.poll() is None
