"""Demands read from the words of documents, and where they apply."""

from __future__ import annotations

from datetime import date

import pytest

from gongchou.plans import norms
from gongchou.plans.operations import norms as operations
from gongchou.plans.queries.norms import norms_for
from gongchou.plans.rules.norms import check_pattern, number_of
from gongchou.refusal import Refused
from tests.factories import plans as factory
from tests.factories.lists import department_of_lists, keeper_of
from tests.factories.people import NOW, make_region


@pytest.mark.parametrize(
    ("code", "text", "kept"),
    [
        ("plan_due", "1月31日", "1月31日"),
        ("plan_due", " 1 月 31 日前 ", "1月31日"),
        ("coverage", "100%", "不低于100%"),
        ("joint_tasks", "50%以上", "不低于50%"),
        ("joint_tasks", "≥ 40 %", "不低于40%"),
        ("risk_tasks", "要超过80%", "超过80%"),
        ("risk_tasks", "要达到80%以上", "不低于80%"),
        ("risk_tasks", "＞80%", "超过80%"),
        ("campaigns", "2次", "2次"),
        ("campaigns", "10月1次", "10月1次"),
        ("bands", "A<3%，B3%，C3～20%，D20—100%", "A级低于3%；B级3%；C级3%-20%；D级20%-100%"),
        ("visit_cap", "不超过4次", "4次"),
        ("capacity", "每人每日3户，每年60天", "每人每日3户，每年60天"),
        ("one_things", "餐饮服务、 养老服务", "餐饮服务、养老服务"),
        ("alert_days", "提前30日", "30日"),
        ("entry_due", "任务结束后20个工作日内", "任务结束后20个工作日"),
        ("entry_due", "检查结束之后 10 个工作日", "检查结束后10个工作日"),
        ("problem_rates", "A级2%；B级5%；C级15%；D级35%", "A级2%；B级5%；C级15%；D级35%"),
    ],
)
def test_the_words_of_a_document_are_read(code: str, text: str, kept: str) -> None:
    assert norms.words(code, text) == kept
    assert norms.words(code, kept) == kept


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("plan_due", "2月30日"),
        ("plan_due", "13月1日"),
        ("plan_due", "年底"),
        ("joint_tasks", "一半"),
        ("joint_tasks", "不超过50%"),
        ("joint_tasks", "20家"),
        ("campaigns", "13月1次"),
        ("campaigns", "0次"),
        ("bands", "A级3%；B级3%"),
        ("bands", "A级3%；B级3%；C级3%；D级3%；E级5%"),
        ("bands", "A级20%-3%；B级3%；C级3%；D级3%"),
        ("visit_cap", "很少"),
        ("capacity", "每人每日0户，每年60天"),
        ("one_things", ""),
    ],
)
def test_what_cannot_be_read_is_answered_with_an_example(code: str, text: str) -> None:
    with pytest.raises(Refused) as refused:
        norms.words(code, text)

    assert refused.value.code == "plans.norm_text"
    assert refused.value.facts["example"] == norms.KINDS[norms.NormCode(code)].example


@pytest.mark.parametrize(
    ("share", "part", "whole", "is_met"),
    [
        (norms.Share(norms.Decimal(80)), 4, 5, True),
        (norms.Share(norms.Decimal(80), is_over=True), 4, 5, False),
        (norms.Share(norms.Decimal("33.3")), 1, 3, True),
        (norms.Share(norms.Decimal("33.4")), 1, 3, False),
        (norms.Share(norms.Decimal(1)), 0, 0, False),
    ],
)
def test_a_share_is_compared_exactly(share: norms.Share, part: int, whole: int, is_met: bool) -> None:
    assert share.is_met(part, whole) is is_met


def test_a_day_falls_into_each_year() -> None:
    assert norms.Day(1, 31).of(2027) == date(2027, 1, 31)


@pytest.mark.django_db
@pytest.mark.database
def test_the_nearest_region_above_has_the_say() -> None:
    home = department_of_lists()
    office = factory.office_of(home)
    county = make_region("990101", "演示县", "county", home.region)
    factory.set_norm("joint_tasks", "不低于50%", by=office)
    factory.set_norm("visit_cap", "4次", by=office)
    factory.set_norm("visit_cap", "2次", by=office, region=county)

    found = norms_for(county, factory.YEAR)

    assert {code: str(one.demand) for code, one in found.items()} == {"joint_tasks": "不低于50%", "visit_cap": "2次"}
    assert norms_for(county, factory.YEAR + 1) == {}


@pytest.mark.django_db
@pytest.mark.database
def test_a_new_demand_ends_the_one_before_and_both_are_kept() -> None:
    office = factory.office_of(department_of_lists())
    old = factory.set_norm("joint_tasks", "40%", by=office)
    new = factory.set_norm("joint_tasks", "50%", by=office)

    old.refresh_from_db()
    assert (old.ended_at, old.ended_by, new.ended_at) == (NOW, office, None)


@pytest.mark.django_db
@pytest.mark.database
def test_a_department_does_not_set_what_it_is_judged_by() -> None:
    home = department_of_lists()
    told = {"region": home.region, "year": 2026, "code": "joint_tasks", "value": "1%", "source": "自定"}

    with pytest.raises(Refused, match=r"plans\.norm_out_of_reach"):
        operations.set_norm(**told, by=keeper_of(home), at=NOW)


@pytest.mark.parametrize(
    "pattern", ["{年度}{序号}", "{简称}双随机抽查〔{年度}〕{序号}号", "甲检字〔{年度}〕第{序号}号"]
)
def test_a_numbering_names_year_and_serial(pattern: str) -> None:
    check_pattern(pattern)


@pytest.mark.parametrize(
    "pattern", ["第{序号}号", "{年度}年", "{年度}{序号}{部门}", "{年度}{序号}}", "{年度}{年度}{序号}"]
)
def test_a_numbering_that_would_repeat_is_refused(pattern: str) -> None:
    with pytest.raises(Refused, match=r"plans\.pattern"):
        check_pattern(pattern)


def test_a_number_is_written_as_the_department_says() -> None:
    pattern = "{简称}抽查〔{年度}〕{序号}号"

    assert number_of(pattern, short_name="演示局", year=2026, serial=7) == "演示局抽查〔2026〕7号"
