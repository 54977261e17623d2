"""Registers in .xlsx: dirty, empty at the ends, broken, or made to unfold into more than a machine holds."""

from __future__ import annotations

import csv
import json
import random
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from gongchou.draw.errors import FormatError
from gongchou.draw.register import Row
from gongchou.sheets import workbooks
from gongchou.sheets.workbooks import workbook_rows
from tests.cli.offices import HEADER, credit_code, frame_words, gongchou, listing, refused, shops

SHEET = "xl/worksheets/sheet1.xml"
Fill = Callable[[xlsxwriter.Workbook, xlsxwriter.worksheet.Worksheet], object]


def write_workbook(
    path: Path, rows: Sequence[Sequence[object]], *, more: Fill | None = None, sheet: str = "名录"
) -> Path:
    """Strings as strings, everything else as a spreadsheet would keep it."""
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False, "strings_to_formulas": False}) as book:
        own = book.add_worksheet("名录")
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                own.write(at, column, cell)
        if more:
            more(book, own)
    return path


def rows_of(path: Path) -> list[Row]:
    return list(workbook_rows(path))


def test_a_dirty_workbook_is_sorted_like_a_dirty_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    good = shops(3)
    rows: list[Sequence[object]] = [
        [*HEADER],
        *good,
        ["浮点", 9.13702e17, "演示东区"],
        ["旧号", 990101000000015, "演示东区"],
        ["", "", ""],
        [*HEADER],
        ["长", credit_code(9), "演示东区", "多"],
        good[1],
        ["小写", credit_code(10).lower(), "演示东区"],
        ["换行", credit_code(11) + "\n", "演示东区"],
    ]
    register = write_workbook(tmp_path / "register.xlsx", rows)

    assert gongchou(*frame_words(register, tmp_path / "bundle")) == 0
    rejected = list(csv.DictReader((tmp_path / "bundle" / "rejected.csv").read_text("utf-8-sig").splitlines()))
    universe = json.loads((tmp_path / "bundle" / "universe.json").read_bytes())

    assert [(row["line"], row["reason"], row["value"]) for row in rejected] == [
        ("5", "id_float", "9.137020E+17"),
        ("6", "id_old_number", "990101000000015"),
        ("7", "blank", ""),
        ("8", "repeated_header", ""),
        ("9", "ragged", "4/3"),
        ("10", "duplicate", credit_code(2)),
        ("11", "id_lower_case", credit_code(10).lower()),
        ("12", "id_space", credit_code(11)),
    ]
    assert (universe["read"], universe["size"], universe["rejected"]["count"]) == (11, 3, 8)


def test_empty_rows_and_columns_behind_the_data_are_left_out(tmp_path: Path):
    def paint(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        bold = book.add_format({"bold": True})
        sheet.write_blank(1_048_575, 16_383, None, bold)
        for at in range(40):
            sheet.write_blank(at, 9, None, bold)

    register = write_workbook(tmp_path / "register.xlsx", [["a", "b"], ["1", "2"]], more=paint)

    assert rows_of(register) == [Row(1, ["a", "b"]), Row(2, ["1", "2"])]


def test_lines_and_columns_are_counted_from_the_first_cell_of_the_sheet(tmp_path: Path):
    register = write_workbook(tmp_path / "register.xlsx", [[], [], ["", "a"], ["", "1"]])

    assert [row.line for row in rows_of(register)] == [1, 2, 3, 4]
    assert rows_of(register)[2:] == [Row(3, ["", "a"]), Row(4, ["", "1"])]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0012", "0012"),
        (12, "12"),
        (12.5, "12.5"),
        (0.1, "0.1"),
        (True, "TRUE"),
        (123456789012345, "123456789012345"),
        (913702000000000000, "9.137020E+17"),
        (date(2001, 2, 3), "2001-02-03"),
        (datetime(2001, 2, 3, 4, 5), "2001-02-03T04:05:00"),
        ("=1+1", "=1+1"),
    ],
)
def test_a_cell_reads_as_what_a_person_sees_in_it(tmp_path: Path, value: object, text: str):
    def put(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        if isinstance(value, date):
            sheet.write_datetime(1, 0, value, book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
        else:
            sheet.write(1, 0, value)

    register = write_workbook(tmp_path / "register.xlsx", [["a"]], more=put)

    assert rows_of(register)[1].cells == [text]


def test_a_formula_gives_its_last_result(tmp_path: Path):
    register = write_workbook(
        tmp_path / "r.xlsx", [["a"]], more=lambda _, sheet: sheet.write_formula(1, 0, "=A1", None, "told")
    )

    assert rows_of(register)[1].cells == ["told"]


def test_the_sheet_that_was_named_is_read_and_another_name_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    def second(book: xlsxwriter.Workbook, _: object) -> None:
        sheet = book.add_worksheet("第二")
        for at, row in enumerate([HEADER, *shops(2)]):
            sheet.write_row(at, 0, row)

    register = write_workbook(tmp_path / "register.xlsx", [["封面"]], more=second)
    words = frame_words(register, tmp_path / "bundle")

    told = refused(capsys, *words, "--sheet", "第三")
    code = gongchou(*words, "--sheet", "第二")

    assert told == f"sheet_missing  {register}: 没有名为“第三”的工作表；有：名录、第二"
    assert code == 0


def _register_on_the_second_sheet(book: xlsxwriter.Workbook, _: object) -> None:
    sheet = book.add_worksheet("登记 表")
    for at, row in enumerate([["演示市登记表"], HEADER, *shops(2)]):
        sheet.write_row(at, 0, row)


@pytest.mark.parametrize("cover", [[["封面"]], [["名称"], ["甲"]], []])
def test_a_sheet_that_has_the_columns_is_pointed_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], cover: list[list[str]]
):
    register = write_workbook(tmp_path / "register.xlsx", cover, more=_register_on_the_second_sheet)
    words = frame_words(register, tmp_path / "bundle")

    told = refused(capsys, *words)
    mended = gongchou(*words, "--sheet", "登记 表", "--header", 2)

    assert told == (
        f"sheet_elsewhere  {register}: 这张工作表里没有“{HEADER[1]}”列，所需的列都在工作表“登记 表”的第 2 行；"
        '请用 --sheet "登记 表" --header 2'
    )
    assert mended == 0


def test_a_title_above_the_header_does_not_say_how_wide_the_table_is(tmp_path: Path):
    def paint(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        for at in range(9):
            sheet.write_blank(at, 9, None, book.add_format({"bold": True}))

    rows = [["演示市登记表"], HEADER, *shops(3)]
    register = write_workbook(tmp_path / "register.xlsx", rows, more=paint)

    assert gongchou(*frame_words(register, tmp_path / "bundle"), "--header", 2) == 0

    assert [row.cells for row in workbook_rows(register, None, 2)][1:] == rows[1:]
    assert len((tmp_path / "bundle" / "frame.tsv").read_text().splitlines()) == 3


# What must not be opened ------------------------------------------------------------------------


def _far_cell(path: Path) -> None:
    write_workbook(path, [[*HEADER]], more=lambda _, sheet: sheet.write(1_048_575, 16_383, "x"))


def _far_column_low(path: Path) -> None:
    write_workbook(path, [[*HEADER]], more=lambda _, sheet: (sheet.write(3000, 16_383, "x"), sheet.write(9, 0, "y")))


def _bomb(path: Path) -> None:
    write_workbook(path, [[*HEADER]])
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/media/a.bin", "w") as part,
    ):
        for _ in range(1100):
            part.write(bytes(1 << 20))


def _text(path: Path) -> None:
    path.write_text("名称,代码\n")


def _nothing(path: Path) -> None:
    path.write_bytes(b"")


def _old_or_encrypted(path: Path) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))


def _cut(path: Path) -> None:
    write_workbook(path, [[*HEADER], *shops(50)])
    path.write_bytes(path.read_bytes()[:-200])


def _other_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")


def _broken_inside(path: Path) -> None:
    write_workbook(path, [[*HEADER], *shops(50)])
    data = path.read_bytes()
    at = data.index(b"xl/worksheets/sheet1.xml") + 40
    path.write_bytes(data[:at] + bytes(30) + data[at + 30 :])


def _no_sheet(path: Path) -> None:
    write_workbook(path, [[*HEADER]])
    _rewrite(path, "xl/worksheets/sheet1.xml", None)


def _no_xml(path: Path) -> None:
    write_workbook(path, [[*HEADER]])
    _rewrite(path, "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row><c r='A1'")


def _entities(path: Path) -> None:
    write_workbook(path, [[*HEADER]])
    lines = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    doctype = f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY l0 "lol">{lines}]>'
    cell = "<sheetData><row r='1'><c r='A1' t='inlineStr'><is><t>&l9;</t></is></c></row></sheetData>"
    _rewrite(path, "xl/worksheets/sheet1.xml", f"{doctype}<worksheet>{cell}</worksheet>".encode())


def _rewrite(path: Path, name: str, data: bytes | None) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    parts.pop(name)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in (parts | ({name: data} if data is not None else {})).items():
            archive.writestr(part, content)


@pytest.mark.parametrize(
    ("make", "codes"),
    [
        (_far_cell, "xlsx_too_large"),
        (_far_column_low, "xlsx_too_large"),
        (_bomb, "xlsx_too_large"),
        (_text, "xlsx_invalid"),
        (_nothing, "xlsx_invalid"),
        (_old_or_encrypted, "xlsx_invalid"),
        (_cut, "xlsx_invalid"),
        (_other_zip, "xlsx_invalid"),
        (_broken_inside, "xlsx_invalid"),
        (_no_sheet, "xlsx_invalid"),
        (_no_xml, "xlsx_invalid register_empty"),
        (_entities, "xlsx_invalid register_empty column_missing"),
    ],
)
def test_a_workbook_that_cannot_be_used_is_refused_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], make: Callable[[Path], None], codes: str
):
    register = tmp_path / "register.xlsx"
    make(register)
    words = frame_words(register, tmp_path / "bundle")
    before = sorted(listing(tmp_path))

    told = refused(capsys, *words)

    assert told.split()[0] in codes.split()
    assert sorted(listing(tmp_path)) == before


@pytest.mark.parametrize("chunk", [7, 1 << 20])
@pytest.mark.parametrize(
    ("cell", "where"),
    [
        ('<c r="B2"><f>1+1</f><v>2</v></c>', None),
        ('<c r="B2" t="str"><f>""</f><v></v></c>', None),
        ('<c r="B2" s="1"><v>2</v></c><c r="C2" s="1"/>', None),
        ('<c r="B2"><f>1+1</f><v></v></c>', "B2"),
        ('<c r="B2" s="1"><f>1+1</f><v/></c>', "B2"),
        ('<c r="B2" t="str"><f>A2</f></c>', "B2"),
        ('<c s="1" r="AB12"><f t="shared" si="0"/></c>', "AB12"),
        ('<c r="A2"><f>1+1</f><v>2</v></c>\n <c r="B2">\n  <f>1+1</f>\n </c>', "B2"),
        ('<x:c r="A2"><x:f>1+1</x:f></x:c>', "A2"),
    ],
)
def test_a_formula_that_nobody_has_worked_out_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cell: str, where: str | None, chunk: int
):
    register = write_workbook(tmp_path / "register.xlsx", [["a", "b"]])
    _rewrite(register, SHEET, f'<sheetData><row r="2">{cell}</row></sheetData>'.encode())
    monkeypatch.setattr(workbooks, "_CHUNK", chunk)

    assert workbooks.check_parts(register) == ({SHEET: where} if where else {})


def test_it_is_no_empty_cell_of_its_sheet_and_other_sheets_are_read(tmp_path: Path):
    register = write_workbook(
        tmp_path / "register.xlsx", [["a", "b"]], more=lambda book, _: book.add_worksheet("统计").write(0, 0, 5)
    )
    formula = b'<sheetData><row r="5"><c r="E5"><f>1+1</f></c></row></sheetData>'
    with zipfile.ZipFile(register) as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml")
    _rewrite(register, "xl/worksheets/sheet2.xml", re.sub(rb"<sheetData>.*</sheetData>", formula, sheet))

    with pytest.raises(FormatError) as caught:
        list(workbook_rows(register, "统计"))

    assert (caught.value.code, caught.value.facts) == ("xlsx_unworked", {"sheet": "统计", "cell": "E5"})
    assert rows_of(register) == [Row(1, ["a", "b"])]


def test_a_size_that_is_stated_too_small_does_not_deceive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    register = write_workbook(tmp_path / "register.xlsx", [["a"], ["x" * 30_000]])
    with zipfile.ZipFile(register) as archive:
        true_size = max(part.file_size for part in archive.infolist())
    data = register.read_bytes()
    register.write_bytes(data.replace(true_size.to_bytes(4, "little"), (10).to_bytes(4, "little")))
    monkeypatch.setattr(workbooks, "MOST_BYTES", 20_000)

    with pytest.raises(FormatError) as caught:
        rows_of(register)

    assert caught.value.code == "xlsx_too_large"


def test_a_workbook_with_flipped_bytes_is_read_or_refused_but_never_breaks_the_program(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    register = write_workbook(tmp_path / "register.xlsx", [[*HEADER], *shops(20)])
    words = frame_words(register, tmp_path / "bundle")
    data, chance = register.read_bytes(), random.Random(7)

    for turn in range(150):
        spoiled = bytearray(data)
        for _ in range(chance.randint(1, 4)):
            spoiled[chance.randrange(len(data))] = chance.randrange(256)
        register.write_bytes(bytes(spoiled))
        words[3] = tmp_path / f"bundle-{turn}"
        assert gongchou(*words) in (0, 2)
