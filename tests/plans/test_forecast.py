"""Forecasts: closed forms against draws that are really made, subject by subject, some hundreds of times."""

from __future__ import annotations

from collections import Counter, defaultdict
from math import sqrt
from random import Random
from statistics import fmean, stdev
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gongchou.plans.forecast import forecast, rate_by

EVENLY = [1 / 12] * 12


class Case(NamedTuple):
    """sizes by profile; numbers: of each line and profile, drawn in each round; departments and rounds by line"""

    sizes: list[int]
    numbers: list[list[int]]
    departments: list[int]
    rounds: list[int]

    def forecast(self, **more: Any) -> Any:
        rates = [[n / size for n, size in zip(row, self.sizes, strict=True)] for row in self.numbers]
        months = [EVENLY] * len(rates)
        return forecast(self.sizes, rates, self.departments, months, rounds=self.rounds, **more)


CASES = {
    "one department": Case([40, 25], [[4, 5], [8, 0]], [0, 0], [1, 1]),
    "three departments, some certain": Case([30, 20, 10], [[3, 4, 10], [6, 0, 5], [0, 7, 10]], [0, 1, 2], [1, 1, 1]),
    "two departments that meet three times": Case([20, 10], [[4, 5], [6, 1], [0, 3]], [0, 1, 1], [3, 3, 1]),
    "many lines and rounds": Case(
        [24, 12, 36],
        [[6, 3, 0], [2, 0, 9], [4, 12, 12], [0, 4, 4], [12, 1, 1]],
        [0, 0, 1, 2, 1],
        [1, 2, 4, 2, 1],
    ),
}


def draw_apart(case: Case, chance: Random) -> list[set[tuple[int, int]]]:
    """Of each season, which line takes which subject: each line draws for itself, a fixed number of each profile."""
    seasons = []
    for season in range(max(case.rounds)):
        taken = set()
        for line, row in enumerate(case.numbers):
            for pool, n in zip(subjects(case), row, strict=True):
                taken |= {(line, subject) for subject in chance.sample(pool, n) if season < case.rounds[line]}
        seasons.append(taken)
    return seasons


def draw_together(case: Case, chance: Random) -> list[set[tuple[int, int]]]:
    """The same, where each subject has one number in a season and every line takes the smallest."""
    seasons = []
    for season in range(max(case.rounds)):
        taken = set()
        for profile, pool in enumerate(subjects(case)):
            order = chance.sample(pool, len(pool))
            for line, row in enumerate(case.numbers):
                taken |= {(line, subject) for subject in order[: row[profile]] if season < case.rounds[line]}
        seasons.append(taken)
    return seasons


def subjects(case: Case) -> list[range]:
    ends = np.cumsum(case.sizes).tolist()
    return [range(end - size, end) for end, size in zip(ends, case.sizes, strict=True)]


def told(case: Case, seasons: list[set[tuple[int, int]]], *, is_merged: bool) -> dict[str, float]:
    """Everything a forecast tells, counted."""
    visits: Counter[int] = Counter()
    joint = 0
    outings: Counter[int] = Counter()
    for taken in seasons:
        there: dict[int, list[int]] = defaultdict(list)
        for line, subject in taken:
            there[subject].append(case.departments[line])
        for subject, departments in there.items():
            visits[subject] += 1 if is_merged else len(departments)
            joint += len(departments) if len(set(departments)) > 1 else 0
            outings.update(set(departments) if is_merged else departments)
    times = Counter(visits.values())
    found = {f"visited {n}": times[n] for n in range(1, 4)}
    found |= {f"department {own}": outings[own] for own in set(case.departments)}
    more = sum(n for often, n in times.items() if often > 3)
    return {"doors": len(visits), "visits": sum(visits.values()), "joint": joint, "more": more, **found}


def expected(case: Case, way: Any) -> dict[str, float]:
    found = {f"visited {n}": way.visits[n] for n in range(1, 4)}
    by_department = way.by_month.sum(axis=1)
    found |= {f"department {own}": by_department[own] for own in set(case.departments)}
    return {"doors": way.n_doors, "visits": way.n_visits, "joint": way.n_joint, "more": way.above(3), **found}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@pytest.mark.parametrize("is_merged", [False, True], ids=["apart", "together"])
def test_draws_of_fixed_numbers_come_to_what_was_forecast(case, is_merged):
    """Within four standard errors of the simulation's mean; the closed forms themselves are exact here."""
    chance, draw = Random(20_260_101), draw_together if is_merged else draw_apart
    runs = [told(case, draw(case, chance), is_merged=is_merged) for _ in range(400)]
    found = case.forecast(n_people=1)

    for name, value in expected(case, found.together if is_merged else found.apart).items():
        own = [run[name] for run in runs]
        assert abs(fmean(own) - value) <= 4 * stdev(own) / sqrt(len(own)) + 1e-9, name


def test_numbers_fixed_over_larger_pools_open_a_few_more_doors_together():
    """Two lines of one rate, over 600 subjects and over half of them; where each stops taking wavers from draw to draw.

    Doors apart are exact. Doors together may be above the forecast by no more than the half's number wavers:
    sqrt(300 x 0.1 x 0.9) = 5.2 subjects.
    """
    chance, half, whole = Random(7), 300, 600
    runs_apart, runs_together = [], []
    for _ in range(400):
        numbers = [chance.random() for _ in range(whole)]
        small, large = sorted(range(half), key=numbers.__getitem__)[:30], sorted(range(whole), key=numbers.__getitem__)
        runs_together.append(len({*small, *large[:60]}))
        runs_apart.append(len({*chance.sample(range(half), 30), *chance.sample(range(whole), 60)}))
    found = forecast([300, 300], [[0.1, 0], [0.1, 0.1]], [0, 1], [EVENLY] * 2)

    assert abs(fmean(runs_apart) - found.apart.n_doors) <= 4 * stdev(runs_apart) / 20
    assert 0 <= fmean(runs_together) - found.together.n_doors <= sqrt(300 * 0.1 * 0.9)


def test_six_departments_of_one_register_knock_at_twenty_thousand_doors_apart_and_at_a_sixth_together():
    found = forecast([120_000], [[0.03]] * 6, range(6), [EVENLY] * 6)

    assert found.by_department.tolist() == pytest.approx([3_600] * 6)
    assert found.apart.n_doors == pytest.approx(120_000 * (1 - 0.97**6))
    assert round(found.apart.n_doors) == 20_043
    assert found.apart.joint_share == pytest.approx(1 - 0.97**5)
    assert found.together.n_doors == pytest.approx(3_600)
    assert found.together.joint_share == pytest.approx(1)
    assert (found.apart.n_visits, found.together.n_visits) == pytest.approx((21_600, 3_600))


def test_own_directories_and_class_rates_nest():
    found = forecast([1_000, 500], [[0.01, 0.5], [0.03, 0.2], [0, 0.2]], [0, 1, 2], [EVENLY] * 3)

    assert found.together.n_doors == pytest.approx(30 + 250)
    assert found.together.n_joint == pytest.approx(20 + 500 * 0.6)
    assert found.together.visits_per_door == pytest.approx(1)


def test_each_round_has_a_new_number():
    found = forecast([1_000], [[0.5], [0.2]], [0, 1], [EVENLY] * 2, rounds=[2, 1], most=3)

    assert found.by_line.tolist() == pytest.approx([1_000, 200])
    assert found.together.visits.tolist() == pytest.approx([250, 500, 250, 0])
    assert found.apart.visits.tolist() == pytest.approx([200, 450, 300, 50])
    assert found.together.n_joint == pytest.approx(400)
    assert (found.apart.above(1), found.apart.above(0)) == pytest.approx((350, 800))


def test_inspectors_go_out_in_the_months_of_their_lines():
    spring, autumn = [0, 0, 0, 1, *[0] * 8], [*[0] * 9, 0.5, 0.5, 0]
    found = forecast([100], [[0.3], [0.1], [0.2]], [0, 0, 1], [spring, autumn, autumn], n_people=2)

    assert found.apart.by_month[:, [3, 9, 10]].tolist() == [[60, 10, 10], [0, 20, 20]]
    # The two lines of one department meet at ten doors: thirty visits instead of forty.
    assert found.together.by_month[:, [3, 9, 10]] == pytest.approx(np.array([[45, 7.5, 7.5], [0, 20, 20]]))


def test_many_profiles_come_to_as_much_as_one_of_all_their_subjects():
    rates, more = [[0.1], [0.2]], ([0, 1], [EVENLY] * 2)
    one, many = forecast([20_000], rates, *more), forecast([4] * 5_000, np.repeat(rates, 5_000, axis=1), *more)

    for way, same in ((many.apart, one.apart), (many.together, one.together)):
        assert (way.n_doors, way.n_joint, way.n_visits) == pytest.approx((same.n_doors, same.n_joint, same.n_visits))
        assert way.visits == pytest.approx(same.visits)


def test_a_plan_without_lines_visits_nobody():
    found = forecast([5, 6], np.zeros((0, 2)), [], np.zeros((0, 12)))

    assert (found.apart.n_doors, found.together.n_doors, found.apart.joint_share) == (0, 0, 0)
    assert found.apart.visits[0] == 11


@pytest.mark.parametrize(
    "wrong",
    [
        {"rates": [[1.1], [0]]},
        {"rates": [[-0.1], [0]]},
        {"rates": [[float("nan")], [0]]},
        {"rates": [[0.1]]},
        {"sizes": [1, 2]},
        {"departments": [0, 2]},
        {"months": [[1], [1]]},
        {"rounds": [0, 1]},
        {"most": 0},
    ],
)
def test_what_does_not_fit_is_no_forecast(wrong):
    right = {"sizes": [10], "rates": [[0.1], [0.2]], "departments": [0, 1], "months": [EVENLY] * 2}
    with pytest.raises(ValueError, match=r"fit|rate|numbered|visits"):
        forecast(**{**right, **wrong})


def test_more_visits_than_were_counted_are_not_guessed():
    with pytest.raises(ValueError, match="visits above 2"):
        forecast([10], [[0.1]], [0], [EVENLY], most=2).apart.above(2)


@pytest.mark.parametrize(
    ("drawn", "rates"),
    [
        ({"A": 10, "B": 10}, [0.1, 0.2, 0.0, 0.0]),
        ({"B": 80}, [0.0, 1.0, 0.0, 0.0]),
        ({"C": 1}, [0.0, 0.0, 0.0, 0.0]),
    ],
)
def test_a_number_is_a_rate_of_those_who_count_to_it(drawn, rates):
    found = rate_by([True, True, False, False], [100, 50, 70, 20], ["A", "B", "A", "C"], drawn)

    assert found.tolist() == rates


def test_lines_of_one_department_that_coincide_can_leave_fewer_tasks_where_departments_meet():
    """Two halves of one department beside a certain other: nested, both stay away from the same door at once."""
    found = forecast([100], [[0.5], [0.5], [1.0]], [0, 0, 1], [EVENLY] * 3)

    assert (found.apart.n_joint, found.together.n_joint) == pytest.approx((175, 150))


@given(
    arrays(float, (4, 3), elements=st.floats(0, 1)),
    st.lists(st.integers(1, 3), min_size=4, max_size=4),
    st.lists(st.integers(0, 1_000), min_size=3, max_size=3),
)
def test_sharing_a_number_never_knocks_at_more_doors_and_keeps_everybodys_tasks(rates, rounds, sizes):
    found = forecast(sizes, rates, [0, 1, 1, 2], [EVENLY] * 4, rounds=rounds)
    apart, together = found.apart, found.together

    assert together.n_doors <= apart.n_doors + 1e-6
    assert together.n_doors <= together.n_visits + 1e-6
    for way in (apart, together):
        assert way.visits.sum() == pytest.approx(sum(sizes))
        assert -1e-9 <= way.n_joint <= way.n_tasks + 1e-6
        assert way.n_tasks == pytest.approx(float(found.by_line.sum()))
        assert (way.visits >= -1e-9).all()
