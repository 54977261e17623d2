"""The program as a whole: on a bare Python, on an old console, and when the disk says no."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.offices import frame_words, gongchou, listing, refused, shops, write_csv

ROOT = Path(__file__).resolve().parents[2]
BARE = [sys.executable, "-S", "-B", "-E", "-s"]


def program(*words: object, **env: str) -> subprocess.CompletedProcess[bytes]:
    """Run the program on a Python that finds no third-party package."""
    start = f"import sys; sys.path.insert(0, {str(ROOT / 'src')!r}); sys.argv[0] = 'gongchou'; "
    run = "from gongchou.cli import main; sys.exit(main())"
    command = [sys.executable, "-S", "-B", "-c", start + run, *map(str, words)]
    return subprocess.run(command, capture_output=True, check=False, env=os.environ | {"PYTHONPATH": ""} | env)


def test_the_whole_demo_runs_where_nothing_can_be_installed(tmp_path: Path):
    alone = "import sys; assert not any('site-packages' in path for path in sys.path); "
    start = f"sys.path[:0] = [{str(ROOT / 'src')!r}]; sys.argv = ['demo', {str(tmp_path / 'demo')!r}]; "
    run = f"import runpy; runpy.run_path({str(ROOT / 'tools' / 'demo_draw.py')!r}, run_name='__main__')"

    done = subprocess.run([*BARE, "-c", alone + start + run], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(path.name for path in (tmp_path / "demo").iterdir()) == [
        "avoid.tsv",
        "draft.json",
        "evidence",
        "evidence.zip",
        "inspectors.tsv",
        "map.csv",
        "office",
        "register.csv",
    ]


def test_the_draw_is_a_module_to_be_run(drawn: Path):
    command = [sys.executable, "-S", "-B", "-m", "gongchou.draw", "verify", str(drawn)]

    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": str(ROOT / "src")}
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "成立，但有保留  amber L2 D" in done.stdout.splitlines()


def test_a_workbook_without_its_reader_says_what_to_install(tmp_path: Path):
    (tmp_path / "register.xlsx").write_bytes(b"PK")

    done = program(*frame_words(tmp_path / "register.xlsx", tmp_path / "bundle"))

    assert done.returncode == 2
    assert done.stderr.decode().startswith("✗ xlsx_reader_missing  ")


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "utf-8"])
def test_a_console_without_the_signs_does_not_stop_a_verification(drawn: Path, encoding: str):
    done = program("verify", drawn, PYTHONIOENCODING=encoding)

    assert (done.returncode, done.stderr) == (0, b"")


def test_a_reader_who_goes_away_early_leaves_no_traceback(drawn: Path):
    start = f"import sys; sys.path.insert(0, {str(ROOT / 'src')!r}); from gongchou.cli import main; sys.exit(main())"
    command = f'"{sys.executable}" -S -B -c "{start}" verify "{drawn}" | head -1'

    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)

    assert done.stdout.splitlines() == ["✓  1 文件齐全，内容与签名清单一致，格式规范"]
    assert "Traceback" not in done.stderr


def test_what_the_disk_refuses_is_said_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    register = write_csv(tmp_path / "register.csv", shops(2))
    words = frame_words(register, tmp_path / "bundle")
    words[3] = register / "bundle"
    before = listing(tmp_path)

    told = refused(capsys, *words)

    assert told.split()[0] == "os_error"
    assert told.endswith("不能读写（Not a directory）")
    assert listing(tmp_path) == before


def test_a_register_that_is_read_twice_gives_the_same_bytes(tmp_path: Path):
    register = write_csv(tmp_path / "register.csv", shops(20))

    for name in ("a", "b"):
        assert gongchou(*frame_words(register, tmp_path / name)) == 0

    assert listing(tmp_path / "a") == listing(tmp_path / "b")
