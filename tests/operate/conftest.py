"""Whole platforms of a test's own: a home, a database, keys. Commands are tried as they are typed, or called in place."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import override_settings

from gongchou.operate import rows
from gongchou.operate.home import digest_of
from gongchou.operate.places import _run_beside, database_at

ROOT = Path(__file__).parents[2]
IS_POSTGRES = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
SITE = "gongchou.example"
ANSWERS = {
    "--region-code": "990100",
    "--region-name": "演示市",
    "--department-name": "演示市市场监督管理局",
    "--system-admin": "演示甲",
    "--security-admin": "演示乙",
    "--security-admin-2": "ry=演示丙",
    "--audit-admin": "演示丁",
}
WORDS = [word for pair in ANSWERS.items() for word in pair]


def type_in(home: Path, *words: object, name: str = "", **own: Any) -> subprocess.CompletedProcess[str]:
    """``./gongchou WORDS`` in a process of its own; ``name`` is that of a database on the tests' server."""
    environment = {key: text for key, text in os.environ.items() if not key.startswith("GONGCHOU_")}
    environment["GONGCHOU_HOME"] = str(home)
    if not IS_POSTGRES or not name:
        environment.pop("DATABASE_URL", None)
    else:
        environment["DATABASE_URL"] = os.environ["DATABASE_URL"].replace("/postgres?", f"/{name}?")
        assert name in environment["DATABASE_URL"]
    environment |= own.pop("env", {})
    command = [sys.executable, str(ROOT / "gongchou"), *map(str, words)]
    told = {"capture_output": True, "text": True, "stdin": subprocess.DEVNULL, "check": False, **own}
    return subprocess.run(command, env=environment, **told)


@dataclass
class Platform:
    """A home and a database, of which either may be empty yet."""

    home: Path
    name: str
    blocker: Any = field(repr=False)

    @contextmanager
    def inside(self, **own: Any) -> Iterator[None]:
        """In here, everything of the platform is this one."""
        secret = self.home / "secret_key"
        told = {"SECRET_KEY": secret.read_text().strip()} if secret.exists() else {}
        with self.blocker.unblock(), override_settings(HOME=self.home, **told | own), database_at(self.name):
            yield

    def run(self, *words: object, **own: Any) -> subprocess.CompletedProcess[str]:
        return type_in(self.home, *words, name=self.name, **own)

    def tables(self) -> dict[str, str]:
        """Table -> digest of its rows."""
        with self.inside():
            return {table.name: _digest_of_table(table) for table in rows.kept_tables()}

    def state(self) -> tuple[dict[str, str], Any]:
        """Everything there is, to see whether something touched it."""
        files = sorted(path for path in self.home.rglob("*") if path.is_file())
        found = {str(path.relative_to(self.home)): digest_of(path) for path in files}
        with self.inside():
            present = set(connection.introspection.table_names())
            known = [table for table in rows.kept_tables() if table.name in present]
            return found, (sorted(present), {table.name: _digest_of_table(table) for table in known})


def _digest_of_table(table: rows.Table) -> str:
    digest = sha256()
    rows.dump(table, digest.update)
    return digest.hexdigest()


@pytest.fixture(scope="session")
def databases(django_db_blocker: Any) -> Iterator[Callable[[str | None], str]]:
    """A function that makes a database on the server, as a copy of another or empty; all go away at the end."""
    made: list[str] = []

    def make(template: str | None) -> str:
        name = f"gongchou_test_{secrets.token_hex(6)}"
        with django_db_blocker.unblock():
            _run_beside(f"CREATE DATABASE {name} TEMPLATE {template or 'template0'}")
        made.append(name)
        return name

    yield make
    with django_db_blocker.unblock():
        for name in made:
            _run_beside(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, databases: Any, django_db_blocker: Any) -> Platform:
    """A platform as ``./gongchou init`` leaves it. Nobody may change it."""
    home = tmp_path_factory.mktemp("template") / "home"
    name = databases(None) if IS_POSTGRES else str(home / "gongchou.db")
    done = type_in(home, "init", "--site", SITE, *WORDS, name=name)
    assert done.returncode == 0, done.stderr
    (home.parent / "told").write_text(done.stdout)
    return Platform(home, name, django_db_blocker)


@pytest.fixture
def platform(template: Platform, tmp_path: Path, databases: Any) -> Platform:
    """A copy of it that a test may do anything to."""
    home = tmp_path / "home"
    shutil.copytree(template.home, home)
    name = databases(template.name) if IS_POSTGRES else str(home / "gongchou.db")
    return Platform(home, name, template.blocker)


@pytest.fixture
def elsewhere(tmp_path: Path, databases: Any, django_db_blocker: Any) -> Platform:
    """A place where nothing is."""
    home = tmp_path / "elsewhere"
    return Platform(home, databases(None) if IS_POSTGRES else str(home / "gongchou.db"), django_db_blocker)
