"""Quotas: every expression of real lists and plans gives the number an official expects, on pools of any size."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongchou.plans.quota import Cell, Quota, Sizes, by_district, cell_of, groups_of, in_rounds, quota_of
from gongchou.refusal import Refused
from gongchou.registry.ratio import AsNeeded, By, Choice, Flat, Option, Part, Table, read_amount
from tests.registry.items.test_ratio import CHONGQING, amounts, at_least, at_most, exactly, table
from tests.registry.items.test_ratio import rules as any_rules

POOLS = (0, 1, 2, 3, 7, 30, 33, 299, 1_000, 120_000)

# As public lists and plans write it (domain.md 2.2, 2.8), and how many of each pool above.
FLAT = [
    ("不低于3%", (0, 1, 1, 1, 1, 1, 1, 9, 30, 3_600)),
    ("100%", POOLS),
    ("不超过2%", (0, 1, 1, 1, 1, 1, 1, 5, 20, 2_400)),
    ("不少于2‰", (0, 1, 1, 1, 1, 1, 1, 1, 2, 240)),
    ("33%", (0, 1, 1, 1, 3, 10, 11, 99, 330, 39_600)),
    ("不超过10%", (0, 1, 1, 1, 1, 3, 3, 29, 100, 12_000)),
    ("20%", (0, 1, 1, 1, 2, 6, 7, 60, 200, 24_000)),
    ("≥0.5%", (0, 1, 1, 1, 1, 1, 1, 2, 5, 600)),
    ("≥20%", (0, 1, 1, 1, 2, 6, 7, 60, 200, 24_000)),
    ("≥50%", (0, 1, 1, 2, 4, 15, 17, 150, 500, 60_000)),
    ("低于3%", (0, 1, 1, 1, 1, 1, 1, 8, 29, 3_599)),
    ("8%", (0, 1, 1, 1, 1, 3, 3, 24, 80, 9_600)),
    ("5%", (0, 1, 1, 1, 1, 2, 2, 15, 50, 6_000)),
    ("至少5所", (0, 1, 2, 3, 5, 5, 5, 5, 5, 5)),
    ("不超过50家", (0, 1, 2, 3, 7, 30, 33, 50, 50, 50)),
    ("少于50家", (0, 1, 2, 3, 7, 30, 33, 49, 49, 49)),
    ("30户", (0, 1, 2, 3, 7, 30, 30, 30, 30, 30)),
]


@pytest.mark.parametrize(("written", "expected"), FLAT, ids=[row[0] for row in FLAT])
def test_a_ratio_or_a_count_gives_the_number_an_official_expects(written, expected):
    rule = Flat(read_amount(written))

    assert tuple(quota_of(rule, Sizes(size)).n for size in POOLS) == expected
    assert {quota_of(rule, Sizes(size)).n_most for size in POOLS} == {None}


@pytest.mark.parametrize(
    ("written", "least", "most"),
    [
        ("60-70家", (0, 1, 2, 3, 7, 30, 33, 60, 60, 60), (0, 1, 2, 3, 7, 30, 33, 70, 70, 70)),
        ("3%-20%", (0, 1, 1, 1, 1, 1, 1, 9, 30, 3_600), (0, 1, 1, 1, 1, 6, 6, 59, 200, 24_000)),
        ("20%-100%", (0, 1, 1, 1, 2, 6, 7, 60, 200, 24_000), POOLS),
    ],
)
def test_a_range_is_planned_at_its_lower_end_and_shows_its_upper_one(written, least, most):
    found = [quota_of(Flat(read_amount(written)), Sizes(size)) for size in POOLS]

    assert tuple(quota.n for quota in found) == least
    assert tuple(quota.n_most for quota in found) == most


@pytest.mark.parametrize(
    ("written", "size", "note"),
    [
        ("不低于3%", 0, "抽取范围内没有对象，数量为 0"),
        ("不超过2%", 33, "不超过2%不足 1 户，按 1 户抽取"),
        ("低于3%", 33, "低于3%不足 1 户，按 1 户抽取"),
        ("3%-20%", 3, "3%-20%的上限不足 1 户，按 1 户抽取"),
        ("60-70家", 33, "只有 33 户，不足 60-70家，全部抽取"),
        ("5批次", 33, "5批次按每户一批次估算"),
    ],
)
def test_a_number_that_the_rule_alone_would_not_give_says_why(written, size, note):
    assert quota_of(Flat(read_amount(written)), Sizes(size)).notes == (note,)


@pytest.mark.parametrize("written", ["3%", "不低于3%", "60-70家", "不超过10%", "3%-20%", "100%"])
def test_an_ordinary_number_needs_no_words(written):
    assert quota_of(Flat(read_amount(written)), Sizes(120_000)).notes == ()


def test_a_special_plan_goes_before_the_ratio():
    found = quota_of(Flat(at_least("3"), or_special_plan=True), Sizes(299))

    assert found == Quota(
        9, None, (Cell("", 299, 9, "不低于3%或按专项计划"),), ("有专项计划的，以专项计划为准",)
    )  # fmt: skip


def test_as_needed_leaves_the_number_to_a_person():
    assert quota_of(AsNeeded(), Sizes(299)) == Quota(None, notes=("比例根据实际情况确定，请填写数量",))


TWICE = Choice((Option(exactly("20"), 1), Option(exactly("10"), 2)))


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (None, (0, 1, 1, 1, 2, 6, 7, 60, 200, 24_000)),
        (1, (0, 1, 1, 1, 2, 6, 7, 60, 200, 24_000)),
        (2, (0, 1, 1, 1, 1, 3, 4, 30, 100, 12_000)),
    ],
)
def test_a_choice_gives_the_number_of_each_time(times, expected):
    assert tuple(quota_of(TWICE, Sizes(size), times=times).n for size in POOLS) == expected


def test_a_choice_has_no_other_times_than_its_own():
    with pytest.raises(Refused) as refused:
        quota_of(TWICE, Sizes(299), times=3)

    assert (refused.value.code, refused.value.facts) == ("plans.times_missing", {"times": 3, "choices": "1、2"})


GRADED = Sizes(1_000, by_grade={"A": 500, "B": 300, "C": 100, "D": 33, "": 67})


@pytest.mark.parametrize(
    ("rule", "cells", "n", "n_most"),
    [
        (CHONGQING, (15, 15, 5, 2), 37, None),
        (table(By.GRADE, A="1%", B="2%", C="10%", D="30%"), (5, 8, 10, 10), 33, None),
        (table(By.GRADE, A="≤5%", B="5%-20%", C="21-60%", D="61-100%"), (25, 19, 21, 21), 86, 25 + 73 + 60 + 33),
        (table(By.GRADE, A="<3%", B="3%", C="3-20%", D="20-100%"), (14, 12, 3, 7), 36, 14 + 12 + 20 + 33),
    ],
)
def test_a_table_by_grade_counts_each_grade_and_the_ungraded_with_b(rule, cells, n, n_most):
    found = quota_of(rule, GRADED)

    assert tuple(cell.n for cell in found.cells) == cells
    assert tuple(cell.size for cell in found.cells) == (500, 367, 100, 33)
    assert (found.n, found.n_most) == (n, n_most)
    assert found.notes == ("未评级的 67 户按B级计算",)


def test_a_grade_without_a_row_is_said_to_be_left_out():
    found = quota_of(table(By.GRADE, C="10%", D="100%"), Sizes(100, by_grade={"A": 40, "C": 50, "D": 10}))

    assert (found.n, found.notes) == (15, ("A级没有规定比例，40 户未计入",))


LEVELS = table(By.LEVEL, city="2%", county="10%")
COUNTIES = {"county": {"990102": 240, "990103": 31, "990104": 0}}


def test_a_table_by_level_draws_from_the_whole_and_from_each_county():
    found = quota_of(LEVELS, Sizes(299, by_level=COUNTIES))

    assert found.cells == (
        Cell("", 299, 6, "市级2%", level="city"),
        Cell("990102", 240, 24, "县级10%", level="county"),
        Cell("990103", 31, 4, "县级10%", level="county"),
        Cell("990104", 0, 0, "县级10%", level="county"),
    )
    assert found.n == 34
    assert found.notes == (
        "28 户不属于任何县级区划，未计入县级",
        "市级、县级分别抽取，同一对象可能不止一次被抽到",
    )


def test_a_plan_of_a_county_asks_for_its_own_row_only():
    found = quota_of(LEVELS, Sizes(31, by_level={"county": {"990103": 31}}), levels=["county"])

    assert (found.n, found.notes) == (4, ())


def test_counties_that_nobody_counted_leave_the_number_open():
    found = quota_of(LEVELS, Sizes(299))

    assert (found.n, found.cells[0].n, found.cells[1].n) == (None, 6, None)
    assert found.notes[0] == "县级各区划的户数未知，数量未定"


SCHOOLS = table(By.GROUP, 高校="30%", 中小学幼儿园="50%")


@pytest.mark.parametrize(
    ("by_group", "n", "notes"),
    [
        ({"高校": 7, "中小学幼儿园": 292}, 149, ()),
        ({"高校": 7, "中小学幼儿园": 200}, 103, ("92 户不属于以上各类，未计入",)),
        ({"高校": 299, "中小学幼儿园": 299}, 240, ()),
        ({"高校": 7}, None, ("“中小学幼儿园”的户数未知，数量未定",)),
        ({}, None, ("“高校”的户数未知，数量未定", "“中小学幼儿园”的户数未知，数量未定")),
    ],
)
def test_a_table_by_group_goes_by_the_pools_that_are_known(by_group, n, notes):
    found = quota_of(SCHOOLS, Sizes(299, by_group=by_group))

    assert (found.n, found.notes) == (n, notes)


def test_groups_that_overlap_cannot_need_more_than_there_are():
    rule = table(By.GROUP, 三级="≥50%", 二级="≥80%")

    assert quota_of(rule, Sizes(10, by_group={"三级": 10, "二级": 10})).n == 10


KEY = Flat(exactly("10"), parts=(Part("重点单位", at_least("8")),))


@pytest.mark.parametrize(
    ("by_group", "cells", "n", "notes"),
    [
        ({"重点单位": 100}, (100, 8), 100, ()),
        ({"重点单位": 1_000}, (100, 80), 100, ()),
        ({}, (100, None), 100, ("“重点单位”的户数未知，只按总数计算",)),
    ],
)
def test_key_units_lie_within_the_whole_and_add_nothing_to_it(by_group, cells, n, notes):
    found = quota_of(KEY, Sizes(1_000, by_group=by_group))

    assert (tuple(cell.n for cell in found.cells), found.n, found.notes) == (cells, n, notes)


def test_key_units_that_need_more_than_the_whole_raise_it_and_it_is_said():
    rule = Flat(exactly("10"), parts=(Part("重点单位", at_least("50")),))
    found = quota_of(rule, Sizes(1_000, by_group={"重点单位": 400}))

    assert (found.n, found.cells[0].n) == (200, 200)
    assert found.notes == ("其中各部分共需 200 户，多于按总数计算的 100 户，按 200 户抽取",)


def test_key_units_that_need_just_the_whole_are_no_matter_of_words():
    rule = Flat(exactly("10"), parts=(Part("重点单位", at_least("10")),))

    assert quota_of(rule, Sizes(1_000, by_group={"重点单位": 1_000})).notes == ()


def test_a_rule_names_the_groups_whose_pools_it_needs():
    assert [groups_of(rule) for rule in (SCHOOLS, KEY, LEVELS, TWICE)] == [
        ("高校", "中小学幼儿园"), ("重点单位",), (), ()
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "n", "n_rounds", "expected"),
    [
        (Flat(exactly("33"), may_split=True), 330, 4, (83, 83, 82, 82)),
        (Flat(at_most("10"), is_usual=True, is_yearly=True), 3, 4, (1, 1, 1, 0)),
        (Flat(at_least("2", "‰")), 240, 2, (240, 240)),
        (TWICE, 100, 2, (100, 100)),
        (CHONGQING, 37, 1, (37,)),
    ],
)
def test_a_years_number_is_shared_out_and_any_other_is_drawn_each_time(rule, n, n_rounds, expected):
    assert in_rounds(rule, n, n_rounds) == expected


@pytest.mark.parametrize("n_rounds", [0, -1, 367])
def test_a_year_has_one_to_366_rounds(n_rounds):
    with pytest.raises(Refused) as refused:
        in_rounds(CHONGQING, 37, n_rounds)

    assert refused.value.code == "plans.rounds"


def test_districts_share_a_number_by_their_pools():
    assert by_district(10, {"990102": 240, "990103": 31, "990104": 28}) == {"990102": 8, "990103": 1, "990104": 1}
    assert by_district(0, {"990102": 0}) == {"990102": 0}


def test_districts_cannot_give_more_than_they_have():
    with pytest.raises(Refused) as refused:
        by_district(4, {"990102": 1, "990103": 2})

    assert (refused.value.code, refused.value.facts) == ("plans.quota_above_pool", {"n": 4, "size": 3})


sizes = st.integers(0, 200_000)


def cell_for(amount: Any, size: int) -> Any:
    return cell_of(amount, size)[0]


def quota_for(rule: Any, sizes: Sizes) -> Any:
    return quota_of(rule, sizes)


@given(amounts(), sizes)
def test_no_amount_takes_more_than_the_pool_nor_nothing_of_one_with_subjects(amount, size):
    cell = cell_for(amount, size)

    assert min(size, 1) <= cell.n <= (size if cell.n_most is None else cell.n_most) <= size


@given(amounts(), sizes, sizes)
def test_a_larger_pool_never_gives_a_smaller_number(amount, one, other):
    small, large = (cell_for(amount, size) for size in sorted([one, other]))

    assert small.n <= large.n
    assert (small.n_most or 0) <= (large.n_most or 0)


@given(amounts(), sizes)
def test_a_number_above_one_keeps_to_the_rule_exactly(amount, size):
    n = cell_for(amount, size).n
    share = Decimal(n) * 100 / size if size else Decimal(0)
    if amount.is_share and n > 1:
        assert n * 100 >= amount.floor * size
        if amount.least is None:
            assert n * 100 < amount.ceiling * size if amount.is_under else share <= amount.ceiling


@given(any_rules, st.fixed_dictionaries({grade: st.integers(0, 500) for grade in ("A", "B", "C", "D", "")}), st.data())
def test_any_rule_takes_of_each_part_no_more_than_it_has_and_is_told_for_it(rule, by_grade, data):
    whole = sum(by_grade.values())
    by_group = {name: data.draw(st.integers(0, whole)) for name in groups_of(rule)}
    levels = {level: {"990102": whole} for level in ("province", "city", "county", "town")}
    found = quota_for(rule, Sizes(whole, by_grade, levels, by_group))

    assert all(cell.n <= cell.size for cell in found.cells)
    assert found.n is None or found.n_most is None or found.n <= found.n_most
    is_by_level = isinstance(rule, Table) and rule.by == By.LEVEL
    assert found.n is None or is_by_level or found.n <= whole


@given(sizes, st.integers(1, 366))
def test_rounds_come_to_the_year_and_never_grow(n, n_rounds):
    found = in_rounds(Flat(exactly("33"), may_split=True), n, n_rounds)

    assert sum(found) == n
    assert list(found) == sorted(found, reverse=True)
    assert found[0] - found[-1] <= 1


@given(st.dictionaries(st.text("0123456789", min_size=1, max_size=6), st.integers(0, 999), min_size=1), st.data())
def test_districts_keep_the_total_and_their_pools(pools, data):
    n = data.draw(st.integers(0, sum(pools.values())))
    found = by_district(n, pools)

    assert sum(found.values()) == n
    assert all(found[district] <= size for district, size in pools.items())
