"""Strata: every rule parts a pool as officials mean it, and draws together what the task's page promised."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from gongchou.accounts.models import Department, Region
from gongchou.audit.guard import open_for_writing
from gongchou.plans.models import Task
from gongchou.plans.queries.outlook import pool_of
from gongchou.plans.queries.register import subjects_of
from gongchou.plans.queries.strata import Row, Strata, strata_of
from gongchou.plans.queries.tasks import look_at_pool
from gongchou.refusal import Refused
from gongchou.registry.models import Membership, Subject, SubjectTag, Tag
from gongchou.registry.ratio import AsNeeded, By, Choice, Flat, Option, Part, Ratio, ratio_to_json, read_amount
from tests.factories import plans
from tests.factories.lists import make_tag
from tests.factories.people import NOW, make_department, make_region
from tests.factories.subjects import home, make_library
from tests.registry.items.test_ratio import table

pytestmark = [pytest.mark.django_db, pytest.mark.database]

A, B, A_TOWN, B_TOWN, CITY = "990102", "990103", "990102001", "990103001", "9901"


@dataclass(frozen=True)
class Shops:
    """So many alike subjects. groups: names of their tags"""

    n: int
    region: str = A_TOWN
    grade: str = ""
    groups: tuple[str, ...] = ()


@pytest.fixture
def city() -> Department:
    """A city of two counties with a town each; its bureau."""
    bureau = home()
    for code, level, upper in ((A, "county", CITY), (B, "county", CITY), (A_TOWN, "town", A), (B_TOWN, "town", B)):
        make_region(code, f"演示{code}", level, Region.objects.get(code=upper))
    return bureau


def fill(*shops: Shops) -> None:
    """The register: written past the operations, which are not what is tried here."""
    keeper, regions = home(), dict(Region.objects.values_list("code", "pk"))
    tags = {name: make_tag(name) for name in sorted({name for one in shops for name in one.groups})}
    start = Subject.objects.count()
    with open_for_writing():
        for one in shops:
            told = {"kind": "trader", "keeper": keeper, "region_id": regions[one.region], "grade": one.grade}
            rows = [Subject(number=f"DEMO{start + at:014}", name="演示", changed_at=NOW, **told) for at in range(one.n)]
            Subject.objects.bulk_create(rows)
            start += one.n
            _tag(rows, [tags[name] for name in one.groups])


def _tag(rows: list[Subject], tags: list[Tag]) -> None:
    told = {"set_at": NOW, "set_by_name": "演示"}
    SubjectTag.objects.bulk_create(SubjectTag(subject=row, tag=tag, **told) for row in rows for tag in tags)


def task_of(rule: Ratio, **own: Any) -> Task:
    """A task on the whole register. own: as its line would say it; not stored, for nothing asks for it there."""
    stored = {name: own.pop(name) for name in ("by_district", "pool") if name in own}
    task = plans.make_task(own.pop("department", None) or home(), ratio=ratio_to_json(rule), **stored)
    for name, value in own.items():
        setattr(task, name, value)
    return task


def parted(task: Task) -> Strata:
    rows = subjects_of(pool_of(task)).values_list("pk", "grade", "region")
    return strata_of(task, list(map(Row._make, rows)))


def counted(strata: Strata) -> dict[str, tuple[int, int]]:
    """Stratum -> its size and places; its size as it says and as it holds are one."""
    assert Counter(strata.of.values()) == {part.id: part.size for part in strata.parts}
    return {part.id: (part.size, part.n) for part in strata.parts}


def flat(text: str, *parts: tuple[str, str], **own: bool) -> Flat:
    return Flat(read_amount(text), parts=tuple(Part(key, read_amount(amount)) for key, amount in parts), **own)


HUNDRED = (Shops(60, A_TOWN), Shops(37, B_TOWN), Shops(3, B))
GRADED = (Shops(50, A_TOWN, "A"), Shops(20, A, "B"), Shops(7, B_TOWN), Shops(13, B_TOWN, "C"), Shops(10, CITY, "D"))
KEYS = (Shops(10, A_TOWN, "A", ("重点",)), Shops(5, B_TOWN, "B", ("重点", "新开")), Shops(25, B_TOWN, "C", ("新开",)))
SECOND = {"round": 2, "rounds": 2}
GROUPED = (*KEYS, Shops(60, A_TOWN, "A"))
TWICE = Choice((Option(read_amount("20%"), 1), Option(read_amount("10%"), 2)))
COUNTIES = table(By.LEVEL, county="10%")
BY_GROUP = table(By.GROUP, 重点="20%", 新开="20%")
WITH_PARTS = flat("10%", ("重点", "20%"), ("新开", "20%"))

CASES: list[tuple[str, Ratio, tuple[Shops, ...], dict[str, Any], dict[str, tuple[int, int]]]] = [
    ("a share of all", flat("3%"), HUNDRED, {}, {"ALL": (100, 3)}),
    ("a fixed number", flat("30户"), HUNDRED, {}, {"ALL": (100, 30)}),
    ("more than there are", flat("300户"), HUNDRED, {}, {"ALL": (100, 100)}),
    ("a range at its lower end", flat("60-70家"), HUNDRED, {}, {"ALL": (100, 60)}),
    ("a ceiling under one", flat("不超过0.5%"), HUNDRED, {}, {"ALL": (100, 1)}),
    ("the second of a year's two draws", flat("7%", may_split=True), HUNDRED, SECOND, {"ALL": (100, 3)}),
    ("each of two draws", flat("7%"), HUNDRED, SECOND, {"ALL": (100, 7)}),
    ("a last round without places", flat("1户", is_yearly=True), HUNDRED, SECOND, {"ALL": (100, 0)}),
    ("a choice by its draws", TWICE, HUNDRED, {"line_id": uuid4(), "rounds": 2}, {"ALL": (100, 10)}),
    ("a choice without a line", TWICE, HUNDRED, {}, {"ALL": (100, 20)}),
    ("by district", flat("10%"), HUNDRED, {"by_district": True}, {A: (60, 6), B: (40, 4)}),
    ("remainders by district", flat("3%"), HUNDRED, {"by_district": True}, {A: (60, 2), B: (40, 1)}),
    (
        "who lies in no county stands apart",
        flat("10%"),
        (Shops(80), Shops(20, CITY)),
        {"by_district": True},
        {A: (80, 8), CITY: (20, 2)},
    ),
    (
        "by grade, the ungraded with B",
        table(By.GRADE, A="2%", B="10%", C="50%", D="100%"),
        GRADED,
        {},
        {"R1": (50, 1), "R2": (27, 3), "R3": (13, 7), "R4": (10, 10)},
    ),
    (
        "by grade and district",
        table(By.GRADE, A="2%", B="40%", C="50%", D="100%"),
        GRADED,
        {"by_district": True},
        {f"{A}-R1": (50, 1), f"{A}-R2": (20, 8), f"{B}-R2": (7, 3), f"{B}-R3": (13, 7), f"{CITY}-R4": (10, 10)},
    ),
    ("a grade without a row", table(By.GRADE, C="50%", D="100%"), GRADED, {}, {"R1": (13, 7), "R2": (10, 10)}),
    ("in two groups the first counts", BY_GROUP, GROUPED, {}, {"G1": (15, 3), "G2": (25, 5)}),
    ("其中 and the rest", WITH_PARTS, GROUPED, {}, {"G1": (15, 3), "G2": (25, 5), "REST": (60, 2)}),
    (
        "其中 that need more than the whole",
        flat("2%", ("重点", "20%"), ("新开", "20%")),
        GROUPED,
        {},
        {"G1": (15, 3), "G2": (25, 5), "REST": (60, 0)},
    ),
    (
        "a rest too small gives back",
        flat("50%", ("重点", "1户"), ("新开", "1户")),
        KEYS,
        {},
        {"G1": (15, 8), "G2": (25, 12)},
    ),
    (
        "其中 in the first of three draws",
        flat("10%", ("重点", "20%"), ("新开", "20%"), may_split=True),
        GROUPED,
        {"round": 1, "rounds": 3},
        {"G1": (15, 1), "G2": (25, 2), "REST": (60, 1)},
    ),
    (
        "其中 in the last of three draws",
        flat("10%", ("重点", "20%"), ("新开", "20%"), may_split=True),
        GROUPED,
        {"round": 3, "rounds": 3},
        {"G1": (15, 1), "G2": (25, 1), "REST": (60, 1)},
    ),
    ("a city's own row", table(By.LEVEL, city="5%", county="10%"), HUNDRED, {}, {CITY: (100, 5)}),
    ("one row for counties", COUNTIES, HUNDRED, {}, {A: (60, 6), B: (40, 4)}),
    ("counties are no districts twice", COUNTIES, HUNDRED, {"by_district": True}, {A: (60, 6), B: (40, 4)}),
    ("who lies in no county", COUNTIES, (Shops(80), Shops(9, CITY)), {}, {A: (80, 8)}),
    ("a province without regions", table(By.LEVEL, province="5%"), HUNDRED, {}, {"ALL": (100, 5)}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "shops", "own", "expected"), [row[1:] for row in CASES], ids=[row[0] for row in CASES]
)
def test_a_pool_is_parted_as_its_line_says_and_draws_what_the_page_promised(city, rule, shops, own, expected):
    fill(*shops)
    task = task_of(rule, **own)

    found = counted(parted(task))

    assert found == expected
    promised = look_at_pool(task).quota
    assert promised is not None
    assert sum(n for _, n in found.values()) == promised.n


def test_every_round_of_a_year_together_draws_the_years_number(city):
    fill(*GROUPED)
    rule = flat("33%", ("重点", "7户"), ("新开", "3户"), is_yearly=True)

    by_round = [counted(parted(task_of(rule, round=turn, rounds=4))) for turn in range(1, 5)]

    assert [sum(n for _, n in found.values()) for found in by_round] == [9, 8, 8, 8]
    assert [sum(found[name][1] for found in by_round) for name in ("G1", "G2", "REST")] == [7, 3, 23]


def test_a_county_draws_by_its_own_row(city):
    fill(*HUNDRED)
    county = make_department("SCJG02", Region.objects.get(code=A))
    task = task_of(table(By.LEVEL, city="5%", county="10%"), department=county)

    assert counted(parted(task)) == {A: (60, 6), B: (40, 4)}


def test_a_group_without_a_tag_is_the_sub_library_of_that_name(city):
    fill(Shops(10, A_TOWN, "A"), Shops(20, B_TOWN, "B"))
    library = make_library("CY", name="餐饮服务")
    told = {"sub_library": library, "set_at": NOW, "set_by_name": "演示"}
    with open_for_writing():
        Membership.objects.bulk_create(Membership(subject=one, **told) for one in Subject.objects.filter(grade="B"))
    task = task_of(table(By.GROUP, 餐饮服务="10%"), by_district=True)

    found = parted(task)

    assert counted(found) == {f"{B}-G1": (20, 2)}
    assert [part.label for part in found.parts] == [f"演示{B} 餐饮服务"]
    assert look_at_pool(task).quota.n == 2


def test_a_tag_goes_before_a_sub_library_of_the_same_name(city):
    fill(Shops(10, groups=("重点",)), Shops(20))
    make_library("CY", name="重点")

    assert counted(parted(task_of(table(By.GROUP, 重点="10%")))) == {"G1": (10, 1)}


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (AsNeeded(), "plans.strata_open"),
        (table(By.GROUP, 没有的="10%"), "plans.strata_group"),
        (flat("3%", ("没有的", "10%")), "plans.strata_group"),
        (table(By.LEVEL, province="5%", county="10%"), "plans.strata_levels"),
    ],
)
def test_a_rule_that_leaves_the_parts_open_is_refused(city, rule, code):
    fill(*HUNDRED)

    with pytest.raises(Refused) as refused:
        parted(task_of(rule))

    assert refused.value.code == code


def test_an_empty_pool_has_no_parts(city):
    assert parted(task_of(flat("3%"))) == Strata((), {})


@pytest.mark.parametrize(
    ("rule", "own", "words"),
    [
        (flat("3%"), {}, ["3%"]),
        (flat("300户"), {}, ["300户（只有 100 户，不足 300户，全部抽取）"]),
        (flat("8%", is_yearly=True), {"round": 2, "rounds": 2}, ["8%，全年分 2 次，本次为第 2 次"]),
        (flat("3%"), {"by_district": True}, ["3%，按区县数量分配"] * 2),
        (flat("10%", ("重点", "20%")), {}, ["20%", "10%（按总数计算，减去其中各部分）"]),
    ],
)
def test_each_part_says_by_which_rule_it_has_its_number(city, rule, own, words):
    fill(*GROUPED)

    assert [part.rule for part in parted(task_of(rule, **own)).parts] == words
