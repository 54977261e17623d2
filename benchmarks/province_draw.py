"""How long a province's draw takes on the path that the platform takes: from a frame in the store to files of a result.

    python -m benchmarks.province_draw [--size 14000000] [--folder DIR]

The frame of ``benchmarks.draw_frames``: 600 strata, 1, 3, 10 and 50 per cent of them. Its digest is compared with the
committed one first, as before every draw. Beside it, in the same run: reading the same file once and nothing else,
below which nobody can come.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


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


def measure(folder: Path, size: int) -> None:
    """One draw."""
    import django  # noqa: PLC0415 -- the environment is set by then

    django.setup()
    from benchmarks.draw_frames import PER_CENT, make_frame  # noqa: PLC0415
    from gongchou.draw.bundle import digest_of  # noqa: PLC0415
    from gongchou.draw.select import write_ranked  # noqa: PLC0415
    from gongchou.draws import drawing, store  # noqa: PLC0415
    from gongchou.folders import FileBlob  # noqa: PLC0415

    frame = make_frame(folder, size)
    by_ratio = {"weight": None, "den": 100, "round": "ceil", "min": 0, "max": None, "reserve": 0}
    strata = [
        {"id": name, "size": quota.size, "n": quota.n, "num": PER_CENT[name[-1]], **by_ratio}
        for name, quota in sorted(frame.quotas.items())
    ]
    params = {
        "draw": "BENCH",
        "frame": {"size": size},
        "hamilton": None,
        "mode": "official",
        "replacement": {"reserve_num": 0, "reserve_den": 100},
        "strata": strata,
        "suite": "sha256",
        "ticket_key": "object",
        "ticket_scope": "campaign",
    }
    assert drawing.frame_is_large(params)
    blob = FileBlob(frame.tsv)
    start, busy = time.perf_counter(), time.process_time()
    with frame.tsv.open("rb") as file:
        while file.read(1 << 20):
            pass
    reading = time.perf_counter() - start
    start = time.perf_counter()
    digest_of(blob)
    checked = time.perf_counter()
    selected, _ = drawing._select(params, blob, "ab" * 32)
    drawn = time.perf_counter()
    store.keep(write_ranked(selected))
    ended = time.perf_counter()
    whole, busy = ended - start, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert len(selected) == frame.n_selected
    print(f"{size:,} lines, {len(strata)} strata, {len(selected):,} drawn: {whole:.1f} s, busy {busy:.1f} s")
    print(f"  digest {checked - start:.1f} s, draw {drawn - checked:.1f} s, files {ended - drawn:.1f} s, ", end="")
    print(f"peak {peak:.0f} MiB, load {os.getloadavg()[0]:.1f}; {whole / reading:.1f} x reading it ({reading:.1f} s)")


if __name__ == "__main__":
    main()
