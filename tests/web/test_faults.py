"""The page of faults when nothing else works: the settings of production, and no database behind them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ASK = """
import json, sys
import django
django.setup()
from django.test import Client
client = Client(raise_request_exception=False)
answers = [client.get(path, HTTP_HOST="localhost", HTTP_COOKIE=sys.argv[1]) for path in json.loads(sys.argv[2])]
print(json.dumps([[answer.status_code, answer.content.decode(), dict(answer.items())] for answer in answers]))
"""
NO_DATABASE = "postgres://nobody:nothing@127.0.0.1:1/none"


def ask(home: Path, *paths: str, cookie: str = "") -> list[tuple[int, str, dict[str, str]]]:
    """What a server answers whose database is down."""
    own = {
        "DJANGO_SETTINGS_MODULE": "gongchou.settings",
        "GONGCHOU_SECRET_KEY": "only for tests",
        "GONGCHOU_HOME": str(home),
        "DATABASE_URL": NO_DATABASE,
    }
    done = subprocess.run(
        [sys.executable, "-c", ASK, cookie, json.dumps(paths)],
        env={**os.environ, **own},
        capture_output=True,
        text=True,
        check=True,
    )
    return [tuple(one) for one in json.loads(done.stdout.splitlines()[-1])]


@pytest.fixture(scope="module")
def signed_in(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[int, str, dict[str, str]]]:
    """The answers to somebody who had been in before."""
    paths = ("/", "/registry/subjects/", "/account/login/", "/nowhere/")
    return ask(tmp_path_factory.mktemp("home"), *paths, cookie="sessionid=abcdefghijklmnopqrstuvwxyz012345")


def test_without_a_database_it_still_says_what_to_do(signed_in):
    assert [(status, "您的操作没有生效" in page) for status, page, _ in signed_in] == [(500, True)] * 4


def test_a_page_of_faults_is_as_strict_as_any_other_and_kept_by_no_cache(signed_in):
    told = {(headers["Content-Security-Policy"], headers["Cache-Control"]) for _, _, headers in signed_in}

    assert [("unsafe" in policy, "no-store" in cache) for policy, cache in told] == [(False, True)]
