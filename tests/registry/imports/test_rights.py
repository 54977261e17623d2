"""Rights that end while an import waits or runs: what was taken stays, nothing more is written, and both are said."""

from __future__ import annotations

import pytest
from django.utils import timezone

from gongchou.accounts import operations as accounts
from gongchou.accounts.models import Delivery, User
from gongchou.accounts.roles import RoleCode
from gongchou.registry import tasks
from gongchou.registry.models import ImportBatch, Subject
from gongchou.registry.operations import import_work
from gongchou.registry.operations import imports as operations
from tests.factories.people import BY, NOW, appoint, make_department
from tests.registry.imports.desk import HEADER, as_csv, counts, dry_run, fresh, keeper, shops, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return keeper()


def end_all_roles(user: User) -> None:
    for appointment in user.appointments.filter(ended_at=None):
        accounts.end_appointment(appointment=appointment, **BY)


def close_account(user: User) -> None:
    accounts.disable_account(user=user, **BY)


def confirmed(by: User, n: int = 3) -> ImportBatch:
    batch = dry_run(upload(by, as_csv([HEADER, *shops(n)])))
    return operations.start_import(batch=batch, by=by, at=NOW)


def after_the_first_part(monkeypatch, act) -> None:
    """Parts of two rows; something happens behind the first."""
    take_part, done = import_work.take_part, list[object]()

    def take_and_act(**words):
        found = take_part(**words)
        if not done:
            done.append(act())
        return found

    monkeypatch.setattr(tasks, "CHUNK", 2)
    monkeypatch.setattr(import_work, "take_part", take_and_act)


ENDED = "{name}已没有维护“SCJG”名录的权限，或权限范围已变，导入停止：前 {done} 行已处理完并保留，此后没有再写入。"


@pytest.mark.parametrize("end", [end_all_roles, close_account])
def test_nothing_is_written_for_somebody_whose_rights_ended_before_the_worker_came(by, end):
    batch = confirmed(by)
    end(by)

    tasks.run_import.call(str(batch.pk))

    batch = fresh(batch)
    assert (batch.state, counts(batch), Subject.objects.count()) == ("failed", {}, 0)
    assert batch.failure.startswith(ENDED.format(name=by.name, done=0))


@pytest.mark.parametrize("end", [end_all_roles, close_account])
def test_what_was_taken_before_rights_ended_stays_and_is_said(by, monkeypatch, end):
    batch = confirmed(by, 5)
    after_the_first_part(monkeypatch, lambda: end(by))

    tasks.run_import.call(str(batch.pk))

    batch = fresh(batch)
    assert (batch.state, counts(batch), Subject.objects.count()) == ("failed", {"read": 2, "new": 2}, 2)
    assert batch.failure.startswith(ENDED.format(name=by.name, done=2))
    assert batch.failure in Delivery.objects.filter(recipient=by).values_list("message__body", flat=True)


def test_a_full_register_marks_nobody_once_rights_have_ended(by, monkeypatch):
    subjects = dry_run(upload(by, as_csv([HEADER, *shops(4)])))
    operations.start_import(batch=subjects, by=by, at=NOW)
    tasks.run_import.call(str(subjects.pk))
    batch = dry_run(upload(by, as_csv([HEADER, *shops(2)]), "全量.csv", is_full=True))
    operations.start_import(batch=batch, by=by, at=NOW)
    after_the_first_part(monkeypatch, lambda: end_all_roles(by))

    tasks.run_import.call(str(batch.pk))

    assert fresh(batch).state == "failed"
    assert not Subject.objects.exclude(vanished_at=None).exists()


@pytest.fixture
def narrowed(by, monkeypatch):
    """An import of five rows, after whose first part she reaches one department less."""
    other = make_department("QT", by.department.region)
    wider = appoint(by, RoleCode.PLAN_CLERK, "custom", departments=[other])
    batch = confirmed(by, 5)
    after_the_first_part(monkeypatch, lambda: accounts.end_appointment(appointment=wider, **BY))
    tasks.run_import.call(str(batch.pk))
    return batch


def test_a_reach_that_narrows_meanwhile_stops_the_import_too(narrowed):

    assert (fresh(narrowed).state, Subject.objects.count()) == ("failed", 2)


def test_an_import_goes_on_within_the_reach_that_is_left(by, narrowed):
    operations.resume_import(batch=fresh(narrowed), by=by, at=timezone.now())
    tasks.run_import.call(str(narrowed.pk))

    assert (fresh(narrowed).state, Subject.objects.count()) == ("done", 5)


def test_a_dry_run_shows_nothing_to_somebody_whose_rights_ended(by):
    batch = upload(by, as_csv([HEADER, *shops(3)]))
    fields = [field for _, field in batch.columns]
    operations.start_check(batch=batch, fields=fields, by=by, at=NOW)
    end_all_roles(by)

    tasks.check_import.call(str(batch.pk))

    batch = fresh(batch)
    assert (batch.state, batch.samples, batch.refused_rows.count()) == ("failed", {}, 0)
    assert batch.failure.startswith(ENDED.format(name=by.name, done=0))
