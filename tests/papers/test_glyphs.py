"""Which characters the fonts show."""

from __future__ import annotations

import hashlib

import pytest

from gongchou.papers.glyphs import FONTS, characters_of, visible


def test_the_fonts_are_the_files_that_were_compared():
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FONTS}

    assert digests == {
        "NotoSansSC-Regular.otf": "faa6c9df652116dde789d351359f3d7e5d2285a2b2a1f04a2d7244df706d5ea9",
        "NotoSerifSC-Regular.otf": "e8f396decc1f0963a016a989c3d8852e863d1350996f573860a80767c83a1cd3",
    }


def test_every_character_of_gbk_is_shown():
    pairs = (bytes((lead, trail)) for lead in range(0x81, 0xFF) for trail in range(0x40, 0xFF) if trail != 0x7F)
    all_han = {own for pair in pairs for own in pair.decode("gbk", "ignore") if "\u4e00" <= own <= "\u9fff"}

    assert len(all_han) == 20_902
    assert "".join(own for own in sorted(all_han) if visible(own) != own) == ""


@pytest.mark.parametrize("path", FONTS, ids=lambda path: path.stem)
def test_the_table_of_a_font_is_read_whole(path):
    codes = list(characters_of(path))

    assert codes == sorted(set(codes))
    assert len(codes) == {"NotoSansSC-Regular": 30_890, "NotoSerifSC-Regular": 30_928}[path.stem]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("演示 A·1　②", "演示 A·1　②"),
        ("㐂𠅤", "㐂𠅤"),
        ("𠮷", "[U+20BB7]"),
        ("\t", "[U+0009]"),
        ("\u00ad\u200d\u2028\ufeff", "[U+00AD][U+200D][U+2028][U+FEFF]"),
        ("葛\U000e0100", "葛[U+E0100]"),
        ("\ue000\U0010ffff", "[U+E000][U+10FFFF]"),
    ],
)
def test_what_would_not_be_seen_is_written_out(text, shown):
    assert visible(text) == shown
