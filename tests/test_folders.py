"""A file appears whole or not at all, and so does a directory."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gongchou.draw.errors import FormatError
from gongchou.folders import FileBlob, beside, make_folder, open_bundle, read_bytes, read_text, write_whole
from tests.cli.offices import listing


class BrokenOffError(Exception):
    """Stands for whatever ends a program in the middle."""


def half() -> Iterator[bytes]:
    yield b"first half\n"
    raise BrokenOffError


@pytest.mark.parametrize("before", [{}, {"table.tsv": b"old\n"}])
def test_a_write_that_breaks_off_leaves_what_was_there(tmp_path: Path, before: dict[str, bytes]):
    for name, data in before.items():
        (tmp_path / name).write_bytes(data)

    with pytest.raises(BrokenOffError):
        write_whole(tmp_path / "table.tsv", half())

    assert listing(tmp_path) == before


def test_a_write_replaces_the_whole_file(tmp_path: Path):
    (tmp_path / "table.tsv").write_bytes(b"a longer old content\n")

    write_whole(tmp_path / "table.tsv", [b"new", b"\n"])

    assert listing(tmp_path) == {"table.tsv": b"new\n"}


def test_a_program_killed_while_writing_leaves_no_half_table(tmp_path: Path):
    slow = (
        "import sys, time; from pathlib import Path; from gongchou.folders import write_whole\n"
        "def pieces():\n"
        "    yield b'half'; print('half', flush=True); time.sleep(60)\n"
        "write_whole(Path(sys.argv[1]), pieces())"
    )
    with subprocess.Popen(
        [sys.executable, "-c", slow, str(tmp_path / "frame.tsv")], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        os.kill(process.pid, signal.SIGKILL)

    assert not (tmp_path / "frame.tsv").exists()


def test_a_directory_appears_whole_or_not_at_all(tmp_path: Path):
    target = tmp_path / "bundle"

    with pytest.raises(IsADirectoryError):
        make_folder(target, {"a/b": b"1", "a": b"2"})

    assert sorted(tmp_path.iterdir()) == []


def test_an_empty_directory_may_be_filled_and_a_full_one_may_not(tmp_path: Path):
    target = tmp_path / "bundle"
    target.mkdir()

    make_folder(target, {"a/b": b"1"})
    with pytest.raises(FormatError) as caught:
        make_folder(target, {"c": b"2"})

    assert caught.value.code == "folder_exists"
    assert listing(tmp_path) == {"bundle/a/b": b"1"}


@pytest.mark.parametrize("name", ["link", "file"])
def test_neither_a_link_nor_a_file_becomes_a_directory(tmp_path: Path, name: str):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(FormatError) as caught:
        make_folder(tmp_path / name, {"a": b"1"})

    assert caught.value.code == "folder_exists"
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize("path", [".", "", "sub/.."])
def test_the_current_directory_has_a_sibling_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str):
    own = tmp_path / "bundle"
    (own / "sub").mkdir(parents=True)
    monkeypatch.chdir(own)

    assert beside(Path(path), ".office") == tmp_path / "bundle.office"


def test_a_blob_is_read_in_parts_without_holding_the_file_open(tmp_path: Path):
    path = tmp_path / "frame.tsv"
    path.write_bytes(b"0123456789")
    blob = FileBlob(path)

    parts = (blob.size, blob.read(3, 4), blob.read(8, 9))
    path.unlink()

    assert parts == (10, b"3456", b"89")


def test_special_files_and_odd_names_do_not_stall_the_reading(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "a").write_bytes(b"1")
    started = time.monotonic()

    files = open_bundle(tmp_path)

    assert sorted(files) == ["a"]
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("name", ["空.txt", "a b", "a\\b", ".hidden", "-x", "a/.b", "x" * 201])
def test_a_name_that_could_be_spelled_two_ways_is_refused(tmp_path: Path, name: str):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)

    path.write_bytes(b"1")

    with pytest.raises(FormatError) as caught:
        open_bundle(tmp_path)

    assert caught.value.code == "path_invalid"


def test_text_is_utf8_with_or_without_a_mark(tmp_path: Path):
    path = tmp_path / "map.csv"
    path.write_bytes("\ufeff东,DQ\n".encode())
    told = read_text(path)
    path.write_bytes("东,DQ\n".encode("gbk"))

    with pytest.raises(FormatError) as caught:
        read_text(path)

    assert (told, caught.value.code) == ("东,DQ\n", "not_utf8")


@pytest.mark.parametrize("name", ["none", "folder", "file/below"])
def test_what_cannot_be_read_as_a_file_is_not_found(tmp_path: Path, name: str):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(FormatError) as caught:
        read_bytes(tmp_path / name)

    assert (caught.value.code, caught.value.place) == ("not_found", str(tmp_path / name))
