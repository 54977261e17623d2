"""A worker is killed before and after everything it does that outlasts it, and another takes up its work; prints what
was found then.

DATABASE_URL=… GONGCHOU_HOME=… python -m tests.draws.sweeper FLOW [N | all] [without]

FLOW: freeze, commit, close, draw (beacon, objects, people, evidence), withdraw. N: so many points spread over the flow,
beside those around each COMMIT. What outlasts a worker: each SQL statement, each COMMIT, each file that is flushed,
moved into its place or linked there. without: no operation is a transaction; what then goes wrong shows that it would
be seen.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.conf import settings  # noqa: E402 -- Django is set up only now
from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.utils import timezone  # noqa: E402

from gongchou.accounts.models import User  # noqa: E402
from gongchou.accounts.roles import RoleCode  # noqa: E402
from gongchou.audit import operations  # noqa: E402
from gongchou.draw.frame import key_commitment  # noqa: E402
from gongchou.draws import tasks  # noqa: E402
from gongchou.draws.keys import seal_of  # noqa: E402
from gongchou.draws.models import Batch, Withdrawal, Work  # noqa: E402
from gongchou.draws.operations import committing, withdrawals  # noqa: E402
from tests.draws.invariants import ORDER, faults, result_of  # noqa: E402
from tests.factories import draws as factory  # noqa: E402
from tests.factories.lists import approver_of, keeper_of  # noqa: E402
from tests.factories.people import NOW, appoint, make_user  # noqa: E402

Tell = Callable[[str], None]


# What is done ---------------------------------------------------------------------------------------


def batch() -> Batch:
    """The one batch of the place, as it stands."""
    return Batch.objects.select_related("department__region").get()


def work(kind: str, tell: Tell) -> None:
    """Asked for, and done by a worker."""
    own = tasks.ask(batch(), kind, by=keeper_of(batch().department), at=timezone.now())
    tasks.do_work.call(own.pk)
    told = Work.objects.get(pk=own.pk)
    tell({"freeze": "frozen", "draw": "drawn"}[kind] if told.ended_at and not told.failure else told.failure)


def freeze(tell: Tell) -> None:
    work("freeze", tell)


def commit(tell: Tell) -> None:
    committing.commit(batch=batch(), by=approver_of(batch().department), at=NOW)
    tell("committed")


def close(tell: Tell) -> None:
    committing.close(batch=batch(), by=keeper_of(batch().department), at=batch().closes_at)
    tell("closed")


def draw(tell: Tell) -> None:
    own = batch()
    if not own.seed:
        beacon = factory.signer().sign(own.last["round"])
        committing.seed(batch=own, beacon=beacon, by=keeper_of(own.department), at=own.beacon_at)
        tell("seeded")
    work("draw", tell)


def withdraw(tell: Tell) -> None:
    """Two people give up a draw whose sources are fixed; who comes next finds what was asked for already."""
    row = batch().draws.get()
    told: dict[str, Any] = {"reason": "error_in_frame", "note": "演示", "at": batch().closes_at}
    asked = Withdrawal.objects.filter(draw=row).first()
    asked = asked or withdrawals.ask_withdrawal(draw=row, **told, by=approver_of(batch().department))
    second = User.objects.get(username="second")
    withdrawals.agree_withdrawal(withdrawal=asked, by=second, at=batch().closes_at)
    tell("withdrawn")


FLOWS: dict[str, tuple[Callable[[Batch], Batch], Callable[[Tell], None], str]] = {
    "freeze": (lambda own: own, freeze, "frozen"),
    "commit": (factory.frozen, commit, "committed"),
    "close": (factory.committed, close, "closed"),
    "draw": (factory.closed, draw, "drawn"),
    "withdraw": (factory.closed, withdraw, "withdrawn"),
}


# The place, and how it was before -------------------------------------------------------------------


class Place:
    """The database and the home folder, which are put back after each death."""

    def __init__(self) -> None:
        self.home, self.kept = Path(settings.HOME), Path(settings.HOME).with_name("kept")
        self.name = connection.settings_dict["NAME"]

    def keep(self) -> None:
        connections.close_all()
        shutil.copytree(self.home, self.kept)
        if connection.vendor == "sqlite":
            shutil.copy(self.name, self.kept / "database")
        else:
            self._server(f'CREATE DATABASE "{self.name}_kept" TEMPLATE "{self.name}" STRATEGY FILE_COPY')

    def put_back(self) -> None:
        shutil.rmtree(self.home)
        shutil.copytree(self.kept, self.home, ignore=shutil.ignore_patterns("database"))
        if connection.vendor == "sqlite":
            for ending in ("-wal", "-shm"):
                Path(f"{self.name}{ending}").unlink(missing_ok=True)
            shutil.copy(self.kept / "database", self.name)
        else:
            self._server(f'DROP DATABASE "{self.name}" WITH (FORCE)')
            self._server(f'CREATE DATABASE "{self.name}" TEMPLATE "{self.name}_kept" STRATEGY FILE_COPY')

    def _server(self, sql: str) -> None:
        import psycopg  # noqa: PLC0415 -- only where it is used

        address = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path="/postgres"))
        with closing(psycopg.connect(address, autocommit=True)) as server:
            server.execute(sql)


# Dying ----------------------------------------------------------------------------------------------


class Points:
    """Everything that passes by, and death at one of it."""

    def __init__(self, deadly: int | None) -> None:
        self.deadly, self.seen = deadly, list[str]()

    def pass_by(self, what: str, act: Callable[..., Any], *args: Any) -> Any:
        self._at(f"before {what}")
        found = act(*args)
        self._at(f"after {what}")
        return found

    def _at(self, what: str) -> None:
        self.seen.append(what)
        if self.deadly == len(self.seen) - 1:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        """From now on, in this process."""
        connection.ensure_connection()

        def statement(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            return self.pass_by(" ".join(sql.split()[:4]), execute, sql, params, many, context)

        connection.execute_wrappers.append(statement)
        own = connection._commit
        connection._commit = lambda: self.pass_by("COMMIT", own)
        for name in ("fsync", "replace", "link"):
            setattr(os, name, self._passing(name, getattr(os, name)))

    def _passing(self, name: str, act: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *args, **told: self.pass_by(name, lambda: act(*args, **told))


def in_child(act: Callable[[Tell], Any]) -> tuple[list[str], int]:
    """Do something in a process that is a copy of this one; what it told on its way, and how it ended."""
    connections.close_all()
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reads)
        status = 1
        try:
            act(lambda word: os.write(writes, f"{word}\n".encode()))
            status = 0
        finally:
            sys.stderr.flush()
            os._exit(status)
    os.close(writes)
    with open(reads, encoding="utf-8") as told:  # noqa: PTH123 -- a handle
        lines = told.read().splitlines()
    return lines, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def count(flow: Callable[[Tell], None]) -> list[str]:
    """Every point of a flow that nobody interrupts."""

    def act(tell: Tell) -> None:
        points = Points(None)
        points.watch()
        flow(lambda word: None)
        for what in list(points.seen):
            tell(what)

    told, status = in_child(act)
    assert status == 0
    return told


def look_after(flow: Callable[[Tell], None], end: str, acknowledged: list[str]) -> Callable[[Tell], None]:
    """What whoever comes next finds, and that the work comes to its end."""

    def act(tell: Tell) -> None:
        for fault in faults():
            tell(f"found: {fault}")
        order = (*ORDER, "withdrawn")
        for word in acknowledged:
            if word not in order or order.index(word) > order.index(batch().state):
                tell(f"found: {word} was acknowledged, the batch is {batch().state}")
        tasks.resume(timezone.now() + timedelta(minutes=3))
        for own in Work.objects.filter(ended_at=None):
            tasks.do_work.call(own.pk)
        if batch().state != end:
            flow(lambda word: None)
        for fault in faults():
            tell(f"in the end: {fault}")
        if batch().state != end:
            tell(f"in the end: {batch().state}")
        if batch().key_commitment != key_commitment(seal_of(batch().code)):
            tell("in the end: another key than was promised")
        for line in result_of(batch()):
            tell(f"result: {line}")

    return act


def sweep(name: str, wanted: str) -> dict[str, Any]:
    """Die at each point."""
    before, flow, end = FLOWS[name]
    own = before(factory.make_batch(factory.ready_task(n=10)))
    appoint(make_user("second", own.department), RoleCode.HEAD, "below")
    place = Place()
    place.keep()
    points = count(flow)
    told, _ = in_child(look_after(flow, end, []))
    result = [line for line in told if line.startswith("result: ")]
    found = [line for line in told if line not in result]
    chosen = list(chosen_of(points, wanted))
    for number in chosen:
        place.put_back()

        def die(tell: Tell, at: int = number) -> None:
            Points(at).watch()
            flow(tell)

        acknowledged, status = in_child(die)
        where = f"{number} {points[number]}"
        if status != -signal.SIGKILL:
            found.append(f"{where}: lived ({status})")
        told, status = in_child(look_after(flow, end, acknowledged))
        again = [line for line in told if line.startswith("result: ")]
        found += [f"{where}: {line}" for line in told if line not in again]
        if status:
            found.append(f"{where}: nobody could go on")
        elif again != result and name == "draw":
            found.append(f"{where}: another result")
    return {"points": len(points), "swept": len(chosen), "n_found": len(found), "found": found[:20]}


def chosen_of(points: list[str], wanted: str) -> Iterator[int]:
    """All, or so many spread evenly and those around each COMMIT."""
    if wanted == "all":
        yield from range(len(points))
        return
    step = max(len(points) // int(wanted), 1)
    for at, what in enumerate(points):
        if what.endswith("COMMIT") or at % step == step // 2:
            yield at


def plain(given: Any = None, **told: Any) -> Any:
    """In place of ``atomic``, which libraries also write over functions."""
    return given if callable(given) else nullcontext()


def main(name: str, wanted: str = "all", *more: str) -> None:
    call_command("migrate", verbosity=0)
    if "without" in more:
        operations.transaction.atomic = plain
    print(json.dumps(sweep(name, wanted), ensure_ascii=False))


if __name__ == "__main__":
    Path(os.environ["GONGCHOU_HOME"]).mkdir(parents=True, exist_ok=True)
    main(*sys.argv[1:])
