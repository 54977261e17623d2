"""A full register marks whoever it names no more, and deletes nobody."""

from __future__ import annotations

import pytest

from gongchou.audit.guard import open_for_writing
from gongchou.registry.models import Inspector, Subject, SubjectFact
from tests.cli.offices import credit_code
from tests.factories.people import make_department
from tests.factories.subjects import make_subject
from tests.registry.imports.desk import HEADER, STAFF, as_csv, counts, dry_run, keeper, shop, shops, take, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return keeper()


def gone() -> set[str]:
    return set(Subject.objects.exclude(vanished_at=None).values_list("number", flat=True))


def numbers(*own: int) -> set[str]:
    return {credit_code(number) for number in own}


def test_who_stands_in_it_no_more_is_marked_and_stays(by):
    take(by, [HEADER, *shops(10)])

    batch = take(by, [HEADER, *shops(7)], is_full=True)

    assert counts(batch) == {"read": 7, "same": 7, "vanished": 3}
    assert (gone(), Subject.objects.count()) == (numbers(8, 9, 10), 10)
    assert list(SubjectFact.objects.values_list("subject__number", "told").order_by("subject__number")) == [
        (number, "全量更新中未再出现") for number in sorted(numbers(8, 9, 10))
    ]


def test_the_dry_run_tells_how_many_and_marks_none(by):
    take(by, [HEADER, *shops(10)])

    batch = dry_run(upload(by, as_csv([HEADER, *shops(7)]), is_full=True))

    assert counts(batch) == {"read": 7, "same": 7, "vanished": 3}
    assert gone() == set()


def test_a_file_that_is_not_the_whole_register_marks_nobody(by):
    take(by, [HEADER, *shops(10)])

    assert counts(take(by, [HEADER, *shops(7)])) == {"read": 7, "same": 7}
    assert gone() == set()


def test_who_comes_back_is_no_longer_marked(by):
    take(by, [HEADER, *shops(3)])
    take(by, [HEADER, *shops(2)], is_full=True)

    batch = take(by, [HEADER, *shops(3)], is_full=True)

    assert counts(batch) == {"read": 3, "changed": 1, "same": 2}
    assert gone() == set()


def test_who_is_marked_already_is_not_marked_again(by):
    take(by, [HEADER, *shops(3)])
    take(by, [HEADER, *shops(2)], is_full=True)

    batch = take(by, [HEADER, *shops(2)], is_full=True)

    assert counts(batch) == {"read": 2, "same": 2}
    assert SubjectFact.objects.count() == 1


@pytest.mark.parametrize(
    "row", [shop(3, name=""), shop(3, region="演示南区"), shop(3, code=f" '{credit_code(3)}"), shop(3)[:2]]
)
def test_nobody_vanishes_for_a_slip_of_the_pen(by, row):
    take(by, [HEADER, *shops(3)])

    batch = take(by, [HEADER, *shops(2), row], is_full=True)

    assert (batch.n_vanished, gone()) == (0, set())


def test_nobody_vanishes_for_a_code_in_lower_case(by):
    take(by, [HEADER, *shops(3)])

    batch = take(by, [HEADER, *shops(2), shop(3, code=credit_code(3).lower())], is_full=True)

    assert (batch.n_refused, batch.n_vanished, gone()) == (1, 0, set())


def test_the_archived_and_those_of_departments_the_file_does_not_speak_of_are_left_alone(by):
    take(by, [HEADER, *shops(3)])
    other = make_department("DQ", by.department.region, parent=by.department)
    make_subject(50, keeper=other)
    with open_for_writing():
        Subject.objects.filter(number=credit_code(3)).update(state="archived")

    batch = take(by, [HEADER, *shops(1)], is_full=True)

    assert (batch.n_vanished, gone()) == (1, numbers(2))


def test_a_row_of_totals_speaks_of_no_department(by):
    make_department("EAST", by.department.region, parent=by.department)
    take(by, [HEADER, *shops(2)])
    header = ["统一社会信用代码", "名称", "行政区划", "管辖单位"]

    batch = take(by, [header, [credit_code(11), "演示商户11", "演示东区", "EAST"], ["合计", "", "", ""]], is_full=True)

    assert (batch.n_vanished, gone()) == (0, set())


def test_a_full_register_may_speak_of_several_departments(by):
    other = make_department("DQ", by.department.region, parent=by.department)
    make_subject(50, keeper=other)
    take(by, [HEADER, *shops(2)])

    batch = take(by, [[*HEADER, "管辖单位"], [*shop(1), ""], [*shop(60), "DQ"]], is_full=True)

    assert counts(batch) == {"read": 2, "new": 1, "same": 1, "vanished": 2}
    assert gone() == numbers(2, 50)


def test_inspectors_vanish_likewise(by):
    take(by, [STAFF, ["演示甲", "001", "", ""], ["演示乙", "002", "", ""]], kind="inspectors")

    batch = take(by, [STAFF, ["演示甲", "001", "", ""]], kind="inspectors", is_full=True)

    assert counts(batch) == {"read": 1, "same": 1, "vanished": 1}
    assert list(Inspector.objects.exclude(vanished_at=None).values_list("number", flat=True)) == ["002"]
