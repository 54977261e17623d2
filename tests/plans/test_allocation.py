"""Allocations: the most that a capacity finds is what a solver finds, and the plans beside it cost the same."""

from __future__ import annotations

from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from gongchou.plans.allocation import (
    Allocation,
    Stratum,
    flat,
    integers,
    midpoint,
    most_found,
    moves_words,
    price_words,
)
from gongchou.plans.sentences.computing import SENTENCES
from gongchou.refusal import Refused

CITY = [  # size, problems a visit finds, cost, band
    Stratum("A级", 5_000, 0.03, 1.0, 25, 150),
    Stratum("B级", 3_000, 0.08, 1.0, 90, 90),
    Stratum("C级", 1_000, 0.18, 1.2, 30, 200),
    Stratum("D级", 200, 0.45, 1.5, 40, 200),
]
FLOORS = 25 + 90 + 36 + 60


def test_capacity_goes_where_a_unit_finds_most_and_the_last_stratum_has_the_price():
    found = most_found(CITY, 500)

    assert found.visits == pytest.approx((25, 90, 30 + (500 - FLOORS - 240) / 1.2, 200))
    assert found.spent == pytest.approx(500)
    assert found.per_unit == pytest.approx(0.18 / 1.2)


@pytest.mark.parametrize(
    ("capacity", "per_unit"),
    [(FLOORS, 0.45 / 1.5), (FLOORS + 240, 0.18 / 1.2), (FLOORS + 240 + 204, 0.03), (10_000, 0)],
)
def test_the_price_is_that_of_the_next_unit(capacity, per_unit):
    assert most_found(CITY, capacity).per_unit == pytest.approx(per_unit)


@pytest.mark.parametrize("plan", [most_found, midpoint])
def test_floors_that_need_more_than_there_is_are_refused(plan):
    with pytest.raises(Refused) as refused:
        plan(CITY, 210.5)

    assert (refused.value.code, refused.value.facts) == (
        "plans.capacity_too_small",
        {"needed": "211", "capacity": "210.5"},
    )
    assert "211" in SENTENCES["plans.capacity_too_small"].format(**refused.value.facts)


def test_the_plans_beside_it_cost_the_same_and_find_less():
    best, beside, even = most_found(CITY, 500), midpoint(CITY, 500), flat(CITY, 500)

    assert (beside.spent, even.spent) == pytest.approx((500, 500))
    assert best.found > beside.found > even.found
    assert [n / own.size for n, own in zip(even.visits, CITY, strict=True)] == pytest.approx([500 / 9_500] * 4)


def test_middles_of_the_bands_are_all_scaled_by_one_factor():
    wide = [Stratum("C级", 100, 0.1, 1, 0, 20), Stratum("D级", 100, 0.2, 1, 30, 50)]

    assert midpoint(wide, 50).visits == pytest.approx((10, 40))
    assert midpoint(wide, 40).visits == pytest.approx((8, 32))
    assert midpoint(wide, 33).visits == pytest.approx((3, 30))
    assert midpoint(wide, 1_000).visits == (20, 50)


@pytest.mark.parametrize(
    "wrong",
    [
        {"lo": -1},
        {"lo": 6},
        {"hi": 11},
        {"cost": 0},
        {"cost": float("nan")},
        {"rate": -0.1},
        {"rate": 1.1},
        {"rate": float("nan")},
    ],
)
def test_what_cannot_be_is_no_stratum(wrong):
    with pytest.raises(ValueError, match="not a stratum"):
        Stratum(**{"name": "C级", "size": 10, "rate": 0.1, "cost": 1, "lo": 0, "hi": 5, **wrong})


def test_what_is_left_after_rounding_is_not_spent_on_whom_the_plan_has_whole():
    strata = [Stratum(f"{at}类", 9, 0.1, cost, 0, 9) for at, cost in enumerate((10, 4, 4, 1))]
    plan = Allocation((0.9, 0.6, 0.5, 3.0), 0.5, 16.4)

    assert integers(strata, plan, 16.4).visits == (1, 0, 0, 3)


def test_nothing_to_inspect_is_a_plan_too():
    assert most_found([], 10) == midpoint([], 10) == flat([], 10) == Allocation((), 0, 0)


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (Allocation((), 0, 0, 0.1234), "每多检查一户次，预计多发现 0.12 个问题。"),
        (Allocation((), 0, 0, 0.0034), "每多检查一户次，预计多发现 0.0034 个问题。"),
        (Allocation((), 0, 0, 0.3), "每多检查一户次，预计多发现 0.3 个问题。"),
        (Allocation((), 0, 0, 0), "各类对象都已达到比例上限，再增加检查力量不会多发现问题。"),
    ],
)
def test_the_price_is_told_in_plain_words(plan, words):
    assert price_words(plan) == words


def test_what_another_plan_does_otherwise_is_told_by_grade():
    strata = [
        Stratum("C级", 600, 0.1, 1, 0, 600),
        Stratum("C级", 400, 0.2, 1, 0, 400),
        Stratum("D级", 50, 0.5, 1, 0, 50),
    ]
    before, after = (Allocation(visits, found, 80) for visits, found in (((18, 12, 50), 29.5), ((0, 80, 0), 16)))

    assert moves_words(strata, before, after) == "C级从 3%提到 8%，D级从 100%降到 0%，预计少发现约 14 个问题。"
    assert moves_words(strata, before, before) == "两个方案的比例相同。"


@st.composite
def cities(draw):
    n = draw(st.integers(1, 12))
    strata = []
    for at in range(n):
        size = draw(st.integers(0, 500))
        lo = draw(st.integers(0, size))
        hi = draw(st.integers(lo, size))
        rate, cost = draw(st.integers(0, 100)) / 100, draw(st.integers(1, 40)) / 10
        strata.append(Stratum(f"{at}类", size, rate, cost, lo, hi))
    floors = sum(own.lo * own.cost for own in strata)
    whole = sum(own.size * own.cost for own in strata)
    return strata, floors + draw(st.floats(0, 1.2)) * (whole - floors) + draw(st.sampled_from([0, 0.5, 3]))


@given(cities())
def test_the_most_found_is_what_a_solver_finds(city):
    strata, capacity = city
    found = most_found(strata, capacity)
    solved = linprog(
        [-own.rate for own in strata],
        A_ub=[[own.cost for own in strata]],
        b_ub=[capacity],
        bounds=[(own.lo, own.hi) for own in strata],
        method="highs",
    )

    assert solved.status == 0
    assert found.found == pytest.approx(-solved.fun, abs=1e-6)
    assert found.spent <= capacity + 1e-6
    assert all(own.lo <= n <= own.hi for n, own in zip(found.visits, strata, strict=True))
    assert sum(n != floor(n) for n in found.visits) <= 1


@given(cities(), st.integers(1, 9))
def test_one_more_unit_finds_no_more_than_the_price_and_a_little_less_loses_no_less(city, tenths):
    strata, capacity = city
    found, more = most_found(strata, capacity), most_found(strata, capacity + tenths / 10)

    assert more.found - found.found <= found.per_unit * tenths / 10 + 1e-6
    assert more.per_unit <= found.per_unit


@given(cities())
def test_the_middles_stay_in_their_bands_and_use_what_there_is(city):
    strata, capacity = city
    found = midpoint(strata, capacity)

    assert found.spent == pytest.approx(min(capacity, sum(own.hi * own.cost for own in strata)), abs=1e-6)
    assert all(own.lo <= n <= own.hi for n, own in zip(found.visits, strata, strict=True))
    assert found.found <= most_found(strata, capacity).found + 1e-6


@given(cities(), st.sampled_from([most_found, midpoint, flat]))
def test_whole_visits_keep_the_capacity_and_the_bands_and_lie_next_to_the_plan(city, make):
    strata, capacity = city
    plan = make(strata, capacity)
    found = integers(strata, plan, capacity)

    assert all(n == int(n) for n in found.visits)
    assert found.spent <= capacity + 1e-6
    assert sum(found.visits) <= sum(plan.visits) + 1e-6
    for n, planned, own in zip(found.visits, plan.visits, strata, strict=True):
        assert abs(n - planned) < 1
        assert own.lo <= n <= own.hi or make is flat
    assert integers(strata, plan, capacity) == found
