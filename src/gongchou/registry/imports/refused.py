"""The rows that were not taken, as a workbook that can be mended and brought again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO

from gongchou.registry.imports.columns import LEFT_OUT, LINE, REASON, added_by_us
from gongchou.registry.models import ImportBatch, RefusedRow
from gongchou.sheets.writing import Marked, write_marked

TELLS_LINES = "registry.cell_clash"  # a reason that says itself in which lines of the file


def write_refused(file: IO[bytes], batch: ImportBatch, rows: Iterable[RefusedRow]) -> None:
    """The columns of the file in their order, the wrong cells marked, and behind them which line it was, and why."""
    write_marked(file, _marked(batch, rows), title=batch.get_kind_display())


def _marked(batch: ImportBatch, rows: Iterable[RefusedRow]) -> Iterator[Marked]:
    n_all = len(batch.columns)
    n_own = n_all - _n_added(batch)
    own = [heading for heading, _ in batch.columns[:n_own]]
    yield [*own, LINE, REASON], ()
    places = {heading: at for at, heading in enumerate(own)}
    for row in rows:
        cells = list(row.cells) + [""] * (n_all - len(row.cells))
        told = "；".join(reason["told"] for reason in row.reasons)
        if not any(reason["code"] == TELLS_LINES for reason in row.reasons):
            told = f"原文件第 {row.line} 行：{told}"
        marked = {places[reason["column"]] for reason in row.reasons if reason["column"] in places}
        # What stood right of the table goes right of the reasons, so that nothing is lost.
        yield [*cells[:n_own], row.line, told, *cells[n_all:]], marked or {n_own + 1}


def _n_added(batch: ImportBatch) -> int:
    """How many columns of an earlier turn stand at the end, when the file is such a workbook itself."""
    added = added_by_us([heading for heading, _ in batch.columns])
    fields = [field for _, field in batch.columns[len(batch.columns) - len(added) :]]
    return len(added) if all(field == LEFT_OUT for field in fields) else 0
