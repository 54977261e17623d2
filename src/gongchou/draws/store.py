"""Where evidence files lie: each under its own digest, written once, read back only if it still is what it was."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from django.conf import settings

from gongchou.audit.files import sync_folder
from gongchou.draw.bundle import digest_of
from gongchou.folders import FileBlob
from gongchou.refusal import Refused


class Kept(NamedTuple):
    """A file that lies in the store. size: bytes."""

    sha256: str
    size: int


def folder() -> Path:
    """The store."""
    return Path(settings.HOME) / "evidence"


def keep(data: bytes | Iterable[bytes]) -> Kept:
    """Write a file and say under which digest it lies. Raises Refused ``draws.no_room`` when the disk is full."""
    part = folder() / f".part-{uuid4().hex}"
    part.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    try:
        with part.open("wb") as file:
            for piece in (data,) if isinstance(data, bytes) else data:
                digest.update(piece)
                size += len(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        path = _path(digest.hexdigest())
        path.parent.mkdir(exist_ok=True)
        part.replace(path)
        sync_folder(path.parent)
        sync_folder(folder())
    except OSError as error:
        raise Refused("draws.no_room", cause=error.strerror or "") from error
    finally:
        part.unlink(missing_ok=True)
    return Kept(digest.hexdigest(), size)


def blob(sha256: str) -> FileBlob:
    """A file as it lies there, unread. Raises Refused ``draws.file_missing``."""
    path = _path(sha256)
    if not path.exists():
        raise Refused("draws.file_missing", file=sha256)
    return FileBlob(path)


def read(sha256: str) -> bytes:
    """A whole file. Raises Refused ``draws.file_missing`` or ``draws.file_damaged``."""
    data = _path(sha256).read_bytes() if _path(sha256).exists() else None
    if data is None:
        raise Refused("draws.file_missing", file=sha256)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Refused("draws.file_damaged", file=sha256)
    return data


def is_there(sha256: str) -> bool:
    """Tell whether there is a file under a digest, whatever it holds."""
    return _path(sha256).exists()


def is_whole(sha256: str) -> bool:
    """Tell whether a file is there and unchanged."""
    return _path(sha256).exists() and digest_of(FileBlob(_path(sha256))) == sha256


def _path(sha256: str) -> Path:
    return folder() / sha256[:2] / sha256
