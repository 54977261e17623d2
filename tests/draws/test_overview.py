"""The page of a batch asks the database as often for many draws as for two."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongchou.accounts.models import User
from gongchou.accounts.roles import RoleCode
from gongchou.draws.models import Batch
from gongchou.draws.operations import batches
from tests.factories import draws as factory
from tests.factories.lists import keeper_of
from tests.factories.people import appoint, make_department, official, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def everybody_s() -> User:
    """Somebody who keeps and approves for all departments of the city."""
    user = official(RoleCode.CONFERENCE_OFFICE, scope="all")
    appoint(user, RoleCode.HEAD, "all")
    return user


def drawn(user: User, first: int, n_draws: int) -> Batch:
    """Draws of as many departments. first: tells its objects from those of other batches"""
    region = user.department.region
    homes = [make_department(f"J{first + at}", region) for at in range(n_draws)]
    tasks = [factory.ready_task(home, n=5, first=first + 100 * at) for at, home in enumerate(homes)]
    day = timedelta(days=first // 1_000)
    batch = factory.make_batch(tasks[0], closes_at=factory.CLOSES + day, beacon_at=factory.BEACON + day)
    for task, home in zip(tasks[1:], homes[1:], strict=True):
        batch = batches.add_task(batch=batch, task=task, by=keeper_of(home), at=factory.NOW)
    return factory.drawn(batch, factory.NOW + day)


def test_the_page_asks_as_often_for_six_draws_as_for_two(everybody_s: User):
    client, asked = signed_in(Client(), everybody_s), []
    for batch in (drawn(everybody_s, 1_000, 2), drawn(everybody_s, 2_000, 6)):
        with CaptureQueriesContext(connection) as queries:
            page = client.get(batch.get_absolute_url())
        asked.append(len(queries))
        assert (page.status_code, len(page.context["overview"].draws)) == (200, batch.draws.count())
        assert len(page.context["afterwards"].keys) == batch.draws.count()
        assert all(one.withdrawable.button for one in page.context["overview"].draws)

    assert asked[1] <= asked[0]
