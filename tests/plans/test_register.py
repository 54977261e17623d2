"""Who stands in a pool, and how many are alike: the database and the arrays agree about everybody."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongchou.audit.guard import open_for_writing
from gongchou.plans.pool import Pool
from gongchou.plans.queries.profiles import profiles_of
from gongchou.plans.queries.register import sizes_of, subjects_of
from gongchou.plans.quota import Sizes
from gongchou.registry.models import Membership, Subject, SubjectTag, Tag
from tests.factories.people import NOW
from tests.factories.pools import ROWS, make_city, make_register, pool_of

pytestmark = pytest.mark.django_db

POOLS: list[tuple[dict[str, Any], str]] = [
    ({}, "一二三四五六"),
    ({"libraries": ("CY",)}, "一二三"),
    ({"libraries": ("CY", "ZS")}, "一二三四"),
    ({"kinds": ("trader",)}, "一二"),
    ({"kinds": ("enterprise", "society")}, "三四六"),
    ({"scales": ("large", "small")}, "三"),
    ({"kinds": ("enterprise",), "scales": ("micro",)}, "四"),
    ({"regions": ("990102",)}, "一二三"),
    ({"regions": ("990102001", "990103")}, "一二四五"),
    ({"regions": ("9901",)}, "一二三四五六"),
    ({"tags": ("重点",)}, "一三五"),
    ({"tags": ("小类",)}, "三五"),
    ({"industries": ("H",)}, "一三"),
    ({"industries": ("H62", "F")}, "一四"),
    ({"industries": ("%",)}, ""),
    ({"grades": ("A", "")}, "一二六"),
    ({"licences": ("特许可证",)}, "三四"),
    ({"libraries": ("CY",), "licences": ("特许可证",)}, ""),
    ({"libraries": ("CY",), "licences": ("食许可证", "特许可证")}, "一二三"),
    ({"not_visited_since": date(2025, 3, 1)}, "二四五"),
    ({"not_visited_since": date(2025, 3, 2)}, "一二四五六"),
    ({"established_before": date(2015, 1, 2)}, "一四六"),
    ({"keepers": ("other",)}, "四五"),
    ({"libraries": ("CY",), "grades": ("A",), "not_visited_since": date(2025, 1, 1)}, "二"),
]


@pytest.fixture
def found():
    return make_register()


def names_in(pool: Pool) -> str:
    names = {subject.name[2] for subject in subjects_of(pool)}
    return "".join(name for name in ROWS if name in names)


@pytest.mark.parametrize(("wanted", "names"), POOLS, ids=lambda value: str(value) if isinstance(value, dict) else "")
def test_a_pool_holds_who_meets_all_its_conditions(found, wanted, names):
    pool = pool_of(found, **wanted)

    assert names_in(pool) == names
    assert subjects_of(pool).count() == len(names)


def test_all_pools_are_read_at_once_and_are_the_same_ones(found):
    pools = [pool_of(found, **wanted) for wanted, _ in POOLS]
    profiles = profiles_of(pools)

    assert profiles.pool_sizes.tolist() == [len(names) for _, names in POOLS]
    assert profiles.sizes.sum() == len(ROWS)


def test_alike_subjects_are_one_profile(found):
    profiles = profiles_of([pool_of(found, libraries=("CY",)), pool_of(found, kinds=("institution",))])

    rows = zip(profiles.districts, profiles.grades, profiles.sizes.tolist(), profiles.members.tolist(), strict=True)
    assert list(rows) == [
        ("9901", "", 1, [False, False]),
        ("990102", "A", 2, [True, False]),
        ("990102", "B", 1, [True, False]),
        ("990103", "C", 1, [False, False]),
        ("990103", "D", 1, [False, True]),
    ]


def test_the_register_is_asked_as_often_for_many_pools_as_for_one(found):
    counts = []
    for times in (1, 20):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            profiles_of([pool_of(found, **wanted) for wanted, _ in POOLS] * times)
        counts.append(len(asked))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("pools", [[], [Pool()]])
def test_an_empty_register_has_no_profiles(pools):
    profiles = profiles_of(pools)

    assert (profiles.sizes.tolist(), profiles.members.shape) == ([], (0, len(pools)))


def test_who_cannot_be_drawn_is_in_no_pool(found):
    with open_for_writing():
        Subject.objects.filter(pk=found["一"].pk).update(state="inactive", cause="status")
        Membership.objects.filter(subject=found["二"]).update(state="inactive", cause="expired")
        SubjectTag.objects.filter(subject=found["五"]).update(ended_at=NOW)
    food, focus = pool_of(found, libraries=("CY",)), pool_of(found, tags=("重点",))

    assert (names_in(food), names_in(focus)) == ("三", "三")
    assert profiles_of([food, focus]).pool_sizes.tolist() == [1, 1]


def test_a_pool_has_sizes_by_grade_level_and_group(found):
    sizes = sizes_of(Pool(), groups=("小类", "没有的"))

    assert sizes == Sizes(
        6,
        {"A": 2, "B": 1, "C": 1, "D": 1, "": 1},
        {"city": {"9901": 6}, "county": {"990102": 3, "990103": 2}, "town": {"990102001": 2, "990103001": 2}},
        {"小类": 2},
    )


def test_a_group_is_a_tag_in_use_and_its_narrower_ones(found):
    assert sizes_of(pool_of(found, libraries=("CY",)), groups=("重点",)).by_group == {"重点": 2}
    with open_for_writing():
        Tag.objects.filter(name="重点").update(state="ended", ended_at=NOW, end_reason="演示")

    assert sizes_of(Pool(), groups=("重点",)).by_group == {}


def test_a_tag_that_is_for_items_only_makes_no_group(found):
    with open_for_writing():
        Tag.objects.filter(name="重点").update(is_for_subjects=False)

    assert sizes_of(Pool(), groups=("重点",)).by_group == {}


def test_pools_over_a_city_hold_as_many_by_the_database_as_by_the_arrays():
    libraries = make_city(2_000)
    pools = [Pool(libraries=(str(one.pk),), grades=grades) for one in libraries for grades in ((), ("A",), ("C", "D"))]
    profiles = profiles_of([Pool(), *pools])

    assert profiles.pool_sizes.tolist() == [2_000, *(subjects_of(pool).count() for pool in pools)]
    assert len(profiles.sizes) < 2_000
