"""Bringing a backup back: all of it, into nothing, or not at all."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from gongchou.accounts.models import User
from gongchou.audit.checkpoints import make_checkpoint
from gongchou.audit.damage import Damage, find_damage
from gongchou.audit.keys import read_secret
from gongchou.audit.models import Line
from gongchou.audit.proofs import log_size
from gongchou.draw.verify import Options, verify
from gongchou.draws.bundles import bundle_of
from gongchou.draws.models import Batch
from gongchou.operate import rows
from gongchou.operate.archive import opened
from gongchou.operate.home import THROWAWAY, digest_of
from gongchou.operate.restore import fill, restore
from gongchou.refusal import Refused
from gongchou.registry.models import Subject
from tests.factories import draw_log
from tests.factories.people import make_region
from tests.operate.conftest import IS_POSTGRES, NASTY, PASSPHRASE, WORDS, Platform, copy_of, past_triggers, type_in
from tests.operate.test_archive import ANOTHER, key, resealed, small  # noqa: F401 -- fixtures
from tests.operate.test_backup import command, limited

pytestmark = [pytest.mark.database, pytest.mark.long]


BATCH = "SCJG-2026-0001"


# All of it --------------------------------------------------------------------------------------


def test_whoever_is_killed_on_the_way_leaves_no_platform(killed_then_restored):
    assert killed_then_restored[1] == ([], None)


def test_every_row_is_there_again(furnished, backup, restored):
    """Since the backup, both have one line more: that it was made, that it was brought back."""
    ours, theirs = furnished.tables(), restored.tables()

    assert {name for name in ours if ours[name] != theirs[name]} == {"audit_line", "audit_head"}
    with restored.inside():
        assert Subject.objects.get(address__contains="🙂").address == NASTY
        line = Line.objects.order_by("-index").first()
        assert line is not None
        assert (line.index, line.verb) == (log_size() - 1, "platform.restored")
        lines = list(Line.objects.order_by("index").values())[:-1]
    with furnished.inside():
        assert list(Line.objects.order_by("index").values())[:-1] == lines


def test_the_log_that_came_back_is_whole(restored):
    done = restored.run("audit_verify")

    with restored.inside():
        n_lines = log_size()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"日志完整：{n_lines}行，1个检查点，1个共签，未发现改动。\n"


def test_the_log_goes_on_where_it_was(restored, tmp_path, databases):
    copy = copy_of(restored, tmp_path, databases)

    with copy.inside():
        make_region("990197", "演示续区")
        checkpoint = make_checkpoint(at=timezone.now())

        assert (checkpoint.size, find_damage()) == (log_size(), None)


def test_ids_go_on_behind_the_highest(restored, tmp_path, databases):
    copy = copy_of(restored, tmp_path, databases)

    with copy.inside():
        make_region("990196", "演示续区")

        assert list(Line.objects.order_by("index").values_list("index", flat=True)) == list(range(log_size()))


def test_every_file_is_there_again_and_every_key_is_closed(furnished, restored):
    names = ["imports/a/名录.bin", "keys/audit.vkey", "keys/audit.checkpoint", "keys/witnesses.vkey", *DRAWS]
    names += [f"evidence/{path.parent.name}/{path.name}" for path in furnished.home.glob("evidence/*/*")]
    keys = ["keys/audit.key", "secret_key", *DRAW_KEYS]

    assert [digest_of(furnished.home / name) for name in names + keys] == [
        digest_of(restored.home / name) for name in names + keys
    ]
    modes = [(restored.home / name).stat().st_mode & 0o777 for name in (".", *keys)]
    assert modes == [0o700, *[0o600] * len(keys)]
    assert len(names) > 20


DRAWS = ["draws.vkey", "draws-operator.vkey", "draws-witnesses.vkey", "draws.checkpoint", "chains/practice.json"]
DRAWS = [f"keys/{name}" for name in DRAWS]
DRAW_KEYS = ["draws", "draws-operator", "draws-registry", "draws-practice-0", f"seal-{BATCH}"]
DRAW_KEYS = [f"keys/{name}.key" for name in DRAW_KEYS]


def test_draws_that_came_back_are_whole_and_go_on(restored, tmp_path, databases):
    copy = copy_of(restored, tmp_path, databases)

    done = copy.run("check_draws")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("完整：公开日志5条，3个检查点，批次1个，证据文件")
    with copy.inside():
        batch = Batch.objects.get(code=BATCH)
        assert verify(bundle_of(batch), Options()).failure is None
        draw_log.write_entries(1)
    assert copy.run("draws_checkpoint").stdout == "检查点：6条\n"


def test_sessions_did_not_come_along(restored):
    with restored.inside(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_session")
        assert cursor.fetchone() == (0,)


def test_it_says_what_somebody_must_look_at(killed_then_restored, furnished):
    public = (furnished.home / "keys" / "audit.vkey").read_text().strip()
    told = killed_then_restored[2]

    assert f"平台（请与登记的公钥核对）：{public}" in told
    assert told.endswith("登录会话没有恢复，所有人须重新登录。\n")
    assert "注意" not in told


def test_lost_keys_and_lost_lines_and_earlier_damage_are_said(furnished, tmp_path, databases, elsewhere):
    """The log was touched before the backup; the machine signed on after it; both keys are lost."""
    old = copy_of(furnished, tmp_path, databases)
    with old.inside():
        past_triggers("UPDATE audit_line SET by_name = 'x' WHERE \"index\" = 3")
        assert command("backup", tmp_path / "b.zip") == (0, "")
        size = log_size() - 1
        make_region("990195", "演示失区")
        signed = make_checkpoint(at=timezone.now()).size
    (elsewhere.home / "keys").mkdir(parents=True)
    for name in ("audit.vkey", "audit.checkpoint"):
        shutil.copy(old.home / "keys" / name, elsewhere.home / "keys" / name)

    with elsewhere.inside(SECRET_KEY=f"{THROWAWAY}x"):
        done = restore(tmp_path / "b.zip", home=elsewhere.home, at=timezone.now(), without_keys=True)

    assert (done.damage, done.lost) == (Damage("audit_line", 3, "column", "by_name"), signed - size)
    assert done.gone[:2] == ["keys/audit.key", "keys/draws-operator.key"]
    assert (elsewhere.home / "secret_key").read_text() != (old.home / "secret_key").read_text()
    told = elsewhere.run("audit_checkpoint")
    assert (told.returncode, "没有找到密钥文件" in told.stderr) == (1, True)
    _go_on_after_the_loss(elsewhere, old)


def _go_on_after_the_loss(place: Platform, old: Platform) -> None:
    """As docs/operate/audit.md has it."""
    shutil.copy(old.home / "keys" / "audit.key", place.home / "keys" / "audit.key")
    told = place.run("audit_checkpoint")
    assert (told.returncode, "数据库可能被回退" in told.stderr) == (1, True)

    (place.home / "keys" / "audit.checkpoint").rename(place.home / "what-was-signed")

    assert place.run("audit_checkpoint").returncode == 0


# Not at all -------------------------------------------------------------------------------------


def refusal(place: Platform, path: Path, **own: Any) -> str:
    """What is said, after making sure that nothing was touched."""
    secret = {} if (place.home / "secret_key").exists() else {"SECRET_KEY": f"{THROWAWAY}x"}
    existed = place.home.exists()
    before = place.state() if existed else None
    with place.inside(**secret), pytest.raises(Refused) as told:
        restore(path, home=place.home, at=timezone.now(), **own)
    assert place.home.exists() is existed
    if existed:
        assert place.state() == before
    return told.value.code


def with_keys(place: Platform, furnished: Platform, *names: str) -> Platform:
    """The place after somebody put keys into it from a safe."""
    (place.home / "keys").mkdir(parents=True)
    behind_draws = [f"keys/{path.name}" for path in (furnished.home / "keys").glob("*.key") if path.name != "audit.key"]
    for name in (*names, *behind_draws):
        shutil.copy(furnished.home / name, place.home / name)
    return place


def test_onto_a_platform_that_has_somebody(furnished, backup, tmp_path, databases):
    assert refusal(copy_of(furnished, tmp_path, databases), backup.path) == "operate.not_empty"


def test_onto_rows_without_files(furnished, backup, tmp_path, databases):
    place = copy_of(furnished, tmp_path, databases)
    shutil.rmtree(place.home / "imports")
    (place.home / "keys" / "audit.checkpoint").unlink()

    with place.inside():
        code, told = command("restore", backup.path)

    assert code == 9
    assert told.startswith("目标不是空的：数据库的表 accounts_")


def test_over_a_file_that_is_another(furnished, backup, elsewhere):
    place = with_keys(elsewhere, furnished, "secret_key", "keys/audit.key")
    (place.home / "imports" / "a").mkdir(parents=True)
    (place.home / "imports" / "a" / "名录.bin").write_bytes(b"mine")

    assert refusal(place, backup.path) == "operate.not_empty"


@pytest.mark.skipif(IS_POSTGRES, reason="a server knows by itself who is there")
def test_into_a_database_that_somebody_holds(furnished, backup, elsewhere):
    place = with_keys(elsewhere, furnished, "secret_key", "keys/audit.key")
    with sqlite3.connect(place.name) as holder:
        holder.execute("PRAGMA journal_mode=WAL")
        holder.execute("CREATE TABLE x (y)")
        holder.commit()

        with place.inside(), pytest.raises(Refused, match=r"operate\.in_use"):
            restore(backup.path, home=place.home, at=timezone.now())


def test_without_keys_it_says_which(backup, elsewhere):
    with elsewhere.inside(SECRET_KEY=f"{THROWAWAY}x"):
        code, told = command("restore", backup.path)

    assert code == 10
    assert told.startswith("备份不含明文密钥，本机缺少：keys/audit.key、keys/draws-operator.key、")
    assert not elsewhere.home.exists()


def test_with_another_secret_key(furnished, backup, elsewhere):
    place = with_keys(elsewhere, furnished, "keys/audit.key")
    (place.home / "secret_key").write_text("another secret key, which is as long as it need be\n")
    (place.home / "secret_key").chmod(0o600)

    assert refusal(place, backup.path) == "operate.secret_differs"
    assert refusal(place, backup.path, passphrase=PASSPHRASE) == "operate.secret_differs"


def test_with_a_wrong_passphrase(backup, elsewhere):
    assert refusal(elsewhere, backup.path, passphrase=f"{PASSPHRASE}.") == "operate.wrong_passphrase"


def test_of_another_platform(small, furnished, elsewhere, tmp_path):  # noqa: F811
    theirs = resealed(small, tmp_path / "b", ANOTHER, site=str(ANOTHER.public))
    place = with_keys(elsewhere, furnished, "secret_key", "keys/audit.key", "keys/audit.vkey")

    assert refusal(place, theirs) == "operate.foreign_site"


def test_of_another_version(small, key, furnished, elsewhere, tmp_path):  # noqa: F811
    place = with_keys(elsewhere, furnished, "secret_key", "keys/audit.key")

    assert refusal(place, resealed(small, tmp_path / "b", key, migrations=[])) == "operate.other_version"


def test_that_is_cut_short(small, elsewhere, tmp_path):  # noqa: F811
    (tmp_path / "b").write_bytes(small.read_bytes()[:-1])

    assert refusal(elsewhere, tmp_path / "b") == "operate.truncated"


def _change_a_line(parts: dict[str, bytes]) -> None:
    lines = parts["tables/audit_line.tsv"].split(b"\n")
    cells = lines[3].split(b"\t")
    leaf = next(place for place, cell in enumerate(cells) if len(cell) == 64)
    cells[leaf] = b"0" * 64
    lines[3] = b"\t".join(cells)
    parts["tables/audit_line.tsv"] = b"\n".join(lines)


def _drop_a_row(parts: dict[str, bytes]) -> None:
    name = "tables/registry_subject.tsv"
    parts[name] = parts[name].split(b"\n", 1)[1]


def _cut_a_thread(parts: dict[str, bytes]) -> None:
    """A department is gone to which people belong; as many rows as before."""
    name = "tables/accounts_department.tsv"
    parts[name] = b"00000000" + parts[name][8:]


@pytest.mark.parametrize("change", [_change_a_line, _drop_a_row, _cut_a_thread])
def test_that_somebody_with_the_key_changed(small, key, bare, tmp_path, databases, change):  # noqa: F811
    """What the seal cannot tell, the root of the log, the counts and the foreign keys do."""
    place, path = copy_of(bare, tmp_path, databases), resealed(small, tmp_path / "b", key, change)

    with place.inside(), opened(path, None) as archive, pytest.raises(Refused, match=r"operate\.not_whole"):
        connection.disable_constraint_checking()
        with transaction.atomic():
            fill(archive, place.home, timezone.now())

    with place.inside():
        assert rows.find_filled() is None


def test_what_comes_out_wrong_is_not_kept(small, key, furnished, elsewhere, tmp_path):  # noqa: F811
    place = with_keys(elsewhere, furnished, "secret_key", "keys/audit.key")

    assert refusal(place, resealed(small, tmp_path / "b", key, _change_a_line)) == "operate.not_whole"


@pytest.mark.parametrize("name", ["home/../evil", "home//evil"])
def test_a_part_that_would_land_outside_the_home(small, key, furnished, elsewhere, tmp_path, name):  # noqa: F811
    place = with_keys(elsewhere, furnished, "secret_key", "keys/audit.key")
    path = resealed(small, tmp_path / "b", key, lambda parts: parts.update({name: b"x"}))

    assert refusal(place, path) == "operate.damaged"
    assert not (tmp_path / "evil").exists()


def test_on_a_full_disk_no_platform_is_left(backup, elsewhere):
    words = ("restore", backup.path, "--passphrase-file", backup.passphrase)

    done = elsewhere.run(*words, preexec_fn=limited)

    assert done.returncode in (1, 11)
    assert done.stderr.splitlines()[-1].startswith(("数据库用不了：", "读写文件时出错：", "恢复后的核对没有通过："))
    left = [path for path in elsewhere.home.rglob("*") if path.is_file() and not path.name.startswith(".")]
    assert [path.name for path in left if path.suffix in (".key", ".db", ".bin") or path.name == "secret_key"] == []
    with elsewhere.inside(SECRET_KEY=THROWAWAY):
        assert rows.find_filled() is None


# From one kind of database to the other ---------------------------------------------------------


@pytest.mark.skipif(not IS_POSTGRES, reason="tried where both kinds are at hand")
def test_a_backup_of_a_file_goes_into_a_server(elsewhere, tmp_path):
    home = tmp_path / "file"
    assert type_in(home, "init", *WORDS).returncode == 0
    assert type_in(home, "audit_checkpoint").returncode == 0
    assert type_in(home, "backup", tmp_path / "b.zip").returncode == 0
    with_keys(elsewhere, Platform(home, "", None), "secret_key", "keys/audit.key")

    done = elsewhere.run("restore", tmp_path / "b.zip")

    assert (done.returncode, done.stderr) == (0, "")
    told = elsewhere.run("audit_verify")
    assert (told.returncode, told.stdout[:5]) == (0, "日志完整：")
    with elsewhere.inside():
        make_region("990194", "演示续区")


@pytest.mark.skipif(not IS_POSTGRES, reason="tried where both kinds are at hand")
def test_a_backup_of_a_server_goes_into_a_file(furnished, backup, tmp_path):
    home = tmp_path / "file"

    done = type_in(home, "restore", backup.path, "--passphrase-file", backup.passphrase)

    assert (done.returncode, done.stderr) == (0, "")
    assert type_in(home, "audit_verify").returncode == 0
    with sqlite3.connect(home / "gongchou.db") as file:
        found = file.execute("SELECT address FROM registry_subject WHERE address LIKE '%🙂%'").fetchall()
        counts = [
            file.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("accounts_user", "registry_subject")
        ]
    with furnished.inside():
        assert (found, counts) == ([(NASTY,)], [User.objects.count(), Subject.objects.count()])


def test_the_key_that_was_sealed_is_the_one_that_signs(restored, furnished):
    ours, theirs = (read_secret(place.home / "keys" / "audit.key") for place in (furnished, restored))

    assert ours == theirs
