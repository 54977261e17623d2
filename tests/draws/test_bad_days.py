"""What may go wrong between the freeze and the visit, and what people read then. Beacons: ``test_beacons``; clocks:
``test_clock``; full disks: ``test_no_room``; registers that move on: ``test_exclusions``.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongchou.audit.guard import open_for_writing
from gongchou.draws.bundles import bundle_of
from gongchou.draws.models import Batch
from gongchou.draws.operations import batches, committing, results, withdrawals
from gongchou.draws.queries.results import open_seats
from gongchou.plans.models import Task
from gongchou.registry.models import Certificate, Subject
from gongchou.registry.operations.conflicts import declare_conflict
from tests.draws.afterwards import check_both_views, found, refused_code
from tests.factories import draws as factory
from tests.factories.lists import approver_of, department_of_lists, keeper_of
from tests.factories.people import BY, NOW, signed_in
from tests.factories.plans import at_least

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def page(batch: Batch, more: str = "") -> str:
    """What the organiser reads."""
    return signed_in(Client(), keeper_of(batch.department)).get(f"{batch.get_absolute_url()}{more}").content.decode()


def test_a_number_that_nobody_shows_stops_nothing_and_is_told_to_everybody():
    batch = factory.two_departments()
    other = batch.draws.last().task.department
    batches.name_parties(batch=batch, departments=[other], by=keeper_of(batch.department), at=NOW)
    promised = committing.party_commitment(batch.code, other.code, "5" * 64)
    batches.promise(contribution=batch.contributions.get(), commitment=promised, by=keeper_of(other), at=NOW)

    batch = factory.committed(batch)
    halfway = batch.closes_at + (batch.beacon_at - batch.closes_at) * 3 / 4
    batch = committing.close(batch=batch, by=keeper_of(batch.department), at=halfway)
    batch = factory.drawn(batch)

    assert "没有按时揭示（missing）" in page(batch)
    report = found(batch)
    assert report.failure is None
    assert "reveal_missing" in {mark.code for mark in report.marks}


def test_a_lottery_that_is_cancelled_is_waited_for_until_the_draw_is_given_up_in_public():
    groups = [{"count": 2, "max": 9, "min": 0, "rule": "ordered"}]
    last = {"type": "lottery", "game": "PL2", "groups": groups, "issue": "26001"}
    batch = factory.closed(factory.make_batch(profile="L", last=last))
    keeper, approver, later = keeper_of(batch.department), approver_of(batch.department), batch.beacon_at
    later += timedelta(days=3)

    assert refused_code(committing.seed, batch=batch, beacon=None, by=keeper, at=later) == "draws.reading_missing"
    told = {"draw": batch.draws.get(), "reason": "source_failed", "note": "该期停开"}
    asked = withdrawals.ask_withdrawal(**told, by=keeper, at=later)
    withdrawals.agree_withdrawal(withdrawal=asked, by=approver, at=later)

    batch.refresh_from_db()
    assert batch.state == "withdrawn"
    assert "种子来源失效" in page(batch)


def test_an_object_that_everybody_has_to_avoid_is_drawn_and_its_empty_seats_say_why():
    task = factory.ready_task(n=5, ratio=at_least("100%"))
    door = Subject.objects.earliest("number")
    for inspector in department_of_lists().inspectors.all():
        declare_conflict(inspector=inspector, subject=door, relation="relative", declared_by="self", **BY)

    batch = factory.drawn(factory.make_batch(task))

    assert {seat.visit.subject for seat in open_seats(batch)} == {door}
    shown = page(batch, "unfilled/")
    assert "没有任何人同时符合这些席位的部门、事项、资质、管辖范围和回避要求" in shown
    assert door.name in shown
    check_both_views(batch)


def test_a_certificate_that_ends_between_draw_and_visit_is_named_on_the_page(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(timezone, "now", lambda: factory.BEACON)
    batch = factory.drawn(factory.make_batch(factory.ready_task(n=5, ratio=at_least("20%"))))
    seat = batch.visits.get().seats.get(number=1)
    assert "执法证在检查前到期" not in page(batch)
    with open_for_writing():
        Certificate.objects.filter(inspector=seat.inspector).update(valid_to=date(2026, 6, 30))

    shown = page(batch)

    assert "1 个席位的检查人员，执法证在检查前到期，须先换证或更换人员" in shown
    assert f"{seat.inspector.name}，{seat.visit.subject.name}：执法证 2026-06-30" in shown


def test_people_that_all_left_after_the_freeze_change_nothing_in_the_draw():
    """The list was frozen with ten; who cannot go any more has her seat dealt again."""
    batch = factory.seeded(factory.make_batch())
    with open_for_writing():
        department_of_lists().inspectors.update(state="inactive")

    batch = factory.drawn(batch)

    assert not open_seats(batch).exists()
    assert bundle_of(batch)


def test_dice_are_not_read_before_their_time_for_then_two_would_know_what_comes():
    last = {"type": "digits", "n": 6}
    batch = factory.closed(factory.make_batch(profile="N", last=last))
    told = {"batch": batch, "number": 1, "value": "123456", "by": keeper_of(batch.department)}

    early = batch.beacon_at - timedelta(seconds=1)
    assert refused_code(committing.read_source, **told, at=early) == "draws.reading_early"
    assert committing.read_source(**told, at=batch.beacon_at).value == "123456"


def test_who_brought_the_seed_does_not_lock_the_result():
    batch = factory.closed(factory.make_batch())
    approver = approver_of(batch.department)
    beacon = factory.signer().sign(batch.last["round"])
    batch = committing.seed(batch=batch, beacon=beacon, by=approver, at=batch.beacon_at)
    batch = factory.drawn(batch)

    assert refused_code(results.lock, batch=batch, by=approver, at=batch.beacon_at) == "draws.same_person_locks"


def test_what_is_over_before_the_seed_is_not_drawn():
    batch = factory.make_batch()
    with open_for_writing():
        Task.objects.update(begins_on=NOW - timedelta(days=9), ends_on=NOW - timedelta(days=1))

    assert refused_code(factory.frozen, batch) == "draws.task_too_old"


def test_a_task_that_is_over_is_neither_offered_to_a_batch_nor_taken(client: Client):
    batch, other = factory.make_batch(), factory.ready_task(first=500)
    reader, join = signed_in(client, keeper_of(batch.department)), reverse("draws:join", args=[batch.pk])
    assert f'href="{join}"' in reader.get(batch.get_absolute_url()).content.decode()
    assert f'<option value="{other.pk}"' in reader.get(join).content.decode()
    with open_for_writing():
        Task.objects.filter(pk=other.pk).update(begins_on=NOW - timedelta(days=9), ends_on=NOW - timedelta(days=1))
    other.refresh_from_db()

    told = {"batch": batch, "task": other, "by": keeper_of(batch.department), "at": NOW}
    assert refused_code(batches.add_task, **told) == "draws.task_too_old"
    page = reader.get(join).content.decode()
    assert f'<option value="{other.pk}"' not in page
    assert f"检查时间在信标时间以前结束的不能加入：{other.number}（到 {other.ends_on:%Y-%m-%d}）" in page
    page = reader.get(batch.get_absolute_url()).content.decode()
    assert f'href="{join}"' not in page
    assert "没有可以加入的任务" in page


def test_a_draw_that_was_given_up_before_its_seed_is_not_said_to_be_awaited():
    batch = factory.committed(factory.make_batch())
    told = {"draw": batch.draws.get(), "reason": "source_failed", "note": "演示"}
    withdrawals.withdraw(**told, by=approver_of(batch.department), at=NOW)

    page = Client().get(reverse("publicity:batch", args=[batch.code])).content.decode()

    assert "没有确定，批次已撤回" in page
    assert "尚未" not in page
