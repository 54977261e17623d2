"""What chance does: against figures made by hand, against another library, against honest draws."""

from __future__ import annotations

import random
from math import comb

import numpy as np
import pytest
from scipy import stats

from gongchou.draws import odds


@pytest.mark.parametrize(
    ("n_firms", "rate", "n_draws", "chance"),
    [
        (20, 0.03, 1, 0.54),
        (20, 0.03, 4, 0.087),
        (20, 0.03, 12, 7e-4),
        (50, 0.03, 4, 2e-3),
        (5, 0.20, 4, 0.012),
    ],
)
def test_the_chance_that_a_group_is_never_drawn(n_firms: int, rate: float, n_draws: int, chance: float):
    """The figures of the study on auditing finished draws."""
    chances = odds.poisson_binomial([rate] * n_firms * n_draws)

    assert odds.tails(chances, 0).few == pytest.approx(chance, rel=0.15)
    assert odds.tails(chances, 0).many == pytest.approx(1)


def mean_of(chances: odds.Chances) -> float:
    return sum(count * float(chance) for count, chance in enumerate(chances))


def test_unequal_rates_are_told_exactly():
    chances = odds.poisson_binomial([0.5, 0.25, 1.0])

    assert chances.tolist() == [0, 0.375, 0.5, 0.125]
    assert (odds.tails(chances, 1).few, odds.tails(chances, 3).many) == (0.375, 0.125)
    assert mean_of(chances) == 1.75


@pytest.mark.parametrize(("size", "marked", "n"), [(10, 3, 4), (10, 8, 5), (4, 4, 2), (30_000, 2_500, 900)])
def test_marked_ones_among_the_drawn_are_hypergeometric(size: int, marked: int, n: int):
    found = odds.hypergeometric(size, marked, n)

    exact = [comb(marked, k) * comb(size - marked, n - k) / comb(size, n) for k in range(len(found)) if n >= k]
    assert found == pytest.approx(exact, abs=1e-10)


def test_the_sum_of_draws_is_the_convolution():
    parts = [odds.hypergeometric(10, 3, 4), odds.hypergeometric(8, 2, 2)]

    both = odds.together(parts)

    assert both[0] == pytest.approx(parts[0][0] * parts[1][0])
    assert mean_of(both) == pytest.approx(4 * 3 / 10 + 2 * 2 / 8)


@pytest.mark.parametrize(("outside", "expected"), [(0.5, (8, 12)), (0.05, (6, 14)), (0.01, (4, 16))])
def test_a_range_leaves_no_more_outside_than_it_says(outside: float, expected: tuple[int, int]):
    chances = odds.poisson_binomial([0.5] * 20)

    low, high = odds.range_of(chances, outside)

    assert (low, high) == expected
    assert chances[:low].sum() <= outside / 2
    assert chances[high + 1 :].sum() <= outside / 2


@pytest.mark.parametrize(("rate", "n"), [(0.1, 2), (0.1, 0), (3.0, 2), (3.0, 9), (0.0, 1), (40.0, 90)])
def test_the_tail_of_rare_events(rate: float, n: int):
    assert odds.poisson_tail(rate, n) == pytest.approx(float(stats.poisson.sf(n - 1, rate)), rel=1e-9)


@pytest.mark.parametrize(("whole", "df"), [(14, None), (15, 2), (54, 2), (55, 10), (165, 32)])
def test_few_tickets_are_put_into_fewer_parts(whole: int, df: int | None):
    counts = [whole // 33 + (at < whole % 33) for at in range(33)]
    found = odds.chi_square_of(counts)

    assert (found and found.df) == df


def test_the_chance_of_chi_square_is_that_of_the_distribution():
    counts = [random.Random(at).randint(20, 40) for at in range(33)]
    found = odds.chi_square_of(counts)

    assert found is not None
    value, chance = stats.chisquare(counts)
    assert (found.value, found.chance) == pytest.approx((float(value), float(chance)))


def test_even_tickets_are_told_as_even():
    found = odds.chi_square_of([10] * 33)

    assert found is not None
    assert (found.value, found.chance) == (0, 1)


def test_tickets_nudged_forward_are_seen():
    chance = random.Random(7)
    counts = [0] * 33
    for at in range(6_000):
        ticket = chance.random() * (0.5 if at % 20 == 0 else 1)  # one in twenty is pushed into the lower half
        counts[int(33 * ticket)] += 1

    found = odds.chi_square_of(counts)

    assert found is not None
    assert found.chance < 0.05


def test_honest_tickets_are_called_uneven_as_rarely_as_it_says():
    chance = np.random.default_rng(20260302)
    found = [odds.chi_square_of(chance.multinomial(500, [1 / 33] * 33).tolist()) for _ in range(2_000)]

    n_alarms = sum(one is not None and one.chance < 0.01 for one in found)
    assert 6 <= n_alarms <= 36  # 20 are expected


def test_honest_draws_of_a_group_are_called_rare_no_more_often_than_it_says():
    """Twenty firms of a stratum of 600, 18 drawn, twelve times: the number is fixed, so alarms are rarer still."""
    chances = odds.poisson_binomial([0.03] * 240)
    seen = np.random.default_rng(1).hypergeometric(20, 580, 18, size=(5_000, 12)).sum(axis=1)

    n_alarms = sum(odds.tails(chances, int(n)).both < 0.01 for n in seen)

    assert n_alarms <= 50


def test_a_favoured_group_is_found_as_often_as_the_study_says():
    """100 firms at half their odds, twelve draws at 3 %: found 86 times in a hundred at one in a hundred."""
    chances = odds.poisson_binomial([0.03] * 1_200)
    seen = np.random.default_rng(2).binomial(1_200, 0.015, size=2_000)

    power = sum(odds.tails(chances, int(n)).few < 0.01 for n in seen) / len(seen)

    assert 0.78 <= power <= 0.94
