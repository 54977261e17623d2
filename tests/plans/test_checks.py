"""What documents demand of a plan, as tables that an official could read: rule, case, what is said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from gongchou.accounts.models import Department, User
from gongchou.plans.models import LineVersion, PlanVersion
from gongchou.plans.operations import joint, lines, tasks, waivers
from gongchou.plans.operations import plans as operations
from gongchou.plans.queries.survey import Survey
from gongchou.plans.rules import checks
from gongchou.refusal import Refused
from gongchou.registry.models import Item
from gongchou.registry.operations import versions
from gongchou.registry.operations.items import set_ceiling
from tests.factories import plans as factory
from tests.factories.lists import (
    approver_of,
    at_least,
    department_of_lists,
    keeper_of,
    make_item,
    make_joint_item,
    make_matter,
    so_often,
)
from tests.factories.once import standing
from tests.factories.people import NOW, make_department
from tests.factories.subjects import make_library, make_subject

pytestmark = [pytest.mark.django_db, pytest.mark.database]
ON = date(2026, 3, 1)
SEED_BANDS = "A级低于3%；B级3%；C级3%-20%；D级20%-100%"


@pytest.fixture
def home() -> Department:
    return department_of_lists()


@pytest.fixture
def office(home: Department) -> User:
    return factory.office_of(home)


@pytest.fixture(scope="module")
def published(django_db_setup: None, django_db_blocker: Any) -> Iterator[UUID]:
    """An item that is due, and a subject to look at."""
    with standing(django_db_blocker):
        make_subject(1, keeper=department_of_lists())
        yield make_item("A01", kind="key", ratio={"kind": "as_needed"}, frequency=so_often("每年1次")).item.pk


@pytest.fixture
def item(published: UUID, db: None) -> Any:
    return Item.objects.get(pk=published)


@pytest.fixture
def plan(item: Any) -> PlanVersion:
    return factory.make_plan()


def said(version: PlanVersion, code: str, on: date = ON) -> list[str]:
    return [one.found.text for one in checks.findings(Survey(version, on=on)) if one.rule.code == code]


def line(version: PlanVersion, item: Any, **own: Any) -> LineVersion:
    return factory.make_line(version, items=[item], **own)


# R-43, S2: the bands of each class of credit risk ------------------------------------------------


@pytest.mark.parametrize(
    ("ratio", "broken"),
    [
        ({"A": "2%", "B": "3%", "C": "10%", "D": "50%"}, ""),
        ({"A": "0.5%", "B": "3%", "C": "3%", "D": "20%"}, ""),
        ({"A": "2.9%", "B": "3%", "C": "20%", "D": "100%"}, ""),
        ({"A": "3%", "B": "3%", "C": "10%", "D": "50%"}, "A级"),
        ({"A": "2%", "B": "4%", "C": "10%", "D": "50%"}, "B级"),
        ({"A": "2%", "B": "3%", "C": "21%", "D": "50%"}, "C级"),
        ({"A": "2%", "B": "3%", "C": "2%", "D": "50%"}, "C级"),
        ({"A": "2%", "B": "3%", "C": "10%", "D": "19%"}, "D级"),
    ],
)
def test_each_class_keeps_to_its_band(plan: PlanVersion, item: Any, office: User, ratio: Any, broken: str) -> None:
    factory.set_norm("bands", SEED_BANDS, by=office)
    line(plan, item, ratio=factory.by_grade(**ratio), is_risk_based=True)

    told = said(plan, "bands")

    assert [broken in text for text in told] == [True] * bool(broken)


def test_a_line_by_risk_says_a_ratio_for_each_class(plan: PlanVersion, item: Any, office: User) -> None:
    factory.set_norm("bands", SEED_BANDS, by=office)
    line(plan, item, ratio=at_least("5%"), is_risk_based=True)

    assert len(said(plan, "bands")) == 1


def test_where_no_document_sets_bands_none_is_asked_for(plan: PlanVersion, item: Any) -> None:
    line(plan, item, ratio=factory.by_grade(A="50%", B="50%", C="50%", D="50%"), is_risk_based=True)

    assert said(plan, "bands") == []


# the ratio on the list, or for joint lines that on the joint list -----------------------------


@pytest.mark.parametrize(
    ("on_list", "on_joint_list", "own", "is_broken"),
    [
        ("3%", None, "3%", False),
        ("不低于3%", None, "5%", False),
        ("不低于3%", None, "2%", True),
        ("不超过2%", None, "3%", True),
        ("3%", "5%", "5%", False),
        ("3%", "5%", "10%", True),
        ("3%-20%", None, "10%", False),
        ("60-70家", None, "65家", False),
        ("60-70家", None, "80家", True),
    ],
)
def test_a_line_keeps_to_the_ratio_on_its_list(
    item: Any, on_list: str, on_joint_list: str | None, own: str, is_broken: bool
) -> None:
    known = make_item("A07", kind="key", ratio=at_least(on_list)).item
    joint_list = make_joint_item(items=[known], ratio=at_least(on_joint_list)).joint_item if on_joint_list else None
    version = factory.make_plan()
    line(version, known, ratio=at_least(own), joint_item=joint_list)

    assert bool(said(version, "ratio")) is is_broken


# the higher the risk, the larger the share -------------------------------------------------


@pytest.mark.parametrize(
    ("ratio", "n"),
    [
        ({"A": "1%", "B": "2%", "C": "10%", "D": "30%"}, 0),
        ({"A": "3%", "B": "3%", "C": "3%", "D": "3%"}, 0),
        ({"A": "4%", "B": "3%", "C": "10%", "D": "30%"}, 1),
        ({"A": "4%", "B": "3%", "C": "2%", "D": "1%"}, 3),
        ({"A": "1%", "D": "30%"}, 0),
        ({"A": "30%", "D": "1%"}, 1),
    ],
)
def test_a_higher_class_is_never_inspected_less(plan: PlanVersion, item: Any, ratio: Any, n: int) -> None:
    line(plan, item, ratio=factory.by_grade(**ratio))

    assert len(said(plan, "monotone")) == n


# R-39, K-3: S2 says more than 80 %, S4 says 80 % or more ------------------------------------------


@pytest.mark.parametrize(
    ("demand", "n_by_risk", "is_met"),
    [
        ("超过80%", 4, False),
        ("超过80%", 5, True),
        ("达到80%以上", 4, True),
        ("80%以上", 4, True),
        ("80%以上", 3, False),
        ("≥80%", 4, True),
        (">80%", 4, False),
    ],
)
def test_the_share_by_risk_class(
    plan: PlanVersion, item: Any, office: User, demand: str, n_by_risk: int, is_met: bool
) -> None:
    factory.set_norm("risk_tasks", demand, by=office)
    for number in range(5):
        line(plan, item, is_risk_based=number < n_by_risk, ratio=factory.by_grade(A="2%", B="3%", C="9%", D="50%"))

    assert (said(plan, "risk_tasks") == []) is is_met


# R-37, K-1: 10 % in 2019 (S3), 20 % in 2022 (S4), 40 % in 2023 (S1), 50 % in 2024 (S0) -----------


@pytest.mark.parametrize(
    ("demand", "n_joint", "is_met"),
    [
        ("10%以上", 1, True),
        ("10%以上", 0, False),
        ("不低于20%", 2, True),
        ("不低于20%", 1, False),
        ("不低于40%", 4, True),
        ("不低于40%", 3, False),
        ("不低于50%", 5, True),
        ("不低于50%", 4, False),
    ],
)
def test_the_share_of_joint_tasks(
    plan: PlanVersion, item: Any, office: User, home: Department, demand: str, n_joint: int, is_met: bool
) -> None:
    other = make_department("XFJY", home.region, is_conference_member=True)
    factory.set_norm("joint_tasks", demand, by=office)
    for number in range(10):
        line(plan, item, participants=[other] if number < n_joint else [])

    assert (said(plan, "joint_tasks") == []) is is_met


def test_a_line_that_draws_twice_counts_as_two_tasks(
    plan: PlanVersion, item: Any, office: User, home: Department
) -> None:
    other = make_department("XFJY", home.region, is_conference_member=True)
    factory.set_norm("joint_tasks", "不低于50%", by=office)
    line(plan, item, participants=[other], rounds=2)
    line(plan, item)
    line(plan, item)

    assert said(plan, "joint_tasks") == []


@pytest.mark.parametrize(("demand", "is_met"), [("不低于10%", True), ("不低于60%", False)])
def test_the_share_of_subjects_in_joint_tasks(
    plan: PlanVersion, item: Any, office: User, home: Department, demand: str, is_met: bool
) -> None:
    other = make_department("XFJY", home.region, is_conference_member=True)
    for number in range(2, 11):
        make_subject(number, keeper=home)
    factory.set_norm("joint_subjects", demand, by=office)
    line(plan, item, ratio=at_least("100%"))
    line(plan, item, ratio=at_least("40%"), participants=[other])

    assert (said(plan, "joint_subjects") == []) is is_met


# R-29, S3: filed and published by the 31st of January --------------------------------------------


@pytest.mark.parametrize(
    ("demand", "on", "is_late"),
    [
        ("1月31日", date(2026, 1, 31), False),
        ("1月31日", date(2026, 2, 1), True),
        ("2月15日", date(2026, 2, 15), False),
        ("1月31日", date(2025, 12, 1), False),
    ],
)
def test_a_plan_is_due_on_the_day_a_document_names(
    plan: PlanVersion, office: User, demand: str, on: date, is_late: bool
) -> None:
    factory.set_norm("plan_due", demand, by=office)

    assert bool(said(plan, "due", on)) is is_late


# two campaigns in a year (S1), one in October (S0) -----------------------------------------


@pytest.mark.parametrize(
    ("demand", "windows", "is_met"),
    [
        ("2次", [(4, 5), (10, 10)], True),
        ("2次", [(10, 10)], False),
        ("10月1次", [(10, 10)], True),
        ("10月1次", [(9, 11)], True),
        ("10月1次", [(4, 5)], False),
        ("10月1次", [], False),
    ],
)
def test_campaigns_are_held_as_often_and_when_a_document_says(
    item: Any, office: User, home: Department, demand: str, windows: Any, is_met: bool
) -> None:
    other = make_department("XFJY", home.region, is_conference_member=True)
    version = factory.make_plan(kind="joint", by=office)
    factory.set_norm("campaigns", demand, by=office)
    for number, (first, last) in enumerate(windows):
        days = {"begins_on": date(2026, first, 1), "ends_on": date(2026, last, 28)}
        campaign = factory.make_campaign(home, f"集中抽查{number}", **days)
        factory.make_line(version, items=[item], participants=[other], campaign=campaign, by=office, **days)

    assert (said(version, "campaigns") == []) is is_met


# R-9, S1: the plan covers every item that is due -------------------------------------------------


@pytest.mark.parametrize(
    ("frequency", "is_due"),
    [
        (so_often("每年1次"), True),
        (so_often("每年不少于1次"), True),
        (so_often("每半年1次"), True),
        (so_often("每年不超过2次"), False),
        ({"series": None, "subject": None}, False),
    ],
)
def test_every_due_item_stands_in_the_plan(plan: PlanVersion, item: Any, frequency: Any, is_due: bool) -> None:
    make_item("A02", frequency=frequency)
    line(plan, item)

    assert bool(said(plan, "coverage")) is is_due


def test_an_exception_that_somebody_wrote_excuses_one_item(plan: PlanVersion, item: Any) -> None:
    other = make_item("A02").item
    make_item("A03")
    line(plan, item)
    keeper = keeper_of(plan.plan.department)
    waivers.waive(version=plan, rule="coverage", item=other, reason="全省统一部署在下年度", by=keeper, at=NOW)

    found = [one for one in checks.findings(Survey(plan, on=ON)) if one.rule.code == "coverage"]

    assert [(one.is_blocking, one.waiver is not None) for one in found] == [(False, True), (True, False)]


# general items below their ceiling, key items without one ------------------------------


@pytest.mark.parametrize(
    ("kind", "ratio", "rounds", "is_over"),
    [
        ("general", "5%", 1, False),
        ("general", "5.1%", 1, True),
        ("general", "3%", 2, True),
        ("key", "100%", 1, False),
    ],
)
def test_general_items_keep_below_the_ceiling(
    plan: PlanVersion, item: Any, home: Department, kind: str, ratio: str, rounds: int, is_over: bool
) -> None:
    told = {"year": 2026, "most": Decimal(5), "source": "演示文件"}
    set_ceiling(region=home.region, **told, by=factory.office_of(home), at=NOW)
    line(plan, item, category=kind, ratio=at_least(ratio), rounds=rounds)

    assert bool(said(plan, "ceiling")) is is_over


def test_a_small_pool_is_noted_where_one_subject_is_more_than_the_ceiling(
    plan: PlanVersion, item: Any, home: Department
) -> None:
    told = {"year": 2026, "most": Decimal(5), "source": "演示文件"}
    set_ceiling(region=home.region, **told, by=factory.office_of(home), at=NOW)
    line(plan, item, category="general", ratio=at_least("5%"))

    (words,) = said(plan, "rounded")
    assert "抽查对象只有1户，按户取整后全年抽1户" in words


# S1: the eight fields of 综合监管一件事 ------------------------------------------------------------

EIGHT = "单用途商业预付卡消费、医疗服务、养老服务、餐饮服务、职业技能培训、建设项目、交通新业态、危化品安全"


def test_each_named_field_has_a_published_matter_and_a_line(item: Any, office: User, home: Department) -> None:
    other = make_department("XFJY", home.region, is_conference_member=True)
    factory.set_norm("one_things", EIGHT, by=office)
    planned, unplanned = (make_matter(one_thing=code, field=code).matter for code in ("catering", "medical"))
    version = factory.make_plan(kind="joint", by=office)
    factory.make_line(version, items=[item], participants=[other], matter=planned, by=office)

    unpublished, without_line = said(version, "one_things")

    assert "餐饮服务" not in unpublished + without_line
    assert "医疗服务" in without_line
    assert all(name in unpublished for name in EIGHT.split("、") if name not in ("餐饮服务", "医疗服务"))
    assert unplanned.pk != planned.pk


# what a new edition dropped ------------------------------------------------------------


def test_a_line_whose_item_was_abolished_is_named(plan: PlanVersion, home: Department) -> None:
    gone = make_item("B09")
    line(plan, gone.item)
    assert said(plan, "in_force") == []

    version = versions.ask_end(version=gone, reason="法规修订", by=keeper_of(home), at=NOW)
    versions.abolish(version=version, by=approver_of(home), at=NOW)

    told = said(plan, "in_force")
    assert len(told) == 1
    assert "B09" in told[0]


# how often ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("frequency", "rounds", "is_over"),
    [("每年不超过2次", 2, False), ("每年不超过2次", 3, True), ("每年1次", 2, False), ("每季度不超过1次", 5, True)],
)
def test_a_series_is_not_run_more_often_than_its_item_allows(
    plan: PlanVersion, frequency: str, rounds: int, is_over: bool
) -> None:
    own = make_item("B01", frequency=so_often(frequency)).item
    line(plan, own, rounds=rounds)

    assert bool(said(plan, "frequency")) is is_over


# R-28, S0, S1: what no line may lack -------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "lacks"),
    [
        ({}, ""),
        ({"field": ""}, "抽查领域"),
        ({"items": []}, "抽查事项"),
        ({"subject_words": ""}, "抽查对象范围"),
        ({"levels": []}, "实施层级"),
        ({"begins_on": None}, "开始日期"),
        ({"ratio": {}}, "抽查比例"),
    ],
)
def test_a_line_says_all_that_the_documents_ask_for(plan: PlanVersion, item: Any, own: Any, lacks: str) -> None:
    factory.make_line(plan, **{"items": [item], **own})

    told = said(plan, "complete")

    assert [lacks in text for text in told] == [True] * bool(lacks)


# R-47, empty pools; R-12, answers ----------------------------------------------------------------


def test_a_line_that_can_draw_nobody_is_named(plan: PlanVersion, item: Any) -> None:
    line(plan, item, pool=factory.pool_of(kinds=("behaviour",)))

    assert len(said(plan, "pool")) == 1


def test_a_department_that_has_not_answered_is_named(item: Any, office: User, home: Department) -> None:
    other = make_department("XFJY", home.region, is_conference_member=True)
    version = factory.make_plan(kind="joint", by=office)
    row = factory.make_line(version, items=[item], participants=[other], by=office)
    assert "还没有邀请" in said(version, "answers")[0]

    joint.invite(line=row, departments=[other], message="", by=office, at=NOW)
    assert "尚未得到答复" in said(version, "answers")[0]

    told = {"is_accepted": False, "reason": "无相应职责", "by": keeper_of(other), "at": NOW}
    joint.answer(invitation=row.line.invitations.get(), **told)
    assert "无相应职责" in said(version, "answers")[0]


def test_a_plan_that_breaks_a_rule_is_not_submitted_and_the_reason_lets_it_pass(
    plan: PlanVersion, item: Any, office: User, home: Department
) -> None:
    factory.set_norm("joint_tasks", "不低于50%", by=office)
    line(plan, item)
    keeper = keeper_of(home)

    with pytest.raises(Refused, match=r"plans\.blocked"):
        operations.submit(version=plan, by=keeper, at=NOW)

    waivers.waive(version=plan, rule="joint_tasks", reason="本部门专业监管为主", by=keeper, at=NOW)
    assert operations.submit(version=plan, by=keeper, at=NOW).state == "review"


def test_what_must_be_mended_is_not_excused(plan: PlanVersion, home: Department) -> None:
    with pytest.raises(Refused, match=r"plans\.not_waivable"):
        waivers.waive(version=plan, rule="complete", reason="来不及", by=keeper_of(home), at=NOW)


def test_the_same_item_at_the_same_time_on_the_same_subjects_is_told_once_a_line(plan: PlanVersion, item: Any) -> None:
    for _ in range(3):
        line(plan, item)
    line(plan, item, begins_on=date(2026, 12, 1), ends_on=date(2026, 12, 31))

    first, second = said(plan, "twice")

    assert "与第2、3行时间重叠" in first
    assert "与第3行时间重叠" in second


def test_meetings_of_many_lines_are_those_of_each_pair(plan: PlanVersion, item: Any) -> None:
    other = make_item("A02", kind="key").item
    for number in range(12):
        begins = date(2026, 1 + number % 5, 1)
        days = {"begins_on": begins, "ends_on": date(2026, 1 + number % 5 + number % 3, 28)}
        factory.make_line(plan, items=[item, other][number % 2 : 1 + number % 4], **days)
    survey = Survey(plan, on=ON)
    rows = survey.lines

    found = {(one, other) for one, others, _ in survey.outlook.meetings(len(rows)) for other in others}

    wanted = set()
    for one, first in enumerate(rows):
        for at_other, second in enumerate(rows[one + 1 :], start=one + 1):
            is_same = {it.pk for it in first.items.all()} & {it.pk for it in second.items.all()}
            if is_same and first.begins_on <= second.ends_on and second.begins_on <= first.ends_on:  # type: ignore[operator]
                wanted.add((one, at_other))
    assert found == wanted
    assert wanted


@pytest.mark.parametrize(
    ("often", "rounds", "n"),
    [("每年不少于2次", (1,), 1), ("每年不少于2次", (2,), 0), ("每年不少于2次", (1, 1), 0), ("每2年1次", (1,), 0)],
)
def test_the_lines_of_an_item_draw_as_often_as_its_list_asks(
    plan: PlanVersion, often: str, rounds: tuple[int, ...], n: int
) -> None:
    item = make_item("A05", kind="key", ratio={"kind": "as_needed"}, frequency=so_often(often)).item
    for each in rounds:
        line(plan, item, rounds=each)

    assert len(said(plan, "frequency")) == n


# What a plan says beside its days, its pool, its campaign and its tasks ---------------------------


def test_a_class_that_would_never_be_drawn_is_named(plan: PlanVersion, item: Any, office: User) -> None:
    factory.set_norm("bands", SEED_BANDS, by=office)
    line(plan, item, ratio=factory.by_grade(A="2%", B="3%", C="10%"), is_risk_based=True)

    (told,) = said(plan, "bands")

    assert "没有规定D级比例，D级企业不会被抽到" in told


def test_a_line_that_forgets_the_library_of_its_item_is_named(plan: PlanVersion, home: Department) -> None:
    library = make_library("PM")
    auction = make_item("A05", sub_library=library).item
    line(plan, auction)
    line(plan, auction, pool=factory.pool_of(library))

    (told,) = said(plan, "scope")

    assert "第1行" in told
    assert f"对应分库“{library.name}”" in told


@pytest.mark.parametrize(
    ("note", "n"), [("3月、9月", 1), ("3—4月", 0), ("3月底前", 0), ("", 0), ("全年", 1), ("按上级部署", 0)]
)
def test_words_beside_other_days_are_noted(plan: PlanVersion, item: Any, note: str, n: int) -> None:
    line(plan, item, begins_on=date(2026, 3, 1), ends_on=date(2026, 4, 30), time_note=note)

    assert len(said(plan, "time_note")) == n


@pytest.mark.parametrize(("begins", "n"), [(date(2026, 10, 10), 0), (date(2026, 3, 1), 1)])
def test_a_line_of_a_campaign_is_done_within_its_days(
    plan: PlanVersion, item: Any, home: Department, begins: date, n: int
) -> None:
    campaign = factory.make_campaign(home)
    line(plan, item, campaign=campaign, begins_on=begins, ends_on=date(2026, 11, 20))

    assert len(said(plan, "campaign_days")) == n


def test_a_revision_does_not_move_a_line_away_from_its_task(plan: PlanVersion, item: Any, home: Department) -> None:
    row = line(plan, item)
    factory.put_out(plan)
    days = {"begins_on": date(2026, 3, 1), "ends_on": date(2026, 4, 30)}
    content = {"name": "春季", **days}
    keeper = keeper_of(home)
    row.refresh_from_db()
    tasks.create_from_line(line=LineVersion.objects.get(pk=row.pk), content=content, by=keeper, at=NOW)
    revision = operations.revise(plan=plan.plan, reason="推迟", by=keeper, at=NOW)
    assert said(revision, "tasks") == []

    lines.edit_line(line=revision.lines.get(), content={"begins_on": date(2026, 9, 1)}, by=keeper, at=NOW)

    (told,) = said(revision, "tasks")
    assert "（2026-03-01 至 2026-04-30），不在调整后的起止时间内" in told
    lines.edit_line(line=revision.lines.get(), content={"begins_on": None, "rounds": 2}, by=keeper, at=NOW)
    (told,) = said(revision, "tasks")
    assert "调整后是2次，各次的数量会对不上" in told


def test_a_reason_says_what_it_excused(plan: PlanVersion, item: Any, home: Department, office: User) -> None:
    factory.set_norm("bands", SEED_BANDS, by=office)
    row = line(plan, item, ratio=factory.by_grade(A="2%", B="5%", C="10%", D="50%"), is_risk_based=True)
    keeper = keeper_of(home)
    waivers.waive(version=plan, rule="bands", line=row.line, reason="专项部署", by=keeper, at=NOW)
    ratio = factory.by_grade(A="2%", B="19%", C="20%", D="50%")

    lines.edit_line(line=row, content={"ratio": ratio}, by=keeper, at=NOW)

    (found,) = (one for one in checks.findings(Survey(plan, on=ON)) if one.rule.code == "bands")
    assert found.waiver is not None
    assert found.has_moved
    assert "B级比例“5%”" in found.waiver.told
