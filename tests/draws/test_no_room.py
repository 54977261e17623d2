"""A full disk stops a step with a sentence; nothing of it has happened, and the same step works when there is room."""

from __future__ import annotations

import errno
import os

import pytest
from django.urls import reverse
from django.utils import timezone

from gongchou.accounts.models import Message
from gongchou.audit.models import Line
from gongchou.draws import tasks
from gongchou.draws.drawing import outcome_of
from gongchou.draws.models import Batch, Work
from gongchou.draws.operations import committing, results
from gongchou.draws.states import BatchState
from gongchou.refusal import Refused, sentence
from tests.draws.invariants import faults
from tests.factories import draws as factory
from tests.factories.lists import approver_of, keeper_of
from tests.factories.log import make_log_keys
from tests.factories.people import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def commit(batch: Batch) -> None:
    committing.commit(batch=batch, by=approver_of(batch.department), at=factory.NOW)


def close(batch: Batch) -> None:
    committing.close(batch=batch, by=keeper_of(batch.department), at=batch.closes_at)


def seed(batch: Batch) -> None:
    beacon = factory.signer().sign(batch.last["round"])
    committing.seed(batch=batch, beacon=beacon, by=keeper_of(batch.department), at=batch.beacon_at)


def record(batch: Batch) -> None:
    outcome = outcome_of(batch, lambda *_: None)
    results.record_result(batch=batch, outcome=outcome, by=keeper_of(batch.department), at=batch.beacon_at)


STEPS = {
    BatchState.FROZEN: (factory.frozen, commit),
    BatchState.COMMITTED: (factory.committed, close),
    BatchState.CLOSED: (factory.closed, seed),
    BatchState.SEEDED: (factory.seeded, record),
}


@pytest.fixture
def full(monkeypatch):
    """Let the disk be full from the n-th file on that is flushed to it."""

    def fill(n: int) -> pytest.MonkeyPatch:
        calls, sync = [], os.fsync

        def fsync(handle: int) -> None:
            calls.append(handle)
            if len(calls) > n:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            sync(handle)

        monkeypatch.setattr(os, "fsync", fsync)
        return monkeypatch

    return fill


@pytest.mark.parametrize("n", [0, 1])
@pytest.mark.parametrize("state", STEPS)
def test_without_room_for_evidence_nothing_has_happened(home, full, state, n):
    make_log_keys(home / "keys")
    before, step = STEPS[state]
    batch = before(factory.make_batch())
    if n and state in (BatchState.FROZEN, BatchState.COMMITTED):
        pytest.skip("it writes one file")

    patch = full(n)
    with pytest.raises(Refused) as refused:
        step(batch)
    patch.undo()

    batch = Batch.objects.select_related("department__region").get(pk=batch.pk)
    assert (refused.value.code, batch.state) == ("draws.no_room", state)
    assert "请清理磁盘后再试" in sentence(refused.value)
    assert not list((home / "evidence").glob(".part-*"))
    assert faults() == []
    step(batch)
    batch.refresh_from_db()
    assert batch.state != state
    assert faults() == []


@pytest.mark.parametrize("n", [0, 1, 2, 5])
def test_a_worker_without_room_says_so_on_the_page_of_the_batch_and_can_be_asked_again(home, full, settings, n):
    make_log_keys(home / "keys")
    batch = factory.make_batch()

    def freeze() -> Work:
        work = tasks.ask(batch, Work.Kind.FREEZE, by=keeper_of(batch.department), at=timezone.now())
        tasks.do_work.call(work.pk)
        work.refresh_from_db()
        batch.refresh_from_db()
        return work

    patch = full(n)
    failed = freeze()
    patch.undo()

    assert (batch.state, batch.evidence.count()) == ("draft", 0)
    assert "请清理磁盘后再试" in failed.failure
    assert faults() == []
    assert (freeze().failure, batch.state) == ("", "frozen")
    assert faults() == []


def test_when_the_draw_of_the_clock_has_no_room_its_people_are_told_and_have_it_run_again(client, home, full):
    make_log_keys(home / "keys")
    batch = factory.closed(factory.make_batch())
    beacon = factory.signer().sign(batch.last["round"])
    committing.seed(batch=batch, beacon=beacon, by=committing.CLOCK, at=batch.beacon_at)
    keeper = signed_in(client, keeper_of(batch.department))
    on_desk = "抽取没有完成、须重试的批次"
    assert on_desk not in keeper.get("/").content.decode()

    tasks.seed_due(batch.beacon_at)
    patch = full(0)
    tasks.do_work.call(Work.objects.get().pk)
    patch.undo()

    batch.refresh_from_db()
    assert (batch.state, tasks.seed_due(batch.beacon_at)) == ("seeded", (0, []))
    assert "请清理磁盘后再试" in Line.objects.get(verb="batch.draw_failed").data
    title = f"种子已定，抽取没有完成，请排除原因后重新点击抽取：{batch.code}"
    people = {keeper_of(batch.department), approver_of(batch.department)}
    assert {one.recipient for one in Message.objects.get(title=title).deliveries.all()} == people
    assert on_desk in keeper.get("/").content.decode()
    assert keeper.post(reverse("draws:run", args=[batch.pk])).status_code == 303
    assert on_desk not in keeper.get("/").content.decode()
    tasks.do_work.call(Work.objects.get(ended_at=None).pk)
    batch.refresh_from_db()
    assert batch.state == "drawn"
    assert faults() == []
