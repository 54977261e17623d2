"""Whoever brought a file hears how it ended; what waits for a worker waits once, and the page says behind whom."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from gongchou.accounts.models import Delivery
from gongchou.audit.models import Line
from gongchou.registry import tasks
from gongchou.registry.models import ImportBatch
from gongchou.registry.operations import imports as operations
from gongchou.registry.queries import imports as queries
from tests.factories.people import NOW, signed_in
from tests.registry.imports.desk import HEADER, as_csv, confirm, dry_run, fresh, keeper, shop, shops, take, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return keeper()


def told() -> list[tuple[str, str, str, str]]:
    """All messages in their order: to whom, of what sort, title, link."""
    found = Delivery.objects.order_by("message__sent_at", "message__pk")
    return list(found.values_list("recipient__username", "message__kind", "message__title", "message__link"))


# Messages ---------------------------------------------------------------------------------------


def test_the_end_of_a_dry_run_and_of_an_import_is_told_to_whoever_brought_the_file(by):
    batch = dry_run(upload(by, as_csv([HEADER, *shops(2), shop(3, name="")])))
    checked = told()
    confirm(batch)

    link = batch.get_absolute_url()
    assert checked == [(by.username, "task", "“名录.csv”核对完毕，请确认", link)]
    assert sorted(told()) == sorted([*checked, (by.username, "notice", "“名录.csv”导入完成", link)])
    bodies = set(Delivery.objects.values_list("message__body", flat=True))
    assert bodies == {
        "新增 2，更新 0，不变 0，错误 1。库中数据还没有改动，确认后才导入。",
        "新增 2，更新 0，不变 0，错误 1。错误的行没有导入，可以下载，改好后再上传。",
    }
    assert set(Delivery.objects.values_list("message__sender", flat=True)) == {None}


def test_a_failure_is_told_with_its_reason(by):
    batch = dry_run(upload(by, as_csv([HEADER]), f"{'很长' * 60}.csv"))

    own = Delivery.objects.get().message
    assert (own.kind, own.body) == ("warning", batch.failure)
    assert own.title == f"“{'很长' * 15}…{'很长' * 13}.csv”没有完成，请处理"


def test_of_an_import_that_is_given_up_nothing_is_told(by):
    batch = upload(by, as_csv([HEADER, *shops(2)]))
    operations.start_check(batch=batch, fields=[own for _, own in batch.columns], by=by, at=NOW)
    operations.give_up(batch=fresh(batch), by=by, at=NOW)
    tasks.check_import.call(str(batch.pk))

    assert told() == []


def test_taking_refused_rows_out_leaves_a_line(client, by):
    batch = take(by, [HEADER, shop(1), shop(2, name=""), shop(3, name="")])

    signed_in(client, by).post(reverse("registry:import-refused", args=[batch.pk]))

    line = Line.objects.get(verb="import.refused_taken_out")
    assert (line.about, line.by, json.loads(line.data)["facts"]) == (batch.audit_id, by.audit_id, {"n_rows": 2})


# Waiting ----------------------------------------------------------------------------------------


def queued(by, *names: str) -> list[ImportBatch]:
    """Files whose dry runs wait for a worker, in their order."""
    batches = []
    for name in names:
        batch = upload(by, as_csv([HEADER, *shops(2)]), name)
        fields = [own for _, own in batch.columns]
        batches.append(operations.start_check(batch=batch, fields=fields, by=by, at=timezone.now()))
        tasks.enqueue(batches[-1])
    return batches


def ahead(batch: ImportBatch) -> int | None:
    return queries.progress_of(fresh(batch), timezone.now()).n_ahead


def test_the_names_under_which_tasks_are_looked_for_are_theirs():
    found = {"checking": tasks.check_import.module_path, "running": tasks.run_import.module_path}

    assert found == queries.TASKS


def test_what_waits_for_a_worker_is_not_asked_for_again(by):
    queued(by, "甲.csv", "乙.csv")
    later = timezone.now() + queries.SILENT * 2

    resumed = [tasks.resume(later), tasks.resume(later + timedelta(minutes=1))]

    assert (resumed, DBTaskResult.objects.ready().count()) == ([0, 0], 2)


def test_what_a_dead_worker_had_is_asked_for_once(by):
    queued(by, "甲.csv")
    DBTaskResult.objects.get().claim("dead")
    later = timezone.now() + queries.SILENT * 2

    resumed = [tasks.resume(later), tasks.resume(later + timedelta(minutes=1))]

    assert (resumed, DBTaskResult.objects.ready().count()) == ([1, 0], 1)


def test_a_dry_run_that_waited_is_no_reason_to_forget_the_run(by):
    batch = dry_run(upload(by, as_csv([HEADER, *shops(2)])))
    tasks.check_import.enqueue(str(batch.pk))
    operations.start_import(batch=batch, by=by, at=NOW)

    assert tasks.resume(timezone.now() + queries.SILENT * 2) == 1


def test_each_is_told_how_many_are_before_it(by):
    first, second, third = queued(by, "甲.csv", "乙.csv", "丙.csv")
    waiting = [ahead(first), ahead(second), ahead(third)]
    DBTaskResult.objects.order_by("enqueued_at").first().claim("w")
    begun = [ahead(first), ahead(second), ahead(third)]
    operations.give_up(batch=second, by=by, at=NOW)

    assert (waiting, begun) == ([0, 1, 2], [None, 1, 2])
    assert ahead(third) == 1


def test_the_page_of_one_that_waits_says_so_however_long_it_does(client, by):
    _, batch = [*queued(by, "甲.csv"), *queued(by, "乙.csv")]
    progress = queries.progress_of(fresh(batch), timezone.now() + timedelta(hours=1))

    page = signed_in(client, by).get(batch.get_absolute_url()).content.decode()

    assert (progress.is_silent, progress.n_ahead) == (False, 1)
    assert "<strong>等待核对</strong>" in page
    assert "排队中，前面还有 1 项" in page
    assert 'hx-trigger="every 2s"' in page
