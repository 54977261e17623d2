"""A witness in a process of its own signs what continues the log it knows, and raises the alarm at anything else."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from gongchou.audit import proofs
from gongchou.audit.checkpoints import add_cosignature, make_checkpoint
from gongchou.audit.keys import make_keys
from gongchou.audit.models import Cosignature
from gongchou.draw import log, note
from tests.factories.log import LOG_NAME, run, write_lines
from tests.factories.people import NOW, make_region

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]


def program(*words: object) -> subprocess.CompletedProcess[str]:
    """Run the witness, where Django cannot be imported."""
    code = (
        "import sys, runpy; sys.modules['django'] = None; sys.argv = ['witness', *sys.argv[1:]]; "
        "runpy.run_module('gongchou.audit.witness', run_name='__main__')"
    )
    command = [sys.executable, "-c", code, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=ROOT)


class Shown:
    """A log as it is shown to somebody: answers in a folder, which HTTP can serve as well."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def show(self) -> Shown:
        """Lay out what the database holds now."""
        (self.folder / "checkpoint").write_bytes(proofs.checkpoint_note())
        size = proofs.latest_checkpoint().size
        for first in range(1, size):
            path = self.folder / "consistency" / str(first) / str(size)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(proofs.consistency_proof(first, size))
        return self

    def cosignatures(self) -> list[bytes]:
        return [path.read_bytes() for path in (self.folder / "cosignature").glob("*.note")]


@contextmanager
def served(folder: Path):
    """The folder over HTTP; what is handed in is laid beside."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = folder / self.path.lstrip("/")
            self.answer(*((200, path.read_bytes()) if path.is_file() else (404, b"")))

        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"]))
            (folder / "cosignature").mkdir(exist_ok=True)
            (folder / "cosignature" / "posted.note").write_bytes(data)
            self.answer(200, b"")

        def answer(self, status: int, data: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def store(keys, tmp_path):
    """The store of a witness the platform knows, and the log's key beside."""
    make_keys(keys, LOG_NAME)
    done = program("init", tmp_path / "store", "--name", "witness.example", "--log", keys / "audit.vkey")
    assert done.returncode == 0, done.stderr
    (keys / "witnesses.vkey").write_text(done.stdout)
    return tmp_path / "store"


@pytest.fixture
def shown(store, tmp_path):
    """A log of three lines, shown to everybody."""
    write_lines(3)
    make_checkpoint(at=NOW)
    return Shown(tmp_path / "shown").show()


def grow(shown: Shown, n: int = 2) -> None:
    write_lines(n)
    make_checkpoint(at=NOW)
    shown.show()


def test_what_a_witness_gives_back_is_kept_by_the_platform(shown, store):
    done = program("run", store, "--place", shown.folder)

    assert (done.returncode, done.stdout) == (0, f"已共签：{LOG_NAME}，3行\n")
    for data in shown.cosignatures():
        add_cosignature(data)
    assert [(row.size, row.witness) for row in Cosignature.objects.all()] == [(3, "witness.example")]


def test_a_witness_goes_along_as_the_log_grows(shown, store):
    for size in (3, 5, 7):
        done = program("run", store, "--place", shown.folder)
        assert (done.returncode, done.stdout) == (0, f"已共签：{LOG_NAME}，{size}行\n")
        grow(shown)


def test_a_witness_asks_and_answers_over_http(shown, store):
    with served(shown.folder) as base:
        first = program("run", store, "--place", base)
        grow(shown)
        second = program("run", store, "--place", f"{base}/")

    assert (first.returncode, second.returncode) == (0, 0)
    assert [row.size for row in add_cosignature(shown.cosignatures()[0])] == [5]


def test_the_same_checkpoint_may_be_signed_again(shown, store):
    assert [program("run", store, "--place", shown.folder).returncode for _ in range(2)] == [0, 0]


def alarmed(done: subprocess.CompletedProcess[str], store: Path, text: str) -> None:
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"警报：{text}\n"
    assert len(list((store / "alarms").iterdir())) == 1


def test_a_smaller_log_is_an_alarm_and_what_was_seen_stays(shown, store, tmp_path):
    before = Shown(tmp_path / "before").show()
    grow(shown)
    program("run", store, "--place", shown.folder)

    alarmed(program("run", store, "--place", before.folder), store, "日志从5行退到了3行。")
    assert not (before.folder / "cosignature").exists()
    assert program("run", store, "--place", shown.folder).returncode == 0


def test_another_root_of_the_same_size_is_an_alarm(shown, store, tmp_path, keys):
    program("run", store, "--place", shown.folder)
    fork = forked(tmp_path / "fork", keys, size=3)

    alarmed(program("run", store, "--place", fork), store, "日志在3行处出现了另一个根，历史被分叉。")


def test_a_longer_log_that_does_not_continue_is_an_alarm(shown, store, tmp_path, keys):
    program("run", store, "--place", shown.folder)
    fork = forked(tmp_path / "fork", keys, size=5)

    alarmed(program("run", store, "--place", fork), store, "5行的日志不是3行那份日志的延续，历史被改动过。")


def forked(folder: Path, keys: Path, size: int) -> Path:
    """Another history under the log's own key: all made anew by whoever holds everything."""
    for table in ("line", "block", "checkpoint", "cosignature", "head"):
        run(f"DELETE FROM audit_{table}")
    (keys / "audit.checkpoint").unlink()
    for number in range(size):
        make_region(f"88{number}", "别处市")
    make_checkpoint(at=NOW)
    return Shown(folder).show().folder


def test_a_checkpoint_by_another_key_is_an_alarm(shown, store, tmp_path):
    make_keys(tmp_path / "others", LOG_NAME)
    (tmp_path / "others" / "audit.vkey").rename(store / "log.vkey")

    alarmed(program("run", store, "--place", shown.folder), store, "检查点没有日志密钥的有效签名。")


@pytest.mark.parametrize("proof", ["", "3\t5\t-\n", "hello"])
def test_a_missing_or_spoilt_proof_is_an_alarm(shown, store, proof):
    program("run", store, "--place", shown.folder)
    grow(shown)
    (shown.folder / "consistency" / "3" / "5").write_text(proof)

    alarmed(program("run", store, "--place", shown.folder), store, "5行的日志不是3行那份日志的延续，历史被改动过。")


@pytest.mark.parametrize("size", [3, 5])
def test_two_witnesses_who_were_shown_two_logs_find_out(shown, store, tmp_path, keys, size):
    other = tmp_path / "other-store"
    program("init", other, "--name", "witness-2.example", "--log", keys / "audit.vkey")
    program("run", store, "--place", shown.folder)
    fork = forked(tmp_path / "fork", keys, size=size)
    program("run", other, "--place", fork)

    done = program("run", other, "--place", fork, "--peer", store)

    assert done.returncode == 2
    assert done.stderr == f"警报：日志给 {store} 看的是另一份历史（3行）。\n"


def test_witnesses_who_were_shown_one_log_agree(shown, store, tmp_path, keys):
    other = tmp_path / "other-store"
    program("init", other, "--name", "witness-2.example", "--log", keys / "audit.vkey")
    program("run", store, "--place", shown.folder)
    grow(shown)

    assert program("run", other, "--place", shown.folder, "--peer", store).returncode == 0


def test_what_was_seen_is_the_log_s_signature_and_the_witness_s_own(shown, store):
    program("run", store, "--place", shown.folder)

    kept = log.read_checkpoint((store / "checkpoint").read_bytes(), "")
    names = [signature.name for signature in kept.signed.signatures]
    assert names == [LOG_NAME, "witness.example"]
    key = note.parse_vkey((store / "witness.vkey").read_text().strip())
    assert note.cosigned_at(kept.signed, key) is not None


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("http://127.0.0.1:9", "连接不上日志：http://127.0.0.1:9/checkpoint（"),
        ("ftp://127.0.0.1", "日志地址须以 http:// 或 https:// 开头，或是一个文件夹：ftp://127.0.0.1。"),
        ("file:///", "日志地址须以 http:// 或 https:// 开头，或是一个文件夹：file:///。"),
    ],
)
def test_a_log_that_cannot_be_reached_is_no_alarm(store, place, text):
    done = program("run", store, "--place", place)

    assert done.returncode == 1
    assert done.stderr.startswith(text)


def test_a_page_that_is_no_checkpoint_is_no_alarm(shown, store):
    (shown.folder / "checkpoint").write_text("<html>请登录</html>")

    done = program("run", store, "--place", shown.folder)

    assert (done.returncode, done.stderr) == (1, "内容不是合格的检查点或证明。\n")


def test_an_answer_without_end_is_cut_off(shown, store):
    (shown.folder / "checkpoint").write_bytes(b"x" * ((1 << 20) + 1))
    with served(shown.folder) as base:
        done = program("run", store, "--place", base)

    assert done.returncode == 1


def test_a_store_without_a_key_is_refused(tmp_path):
    done = program("run", tmp_path, "--place", tmp_path)

    assert done.returncode == 1
    assert done.stderr.startswith("没有找到密钥文件")


def test_a_witness_with_an_interval_stops_at_the_first_alarm(shown, store, tmp_path, keys):
    program("run", store, "--place", shown.folder)
    fork = forked(tmp_path / "fork", keys, size=3)

    assert program("run", store, "--place", fork, "--every", 0.1).returncode == 2
