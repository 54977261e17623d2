"""A backup that is not whole, not ours or not of this program is refused before anything is touched."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import models
from django.test.utils import isolate_apps

from gongchou.audit.keys import read_secret
from gongchou.draw import note
from gongchou.operate import rows
from gongchou.operate.archive import MANIFEST, Manifest, Writer, opened
from gongchou.operate.restore import check_version
from gongchou.operate.sentences import EXITS
from gongchou.refusal import Refused
from tests.operate.conftest import SITE, Backup, Platform

pytestmark = pytest.mark.database
ANOTHER = note.secret_key(f"{SITE}/audit", "ed25519", bytes(32))


def code_of(path: Path, site: note.VerifierKey | None = None) -> str:
    """What is said of a file when every part of it is read."""
    try:
        with opened(path, site) as archive:
            for part in archive.manifest.parts:
                with archive.part(part) as file:
                    file.read()
    except Refused as refused:
        return refused.code
    return ""


def resealed(
    path: Path,
    to: Path,
    key: note.SecretKey,
    change: Callable[[dict[str, bytes]], Any] = lambda parts: None,
    **told: Any,
) -> Path:
    """The same backup with other parts or another manifest, sealed as if it had always been so."""
    with ZipFile(path) as file:
        manifest = Manifest(**json.loads(file.read(MANIFEST)) | told)
        parts = {name: file.read(name) for name in file.namelist() if name != MANIFEST}
    change(parts)
    writer = Writer(to)
    for name, data in parts.items():
        writer.add(name, data)
    writer.finish(manifest, key)
    return to


@pytest.fixture(scope="module")
def key(furnished: Platform) -> note.SecretKey:
    return read_secret(furnished.home / "keys" / "audit.key")


@pytest.fixture(scope="module")
def small(backup: Backup, key: note.SecretKey, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole backup of few bytes, so that many of them can be tried."""
    to = tmp_path_factory.mktemp("small") / "b.zip"
    return resealed(backup.path, to, key, lambda parts: parts.pop("home/imports/a/名录.bin"))


def test_a_whole_one_is_read(backup, key):
    assert code_of(backup.path) == ""
    assert code_of(backup.path, key.public) == ""


def test_it_is_for_its_owner_alone(backup):
    assert backup.path.stat().st_mode & 0o777 == 0o600


def test_it_names_everything_and_shows_no_key(backup, furnished):
    files = [furnished.home / "secret_key", *(furnished.home / "keys").glob("*.key")]
    secrets = [path.read_text().strip() for path in files]
    stored = {f"home/{path.relative_to(furnished.home)}" for path in furnished.home.glob("evidence/*/*")}

    with ZipFile(backup.path) as file:
        manifest = Manifest(**json.loads(file.read(MANIFEST)))
        data = b"".join(file.read(name) for name in file.namelist())

    assert sorted(manifest.tables) == [table.name for table in rows.kept_tables()]
    assert manifest.keys == sorted(f"{'keys/' if path.parent.name == 'keys' else ''}{path.name}" for path in files)
    assert len(manifest.keys) == 8
    publics = ["audit", "draws", "draws-operator", "draws-practice-0", "draws-practice-1", "draws-registry"]
    publics += ["draws-witnesses", "witnesses"]
    assert {name for name in manifest.parts if not name.startswith("tables/")} == {
        "README.txt",
        "home/imports/a/名录.bin",
        "home/keys/audit.checkpoint",
        "home/keys/draws.checkpoint",
        "home/keys/chains/practice.json",
        "keys.sealed",
        *(f"home/keys/{name}.vkey" for name in publics),
        *stored,
    }
    assert {f"表 {label}" for label in rows.NOT_KEPT} < set(manifest.left)
    assert [secret for secret in secrets if secret.split()[-1].encode() in data] == []
    assert "演示" not in json.dumps(asdict(manifest), ensure_ascii=False)


def test_what_it_said_is_what_it_did(backup):
    with opened(backup.path, None) as archive:
        digest, manifest = archive.digest, archive.manifest

    told = backup.told.splitlines()
    assert f"摘要（请登记）：{digest}" in told
    assert f"平台：{manifest.site}" in told
    assert f"{len(manifest.tables)}张表{manifest.n_rows}行，日志{manifest.log_size}行" in backup.told
    assert [line for line in told if "accounts.OpenSession" in line] == [
        "  表 accounts.OpenSession：登录会话：恢复后须重新登录"
    ]


# Damage -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kept", [0, 1, 3, 4, 100, 0.3, 0.9, 0.999, -1, -2, -100])
def test_one_that_was_cut_short_is_refused(small, tmp_path, kept):
    data = small.read_bytes()
    kept = int(kept * len(data)) if isinstance(kept, float) else kept
    (tmp_path / "b").write_bytes(data[:kept])

    assert code_of(tmp_path / "b") == "operate.truncated"


def test_one_with_something_behind_it_is_refused(small, tmp_path):
    (tmp_path / "b").write_bytes(small.read_bytes() + b"\n")

    assert code_of(tmp_path / "b") == "operate.damaged"


def test_every_byte_of_it_counts(small, tmp_path):
    """All bytes of the end, where the zip's own bookkeeping and the seal are, and every 97th of the others."""
    data = bytearray(small.read_bytes())
    places = [*range(0, len(data) - 400, 97), *range(len(data) - 400, len(data))]
    path, passed = tmp_path / "b", []

    for place in places:
        data[place] ^= 1
        path.write_bytes(data)
        if code_of(path) not in (
            "operate.damaged",
            "operate.truncated",
            "operate.not_a_backup",
            "operate.other_version",
        ):
            passed.append(place)
        data[place] ^= 1

    assert len(places) > 500
    assert passed == []


def test_a_seal_by_another_key_is_refused(small, tmp_path):
    """The manifest still says who the platform is; whoever changed it has not got that key."""
    path = resealed(small, tmp_path / "b", ANOTHER)

    assert code_of(path) == "operate.damaged"


def test_one_of_another_platform_is_refused_where_it_is_known_who_we_are(small, tmp_path, key):
    path = resealed(small, tmp_path / "b", ANOTHER, site=str(ANOTHER.public))

    assert code_of(path, key.public) == "operate.foreign_site"
    assert code_of(path) == ""


@pytest.mark.parametrize(
    "change",
    [
        lambda parts: parts.update({"tables/more.tsv": b""}),
        lambda parts: parts.pop("README.txt"),
        lambda parts: parts.update({"README.txt": b"other"}),
    ],
)
def test_a_part_that_the_manifest_does_not_vouch_for_is_refused(small, tmp_path, key, monkeypatch, change):
    """Sealed by the right key, but the digests are those of before."""
    with opened(small, None) as archive:
        before = archive.manifest.parts
    with ZipFile(small) as file:
        manifest = Manifest(**json.loads(file.read(MANIFEST)))
        parts = {name: file.read(name) for name in file.namelist() if name != MANIFEST}
    change(parts)
    writer = Writer(tmp_path / "b")
    for name, data in parts.items():
        writer.add(name, data)
    writer.digests = before
    writer.finish(manifest, key)

    assert code_of(tmp_path / "b") == "operate.damaged"


# Not a backup, not of this program --------------------------------------------------------------


@pytest.mark.parametrize("data", [b"hello", b"\x89PNG" + b"x" * 5000, "公抽".encode() * 1000])
def test_something_else_is_no_backup(tmp_path, data):
    (tmp_path / "b").write_bytes(data)

    assert code_of(tmp_path / "b") == "operate.not_a_backup"


def test_a_zip_file_without_a_seal_is_not_whole(tmp_path):
    with ZipFile(tmp_path / "b", "w") as file:
        file.writestr(MANIFEST, "{}")

    assert code_of(tmp_path / "b") == "operate.truncated"


def test_what_cannot_be_read_says_so(tmp_path):
    assert code_of(tmp_path / "nothing") == "operate.file_unreadable"
    assert code_of(tmp_path) == "operate.file_unreadable"


def test_another_format_is_another_version(small, tmp_path):
    data = small.read_bytes()
    (tmp_path / "b").write_bytes(data.replace(b"gongchou-backup/1\n", b"gongchou-backup/2\n"))

    assert code_of(tmp_path / "b") == "operate.other_version"


@pytest.mark.parametrize(
    "change",
    [
        lambda manifest: manifest.migrations.append("registry.0099_later"),
        lambda manifest: manifest.migrations.pop(),
        lambda manifest: manifest.tables.update({"later_table": {"columns": ["id"], "rows": 0}}),
        lambda manifest: manifest.tables.pop("registry_subject"),
        lambda manifest: manifest.tables["registry_subject"]["columns"].append("later"),
        lambda manifest: manifest.tables["registry_subject"]["columns"].reverse(),
    ],
)
def test_tables_of_another_program_are_refused(small, change):
    with opened(small, None) as archive:
        check_version(archive.manifest)
        change(archive.manifest)

        with pytest.raises(Refused, match=r"operate\.other_version"):
            check_version(archive.manifest)


@isolate_apps("gongchou.operate")
def test_a_kind_of_column_that_nobody_taught_it_stops_the_build():
    class Picture(models.Model):
        took = models.DurationField()

        class Meta:
            app_label = "operate"

    with pytest.raises(TypeError, match="does not know columns of kind DurationField"):
        rows._table(Picture)


def test_a_passing_file_does_not_take_the_place_of_another(tmp_path, key, small):
    (tmp_path / "b").write_bytes(b"mine")

    with pytest.raises(Refused, match=r"operate\.file_exists"):
        resealed(small, tmp_path / "b", key)

    assert (tmp_path / "b").read_bytes() == b"mine"


def test_each_refusal_of_a_file_has_an_exit_code_of_its_own():
    codes = ["not_a_backup", "truncated", "damaged", "other_version", "foreign_site", "wrong_passphrase"]

    assert [EXITS[f"operate.{code}"] for code in codes] == [3, 4, 5, 6, 7, 8]
    assert os.EX_OK not in EXITS.values()
