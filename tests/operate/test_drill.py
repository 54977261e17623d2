"""A backup that was not brought back does not count: the drill, and what it says when something differs."""

from __future__ import annotations

import shutil
from typing import Any

import pytest
from django.db import connection

from gongchou.audit.guard import open_for_writing
from gongchou.operate.drill import compare, start
from gongchou.refusal import Refused
from gongchou.registry.models import Subject, Tag
from tests.factories.subjects import make_tag
from tests.operate.conftest import IS_POSTGRES, Backup, Platform, copy_of, environment_of, past_triggers

pytestmark = [pytest.mark.database, pytest.mark.long]


@pytest.fixture
def copy(restored: Platform, tmp_path: Any, databases: Any) -> Platform:
    """A restored platform, to do anything to."""
    return copy_of(restored, tmp_path, databases)


def difference(place: Platform, backup: Backup) -> str:
    with place.inside():
        try:
            compare(backup.path, place.home)
        except Refused as refused:
            return f"{refused.facts['what']}"
    return ""


def databases_of_the_server(place: Platform) -> list[str]:
    with place.inside(), connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'gongchou_drill_%'")
        return [row[0] for row in cursor.fetchall()]


def test_it_proves_the_backup_and_leaves_nothing(furnished):
    before = furnished.state()

    done = furnished.run("drill")

    assert (done.returncode, done.stderr) == (0, "")
    told = done.stdout.splitlines()
    assert told[2] == "逐项核对一致：每个表的行数和内容、每个文件、操作日志的根"
    assert told[3] == "试运行正常：account_login、home、registry:subjects、registry:inspectors"
    assert [line.split("：")[0] for line in told[4:8]] == ["  备份", "  恢复", "  核对", "  启动和试运行"]
    assert told[-1] == "演练通过。"
    assert furnished.state() == before
    assert list(furnished.home.glob(".drill-*")) == []
    if IS_POSTGRES:
        assert databases_of_the_server(furnished) == []


@pytest.mark.night
def test_it_says_that_the_log_was_touched_long_before(furnished, tmp_path, databases):
    place = copy_of(furnished, tmp_path, databases)
    with place.inside():
        past_triggers("UPDATE audit_line SET by_name = 'x' WHERE \"index\" = 3")

    done = place.run("drill")

    assert done.returncode == 0
    assert "注意：操作日志在备份之前已被改动：操作日志（audit_line）第3行的“by_name”列被改动。" in done.stdout


def test_without_the_right_to_make_a_database_it_says_so(platform):
    if not IS_POSTGRES:
        pytest.skip("a file needs no right")
    with platform.inside(), connection.cursor() as cursor:
        cursor.execute("CREATE ROLE gongchou_weak LOGIN NOCREATEDB")
        cursor.execute("GRANT pg_read_all_data, pg_write_all_data TO gongchou_weak")
    address = environment_of(platform.home, platform.name)["DATABASE_URL"].replace("//postgres:", "//gongchou_weak:")

    done = platform.run("drill", env={"DATABASE_URL": address})

    with platform.inside(), connection.cursor() as cursor:
        cursor.execute("DROP OWNED BY gongchou_weak")
        cursor.execute("DROP ROLE gongchou_weak")
    assert done.returncode == 1
    assert done.stderr.startswith("建不了演练用的临时数据库：permission denied to create database")


# What differs is named --------------------------------------------------------------------------


def test_a_true_copy_differs_in_nothing(copy, backup):
    assert difference(copy, backup) == ""


@pytest.mark.parametrize("place", [0, 7, 28])
def test_a_changed_row_is_named(copy, backup, place):
    with copy.inside(), open_for_writing():
        subject = Subject.objects.order_by("pk")[place]
        Subject.objects.filter(pk=subject.pk).update(name=f"{subject.name}。")

    assert difference(copy, backup) == f"表 registry_subject 按 id 排序的第{place + 1}行与备份不同或缺失"


@pytest.mark.parametrize("place", [0, 28])
def test_a_missing_row_is_named(copy, backup, place):
    with copy.inside():
        subject = Subject.objects.order_by("pk")[place]
        past_triggers("DELETE FROM registry_subject WHERE id = %s", [subject.pk if IS_POSTGRES else subject.pk.hex])

    assert difference(copy, backup) == f"表 registry_subject 按 id 排序的第{place + 1}行与备份不同或缺失"


def test_a_row_too_many_is_named(copy, backup):
    with copy.inside():
        make_tag()
        assert Tag.objects.count() == 1

    assert difference(copy, backup) == "表 registry_tag 按 id 排序的第1行与备份不同或缺失"


def test_a_log_that_is_another_is_named(copy, backup):
    with copy.inside():
        past_triggers('UPDATE audit_line SET leaf = %s WHERE "index" = 3', ["0" * 64])
        past_triggers("DELETE FROM audit_block")

    assert difference(copy, backup) == "操作日志的根与备份不同"


@pytest.mark.parametrize("is_gone", [True, False])
def test_a_file_that_is_gone_or_another_is_named(copy, backup, is_gone):
    path = copy.home / "imports" / "a" / "名录.bin"
    path.unlink() if is_gone else path.write_bytes(b"x")

    assert difference(copy, backup) == "文件 imports/a/名录.bin 与备份不同或缺失"


def test_a_draw_that_was_touched_long_before_is_said_and_proves_the_copy_all_the_same(furnished, tmp_path, databases):
    place = copy_of(furnished, tmp_path, databases)
    with place.inside():
        past_triggers("UPDATE draws_hit SET ticket = %s WHERE rank = 1", ["0" * 64])

    done = place.run("drill")

    assert (done.returncode, done.stderr) == (0, "")
    assert "注意：抽取的数据在备份之前已被改动：抽中的对象（draws_hit）" in done.stdout


def test_a_copy_on_which_the_platform_does_not_start_is_no_copy(elsewhere, template):
    shutil.copytree(template.home, elsewhere.home, ignore=shutil.ignore_patterns("*.db*"))
    said: list[str] = []

    with elsewhere.inside(), pytest.raises(Refused, match="平台没有在恢复后的数据上启动"):
        if IS_POSTGRES:
            with connection.cursor() as cursor:
                cursor.execute("DROP TABLE accounts_department CASCADE")
        start(elsewhere.home, said.append)

    assert "accounts_department" in said[0]
