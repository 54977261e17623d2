"""The lines of a plan as a table: what is exported comes back unchanged, what officials write is understood."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongchou.audit.models import Line as LogLine
from gongchou.plans.layout.columns import COLUMNS
from gongchou.plans.layout.known import known_to
from gongchou.plans.layout.news import News, compare, standing
from gongchou.plans.layout.reading import Reading, open_table, read_table
from gongchou.plans.layout.spans import read_span
from gongchou.plans.layout.writing import export_rows, write_refused, write_template
from gongchou.plans.models import LineVersion, PlanVersion
from gongchou.plans.operations import lines as operations
from gongchou.refusal import Refused
from gongchou.sheets.writing import write_table
from tests.factories import plans as factory
from tests.factories.imports import workbook
from tests.factories.lists import department_of_lists, keeper_of, make_item, make_joint_item, make_matter, so_often
from tests.factories.many import FEW_AND_MANY
from tests.factories.people import NOW, make_department
from tests.factories.subjects import make_library

pytestmark = [pytest.mark.django_db, pytest.mark.database]

HEAD = ["序号", "抽查计划名称", "抽查事项", "抽查比例", "配合部门", "开始日期", "结束日期", "时间安排"]


def kept(tmp_path: Path, file: Any, name: str = "计划.xlsx") -> Path:
    path = tmp_path / name
    path.write_bytes(file.read() if hasattr(file, "read") else file)
    return path


def read(path: Path, version: PlanVersion, check: Any = lambda department: None) -> tuple[Reading, News]:
    lines, department = standing(version), version.plan.department
    reading = read_table(open_table(path), known_to(version.plan), lines, department, check)
    return reading, compare(reading.good, lines)


def read_rows(tmp_path: Path, version: PlanVersion, *rows: Sequence[Any]) -> tuple[Reading, News]:
    return read(kept(tmp_path, workbook(*rows)), version)


def take(version: PlanVersion, reading: Reading, seen: str = "") -> None:
    told = {"file_name": "演示.xlsx", "file_digest": "0" * 64, "seen": seen}
    by = keeper_of(version.plan.department)
    operations.import_lines(version=version, rows=reading.good, **told, by=by, at=NOW)


def exported(tmp_path: Path, version: PlanVersion) -> Path:
    file = BytesIO()
    write_table(file, export_rows(standing(version), known_to(version.plan)), title="计划行")
    return kept(tmp_path, file.getvalue(), f"{version.pk}.xlsx")


def contents(version: PlanVersion) -> list[tuple[Any, ...]]:
    rows = version.lines.prefetch_related("items", "participants").order_by("line__number")
    return [(row.number, *(_value(row, name) for name in LineVersion.content)) for row in rows]


def _value(row: LineVersion, name: str) -> Any:
    value = getattr(row, name)
    return {one.pk for one in value.all()} if hasattr(value, "all") else value


@pytest.fixture
def member() -> Any:
    near = department_of_lists()
    return make_department("WSJK", near.region, function="health", is_conference_member=True)


@pytest.fixture
def full(member: Any) -> PlanVersion:
    """Lines that use every column there is."""
    version = factory.make_plan()
    items = [make_item("A01", name="演示食品生产、经营检查").item, make_item("A02").item]
    library = make_library("CY", name="餐饮服务库")
    more: dict[str, Any] = {
        "kinds": ("enterprise", "trader"),
        "grades": ("C", ""),
        "scales": ("small", "micro"),
        "industries": ("H62",),
        "licences": ("食品经营许可证",),
    }
    more |= {"not_visited_since": date(2025, 1, 31), "regions": (str(department_of_lists().region_id),)}
    factory.make_line(
        version, items=items, participants=[member], pool=factory.pool_of(library, **more), bases={"": 60, "高校": 3},
        joint_item=make_joint_item("L01").joint_item, matter=make_matter("Z01").matter, rounds=2, by_district=True,
        is_risk_based=True, ratio=factory.by_grade(A="3%", B="4%"), frequency=so_often("每年不少于1次"),
        check_type="targeted", category="key", mode="city_county", form="by_risk", levels=["city", "county"],
        lead_unit="餐饮科", inspecting="县级局", trade="餐饮", note="=备注\n第二行", time_note="3—6月、9—11月",
    )  # fmt: skip
    factory.make_line(version, name="演示最少的一行", ratio={}, field="", levels=[], begins_on=None, ends_on=None)
    return version


# There and back -----------------------------------------------------------------------------------


def test_what_is_exported_changes_nothing_when_it_comes_back(tmp_path: Path, full: PlanVersion) -> None:
    reading, news = read(exported(tmp_path, full), full)

    assert ([row.faults for row in reading.bad], news.new, news.changed, news.n_same) == ([], [], [], 2)


def test_what_is_exported_makes_the_same_plan_of_an_empty_one(tmp_path: Path, full: PlanVersion) -> None:
    path, before = exported(tmp_path, full), contents(full)
    for line in full.lines.all():
        operations.drop_line(line=line, reason="演示", by=keeper_of(full.plan.department), at=NOW)

    reading, news = read(path, full)
    assert ([row.faults for row in reading.bad], len(news.new)) == ([], 2)
    take(full, reading)

    assert contents(full) == before


def test_every_column_of_a_line_has_its_column_in_the_table() -> None:
    own = {column.field for column in COLUMNS}

    assert own - {"number", "libraries", "conditions"} | {"pool"} == set(LineVersion.content)
    words = [word for column in COLUMNS for word in (column.label, *column.words)]
    assert sorted(words) == sorted(set(words))


@pytest.mark.parametrize("n", FEW_AND_MANY)
def test_an_export_asks_as_often_for_many_lines(n: int, member: Any) -> None:
    version, item = factory.make_plan(), make_item("A01").item
    for number in range(n):
        factory.make_line(version, name=f"第{number}行", items=[item], participants=[member])

    with CaptureQueriesContext(
        connection,
    ) as asked:
        rows = list(export_rows(standing(version), known_to(version.plan)))

    assert (len(rows), len(asked)) == (n + 1, N_QUERIES)


N_QUERIES = 13


# As officials write it ----------------------------------------------------------------------------


def test_a_plan_as_it_is_kept_is_read(tmp_path: Path, member: Any) -> None:
    make_item("A01", name="演示食品安全检查")
    make_item("A02", name="演示价格检查")
    make_library("CY", name="餐饮服务库")
    version = factory.make_plan()
    head = [
        "序号",
        "抽查任务名称",
        "抽查领域",
        "抽查类型",
        "事项类别",
        "抽查事项",
        "抽查对象",
        "分库",
        "抽查基数",
        "抽查比例（%）",
    ]
    head += ["抽查时间", "牵头部门", "参与部门", "实施层级", "自编栏"]
    row = [
        "1",
        "演示餐饮检查",
        "餐饮服务",
        "不定向抽查",
        "重点",
        "A01；演示价格检查",
        "餐饮单位",
        "餐饮服务库",
        "1,200户",
    ]
    row += ["市级2% 区级10%", "3—6月", "", "WSJK", "市县联动", "其他"]
    reading, _ = read_rows(tmp_path, version, ["2026年度抽查计划"], head, row)
    assert [row.faults for row in reading.bad] == []
    take(version, reading)

    line = version.lines.get()
    assert reading.table.unknown == ["自编栏"]
    assert sorted(item.code for item in line.items.all()) == ["A01", "A02"]
    assert (line.check_type, line.category, line.bases, line.levels) == (
        "non_targeted",
        "key",
        {"": 1200},
        ["city", "county"],
    )
    assert (line.ratio_words, line.begins_on, line.ends_on) == ("市级2%；县级10%", date(2026, 3, 1), date(2026, 6, 30))
    assert (line.time_note, line.initiator, list(line.participants.all())) == ("", version.plan.department, [member])
    assert len(line.pool["libraries"]) == 1


def test_a_month_in_the_columns_of_days_is_its_first_and_its_last_day(tmp_path: Path) -> None:
    head = ["抽查计划名称", "开始时间", "结束时间", "时间安排"]
    reading, _ = read_rows(tmp_path, factory.make_plan(), head, ["甲", "3月", "2026年11月", "分两批"])

    own = reading.good[0].content
    assert (own["begins_on"], own["ends_on"], own["time_note"]) == (date(2026, 3, 1), date(2026, 11, 30), "分两批")


SPANS = {
    "3—6月": ((3, 1), (6, 30)),
    "4-10月": ((4, 1), (10, 31)),
    "全年": ((1, 1), (12, 31)),
    "上半年": ((1, 1), (6, 30)),
    "9月": ((9, 1), (9, 30)),
    "第三季度": ((7, 1), (9, 30)),
    "2026年3月-11月": ((3, 1), (11, 30)),
    "3月1日至11月15日": ((3, 1), (11, 15)),
}


@pytest.mark.parametrize("text", SPANS)
def test_a_stretch_of_months_is_its_first_and_last_day(text: str) -> None:
    assert read_span(text, 2026) == tuple(date(2026, *day) for day in SPANS[text])


@pytest.mark.parametrize(
    "text", ["", "按工作安排", "3月、9月", "9月底前", "2025年9月", "11月-3月", "13月", "2月30日-3月1日"]
)
def test_what_is_no_stretch_stays_as_it_is(text: str) -> None:
    assert read_span(text, 2026) is None


WRONG = [  # column, cell -> what is said
    ("抽查事项", "A99", "没有找到已公布的抽查事项“A99”"),
    ("抽查事项", "草稿事项", "没有找到已公布的抽查事项“草稿事项”"),
    ("抽查比例", "看着办", "不是能识别的抽查比例"),
    ("配合部门", "XF", "不是联席会议成员单位"),
    ("配合部门", "SCJG", "不必再列为配合部门"),
    ("开始日期", "2025-03-01", "不在2026年度内"),
    ("开始日期", "三月", "不是日期"),
    ("结束日期", "2026-01-01", "早于开始日期"),
    ("时间安排", "长" * 61, "请缩短"),
    ("序号", "一", "整数"),
    ("抽查计划名称", "", "没有填写抽查计划名称"),
    ("发起部门", "XF", "不能作为这份计划的发起部门"),
    ("抽查类型", "随便", "请填：定向、不定向"),
    ("全年抽取次数", "13", "1至12"),
    ("抽查基数", "很多", "不是户数"),
    ("其他名单条件", "大企业", "名单条件"),
    ("信用风险分类", "也许", "请填：是、否"),
    ("实施层级", "部级", "乡镇级"),
    ("备注", "=A1+B1", "没有算出结果的公式"),
]  # fmt: skip


@pytest.mark.parametrize(("column", "cell", "told"), WRONG)
def test_what_is_wrong_is_said_in_its_cell(tmp_path: Path, column: str, cell: str, told: str) -> None:
    make_item("B01", published=False, name="草稿事项")
    make_department("XF", department_of_lists().region)
    row = {"序号": "7", "抽查计划名称": "演示检查", "开始日期": "2026-03-01", "结束日期": "2026-05-01", column: cell}

    reading, news = read_rows(tmp_path, factory.make_plan(), list(row), list(row.values()))

    assert (news.new, [len(bad.faults) for bad in reading.bad]) == ([], [1])
    fault = reading.bad[0].faults[0]
    assert fault.column == column
    assert told in fault.told


def test_a_name_of_several_things_is_not_guessed(tmp_path: Path) -> None:
    other = make_department("WSJK", department_of_lists().region)
    for code in ("B01", "B02"):
        make_item(code, name="演示同名检查", owner=other)

    reading, _ = read_rows(tmp_path, factory.make_plan(), ["抽查计划名称", "抽查事项"], ["演示", "演示同名检查"])

    assert "有2个已公布的抽查事项叫“演示同名检查”" in reading.bad[0].faults[0].told


@pytest.mark.parametrize(
    ("heading", "cell", "told"),
    [("抽查比例", "0.03", "3%"), ("抽查比例（%）", "3", "3%"), ("抽查比例（％）", "0.03", ""), ("抽查比例", "3", "")],
)
def test_a_bare_number_is_a_ratio_only_where_it_can_mean_one_thing(
    tmp_path: Path, heading: str, cell: str, told: str
) -> None:
    version = factory.make_plan()
    reading, _ = read_rows(tmp_path, version, ["抽查计划名称", heading], ["甲", cell])
    take(version, reading) if told else None

    assert ([line.ratio_words for line in version.lines.all()], bool(reading.bad)) == ([told] * bool(told), not told)


def test_rows_that_are_only_numbered_are_passed_over(tmp_path: Path) -> None:
    reading, _ = read_rows(tmp_path, factory.make_plan(), HEAD, ["1", "甲"], ["2", ""], ["3", " "])

    assert (len(reading.good), reading.bad) == (1, [])


# Nothing twice ------------------------------------------------------------------------------------


def test_the_number_of_a_line_changes_that_line_and_only_what_the_file_says(tmp_path: Path, full: PlanVersion) -> None:
    first = full.lines.get(line__number=1)
    reading, news = read_rows(
        tmp_path, full, ["序号", "抽查计划名称", "抽查比例"], ["1", first.name, "5%"], ["9", "新的一行", ""]
    )
    take(full, reading)

    assert [list(own) for _, own in news.changed] == [["ratio"]]
    changed = full.lines.get(line__number=1)
    assert (changed.ratio_words, changed.note, changed.items.count()) == ("5%", first.note, 2)
    assert full.lines.get(line__number=9).name == "新的一行"
    log = LogLine.objects.filter(verb="lines.imported").get()
    assert '"n_changed":1' in log.data
    assert '"n_new":1' in log.data


def test_a_table_that_comes_twice_is_taken_once(tmp_path: Path) -> None:
    version = factory.make_plan()
    rows = [["抽查计划名称", "时间安排"], ["甲", "3—6月"], ["乙", "年底"], ["甲", "3—6月"]]
    reading, news = read_rows(tmp_path, version, *rows)
    assert (len(news.new), "与第2行内容完全相同" in reading.bad[0].faults[0].told) == (2, True)
    take(version, reading)

    _, news = read_rows(tmp_path, version, *rows)

    assert (news.new, news.changed, news.n_same) == ([], [], 2)


def test_a_number_that_stands_twice_in_a_file_is_refused(tmp_path: Path) -> None:
    reading, news = read_rows(tmp_path, factory.make_plan(), HEAD[:2], ["1", "甲"], ["1", "乙"])

    assert (len(news.new), reading.bad[0].faults[0].told) == (
        1,
        "序号1在第2行已经用过。请改成不同的序号，或清空由系统编号。",
    )


def test_a_dropped_line_that_comes_back_is_the_same_line(tmp_path: Path, full: PlanVersion) -> None:
    path, line = exported(tmp_path, full), full.lines.get(line__number=2).line
    operations.drop_line(line=full.lines.get(line=line), reason="演示", by=keeper_of(full.plan.department), at=NOW)

    take(full, read(path, full)[0])

    assert full.lines.get(line__number=2).line == line


def test_who_confirms_what_is_other_by_now_takes_nothing_back(tmp_path: Path, full: PlanVersion) -> None:
    reading, news = read_rows(tmp_path, full, ["序号", "抽查计划名称"], ["1", "表格里的名称"])
    line = full.lines.get(line__number=1)
    operations.edit_line(line=line, content={"name": "别人的名称"}, by=keeper_of(full.plan.department), at=NOW)

    with pytest.raises(Refused, match=r"plans\.import_moved"):
        take(full, reading, seen=news.digest)

    assert full.lines.get(line__number=1).name == "别人的名称"


def test_what_a_person_may_not_write_is_refused_in_the_operation_as_well(tmp_path: Path, full: PlanVersion) -> None:
    reading, _ = read_rows(tmp_path, full, HEAD[:2], ["9", "新的一行"])
    stranger = keeper_of(make_department("XF", department_of_lists().region))

    with pytest.raises(Refused):
        operations.import_lines(version=full, rows=reading.good, file_name="", file_digest="", by=stranger, at=NOW)

    assert full.lines.count() == 2


# Files --------------------------------------------------------------------------------------------


def test_a_file_without_our_headings_says_so(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"plans\.import_header"):
        open_table(kept(tmp_path, workbook(["姓名", "电话"], ["甲", "1"])))


def test_a_table_of_headings_alone_says_so(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"plans\.import_empty"):
        read_rows(tmp_path, factory.make_plan(), HEAD)


def test_the_template_holds_nothing_to_import_and_knows_its_own_columns(tmp_path: Path) -> None:
    version, file = factory.make_plan(), BytesIO()
    write_template(file, version.plan)
    path = kept(tmp_path, file.getvalue())

    table = open_table(path)

    assert (table.source.sheet, table.unknown, len(table.fields)) == ("计划行", [], len(COLUMNS))
    with pytest.raises(Refused, match=r"plans\.import_empty"):
        read(path, version)


def test_the_example_of_the_template_would_be_taken_without_its_mark(tmp_path: Path) -> None:
    version = factory.make_plan()
    shown = {column.label: str(column.example) for column in COLUMNS if column.field != "note"}

    reading, news = read_rows(tmp_path, version, list(shown), list(shown.values()))

    assert ([bad.faults for bad in reading.bad], len(news.new)) == ([], 1)


def test_refused_rows_go_out_as_they_came_and_come_back_mended(tmp_path: Path) -> None:
    version = factory.make_plan()
    head = [*HEAD[:2], "自编栏", "抽查比例"]
    reading, _ = read_rows(tmp_path, version, head, ["1", "甲", "其他", "3%"], ["2", "乙", "其他", "很多"])
    file = BytesIO()
    write_refused(file, reading)

    again, _ = read(kept(tmp_path, file.getvalue(), "问题.xlsx"), version)

    assert again.table.headings == [*head, "问题"]
    assert again.bad[0].cells[:4] == ["2", "乙", "其他", "很多"]
    assert again.bad[0].cells[4].startswith("原文件第 3 行：抽查比例：“很多”不是能识别的抽查比例")
    assert again.table.unknown == ["自编栏"]
