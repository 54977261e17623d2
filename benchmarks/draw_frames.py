"""Frames for the benchmark of the draw: made by a seeded rule, kept on disk, the same on every machine.

An object's number decides all: its code of 18 characters, its region (150 of them) and its risk class (A to D, 40,
35, 20 and 5 per cent of the objects). Region and class make 600 strata; 1, 3, 10 and 50 per cent of them are drawn.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from string import Template

from gongchou.draw.select import Quota

PREFIX = "0123456789abcdef" * 4
PER_CENT = {"A": 1, "B": 3, "C": 10, "D": 50}
SEED = 20_240_601

# Multiplying by a large prime and dropping digits mixes well enough here and is exact everywhere.
_OBJECTS = Template("""
SELECT 'R' || lpad((u % 150)::VARCHAR, 3, '0') || '-' || CASE
         WHEN u // 150 % 100 < 40 THEN 'A' WHEN u // 150 % 100 < 75 THEN 'B'
         WHEN u // 150 % 100 < 95 THEN 'C' ELSE 'D' END AS stratum,
       '91' || (370000 + u % 150)::VARCHAR || lpad((i * 3141592653 % 10000000000)::VARCHAR, 10, '0') AS object,
       'P' || lpad((u % 150)::VARCHAR, 3, '0') AS pool
FROM (SELECT range AS i, (range + $seed) * 2654435761 % 4294967296 // 256 AS u FROM range($size))
ORDER BY stratum, object
""")


@dataclass(frozen=True)
class Frame:
    """A frame on disk, as a table of the protocol and as Parquet, and what is drawn from it."""

    size: int
    tsv: Path
    parquet: Path
    quotas: dict[str, Quota]

    @property
    def n_selected(self) -> int:
        return sum(quota.n for quota in self.quotas.values())


def make_frame(folder: Path, size: int) -> Frame:
    """Return the frame of ``size`` objects in ``folder``; what is there already is not made again."""
    folder.mkdir(parents=True, exist_ok=True)
    counts = folder / f"frame-{size}.json"
    tsv, parquet = counts.with_suffix(".tsv"), counts.with_suffix(".parquet")
    if not counts.exists():
        counts.write_text(json.dumps(_write(folder, size, tsv, parquet)))
    sizes: dict[str, int] = json.loads(counts.read_text())
    quotas = {name: Quota(n, -(-n * PER_CENT[name[-1]] // 100), 0) for name, n in sizes.items()}
    return Frame(size, tsv, parquet, quotas)


def _write(folder: Path, size: int, tsv: Path, parquet: Path) -> dict[str, int]:
    import duckdb  # noqa: PLC0415 -- who only reads a frame shall not pay for it in memory

    with duckdb.connect() as connection:
        connection.execute("SET memory_limit = '4GB'")
        connection.execute(f"SET temp_directory = '{folder / 'spill'}'")
        objects = _OBJECTS.substitute(seed=SEED, size=size)
        connection.execute(f"COPY ({objects}) TO '{parquet}' (FORMAT parquet)")
        connection.execute(f"COPY (FROM '{parquet}') TO '{tsv}' (DELIMITER '\t', HEADER false, QUOTE '')")
        counts = connection.execute(f"SELECT stratum, count(*) FROM '{parquet}' GROUP BY 1 ORDER BY 1")
        return dict(counts.fetchall())
