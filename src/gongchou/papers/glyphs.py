"""Which characters the fonts can show. Every other one is written out as its number: none may vanish from a name."""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pylopdf_fonts_zh_cn import sans_path, serif_path

FONTS: tuple[Path, ...] = (serif_path(), sans_path())  # Noto Serif SC (宋体) and Noto Sans SC (黑体)

# Line breaks, controls, direction marks, lone halves, private and unassigned: a font may have them and show nothing.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}

_FULL_UNICODE = (3, 10)  # platform and encoding of the table that maps all of Unicode
_GROUPS = 12  # its format: runs of characters that follow one another


def visible(text: str) -> str:
    """The text as it can be printed: a character that would not be seen stands as ``[U+20BB7]``."""
    shown = _shown()
    if shown.issuperset(text):
        return text
    return "".join(own if own in shown else f"[U+{ord(own):04X}]" for own in text)


@cache
def _shown() -> frozenset[str]:
    covered = {chr(code) for path in FONTS for code in characters_of(path)}
    return frozenset(own for own in covered if unicodedata.category(own) not in _UNSEEN)


def characters_of(path: Path) -> Iterator[int]:
    """The code points for which an OpenType font file has a glyph, rising."""
    table = _character_map(path.read_bytes())
    (n_groups,) = struct.unpack_from(">I", table, 12)
    for first, last, glyph in struct.iter_unpack(">III", table[16 : 16 + 12 * n_groups]):
        yield from range(first if glyph else first + 1, last + 1)  # glyph 0 is the box that stands for "none"


def _character_map(font: bytes) -> bytes:
    """The font's table of all of Unicode (``cmap``, format 12), from its beginning."""
    start = next(at for tag, at in _tables(font) if tag == b"cmap")
    (n_maps,) = struct.unpack_from(">H", font, start + 2)
    for platform, encoding, at in struct.iter_unpack(">HHI", font[start + 4 : start + 4 + 8 * n_maps]):
        if (platform, encoding) == _FULL_UNICODE and struct.unpack_from(">H", font, start + at) == (_GROUPS,):
            return font[start + at :]
    raise ValueError("the font has no table of all of Unicode")


def _tables(font: bytes) -> Iterator[tuple[bytes, int]]:
    (n_tables,) = struct.unpack_from(">H", font, 4)
    for tag, _sum, at, _length in struct.iter_unpack(">4sIII", font[12 : 12 + 16 * n_tables]):
        yield tag, at
