"""Sample sizes: a decision table, exact fractions, and Hamilton's method against a literal slow one."""

from __future__ import annotations

import math
import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongchou.draw import allocate
from gongchou.draw.errors import RuleError
from tests.draw import oracles
from tests.draw.vectors import each, load

VECTORS = load("allocate")


def by_ratio(row):
    return allocate.by_ratio(
        row["size"], row["num"], row["den"], rounding=row["round"], least=row["min"], most=row["max"]
    )


@pytest.mark.parametrize("row", VECTORS["ratio"], ids=lambda row: "-".join(map(str, row.values())))
def test_a_ratio_gives_exactly_these_places(row):
    assert by_ratio(row) == row["n"]


@pytest.mark.parametrize("row", each(VECTORS["ratio_refused"]))
def test_an_impossible_ratio_is_refused(row):
    with pytest.raises(RuleError, match="quota_invalid"):
        by_ratio(row)


@given(
    st.integers(0, 2**53 - 1),
    st.integers(1, 10**6),
    st.data(),
    st.sampled_from([(math.ceil, "ceil"), (math.floor, "floor")]),
)
def test_places_are_those_of_exact_fractions(size, den, data, rounding):
    num, least = data.draw(st.integers(0, den)), data.draw(st.integers(0, 50))
    most = data.draw(st.none() | st.integers(least, 1000))
    round_it, name = rounding

    places = allocate.by_ratio(size, num, den, rounding=name, least=least, most=most)

    bounded = min(size, max(least, round_it(Fraction(size * num, den))))
    assert places == (bounded if most is None else min(bounded, most))


def test_no_float_decides_over_whole_percentages_and_sizes_to_2000():
    wrong = [
        (size, percent)
        for percent in range(1, 101)
        for size in range(1, 2001)
        if allocate.by_ratio(size, percent, 100, rounding="ceil") != math.ceil(Fraction(size * percent, 100))
    ]

    assert wrong == []


@pytest.mark.parametrize("row", each(VECTORS["weight"]))
def test_weights_share_a_total(row):
    assert allocate.by_weight(row["sizes"], row["weights"], row["total"]) == row["n"]


@pytest.mark.parametrize("row", each(VECTORS["weight_refused"]))
def test_an_impossible_total_is_refused(row):
    with pytest.raises(RuleError, match="quota_invalid"):
        allocate.by_weight(row["sizes"], row["weights"], row["total"])


def test_three_thousand_random_totals_are_shared_as_the_slow_way_shares_them():
    rng = random.Random(5)

    for _ in range(3000):
        names = rng.sample(["A", "A-B", "A.B", "AB", "B", "B1", "C"], rng.randint(1, 7))
        sizes = {name: rng.choice([1, 2, 3, 10, 200]) for name in names}
        weights = {name: rng.choice([1, 1, 2, 3, 50]) for name in names}
        total = rng.randint(0, sum(sizes.values()))
        assert allocate.by_weight(sizes, weights, total) == oracles.hamilton(sizes, weights, total)


@given(
    st.dictionaries(st.sampled_from("ABCDEF"), st.tuples(st.integers(1, 60), st.integers(1, 9)), min_size=1), st.data()
)
def test_a_shared_total_is_given_out_whole_and_no_stratum_overflows(strata, data):
    sizes = {name: size for name, (size, _) in strata.items()}
    total = data.draw(st.integers(0, sum(sizes.values())))

    places = allocate.by_weight(sizes, {name: weight for name, (_, weight) in strata.items()}, total)

    assert sum(places.values()) == total
    assert [name for name in places if not 0 <= places[name] <= sizes[name]] == []


def test_the_order_in_which_strata_are_given_does_not_matter():
    sizes, weights = {"B": 5, "A": 5, "C": 5}, {"C": 1, "B": 1, "A": 1}

    assert allocate.by_weight(sizes, weights, 4) == {"A": 2, "B": 1, "C": 1}


@pytest.mark.parametrize("row", VECTORS["reserve"], ids=lambda row: "-".join(map(str, row.values())))
def test_the_reserve_is_its_ratio_rounded_up_as_far_as_objects_are_left(row):
    assert allocate.reserve_for(row["size"], row["n"], row["num"], row["den"]) == row["reserve"]


@pytest.mark.parametrize(("num", "den"), [(2, 1), (0, 0), (1, 0), (-1, 10), (1, -10)])
def test_an_impossible_reserve_ratio_is_refused(num, den):
    with pytest.raises(RuleError, match="quota_invalid"):
        allocate.reserve_for(100, 10, num, den)
