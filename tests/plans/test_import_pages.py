"""Bringing a table into a draft and taking one away, as somebody who keeps the plan does it on the pages."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook

from gongchou.accounts.roles import RoleCode
from gongchou.audit.models import Line as LogLine
from gongchou.plans.models import PlanVersion
from gongchou.plans.operations import lines as operations
from gongchou.plans.operations import plans
from gongchou.plans.operations.many_lines import CHUNK
from gongchou.registry.models import Item
from tests.factories import plans as factory
from tests.factories.imports import csv_file, workbook
from tests.factories.lists import department_of_lists, keeper_of, make_item
from tests.factories.people import NOW, make_department, official, signed_in
from tests.factories.subjects import make_library, make_subject

pytestmark = [pytest.mark.django_db, pytest.mark.database]

HEAD = ["序号", "抽查计划名称", "抽查事项", "抽查比例", "时间安排"]
GOOD, BAD = ["1", "演示餐饮检查", "A01", "3%", "3—6月"], ["2", "演示药店检查", "A99", "很多", "全年"]


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Any) -> None:
    settings.HOME = tmp_path


@pytest.fixture
def draft() -> PlanVersion:
    make_subject(1)
    make_item("A01", name="演示食品安全检查", frequency={"series": None, "subject": None})
    return factory.make_plan()


@pytest.fixture
def desk(client: Any, draft: PlanVersion) -> Any:
    return signed_in(client, keeper_of(draft.plan.department))


def at(version: PlanVersion, name: str = "import-lines") -> str:
    return reverse(f"plans:{name}", args=[version.pk])


def upload(desk: Any, version: PlanVersion, file: Any) -> Any:
    return desk.post(at(version), {"file": file}, follow=True)


def press(desk: Any, page: Any, button: str, follow: bool = True) -> Any:
    told = {"kept": page.context["kept"], "seen": page.context["found"].news.digest, button: "1"}
    return desk.post(at(page.context["version"]), told, follow=follow)


def counts(page: Any) -> tuple[int, int, int, int]:
    own = page.context
    return own["n_new"], own["n_changed"], own["found"].news.n_same, own["n_bad"]


def table_in(answer: Any) -> list[list[Any]]:
    content = b"".join(answer.streaming_content)
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return list(book.get_sheet_by_index(0).to_python())


def test_a_file_is_looked_at_before_anything_is_written(desk: Any, draft: PlanVersion) -> None:
    page = upload(desk, draft, workbook(["演示市2026年度抽查计划"], HEAD, GOOD, BAD))

    text = page.content.decode()
    assert (page.status_code, counts(page), draft.lines.count()) == (200, (1, 0, 0, 1), 0)
    assert "没有找到已公布的抽查事项“A99”" in text
    assert "确认导入（新增 1，修改 0）" in text
    assert "下载问题行" in text


def test_what_is_good_is_taken_and_what_is_not_is_given_back(desk: Any, draft: PlanVersion) -> None:
    page = upload(desk, draft, workbook(HEAD, GOOD, BAD))

    after = press(desk, page, "confirm")

    assert list(draft.lines.values_list("name", flat=True)) == ["演示餐饮检查"]
    assert (counts(after), "已导入：新增 1 行，修改 0 行；1 行有问题" in after.content.decode()) == ((0, 0, 1, 1), True)
    assert LogLine.objects.filter(verb="lines.imported").count() == 1
    head, *rows = table_in(press(desk, after, "refused", follow=False))
    assert (head, [row[:5] for row in rows]) == ([*HEAD, "问题"], [BAD])
    assert "原文件第 3 行" in rows[0][5]


def test_what_was_exported_and_mended_changes_the_lines_it_came_from(desk: Any, draft: PlanVersion) -> None:
    press(desk, upload(desk, draft, workbook(HEAD, GOOD)), "confirm")
    head, row = table_in(desk.get(at(draft, "export-lines"), {"export": 1}))
    texts = [str(int(cell)) if isinstance(cell, float) else str(cell) for cell in row]
    same = upload(desk, draft, workbook(head, texts))
    texts[head.index("备注")] = "改过"

    page = upload(desk, draft, workbook(head, texts))
    done = press(desk, page, "confirm")

    assert (counts(same), counts(page)) == ((0, 0, 1, 0), (0, 1, 0, 0))
    assert done.redirect_chain[-1][0] == draft.get_absolute_url()
    assert draft.lines.get().note == "改过"


def test_confirming_twice_takes_nothing_twice(desk: Any, draft: PlanVersion) -> None:
    page = upload(desk, draft, workbook(HEAD[1:], GOOD[1:]))
    press(desk, page, "confirm")

    again = press(desk, page, "confirm")

    assert (draft.lines.count(), "没有可以导入的内容" in again.content.decode()) == (1, True)


def test_who_confirms_late_sees_the_news_again(desk: Any, draft: PlanVersion) -> None:
    line = factory.make_line(draft)
    page = upload(desk, draft, workbook(HEAD[:2], ["1", "表格里的名称"]))
    operations.edit_line(line=line, content={"name": "别人的名称"}, by=keeper_of(draft.plan.department), at=NOW)

    again = press(desk, page, "confirm")

    assert ("您核对之后" in again.content.decode(), draft.lines.get().name) == (True, "别人的名称")


def _unworked() -> SimpleUploadedFile:
    """A workbook with a formula that nobody has worked out, as a program leaves it."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("计划")
        sheet.write_row(0, 0, HEAD)
        sheet.write_row(1, 0, GOOD)
        sheet.write_formula(2, 1, "=B2", None, "")
    return SimpleUploadedFile("计划.xlsx", file.getvalue())


WRONG: list[tuple[Any, str]] = [
    (lambda: workbook(["姓名", "电话"], ["甲", "1"]), "没有找到计划行的表头"),
    (lambda: workbook(HEAD), "表头下面没有计划行"),
    (lambda: SimpleUploadedFile("空.csv", b""), "文件是空的"),
    (lambda: SimpleUploadedFile("计划.docx", b"PK\x03\x04"), "不支持这种文件"),
    (lambda: SimpleUploadedFile("计划.xlsx", b"nothing of the kind"), "扩展名"),
    (lambda: SimpleUploadedFile("计划.xls", b"\xd0\xcf\x11\xe0"), "旧版工作簿"),
    (lambda: csv_file(HEAD, ["1", "甲", "", "=A1*2", ""]), "没有算出结果的公式"),
    (_unworked, "公式"),
]


@pytest.mark.parametrize(("file", "told"), WRONG)
def test_a_wrong_file_is_told_what_to_do(desk: Any, draft: PlanVersion, file: Any, told: str) -> None:
    page = upload(desk, draft, file())

    assert (told in page.content.decode(), draft.lines.count()) == (True, 0)


def test_nothing_chosen_is_said(desk: Any, draft: PlanVersion) -> None:
    page = desk.post(at(draft))

    assert (page.status_code, "请选择要上传的文件" in page.content.decode()) == (422, True)


def test_a_file_is_for_who_brought_it_and_for_one_draft(desk: Any, draft: PlanVersion) -> None:
    page = upload(desk, draft, workbook(HEAD, GOOD))
    other = factory.make_plan(year=2027)

    answer = desk.get(at(other), {"kept": page.context["kept"]})
    cut = desk.get(at(draft), {"kept": page.context["kept"][:-2]})

    assert ([answer.status_code, cut.status_code], "请重新上传" in answer.content.decode()) == ([422, 422], True)


def test_a_file_that_was_swept_away_is_said_to_be_so(desk: Any, draft: PlanVersion, settings: Any) -> None:
    page = upload(desk, draft, workbook(HEAD, GOOD))
    for file in (settings.HOME / "imports").iterdir():
        file.unlink()

    assert "请重新上传" in desk.get(at(draft), {"kept": page.context["kept"]}).content.decode()


def test_a_plan_under_review_takes_no_table_and_can_be_taken_away(desk: Any, draft: PlanVersion) -> None:
    factory.make_line(draft, items=[Item.objects.get(code="A01")])
    plans.submit(version=draft, by=keeper_of(draft.plan.department), at=NOW)

    assert [desk.get(at(draft, name)).status_code for name in ("import-lines", "export-lines")] == [409, 302]


def test_the_plan_offers_what_can_be_done(desk: Any, draft: PlanVersion) -> None:
    factory.make_line(draft)

    page = desk.get(draft.get_absolute_url(), follow=True).content.decode()

    assert [words in page for words in ("导入表格", "导出表格", "下载模板")] == [True] * 3


def test_the_template_is_a_workbook_with_an_example(desk: Any, draft: PlanVersion) -> None:
    head, example = table_in(desk.get(at(draft, "line-template")))

    assert (head[:3], "示例行，导入前请删除" in example) == (["序号", "抽查领域", "抽查计划名称"], True)


def test_a_stranger_sees_no_draft(client: Any, draft: PlanVersion) -> None:
    stranger = keeper_of(make_department("XF", department_of_lists().region))

    desk = signed_in(client, stranger)

    assert [desk.get(at(draft, name)).status_code for name in ("import-lines", "export-lines")] == [404, 404]


def test_of_a_joint_plan_each_department_brings_its_own_lines(client: Any, draft: PlanVersion) -> None:
    near = draft.plan.department.region
    member = make_department("WSJK", near, is_conference_member=True)
    make_department("MZ", near)
    joint = factory.make_plan(kind="joint", by=official(RoleCode.CONFERENCE_OFFICE))
    desk = signed_in(client, keeper_of(member))
    head = ["抽查计划名称", "发起部门"]

    page = upload(desk, joint, workbook(head, ["甲", ""], ["乙", "WSJK"], ["丙", "SCJG"], ["丁", "MZ"]))
    press(desk, page, "confirm")

    assert counts(page) == (2, 0, 0, 2)
    assert {row.faults[0].column for row in page.context["found"].reading.bad} == {"发起部门"}
    assert {line.initiator for line in joint.lines.all()} == {member}


# Many rows ----------------------------------------------------------------------------------------

N_BAD = 37


def many_rows(n_rows: int, codes: Sequence[str], member: str) -> list[list[str]]:
    head = [*HEAD, "配合部门", "发起部门", "实施层级", "抽查频次", "抽查基数"]
    rows = [
        [
            str(n),
            f"演示检查{n}",
            "、".join(codes),
            "A3% B4% C5% D6%",
            "3—6月",
            member,
            "",
            "市级、县级",
            "每年1次",
            "60户",
        ]
        for n in range(1, n_rows + 1)
    ]
    for n in range(N_BAD):
        rows[n * (n_rows // N_BAD)][3] = "看着办"
    return [head, *rows]


# By day a few more than two statements take; no statement, page or table grows with what lies beyond.
@pytest.mark.parametrize("n_rows", [2 * CHUNK + 100, pytest.param(5_000, marks=pytest.mark.night)])
def test_many_lines_are_taken_and_the_bad_ones_given_back(desk: Any, draft: PlanVersion, n_rows: int) -> None:
    member = make_department("WSJK", department_of_lists().region, is_conference_member=True)
    make_item("A02")
    page = upload(desk, draft, workbook(*many_rows(n_rows, ["A01", "A02"], member.short_name)))

    press(desk, page, "confirm", follow=False)

    assert (counts(page), draft.lines.count()) == ((n_rows - N_BAD, 0, 0, N_BAD), n_rows - N_BAD)
    assert draft.lines.get(line__number=2).items.count() == 2
    assert draft.lines.get(line__number=2).participants.get() == member
    again = desk.get(at(draft), {"kept": page.context["kept"]})
    assert counts(again) == (0, 0, n_rows - N_BAD, N_BAD)
    assert len(table_in(press(desk, again, "refused", follow=False))) == N_BAD + 1


def test_an_empty_cell_keeps_what_a_line_says_and_a_word_empties_it(desk: Any, draft: PlanVersion) -> None:
    item = Item.objects.get(code="A01")
    factory.make_line(draft, items=[item], note="去年有投诉", lead_unit="餐饮科")
    head = ["序号", "抽查计划名称", "抽查领域", "牵头处室", "备注"]

    page = upload(desk, draft, workbook(head, ["1", "改了的名称", "", "无", ""]))

    ((line, differences),) = page.context["changed"]
    assert [(one.label, one.old, one.new) for one in differences] == [
        ("抽查计划名称", "演示餐饮单位检查", "改了的名称"),
        ("牵头处室", "餐饮科", "无"),
    ]
    press(desk, page, "confirm")
    line.refresh_from_db()
    assert (line.name, line.field, line.lead_unit, line.note) == ("改了的名称", "餐饮服务", "", "去年有投诉")


@pytest.mark.parametrize(("base", "is_bound"), [("", True), ("3", False)])
def test_a_new_line_without_conditions_draws_from_the_library_of_its_item(
    desk: Any, draft: PlanVersion, base: str, is_bound: bool
) -> None:
    library = make_library("PM")
    make_item("A05", name="演示拍卖检查", sub_library=library, subject_kinds=["enterprise"])
    head = ["抽查计划名称", "抽查事项", "抽查比例", "抽查基数"]

    press(desk, upload(desk, draft, workbook(head, ["拍卖检查", "A05", "3%", base])), "confirm")

    expected = factory.pool_of(library, kinds=("enterprise",)) if is_bound else {}
    assert draft.lines.get().pool == expected


def test_a_new_line_of_a_county_draws_from_its_county(desk: Any, draft: PlanVersion) -> None:
    library = make_library("PM")
    make_item("A05", name="演示拍卖检查", sub_library=library, levels=["city", "county"])
    with factory.open_for_writing():
        type(draft.plan.department.region).objects.update(level="county")

    press(desk, upload(desk, draft, workbook(["抽查计划名称", "抽查事项"], ["拍卖检查", "A05"])), "confirm")

    pool = draft.lines.get().pool
    assert (pool["libraries"], pool["regions"]) == ([str(library.pk)], [str(draft.plan.department.region_id)])
