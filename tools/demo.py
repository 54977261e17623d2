"""``make demo``: the whole platform with an invented city (演示数据), on this machine only.

    python tools/demo.py [--full] [--fresh] [--port N] [--home FOLDER]

It makes a home of its own, the database, the city; then it starts the web server, the background worker, the job that
puts imports back to work, those that sign the two logs, a witness, and a random beacon for practice; it prints the
address and the accounts, and stops all when it is stopped. Run again, it goes on with the data that is there.
It needs nothing but the standard library; what it starts needs requirements/run.txt.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
HOST, PORT, PORTS_TRIED = "127.0.0.1", 8000, 50
BEACON_PORT = 8990
READY = "city.json"  # what make_city leaves behind when it is done
START_S, STOP_S = 60, 10
SIGN_EVERY_S = 20
WITNESS = "witness.demo"
WITNESS_PROGRAM = (sys.executable, "-m", "gongchou.audit.witness")
BEACON_PROGRAM = (sys.executable, "-m", "gongchou.demo.beacon")

AGAIN = "make demo ARGS='--fresh'，完整规模 ARGS='--fresh --full'"
INIT = ("init", "--without-people", "--site", "gongchou.demo")


def read_arguments(words: Sequence[str]) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(
        description="公抽演示：一座虚构的城市，只在本机运行 · the platform with an invented city"
    )
    parser.add_argument("--full", action="store_true", help="完整规模，约12万个检查对象 · about 120,000 objects")
    parser.add_argument("--fresh", action="store_true", help="删除原有演示数据，重新开始 · begin anew")
    parser.add_argument("--seed", type=int, help="随机种子 · the seed of the city")
    parser.add_argument("--port", type=int, default=PORT, help=f"端口 · port (default {PORT})")
    parser.add_argument(
        "--home", type=Path, default=ROOT / "build" / "demo", help="演示数据存放处 · where the data lies"
    )
    return parser.parse_args(words)


def environment(home: Path) -> dict[str, str]:
    """The environment of all that is started: a demo, in its own home, on SQLite."""
    own = {name: text for name, text in os.environ.items() if not name.startswith(("GONGCHOU_", "DATABASE_URL"))}
    return own | {
        "GONGCHOU_HOME": str(home),
        "GONGCHOU_DEMO": "1",
        "GONGCHOU_TWO_FACTORS": "0",
        "GONGCHOU_HOSTS": f"localhost,{HOST}",
        "DJANGO_SETTINGS_MODULE": "gongchou.settings",
        "PYTHONPATH": str(ROOT / "src"),
        "PYTHONUNBUFFERED": "1",
    }


def command(env: dict[str, str], *words: str, is_quiet: bool = False) -> None:
    """Run one command of the platform; end with its exit code where it fails."""
    told = subprocess.run(
        [sys.executable, str(ROOT / "gongchou"), *words], env=env, check=False, capture_output=is_quiet, text=True
    )
    if told.returncode:
        print((told.stdout or "") + (told.stderr or ""), file=sys.stderr)
        print(f"演示没有启动：命令 {words[0]} 失败 · not started: {words[0]} failed", file=sys.stderr)
        sys.exit(told.returncode)


def make_ready(arguments: argparse.Namespace, env: dict[str, str]) -> None:
    """Home, key, database, city; what is there already stays."""
    home: Path = arguments.home
    is_whole = (home / READY).exists()
    if home.exists() and (arguments.fresh or not is_whole):
        check_is_a_demo(home)
        print(f"清除原有演示数据 · removing {home}")
        shutil.rmtree(home)
    print("一、准备数据库 · database", flush=True)
    command(env, *INIT, is_quiet=True)
    make_witness(home, env)
    make_beacon(home, env)
    (home / "static").mkdir(exist_ok=True)  # stays empty: the server finds the files where they lie, and asks for it
    if (home / READY).exists():
        print(f"二、沿用已有的演示城市 · the city of {home} is kept（重新生成：{AGAIN}）", flush=True)
        command(env, "make_city", "--accounts")
    else:
        print("二、生成演示城市 · the city", flush=True)
        seed = ["--seed", str(arguments.seed)] if arguments.seed is not None else []
        command(env, "make_city", *(["--full"] if arguments.full else []), *seed)
    command(env, "audit_checkpoint", is_quiet=True)


def make_witness(home: Path, env: dict[str, str]) -> None:
    """Somebody who cosigns the log. A real one is another office, on a machine of its own."""
    store, keys = home / "witness", home / "keys"
    if not store.exists():
        words = [*WITNESS_PROGRAM, "init", str(store), "--name", WITNESS, "--log", str(keys / "audit.vkey")]
        subprocess.run(words, env=env, check=True, capture_output=True)
        shutil.copy(store / "witness.vkey", keys / "witnesses.vkey")


def make_beacon(home: Path, env: dict[str, str]) -> None:
    """A random beacon and two witnesses of draws, all on this machine: they prove nothing to anybody else."""
    keys = home / "keys"
    if not (keys / "draws-witnesses.vkey").exists():
        command(env, "draws_witness", "practice", is_quiet=True)
    words = [*BEACON_PROGRAM, str(home / "beacon"), "--port", "0", "--only-make"]
    subprocess.run(words, env=env, check=True, capture_output=True)
    (keys / "chains").mkdir(exist_ok=True)
    shutil.copy(home / "beacon" / "chain.json", keys / "chains" / "practice.json")


def check_is_a_demo(home: Path) -> None:
    """Never delete a folder that may be something else."""
    ours = {"secret_key", "gongchou.db", "keys", "witness", "static", "imports", "registers", READY}
    ours |= {"beacon", "evidence", "attachments"}
    names = {path.name.removesuffix("-wal").removesuffix("-shm") for path in home.iterdir()}
    if not names <= ours:
        sys.exit(
            f"{home} 里有别的文件，没有删除：{'、'.join(sorted(names - ours))} · holds other files, nothing was deleted"
        )


def free_port(wanted: int) -> int:
    """The port that was asked for, or the next that nobody has."""
    for port in range(wanted, wanted + PORTS_TRIED):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
        if port != wanted:
            print(f"端口 {wanted} 已被占用，改用 {port} · port {wanted} is taken, using {port}")
        return port
    sys.exit(f"端口 {wanted} 到 {wanted + PORTS_TRIED - 1} 都被占用，请用 --port 另选 · no free port")


def web(port: int) -> list[str]:
    """The web server: one process, several threads; Django's own where there is no gunicorn, as on Windows."""
    if os.name == "nt":
        return [sys.executable, str(ROOT / "gongchou"), "runserver", "--noreload", f"{HOST}:{port}"]
    options = ["--threads", "4", "--bind", f"{HOST}:{port}", "--log-level", "warning", "--no-control-socket"]
    return [sys.executable, "-m", "gunicorn", *options, "django.core.wsgi:get_wsgi_application()"]


def beside_the_web(home: Path, address: str, beacon_port: int) -> dict[str, list[str]]:
    """What runs beside the web server, by its name: it takes up imports, signs the logs, cosigns, gives the seed."""
    program = [sys.executable, str(ROOT / "gongchou")]
    log, often = f"{address}/audit/log", ("--every", str(SIGN_EVERY_S))
    return {
        "后台进程 worker": [*program, "db_worker", "--verbosity", "0"],
        "交办导入 imports": [*program, "resume_imports", "--every", "60"],
        "检查 inspections": [*program, "keep_inspections", "--every", "60"],
        "交办抽取 draws": [*program, "resume_draws", "--every", "60"],
        "签署日志 checkpoints": [*program, "audit_checkpoint", *often],
        "签署公开日志 log of draws": [*program, "draws_checkpoint", *often],
        "随机信标 beacon": [*BEACON_PROGRAM, str(home / "beacon"), "--port", str(beacon_port)],
        "见证人 witness": [*WITNESS_PROGRAM, "run", str(home / "witness"), "--place", log, *often],
    }


class Stopped(Exception):  # noqa: N818 -- says what happened
    """Somebody asked to stop."""


def on_signal(number: int, frame: FrameType | None) -> None:
    """Ctrl-C, or whoever started us, says stop."""
    raise Stopped


def start(words: list[str], env: dict[str, str]) -> subprocess.Popen[bytes]:
    """A child in a session of its own: Ctrl-C reaches us only, and we stop it in order. Complaints are shown."""
    return subprocess.Popen(words, env=env, start_new_session=True, stdout=subprocess.DEVNULL)


Children = dict[str, "subprocess.Popen[bytes]"]  # by their names


def wait_until_open(address: str, children: Children) -> None:
    """Come back when the server answers."""
    for _ in range(START_S * 5):
        check_all_run(children)
        try:
            with urlopen(f"{address}/account/login/", timeout=5):  # noqa: S310 -- our own server
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise ChildProcessError("网页服务没有应答 · the web server does not answer")


def check_all_run(children: Children) -> None:
    """Raise ChildProcessError when one has ended."""
    for name, child in children.items():
        if child.poll() is not None:
            raise ChildProcessError(f"{name} 已退出，代码 {child.returncode} · has ended")


def stop(children: Children) -> None:
    """Ask all to end; end whoever does not."""
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    for child in children.values():
        try:
            child.wait(STOP_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def run(home: Path, env: dict[str, str], port: int) -> int:
    """Everything until somebody stops it; return the exit code."""
    address, children = f"http://{HOST}:{port}", {}
    beacon_port = free_port(BEACON_PORT)
    env = env | {"GONGCHOU_BEACON_RELAYS": f"http://{HOST}:{beacon_port}"}
    try:
        children["网页服务 web server"] = start(web(port), env)
        wait_until_open(address, children)
        for name, words in beside_the_web(home, address, beacon_port).items():
            children[name] = start(words, env)
        print(f"三、已启动 · running\n\n  {address}\n\n按 Ctrl-C 停止 · Ctrl-C stops it", flush=True)
        while True:
            time.sleep(0.5)
            check_all_run(children)
    except Stopped:
        print("\n已停止；再次运行 make demo 将沿用这些数据 · stopped; the data is kept")
        return 0
    except ChildProcessError as fault:
        print(fault, file=sys.stderr)
        return 1
    finally:
        stop(children)


def main(words: Sequence[str]) -> int:
    """Get ready and run."""
    arguments = read_arguments(words)
    arguments.home = arguments.home.resolve()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, on_signal)
    env = environment(arguments.home)
    try:
        make_ready(arguments, env)
    except Stopped:
        print("\n已停止；城市还没有建好，下次从头生成 · stopped before the city was whole", file=sys.stderr)
        return 1
    return run(arguments.home, env, free_port(arguments.port))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
