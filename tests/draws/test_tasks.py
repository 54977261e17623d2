"""Work behind the pages: asked for once, taken up again when its worker is gone, done once."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from gongchou.draws import tasks
from gongchou.draws.models import Batch, Work
from gongchou.draws.operations.results import record_result
from tests.factories import draws as factory
from tests.factories.lists import keeper_of

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
