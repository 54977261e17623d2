"""The folder and the secret key: made once, closed to others, never replaced."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gongchou.operate.home import NoSecret, files_of, prepare, read_secret
from gongchou.operate.program import main


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_the_folder_and_its_secret_are_for_their_owner_alone(tmp_path):
    home = tmp_path / "a" / "home"

    prepare(home, keeps_secret=True)

    assert (mode(home), mode(home / "secret_key")) == (0o700, 0o600)
    assert len(read_secret(home)) == 64


def test_what_is_there_stays(tmp_path):
    prepare(tmp_path / "home", keeps_secret=True)
    secret = read_secret(tmp_path / "home")

    told = prepare(tmp_path / "home", keeps_secret=True)

    assert read_secret(tmp_path / "home") == secret
    assert [re.sub("：.*", "", line) for line in told] == ["平台文件夹已存在，未改动", "平台密钥已存在，未改动"]


def test_a_secret_that_the_environment_gives_is_not_written(tmp_path):
    prepare(tmp_path / "home", keeps_secret=False)

    assert list((tmp_path / "home").iterdir()) == []


def test_what_stands_open_is_closed_and_said(tmp_path):
    home = tmp_path / "home"
    prepare(home, keeps_secret=True)
    (home / "keys").mkdir()
    for path in (home / "keys" / "audit.key", home / "keys" / "audit.vkey"):
        path.write_text("x")
        path.chmod(0o644)
    (home / "secret_key").chmod(0o640)
    home.chmod(0o755)

    told = prepare(home, keeps_secret=True)

    found = [mode(path) for path in (home, home / "secret_key", home / "keys" / "audit.key")]
    assert found == [0o700, 0o600, 0o600]
    assert mode(home / "keys" / "audit.vkey") == 0o644
    assert len([line for line in told if "已收紧" in line]) == 3


@pytest.mark.parametrize("file", ["gongchou.db", "keys/audit.key", "keys/audit.vkey"])
def test_a_lost_secret_is_not_replaced(tmp_path, file):
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).touch()

    with pytest.raises(NoSecret, match=rf"secret_key 不见了.*（{file}）"):
        prepare(tmp_path, keeps_secret=True)

    assert not (tmp_path / "secret_key").exists()


def test_a_secret_that_others_can_read_starts_nothing(tmp_path):
    prepare(tmp_path, keeps_secret=True)
    (tmp_path / "secret_key").chmod(0o604)

    with pytest.raises(NoSecret, match=r"可以被其他系统用户读取，已停用.*chmod 600"):
        read_secret(tmp_path)


@pytest.mark.parametrize("text", [None, "", "\n"])
def test_without_a_secret_nothing_starts(tmp_path, text):
    if text is not None:
        (tmp_path / "secret_key").write_text(text)

    with pytest.raises(NoSecret, match=r"GONGCHOU_SECRET_KEY.*gongchou init"):
        read_secret(tmp_path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can try as somebody else")
def test_a_secret_of_another_user_s_is_told_from_a_missing_one(tmp_path):
    prepare(tmp_path, keeps_secret=True)
    for folder in (tmp_path, *list(tmp_path.parents)[:3]):
        folder.chmod(0o755)

    os.seteuid(65534)
    try:
        with pytest.raises(NoSecret, match="当前系统用户读不了"):
            read_secret(tmp_path)
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("words", [["init"], ["backup", "x.zip"], ["check"]])
def test_a_home_that_cannot_be_one_ends_in_a_sentence(tmp_path, monkeypatch, capsys, words):
    (tmp_path / "file").touch()
    monkeypatch.setenv("GONGCHOU_HOME", str(tmp_path / "file" / "home"))
    monkeypatch.delenv("GONGCHOU_SECRET_KEY", raising=False)

    assert main(words) == 1

    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert "GONGCHOU_HOME" in told.err


def test_without_the_packages_it_says_what_to_run(tmp_path):
    source = str(Path(__file__).parents[2] / "src")
    words = (
        f"import sys; sys.path[:0] = [{source!r}]; from gongchou.operate.program import main; sys.exit(main(['init']))"
    )

    done = subprocess.run(
        [sys.executable, "-S", "-c", words],
        env={"GONGCHOU_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (1, "运行所需的软件还没有安装。请先在程序文件夹里运行 make install。\n")


def test_without_words_it_says_what_there_is(capsys):
    assert main([]) == 0

    found = re.findall(r"^  (\w+)", capsys.readouterr().out, re.MULTILINE)
    assert {"init", "serve", "db_worker", "audit_checkpoint", "backup", "restore", "drill"} <= set(found)


def test_a_backup_takes_what_nobody_told_it_to_leave(tmp_path):
    names = ["imports/a.xlsx", "new-kind/b", "keys/audit.vkey", "keys/audit.key", "secret_key", "static/x.css"]
    names += ["gongchou.db", "gongchou.db-wal", ".drill-1/x", "keys/audit.lock", "backups/old.zip"]
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    taken, left = files_of(tmp_path, database=tmp_path / "gongchou.db")

    assert taken == ["imports/a.xlsx", "keys/audit.vkey", "new-kind/b"]
    assert sorted(left) == ["backups/", "keys/audit.key", "secret_key", "static/"]
