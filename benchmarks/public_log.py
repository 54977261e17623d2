"""How long it takes to work with a public log of many entries: write one, sign, ask who saw it, show it in a bundle.

    python -m benchmarks.public_log [--size 100000]

Entries of 200 offices in turn, and some checkpoints that two witnesses cosigned. Beside signing stands the way it was
done before, in the same run: all entries read and hashed twice.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gongchou.draws.models import LogEntry

ROOT = Path(__file__).resolve().parents[1]
START = datetime(2026, 1, 1, tzinfo=UTC)
N_OFFICES, EVERY, N_RUNS = 200, 50, 5


def main(words: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.public_log", description="Working with a long public log.")
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--checkpoints", type=int, default=500)
    asked = parser.parse_args(words)
    sys.path.insert(0, str(ROOT / "src"))
    with tempfile.TemporaryDirectory(prefix="gongchou-log-") as home:
        os.environ.update(GONGCHOU_HOME=home, DJANGO_SETTINGS_MODULE="gongchou.settings")
        os.environ["GONGCHOU_SECRET_KEY"] = "benchmark"  # noqa: S105 -- of a home that is gone afterwards
        measure(asked.size, asked.checkpoints)


def measure(size: int, n_checkpoints: int) -> None:
    """Grow a log, then do each thing some times."""
    import django  # noqa: PLC0415 -- the environment is set by then

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    from gongchou.draws import keys  # noqa: PLC0415
    from gongchou.draws.ledger import PublicLog  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    keys.make_keys("gongchou.example", n_practice=2)
    started = time.perf_counter()
    grow(size, n_checkpoints)
    print(f"{size:,} entries, load {os.getloadavg()[0]:.1f}, made in {time.perf_counter() - started:.0f} s")
    log = PublicLog()
    written = [_time(partial(write, size + at)) for at in range(N_RUNS)]
    signed = [_time(partial(sign, size + N_RUNS + at)) for at in range(N_RUNS)]
    whole = [_time(hash_twice) for _ in range(2)]
    middle = next(iter(log.entries_of(f"C{size // 2}")))
    _say("an entry written", written)
    _say("an entry written, log signed", signed)
    _say("before: whole log hashed twice", whole)
    _say("when an entry was seen", [_time(lambda: log.seen_at(middle, 2, otherwise=-1)) for _ in range(2)])
    last = middle.index
    _say("log files of a bundle", [_time(lambda: log.evidence({"O007"}, 2, last=last)) for _ in range(2)])
    print(f"  {statistics.median(whole) / statistics.median(signed):.0f} x faster signed")


def _time(act: Callable[[], Any]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def _say(name: str, took: list[float]) -> None:
    print(f"  {name:<32} {statistics.median(took) * 1000:9.1f} ms", flush=True)


def grow(size: int, n_checkpoints: int) -> None:
    """Rows as ``append`` writes them, many at a time, and checkpoints on the way."""
    from django.db import transaction  # noqa: PLC0415

    from gongchou.audit.guard import open_for_writing  # noqa: PLC0415
    from gongchou.draws import ledger  # noqa: PLC0415
    from gongchou.draws.models import LogEntry, LogHead  # noqa: PLC0415

    rows = entries(size)
    with open_for_writing(), transaction.atomic():
        for end in range(EVERY, size + 1, EVERY):
            own = list(islice(rows, EVERY))
            LogEntry.objects.bulk_create(own)
            head = LogHead.objects.get_or_create(id=1)[0]
            head.size, head.latest = end, own[-1].digest
            head.save()
            if end % (size // n_checkpoints) < EVERY or end == size:
                ledger.sign(START + timedelta(minutes=size))


def entries(size: int) -> Iterator[LogEntry]:
    """A commit of each office in turn, chained."""
    from gongchou.audit.models import NOTHING  # noqa: PLC0415
    from gongchou.draw import log  # noqa: PLC0415
    from gongchou.draw.encoding import format_time  # noqa: PLC0415
    from gongchou.draws.models import LogEntry  # noqa: PLC0415

    latest: dict[str, log.Entry] = {}
    prev = NOTHING
    for index in range(size):
        office, at = f"O{index % N_OFFICES:03}", START + timedelta(minutes=index)
        body = {"campaign": f"C{index}"}
        told = {"authority": office, "time": format_time(int(at.timestamp())), "previous": latest.get(office)}
        data = log.write_entry("match", body, **told, files={"assignment.tsv": b"", "unfilled.tsv": b""})
        latest[office] = log.read_entry(data, index)
        row = LogEntry(index=index, data=data, type="match", authority=office, campaign=body["campaign"], at=at)
        row.digest = prev = row.digest_after(prev)
        yield row


def write(number: int) -> None:
    """One more entry."""
    from django.db import transaction  # noqa: PLC0415

    from gongchou.audit.guard import open_for_writing  # noqa: PLC0415
    from gongchou.draws.ledger import PublicLog  # noqa: PLC0415

    at = START + timedelta(minutes=2 * number)
    with open_for_writing(), transaction.atomic():
        PublicLog().append("audit", {"campaign": f"C{number}"}, authority=f"NEW{number}", at=at)


def sign(number: int) -> None:
    """One more entry, and a signature."""
    from django.db import transaction  # noqa: PLC0415

    from gongchou.audit.guard import open_for_writing  # noqa: PLC0415
    from gongchou.draws import ledger  # noqa: PLC0415

    write(number)
    with open_for_writing(), transaction.atomic():
        ledger.sign(START + timedelta(minutes=2 * number))


def hash_twice() -> None:
    """As it was: leaves and their tree, and an accumulator over the bytes."""
    from gongchou.draw.merkle import Accumulator, consistency_proof, leaf_hash, root_of_hashes  # noqa: PLC0415
    from gongchou.draws.models import LogEntry  # noqa: PLC0415

    rows = LogEntry.objects.order_by("index").values_list("data", flat=True)
    hashes, tree = [leaf_hash(bytes(data)) for data in rows.iterator()], Accumulator()
    tree.add([bytes(data) for data in rows.iterator()])
    assert tree.root() == root_of_hashes(hashes)
    assert consistency_proof(hashes, len(hashes) - 1)


if __name__ == "__main__":
    main()
