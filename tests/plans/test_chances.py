"""From a line's numbers to chances: whatever is spread, the expected numbers stay those of the plan."""

from __future__ import annotations

import numpy as np
import pytest

from gongchou.plans.chances import chances_of
from gongchou.plans.queries.profiles import Profiles
from gongchou.plans.quota import Quota, Sizes, quota_of
from gongchou.registry.ratio import AsNeeded, By, Flat
from tests.registry.items.test_ratio import at_least, exactly, table

PROFILES = Profiles(
    np.array([100, 200, 60, 40, 7]),
    ("A", "", "B", "D", "A"),
    ("990102", "990102", "990103", "9901", "990103"),
    np.array([[True, True], [True, False], [True, True], [True, True], [False, True]]),
)
SIZES = Sizes(
    400,
    {"A": 100, "": 200, "B": 60, "D": 40},
    {"city": {"9901": 400}, "county": {"990102": 300, "990103": 60}},
    {"高校": 30, "中小学": 370},
)


@pytest.mark.parametrize(
    ("rule", "numbers"),
    [
        (Flat(at_least("3")), [[3, 6, 1.8, 1.2, 0]]),
        (Flat(exactly("40", "家")), [[10, 20, 6, 4, 0]]),
        (table(By.GRADE, A="3%", B="5%", D="50%"), [[3, 10, 3, 20, 0]]),
        (table(By.LEVEL, city="2%", county="10%"), [[2, 4, 1.2, 0.8, 0], [10, 20, 6, 0, 0]]),
        (table(By.LEVEL, county="10%"), [[10, 20, 6, 0, 0]]),
        (table(By.GROUP, 高校="30%", 中小学="10%"), [[11.5, 23, 6.9, 4.6, 0]]),
        (table(By.GROUP, 幼儿园="30%"), [[0, 0, 0, 0, 0]]),
        (AsNeeded(), [[0, 0, 0, 0, 0]]),
    ],
)
def test_a_lines_numbers_are_spread_over_whom_they_are_for(rule, numbers):
    chances = chances_of(rule, quota_of(rule, SIZES), PROFILES, 0)

    assert chances * PROFILES.sizes == pytest.approx(np.array(numbers))


def test_each_line_has_its_own_pool():
    rule = Flat(exactly("100"))
    found = chances_of(rule, quota_of(rule, Sizes(207)), PROFILES, 1)

    assert found.tolist() == [[1, 0, 1, 1, 1]]


def test_an_empty_pool_has_no_chances():
    rule = Flat(exactly("100"))

    assert quota_of(rule, Sizes(0)) == Quota(0, notes=("抽取范围内没有对象，数量为 0",))
    assert not chances_of(rule, quota_of(rule, Sizes(0)), PROFILES, 0).any()
