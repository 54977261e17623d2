"""One record over fifty connections is one record (T1.3); without the database's own hold it would not be."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.postgres import postgres_server

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
N = 50


def race(database: str, home: Path, *words: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.inspections.racers", *words]
    environment = {**os.environ, "DATABASE_URL": database, "GONGCHOU_HOME": str(home)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def expected(told: dict[str, Any], n: int) -> dict[str, Any]:
    counted = {"records": 1, "revisions": 1, "results": told["items"], "items": told["items"], "lines": 1}
    return {"statuses": {"200": n - 1, "201": 1}, "receipts": 1, "other": 409, "is_first": True, **counted}


@pytest.mark.postgres
def test_one_record_over_fifty_connections_is_taken_once(tmp_path: Path) -> None:
    with postgres_server(connections=2 * N) as database:
        told = race(database, tmp_path, str(N))

    assert told == expected(told, N)


@pytest.mark.postgres
def test_without_the_unique_keys_it_would_be_taken_more_than_once(tmp_path: Path) -> None:
    with postgres_server(connections=2 * N) as database:
        told = race(database, tmp_path, str(N), "without")

    assert told["revisions"] > 1


def test_in_one_file_it_is_taken_once_as_well(tmp_path: Path) -> None:
    told = race(f"sqlite:///{tmp_path / 'race.db'}", tmp_path, "8")

    assert told == expected(told, 8)
