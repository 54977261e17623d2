"""More is drawn for a task that has its result: another seed, nobody twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from gongchou.draw.encoding import parse_json
from gongchou.draw.params import read_params
from gongchou.draws.models import Batch, Draw
from gongchou.draws.operations import batches, committing
from tests.draws.afterwards import AFTER, Clock, check_both_views, found, hit_of, refused_code, replace
from tests.draws.test_withdrawals import TOLD, ask, withdraw, withdraw_late
from tests.factories import draws as factory
from tests.factories.lists import keeper_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def supplement(parent: Draw, at=AFTER, **own: Any) -> Batch:
    times = {"closes_at": at + timedelta(hours=1), "beacon_at": at + timedelta(hours=2)}
    content = factory.content(**{**times, **own})
    return batches.open_supplement(parent=parent, content=content, by=keeper_of(parent.task.department), at=at)


def run(batch: Batch, at=AFTER) -> Draw:
    return factory.drawn(factory.committed(batch, at=at)).draws.get()


def drawn_of(draw: Draw) -> set[Any]:
    return set(draw.hits.exclude(place="reserve").values_list("subject", flat=True))


@pytest.mark.parametrize("state", [factory.drawn, factory.locked, factory.dispatched])
def test_a_supplement_leaves_out_who_was_drawn_and_names_its_parent(state):
    batch = state(factory.make_batch())
    parent = batch.draws.get()
    replaced = replace(hit_of(parent, 1), AFTER).out

    more = run(supplement(parent))

    parent.task.refresh_from_db()
    assert (parent.task.state, more.plan) == (batch.state, f"{parent.task.number} 补充抽取1")
    assert len(drawn_of(parent)) == 9  # who was replaced and who came in
    assert drawn_of(parent) & drawn_of(more) == set()
    assert replaced.subject_id in drawn_of(parent)
    assert more.left_out == {"drawn_before": 9}
    params = read_params(committing.read(more.batch, "params.json"))
    assert (params["parent"], params["supersedes"]) == (parent.code, None)
    check_both_views(more.batch)
    factory.dispatched(more.batch)
    parent.task.refresh_from_db()
    assert parent.task.state == batch.state


def test_a_second_supplement_leaves_out_both_and_has_the_next_number():
    parent = factory.drawn(factory.make_batch()).draws.get()
    first = run(supplement(parent))
    later = AFTER + timedelta(hours=3)

    second = run(supplement(parent, later), later)

    assert second.plan.endswith("补充抽取2")
    assert drawn_of(second) & (drawn_of(parent) | drawn_of(first)) == set()
    check_both_views(second.batch)


def test_two_supplements_are_not_prepared_at_once():
    parent = factory.drawn(factory.make_batch()).draws.get()
    supplement(parent)

    assert refused_code(supplement, parent) == "draws.supplement_waits"


@pytest.mark.parametrize(("end", "state"), [("thaw", "draft"), ("drop", "dropped")])
def test_a_supplement_that_is_thawed_or_dropped_leaves_the_task_as_it_is(end: str, state: str):
    parent = factory.drawn(factory.make_batch()).draws.get()
    batch = factory.frozen(supplement(parent), AFTER)

    getattr(batches, end)(batch=batch, reason="演示", by=keeper_of(batch.department), at=AFTER)

    batch.refresh_from_db()
    parent.task.refresh_from_db()
    assert (batch.state, parent.task.state) == (state, "drawn")


def test_a_supplement_that_was_given_up_is_superseded_by_the_next_under_its_number():
    parent = factory.drawn(factory.make_batch()).draws.get()
    first = factory.committed(supplement(parent), AFTER).draws.get()
    withdraw(first, at=AFTER)
    parent.task.refresh_from_db()
    assert parent.task.state == "drawn"

    second = run(supplement(parent))

    assert (second.plan, second.supersedes) == (first.plan, first)
    assert found(second.batch).failure is None


def test_who_disliked_a_supplement_waits_a_day_for_the_next():
    parent = factory.drawn(factory.make_batch()).draws.get()
    first = run(supplement(parent))
    clock = Clock(AFTER + timedelta(hours=3))
    withdraw_late(first, clock())
    second = supplement(parent, clock())

    assert refused_code(factory.frozen, second, clock()) == "draws.withdrawn_lately"


def test_a_draw_with_a_supplement_is_not_given_up_before_it():
    parent = factory.drawn(factory.make_batch()).draws.get()
    first = run(supplement(parent))
    later = AFTER + timedelta(hours=3)
    assert refused_code(ask, parent, at=later) == "draws.has_supplement"

    withdraw_late(first, later)
    withdraw_late(parent, later)

    parent.task.refresh_from_db()
    assert parent.task.state == "ready"


def test_what_has_no_result_has_no_supplement():
    batch = factory.committed(factory.make_batch())
    parent = batch.draws.get()
    assert refused_code(supplement, parent) == "draws.no_result"
    withdraw(parent, **TOLD)

    assert refused_code(supplement, parent) == "draws.withdrawn_already"


def test_an_exercise_is_supplemented_by_an_exercise():
    parent = factory.drawn(factory.make_batch()).draws.get()

    assert refused_code(supplement, parent, mode="test") == "draws.supplement_mode"


def test_a_supplement_is_prepared_by_its_own_department():
    batch = factory.drawn(factory.two_departments())
    first, second = batch.draws.all()
    told = {"parent": first, "content": factory.content(), "by": keeper_of(second.task.department), "at": AFTER}

    assert refused_code(batches.open_supplement, **told) == "registry.out_of_reach"
    assert parse_json(committing.read(batch, f"{second.folder}params.json"))["parent"] is None
