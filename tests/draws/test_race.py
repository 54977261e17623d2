"""A crowd at the same buttons leaves one result (T5.8); with nobody holding what is written to, it would not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.postgres import postgres_server

ROOT = Path(__file__).parents[2]
N = 100
ONE_OF_EIGHT = {"done": 1, "draws.state_already": 7}
WHOLE = {"close": 1, "commit": 1, "match": 1, "result": 1, "seed": 1}

pytestmark = pytest.mark.django_db


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    """The address of a new, empty database of the kind these tests run on, with room for the crowd."""
    if connection.vendor == "postgresql":
        with postgres_server(connections=2 * N) as address:
            yield address
    else:
        yield f"sqlite:///{tmp_path / 'race.db'}"


def race(database: str, home: Path, *words: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.draws.racers", *words]
    environment = {**os.environ, "DATABASE_URL": database, "GONGCHOU_HOME": str(home)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.mark.parametrize("n", [8, pytest.param(N, marks=pytest.mark.night)])
def test_a_crowd_leaves_one_result_one_log_and_one_story(database: str, tmp_path: Path, n: int):
    told = race(database, tmp_path / "home", str(n))

    assert told["freezes"] == {"told": ONE_OF_EIGHT, "entries": {}, "is_the_key_that_was_promised": True}
    assert told["commits"] == {"told": ONE_OF_EIGHT, "entries": {"commit": 1}}
    for commit, thaw, state in told["thaw"]:
        assert (commit, thaw, state) in {("done", "draws.state", "committed"), ("draws.state", "done", "draft")}
    for commit, close, state in told["close"]:
        assert (commit, close, state) in {("done", "draws.state", "committed"), ("done", "done", "closed")}
    assert told["different"] == {"done": 6}
    assert told["records"] == {"told": ONE_OF_EIGHT, "entries": WHOLE}
    assert told["result"] == {
        "others": {},
        "receipts": 1,
        "works": [["draw", ""]],
        "workers": {"None": 8},
        "state": "drawn",
        "entries": WHOLE,
        "lines": {"batch.drawn": 1, "batch.seeded": 1},
        "files": 4,
    }
    assert told["faults"] == []


@pytest.mark.night
def test_with_nobody_holding_what_is_written_to_the_crowd_is_told_of_errors(database: str, tmp_path: Path):
    told = race(database, tmp_path / "home", "20", "without")

    error = "IntegrityError" if connection.vendor == "postgresql" else "OperationalError"
    assert told["records"]["told"].get(error, 0) + told["result"]["workers"].get(error, 0) > 0
    assert sum(told["result"]["others"].values()) > 0
