"""Registers as files: whatever is wrong with the file is said in a sentence, and nothing is written."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.cli.offices import HEADER, credit_code, frame_words, gongchou, listing, refused, shops, write_csv

GOOD = f"{','.join(HEADER)}\r\n演示商户,{credit_code(1)},演示东区\r\n"


@pytest.mark.parametrize("name", ["register.csv", "register.CSV", "register.txt"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_same_rows_give_the_same_frame_in_any_encoding(tmp_path: Path, name: str, encoding: str):
    register = write_csv(tmp_path / name, shops(30), encoding=encoding)
    plain = write_csv(tmp_path / "plain.csv", shops(30))

    assert gongchou(*frame_words(register, tmp_path / "a")) == 0
    assert gongchou(*frame_words(plain, tmp_path / "b")) == 0

    assert (tmp_path / "a" / "frame.tsv").read_bytes() == (tmp_path / "b" / "frame.tsv").read_bytes()


@pytest.mark.parametrize("name", ["register.tsv", "register.txt"])
def test_a_text_table_with_tabs_is_read_by_its_tabs(tmp_path: Path, name: str):
    register = tmp_path / name
    register.write_text(GOOD.replace(",", "\t"), encoding="utf-8", newline="")

    assert gongchou(*frame_words(register, tmp_path / "bundle")) == 0
    assert (tmp_path / "bundle" / "frame.tsv").read_text() == f"DQ\t{credit_code(1)}\tDQ\n"


def test_an_encoding_that_is_told_is_not_guessed(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    register = write_csv(tmp_path / "register.csv", shops(3), encoding="gb18030")

    told = refused(capsys, *frame_words(register, tmp_path / "bundle"), "--encoding", "utf-8")

    assert told.split()[0] == "column_missing"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        (
            "register.csv",
            b"",
            "register_empty  文件里没有表头：第 1 行须是列名（表头不在第一行时，用 --header 指定行号）",
        ),
        (
            "register.csv",
            b"\r\n",
            "register_empty  文件里没有表头：第 1 行须是列名（表头不在第一行时，用 --header 指定行号）",
        ),
        ("register.csv", GOOD.splitlines()[0].encode(), "no_rows  只有表头，没有一行数据"),
        ("register.csv", GOOD.encode("utf-16"), "encoding  文件编码是 UTF-16，请另存为 UTF-8 或 GB18030"),
        (
            "register.csv",
            b"PK\x03\x04 and so on",
            "file_disguised  {path}: 名称是 .csv，内容却是 .xlsx 文件；请按真实类型改名，或另存为 .csv",
        ),
        (
            "register.txt",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "file_disguised  {path}: 名称是 .txt，内容却是 .xls 文件；请按真实类型改名，或另存为 .csv",
        ),
        ("register.xls", b"", "file_type  {path}: 不支持的文件类型（.xls）；请用 .csv 或 .xlsx"),
        ("register", GOOD.encode(), "file_type  {path}: 不支持的文件类型（）；请用 .csv 或 .xlsx"),
        (
            "register.csv",
            GOOD.encode().replace(b"\r\n", b"\r"),
            "line_ends  {path}: 只用回车（CR）换行的旧式文本，请另存为 CRLF 或 LF 换行的 .csv",
        ),
        (
            "register.csv",
            GOOD.replace(HEADER[1], "代码").encode(),
            "column_missing  表头里没有“统一社会信用代码”列；有：名称、代码、所属区",
        ),
        (
            "register.csv",
            GOOD.replace(HEADER[0], HEADER[1]).encode(),
            "column_twice  表头里“统一社会信用代码”列出现不止一次，请改名",
        ),
        (
            "register.csv",
            (GOOD + f'乙,"{credit_code(2)},演示东区\r\n' + GOOD).encode(),
            "quote_open  第 3 行起有一个没有闭合的双引号，后面的行会被吞掉；请在该行补上或删去引号",
        ),
        (
            "register.csv",
            (GOOD + f"乙,{credit_code(1)},演示西区\r\n").encode(),
            f"contradiction  {credit_code(1)} 在第 2 行和第 3 行内容不同（共 1 处：2/3）；请先核实改成一致，再重新读入",
        ),
        (
            "register.csv",
            GOOD.replace("演示东区", "N/A").encode(),
            "nothing_accepted  1 行全部被拒收，什么也没有写入；最多的原因如第 2 行（stratum_unmapped）："
            "“所属区”的值“N/A”不在对照表中，请补对照表或改正",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, data: bytes, said: str
):
    register = tmp_path / name
    register.write_bytes(data)
    words = frame_words(register, tmp_path / "bundle")
    before = listing(tmp_path)

    told = refused(capsys, *words)

    assert told == said.format(path=register)
    assert listing(tmp_path) == before
    assert not (tmp_path / "bundle").exists()


def test_a_register_that_is_not_there_or_a_directory_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "folder.csv").mkdir()

    for name in ("none.csv", "folder.csv"):
        told = refused(capsys, *frame_words(tmp_path / name, tmp_path / "bundle"))
        assert told == f"not_found  {tmp_path / name}: 找不到这个文件或目录"


def test_refusals_have_an_english_twin(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    register = write_csv(tmp_path / "register.csv", [])

    told = refused(capsys, *frame_words(register, tmp_path / "bundle"), "--lang", "en")

    assert told == "no_rows  there is a header and not one row"


# Titles above the header ------------------------------------------------------------------------

TITLED = f"演示市登记表,,\r\n制表：演示科,,\r\n{GOOD}演示商户2,,演示东区\r\n"


def test_rows_above_the_header_count_for_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    register = tmp_path / "register.csv"
    register.write_text(TITLED, encoding="gb18030", newline="")
    bundle = tmp_path / "bundle"

    assert gongchou(*frame_words(register, bundle), "--header", 3) == 0

    assert capsys.readouterr().out.splitlines()[0] == "读入 2 行 = 接收 1 + 拒收 1"
    assert (bundle / "frame.tsv").read_text() == f"DQ\t{credit_code(1)}\tDQ\n"
    assert [row["line"] for row in csv.DictReader((bundle / "rejected.csv").read_text("utf-8-sig").splitlines())] == [
        "5"
    ]
    assert json.loads((bundle / "strata-rule.json").read_bytes())["header"] == 3


@pytest.mark.parametrize(
    ("above", "words", "said"),
    [
        ("演示市登记表,,\r\n" * 2, [], "所需的列都在第 3 行；请用 --header 3"),
        ("演示市登记表\r\n" * 19, [], "所需的列都在第 20 行；请用 --header 20"),
        ("\r\n", [], "所需的列都在第 2 行；请用 --header 2"),
        ("", ["--header", 2], "所需的列都在第 1 行；请用 --header 1"),
        ("", ["--header", 0], "所需的列都在第 1 行；请用 --header 1"),
        ("", ["--header", 99], "所需的列都在第 1 行；请用 --header 1"),
    ],
)
def test_a_header_that_stands_elsewhere_is_pointed_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], above: str, words: list[object], said: str
):
    register = tmp_path / "register.csv"
    register.write_text(above + GOOD, encoding="utf-8", newline="")
    good = frame_words(register, tmp_path / "bundle")
    before = listing(tmp_path)

    told = refused(capsys, *good, *words)

    assert told == f"header_elsewhere  {register}: 表头不在所说的那一行：那里没有“{HEADER[1]}”列，{said}"
    assert listing(tmp_path) == before


def test_a_header_too_far_down_or_without_a_column_is_not_pointed_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    register = tmp_path / "register.csv"
    for text in ("演示市登记表,,\r\n" * 20 + GOOD, "演示市登记表,,\r\n" + GOOD.replace(HEADER[2], "区")):
        register.write_text(text, encoding="utf-8", newline="")
        told = refused(capsys, *frame_words(register, tmp_path / "bundle"))

        assert told == f"column_missing  表头里没有“{HEADER[1]}”列；有：演示市登记表、、"
