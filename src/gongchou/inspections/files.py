"""Where photos, notes and signatures lie: each under its own digest, pieces of it until then under who sends them.

What came stays as it came and is private; what pages show of a picture is made anew from its points alone.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from gongchou.audit.files import sync_folder
from gongchou.draw.encoding import encode_base64
from gongchou.refusal import Refused

MOST_BYTES: Final = 20 * 1024 * 1024
PIECE: Final = 1024 * 1024
LOOK_S: Final = 20  # a picture of 50 megapixels takes three


@dataclass(frozen=True)
class Looked:
    """What a file turned out to be. size: bytes; width, height: pixels of a picture"""

    size: int
    media_type: str
    width: int | None = None
    height: int | None = None
    exif: dict[str, Any] | None = None


def folder() -> Path:
    """The store."""
    return Path(settings.HOME) / "attachments"


def key_of(user: UUID) -> str:
    """The key that encrypts what somebody's phone keeps: always the same, known to who signs in as her only."""
    told = hmac.new(settings.SECRET_KEY.encode(), b"gongchou field store 1\n" + user.bytes, hashlib.sha256)
    return encode_base64(told.digest())


def path_of(sha256: str) -> Path:
    """Where a whole file lies."""
    return folder() / sha256[:2] / sha256


def shown_path(sha256: str) -> Path:
    """Where the picture lies that pages show: smaller, without what a camera writes into it."""
    return path_of(sha256).with_suffix(".shown")


def have(sha256: str, by: UUID) -> int:
    """How many bytes of a file have come from somebody."""
    part = _part(sha256, by)
    return part.stat().st_size if part.exists() else 0


def add(sha256: str, by: UUID, offset: int, piece: bytes, size: int) -> int:
    """Write the next piece; return how many bytes there are now.

    Raises Refused ``inspections.offset``, ``inspections.attachment_large``, ``inspections.no_room``.
    """
    now = have(sha256, by)
    if offset != now:
        raise Refused("inspections.offset", have=now)
    if size > MOST_BYTES or now + len(piece) > size:
        raise Refused("inspections.attachment_large", most=MOST_BYTES // 1024 // 1024)
    part = _part(sha256, by)
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        with part.open("ab") as file:
            file.write(piece)
    except OSError as error:
        raise Refused("inspections.no_room", cause=error.strerror or "") from error
    return now + len(piece)


def look(sha256: str, by: UUID) -> Looked:
    """Say what a file is that has come whole, and put it into the store.

    Raises Refused ``inspections.attachment_broken`` (it is not what its name says: the pieces are thrown away),
    ``inspections.attachment_kind``.
    """
    part = _part(sha256, by)
    if _digest(part) != sha256:
        part.unlink(missing_ok=True)
        raise Refused("inspections.attachment_broken")
    path = path_of(sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        found = _looked(part, shown_path(sha256))
    except Refused:
        part.unlink(missing_ok=True)
        raise
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(path)
    sync_folder(path.parent)
    return found


def _part(sha256: str, by: UUID) -> Path:
    return folder() / "parts" / f"{sha256}-{by.hex}"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


_SOUNDS: Final = {b"\x1a\x45\xdf\xa3": "audio/webm", b"OggS": "audio/ogg", b"ID3": "audio/mpeg"}


def _looked(path: Path, shown: Path) -> Looked:
    with path.open("rb") as file:
        start = file.read(16)
    size = path.stat().st_size
    sound = next((kind for mark, kind in _SOUNDS.items() if start.startswith(mark)), "")
    if sound or start[4:8] == b"ftyp":
        return Looked(size, sound or "audio/mp4")
    return _picture(path, shown, size)


def _picture(path: Path, shown: Path, size: int) -> Looked:
    """In a program of its own, which may take so much memory and time and no more."""
    command = [sys.executable, "-m", "gongchou.inspections.pictures", str(path), str(shown)]
    source = Path(__file__).resolve().parents[2]
    env = {**os.environ, "PYTHONPATH": str(source)}
    try:
        ended = subprocess.run(command, env=env, capture_output=True, timeout=LOOK_S, check=False)  # noqa: S603 -- ours
        told = json.loads(ended.stdout) if ended.returncode == 0 else None
    except subprocess.TimeoutExpired:
        told = None
    if told is None:
        raise Refused("inspections.attachment_kind")
    return Looked(size, told["media_type"], told["width"], told["height"], told["exif"])
