"""What is honest is whole at every step of a batch, whatever became of it; what a step logged is missed."""

from __future__ import annotations

import pytest

from gongchou.audit.damage import Damage
from gongchou.draws.damage import find_damage
from gongchou.draws.models import LogEntry, LogHead
from gongchou.draws.operations import batches, results
from tests.factories import draws as factory
from tests.factories.draw_log import touch
from tests.factories.lists import approver_of
from tests.factories.people import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_an_empty_platform_is_whole(home, db):
    assert find_damage() is None


@pytest.mark.parametrize("step", ["frozen", "committed", "closed", "seeded", "drawn"])
def test_at_every_step_what_is_honest_is_whole(home, db, step):
    getattr(factory, step)(factory.make_batch(is_sealed=False))

    assert find_damage() is None


def test_what_was_thawed_dropped_locked_and_dispatched_is_whole(home, db):
    batch = factory.frozen(factory.make_batch(matching="none"))
    by = approver_of(batch.department)
    batch = batches.thaw(batch=batch, reason="演示", by=by, at=NOW)
    dropped = factory.frozen(factory.make_batch(factory.ready_task(first=100)))
    batches.drop(batch=dropped, reason="演示", by=by, at=NOW)

    batch = factory.drawn(batch)
    results.dispatch(batch=results.lock(batch=batch, by=by, at=NOW), by=by, at=NOW)

    assert find_damage() is None


def test_an_unsigned_tail_cut_off_with_its_head_is_missed_by_the_batch(home):
    """The seed is logged when the beacon comes, and signed only with the result."""
    batch = factory.seeded(factory.make_batch())
    head, n = LogHead.objects.get(), LogEntry.objects.count()
    touch('DELETE FROM draws_logentry WHERE "index" = %s', [n - 1])
    before = LogEntry.objects.get(index=n - 2).digest
    touch("UPDATE draws_loghead SET size = %s, latest = %s", [n - 1, before])

    assert head.size == n
    assert find_damage() == Damage("draws_logentry", f"{batch.code} seed", "missing")
