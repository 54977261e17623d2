"""Work behind the pages: asked for once, taken up again when its worker is gone, done once."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from gongchou.audit.models import Line
from gongchou.draws import tasks
from gongchou.draws.models import Batch, Work
from gongchou.draws.operations import batches
from gongchou.draws.operations.committing import CLOCK, seed
from gongchou.draws.operations.results import record_result
from gongchou.draws.views import day
from gongchou.refusal import Refused
from tests.draws.invariants import faults
from tests.draws.test_withdrawing import told
from tests.factories import draws as factory
from tests.factories.lists import keeper_of
from tests.factories.people import NOW, signed_in

pytestmark = pytest.mark.django_db


def ask(batch: Batch, kind: str = Work.Kind.DRAW, ago: timedelta = timedelta(0)) -> Work:
    return tasks.ask(batch, kind, by=keeper_of(batch.department), at=timezone.now() - ago)


def resumed() -> str:
    out = StringIO()
    call_command("resume_draws", stdout=out)
    return out.getvalue()


def test_who_asks_while_work_is_under_way_gets_the_same():
    batch = factory.seeded(factory.make_batch())

    first, second = ask(batch), ask(batch)

    assert (second, Work.objects.count(), DBTaskResult.objects.count()) == (first, 1, 1)


def test_work_whose_worker_fell_silent_is_handed_to_the_workers_again_and_not_at_every_look():
    batch = factory.seeded(factory.make_batch())
    ask(batch, ago=tasks.SILENT + timedelta(seconds=1))

    assert [resumed(), resumed()] == [f"重新交给后台的冻结和抽取：{n} 个\n" for n in (1, 0)]
    assert DBTaskResult.objects.count() == 2


def test_work_that_is_under_way_or_ended_is_left_alone():
    batch = factory.seeded(factory.make_batch())
    ask(batch, ago=tasks.SILENT - timedelta(seconds=30))
    assert "0 个" in resumed()

    tasks.do_work.call(Work.objects.get().pk)
    Work.objects.update(seen_at=timezone.now() - timedelta(hours=1))

    assert "0 个" in resumed()
    assert DBTaskResult.objects.filter(task_path__endswith="do_work").count() == 1


def test_a_worker_that_another_one_overtook_has_not_failed(monkeypatch):
    batch = factory.seeded(factory.make_batch())
    work = ask(batch)
    compute = tasks.outcome_of

    def overtaken(own, report):
        outcome = compute(own, report)
        record_result(batch=own, outcome=outcome, by=keeper_of(batch.department), at=timezone.now())
        return outcome

    monkeypatch.setattr(tasks, "outcome_of", overtaken)
    tasks.do_work.call(work.pk)

    work.refresh_from_db()
    batch.refresh_from_db()
    assert (work.failure, work.ended_at is not None, batch.state) == ("", True, "drawn")


def test_a_worker_that_comes_when_the_draw_is_done_does_nothing():
    batch = factory.drawn(factory.make_batch())
    work = ask(batch)

    tasks.do_work.call(work.pk)

    work.refresh_from_db()
    assert (work.failure, work.ended_at is not None, work.stage) == ("", True, "")


def test_what_was_promised_for_a_time_is_closed_then_and_the_log_says_that_the_clock_did_it():
    now = timezone.now()
    at = now - timedelta(minutes=3)
    batch = factory.make_batch(closes_at=now - timedelta(minutes=1), beacon_at=now + timedelta(hours=1))
    factory.committed(batch, at=at)

    assert "到时自动截止的批次：1 个" in resumed()

    batch.refresh_from_db()
    assert (batch.state, batch.closed_by) == ("closed", None)
    assert Line.objects.get(verb="batch.closed").by_name == "到时自动办理"
    assert faults() == []


def test_the_clock_leaves_dice_to_people(settings: Any):
    batch = factory.closed(factory.make_batch(profile="N", last={"n": 6, "type": "digits"}))
    settings.BEACON_RELAYS = ["http://127.0.0.1:9"]

    assert tasks.seed_due(batch.beacon_at) == (0, [])
    with pytest.raises(Refused, match=r"draws\.beacon_needed"):
        seed(batch=batch, beacon=None, by=CLOCK, at=batch.beacon_at)


def test_dice_that_nobody_read_are_waited_for_and_the_desk_says_so():
    now = timezone.now()
    dice = [{"n": 6, "type": "digits"}]
    times = {"closes_at": now - timedelta(minutes=1), "beacon_at": now + timedelta(hours=1)}
    batch = factory.committed(factory.make_batch(sources=dice, **times), at=now - timedelta(minutes=3))

    assert f"还不能自动截止：{batch.code}：第 1 个来源还没有经两人核对的读数" in resumed()
    assert "待截止来源的批次" in told(keeper_of(batch.department), "/")


def test_a_party_that_promised_has_half_of_the_time_left_to_show_its_number():
    batch = factory.make_batch()
    by, party = keeper_of(batch.department), batch.department
    batches.name_parties(batch=batch, departments=[party], by=by, at=NOW)
    promise = batch.contributions.get()
    batches.promise(contribution=promise, commitment="0" * 64, by=by, at=NOW)
    batch = factory.committed(batch)

    assert tasks.close_due(batch.closes_at)[0] == 0
    assert tasks.close_due(batch.closes_at + (batch.beacon_at - batch.closes_at) / 2) == (1, [])


def test_very_many_doors_are_handed_out_by_the_worker(client: Client, monkeypatch: pytest.MonkeyPatch):
    batch = factory.locked(factory.make_batch())
    monkeypatch.setattr(day, "MOST_AT_ONCE", 1)
    signed_in(client, keeper_of(batch.department))

    for _ in range(2):
        assert client.post(f"/draws/{batch.pk}/dispatch/").status_code == 303
    assert Batch.objects.get().state == "locked"
    tasks.do_work.call(Work.objects.get(kind=Work.Kind.DISPATCH).pk)

    assert Batch.objects.get().state == "dispatched"
    assert not batch.visits.filter(unit=None).exists()
    assert Work.objects.get(kind=Work.Kind.DISPATCH).failure == ""
