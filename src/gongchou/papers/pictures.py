"""Photographs and signatures for paper, in frames of their own, so that typst need not be told how large they are."""

from __future__ import annotations

from base64 import b64encode

from gongchou.papers.errors import PaperError

# How a file begins, and what stands near its end: one that broke off would be printed as nothing, or by half.
_KINDS = {"image/png": (b"\x89PNG\r\n\x1a\n", b"IEND"), "image/jpeg": (b"\xff\xd8\xff", b"\xff\xd9")}
_END = 4096


def framed(picture: bytes, *, width: int, height: int) -> str:
    """A PNG or JPEG as SVG in a frame of this shape, whole and in the middle. Its orientation must be that of its
    dots: what a camera notes beside them is not read. Raises PaperError ``picture``.
    """
    told = f"data:{_kind(picture)};base64,{b64encode(picture).decode()}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="{told}"/></svg>'
    )


def _kind(picture: bytes) -> str:
    for kind, (start, end) in _KINDS.items():
        if picture.startswith(start) and end in picture[-_END:]:
            return kind
    raise PaperError("picture", n_bytes=len(picture))
