"""How fast a selection is, ours and others'.

    python -m benchmarks.draw [--millions 1,14] [--runs 3] [--only NAME,…] [--folder DIR] [--json FILE]

Each contestant runs in a process of its own. "load" is the time until the frame is where the contestant wants it
(lists, arrays, a table), "draw" the median of the draws after one to warm up; rates and ratios are of both together,
from the file to the selection. Our DuckDB and Spark engines read the file anew in every draw and have nothing to
load; the last lines compare them even with the draw alone of the others.
Measure on a machine that does nothing else: with one core taken, hashing drops to a fraction.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.draw_contestants import CONTESTANTS
from benchmarks.draw_frames import PREFIX, Frame, make_frame

MILLION = 1_000_000
YARDSTICKS = ("consistent_sampler", "postgres-random")
N_TICKETS = 2 * MILLION


@dataclass(frozen=True)
class Result:
    """What one contestant did with one frame."""

    name: str
    size: int
    load_s: float
    draw_s: float
    draws_s: list[float]
    peak_mib: float
    digest: str | None
    n_selected: int

    @property
    def rate(self) -> float:
        """Objects of the frame per second, from the file to the selection."""
        return self.size / (self.load_s + self.draw_s)


def run(name: str, frame: Frame, folder: Path, runs: int) -> Result:
    """Have one contestant draw one frame in a process of its own."""
    if CONTESTANTS[name].slow and frame.size > MILLION:
        runs = 1
    command = [sys.executable, "-m", "benchmarks.draw_contestants", name, folder, frame.size, runs]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{name} failed:\n{done.stderr}")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    if told["n_selected"] != frame.n_selected and name != "pandas":  # which rounds to even
        sys.exit(f"{name} selected {told['n_selected']} objects instead of {frame.n_selected}")
    draws_s = told.pop("draw_s")
    return Result(name=name, size=frame.size, draw_s=statistics.median(draws_s), draws_s=draws_s, **told)


def run_all(names: list[str], sizes: list[int], folder: Path, runs: int) -> list[Result]:
    results = []
    for size in sizes:
        frame = make_frame(folder, size)
        for name in names:
            if size <= CONTESTANTS[name].largest * MILLION:
                print(f"{size:>12,} {name}", file=sys.stderr, flush=True)
                results.append(run(name, frame, folder, runs))
    return results


def table(results: list[Result]) -> str:
    """One line per result, ratios to the yardsticks of the same size."""
    lines = [
        f"{'':32} {'objects':>12} {'load s':>8} {'draw s':>8} {'objects/s':>12} {'× c_s':>7} {'× PG rnd':>8}"
        f" {'peak MiB':>9}  selection"
    ]
    rates = {(each.name, each.size): each.rate for each in results}
    for each in results:
        ratios = [each.rate / rates[key] if (key := (name, each.size)) in rates else None for name in YARDSTICKS]
        shown = [f"{ratio:.1f}" if ratio else "–" for ratio in ratios]
        lines.append(
            f"{CONTESTANTS[each.name].title:32} {each.size:>12,} {each.load_s:8.2f} {each.draw_s:8.2f}"
            f" {each.rate:>12,.0f} {shown[0]:>7} {shown[1]:>8} {each.peak_mib:>9,.0f}"
            f"  {each.digest[:12] if each.digest else '–'}"
        )
    return "\n".join(lines)


def against_draws_alone(results: list[Result]) -> str:
    """Our DuckDB engine, reading included, against yardsticks that hold the frame already."""
    lines = []
    for ours in (each for each in results if each.name.startswith("duckdb")):
        for other in (each for each in results if each.name in YARDSTICKS and each.size == ours.size):
            ratio = other.draw_s / (ours.load_s + ours.draw_s)
            title = CONTESTANTS[other.name].title
            lines.append(f"{CONTESTANTS[ours.name].title}, {ours.size:,}: {ratio:.1f} × the draw alone of {title}")
    return "\n".join(lines)


def check_same(results: list[Result]) -> None:
    """Stop if two verifiable contestants selected different objects from one frame."""
    for size in sorted({each.size for each in results}):
        digests = {each.name: each.digest for each in results if each.size == size and each.digest}
        if len(set(digests.values())) > 1:
            sys.exit(f"selections of {size} objects differ: {digests}")


# The limit of the machine: how fast tickets could be at best


def hashlib_loop(n_tickets: int = N_TICKETS) -> float:
    """Tickets per second of the shortest loop Python can write."""
    keys = [b"91370000%010d" % number for number in range(n_tickets)]
    start, hasher = PREFIX.encode() + b":", hashlib.sha256
    started = time.perf_counter()
    for key in keys:
        hasher(start + key).digest()
    return n_tickets / (time.perf_counter() - started)


def core_tickets(n_tickets: int = N_TICKETS) -> float:
    """Tickets per second of the core on one core."""
    from gongchou.draw.ticket import digests  # noqa: PLC0415 -- only this part of the benchmark needs it

    chunk = [b"91370000%010d" % number for number in range(n_tickets // 100)]  # about as many as the core reads at once
    tickets = digests(PREFIX)
    started = time.perf_counter()
    for _ in range(100):
        tickets(chunk)
    return n_tickets / (time.perf_counter() - started)


def bulk_hashing(n_tickets: int = 5 * N_TICKETS) -> float:
    """Tickets per second if they were one long text: a ticket of an 18-character code fills two blocks."""
    data = bytes(128 * (n_tickets // 10))
    started = time.perf_counter()
    for _ in range(10):
        hashlib.sha256(data).digest()
    return n_tickets / (time.perf_counter() - started)


def _call(measured: Callable[[], float]) -> float:
    return measured()


def limits() -> dict[str, float]:
    """SHA-256 on one core and on two at once, and the core's own rate, in tickets per second."""
    found = {}
    for measured in (hashlib_loop, core_tickets, bulk_hashing):
        for n_cores in (1, 2):
            with ProcessPoolExecutor(n_cores) as pool:
                found[f"{measured.__name__}, {n_cores} core"] = sum(pool.map(_call, [measured] * n_cores))
    return found


def default_names() -> list[str]:
    return [name for name in CONTESTANTS if name != "spark" or importlib.util.find_spec("pyspark")]


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.draw", description="How fast a selection is.")
    parser.add_argument("--millions", default="1,14", help="sizes of the frames, in millions (1,14)")
    parser.add_argument("--runs", type=int, default=3, help="timed draws of each (3)")
    parser.add_argument("--only", default="", help=f"some of: {','.join(CONTESTANTS)}")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "gongchou-benchmark")
    parser.add_argument("--json", type=Path, help="write the figures there")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    asked = parse(arguments)
    names = asked.only.split(",") if asked.only else default_names()
    sizes = [int(float(text) * MILLION) for text in asked.millions.split(",")]
    rates = limits()
    results = run_all(names, sizes, asked.folder, asked.runs)
    print(table(results), against_draws_alone(results), sep="\n\n")
    print("\nSHA-256 tickets per second on this machine")
    print("\n".join(f"{name:32} {rate:>12,.0f}" for name, rate in rates.items()))
    if asked.json:
        machine = {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()}
        figures = {"machine": machine, "limits": rates, "results": [asdict(each) for each in results]}
        asked.json.write_text(json.dumps(figures, indent=1) + "\n")
    check_same(results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
