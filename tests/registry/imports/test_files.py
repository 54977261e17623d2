"""Files as they come and files that cannot be used: each is read, or refused with a sentence that helps."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime

import pytest

from gongchou.refusal import Refused, sentence
from gongchou.registry.models import ImportBatch, Subject
from gongchou.registry.operations import imports as operations
from gongchou.sheets import tops, workbooks
from tests.cli.offices import credit_code
from tests.factories.people import NOW
from tests.registry.imports.desk import (
    HEADER,
    as_csv,
    as_workbook,
    confirm,
    counts,
    dry_run,
    keeper,
    refusals,
    shop,
    shops,
    upload,
)

pytestmark = pytest.mark.django_db

GOOD = [HEADER, *shops(3)]


@pytest.fixture
def by():
    return keeper()


def headings(batch: ImportBatch) -> dict[str, str]:
    return dict(batch.columns)


# Read ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("名录.csv", as_csv(GOOD)),
        ("名录.csv", as_csv(GOOD, "utf-8-sig")),
        ("名录.csv", as_csv(GOOD, "gb18030")),
        ("名录.CSV", as_csv(GOOD)),
        ("名录.xlsx", as_workbook(GOOD)),
        ("名录.csv", as_csv([["演示市市场主体名录"], ["制表单位：演示局", "", "", "2026年"], *GOOD])),
        ("名录.xlsx", as_workbook([["演示市市场主体名录"], [], *GOOD])),
        ("名录.csv", b"," * 1_000_000 + b"x\r\n" + as_csv(GOOD)),
        ("名录.csv", as_csv([*GOOD, [], ["", "", "", ""], [" ", "", "", ""]])),
        ("名录.xlsx", as_workbook([*GOOD, *[["", "", "", ""]] * 2000])),
    ],
)
def test_the_same_rows_are_taken_from_any_file(by, name, data):
    batch = confirm(dry_run(upload(by, data, name)))

    assert counts(batch) == {"read": 3, "new": 3}
    assert list(Subject.objects.order_by("name").values_list("number", "name", "region__code", "address")) == [
        (credit_code(n), f"演示商户{n}", "990101", f"第{n}号") for n in (1, 2, 3)
    ]


def test_formatted_but_empty_rows_and_columns_count_for_nothing(by):
    def paint(book, sheet):
        bold = book.add_format({"bold": True})
        for row in range(60_000):
            sheet.write_blank(row, 8, None, bold)

    batch = dry_run(upload(by, as_workbook(GOOD, paint), "名录.xlsx"))

    assert [heading for heading, _ in batch.columns] == HEADER
    assert counts(batch) == {"read": 3, "new": 3}


def test_a_merged_header_names_its_columns_by_the_lower_row(by):
    def merge(book, sheet):
        sheet.merge_range(0, 0, 1, 0, "名称")
        sheet.merge_range(0, 1, 0, 2, "登记信息")
        sheet.write(1, 1, "统一社会信用代码")
        sheet.write(1, 2, "行政区划")
        sheet.merge_range(0, 3, 1, 3, "住所")
        for at, row in enumerate(shops(3), 2):
            sheet.write_row(at, 0, row)

    batch = dry_run(upload(by, as_workbook([], merge), "名录.xlsx"))

    assert (batch.header_line, headings(batch)) == (
        2,
        {"名称": "name", "统一社会信用代码": "number", "行政区划": "region", "住所": "address"},
    )
    assert counts(batch) == {"read": 3, "new": 3}


def test_of_several_sheets_the_one_with_the_most_known_columns_is_taken(by):
    def more(book, sheet):
        other = book.add_worksheet("全部")
        for at, row in enumerate(GOOD):
            other.write_row(at, 0, row)

    batch = upload(by, as_workbook([["说明"], ["请勿修改"]], more), "名录.xlsx")

    assert (batch.sheet, batch.header_line) == ("全部", 1)
    assert headings(batch)["统一社会信用代码"] == "number"


def test_the_sheet_and_the_header_can_be_chosen(by):
    def more(book, sheet):
        book.add_worksheet("甲").write_row(0, 0, ["单位", "地方"])

    batch = upload(by, as_workbook(GOOD, more), "名录.xlsx")

    batch = operations.read_again(batch=batch, sheet="甲", header=1, by=by, at=NOW)

    assert batch.columns == [["单位", ""], ["地方", ""]]


def test_formulas_give_what_they_show_and_dates_may_be_numbers(by):
    header = ["名称", "统一社会信用代码", "行政区划", "成立日期", "住所"]

    def fill(book, sheet):
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_formula(1, 0, '="演示"&"商户"', None, "演示商户")
        sheet.write_datetime(1, 3, datetime(2024, 1, 5), day)
        sheet.write_number(2, 3, 45296)
        sheet.write_string(3, 3, "45296")

    rows = [["演示甲", credit_code(n), "990101", "", "第1号"] for n in (1, 2, 3)]

    batch = confirm(dry_run(upload(by, as_workbook([header, *rows], fill), "名录.xlsx")))

    assert refusals(batch) == []
    assert list(Subject.objects.order_by("number").values_list("name", "established_on")) == [
        ("演示商户", date(2024, 1, 5)),
        ("演示甲", date(2024, 1, 5)),
        ("演示甲", date(2024, 1, 5)),
    ]


def test_a_code_that_a_spreadsheet_turned_into_a_number_is_refused_and_says_why(by):
    def fill(book, sheet):
        sheet.write_number(1, 1, 913702000000000123)

    batch = dry_run(upload(by, as_workbook(GOOD, fill), "名录.xlsx"))

    told = "“统一社会信用代码”被表格软件变成了数字，末几位已丢失。请从原系统重新导出，先把该列设为“文本”再粘贴"
    assert refusals(batch) == [(2, "统一社会信用代码", told)]


# Refused ---------------------------------------------------------------------------------------


def bomb() -> bytes:
    """A gigabyte and a half of nothing in a megabyte and a half."""
    file = io.BytesIO(as_workbook(GOOD))
    with (
        zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/media/a.bin", "w", force_zip64=True) as part,
    ):
        for _ in range(1100):
            part.write(bytes(1 << 20))
    return file.getvalue()


def far_cells() -> bytes:
    return as_workbook(GOOD, lambda book, sheet: sheet.write(1_048_575, 16_383, "x"))


def with_part(name: str, data: bytes) -> bytes:
    """A good workbook with one part put in or in place of another."""
    source = io.BytesIO(as_workbook(GOOD))
    with zipfile.ZipFile(source) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()} | {name: data}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return file.getvalue()


def laughing() -> bytes:
    lines = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    cell = "<sheetData><row r='1'><c r='A1' t='inlineStr'><is><t>&l9;</t></is></c></row></sheetData>"
    text = f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY l0 "lol">{lines}]><worksheet>{cell}</worksheet>'
    return with_part("xl/worksheets/sheet1.xml", text.encode())


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
SAVE_AS = "请用 WPS 或 Excel 打开后另存为 .xlsx，再上传。"
BROKEN = f"工作簿打不开，可能已损坏或不是真正的 .xlsx。{SAVE_AS}"
MACROS = "文件含有宏，为安全起见不接收。请用 WPS 或 Excel 打开，“另存为”不含宏的“Excel 工作簿（.xlsx）”，再上传。"
TOO_LARGE = "工作簿展开后过大，很远的单元格里可能有内容或格式。请只复制有数据的行列到新工作簿，再上传；或另存为 .csv。"
NO_ROWS = "文件里没有一行数据。请确认选对了工作表和表头所在行，或检查文件内容。"
TOO_WIDE = "第 1 行超过 300 栏，不像是表头。请确认表头所在行，删去多余的空栏，或换一个分隔正确的文件。"
LOCKED = "这是设有密码的工作簿，或改了扩展名的旧版 .xls。请打开后取消密码，“另存为”.xlsx，再上传。"
OTHER = "不支持这种文件（{}）。请上传 .csv 或 .xlsx 文件；其他格式请先在表格软件中“另存为”.xlsx。"
OLDER = "不支持旧版工作簿（{}）。请用 WPS 或 Excel 打开，选“另存为”，类型选“Excel 工作簿（.xlsx）”，再上传。"
DISGUISED = "文件名是 {}，内容却是{}。请按真实类型改名，或用表格软件打开后另存为 .xlsx，再上传。"
NO_WORKBOOK = (
    "文件名是 .xlsx，内容却不是工作簿：可能已损坏，也可能是改了扩展名的文本。请重新导出后再上传；"
    "确是文本的，请把扩展名改为 .csv。"
)
ENCODING = "文件编码是 UTF-16，不能识别。请用“另存为”选择 UTF-8 或 GB18030（GBK）编码的 .csv，或存为 .xlsx。"
LINE_ENDS = "文件只用回车（CR）换行，是很旧的文本格式。请用表格软件打开后另存为 .csv 或 .xlsx。"
UNKNOWN = (
    "按{}作表头，没有一栏对应到要导入的内容，还不能核对。请点“表头认得不对？”选对工作表和表头所在行；"
    "表头没有错的，请在表中为每一栏选择它对应什么，再点“开始核对”。"
)
QUOTE = "第 3 行起有一个没有闭合的双引号，后面的行会被吞掉。请在该行补上或删去引号后重新上传。"


@pytest.mark.parametrize(
    ("name", "make", "told"),
    [
        ("名录.xls", lambda: OLD, OLDER.format(".xls")),
        ("名录.et", lambda: OLD, OLDER.format(".et")),
        ("名录.xlsm", lambda: as_workbook(GOOD), MACROS),
        ("名录.xlsx", lambda: with_part("xl/vbaProject.bin", b"x"), MACROS),
        ("名录.pdf", lambda: b"%PDF-1.7", OTHER.format(".pdf")),
        ("名录", lambda: as_csv(GOOD), OTHER.format("没有扩展名")),
        ("名录.xlsx", lambda: OLD, LOCKED),
        ("名录.xlsx", lambda: as_csv(GOOD), NO_WORKBOOK),
        ("名录.xlsx", lambda: bytes(range(256)) * 9, NO_WORKBOOK),
        ("名录.csv", lambda: as_workbook(GOOD), DISGUISED.format(".csv", ".xlsx")),
        ("名录.csv", lambda: OLD, DISGUISED.format(".csv", ".xls")),
        ("名录.csv", lambda: b"%PDF-1.7", DISGUISED.format(".csv", ".pdf")),
        ("名录.xlsx", bomb, TOO_LARGE),
        ("名录.xlsx", far_cells, TOO_LARGE),
        ("名录.xlsx", lambda: as_workbook(GOOD)[:-200], BROKEN),
        ("名录.xlsx", lambda: b"PK\x03\x04 and so on", BROKEN),
        ("名录.csv", lambda: as_csv(GOOD).decode().encode("utf-16"), ENCODING),
        ("名录.csv", lambda: as_csv(GOOD).decode().encode("utf-16-le"), ENCODING),
        ("名录.csv", lambda: as_csv(GOOD).replace(b"\r\n", b"\r"), LINE_ENDS),
        ("名录.csv", lambda: as_csv([[f"c{n}" for n in range(1_000_000)], ["1"]]), TOO_WIDE),
        ("名录.csv", lambda: as_csv([*GOOD[:2]]) + '"演示,x\r\n甲,乙\r\n'.encode(), QUOTE),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_before_anything_is_kept(
    by, name: str, make: Callable[[], bytes], told: str
):
    with pytest.raises(Refused) as refused:
        upload(by, make(), name)

    assert sentence(refused.value) == told
    assert ImportBatch.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("名录.csv", as_csv([HEADER])),
        ("名录.csv", as_csv([HEADER, [], ["", " ", "", ""]])),
        ("名录.xlsx", as_workbook([HEADER])),
    ],
)
def test_a_file_without_rows_ends_its_dry_run_with_a_sentence(by, name, data):
    batch = dry_run(upload(by, data, name))

    assert (batch.state, batch.failure) == ("failed", NO_ROWS)


@pytest.mark.parametrize(
    ("name", "data", "header"),
    [
        ("名录.csv", as_csv([["甲", "乙"], ["1", "2"]]), "第 1 行"),
        ("名录.xlsx", as_workbook([["甲", "乙"], ["1", "2"]]), "工作表“名录”第 1 行"),
        ("名录.csv", b"\r\n\r\n", "第 1 行"),
    ],
)
def test_a_file_of_which_no_column_is_known_is_not_looked_at(by, name, data, header):
    batch = upload(by, data, name)

    with pytest.raises(Refused) as refused:
        dry_run(batch)

    assert sentence(refused.value) == UNKNOWN.format(header)
    assert ImportBatch.objects.get().state == "uploaded"


def test_entities_are_not_unfolded(by):
    with pytest.raises(Refused) as refused:
        batch = upload(by, laughing(), "名录.xlsx")
        assert max(len(heading) for heading, _ in batch.columns) < 100
        dry_run(batch)

    assert sentence(refused.value) in (
        BROKEN,
        UNKNOWN.format("工作表“名录”第 1 行"),
    )


def test_a_large_workbook_is_read_whole_by_the_worker_alone(by, monkeypatch):
    monkeypatch.setattr(tops, "SMALL", -1)

    batch = upload(by, far_cells(), "名录.xlsx")
    seen = batch.state, dict(batch.columns)["名称"]
    batch = dry_run(batch)

    assert seen == ("uploaded", "name")
    assert (batch.state, batch.failure) == ("failed", TOO_LARGE)


def test_a_size_that_is_stated_too_small_does_not_deceive(by, monkeypatch):
    data = as_workbook([["x" * 30_000]])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        true_size = max(part.file_size for part in archive.infolist())
    monkeypatch.setattr(workbooks, "MOST_BYTES", 20_000)

    with pytest.raises(Refused) as refused:
        upload(by, data.replace(true_size.to_bytes(4, "little"), (10).to_bytes(4, "little")), "名录.xlsx")

    assert sentence(refused.value) == TOO_LARGE


def test_a_row_of_a_million_cells_is_refused_like_any_other_ragged_row(by):
    data = as_csv(GOOD) + b"x," * 999_999 + b"x\r\n" + as_csv([shop(4)])

    batch = confirm(dry_run(upload(by, data)))

    assert counts(batch) == {"read": 5, "new": 4, "refused": 1}
    assert refusals(batch) == [(5, "", "这一行有 1000000 格，表头有 4 栏，请检查错位或多余的分隔符")]
    assert len(batch.refused_rows.get().cells) == 1000


def test_an_upload_that_is_gone_is_said_to_be_gone(by, settings):
    batch = upload(by, as_csv(GOOD))
    (settings.HOME / batch.file_path).unlink()

    batch = dry_run(batch)

    assert (batch.state, batch.failure) == ("failed", "上传的文件已不在服务器上。请重新上传。")
