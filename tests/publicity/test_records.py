"""A department's record: what its figures count, and the draws behind each (演示数据)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongchou.accounts.models import Department
from gongchou.audit.guard import open_for_writing
from gongchou.draws.models import Batch, Hit, Replacement
from gongchou.publicity.queries import records as queries
from tests.factories import draws as factory
from tests.factories.lists import keeper_of
from tests.factories.people import NOW, make_department
from tests.publicity.test_draws import counted

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def figures(department: Department) -> queries.Figures:
    return queries.figures_of(queries.draws_by(department))


def shown(client: Client, department: Department, **asked: str) -> str:
    return client.get(reverse("publicity:record", args=[department.code]), asked).content.decode()


def promised(first: int, department: Department | None = None, **own: Any) -> Batch:
    return factory.committed(factory.make_batch(factory.ready_task(department, n=5, first=first), **own))


def test_a_draw_counts_with_what_it_selected_and_its_lead():
    batch = factory.drawn(factory.make_batch())

    found = figures(batch.department)

    assert (found.n_promised, found.selected, found.replaced, found.rate) == (1, 8, 0, "0.0%")
    assert found.lead == timedelta(hours=2)
    assert {name for name, n in found.counts.items() if n} == {"drawn"}


def test_what_is_not_drawn_yet_waits_and_does_not_stand(client: Client):
    soon = timezone.now() + timedelta(hours=1)
    batch = factory.make_batch(closes_at=soon, beacon_at=soon + timedelta(hours=1))
    batch = factory.committed(batch, timezone.now())

    counts = figures(batch.department).counts

    assert {name for name, n in counts.items() if n} == {"waiting"}
    page = shown(client, batch.department, only="waiting")
    assert "等待抽取</td>" in page
    assert "有效" not in page


def test_the_lead_is_the_median():
    for first, hours in ((101, 2), (201, 4), (301, 12)):
        batch = promised(first, beacon_at=NOW + timedelta(hours=hours))

    assert figures(batch.department).lead == timedelta(hours=4)


def test_a_promise_that_was_never_opened_is_counted(client: Client):
    batch = promised(101)

    assert figures(batch.department).counts["unopened"] == 1
    assert "到时未公布结果</span>" in shown(client, batch.department, only="unopened")


def test_for_an_hour_after_the_beacon_a_result_is_awaited():
    batch = promised(101)
    counts = []
    for seconds in (0, 60, 3600, 3601):
        at = batch.beacon_at + timedelta(seconds=seconds)
        told = queries.figures_of(queries.draws_by(batch.department, at=at)).counts
        counts.append((told["waiting"], told["unopened"]))

    assert counts == [(1, 0), (1, 0), (1, 0), (0, 1)]


@pytest.mark.parametrize("state", ["withdrawn", "withdrawn_late"])
def test_withdrawals_are_counted_apart(client: Client, state: str):
    batch = promised(101)
    with open_for_writing():
        batch.draws.update(state=state, withdrawn_at=NOW, withdraw_reason="error_in_frame")

    counts = figures(batch.department).counts

    assert {name for name, n in counts.items() if n} == {state}
    assert batch.draws.get().code in shown(client, batch.department, only=state)
    other = "withdrawn" if state == "withdrawn_late" else "withdrawn_late"
    assert batch.draws.get().code not in shown(client, batch.department, only=other)


def test_replacements_are_a_share_of_what_was_selected():
    batch = factory.drawn(factory.make_batch())
    out = Hit.objects.filter(batch=batch, place="selected").order_by("rank")[0]
    told: dict[str, Any] = {"reason": "not_found", "evidence": "0" * 64, "asked_at": NOW}
    with open_for_writing():
        for event, hit in ((5, out), (None, Hit.objects.filter(batch=batch).exclude(pk=out.pk)[0])):
            by = keeper_of(batch.department)
            Replacement.objects.create(batch=batch, draw=hit.draw, out=hit, event=event, asked_by=by, **told)

    found = figures(batch.department)

    assert (found.replaced, found.rate, found.counts["replaced"]) == (1, "12.5%", 1)


def test_what_replaces_a_withdrawn_draw_is_a_redraw():
    old, new = promised(101), promised(201)
    with open_for_writing():
        new.draws.update(supersedes=old.draws.get())

    assert figures(new.department).counts["redrawn"] == 1


def test_practice_runs_do_not_count(client: Client):
    batch = promised(101, mode="test")

    assert figures(batch.department).n_promised == 0
    assert "抽取" in shown(client, batch.department)


def test_who_never_drew_has_no_record(client: Client):
    batch = promised(101)
    other = make_department("XF", batch.department.region)

    assert client.get(reverse("publicity:record", args=[other.code])).status_code == 404


def test_a_record_asks_as_often_for_three_draws_as_for_one(client: Client, django_assert_num_queries: Any):
    address = reverse("publicity:record", args=[promised(101).department.code])
    n = counted(client, address)
    promised(201)
    promised(301)

    with django_assert_num_queries(n):
        client.get(address)
