"""Many write, sign and verify at once: no gap, no damage, no false alarm."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import pytest
from django.db import connection

ROOT = Path(__file__).parents[2]


@pytest.fixture
def database(tmp_path, django_db_blocker):
    """The address of a new, empty database of the kind these tests run on."""
    if connection.vendor != "postgresql":
        yield f"sqlite:///{tmp_path / 'race.db'}"
        return
    import psycopg  # noqa: PLC0415 -- only where it is used

    name = f"race_{uuid4().hex}"
    given = os.environ["DATABASE_URL"]
    with psycopg.connect(given, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    yield urlunsplit(urlsplit(given)._replace(path=f"/{name}"))
    with psycopg.connect(given, autocommit=True) as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("writers", "each", "verifiers"), [(8, 25, 4), pytest.param(60, 50, 30, marks=pytest.mark.night)]
)
def test_a_crowd_leaves_a_log_without_gaps_and_raises_no_false_alarm(database, tmp_path, writers, each, verifiers):
    command = [sys.executable, "-m", "tests.audit.racers", str(writers), str(each), str(verifiers)]
    environment = {**os.environ, "DATABASE_URL": database, "GONGCHOU_HOME": str(tmp_path / "home")}

    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=900, check=False)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"alarms": [], "damage": "", "has_checkpoints": True, "is_without_gaps": True}
