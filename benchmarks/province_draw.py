"""How long a province's draw takes on the path that the platform takes: from a frame in the store to a bundle.

    python -m benchmarks.province_draw [--size 14000000] [--folder DIR]

The frame of ``benchmarks.draw_frames``: 600 strata, 1, 3, 10 and 50 per cent of them. A small batch is taken through
all operations up to its seed, then the frame is put in the place of its own; what comes after are the operations that
everybody uses: the digest of the frame is compared with the committed one, objects are drawn, the result is written
(files, rows, log), the bundle is made with its manifest. No people are matched: ``benchmarks.match`` measures that.

Beside it, in the same run: reading the frame once and nothing else, DuckDB's ``ORDER BY random()`` in each stratum of
the same table, which nobody could check, and ``executemany`` of SQLite itself for as many rows as the result has.
What comes afterwards (askers, figures, dispatch) is measured by ``benchmarks.province_after``.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

ROOT = Path(__file__).resolve().parents[1]
T = TypeVar("T")

if TYPE_CHECKING:
    from benchmarks.draw_frames import Frame
    from gongchou.draws.models import Batch


def main(words: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.province_draw", description="How long a province's draw takes.")
    parser.add_argument("--size", type=int, default=14_000_000)
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "bench-frames")
    asked = parser.parse_args(words)
    sys.path.insert(0, str(ROOT / "src"))
    with tempfile.TemporaryDirectory(prefix="gongchou-province-") as home:
        os.environ.update(GONGCHOU_HOME=home, DJANGO_SETTINGS_MODULE="gongchou.settings")
        os.environ["GONGCHOU_SECRET_KEY"] = "benchmark"  # noqa: S105 -- of a home that is gone afterwards
        measure(asked.folder, asked.size)


class Clock:
    """Steps and their seconds."""

    def __init__(self) -> None:
        self.took: dict[str, float] = {}

    def time(self, step: str, act: Callable[[], T]) -> T:
        """Do something, print how long it took."""
        start, busy = time.perf_counter(), time.process_time()
        found = act()
        self.took[step] = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        busy = time.process_time() - busy
        print(f"  {step:<32} {self.took[step]:7.1f} s, busy {busy:6.1f} s, peak {peak:6.0f} MiB", flush=True)
        return found


def measure(folder: Path, size: int) -> None:
    """One draw and its peers."""
    import django  # noqa: PLC0415 -- the environment is set by then

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    from benchmarks.draw_frames import make_frame  # noqa: PLC0415
    from benchmarks.province_after import measure_after  # noqa: PLC0415
    from gongchou.draws import drawing  # noqa: PLC0415
    from gongchou.draws.bundles import zipped  # noqa: PLC0415
    from gongchou.draws.many import unswept  # noqa: PLC0415
    from gongchou.draws.operations.results import record_result  # noqa: PLC0415
    from tests.factories.lists import keeper_of  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    frame, clock = make_frame(folder, size), Clock()
    batch = seeded(frame)
    told = {"by": keeper_of(batch.department), "at": batch.beacon_at}
    print(f"{size:,} lines, {len(frame.quotas)} strata, load {os.getloadavg()[0]:.1f}")
    with unswept():  # as the worker has it
        outcome = clock.time("frame checked, objects drawn", lambda: drawing.outcome_of(batch, lambda *_: None))
    ids = [row.object_id for rows in outcome.selected.values() for row in rows]
    assert len(ids) == frame.n_selected
    register(ids)  # what stands in the register anyway
    with unswept():
        done = clock.time("result written", lambda: record_result(batch=batch, outcome=outcome, **told))
    out = folder / "bundle.zip"
    clock.time("bundle made", lambda: _write(out, zipped(done)))
    ours, n_bytes = sum(clock.took.values()), out.stat().st_size
    out.unlink()
    print(f"  draw with evidence: {ours:.1f} s for {len(ids):,} objects, bundle of {n_bytes / 1e6:,.0f} MB")
    peers = Clock()
    peers.time("peer: frame read once", lambda: _read(frame.tsv))
    peers.time("peer: DuckDB ORDER BY random()", lambda: shuffled(frame))
    peers.time("peer: SQLite, bare rows", lambda: bare_rows(ids))
    for name, took in peers.took.items():
        print(f"  {ours / took:6.1f} x {name.removeprefix('peer: ')}")
    after = Clock()
    measure_after(done, after.time, after.took)


def _read(path: Path) -> None:
    with path.open("rb") as file:
        while file.read(1 << 20):
            pass


def _write(path: Path, pieces: Any) -> None:
    with path.open("wb") as file:
        for piece in pieces:
            file.write(piece)
        os.fsync(file.fileno())


# The batch ----------------------------------------------------------------------------------------


def seeded(frame: Frame) -> Batch:
    """A batch that has its seed, over the frame."""
    from gongchou.audit.guard import open_for_writing  # noqa: PLC0415
    from gongchou.draw.encoding import dump_json, parse_json  # noqa: PLC0415
    from gongchou.draw.frame import scan_table  # noqa: PLC0415
    from gongchou.draw.table import FRAME  # noqa: PLC0415
    from gongchou.draws import store  # noqa: PLC0415
    from gongchou.draws.models import Stratum  # noqa: PLC0415
    from gongchou.draws.operations.committing import read  # noqa: PLC0415
    from gongchou.draws.settings import Settings, to_store  # noqa: PLC0415
    from tests.factories import draws as factory  # noqa: PLC0415

    batch = factory.seeded(factory.make_batch(matching="none", is_sealed=False, settings=to_store(Settings())))
    draw, params = batch.draws.get(), parse_json(read(batch, "params.json"))
    with open_for_writing():
        _let_evidence_go()
        digest = put(batch, "frame.tsv", _pieces(frame.tsv))
        put(batch, "auditor/subjects.tsv", subject_lines(frame))
        stated = scan_table(store.blob(digest), FRAME, "frame.tsv")
        params["frame"] |= stated.document()
        params["strata"] = strata(frame)
        put(batch, "params.json", [dump_json(params)])
        draw.strata.all().delete()
        told = {"batch": batch, "draw": draw, "label": "演示", "rule": "演示"}
        Stratum.objects.bulk_create(
            Stratum(**told, code=name, size=quota.size, n=quota.n) for name, quota in frame.quotas.items()
        )
    return batch


def _let_evidence_go() -> None:
    """The database keeps evidence as it is; here, and nowhere else, it is to take other files."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'draws_evidence'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")


def strata(frame: Frame) -> list[dict[str, Any]]:
    """As parameters say it."""
    from benchmarks.draw_frames import PER_CENT  # noqa: PLC0415

    by_ratio = {"weight": None, "den": 100, "round": "ceil", "min": 0, "max": None, "reserve": 0}
    return [
        {"id": name, "size": quota.size, "n": quota.n, "num": PER_CENT[name[-1]], **by_ratio}
        for name, quota in sorted(frame.quotas.items())
    ]


def put(batch: Batch, path: str, pieces: Any) -> str:
    """Another file in the place of the one that is kept; its digest."""
    from gongchou.draws import store  # noqa: PLC0415

    kept = store.keep(pieces)
    assert batch.evidence.filter(path=path).update(sha256=kept.sha256, size=kept.size) == 1, path
    return kept.sha256


def _pieces(path: Path) -> Any:
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            yield piece


def subject_lines(frame: Frame) -> Any:
    """Object -> the key of its row in the register, of all, as the freeze writes it."""
    import duckdb  # noqa: PLC0415

    with duckdb.connect() as connection, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "subjects.tsv"
        rows = f"SELECT object, md5(object) FROM '{frame.parquet}' ORDER BY object"
        connection.execute(f"COPY ({rows}) TO '{path}' (DELIMITER '\t', HEADER false, QUOTE '')")
        yield from _pieces(path)


def register(ids: list[str]) -> None:
    """Rows of the register for the objects that were drawn, as many copies of one; found by their keys alone."""
    from django.db import connection, transaction  # noqa: PLC0415

    from gongchou.audit.guard import open_for_writing  # noqa: PLC0415

    names = [one.name for one in _columns("registry_subject")]
    others = [name for name in names if name not in ("id", "number")]
    with open_for_writing(), transaction.atomic(), connection.cursor() as cursor:
        for name in ("subject_keeper", "subject_region", "subject_name"):
            cursor.execute(f"DROP INDEX {name}")
        cursor.execute(f"SELECT {', '.join(others)} FROM registry_subject ORDER BY number LIMIT 1")
        same = cursor.fetchone()
        places = ", ".join(["%s"] * len(names))
        sql = f"INSERT INTO registry_subject (id, number, {', '.join(others)}) VALUES ({places})"
        keys = ((hashlib.md5(one.encode()).hexdigest(), one) for one in ids)  # noqa: S324 -- a key, no secret
        cursor.executemany(sql, ((*key, *same) for key in sorted(keys)))


def _columns(table: str) -> Any:
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        return connection.introspection.get_table_description(cursor, table)


# Peers --------------------------------------------------------------------------------------------


def shuffled(frame: Frame) -> None:
    """The first of each stratum in an order of chance that nobody can make again."""
    import duckdb  # noqa: PLC0415

    with duckdb.connect() as connection:
        connection.execute("SET memory_limit = '4GB'")
        connection.execute("CREATE TABLE quotas (stratum VARCHAR, n INTEGER)")
        connection.executemany("INSERT INTO quotas VALUES (?, ?)", [(k, q.n) for k, q in frame.quotas.items()])
        table = f"read_csv('{frame.tsv}', delim='\t', header=false, names=['stratum', 'object', 'pool'])"
        ranked = "SELECT *, row_number() OVER (PARTITION BY stratum ORDER BY chance) AS rank"
        ranked += f" FROM (SELECT *, random() AS chance FROM {table})"
        drawn = f"SELECT stratum, rank, object FROM ({ranked}) JOIN quotas USING (stratum) WHERE rank <= n"
        assert len(connection.execute(drawn).fetchall()) == frame.n_selected


def bare_rows(ids: list[str]) -> None:
    """As many rows as hits and visits, with an index each, and nothing of what they mean."""
    with tempfile.TemporaryDirectory() as folder, sqlite3.connect(Path(folder) / "bare.db") as connection:
        for name in ("hits", "visits"):
            connection.execute(f"CREATE TABLE {name} (pk TEXT PRIMARY KEY, object TEXT, ticket TEXT, rank INTEGER)")
            rows = ((f"{name}{at}", one, "0" * 64, at) for at, one in enumerate(ids))
            connection.executemany(f"INSERT INTO {name} VALUES (?, ?, ?, ?)", rows)
        connection.commit()


if __name__ == "__main__":
    main()
