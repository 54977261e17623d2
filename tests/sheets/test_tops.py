"""The first rows of a workbook are those that the whole would give, and cost as much as they are."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from gongchou.draw.errors import FormatError
from gongchou.draw.register import Row
from gongchou.sheets import tops, workbooks
from gongchou.sheets.tops import workbook_tops
from gongchou.sheets.workbooks import workbook_rows, workbook_sheets
from tests.sheets.test_workbooks import _far_cell, _no_xml, _other_zip, _text


@pytest.fixture(autouse=True)
def every_workbook_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tops, "SMALL", -1)


def write(path: Path, n: int, *, shared: bool = True, fill: Callable[[Any, Any], object] | None = None) -> Path:
    with xlsxwriter.Workbook(path, {"constant_memory": not shared}) as book:
        sheet = book.add_worksheet("名录")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["名称", "编号", "日期", "数"])
        for at in range(1, n):
            sheet.write_row(at, 0, [f"演示<商户>{at}", f"{at:018d}"])
            sheet.write_datetime(at, 2, date(2024, 1, 1 + at % 28), day)
            sheet.write_number(at, 3, at + 0.5)
        other = book.add_worksheet("封面 & 说明")
        other.write(4, 2, "只有一格")
        if fill:
            fill(book, sheet)
    return path


def whole(path: Path, n: int) -> dict[str, list[Row]]:
    """What the reader of the whole gives, without the empty rows at the end of them."""
    found = {name: list(workbook_rows(path, name))[:n] for name in workbook_sheets(path)}
    return {
        name: rows[: max((at for at, row in enumerate(rows, 1) if any(row.cells)), default=0)]
        for name, rows in found.items()
    }


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("n", [1, 5, 30, 200])
def test_the_first_rows_are_those_of_the_whole(tmp_path: Path, n: int, shared: bool):
    path = write(tmp_path / "a.xlsx", 100, shared=shared)

    assert workbook_tops(path, n) == whole(path, n)


def test_so_are_those_between_empty_ones_and_with_cells_of_every_sort(tmp_path: Path):
    def fill(book: Any, sheet: Any) -> None:
        more = book.add_worksheet("杂")
        more.write_formula(2, 1, '="a"&"b"', None, "ab")
        more.write_boolean(2, 2, True)
        more.write_rich_string(2, 3, "粗", book.add_format({"bold": True}), "体")
        more.write(2, 4, "演示<商户>99")  # a text that another sheet put far behind
        more.merge_range("A8:C8", "合并", None)
        more.write(5000, 0, "远")

    path = write(tmp_path / "a.xlsx", 100, fill=fill)

    assert workbook_tops(path, 30) == whole(path, 30)


def test_names_of_elements_may_have_a_prefix_and_texts_stand_in_any_order(tmp_path: Path):
    path = write(tmp_path / "a.xlsx", 100)
    expected = whole(path, 5)
    texts = "xl/sharedStrings.xml"
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    for name in (texts, "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"):
        parts[name] = _prefixed(parts[name])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)

    assert workbook_tops(path, 5) == expected


def _prefixed(xml: str) -> str:
    head, body = xml.split("?>", 1)
    body = re.sub(r"<(/?)(?=[a-zA-Z])", r"<\1x:", body)
    return f"{head}?>{body.replace('xmlns=', 'xmlns:x=', 1)}"


@pytest.mark.parametrize(
    ("make", "code"),
    [(_far_cell, None), (_text, "xlsx_invalid"), (_other_zip, "xlsx_invalid"), (_no_xml, "xlsx_invalid")],
)
def test_what_is_no_workbook_is_refused(tmp_path: Path, make: Callable[[Path], None], code: str | None):
    make(path := tmp_path / "a.xlsx")

    assert _code(path) in (code, None) if make is _no_xml else _code(path) == code


def _code(path: Path) -> str | None:
    try:
        workbook_tops(path, 30)
    except FormatError as error:
        return error.code
    return None


# Size -------------------------------------------------------------------------------------------

ROW = b'<row><c t="inlineStr"><is><t>a</t></is></c></row>'


def bomb(path: Path, mebibytes: int, block: bytes = ROW * 20_000) -> Path:
    """A workbook of one sheet that unfolds a few hundred times."""
    write(path, 1)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    start = parts.pop(name).split(b"<sheetData>")[0]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for own, content in parts.items():
            archive.writestr(own, content)
        with archive.open(name, "w") as part:
            part.write(start + b"<sheetData>")
            for _ in range(mebibytes * 2**20 // len(block)):
                part.write(block)
            part.write(b"</sheetData></worksheet>")
    return path


def _stating_less(path: Path) -> Path:
    data = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        true_size = max(part.file_size for part in archive.infolist())
    path.write_bytes(data.replace(true_size.to_bytes(4, "little"), (10).to_bytes(4, "little")))
    return path


def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The pieces that are unpacked from now on."""
    seen: list[int] = []
    unpack = workbooks.unpacked

    def own(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
        for chunk in unpack(archive, part):
            seen.append(len(chunk))
            yield chunk

    monkeypatch.setattr(workbooks, "unpacked", own)
    monkeypatch.setattr(tops, "unpacked", own)
    return seen


def test_a_part_that_unfolds_hundreds_of_times_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch):
    path = bomb(tmp_path / "a.xlsx", 70)
    seen = counted(monkeypatch)

    for read in (lambda: workbook_tops(path, 30), lambda: list(workbook_rows(path))):
        with pytest.raises(FormatError) as caught:
            read()
        assert caught.value.code == "xlsx_too_large"
    assert sum(seen) == 0


def test_one_that_states_less_is_refused_when_it_is_seen(tmp_path: Path, monkeypatch):
    path = _stating_less(bomb(tmp_path / "a.xlsx", 8))
    seen = counted(monkeypatch)

    with pytest.raises(FormatError) as caught:
        list(workbook_rows(path))

    assert caught.value.code == "xlsx_too_large"
    assert sum(seen) < 2 << 20


def test_a_register_of_rows_that_resemble_one_another_is_no_bomb(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(workbooks, "FREE_BYTES", 0)
    path = write(tmp_path / "a.xlsx", 3_000)

    assert len(list(workbook_rows(path))) == 3_000


def test_the_head_of_a_large_register_is_read_without_the_rest(tmp_path: Path, monkeypatch):
    path = write(tmp_path / "a.xlsx", 60_000, shared=False)
    seen, before = counted(monkeypatch), time.perf_counter()

    found = workbook_tops(path, 30)["名录"]

    assert [row.cells[0] for row in found[:2]] == ["名称", "演示<商户>1"]
    assert (len(found), sum(seen) < 4 << 20, time.perf_counter() - before < 5) == (30, True, True)


def test_a_row_without_end_is_refused(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(tops, "MOST_TOP", 1 << 20)
    path = bomb(tmp_path / "a.xlsx", 4, b"<c><v>1</v></c>" * 50_000)

    with pytest.raises(FormatError) as caught:
        workbook_tops(path, 30)

    assert caught.value.code == "xlsx_too_large"
