"""How long a city's draw takes, from the pools to evidence that a stranger can check, and what it keeps others from.

    python -m benchmarks.city_draw [--home DIR] [--tasks 30] [--drawn 4000] [--pages] [--profile]

The city of ``./gongchou make_city --full`` (120,000 subjects, 900 inspectors) in a home folder of its own (default
build/bench-pages) or in the database of DATABASE_URL, made where there is none. One batch of so many tasks: one over
the whole register, the others over the largest sub-libraries, each with two people of the department that keeps the
list. Times are those of the operations that everybody uses; ``click to evidence`` is what people in the hall wait for:
from the beacon to the bundle. Beside it, in the same run and over the same rows: the core alone over the same files,
and PostgreSQL's or SQLite's own ``ORDER BY random()`` for each stratum, which nobody could check.

With --pages, pages are asked for, one after another, while a second process draws; p50, p95 and slowest.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.pages import PAGES, ROOT, set_up

T = TypeVar("T")


class Clock:
    """Steps and their seconds."""

    def __init__(self) -> None:
        self.took: dict[str, float] = {}

    def time(self, step: str, act: Callable[[], T]) -> T:
        """Do something and remember how long it took."""
        start, busy = time.perf_counter(), time.process_time()
        try:
            return act()
        finally:
            self.took[step] = time.perf_counter() - start
            busy = time.process_time() - busy
            print(f"  {step:<28} {self.took[step]:8.2f} s, busy {busy:6.2f} s", flush=True)


def make_batch(n_tasks: int, n_wanted: int) -> Any:
    """A draft with all tasks, later than whatever the log holds."""
    from django.utils import timezone  # noqa: PLC0415 -- Django is set up by now

    from gongchou.draws.models import LogEntry  # noqa: PLC0415
    from gongchou.draws.operations import batches  # noqa: PLC0415
    from tests.factories import draws as factory  # noqa: PLC0415
    from tests.factories.lists import keeper_of  # noqa: PLC0415

    factory.set_up_keys()
    latest = LogEntry.objects.order_by("-at").values_list("at", flat=True).first()
    at = max(timezone.now(), latest or timezone.now()) + timedelta(minutes=1)
    tasks = make_tasks(n_tasks, n_wanted, at)
    times = {"closes_at": at + timedelta(hours=1), "beacon_at": at + timedelta(hours=2)}
    content = factory.content(**times, disclosed_at=at + timedelta(days=30))
    first, *others = tasks
    batch = batches.open_batch(task=first, content=content, by=keeper_of(first.department), at=at)
    for task in others:
        batches.add_task(batch=batch, task=task, by=keeper_of(task.department), at=at)
    return batch


def make_tasks(n: int, n_wanted: int, at: datetime) -> list[Any]:
    """One over the whole register, which draws a third of the objects, and others over the largest sub-libraries."""
    from django.db.models import Count  # noqa: PLC0415

    from gongchou.accounts.models import Department  # noqa: PLC0415
    from gongchou.audit.guard import open_for_writing  # noqa: PLC0415
    from gongchou.registry.models import Inspector, Subject, SubLibrary  # noqa: PLC0415

    with open_for_writing():  # who may do which item is not what is measured
        Inspector.objects.update(does_all_items=True)
    largest = SubLibrary.objects.annotate(n=Count("memberships")).order_by("-n", "code")[: n - 1]
    n_register, n_listed = Subject.objects.count(), sum(one.n for one in largest)
    bureau = Department.objects.get(code="SCJG")
    tasks = [make_task(bureau, None, f"{n_wanted / 3 / n_register * 100:.2f}%", at)]
    share = f"{n_wanted * 2 / 3 / max(n_listed, 1) * 100:.2f}%"
    return tasks + [make_task(one.department, one, share, at) for one in largest]


def make_task(department: Any, library: Any, share: str, at: datetime) -> Any:
    """Ready to be drawn."""
    from gongchou.plans.operations import parties, tasks  # noqa: PLC0415
    from gongchou.registry.models import Item  # noqa: PLC0415
    from tests.factories import plans  # noqa: PLC0415
    from tests.factories.draws import SCHEME  # noqa: PLC0415
    from tests.factories.lists import keeper_of, make_item  # noqa: PLC0415

    by = keeper_of(department)
    own = {"begins_on": date(at.year, 1, 1), "ends_on": date(at.year, 12, 31), "ratio": plans.at_least(share)}
    task = plans.make_task(department, pool=plans.pool_of(*filter(None, [library])), **own)
    lead = task.participants.get(is_lead=True)
    item = Item.objects.filter(owner=department, code__startswith="BENCH").first()
    item = item or make_item(f"BENCH-{department.code}", owner=department).item
    told: dict[str, Any] = {"items": [item], "checklists": [], "n_people": 2, "qualification": ""}
    parties.set_participant(participant=lead, **told, by=by, at=at)
    scheme = tasks.write_scheme(task=task, content=SCHEME, by=by, at=at)
    tasks.publish_scheme(scheme=scheme, url="", by=by, at=at)
    return tasks.make_ready(task=task, by=by, at=at)


def prepare(batch: Any, clock: Clock) -> Any:
    """From the draft to the seed."""
    from gongchou.draws.freezing import tables_of  # noqa: PLC0415
    from gongchou.draws.operations import batches, committing  # noqa: PLC0415
    from tests.factories.lists import approver_of, keeper_of  # noqa: PLC0415

    at, keeper = batch.closes_at - timedelta(hours=1), keeper_of(batch.department)
    approver = approver_of(batch.department)
    tables = clock.time("lists computed and stored", lambda: tables_of(batch, at=at))
    batch = clock.time("frozen", lambda: batches.freeze(batch=batch, tables=tables, by=keeper, at=at))
    batch = clock.time("committed", lambda: committing.commit(batch=batch, by=approver, at=at))
    return clock.time("closed", lambda: committing.close(batch=batch, by=keeper, at=batch.closes_at))


def draw(batch: Any, clock: Clock) -> Any:
    """From the beacon to the bundle; its outcome."""
    from gongchou.draws.bundles import zipped  # noqa: PLC0415
    from gongchou.draws.drawing import outcome_of  # noqa: PLC0415
    from gongchou.draws.operations import committing, results  # noqa: PLC0415
    from tests.factories.draws import signer  # noqa: PLC0415
    from tests.factories.lists import keeper_of  # noqa: PLC0415

    keeper, at = keeper_of(batch.department), batch.beacon_at
    beacon = signer().sign(batch.last["round"])
    batch = clock.time("seeded", lambda: committing.seed(batch=batch, beacon=beacon, by=keeper, at=at))
    outcome = clock.time("drawn and matched", lambda: outcome_of(batch, lambda *_: None))
    told = {"batch": batch, "outcome": outcome, "by": keeper, "at": at}
    batch = clock.time("written down", lambda: results.record_result(**told))
    size = clock.time("bundle made", lambda: sum(map(len, zipped(batch))))
    print(f"  bundle of {size / 1e6:.1f} MB")
    return batch, outcome


RANDOM = """
SELECT f.draw, f.stratum, f.pid FROM
  (SELECT draw, stratum, pid, row_number() OVER (PARTITION BY draw, stratum ORDER BY random()) AS place
   FROM bench_frame) AS f JOIN bench_quota AS q ON q.draw = f.draw AND q.stratum = f.stratum AND f.place <= q.n
"""
STEPS = ("seeded", "drawn and matched", "written down", "bundle made")


def of_the_core(batch: Any) -> float:
    """Seconds that the core alone takes for the same, its files in memory."""
    from gongchou.draw.frame import pools_of, scan_frame  # noqa: PLC0415
    from gongchou.draw.match import match_draws  # noqa: PLC0415
    from gongchou.draw.params import quotas, read_params  # noqa: PLC0415
    from gongchou.draw.roster import read_roster  # noqa: PLC0415
    from gongchou.draw.select import select_frame  # noqa: PLC0415
    from gongchou.draw.table import Bytes, read_all  # noqa: PLC0415
    from gongchou.draw.ticket import digests, prefix_of  # noqa: PLC0415
    from gongchou.draws.queries.batches import files_of  # noqa: PLC0415
    from gongchou.draws.queries.frames import draws_of  # noqa: PLC0415

    files = {path: Bytes(read_all(blob)) for path, blob in files_of(batch).items()}
    folders = [draw.folder for draw in draws_of(batch)]
    start = time.perf_counter()
    dealt = []
    for folder in folders:
        params, frame = read_params(read_all(files[f"{folder}params.json"])), files[f"{folder}frame.tsv"]
        tickets = digests(prefix_of(params, batch.seed), params["suite"])
        selected, _ = select_frame(frame, scan_frame(frame).spans(), quotas(params), tickets)
        dealt.append((params, pools_of(frame, {row.object_id for row in selected})))
    roster = read_roster(read_all(files["inspectors.tsv"]), read_all(files["avoid.tsv"]), cross_home=False)
    match_draws(dealt, roster, batch.seed)
    return time.perf_counter() - start


def of_chance(batch: Any) -> float:
    """Seconds that the database takes to select as many of each stratum at random, which nobody could check."""
    from django.db import connection  # noqa: PLC0415

    from gongchou.draw.table import read_all  # noqa: PLC0415
    from gongchou.draws.queries.batches import files_of  # noqa: PLC0415
    from gongchou.draws.queries.frames import draws_of  # noqa: PLC0415

    files = files_of(batch)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE bench_quota (draw int, stratum text, n int)")
        cursor.execute("CREATE TEMP TABLE bench_frame (draw int, stratum text, pid text)")
        for draw in draws_of(batch):
            told = [(draw.seq, part.code, part.n) for part in draw.strata.all()]
            cursor.executemany("INSERT INTO bench_quota VALUES (%s, %s, %s)", told)
            lines = read_all(files[f"{draw.folder}frame.tsv"]).decode().splitlines()
            rows = [(draw.seq, *line.split("\t")[:2]) for line in lines]
            cursor.executemany("INSERT INTO bench_frame VALUES (%s, %s, %s)", rows)
        start = time.perf_counter()
        cursor.execute(RANDOM)
        n = len(cursor.fetchall())
        taken = time.perf_counter() - start
        cursor.execute("DROP TABLE bench_quota")
        cursor.execute("DROP TABLE bench_frame")
    assert n == sum(part.n for draw in draws_of(batch) for part in draw.strata.all())
    return taken


def measure_pages(batch: Any, home: Path) -> None:
    """Pages, asked for while another process draws, and as many when it has ended."""
    from benchmarks import pages_city  # noqa: PLC0415

    ours, _, ids = pages_city.clients("ssjb")
    addresses = [address.format(**ids) for address in PAGES.values()]

    def ask(number: int) -> float:
        start = time.perf_counter()
        assert ours.get(addresses[number % len(addresses)]).status_code == 200
        return time.perf_counter() - start

    for number in range(len(addresses)):
        ask(number)
    words = [sys.executable, "-m", "benchmarks.city_draw", "--home", str(home), "--draw", str(batch.pk)]
    meanwhile: list[float] = []
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        worker.stdout.readline()  # it has begun
        while worker.poll() is None:
            meanwhile.append(ask(len(meanwhile)))
        print("".join(worker.stdout), end="")
    alone = [ask(number) for number in range(len(meanwhile))]
    for name, took in (("meanwhile", meanwhile), ("afterwards", alone)):
        told = sorted(took)
        p50, p95 = statistics.median(told), told[int(len(told) * 0.95)]
        print(f"{len(told)} pages {name}: p50 {p50:.3f} s, p95 {p95:.3f} s, slowest {told[-1]:.3f} s")
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def main(words: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.city_draw", description="How long a city's draw takes.")
    parser.add_argument("--home", type=Path, default=ROOT / "build" / "bench-pages")
    parser.add_argument("--tasks", type=int, default=30)
    parser.add_argument("--drawn", type=int, default=4_000)
    parser.add_argument("--pages", action="store_true", help="ask for pages while a second process draws")
    parser.add_argument("--profile", action="store_true", help="print where the time went")
    parser.add_argument("--draw", help=argparse.SUPPRESS)
    asked = parser.parse_args(words)
    set_up(asked.home)
    from django.db import connection  # noqa: PLC0415 -- Django is set up only now

    from gongchou.draws.models import Batch, LogEntry  # noqa: PLC0415

    clock, profile = Clock(), cProfile.Profile()
    if asked.draw:
        print("begun", flush=True)
        draw(Batch.objects.get(pk=asked.draw), clock)
        return
    batch = clock.time("(tasks and batch made)", lambda: make_batch(asked.tasks, asked.drawn))
    if asked.profile:
        profile.enable()
    batch = prepare(batch, clock)
    if asked.pages:
        measure_pages(batch, asked.home)
        return
    batch, outcome = draw(batch, clock)
    profile.disable()
    told = sum(clock.took[step] for step in STEPS)
    n_frame = sum(part.size for draw_ in batch.draws.all() for part in draw_.strata.all())
    n_drawn = sum(map(len, outcome.selected.values()))
    core = of_the_core(batch)
    print(
        f"{n_frame:,} lines, {n_drawn:,} drawn, {batch.visits.count():,} doors, {LogEntry.objects.count()} log entries"
    )
    chance = of_chance(batch)
    print(f"click to evidence {told:.2f} s: {told / core:.1f} x the core alone ({core:.2f} s), ", end="")
    print(f"{told / chance:.1f} x ORDER BY random() of {connection.vendor} ({chance:.2f} s)")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MiB, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    if asked.profile:
        pstats.Stats(profile).sort_stats("cumulative").print_stats(45)


if __name__ == "__main__":
    main()
