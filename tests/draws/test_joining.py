"""Lower levels do their own items on visits that were drawn above them."""

from __future__ import annotations

from typing import Any

import pytest

from gongchou.accounts.models import Department
from gongchou.draws.models import Batch, Joining
from gongchou.draws.operations import joining
from gongchou.draws.queries.joining import joinings_at, joinings_of, visits_to_join
from tests.draws.afterwards import AFTER, hit_of, refused_code, replace
from tests.factories import draws as factory
from tests.factories import plans
from tests.factories.lists import department_of_lists, keeper_of, make_item, other_department
from tests.factories.people import make_department, make_region
from tests.factories.subjects import fill, make_library

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def county_of(city: Department, code: str) -> Department:
    return make_department(f"SCJG{code}", make_region(f"9901{code}", f"演示{code}", "county", city.region))


def city_draw(*counties: Department, n: int = 10) -> Batch:
    """All shops of some counties are drawn by the city, and the result is locked."""
    city = department_of_lists()
    library = make_library("QX", department=city)
    for at, county in enumerate(counties):
        fill(library, range(1 + at * n, 1 + (at + 1) * n), county)
    task = factory.ready_task(city, first=500, library=library, ratio=plans.at_least("90%"))
    return factory.locked(factory.make_batch(task))


def join(batch: Batch, department: Department, **own: Any) -> Batch:
    told = {"items": [item_of(department)], "n_people": 2, "by": keeper_of(department), "at": AFTER, **own}
    return joining.join_visits(batch=batch, department=department, **told)


def item_of(department: Department) -> Any:
    return make_item(owner=department).item


def test_a_county_joins_the_doors_of_its_territory():
    here, there = (county_of(department_of_lists(), code) for code in ("02", "03"))
    batch = city_draw(here, there)
    item = item_of(here)

    join(batch, here, items=[item], n_people=3)

    rows = list(joinings_of(here))
    inside = set(batch.visits.filter(subject__keeper=here).values_list("pk", flat=True))
    assert {row.visit_id for row in rows} == inside
    assert {(row.n_people, tuple(row.items.all())) for row in rows} == {(3, (item,))}
    assert not joinings_of(there).exists()


def test_some_doors_are_named_and_the_rest_are_joined_later():
    here = county_of(department_of_lists(), "02")
    batch = city_draw(here)
    first = batch.visits.first()

    join(batch, here, visits=[first])
    assert [row.visit for row in joinings_of(here)] == [first]
    join(batch, here)

    assert (joinings_of(here).count(), visits_to_join(batch, here).count()) == (9, 0)
    assert refused_code(join, batch, here) == "draws.nothing_to_join"


def test_a_unit_reads_who_else_comes_to_its_doors():
    here, there = (county_of(department_of_lists(), code) for code in ("02", "03"))
    batch = city_draw(here, there)
    join(batch, here)
    batch.refresh_from_db()

    factory.results.dispatch(batch=batch, by=keeper_of(batch.department), at=AFTER)

    assert set(joinings_at(here)) == set(joinings_of(here))
    assert not joinings_at(there).exists()


def test_a_door_that_is_visited_no_more_has_no_joining():
    here = county_of(department_of_lists(), "02")
    batch = city_draw(here)
    join(batch, here)

    out = replace(hit_of(batch.draws.get(), 1), AFTER).out

    assert out.subject_id not in set(joinings_of(here).values_list("visit__subject", flat=True))
    assert Joining.objects.filter(visit__subject=out.subject).exists()
    assert visits_to_join(batch, here).count() == 1  # who came in


def test_who_may_not_join():
    here, there = (county_of(department_of_lists(), code) for code in ("02", "03"))
    batch = city_draw(here, there)
    beside = other_department(batch.department)
    elsewhere = batch.visits.filter(subject__keeper=there)

    assert refused_code(join, batch, here, by=keeper_of(there)) == "registry.out_of_reach"
    assert refused_code(join, batch, beside) == "draws.not_below"
    assert refused_code(join, batch, batch.department) == "draws.not_below"
    assert refused_code(join, batch, here, visits=elsewhere) == "draws.join_outside"
    assert refused_code(join, batch, here, items=[]) == "draws.join_items"
    assert refused_code(join, batch, here, items=[item_of(there)]) == "draws.item_foreign"
    assert refused_code(join, batch, here, n_people=0) == "draws.join_people"
    assert not Joining.objects.exists()


def test_who_is_below_by_line_of_command_joins_wherever_it_sits():
    city = department_of_lists()
    lower = make_department("SCJGFJ", city.region, line_parent=city)
    batch = factory.locked(factory.make_batch())

    join(batch, lower)

    assert joinings_of(lower).count() == 8


def test_nobody_joins_before_the_result_is_locked():
    here = county_of(department_of_lists(), "02")
    batch = factory.drawn(factory.make_batch())

    assert refused_code(join, batch, here) == "draws.join_time"
