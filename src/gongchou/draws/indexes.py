"""Indexes of the lists in the store, so that whoever asks why has an answer at once; made anew at any time."""

from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from gongchou.draw.receipts import prepare
from gongchou.draws.bundles import draws_in
from gongchou.draws.models import Batch
from gongchou.draws.queries.batches import files_of
from gongchou.folders import write_whole

logger = logging.getLogger(__name__)


def folder() -> Path:
    """Where they lie; it may be emptied at any time, and nothing in it is believed (``draw.lookup``)."""
    return Path(settings.HOME) / "indexes"


class OnDisk:
    """The shelf of this installation."""

    def take(self, sha256: str) -> bytes | None:
        """The index of a list, if there is one."""
        with suppress(OSError):
            return (folder() / sha256).read_bytes()
        return None

    def put(self, sha256: str, data: bytes) -> None:
        """Keep it; who asked has an answer without."""
        try:
            write_whole(folder() / sha256, data)
        except OSError:
            logger.warning("the index of list %s could not be kept", sha256, exc_info=True)


def prepare_batch(batch: Batch) -> None:
    """Index the lists of a drawn batch before anybody asks. Raises DrawError, Refused ``draws.file_missing``."""
    files = files_of(batch)
    for draw in draws_in(batch):
        prepare(files, draw.folder, OnDisk())
