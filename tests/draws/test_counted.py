"""What counts, and when: batches that are practice, never opened, many, or watched."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongchou.accounts.models import User
from gongchou.accounts.roles import RoleCode
from gongchou.draws.figuring import figure
from gongchou.draws.models import WatchedFrame
from gongchou.draws.operations.watching import end_group, name_group
from gongchou.draws.queries.statistics import Scope, Statistics
from gongchou.draws.tasks import count
from gongchou.registry.models import Subject
from tests.factories import draws as factory
from tests.factories.people import NOW, official, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/draws/statistics/"
LATER = NOW + timedelta(days=60)


@pytest.fixture
def office() -> User:
    return official(RoleCode.CONFERENCE_OFFICE, "all")


def test_practice_runs_and_drafts_are_not_counted(office: User):
    factory.drawn(factory.make_batch(mode="test"))
    factory.make_batch(factory.ready_task(first=100))

    found = Statistics(office, Scope(), at=LATER)

    assert (found.n_standing, found.rates, found.changes, found.units) == (0, [], [], [])


def test_a_commitment_that_was_never_opened_is_counted_once_its_time_is_over(office: User):
    factory.committed(factory.make_batch())

    before = Statistics(office, Scope(), at=NOW).changes
    after = Statistics(office, Scope(), at=LATER).changes

    assert ([row.n_unopened for row in before], [row.n_unopened for row in after]) == ([0], [1])


def test_a_page_asks_as_much_for_three_batches_as_for_one(client: Client, office: User):
    desk = signed_in(client, office)

    def asked(address: str) -> int:
        desk.get(PAGE + address)
        with CaptureQueriesContext(connection) as queries:
            desk.get(PAGE + address, {"year": "2026"})
        return len(queries)

    counts = []
    for number in range(3):  # thirty pairs of ten people: some meet twice in every batch
        figure(factory.drawn_later(number, factory.ready_task(first=1 + 200 * number, n=150)), at=NOW)
        counts.append({address: asked(address) for address in ("", "draws/", "strata/", "seats/", "objects/")})

    assert counts[0] == counts[2]


def test_the_worker_follows_the_groups_of_a_draw(office: User):
    draft = factory.joint_batch()
    told = {"department": office.department, "kind": "address", "reason": "群众反映", "by": office, "at": NOW}
    subjects = list(Subject.objects.order_by("number")[:4])
    group = name_group(name="演示同一楼宇", subjects=subjects, **told)
    ended = name_group(name="演示另一楼宇", subjects=subjects[:3], **told)
    end_group(group=ended, reason="查清了", by=office, at=NOW)
    batch = factory.drawn(draft)

    count.call(str(batch.pk))

    assert (group.frames.count(), ended.frames.count()) == (2, 0)
    assert all(len(one.strata) == 4 for one in WatchedFrame.objects.all())
