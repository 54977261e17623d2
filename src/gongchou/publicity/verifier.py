"""The independent verifier as a page of this platform: its markup, style and scripts, served from where they lie."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

STATIC = "verifier"  # its prefix among static files
_MAIN, _RESULTS, _END = '<main id="main">', '<section id="results"', "</main>"


@cache
def scripts() -> tuple[str, ...]:
    """Its scripts in their order, as static files."""
    names = _read("src/ORDER").split()
    return (f"{STATIC}/vendor/noble-curves.js", *(f"{STATIC}/src/{name}" for name in names))


@cache
def markup() -> SafeString:
    """The body of its page; what comes of a verification first, the place to put in another bundle behind it."""
    main = _read("src/page.html").split(_MAIN, 1)[1].split(_END, 1)[0]
    take, results = main.split(_RESULTS, 1)
    return mark_safe(f"{_RESULTS}{results}{take}")  # noqa: S308 -- a file of this repository


def _read(name: str) -> str:
    return (Path(settings.VERIFIER) / name).read_text(encoding="utf-8")
