"""Workbooks that go out: no cell can run, and what was made safe can be had back."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from gongchou.sheets.writing import plain_text, safe_text, write_marked, write_table

DANGEROUS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+86 531", "'+86 531"),
        ("-演示", "'-演示"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝HYPERLINK", "'＝HYPERLINK"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        (' "=1', "' \"=1"),
        (",=1", "',=1"),
        ("'=1", "''=1"),
        ("-12.5", "-12.5"),
        ("+3", "+3"),
        ("演示=1", "演示=1"),
        ("'演示", "'演示"),
        ("", ""),
    ],
)
def test_what_would_be_a_formula_gets_an_apostrophe(text, safe):
    assert safe_text(text) == safe
    assert plain_text(safe) == text


@given(st.text(alphabet="'\"=+-@＝\t\r\n ;,|1.演", max_size=12))
def test_every_text_has_a_way_back_and_none_begins_like_a_formula(text):
    safe = safe_text(text)

    assert plain_text(safe) == text
    assert not safe.startswith(DANGEROUS) or safe.lstrip("+-").replace(".", "", 1).isdigit()


def written(write, *words, **more) -> bytes:
    file = io.BytesIO()
    write(file, *words, **more)
    return file.getvalue()


def test_a_table_holds_texts_numbers_and_days_and_no_formula():
    rows = [["名称", "数", "日", "时"], ["=1+1", 12, date(2024, 1, 5), datetime(2024, 1, 5, 8, 30, tzinfo=UTC)]]

    data = written(write_table, rows, title="演示/名录*")

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert book.sheet_names == ["演示 名录"]
    assert book.get_sheet_by_index(0).to_python() == [
        ["名称", "数", "日", "时"],
        ["'=1+1", 12.0, date(2024, 1, 5), datetime(2024, 1, 5, 8, 30)],
    ]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_marked_cells_look_different_also_where_they_are_empty():
    data = written(write_marked, [(["甲", "乙"], ()), (["", "好"], {0})], title="演示")

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert '<c r="A2" s=' in sheet
    assert '<c r="B2" t=' in sheet


def test_a_cell_longer_than_a_spreadsheet_holds_is_cut():
    data = written(write_table, [["x" * 40_000]], title="演示")

    [[cell]] = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert len(cell) == 32_767
