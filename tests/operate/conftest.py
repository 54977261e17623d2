"""Whole platforms of a test's own: a home, a database, keys. Commands are typed, or called in place."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test.utils import override_settings

from gongchou.accounts import operations
from gongchou.accounts.models import Department, Region, Tries
from gongchou.accounts.roles import RoleCode
from gongchou.audit.checkpoints import make_checkpoint
from gongchou.audit.guard import open_for_writing
from gongchou.audit.keys import make_key, read_secret
from gongchou.operate import rows
from gongchou.operate.home import THROWAWAY, digest_of
from gongchou.operate.places import _run_beside, database_at
from tests.factories import draws
from tests.factories.inspectors import days, make_certificate, make_inspector, make_team
from tests.factories.log import cosign, run
from tests.factories.people import BY, NOW, appoint, make_region, make_user
from tests.factories.subjects import enter, make_library, make_subject

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


def environment_of(home: Path, name: str) -> dict[str, str]:
    """Of a process that works on a home; ``name`` is that of a database on the tests' server, else a file is used."""
    environment = {key: text for key, text in os.environ.items() if not key.startswith(("GONGCHOU_", "DJANGO_"))}
    address = environment.pop("DATABASE_URL", "")
    if IS_POSTGRES and name:
        environment["DATABASE_URL"] = address.replace("/postgres?", f"/{name}?")
    return environment | {"GONGCHOU_HOME": str(home)}


def type_in(home: Path, *words: object, name: str = "", **own: Any) -> subprocess.CompletedProcess[str]:
    """``./gongchou WORDS`` in a process of its own."""
    environment = environment_of(home, name) | own.pop("env", {})
    command = [sys.executable, str(ROOT / "gongchou"), *map(str, words)]
    told = {"capture_output": True, "text": True, "stdin": subprocess.DEVNULL, **own}
    return subprocess.run(command, env=environment, check=False, **told)


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
        files = [path for path in sorted(self.home.rglob("*")) if path.is_file()]
        found = {str(path.relative_to(self.home)): digest_of(path) for path in files if "gongchou.db" not in path.name}
        if not IS_POSTGRES and not Path(self.name).exists():
            return found, None
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
def bare(tmp_path_factory: pytest.TempPathFactory, databases: Any, django_db_blocker: Any) -> Platform:
    """Keys and tables, and nobody in them. Nobody may change it."""
    home = tmp_path_factory.mktemp("bare") / "home"
    name = databases(None) if IS_POSTGRES else str(home / "gongchou.db")
    done = type_in(home, "init", "--without-people", "--site", SITE, name=name)
    assert done.returncode == 0, done.stderr
    return Platform(home, name, django_db_blocker)


@pytest.fixture(scope="session")
def template(bare: Platform, tmp_path_factory: pytest.TempPathFactory, databases: Any) -> Platform:
    """A platform as ``./gongchou init`` leaves it. Nobody may change it."""
    platform = copy_of(bare, tmp_path_factory.mktemp("template"), databases)
    done = platform.run("init", "--site", "other", *WORDS)
    assert done.returncode == 0, done.stderr
    (platform.home.parent / "told").write_text(done.stdout)
    return platform


def copy_of(platform: Platform, folder: Path, databases: Any) -> Platform:
    """The same again, to do anything to."""
    home = folder / "home"
    shutil.copytree(platform.home, home)
    name = databases(platform.name) if IS_POSTGRES else str(home / "gongchou.db")
    return Platform(home, name, platform.blocker)


@pytest.fixture
def platform(template: Platform, tmp_path: Path, databases: Any) -> Platform:
    """A new platform that a test may do anything to."""
    return copy_of(template, tmp_path, databases)


@pytest.fixture
def elsewhere(tmp_path: Path, databases: Any, request: pytest.FixtureRequest, django_db_blocker: Any) -> Platform:
    """A place where nothing is."""
    home = tmp_path / "elsewhere"
    name = databases(request.getfixturevalue("bare").name) if IS_POSTGRES else str(home / "gongchou.db")
    return Platform(home, name, django_db_blocker)


# A platform with something in it, its backup, and what came of that ------------------------------

PASSPHRASE = "correct horse battery staple"
NASTY = "一\t二\n三\\N\\n\r\\.\n'四' \"五\" 🙂\u2028\v"


@pytest.fixture(scope="session")
def furnished(template: Platform, tmp_path_factory: pytest.TempPathFactory, databases: Any) -> Platform:
    """A platform with rows of every kind, a signed log and an uploaded file. Nobody may change it."""
    platform = copy_of(template, tmp_path_factory.mktemp("furnished"), databases)
    with platform.inside():
        furnish(platform.home)
    (platform.home / "imports" / "a").mkdir(parents=True)
    (platform.home / "imports" / "a" / "名录.bin").write_bytes(secrets.token_bytes(2_000_000))
    return platform


def furnish(home: Path) -> None:
    """Every kind of column, texts that would break a careless file, rows that stay behind."""
    bureau = Department.objects.get(code="SCJG")
    task = draws.ready_task(bureau, first=100)
    make_team("T1", bureau, *bureau.inspectors.order_by("number")[:2])
    with open_for_writing():
        task.participants.update(sends="team")
    draws.drawn(draws.make_batch(task, is_sealed=True))
    library = make_library("CY")
    for number in range(1, 30):
        enter(make_subject(number, address=NASTY if number == 7 else f"演示路{number}号"), library)
    make_certificate(make_inspector("J1", bureau), days(40))
    user = make_user("worker", bureau)
    appoint(user, RoleCode.LIAISON, "custom", departments=[bureau])
    operations.send_message(to=[user], title="演示", body=NASTY, **BY)
    Tries.objects.create(key="k" * 64, times=[1, 2, 3], latest_at=NOW)
    Session.objects.create(session_key="s" * 32, session_data="x", expire_date=NOW)
    witness = make_key(home.parent / "witness", "witness", "witness.example", "cosignature")
    (home / "keys" / "witnesses.vkey").write_text(f"{witness}\n")
    checkpoint = make_checkpoint(at=NOW)
    cosign(checkpoint, read_secret(home.parent / "witness" / "witness.key"), home / "keys")
    make_region("990199", "演示末区", "county", Region.objects.get(code="990100"))


@dataclass(frozen=True)
class Backup:
    """A file that ``./gongchou backup`` made, what it said, and the passphrase of the keys in it."""

    path: Path
    told: str
    passphrase: Path


@pytest.fixture(scope="session")
def backup(furnished: Platform, tmp_path_factory: pytest.TempPathFactory) -> Backup:
    folder = tmp_path_factory.mktemp("backup")
    (folder / "passphrase").write_text(f"{PASSPHRASE}\n")
    done = furnished.run("backup", folder / "b.zip", "--passphrase-file", folder / "passphrase")
    assert (done.returncode, done.stderr) == (0, "")
    return Backup(folder / "b.zip", done.stdout, folder / "passphrase")


def past_triggers(sql: str, params: list[Any] | None = None) -> None:
    """Change rows as nobody of ours can."""
    if not IS_POSTGRES:
        connection.disable_constraint_checking()
    with open_for_writing(), transaction.atomic():
        run(sql, params)


@pytest.fixture(scope="session")
def killed_then_restored(
    backup: Backup, tmp_path_factory: pytest.TempPathFactory, databases: Any, django_db_blocker: Any
) -> tuple[Platform, tuple[list[str], str | None], str]:
    """Restored at the second go, after the first was killed; with what that one left, and what the second said."""
    home = tmp_path_factory.mktemp("restored") / "home"
    place = Platform(home, databases(None) if IS_POSTGRES else str(home / "gongchou.db"), django_db_blocker)
    words: tuple[object, ...] = ("restore", backup.path, "--passphrase-file", backup.passphrase)
    _kill_on_the_way(place, words)
    left = sorted(path.name for path in home.iterdir() if not path.name.startswith("."))
    with place.inside(SECRET_KEY=THROWAWAY):
        filled = rows.find_filled() if IS_POSTGRES else None
    done = place.run(*words)
    assert (done.returncode, done.stderr) == (0, "")
    return place, (left, filled), done.stdout


def _kill_on_the_way(place: Platform, words: tuple[object, ...]) -> None:
    """When its database has begun to grow."""
    command = [sys.executable, str(ROOT / "gongchou"), *map(str, words)]
    child = subprocess.Popen(command, env=environment_of(place.home, place.name), stdout=subprocess.DEVNULL)
    until = time.monotonic() + 120
    while not _has_begun(place) and time.monotonic() < until:
        assert child.poll() is None
        time.sleep(0.05)
    child.send_signal(signal.SIGKILL)
    child.wait()


def _has_begun(place: Platform) -> bool:
    if not IS_POSTGRES:
        file = place.home / ".gongchou.db.restoring"
        return file.exists() and file.stat().st_size > 0
    with place.inside(SECRET_KEY=THROWAWAY):
        return "audit_line" in connection.introspection.table_names()


@pytest.fixture(scope="session")
def restored(killed_then_restored: tuple[Platform, Any, str]) -> Platform:
    """Nobody may change it."""
    return killed_then_restored[0]
