"""Making a backup: of one moment, of everything, and never by halves."""

from __future__ import annotations

import resource
from io import StringIO
from threading import Thread
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone

from gongchou.accounts.models import Region
from gongchou.audit.models import Line
from gongchou.operate.archive import opened
from gongchou.operate.backup import back_up
from gongchou.operate.places import database_at, one_moment
from gongchou.refusal import Refused
from tests.factories.people import make_region
from tests.operate.conftest import Platform

pytestmark = pytest.mark.database
MEGABYTE = 1 << 20


def command(*words: object) -> tuple[int, str]:
    """Exit code and complaint of a command called in place."""
    err = StringIO()
    try:
        call_command(*map(str, words), stdout=StringIO(), stderr=err)
    except SystemExit as end:
        return int(end.code or 0), err.getvalue()
    return 0, err.getvalue()


def limited() -> None:
    """No file of this process may grow beyond a megabyte; to it, the disk is full."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (MEGABYTE, MEGABYTE))


def test_it_leaves_a_line_that_names_what_was_made(furnished, backup):
    with opened(backup.path, None) as archive:
        digest, size = archive.digest, archive.manifest.log_size

    with furnished.inside():
        line = Line.objects.order_by("-index").first()
        assert line is not None
        assert (line.index, line.verb, line.by_name) == (size, "platform.backed_up", "运维人员")
        assert f'"digest":"{digest}","file":"b.zip"' in line.data


def test_everything_in_it_is_of_one_moment(platform):
    counts: list[int] = []

    def write() -> None:
        with platform.blocker.unblock(), database_at(platform.name):
            make_region("990198", "演示新区")
        connections.close_all()

    with platform.inside(), one_moment():
        counts.append(Region.objects.count())
        writer = Thread(target=write)
        writer.start()
        writer.join(timeout=30)
        counts.append(Region.objects.count())

    assert not writer.is_alive()
    with platform.inside():
        counts.append(Region.objects.count())
    assert counts == [1, 1, 2]


def test_a_file_that_is_there_is_not_written_over(platform, tmp_path):
    (tmp_path / "b.zip").write_bytes(b"mine")

    with platform.inside():
        code, told = command("backup", tmp_path / "b.zip")

    assert (code, told) == (1, f"文件 {tmp_path / 'b.zip'} 已经存在。备份不覆盖已有文件，请换一个文件名。\n")
    assert (tmp_path / "b.zip").read_bytes() == b"mine"


def test_a_folder_that_is_not_there_is_said(platform, tmp_path):
    with platform.inside():
        code, told = command("backup", tmp_path / "none" / "b.zip")

    assert (code, told) == (1, f"读不到文件 {tmp_path / 'none' / 'b.zip'}：No such file or directory\n")


def test_a_table_that_no_room_owns_stops_it(platform, tmp_path):
    with platform.inside():
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE notes_of_somebody (id integer)")

        code, told = command("backup", tmp_path / "b.zip")

    assert code == 1
    assert told.startswith("数据库里有程序不认识的表：notes_of_somebody。为免漏备，已停止备份")
    assert list(tmp_path.glob("*.zip*")) == []


def test_tables_of_another_version_stop_it(platform, tmp_path):
    with platform.inside():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE app = 'registry'")

        assert command("backup", tmp_path / "b.zip") == (
            1,
            "数据库结构与程序不一致。请先运行 ./gongchou migrate；新安装请运行 ./gongchou init。\n",
        )


def _lose(platform: Platform) -> None:
    (platform.home / "keys" / "audit.key").unlink()


def _open(platform: Platform) -> None:
    (platform.home / "keys" / "audit.key").chmod(0o644)


def _spoil(platform: Platform) -> None:
    (platform.home / "keys" / "audit.key").write_text("x")


@pytest.mark.parametrize(
    ("change", "told"),
    [(_lose, "没有找到密钥文件"), (_open, "可以被其他系统用户读取，已停用"), (_spoil, "的内容不正确")],
)
def test_without_a_sound_key_nothing_is_sealed(platform, tmp_path, change, told):
    change(platform)

    with platform.inside():
        code, complaint = command("backup", tmp_path / "b.zip")

    assert (code, told in complaint) == (1, True)
    assert list(tmp_path.glob("*.zip*")) == []


@pytest.mark.parametrize(("text", "told"), [("short\n", "口令太短：至少12个字符"), (None, "读不到文件")])
def test_a_passphrase_that_is_none_is_refused(platform, tmp_path, text, told):
    if text is not None:
        (tmp_path / "passphrase").write_text(text)

    with platform.inside():
        code, complaint = command("backup", tmp_path / "b.zip", "--passphrase-file", tmp_path / "passphrase")

    assert (code, told in complaint) == (1, True)
    assert not (tmp_path / "b.zip").exists()


def test_on_a_full_disk_nothing_is_left(furnished, tmp_path):
    before = furnished.state()

    done = furnished.run("backup", tmp_path / "b.zip", preexec_fn=limited)

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("读写文件时出错：")
    assert list(tmp_path.iterdir()) == []
    assert furnished.state() == before


def test_when_it_breaks_off_nothing_is_left(platform, tmp_path):
    """A file of the home goes away, or cannot be read, while it runs."""
    (platform.home / "imports").mkdir()
    (platform.home / "imports" / "gone").symlink_to(tmp_path / "nowhere")

    with platform.inside():
        code, told = command("backup", tmp_path / "b.zip")

    assert (code, told[:8]) == (1, "读写文件时出错：")
    assert list(tmp_path.glob("*b.zip*")) == []


def test_the_drill_s_own_backup_leaves_no_line(platform, tmp_path):
    before = platform.tables()

    with platform.inside():
        made: Any = back_up(tmp_path / "b.zip", home=platform.home, at=timezone.now(), records=False)

    assert platform.tables() == before
    assert made.size == (tmp_path / "b.zip").stat().st_size


def test_only_operations_may_say_that_one_was_made(platform, tmp_path):
    with platform.inside(), pytest.raises(Refused, match=r"operate\.file_exists"):
        (tmp_path / "b.zip").touch()
        back_up(tmp_path / "b.zip", home=platform.home, at=timezone.now())

    with platform.inside():
        assert not Line.objects.filter(verb="platform.backed_up").exists()
