"""A worker may die at any moment of a draw (T1.2): what was acknowledged stays, nothing is done twice, and the next
worker comes to the same result.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import pytest
from django.db import connection

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.django_db


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    """The address of a new, empty database of the kind these tests run on, which the sweep puts back from a copy."""
    if connection.vendor != "postgresql":
        yield f"sqlite:///{tmp_path / 'sweep.db'}"
        return
    import psycopg  # noqa: PLC0415 -- only where it is used

    name, given = f"sweep_{uuid4().hex}", os.environ["DATABASE_URL"]
    with psycopg.connect(given, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield urlunsplit(urlsplit(given)._replace(path=f"/{name}"))
        for own in (name, f"{name}_kept"):
            server.execute(f"DROP DATABASE {own} WITH (FORCE)")


def sweep(database: str, home: Path, *words: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.draws.sweeper", *words]
    environment = {**os.environ, "DATABASE_URL": database, "GONGCHOU_HOME": str(home)}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=3_600, check=False
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    print(words, told)
    return told


@pytest.mark.parametrize(
    ("flow", "points", "least"),
    [
        ("draw", "3", 4),
        *(
            pytest.param(flow, "all", least, marks=pytest.mark.night)
            for flow, least in (("freeze", 100), ("commit", 60), ("close", 40), ("draw", 150), ("withdraw", 60))
        ),
    ],
)
def test_a_killed_worker_leaves_nothing_half_done_and_another_ends_its_work(database, tmp_path, flow, points, least):
    told = sweep(database, tmp_path / "home", flow, points)

    assert told["found"] == []
    assert told["swept"] >= least
    assert points != "all" or told["swept"] == told["points"]


@pytest.mark.night
@pytest.mark.skipif("postgresql" in os.environ.get("DATABASE_URL", ""), reason="it holds rows in transactions only")
def test_without_transactions_the_sweep_finds_what_was_left_half_done(database, tmp_path):
    told = sweep(database, tmp_path / "home", "commit", "all", "without")

    assert any("audit lines" in fault or "log entries" in fault for fault in told["found"])
