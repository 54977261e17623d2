"""An empty cell says nothing about a value that is known, unless somebody said that it empties it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gongchou.registry.models import Certificate, ImportBatch, Inspector, Membership, Subject, SubjectFact
from tests.cli.offices import credit_code
from tests.factories.inspectors import make_body, make_inspector
from tests.factories.people import make_department
from tests.factories.subjects import make_library
from tests.registry.imports.desk import HEADER, as_csv, confirm, counts, dry_run, keeper, library, shop, take, upload

pytestmark = pytest.mark.django_db

HEAD = [*HEADER, "联系电话", "成立日期", "主体类别", "经度", "管辖单位", "备注"]
KNOWN = [*shop(1), "0990-1", "2024-01-05", "合作社", "120.5", "", "老店"]
EMPTY = ["演示商户1", credit_code(1), "演示东区", "", "/", "", "", "", "", ""]
PEOPLE = ["姓名", "内部编号", "手机号", "职务", "人员类别", "专家", "执法证号", "发证机关", "有效期至"]
WOMAN = ["演示甲", "001", "0990-2", "科长", "监管人员", "是", "演01", "演示市", "2027-01-01"]
LICENCES = ["信用代码", "分库", "许可证编号", "许可证名称", "发证机关", "有效期至", "需配专家"]


@pytest.fixture
def by():
    return keeper()


def known() -> dict[str, Any]:
    asked = ("address", "phone", "established_on", "kind", "more")
    return dict(Subject.objects.values(*asked).get())


FULL = {
    "address": "第1号",
    "phone": "0990-1",
    "established_on": date(2024, 1, 5),
    "kind": "cooperative",
    "more": {"备注": "老店"},
}


@pytest.mark.parametrize("is_full", [False, True])
def test_an_empty_cell_leaves_what_is_known(by, is_full):
    take(by, [HEAD, KNOWN])

    batch = take(by, [HEAD, EMPTY], is_full=is_full)

    assert counts(batch) == {"read": 1, "same": 1}
    assert known() == FULL
    assert str(Subject.objects.get().longitude) == "120.500000"


def test_what_the_row_does_say_is_taken_beside_its_empty_cells(by):
    take(by, [HEAD, KNOWN])

    take(by, [HEAD, [*EMPTY[:3], "新址", *EMPTY[4:]]])

    assert known() == FULL | {"address": "新址"}
    assert SubjectFact.objects.get(kind="changed").data == {"address": ["第1号", "新址"]}


@pytest.mark.parametrize("is_full", [False, True])
def test_an_empty_cell_empties_where_somebody_said_so(by, is_full):
    take(by, [HEAD, KNOWN])

    batch = take(by, [HEAD, EMPTY], blanks="clear", is_full=is_full)

    assert counts(batch) == {"read": 1, "changed": 1}
    assert known() == {"address": "", "phone": "", "established_on": None, "kind": "trader", "more": {}}
    told = SubjectFact.objects.get(kind="changed").data
    assert (told["address"], told["备注"]) == (["第1号", ""], ["老店", ""])


def test_a_keeper_stays_where_the_cell_for_it_is_empty(by):
    other = make_department("DQ", by.department.region, parent=by.department)
    take(by, [HEAD, [*KNOWN[:8], "DQ", ""]])

    take(by, [HEAD, [*EMPTY[:3], "新址", *EMPTY[4:]]])

    assert Subject.objects.get().keeper == other


def test_the_dry_run_counts_what_would_be_emptied(by):
    take(by, [HEAD, KNOWN, [*shop(2), "", "", "合作社", "", "", ""]])
    rows = as_csv([HEAD, EMPTY, [*shop(2, address=""), "", "", "", "", "", ""], [*shop(3, address=""), *[""] * 6]])

    kept, cleared = dry_run(upload(by, rows)), dry_run(upload(by, rows), "clear")

    assert (kept.blanks, kept.samples["n_emptied"]) == ("keep", 0)
    # Of the first: address, phone, day, kind, longitude, note; of the second: address and kind; the third is new.
    assert (cleared.blanks, cleared.samples["n_emptied"]) == ("clear", 8)


@pytest.mark.parametrize("blanks", ["keep", "clear"])
def test_the_same_file_a_second_time_changes_nothing(by, blanks):
    take(by, [HEAD, KNOWN])
    take(by, [HEAD, EMPTY, shop(2) + [""] * 6], blanks=blanks)
    before, n_facts = library(), SubjectFact.objects.count()

    batch = take(by, [HEAD, EMPTY, shop(2) + [""] * 6], blanks=blanks)

    assert counts(batch) == {"read": 2, "same": 2}
    assert (library(), SubjectFact.objects.count()) == (before, n_facts)


def test_a_file_that_was_taken_may_be_taken_again_to_empty(by):
    take(by, [HEAD, KNOWN])
    take(by, [HEAD, EMPTY])

    take(by, [HEAD, EMPTY], blanks="clear")

    assert known()["address"] == ""


def test_another_choice_after_the_dry_run_counts(by):
    take(by, [HEAD, KNOWN])
    batch = dry_run(upload(by, as_csv([HEAD, EMPTY])), "clear")

    batch = confirm(dry_run(batch, "keep"))

    assert (ImportBatch.objects.get(pk=batch.pk).blanks, known()) == ("keep", FULL)


# Other kinds ------------------------------------------------------------------------------------


def woman() -> dict[str, Any]:
    return dict(Inspector.objects.values("phone", "post", "category", "is_expert").get())


def test_empty_cells_of_an_inspector_leave_what_is_known(by):
    take(by, [PEOPLE, WOMAN], kind="inspectors")

    batch = take(by, [PEOPLE, ["演示甲", "001", "", "", "", "", "演01", "", "2028-01-01"]], kind="inspectors")

    assert counts(batch) == {"read": 1, "changed": 1}
    assert woman() == {"phone": "0990-2", "post": "section_head", "category": "daily", "is_expert": True}
    paper = Certificate.objects.get()
    assert (paper.issued_by, paper.valid_to) == ("演示市", date(2028, 1, 1))


def test_an_expert_by_category_is_one_whatever_the_file_says(by):
    make_inspector("001", by.department, category="expert", third_party=make_body(by.department))

    take(by, [PEOPLE, ["演示甲", "001", "", "", "", "否", "", "", ""]], kind="inspectors")

    assert woman()["is_expert"] is True


def test_empty_cells_of_an_inspector_empty_where_somebody_said_so(by):
    take(by, [PEOPLE, WOMAN], kind="inspectors")
    row = ["演示甲", "001", "", "", "", "", "演01", "", "2027-01-01"]

    checked = dry_run(upload(by, as_csv([PEOPLE, row]), kind="inspectors"), "clear")
    again = [counts(confirm(checked)), counts(take(by, [PEOPLE, row], blanks="clear", kind="inspectors"))]

    assert checked.samples["n_emptied"] == 5  # phone, post, category, expert, issuer
    assert woman() == {"phone": "", "post": "staff", "category": "civil_servant", "is_expert": False}
    assert Certificate.objects.get().issued_by == ""
    assert again == [{"read": 1, "changed": 1}, {"read": 1, "same": 1}]


def test_a_column_that_is_not_there_empties_nothing(by):
    take(by, [PEOPLE, WOMAN], kind="inspectors")

    take(
        by,
        [["姓名", "内部编号", "执法证号", "有效期至"], ["演示甲", "001", "演01", "2028-01-01"]],
        blanks="clear",
        kind="inspectors",
    )

    assert Certificate.objects.get().issued_by == "演示市"
    assert woman()["phone"] == "0990-2"


@pytest.mark.parametrize(
    ("blanks", "counted", "after"),
    [
        ("keep", {"read": 1, "same": 1}, ("许可甲", "演示局", date(2099, 1, 1), True)),
        ("clear", {"read": 1, "changed": 1}, ("", "", None, False)),
    ],
)
def test_empty_cells_of_a_licence(by, blanks, counted, after):
    make_library("food", name="演示餐饮库", department=by.department)
    take(by, [HEADER, shop(1)])
    code = credit_code(1)
    take(by, [LICENCES, [code, "演示餐饮库", "许01", "许可甲", "演示局", "2099-01-01", "是"]], kind="licences")
    row = [code, "演示餐饮库", "许01", "", "", "", ""]

    checked = dry_run(upload(by, as_csv([LICENCES, row]), kind="licences"), blanks)
    batch = confirm(checked)
    again = take(by, [LICENCES, row], blanks=blanks, kind="licences")

    assert (counts(batch), counts(again)) == (counted, {"read": 1, "same": 1})
    assert Membership.objects.values_list("licence_name", "licensed_by", "valid_to", "needs_expert").get() == after
    assert checked.samples["n_emptied"] == (4 if blanks == "clear" else 0)
