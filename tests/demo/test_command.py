"""The command that builds the city, and the program that starts the platform with it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from django.core.management import CommandError, call_command

from gongchou.demo.accounts import PASSWORD
from gongchou.demo.management.commands.make_city import table_of_accounts
from tests.factories.people import make_department, make_region, make_user

ROOT = Path(__file__).parents[2]


def test_a_platform_that_is_no_demo_gets_no_invented_city(settings: Any) -> None:
    settings.IS_DEMO = False

    with pytest.raises(CommandError, match="GONGCHOU_DEMO=1"):
        call_command("make_city")


@pytest.mark.django_db
def test_a_platform_with_accounts_gets_no_invented_city(settings: Any) -> None:
    settings.IS_DEMO = True
    make_user("somebody", make_department("SCJG", make_region()))

    with pytest.raises(CommandError, match="已有账号"):
        call_command("make_city")


@pytest.mark.django_db
def test_the_accounts_can_be_listed_again(settings: Any) -> None:
    settings.IS_DEMO = True
    make_user("ssjb", make_department("SCJG", make_region()))
    out = StringIO()

    call_command("make_city", "--accounts", stdout=out)

    assert out.getvalue().strip() == table_of_accounts().strip()
    assert PASSWORD in out.getvalue()
    assert "演示ssjb" in out.getvalue()


@pytest.mark.night
def test_make_demo_starts_says_where_and_stops(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        first = watched(home, port)
        again = watched(home, port)

    assert re.search(rf"端口 {port} 已被占用，改用 \d+", first)
    assert "生成演示城市" in first
    assert "沿用已有的演示城市" in again
    for told in (first, again):
        assert PASSWORD in told
        assert "已停止" in told
        assert "Traceback" not in told
        assert "Warning" not in told


def watched(home: Path, port: int) -> str:
    """What the program says until its page has been seen and it was stopped with Ctrl-C."""
    words = [sys.executable, str(ROOT / "tools" / "demo.py"), "--home", str(home), "--port", str(port)]
    env = {name: text for name, text in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    child = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env)
    assert child.stdout is not None
    told = ""
    for line in child.stdout:
        told += line
        if address := re.search(r"http://127\.0\.0\.1:\d+", line):
            with urlopen(f"{address[0]}/account/login/") as answer:  # noqa: S310 -- our own server
                assert "演示数据" in answer.read().decode()
            wait_for_witness(address[0])
            child.send_signal(signal.SIGINT)
    assert child.wait(30) == 0
    return told


def wait_for_witness(address: str) -> None:
    """The log is signed and cosigned without anybody's doing."""
    for _ in range(60):
        with urlopen(f"{address}/audit/log/checkpoint") as answer:  # noqa: S310 -- our own server
            if "— witness.demo " in answer.read().decode():
                return
        time.sleep(0.5)
    raise AssertionError("no cosignature")


def test_a_folder_that_holds_something_else_is_not_deleted(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    words = [sys.executable, str(ROOT / "tools" / "demo.py"), "--home", str(tmp_path), "--fresh"]

    told = subprocess.run(words, capture_output=True, text=True, check=False)

    assert told.returncode == 1
    assert "thesis.txt" in told.stderr
    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "years of work"
