"""How a log answers programs: text in the forms of C2SP; a refusal is its sentence with a status that says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.http import HttpRequest, HttpResponse

from gongchou.audit.transport import MOST
from gongchou.refusal import Refused, sentence

TEXT = "text/plain; charset=utf-8"


def answer(find: Callable[[], bytes], status: int) -> HttpResponse:
    """What was asked for, or why it is not to be had, with this status."""
    try:
        return HttpResponse(find(), content_type=TEXT)
    except Refused as refused:
        return HttpResponse(f"{sentence(refused)}\n", content_type=TEXT, status=status)


def key_file(path: Path) -> HttpResponse:
    """Public keys, or nothing before they are made."""
    return HttpResponse(
        path.read_bytes() if path.exists() else b"", content_type=TEXT, status=200 if path.exists() else 404
    )


def taken(request: HttpRequest, keep: Callable[[bytes], object]) -> HttpResponse:
    """What a witness hands in. It proves itself, so whoever carries it needs no account."""
    if int(request.headers.get("Content-Length") or 0) > MOST:
        return HttpResponse(status=413)

    def kept() -> bytes:
        keep(request.body)
        return b""

    return answer(kept, 400)


def attached(data: bytes, name: str, kind: str = TEXT) -> HttpResponse:
    """A file to take away."""
    return HttpResponse(data, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
