"""Inspectors and their certificates from a file."""

from __future__ import annotations

from datetime import date

import pytest

from gongchou.registry.models import Certificate, Inspector, InspectorFact, RefusedRow
from gongchou.registry.operations.certificates import renew_certificate
from tests.factories.inspectors import CANARY, make_body, make_inspector
from tests.factories.people import BY, make_department
from tests.registry.imports.desk import STAFF, counts, keeper, refusals, take

pytestmark = pytest.mark.django_db

GOOD = ["演示甲", "001", "ZJ1", "2027-12-31"]
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
    assert papers() == [("001", "ZJ1", "2027-12-31")]
    assert list(InspectorFact.objects.values_list("told", flat=True)) == [
        "登记执法证件：行政执法证 ZJ1，有效期至 2027-12-31"
    ]


def test_several_certificates_of_a_person_stand_in_several_rows(by):
    batch = take(by, [STAFF, GOOD, ["演示甲", "001", "ZJ2", "2028-01-01"]], **KIND)

    assert refusals(batch) == []
    assert sorted(papers()) == [("001", "ZJ1", "2027-12-31"), ("001", "ZJ2", "2028-01-01")]
    assert batch.n_read == batch.n_new + batch.n_changed + batch.n_same == 2


def test_a_longer_term_is_a_change_that_keeps_the_old_one_in_the_file(by):
    take(by, [STAFF, GOOD], **KIND)

    batch = take(by, [STAFF, [*GOOD[:3], "2029-12-31"]], **KIND)

    assert counts(batch) == {"read": 1, "changed": 1}
    assert Certificate.objects.get().valid_to == date(2029, 12, 31)
    assert InspectorFact.objects.latest("id").told == "执法证件 行政执法证 ZJ1 有效期：2027-12-31→2029-12-31"


@pytest.mark.parametrize(
    ("row", "column", "told"),
    [
        (["演示甲", "", "", ""], "内部编号", "“内部编号”为空，请补全"),
        (["", "001", "", ""], "姓名", "“姓名”为空，请补全"),
        (["演示甲", "001", "ZJ1", ""], "有效期至", "有执法证号而没有有效期，请补全“有效期至”"),
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

    batch = take(by, [STAFF, ["演示乙", "002", "ZJ1", "2027-12-31"]], **KIND)

    assert refusals(batch) == [(2, "执法证号", "该执法证已登记在另一名人员名下，请核对证号")]
    assert Inspector.objects.count() == 1


@pytest.mark.parametrize("number", ["ZJ-1", "zj1", "ＺＪ－１", "ZJ 1"])
def test_a_certificate_stands_once_however_it_is_spelled(by, number):
    take(by, [STAFF, ["演示甲", "001", "ZJ1", "2027-12-31"]], **KIND)

    batch = take(by, [STAFF, ["演示乙", "002", number, "2027-12-31"]], **KIND)

    assert refusals(batch) == [(2, "执法证号", "该执法证已登记在另一名人员名下，请核对证号")]


@pytest.mark.parametrize("number", ["zj1", "ＺＪ－１"])
def test_two_people_with_one_certificate_spelled_in_two_ways_are_both_refused(by, number):
    batch = take(by, [STAFF, GOOD, ["演示乙", "002", number, "2027-12-31"]], **KIND)

    assert [line for line, _, _ in refusals(batch)] == [2, 3]


def test_an_identity_number_with_a_wrong_check_digit_is_refused_and_kept_masked(by):
    wrong = CANARY[:-1] + ("0" if CANARY[-1] != "0" else "1")

    batch = take(by, [[*STAFF, "身份证号"], [*GOOD, wrong]], **KIND)

    assert refusals(batch) == [(2, "身份证号", "“身份证号”的位数、出生日期或校验码不对，请对照证件核对")]
    assert RefusedRow.objects.get().cells[-1] == f"{wrong[:3]}{'*' * 13}{wrong[-2:]}"


def test_two_people_with_one_certificate_in_a_file_are_both_refused(by):
    batch = take(by, [STAFF, GOOD, ["演示乙", "002", "ZJ1", "2027-12-31"]], **KIND)

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


def test_no_row_of_theirs_is_taken_nor_a_certificate_put_on_them(by):
    make_inspector("001", make_department("XF", by.department.region))

    batch = take(by, [STAFF, GOOD, ["演示甲", "001", "ZJ2", "2028-01-01"]], **KIND)

    assert counts(batch) == {"read": 2, "refused": 2}
    assert Certificate.objects.count() == 0


def test_who_was_refused_in_one_row_comes_with_the_next(by):
    batch = take(by, [STAFF, ["演示甲", "001", "ZJ1", ""], ["演示甲", "001", "ZJ2", "2028-01-01"]], **KIND)

    assert counts(batch) == {"read": 2, "new": 1, "refused": 1}
    assert papers() == [("001", "ZJ2", "2028-01-01")]


def test_who_was_refused_for_somebody_elses_certificate_comes_with_the_next(by):
    take(by, [STAFF, GOOD], **KIND)

    batch = take(by, [STAFF, ["演示乙", "002", *GOOD[2:]], ["演示乙", "002", "ZJ2", "2028-01-01"]], **KIND)

    assert counts(batch) == {"read": 2, "new": 1, "refused": 1}
    assert sorted(papers()) == [("001", "ZJ1", "2027-12-31"), ("002", "ZJ2", "2028-01-01")]


def test_a_certificate_of_no_kind_is_of_the_usual_one(by):
    header = [*STAFF, "证件类别"]

    batch = take(by, [header, [*GOOD, ""], ["演示乙", "002", *GOOD[2:], "行政执法证"]], **KIND)

    clash = "原文件第 2 行与第 3 行编号相同而内容不同，无法判断取哪一行。请核实后改成一致，或删去一行"
    assert refusals(batch) == [(2, "执法证号", clash), (3, "执法证号", clash)]


def test_a_whole_identity_number_is_not_kept_for_who_belongs_to_others_either(by):
    make_inspector("001", make_department("XF", by.department.region))

    take(by, [[*STAFF, "身份证号"], [*GOOD, CANARY]], **KIND)

    assert RefusedRow.objects.get().cells[-1] == f"{CANARY[:3]}{'*' * 13}{CANARY[-2:]}"


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        ("2027-12-31", []),
        ("2029-06-30", [(2, "执法证号", "该执法证已换发为“ZJ9”，原证的有效期不再变动。请改填现用的证号和有效期")]),
    ],
)
def test_a_certificate_that_was_replaced_keeps_its_end(by, ends, told):
    take(by, [STAFF, GOOD], **KIND)
    old = Certificate.objects.get()
    renew_certificate(certificate=old, valid_from=date(2028, 1, 1), valid_to=date(2030, 1, 1), number="ZJ9", **BY)

    batch = take(by, [STAFF, [*GOOD[:3], ends]], **KIND)

    assert refusals(batch) == told
    assert sorted(papers()) == [("001", "ZJ1", "2027-12-31"), ("001", "ZJ9", "2030-01-01")]


EXPERT_TOLD = (
    "第三方专家须有所属机构，名册中没有这一项，不能由名册登记或改变。请在“登记检查人员”或本人档案中办理，"
    "此后名册可以更新其他信息"
)


def test_a_third_party_expert_belongs_to_a_body_and_comes_by_hand(by):
    header = [*STAFF, "人员类别"]
    take(by, [STAFF, GOOD], **KIND)

    batch = take(by, [header, [*GOOD, "第三方专家"], ["演示乙", "002", "", "", "第三方专家"]], **KIND)

    assert refusals(batch) == [(2, "人员类别", EXPERT_TOLD), (3, "人员类别", EXPERT_TOLD)]
    assert [one.category for one in Inspector.objects.all()] == ["civil_servant"]


def test_who_is_an_expert_of_a_body_is_kept_current_by_a_file(by):
    expert = make_inspector("001", by.department, category="expert", third_party=make_body(by.department))
    header = ["姓名", "内部编号", "人员类别"]

    batch = take(by, [header, ["演示甲", "001", "第三方专家"]], **KIND)

    expert.refresh_from_db()
    assert (refusals(batch), expert.name, expert.category) == ([], "演示甲", "expert")
