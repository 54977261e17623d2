"""What comes after a province's draw, for ``benchmarks.province_draw``: lists indexed, askers, figures, dispatch.

Beside each the way it was done before, in the same run: the whole list hashed for an asker, all ids of a list held for
the figures, doors handed out row by row.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gongchou.draw.table import Blob
    from gongchou.draws.models import Batch

N_ASKERS = 1_000
MANY = 1_000
MOST_ROWS = 20_000


def measure_after(batch: Batch, time: Callable[[str, Callable[[], Any]], Any], took: dict[str, float]) -> None:
    """All steps. time: does and prints one; took: their seconds"""
    from gongchou.draws.figuring import figure  # noqa: PLC0415
    from gongchou.draws.indexes import prepare_batch  # noqa: PLC0415
    from gongchou.draws.operations import results  # noqa: PLC0415
    from gongchou.draws.queries.batches import files_of  # noqa: PLC0415
    from tests.factories.draws import approver_of  # noqa: PLC0415
    from tests.factories.lists import keeper_of  # noqa: PLC0415

    frame = files_of(batch)["frame.tsv"]
    asked = list(_some_ids(frame))
    time("lists indexed", lambda: prepare_batch(batch))
    time("1,000 askers", lambda: _ask(batch, asked))
    time("figures", lambda: figure(batch, at=batch.beacon_at))
    time("locked", lambda: results.lock(batch=batch, by=approver_of(batch.department), at=batch.beacon_at))
    time("dispatched", lambda: results.dispatch(batch=batch, by=keeper_of(batch.department), at=batch.beacon_at))
    time("before: an asker", lambda: _hash_whole(frame, asked[0]))
    time("before: ids for the figures", lambda: _hold_ids(frame))
    n_rows = time(f"before: {MOST_ROWS:,} doors row by row", lambda: _row_by_row(batch))
    print(f"  {N_ASKERS * took['before: an asker'] / took['1,000 askers']:8.0f} x faster for an asker")
    rows = took[f"before: {MOST_ROWS:,} doors row by row"] / n_rows * batch.visits.count()
    print(f"  {rows / took['dispatched']:8.1f} x faster dispatched")


def _some_ids(frame: Blob) -> Iterator[str]:
    chance = random.Random(1)
    for _ in range(N_ASKERS):
        piece = frame.read(chance.randrange(frame.size - 400), 400)
        yield piece.split(b"\n")[1].split(b"\t")[1].decode()


def _ask(batch: Batch, ids: list[str]) -> None:
    from gongchou.draws.queries.receipts import receipts_of  # noqa: PLC0415

    at = max(batch.disclosed_at or batch.beacon_at, batch.beacon_at) + timedelta(days=1)
    for own in ids:
        assert len(receipts_of(batch, own, at=at)) == 1, own


def _hash_whole(frame: Blob, own: str) -> None:
    from gongchou.draw.merkle import inclusion_proof, leaf_hash  # noqa: PLC0415
    from gongchou.draw.table import line_chunks  # noqa: PLC0415

    hashes, index, wanted = list[bytes](), -1, own.encode()
    for lines in line_chunks(frame):
        for line in lines:
            if wanted in line and line.split(b"\t")[1] == wanted:
                index = len(hashes)
            hashes.append(leaf_hash(line))
    assert inclusion_proof(hashes, index)


def _hold_ids(frame: Blob) -> None:
    from gongchou.draw.table import line_chunks  # noqa: PLC0415

    held: set[bytes] = set()
    held.update(line.split(b"\t", 2)[1] for lines in line_chunks(frame) for line in lines)
    assert held


def _row_by_row(batch: Batch) -> int:
    from gongchou.audit.guard import open_for_writing  # noqa: PLC0415
    from gongchou.draws.models import Visit  # noqa: PLC0415
    from gongchou.draws.queries.results import standing  # noqa: PLC0415

    with open_for_writing():
        visits = list(standing(batch.visits.select_related("subject"))[:MOST_ROWS])
        for visit in visits:
            visit.unit_id = visit.subject.keeper_id
        Visit.objects.bulk_update(visits, ["unit"], batch_size=MANY)
    return len(visits)
