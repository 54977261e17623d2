"""Inspectors and their certificates from a file."""

from __future__ import annotations

from datetime import date

import pytest

from gongchou.registry.models import Certificate, Inspector, InspectorFact, RefusedRow
from tests.factories.inspectors import CANARY, make_inspector
from tests.factories.people import make_department
from tests.registry.imports.desk import STAFF, counts, keeper, refusals, take

pytestmark = pytest.mark.django_db

GOOD = ["演示甲", "001", "ZJ-1", "2027-12-31"]
KIND = {"kind": "inspectors"}


@pytest.fixture
def by():
    return keeper()


def papers() -> list[tuple[str, str, str]]:
    asked = ("inspector__number", "number", "valid_to")
    return [(who, number, str(until)) for who, number, until in Certificate.objects.values_list(*asked)]


def test_a_person_comes_with_her_certificate_and_nothing_changes_the_second_time(by):
    first = take(by, [STAFF, GOOD], **KIND)
    second = take(by, [STAFF, GOOD], **KIND)

    assert (counts(first), counts(second)) == ({"read": 1, "new": 1}, {"read": 1, "same": 1})
    assert Inspector.objects.values_list("name", "initials", "category", "department__code").get() == (
        "演示甲",
        "ysj",
        "civil_servant",
        "SCJG",
    )
    assert papers() == [("001", "ZJ-1", "2027-12-31")]
    assert list(InspectorFact.objects.values_list("told", flat=True)) == [
        "登记执法证件：行政执法证 ZJ-1，有效期至 2027-12-31"
    ]


def test_several_certificates_of_a_person_stand_in_several_rows(by):
    batch = take(by, [STAFF, GOOD, ["演示甲", "001", "ZJ-2", "2028-01-01"]], **KIND)

    assert refusals(batch) == []
    assert sorted(papers()) == [("001", "ZJ-1", "2027-12-31"), ("001", "ZJ-2", "2028-01-01")]
    assert batch.n_read == batch.n_new + batch.n_changed + batch.n_same == 2


def test_a_longer_term_is_a_change_that_keeps_the_old_one_in_the_file(by):
    take(by, [STAFF, GOOD], **KIND)

    batch = take(by, [STAFF, [*GOOD[:3], "2029-12-31"]], **KIND)

    assert counts(batch) == {"read": 1, "changed": 1}
    assert Certificate.objects.get().valid_to == date(2029, 12, 31)
    assert InspectorFact.objects.latest("id").told == "执法证件 行政执法证 ZJ-1 有效期：2027-12-31→2029-12-31"


@pytest.mark.parametrize(
    ("row", "column", "told"),
    [
        (["演示甲", "", "", ""], "内部编号", "“内部编号”为空，请补全"),
        (["", "001", "", ""], "姓名", "“姓名”为空，请补全"),
        (["演示甲", "001", "ZJ-1", ""], "有效期至", "有执法证号而没有有效期，请补全“有效期至”"),
        (
            ["演示甲", "1.2E+11", "", ""],
            "内部编号",
            "“内部编号”被表格软件变成了数字，末几位已丢失。请从原系统重新导出，先把该列设为“文本”再粘贴",
        ),
    ],
)
def test_what_is_wrong_with_a_person_is_said(by, row, column, told):
    assert refusals(take(by, [STAFF, row], **KIND)) == [(2, column, told)]


def test_a_certificate_that_another_holds_is_refused(by):
    take(by, [STAFF, GOOD], **KIND)

    batch = take(by, [STAFF, ["演示乙", "002", "ZJ-1", "2027-12-31"]], **KIND)

    assert refusals(batch) == [(2, "执法证号", "该执法证已登记在另一名人员名下，请核对证号")]
    assert Inspector.objects.count() == 1


def test_two_people_with_one_certificate_in_a_file_are_both_refused(by):
    batch = take(by, [STAFF, GOOD, ["演示乙", "002", "ZJ-1", "2027-12-31"]], **KIND)

    clash = "原文件第 2 行与第 3 行编号相同而内容不同，无法判断取哪一行。请核实后改成一致，或删去一行"
    assert refusals(batch) == [(2, "执法证号", clash), (3, "执法证号", clash)]


def test_a_whole_identity_number_is_kept_nowhere(by, settings):
    header = [*STAFF, "身份证号"]
    take(by, [header, [*GOOD, CANARY], ["", "002", "", "", CANARY]], **KIND)

    masked = f"{CANARY[:3]}{'*' * 13}{CANARY[-2:]}"
    assert Inspector.objects.get().masked_id == masked
    assert RefusedRow.objects.get().cells[-1] == masked


def test_people_of_another_department_are_not_taken_over(by):
    make_inspector("001", make_department("XF", by.department.region))

    batch = take(by, [STAFF, GOOD], **KIND)

    told = "该对象现由“XF”管辖，不在您的范围内。确需调整的，请与该单位商定移交"
    assert refusals(batch) == [(2, "内部编号", told)]
    assert Certificate.objects.count() == 0
