"""The rows that were not taken, as a workbook that can be mended and brought again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import IO, Any

from gongchou.registry.imports.columns import LEFT_OUT, REASON, normal_heading
from gongchou.registry.models import ImportBatch, RefusedRow
from gongchou.sheets.writing import write_marked

Marked = tuple[Sequence[Any], Collection[int]]


def write_refused(file: IO[bytes], batch: ImportBatch, rows: Iterable[RefusedRow]) -> None:
    """The columns of the file in their order, the wrong cells marked, and behind them why."""
    write_marked(file, _marked(batch, rows), title=batch.get_kind_display())


def _marked(batch: ImportBatch, rows: Iterable[RefusedRow]) -> Iterator[Marked]:
    headings = [heading for heading, _ in batch.columns]
    before = _place_of_reasons(batch)
    own = [heading for at, heading in enumerate(headings) if at != before]
    yield [*own, REASON], ()
    places = {heading: at for at, heading in enumerate(own)}
    for row in rows:
        cells = (list(row.cells) + [""] * len(headings))[: max(len(row.cells), len(headings))]
        if before is not None:
            del cells[before]
        told = f"第 {row.line} 行：{'；'.join(reason['told'] for reason in row.reasons)}"
        marked = {places[reason["column"]] for reason in row.reasons if reason["column"] in places}
        # What stood right of the table goes right of the reasons, so that nothing is lost.
        yield [*cells[: len(own)], told, *cells[len(own) :]], marked or {len(own)}


def _place_of_reasons(batch: ImportBatch) -> int | None:
    """Where the reasons of an earlier turn stand, when the file is such a workbook itself."""
    if batch.columns and normal_heading(batch.columns[-1][0]) == REASON and batch.columns[-1][1] == LEFT_OUT:
        return len(batch.columns) - 1
    return None
