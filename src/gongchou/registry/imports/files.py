"""Uploads, kept under the home of the installation by the digest of their bytes, for nobody else to read."""

from __future__ import annotations

import os
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from django.conf import settings

FOLDER = "imports"


class Kept(NamedTuple):
    """Where an upload lies, relative to the home, and the digest of its bytes."""

    path: str
    digest: str


def keep(chunks: Iterable[bytes], suffix: str) -> Kept:
    """Write an upload beside its place and move it there once it is whole; the same bytes are kept once."""
    folder = settings.HOME / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    part, digest = folder / f".{uuid4().hex}.part", sha256()
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123 -- takes a mode
            for chunk in chunks:
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        name = f"{digest.hexdigest()}{suffix}"
        part.replace(folder / name)
    finally:
        part.unlink(missing_ok=True)
    return Kept(f"{FOLDER}/{name}", digest.hexdigest())


def whereabouts(path: str) -> Path:
    """Where an upload lies now."""
    return Path(settings.HOME) / path
