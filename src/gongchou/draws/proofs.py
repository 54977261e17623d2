"""What an uploaded proof may be, told by its first bytes and never by its name."""

from __future__ import annotations

from typing import Final

KINDS: Final = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}
TYPES: Final = {"pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg"}


def kind_of(data: bytes) -> str:
    """pdf, png or jpg; empty for anything else."""
    return next((kind for head, kind in KINDS.items() if data.startswith(head)), "")
