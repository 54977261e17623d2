"""A clock that goes back."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from gongchou.draws.ledger import PublicLog
from gongchou.draws.operations import committing
from gongchou.refusal import Refused, sentence
from tests.draws.invariants import faults
from tests.factories import draws as factory
from tests.factories.lists import approver_of, keeper_of
from tests.factories.log import make_log_keys
from tests.factories.people import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_a_clock_that_went_back_stops_the_step_and_loses_nothing(home):
    """The log of a department holds a later moment than this one: nothing is written until the clock is past it."""
    make_log_keys(home / "keys")
    first, second = (factory.make_batch(factory.ready_task(n=10, first=at)) for at in (1, 100))
    steps = SimpleNamespace(by=keeper_of(first.department), later=first.closes_at + timedelta(minutes=5))
    factory.committed(first)
    factory.frozen(second)
    factory.closed(factory.make_batch(factory.ready_task(n=10, first=200), closes_at=steps.later))
    before = [entry.data for entry in PublicLog().entries()]

    with pytest.raises(Refused) as closing:
        committing.close(batch=first, by=steps.by, at=first.closes_at)
    with pytest.raises(Refused) as committed:
        committing.commit(batch=second, by=approver_of(second.department), at=NOW + timedelta(minutes=1))

    assert [entry.data for entry in PublicLog().entries()] == before
    for refused in (closing.value, committed.value):
        assert refused.code == "draws.core"
        assert "早于日志最近一条" in sentence(refused)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("committed", "frozen")
    assert faults() == []
    assert committing.close(batch=first, by=steps.by, at=steps.later).state == "closed"
