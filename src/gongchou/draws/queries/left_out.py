"""Who is left out of a draw, one by one: as the pool is now, or as it was when the lists were fixed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone

from gongchou.draw.table import Blob, line_chunks
from gongchou.draws import reasons, store
from gongchou.draws.models import Draw
from gongchou.draws.queries.batches import AUDITOR
from gongchou.draws.queries.frames import Frame, frame_of
from gongchou.refusal import Refused
from gongchou.registry.models import Subject

FILE = "left-out.tsv"
"""Whom the published ``excluded.tsv`` means: auditors and the people of the draw alone may read it."""
PUBLISHED = "excluded.tsv"
"""The same by pseudonym and reason alone: what the commitment holds and everybody may read."""
AT_ONCE = 500


class LeftOut(NamedTuple):
    """An object that cannot be drawn. pid: as the evidence calls it, empty before the freeze; subject: 32 hex digits"""

    pid: str
    reason: str
    number: str
    name: str
    subject: str

    @property
    def why(self) -> str:
        """In words."""
        return reasons.words("exclude", self.reason)


def path_of(draw: Draw) -> str:
    """Where the file lies beside the bundle."""
    return f"{AUDITOR}{draw.folder}{FILE}"


class Digests(NamedTuple):
    """SHA-256 of both lists of who is left out, empty before the freeze: they differ, so each is told by its name."""

    published: str = ""
    own: str = ""


def digests_of(draw: Draw) -> Digests:
    """Of what was frozen."""
    paths = f"{draw.folder}{PUBLISHED}", path_of(draw)
    kept = dict(draw.batch.evidence.filter(path__in=paths).values_list("path", "sha256"))
    return Digests(*(kept.get(path, "") for path in paths))


def rows_of(frame: Frame, pids: Mapping[UUID, str] | None = None) -> Iterator[LeftOut]:
    """Everybody left out; names are asked for those alone, some at once, since a province has many that are not."""
    keys = iter(frame.left)
    while some := list(islice(keys, AT_ONCE)):
        names = dict(Subject.objects.filter(pk__in=some).values_list("pk", "name"))
        for pk in some:
            number, name = _one_line(frame.candidates[pk].number), _one_line(names[pk])
            yield LeftOut(pids[pk] if pids else "", frame.left[pk].reason, number, name, pk.hex)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def left_out_of(draw: Draw, *, at: datetime) -> Iterable[LeftOut]:
    """Of a draw that is being prepared, as a freeze would leave them out now; else as it was frozen.

    Raises Refused ``draws.file_…`` and as ``frame_of``.
    """
    if draw.batch.frozen_at is None:
        return rows_of(frame_of(draw, on=timezone.localdate(at)))
    sha256 = draw.batch.evidence.get(path=path_of(draw)).sha256
    found = store.blob(sha256)
    if not store.is_whole(sha256):
        raise Refused("draws.file_damaged", file=sha256)
    return _read(found)


def _read(file: Blob) -> Iterator[LeftOut]:
    for lines in line_chunks(file):
        for line in lines:
            yield LeftOut(*line.decode().split("\t"))
