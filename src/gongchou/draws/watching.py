"""Which subjects of a watch group stood in which frames: read from the kept files once, and remembered."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import QuerySet

from gongchou.draw.frame import frame_lines
from gongchou.draw.table import Blob, line_chunks
from gongchou.draws import store
from gongchou.draws.models import Batch, Draw, Evidence, WatchedFrame, WatchGroup
from gongchou.draws.queries.batches import AUDITOR
from gongchou.draws.states import Mode


def follow(group: WatchGroup, draws: QuerySet[Draw], *, most: int) -> int:
    """Look up a group in draws where that was not done, at most so many; return how many are left.

    Raises Refused ``draws.file_missing``.
    """
    rows = draws.exclude(batch__drawn_at=None).exclude(pk__in=group.frames.values("draw"))
    waiting = list(rows.order_by("-batch__drawn_at", "pk"))
    for draw in waiting[:most]:
        _look_up(draw, [group])
    return max(0, len(waiting) - most)


def follow_batch(batch: Batch) -> None:
    """Look up all groups that are watched in the draws of a batch. Raises Refused ``draws.file_missing``."""
    groups = list(WatchGroup.objects.filter(ended_at=None).prefetch_related("subjects"))
    if batch.mode == Mode.OFFICIAL and groups:
        for draw in batch.draws.all():
            _look_up(draw, groups)


def _look_up(draw: Draw, groups: Iterable[WatchGroup]) -> None:
    found: dict[str, str] = {}
    paths = (f"{AUDITOR}{draw.folder}subjects.tsv", f"{draw.folder}frame.tsv")
    kept = dict(Evidence.objects.filter(batch=draw.batch_id, path__in=paths).values_list("path", "sha256"))
    if len(kept) == len(paths):
        wanted = {one.pk for group in groups for one in group.subjects.all()}
        subjects, frame = (store.blob(kept[path]) for path in paths)
        found = strata_of(wanted, subjects, frame)
    WatchedFrame.objects.bulk_create(
        (WatchedFrame(group=group, draw=draw, strata=_of_group(group, found)) for group in groups),
        ignore_conflicts=True,
    )


def _of_group(group: WatchGroup, found: dict[str, str]) -> dict[str, str]:
    own = (one.pk.hex for one in group.subjects.all())
    return {key: found[key] for key in own if key in found}


def strata_of(wanted: Collection[UUID], subjects: Blob, frame: Blob) -> dict[str, str]:
    """Subject (hex) -> stratum, of those in a frame. Both files are read in pieces.

    subjects: lines of pseudonym and subject; frame: lines of stratum, pseudonym, keeping unit
    """
    hexes = {one.hex.encode() for one in wanted}
    pids: dict[str, str] = {}
    for lines in line_chunks(subjects):
        pids |= {line[:-33].decode(): line[-32:].decode() for line in lines if line[-32:] in hexes}
    return {pids[pid]: fields[0] for pid, fields in frame_lines(frame, set(pids)).items()}
