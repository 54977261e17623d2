"""Lists of inspectors and recusals as offices keep them: taken whole, or refused with every wrong row."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import xlsxwriter

from gongchou.cli.people import inspectors_table, recusals_table
from gongchou.draw.errors import DrawError
from gongchou.draw.sentences import sentence
from tests.cli.offices import COMMITTED_AT, credit_code, draft, folder_listing, gongchou, refused, write_draft

TITLES = ["姓名", "编号", "部门", "所属单位(片区)", "负责片区", "技能", "上限", "已有次数"]
PEOPLE = [
    ["演示甲", "I001", "SCJG", "DQ", "XQ、DQ", "lead；food", "9", "0"],
    ["演示乙", "I002", "SCJG", "XQ", "全部", "food", "12", "3"],
    ["演示丙", "I003", "HJ", "DQ", "XQ, DQ;AQ", "", "9", "0"],
    ["演示丁", "I004", "SCJG", "DQ", "*", "-", "9", "0"],
]
TABLE = (
    b"I001\tSCJG\tDQ\tDQ,XQ\tfood,lead\t9\t0\n"
    b"I002\tSCJG\tXQ\t*\tfood\t12\t3\n"
    b"I003\tHJ\tDQ\tAQ,DQ,XQ\t-\t9\t0\n"
    b"I004\tSCJG\tDQ\t*\t-\t9\t0\n"
)
Rows = Sequence[Sequence[str]]
Write = Callable[[Path, Rows], Path]


def as_csv(folder: Path, rows: Rows) -> Path:
    path = folder / "people.csv"
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def as_workbook(folder: Path, rows: Rows) -> Path:
    """Numbers are numbers, as whoever types them into a spreadsheet leaves them."""
    path = folder / "people.xlsx"
    with xlsxwriter.Workbook(path, {"strings_to_numbers": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return path


def refusal_of(path: Path, known: Sequence[str] | None = None, lang: str = "zh") -> list[str]:
    """What is said of a list that is refused, line by line."""
    with pytest.raises(DrawError) as caught:
        inspectors_table(path) if known is None else recusals_table(path, known)
    assert caught.value.place == str(path)
    return [caught.value.code, *sentence(caught.value.code, caught.value.facts, lang=lang).splitlines()]


@pytest.mark.parametrize("write", [as_csv, as_workbook])
def test_a_list_with_a_header_becomes_the_strict_table(tmp_path: Path, write: Write):
    assert inspectors_table(write(tmp_path, [TITLES, *PEOPLE])) == TABLE


def test_order_of_rows_and_columns_and_empty_rows_do_not_matter(tmp_path: Path):
    rows = [TITLES[::-1], *(row[::-1] for row in PEOPLE[::-1]), [""] * 8]

    assert inspectors_table(as_csv(tmp_path, rows)) == TABLE


@pytest.mark.parametrize("home", ["所属单位", "所属单位（片区）", "home_unit"])
def test_the_loads_may_be_left_out_and_columns_may_have_our_names(tmp_path: Path, home: str):
    titles = ["id", "department", home, "pools", "skills", "cap"]

    assert inspectors_table(as_csv(tmp_path, [titles, PEOPLE[0][1:7]])) == TABLE.splitlines(keepends=True)[0]


def test_a_strict_table_is_taken_as_it_is(tmp_path: Path):
    (tmp_path / "inspectors.tsv").write_bytes(TABLE)

    assert inspectors_table(tmp_path / "inspectors.tsv") == TABLE


@pytest.mark.parametrize(
    ("column", "text", "said"),
    [
        ("编号", "", "“编号”为空，请补全"),
        ("编号", "I００1", "“编号”含全角字符，请改为半角"),
        ("编号", " I001", "“编号”前后有空格或制表符，请删去"),
        ("编号", "i001", "“编号”的“i001”不是规范编号"),
        ("部门", "市监局", "“部门”的“市监局”不是规范编号"),
        ("所属单位(片区)", "", "“所属单位(片区)”为空，请补全"),
        ("负责片区", "", "“负责片区”为空，请补全"),
        ("负责片区", "DQ、演示西区", "“负责片区”的“演示西区”不是规范编号"),
        ("负责片区", "全部、DQ", "“负责片区”的“全部”不是规范编号"),
        ("负责片区", "DQ、", "“负责片区”的“DQ、”里有空项，请删去多余的分隔号"),
        ("技能", "食品", "“技能”的“食品”不是规范的技能代码"),
        ("技能", "food、Lead", "“技能”的“Lead”不是规范的技能代码"),
        ("上限", "9次", "“上限”的“9次”不是整数，请只写数字，没有就写 0"),
        ("上限", "", "“上限”的“”不是整数，请只写数字，没有就写 0"),
        ("上限", "9.5", "“上限”的“9.5”不是整数，请只写数字，没有就写 0"),
        ("已有次数", "-1", "“已有次数”的“-1”不是整数，请只写数字，没有就写 0"),
        ("编号", "I002", "“I002”在第 2 行已有，请只留一行"),
    ],
)
def test_a_wrong_cell_is_named_with_row_column_and_remedy(tmp_path: Path, column: str, text: str, said: str):
    row = list(PEOPLE[0])
    row[TITLES.index(column)] = text

    told = refusal_of(as_csv(tmp_path, [TITLES, PEOPLE[1], row]))

    assert told[:2] == ["people_invalid", "有 1 行不能用，什么也没有读入；请改正后再试："]
    assert told[2].startswith(f"  第 3 行：{said}")


def test_every_wrong_row_is_named_up_to_twenty_and_all_are_counted(tmp_path: Path):
    rows = [["x", f"P{n}", "SCJG", "DQ", "*", "", "many"] for n in range(30)]

    told = refusal_of(as_csv(tmp_path, [TITLES[:7], ["x", "Q", "SCJG"], *rows]), lang="en")

    assert told[1] == "31 rows cannot be used and nothing was taken; correct them and try again:"
    assert told[2:4] == [
        "  row 2: cells do not match the header (3/7)",
        "  row 3: “many” in 上限 is no whole number; write digits alone, 0 for none",
    ]
    assert (len(told), told[-1]) == (2 + 20 + 1, "  …")


@pytest.mark.parametrize(
    ("titles", "said"),
    [
        (TITLES[:6], "表头里没有“上限”列；有：姓名、编号、部门、所属单位(片区)、负责片区、技能"),
        ([*TITLES[:7], "cap"], "表头里“上限”列出现不止一次，请改名"),
        ([], "表头里没有“编号”列；有：—"),
        (TITLES, "只有表头，没有一行数据"),
    ],
)
def test_a_list_without_its_columns_or_rows_is_refused(tmp_path: Path, titles: list[str], said: str):
    assert refusal_of(as_csv(tmp_path, [titles] if titles else []))[1:] == [said]


def test_the_example_of_the_guide_is_taken(tmp_path: Path):
    guide = (Path(__file__).parents[2] / "docs" / "draw.md").read_text(encoding="utf-8")
    (tmp_path / "people.csv").write_text(guide.split("```csv\n")[1].split("```")[0], encoding="utf-8")

    assert inspectors_table(tmp_path / "people.csv").decode().splitlines() == [
        "I001\tSCJG\tDQ\tDQ,XQ\tfood,lead\t12\t0",
        "I002\tSCJG\tXQ\t*\t-\t12\t3",
    ]


# Recusals ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("write", [as_csv, as_workbook])
def test_recusals_become_the_strict_table(tmp_path: Path, write: Write):
    rows = [["编号", "姓名", "对象"], ["I002", "演示乙", credit_code(5)], ["I001", "演示甲", credit_code(5)]]

    made = recusals_table(write(tmp_path, rows), ["I001", "I002"])

    assert made.decode() == f"I001\t{credit_code(5)}\nI002\t{credit_code(5)}\n"


def test_nobody_need_be_recused(tmp_path: Path):
    assert recusals_table(as_csv(tmp_path, [["编号", "对象"]]), []) == b""


def test_a_wrong_recusal_is_named_with_its_row(tmp_path: Path):
    rows = [["编号", "对象"], ["I001", credit_code(5)], ["I009", credit_code(5)], ["I001", "商户"]]
    rows += [["I001", credit_code(5)]]

    told = refusal_of(as_csv(tmp_path, rows), ["I001"])

    assert told[2] == "  第 3 行：“编号”的“I009”不在人员名录中，请核对编号"
    assert told[3].startswith("  第 4 行：“对象”的“商户”不是规范编号")
    assert told[4:] == [f"  第 5 行：“I001 {credit_code(5)}”在第 2 行已有，请只留一行"]


# At the commit ----------------------------------------------------------------------------------


def test_a_commitment_takes_lists_as_offices_keep_them(framed: Path):
    folder = framed.parent
    (folder / "avoid").mkdir()
    avoid = as_csv(folder / "avoid", [["编号", "对象"], ["I001", credit_code(5)]])
    people = as_workbook(folder, [TITLES, *PEOPLE])

    words = ("--params", write_draft(folder, draft()), "--inspectors", people, "--avoid", avoid)
    code = gongchou("commit", framed, *words, "--at", COMMITTED_AT)

    assert code == 0
    assert (framed / "inspectors.tsv").read_bytes() == TABLE
    assert (framed / "avoid.tsv").read_text() == f"I001\t{credit_code(5)}\n"


def test_a_commitment_with_a_wrong_list_writes_nothing(framed: Path, capsys: pytest.CaptureFixture[str]):
    people = as_csv(framed.parent, [TITLES, ["演示甲", "I001", "市监局", "DQ", "*", "", "9", "0"]])
    words = ("--params", write_draft(framed.parent, draft()), "--inspectors", people, "--at", COMMITTED_AT)
    before = folder_listing(framed)

    told = refused(capsys, "commit", framed, *words)

    assert told.startswith(
        f"people_invalid  {people}: 有 1 行不能用，什么也没有读入；请改正后再试：\n  第 2 行：“部门”"
    )
    assert folder_listing(framed) == before
