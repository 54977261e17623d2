"""A worker that is killed in the middle of an import: another goes on, nothing is taken twice and nothing is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.postgres import postgres_server
from tests.registry.imports.desk import HEADER, as_csv, shop, shops

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[3]
N, CHUNK, N_KILLS = 6_000, 100, 2
BAD = {150, 2_000, 5_999}
ASKED = "SELECT done_rows FROM registry_importbatch"


class Office:
    """A database and what is started beside it."""

    def __init__(self, home: Path, url: str, ask: Callable[[], int]) -> None:
        self.done_rows = ask
        self.env = {
            **os.environ,
            "GONGCHOU_HOME": str(home),
            "GONGCHOU_SECRET_KEY": "only for this test",
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "gongchou.settings",
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        }

    def start(self, *words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.registry.imports.office", *words]
        return subprocess.Popen(command, env=self.env, cwd=ROOT, stdout=subprocess.PIPE, text=True)

    def run(self, *words: str) -> str:
        process = self.start(*words)
        out, _ = process.communicate(timeout=300)
        assert process.returncode == 0
        return out

    def kill_after(self, rows: int) -> int:
        """Let a worker work until so many rows are behind it, kill it, and return how far it came."""
        worker = self.start("work", str(CHUNK))
        try:
            until = time.monotonic() + 120
            while self.done_rows() < rows and worker.poll() is None and time.monotonic() < until:
                time.sleep(0.005)
        finally:
            worker.send_signal(signal.SIGKILL)
            worker.communicate()
        assert worker.returncode == -signal.SIGKILL
        return self.done_rows()

    def told(self, word: str = "told") -> dict[str, Any]:
        return json.loads(self.run(word).splitlines()[-1])


def _sqlite(folder: Path) -> Iterator[Office]:
    import sqlite3  # noqa: PLC0415 -- only here

    path = folder / "office.db"

    def ask() -> int:
        with closing(sqlite3.connect(path, timeout=20)) as connection:
            return int(connection.execute(ASKED).fetchone()[0])

    yield Office(folder, f"sqlite:///{path}", ask)


def _postgres(folder: Path) -> Iterator[Office]:
    import psycopg  # noqa: PLC0415 -- only here

    with postgres_server() as url:

        def ask() -> int:
            with psycopg.connect(url) as connection:
                return int(connection.execute(ASKED).fetchall()[0][0])

        yield Office(folder, url, ask)


@pytest.fixture(
    params=[pytest.param(_sqlite, id="sqlite"), pytest.param(_postgres, id="postgres", marks=pytest.mark.night)]
)
def office(request, tmp_path: Path) -> Iterator[Office]:
    yield from request.param(tmp_path)


def test_a_killed_worker_is_followed_by_another_and_every_row_is_taken_once(
    office: Office, tmp_path: Path, lay_tables: Callable[[Path], None]
):
    rows = [shop(at, name="") if at in BAD else row for at, row in enumerate(shops(N), 1)]
    register = tmp_path / "名录.csv"
    register.write_bytes(as_csv([HEADER, *rows]))
    lay_tables(tmp_path / "office.db")
    office.run("make", str(register))

    behind = [0]
    for _ in range(N_KILLS):
        behind.append(office.kill_after(behind[-1] + 3 * CHUNK))
        told = office.told("resume")
        n_refused = len([at for at in BAD if at <= told["done_rows"]])
        assert (told["state"], told["done_rows"], told["done_rows"] % CHUNK) == ("running", behind[-1], 0)
        assert told["subjects"] == told["texts"] == told["done_rows"] - n_refused
    office.run("work", str(CHUNK))
    told = office.told()

    assert behind == sorted(set(behind))
    assert behind[-1] < N
    assert told["state"] == "done"
    assert told["counts"] == {"read": N, "new": N - len(BAD), "refused": len(BAD)}
    assert told["subjects"] == told["texts"] == N - len(BAD)
    assert told["refused"] == sorted(at + 1 for at in BAD)
    assert told["parts"] == [[start + 2, start + CHUNK + 1] for start in range(0, N, CHUNK)]
