"""From a template and data to a PDF; the same data give the same bytes on every machine with the same versions.

Data reach the template as JSON, never as its source, so nothing in a name is ever read as a command.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

from gongchou.papers.errors import PaperError
from gongchou.papers.glyphs import FONTS, visible

TEMPLATES = Path(__file__).parent

# PDF/A for archives. With "u" every character shown can also be searched and copied, and a missing one is an error.
STANDARD: Final = "a-2u"

# typst keeps what it worked out for the latest ten papers in hope of printing them again: 300 MB for 5,000 rows.
_KEPT = 10


def print_pdf(
    template: str, data: Mapping[str, Any], *, made_at: datetime, pictures: Mapping[str, str] | None = None
) -> bytes:
    """Print a template of this package.

    template: its file name, such as ``certificate.typ``
    data: what JSON can hold; the template reads it whole. Characters no font shows stand as ``[U+20BB7]``.
    made_at: the moment written into the file as that of its making, with its zone; no clock is read
    pictures: name -> SVG, added to the data as ``pictures``

    Raises PaperError ``data``, ``no_zone``, ``template``.
    """
    text, moment = _as_json(data, pictures or {}), _fixed(made_at)
    try:
        pdf, warnings = _compiler(template, text).compile_with_warnings(timestamp=moment, pdf_standards=STANDARD)
    except RuntimeError as error:  # a TypstError, or its parent where not even the file could be read
        raise PaperError("template", template=template, told=str(error)) from error
    finally:
        _forget()
    if warnings:  # such as a font that is not there
        raise PaperError("template", template=template, told=warnings[0].message)
    assert isinstance(pdf, bytes)  # noqa: S101 -- the library also knows pictures, one for each page
    return pdf


def _compiler(template: str, data: str) -> typst.Compiler:
    return typst.Compiler(
        input=TEMPLATES / template,
        root=TEMPLATES,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": data},
    )


def _forget() -> None:
    blank = _compiler("blank.typ", "")
    for _ in range(_KEPT + 1):
        blank.compile(format="svg")


@cache
def _fonts() -> typst.Fonts:
    """The fonts of the package and those within typst, none of the machine; looked through once a process."""
    folders = sorted({path.parent for path in FONTS})
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=folders)


def _as_json(data: Mapping[str, Any], pictures: Mapping[str, str]) -> str:
    try:
        return json.dumps(_shown(dict(data)) | {"pictures": dict(pictures)}, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise PaperError("data", told=str(error)) from error


def _shown(value: Any) -> Any:
    """The same value with each text in it made visible."""
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, dict):
        return {key: _shown(own) for key, own in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(own) for own in value]
    return value


def _fixed(moment: datetime) -> datetime:
    """The moment in whole seconds and with its zone as a plain distance, which is all a PDF can tell."""
    distance: timedelta | None = moment.utcoffset()
    if distance is None:
        raise PaperError("no_zone", moment=moment.isoformat())
    return moment.astimezone(timezone(distance)).replace(microsecond=0)
