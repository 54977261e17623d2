"""The zip of a batch, made once and kept until something it shows has changed, so that a crowd has it from the disk."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db.models import Max

from gongchou.audit.files import alone
from gongchou.draw.encoding import sha256_hex
from gongchou.draws import keys
from gongchou.draws.bundles import WITNESS_K, zipped
from gongchou.draws.contents import with_guide
from gongchou.draws.ledger import PublicLog
from gongchou.draws.models import Batch, LogEntry
from gongchou.folders import write_whole
from gongchou.refusal import Refused

TRIES = 3  # a newer one may take the place of a file between finding and opening it


def folder() -> Path:
    """Where the zips lie; it may be emptied at any time."""
    return Path(settings.HOME) / "bundles"


def stamp_of(batch: Batch) -> str:
    """Changes whenever the bundle does: with its files, its own entries in the log, the checkpoint that shows these and
    who cosigned it, the keys, the guide, the batch itself, and each seat dealt again, whose request alone is logged.

    What others log changes no bundle (``draw.ledger.Ledger.evidence``). Raises Refused ``audit.key_…``.
    """
    last = LogEntry.objects.filter(campaign=batch.code).aggregate(latest=Max("index"))["latest"]
    seen = None if last is None else PublicLog().first_seen(WITNESS_K)(last)
    told = [
        f"{batch.state} {batch.is_match_sealed} {batch.substitutions.exclude(dealt_at=None).count()}",
        sha256_hex(seen.note) if seen else "-",
        *(f"{path} {sha256_hex(data)}" for path, data in sorted((keys.public_files() | with_guide(batch, ())).items())),
        *map(" ".join, batch.evidence.order_by("path").values_list("path", "sha256")),
    ]
    return f"{last}-{sha256_hex(chr(10).join(told).encode())[:32]}"


def open_bundle(batch: Batch) -> BinaryIO:
    """The zip of a batch as it is now.

    Raises DrawError ``witnesses_missing`` while too few witnesses have seen the log, Refused ``draws.file_missing``
    or ``publicity.bundle_no_room``.
    """
    for _ in range(TRIES - 1):
        try:
            return _made(batch).open("rb")
        except FileNotFoundError:
            continue
    return _made(batch).open("rb")


def _made(batch: Batch) -> Path:
    path = folder() / f"{batch.code}+{stamp_of(batch)}.zip"
    if not path.exists():
        with alone(folder() / f"{batch.code}.lock", waits=True):  # who comes meanwhile waits for the first
            if not path.exists():
                _write(path, zipped(batch))
                _forget(batch, path)
    return path


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    """All of it or nothing."""
    try:
        write_whole(path, pieces)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise Refused("publicity.bundle_no_room", cause=error.strerror or "") from error


def _forget(batch: Batch, kept: Path) -> None:
    for path in folder().glob(f"{batch.code}+*.zip"):
        if path != kept:
            path.unlink(missing_ok=True)
