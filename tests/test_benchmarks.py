"""The peers that a benchmark rebuilds draw what their published code would, worked out by hand."""

from __future__ import annotations

import pytest

from benchmarks import fairness_peers as peers
from benchmarks.fairness import POOLS, Pool, Reach, binomial_bounds, reach_of_walk


@pytest.mark.parametrize(
    ("pool", "target", "page", "drawn"),
    [
        (3, 3, 9, [[0, 1, 2]]),  # all
        (7, 3, 9, [[0, 2, 4], [1, 3, 5]]),  # in steps of two; row 6 never
        (10, 5, 4, [[0, 2, 4, 6, 8], [1, 3, 4, 6, 8]]),  # turning the page slips back by a row, unless it is the first
        (10, 3, 4, [[0, 3, 5], [1, 4, 7], [2, 4, 7]]),
        (30, 2, 4, [[0], [1], [2], [3], [4], [4], [5], [6], [7], *[[]] * 6]),  # one page is turned, never two
        (7, 5, 9, [[1, 2, 4, 5, 6], [0, 2, 3, 5, 6], [0, 1, 3, 4, 6]]),  # leaves out in steps of three; row 6 always
        (8, 5, 4, [[1, 3, 5, 6, 7], [0, 2, 5, 6, 7]]),  # and slips there too
    ],
)
def test_the_walk_draws_these_rows_from_each_start(pool, target, page, drawn):
    starts = range(peers.n_starts(pool, target))

    assert [peers.draw(pool, target, start, page) for start in starts] == drawn


@pytest.mark.parametrize(
    ("pool", "target", "numbers", "drawn"),
    [
        (10, 3, [1], {0, 3, 6}),  # from the first row in steps of three, to the end
        (10, 3, [9, 9, 2, 5], {8, 1, 4}),  # from the ninth there is one; single rows follow, none twice
        (10, 4, [1, 3], {0, 3, 6, 2}),  # two and a half is three
        (10, 7, [1], {0, 1, 2, 3, 4, 5, 6, 7, 8}),  # steps of one: more than were asked for
        (10, 3, [10, 1, 2, 3], {0, 1, 2}),  # the steps never take the last row
    ],
)
def test_the_older_module_draws_these_rows(pool, target, numbers, drawn):
    assert peers.skip(pool, target, iter(numbers)) == drawn


def test_inspectors_are_sent_in_the_order_of_the_list():
    assert peers.rounds(5, 3, 4) == [(3, 4), (0, 1), (2, 3), (4, 0)]


def test_of_the_pools_of_the_benchmark_the_walk_reaches_so_much():
    reached = {pool: reach_of_walk(pool) for pool in POOLS}

    assert reached == {
        Pool(299, 100): Reach(2, 99, 0),
        Pool(1_000, 30): Reach(33, 10, 0),
        Pool(9_999, 2_500): Reach(3, 3_332, 0),
        Pool(20_000, 600): Reach(33, 1_092, 0),
        Pool(30_000, 12_000): Reach(2, 15_500, 9_500),
        Pool(1_000, 50): Reach(20, 0, 0),
        Pool(12_000, 7_000): Reach(2, 2_500, 4_500),
    }


def test_bounds_leave_less_than_the_tail_on_either_side():
    # Ten coins: 0 or fewer heads 1/1024, 1 or fewer 11/1024.
    assert [binomial_bounds(10, 0.5, tail) for tail in (0.0005, 0.005, 0.02)] == [(0, 10), (1, 9), (2, 8)]
