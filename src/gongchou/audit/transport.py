"""How a witness reaches a log or another witness: over HTTP, or through a folder that is carried to and fro.

checkpoint               the latest checkpoint with its cosignatures
consistency/FIRST/SECOND proof that the log of SECOND lines begins with that of FIRST
cosignature              takes a checkpoint's text with cosignatures (POST); in a folder, files below it
"""

from __future__ import annotations

from hashlib import sha256
from http.client import HTTPException
from pathlib import Path
from typing import Protocol
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from gongchou.audit.files import write_whole
from gongchou.refusal import Refused

WAIT_S = 20
MOST = 1 << 20  # bytes of an answer


class Place(Protocol):
    """Where a log can be asked."""

    def get(self, path: str) -> bytes:
        """What lies there. Raises Refused ``audit.unreachable``."""

    def put(self, path: str, data: bytes) -> None:
        """Hand something over. Raises Refused ``audit.unreachable``."""


def place_of(text: str) -> Place:
    """An address that begins with http:// or https://, or a folder. Raises Refused ``audit.place_invalid``."""
    if urlsplit(text).scheme in ("http", "https"):
        return Web(text.rstrip("/"))
    if not Path(text).is_dir():
        raise Refused("audit.place_invalid", place=text)
    return Folder(Path(text))


class _Stay(HTTPRedirectHandler):
    """A witness speaks with the address it was given and no other."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


class Web:
    """A log behind an address."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._opener = build_opener(_Stay())

    def get(self, path: str) -> bytes:
        """As ``Place``."""
        return self._ask(path, None)

    def put(self, path: str, data: bytes) -> None:
        """As ``Place``."""
        self._ask(path, data)

    def _ask(self, path: str, data: bytes | None) -> bytes:
        place = f"{self.base}/{path}"
        request = Request(place, data=data, headers={"Content-Type": "text/plain; charset=utf-8"})  # noqa: S310 -- place_of looked at the scheme
        try:
            with self._opener.open(request, timeout=WAIT_S) as answer:
                found: bytes = answer.read(MOST + 1)
        except HTTPError as error:
            raise Refused("audit.unreachable", place=place, cause=f"HTTP {error.code}") from error
        except (OSError, HTTPException) as error:
            raise Refused("audit.unreachable", place=place, cause=error) from error
        if len(found) > MOST:
            raise Refused("audit.unreachable", place=place, cause=f"> {MOST} bytes")
        return found


class Folder:
    """A log whose answers lie in a folder."""

    def __init__(self, base: Path) -> None:
        self.base = base

    def get(self, path: str) -> bytes:
        """As ``Place``."""
        try:
            return (self.base / path).read_bytes()
        except OSError as error:
            raise Refused("audit.unreachable", place=self.base / path, cause=error.strerror) from error

    def put(self, path: str, data: bytes) -> None:
        """As ``Place``; each under a name of its own."""
        write_whole(self.base / path / f"{sha256(data).hexdigest()}.note", data)
