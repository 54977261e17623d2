"""Which subjects are in which sub-library, from a file of licences."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from gongchou.accounts.models import Region
from gongchou.accounts.operations import rename_region
from gongchou.registry.models import Membership, SubjectFact
from gongchou.registry.operations.papers import expire_papers
from gongchou.registry.operations.subjects import leave_library
from tests.cli.offices import credit_code
from tests.factories.people import BY, NOW, make_department, make_region
from tests.factories.subjects import make_library, make_subject
from tests.registry.imports.desk import counts, keeper, refusals, take

pytestmark = pytest.mark.django_db

HEADER = ["统一社会信用代码", "分库", "许可证编号", "有效期至"]
KIND = {"kind": "licences"}


@pytest.fixture
def by():
    user = keeper()
    for number in (1, 2, 3):
        make_subject(number)
    make_library("CY", is_licensed=True)
    make_library("LT")
    return user


def licence(number: int, library: str = "CY", paper: str = "XK-1", until: str = "2030-01-01") -> list[str]:
    return [credit_code(number), library, paper, until]


def entries() -> list[tuple[str, ...]]:
    asked = ("subject__number", "sub_library__code", "licence_no", "valid_to", "state")
    return sorted(tuple(map(str, own)) for own in Membership.objects.values_list(*asked))


def test_subjects_enter_by_their_licence_and_nothing_changes_the_second_time(by):
    rows = [HEADER, licence(1), licence(1, paper="XK-2"), licence(2, "演示分库LT", "", "长期")]
    first, second = take(by, rows, **KIND), take(by, rows, **KIND)

    assert (counts(first), counts(second)) == ({"read": 3, "new": 3}, {"read": 3, "same": 3})
    assert entries() == sorted(
        [
            (credit_code(1), "CY", "XK-1", "2030-01-01", "active"),
            (credit_code(1), "CY", "XK-2", "2030-01-01", "active"),
            (credit_code(2), "LT", "", "9999-09-09", "active"),
        ]
    )


def test_a_licence_that_has_run_out_takes_its_entry_out_of_the_pools(by):
    take(by, [HEADER, licence(1)], **KIND)

    batch = take(by, [HEADER, licence(1, until="2020-01-01")], **KIND)

    assert counts(batch) == {"read": 1, "changed": 1}
    assert Membership.objects.values_list("state", "state_reason").get() == ("inactive", "许可于 2020-01-01 到期")
    told = "演示分库CY（XK-1） 有效期至：2030-01-01→2020-01-01；状态：有效→失效"
    assert SubjectFact.objects.latest("id").told == told


@pytest.mark.parametrize(
    ("row", "column", "told"),
    [
        (licence(1, paper=""), "许可证编号", "该分库凭许可入库，请填许可证编号"),
        (licence(1, "酒店"), "分库", "“酒店”不是您可维护的分库，请核对名称或编码"),
        (licence(1, ""), "分库", "没有分库，请填分库名称或编码"),
        (["", "CY", "XK-1", ""], "统一社会信用代码", "没有统一社会信用代码或编号，请补全"),
        (
            licence(9),
            "统一社会信用代码",
            f"库中没有“{credit_code(9)}”，或它不在本部门辖区。请先导入检查对象",
        ),
    ],
)
def test_what_is_wrong_with_a_licence_is_said(by, row, column, told):
    assert refusals(take(by, [HEADER, row], **KIND)) == [(2, column, told)]


def test_subjects_elsewhere_are_told_like_those_that_do_not_exist(by):
    make_subject(4, keeper=make_department("YS", make_region("9902", "演示远市")))

    batch = take(by, [HEADER, licence(4)], **KIND)

    assert refusals(batch) == [
        (2, "统一社会信用代码", f"库中没有“{credit_code(4)}”，或它不在本部门辖区。请先导入检查对象")
    ]


def test_the_same_licence_with_two_ends_contradicts_itself(by):
    batch = take(by, [HEADER, licence(1), licence(1, "演示分库CY", until="2031-01-01"), licence(2)], **KIND)

    clash = "原文件第 2 行与第 3 行编号相同而内容不同，无法判断取哪一行。请核实后改成一致，或删去一行"
    assert counts(batch) == {"read": 3, "new": 1, "refused": 2}
    assert [(line, told) for line, _, told in refusals(batch)] == [(2, clash), (3, clash)]


def entry() -> tuple[str, ...]:
    return Membership.objects.values_list("state", "cause", "state_reason").get()


def test_a_renewed_licence_brings_back_what_the_job_of_the_day_took_out(by):
    soon = timezone.localdate() + timedelta(days=1)
    take(by, [HEADER, licence(1, until=soon.isoformat())], **KIND)
    expire_papers(day=soon + timedelta(days=1), at=NOW)
    after_the_job = entry()

    batch = take(by, [HEADER, licence(1, until="2099-01-01")], **KIND)

    assert after_the_job == ("inactive", "expired", f"许可于 {soon} 到期")
    assert (counts(batch), entry()) == ({"read": 1, "changed": 1}, ("active", "", ""))


def test_what_somebody_took_out_stays_out_whatever_a_file_says(by):
    take(by, [HEADER, licence(1)], **KIND)
    leave_library(membership=Membership.objects.get(), reason="停业", by=by, at=NOW)

    take(by, [HEADER, licence(1, until="2099-01-01")], **KIND)

    assert entry() == ("inactive", "ended", "停业")


def test_subjects_of_a_region_that_was_renamed_are_found(by):
    east = Region.objects.get(code="990101")
    make_subject(4, region=east)
    rename_region(region=east, code="990101", name="演示新东区", on=date(2026, 1, 1), **BY)

    batch = take(by, [HEADER, licence(4)], **KIND)

    assert counts(batch) == {"read": 1, "new": 1}
