"""Whoever touches what stands behind draws, with the triggers off and the files open, is found and the row is named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from itertools import combinations
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction
from django.test import override_settings

from gongchou.audit.damage import Damage, damage_sentence
from gongchou.audit.guard import open_for_writing
from gongchou.draw.seed import party_commitment
from gongchou.draws import store
from gongchou.draws.damage import find_damage
from gongchou.draws.drawing import outcome_of
from gongchou.draws.models import (
    Batch,
    Contribution,
    Draw,
    Evidence,
    Hit,
    LogCheckpoint,
    LogCosignature,
    LogEntry,
    LogHead,
    Reading,
    Seat,
    Stratum,
    Visit,
)
from gongchou.draws.operations import batches, committing, results
from gongchou.registry.models import Subject
from tests.factories import draws as factory
from tests.factories.draw_log import touch
from tests.factories.lists import approver_of, keeper_of
from tests.factories.people import NOW, make_department, make_region

pytestmark = [pytest.mark.django_db, pytest.mark.database]

SECRET = "5" * 64
MODELS = (
    LogEntry, LogHead, LogCheckpoint, LogCosignature, Evidence, Batch, Draw, Stratum, Contribution, Reading, Hit,
    Visit, Seat,
)  # fmt: skip
NOT_LOOKED_AT = {
    Batch: {
        "name": "what people call it",
        "video": "where the film of the day is",
        "ended_at": "the log's own withdrawal of each draw says it",
        "ended_by_id": "as above",
        "end_reason": "as above",
        "locked_at": "not locked yet in this test",
        "locked_by_id": "as above",
        "dispatched_at": "not dispatched yet in this test",
        "dispatched_by_id": "as above",
    },
    Draw: {
        "withdrawn_at": "a live draw must not have it, says the database",
        "withdrawn_by_id": "the platform's log has it",
        "seconded_by_id": "the platform's log has it",
        "withdraw_reason": "of a live draw it means nothing",
        "withdraw_note": "the platform's log has it; the public does not",
    },
    Contribution: {
        "promised_at": "the platform's log has it",
        "promised_by_id": "as above",
        "revealed_by_id": "as above",
    },
    Reading: {
        "read_at": "the platform's log has it",
        "read_by_id": "as above",
        "confirmed_by_id": "as above",
        "voided_at": "as above",
        "voided_by_id": "as above",
    },
    Visit: {"unit_id": "follows from the registry on the day of dispatch", "visit_on": "agreed afterwards"},
    Seat: {"ended_at": "an event ends it", "event": "as above"},
}


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A home and a batch in it, made once: two draws with one seed, of a party's number, dice and a beacon; drawn and
    matched, and cosigned by two witnesses of practice.
    """
    home = tmp_path_factory.mktemp("built")
    with django_db_blocker.unblock(), override_settings(HOME=home), transaction.atomic():
        yield home, make_batch()
        transaction.set_rollback(True)


@pytest.fixture
def batch(built: Any, db: None, settings: Any) -> Batch:
    """Whatever is done to its rows is gone behind each test; files are put back by whoever changes them."""
    settings.HOME, batch = built
    return batch


def make_batch() -> Batch:
    make_department("YJGL", make_region("9902", "演示他市"))
    batch = factory.make_batch(sources=[{"n": 6, "type": "digits"}])
    department, by = batch.department, keeper_of(batch.department)
    batches.add_task(batch=batch, task=factory.ready_task(n=12, first=100), by=by, at=NOW)
    batches.name_parties(batch=batch, departments=[department], by=by, at=NOW)
    party = batch.contributions.get()
    promised = party_commitment(batch.code, department.code, SECRET)
    batches.promise(contribution=party, commitment=promised, by=by, at=NOW)
    batch = factory.committed(batch)
    committing.reveal(contribution=party, secret=SECRET, by=by, at=NOW)
    read = committing.read_source(batch=batch, number=2, value="123456", by=by, at=NOW)
    committing.confirm_reading(reading=read, by=approver_of(department), at=NOW)
    batch = committing.close(batch=batch, by=by, at=batch.closes_at)
    beacon = factory.signer().sign(batch.last["round"])
    batch = committing.seed(batch=batch, beacon=beacon, by=by, at=batch.beacon_at)
    outcome = outcome_of(batch, lambda *_: None)
    return results.record_result(batch=batch, outcome=outcome, by=by, at=batch.beacon_at)


@pytest.fixture(params=[pytest.param(False, id="sample"), pytest.param(True, id="all", marks=pytest.mark.night)])
def is_all(request) -> bool:
    """By night every row of every table; by day the first, the last and one between."""
    return bool(request.param)


def rows_of(model: type[models.Model], is_all: bool) -> list[Any]:
    rows = list(model.objects.order_by("pk"))
    return rows if is_all else list(dict.fromkeys([rows[0], rows[len(rows) // 2], rows[-1]]))


def columns_of(model: type[models.Model]) -> Iterator[models.Field]:
    ids = isinstance(model._meta.pk, models.UUIDField | models.AutoField)
    for field in model._meta.concrete_fields:
        if not (ids and field.primary_key) and field.attname not in NOT_LOOKED_AT.get(model, {}):
            yield field


def other(row: models.Model, field: models.Field) -> object:
    """Another value that the column can hold, as the database takes it."""
    value = getattr(row, field.attname)
    if field.is_relation and field.name != "checkpoint":
        own = set(field.related_model._default_manager.values_list("pk", flat=True)) - {value}
        return of_database(min(own) if own else uuid4())
    if isinstance(field, models.DateTimeField):
        return (value or NOW) + timedelta(seconds=1)
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.IntegerField | models.ForeignKey):
        return value + 100
    if isinstance(field, models.JSONField):
        return json.dumps(other_json(value))
    if isinstance(field, models.BinaryField):
        return flipped(bytes(value))
    if field.choices:
        return next((code for code, _ in field.choices if code not in (value, *NEEDS_MORE)), NEEDS_MORE[0])
    return "f" * len(str(value)) if set(str(value)) != {"f"} and value else "0" * 64


NEEDS_MORE = ("withdrawn", "dropped", "withdrawn_late")


def other_json(value: Any) -> Any:
    if isinstance(value, list):
        return value[:-1]
    key = next((key for key in ("reserve_percent", "round") if key in value), None)
    return value | {key or "deregistered": (value.get(key) or 0) + 1}


def of_database(value: object) -> object:
    return value.hex if isinstance(value, UUID) and connection.vendor == "sqlite" else value


def flipped(data: bytes) -> bytes:
    """One byte in the middle is another."""
    at = len(data) // 2
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def test_what_is_honest_is_whole(batch):
    assert find_damage() is None


@pytest.mark.parametrize("model", MODELS)
def test_a_changed_column_is_found_and_named(batch, model, is_all):
    table, key = model._meta.db_table, model._meta.pk.column
    n_tried = 0
    for field in columns_of(model):
        for row in rows_of(model, is_all):
            point = transaction.savepoint()
            try:
                with transaction.atomic():
                    pk = of_database(row.pk)
                    touch(f'UPDATE {table} SET "{field.column}" = %s WHERE "{key}" = %s', [other(row, field), pk])
            except IntegrityError:  # the database's own rule holds even then
                continue

            damage = find_damage()

            assert damage is not None, (field.attname, row.pk)
            assert damage.table == table, (field.attname, damage)
            if damage.what != "missing" or field.name != "batch":  # what belongs to nobody is missed where it was
                assert damage.row == (row.pk if isinstance(row.pk, int) else str(row.pk)), (field.attname, damage)
            assert damage.column in ("", field.attname), (field.attname, damage)
            assert damage_sentence(damage)
            n_tried += 1
            transaction.savepoint_rollback(point)
    assert n_tried >= 3
    assert find_damage() is None


def test_every_column_is_looked_at_or_said_why_not():
    unknown = {
        f"{model.__name__}.{name}"
        for model, names in NOT_LOOKED_AT.items()
        for name in names
        if name not in {field.attname for field in model._meta.concrete_fields}
    }

    assert unknown == set()


RESULTS = (Draw, Stratum, Contribution, Reading, Hit, Visit, Seat, Evidence)


@pytest.mark.parametrize("model", RESULTS)
def test_a_deleted_row_is_missed(batch, model, is_all):
    for row in rows_of(model, is_all):
        point = transaction.savepoint()
        touch(f"DELETE FROM {model._meta.db_table} WHERE id = %s", [of_database(row.pk)])

        damage = find_damage()

        assert damage is not None
        assert (damage.table, damage.what) == (model._meta.db_table, "missing")
        transaction.savepoint_rollback(point)


def test_two_objects_that_changed_places_are_named(batch):
    first, second = Hit.objects.filter(draw__seq=1).order_by("stratum__code", "rank")[:2]
    spare = Subject.objects.exclude(hits__isnull=False).first()
    for hit, subject, pid in (
        (second, spare.pk, "X"),
        (first, second.subject_id, second.pid),
        (second, first.subject_id, first.pid),
    ):
        change(hit, subject_id=subject, pid=pid)

    damage = find_damage()

    assert (damage.table, damage.row, damage.column) == ("draws_hit", str(first.pk), "rank")


def test_two_people_who_changed_seats_are_named(batch):
    first, second = two_seats()
    change(first, inspector_id=second.inspector_id)
    change(second, inspector_id=first.inspector_id)

    damage = find_damage()

    assert (damage.table, damage.what, damage.column) == ("draws_seat", "differs", "inspector_id")
    assert str(damage.row) in (str(first.pk), str(second.pk))


def two_seats() -> tuple[Any, Any]:
    """Of two teams that have nobody in common: the database lets nobody sit twice in one."""
    teams = {visit.pk: {seat.inspector_id for seat in visit.seats.all()} for visit in Visit.objects.all()}
    one, other_one = next((a, b) for a, b in combinations(teams, 2) if not teams[a] & teams[b])
    return Seat.objects.filter(visit=one)[0], Seat.objects.filter(visit=other_one)[0]


def change(row: Any, **columns: Any) -> None:
    with open_for_writing():
        type(row).objects.filter(pk=row.pk).update(**columns)


LOG = (LogEntry, LogCheckpoint, LogCosignature)


@pytest.mark.parametrize("model", LOG)
def test_every_deleted_row_of_the_log_is_named(batch, model, is_all):
    for row in rows_of(model, is_all):
        point = transaction.savepoint()
        touch(f'DELETE FROM {model._meta.db_table} WHERE "index" = %s', [row.pk])

        assert find_damage() == Damage(model._meta.db_table, row.pk, "missing")
        transaction.savepoint_rollback(point)


@pytest.mark.parametrize("model", LOG)
def test_two_rows_of_the_log_that_changed_places_are_named(batch, model, is_all):
    pairs = list(combinations(model.objects.order_by("pk").values_list("pk", flat=True), 2))
    for first, second in pairs if is_all else [pairs[0], pairs[-1]]:
        point = transaction.savepoint()
        for old, new in ((first, -7), (second, first), (-7, second)):
            touch(f'UPDATE {model._meta.db_table} SET "index" = %s WHERE "index" = %s', [new, old])

        damage = find_damage()

        assert damage is not None
        assert (damage.table, damage.row) == (model._meta.db_table, first)
        transaction.savepoint_rollback(point)


def test_an_entry_behind_the_last_that_the_head_does_not_know_is_named(batch):
    n = LogEntry.objects.count()
    row = LogEntry.objects.get(index=n - 1)
    row.index = n
    with open_for_writing():
        row.save(force_insert=True)

    damage = find_damage()

    assert (damage.table, damage.row) == ("draws_logentry", n)


# Files ----------------------------------------------------------------------------------------------


def test_one_byte_of_any_file_is_found_and_its_row_named(batch):
    for row in Evidence.objects.order_by("path"):
        path = store.folder() / row.sha256[:2] / row.sha256
        whole = path.read_bytes()
        own = {str(one.pk) for one in Evidence.objects.filter(sha256=row.sha256)}  # the same bytes may lie once
        try:
            path.write_bytes(flipped(whole) if whole else b"x")
            damage = find_damage()
        finally:
            path.write_bytes(whole)

        assert damage is not None
        assert (damage.table, damage.what, damage.row in own) == ("draws_evidence", "spoilt", True)


def test_a_file_that_is_gone_is_named(batch):
    row = Evidence.objects.get(path="close.txt")
    path = store.folder() / row.sha256[:2] / row.sha256
    path.rename(path.with_name("elsewhere"))

    damage = find_damage()

    path.with_name("elsewhere").rename(path)
    assert damage == Damage("draws_evidence", str(row.pk), "lost", "sha256", against=f"{batch.code}/close.txt")
    assert damage_sentence(damage) == (
        f"证据文件（draws_evidence）“{row.pk}”行所指的文件（{batch.code}/close.txt）缺失"
    )


IN_THE_LOG_OR_PARAMETERS = (
    "frame.tsv", "excluded.tsv", "universe.json", "strata-rule.json", "reasons.json", "params.json", "selected.tsv",
    "reserve.tsv", "inspectors.tsv", "avoid.tsv", "close.txt", "seed-input.txt", "assignment.tsv", "unfilled.tsv",
)  # fmt: skip


@pytest.mark.parametrize("name", IN_THE_LOG_OR_PARAMETERS)
def test_a_file_that_was_changed_with_its_row_contradicts_the_log_or_the_parameters(batch, name):
    for row in [one for one in batch.evidence.all() if one.path.rpartition("/")[2] == name]:
        if row.path.startswith("auditor/"):
            continue
        point = transaction.savepoint()
        kept = store.keep(store.read(row.sha256) + b"\n")
        sql = "UPDATE draws_evidence SET sha256 = %s, size = %s WHERE id = %s"
        touch(sql, [kept.sha256, kept.size, of_database(row.pk)])

        damage = find_damage()

        assert (damage.table, damage.row, damage.column) == ("draws_evidence", str(row.pk), "sha256")
        transaction.savepoint_rollback(point)


def test_nonsense_in_place_of_a_file_that_nobody_else_knows_is_said(batch):
    row = Evidence.objects.get(path__startswith="auditor/", path__endswith="01/subjects.tsv")
    kept = store.keep(b"nonsense")
    sql = "UPDATE draws_evidence SET sha256 = %s, size = %s WHERE id = %s"
    touch(sql, [kept.sha256, kept.size, of_database(row.pk)])

    damage = find_damage()

    assert (damage.table, damage.row, damage.what) == ("draws_batch", str(batch.pk), "unreadable")
    assert damage_sentence(damage).startswith(f"抽取批次（draws_batch）“{batch.pk}”行的证据读不通（{batch.code}：")


def test_another_reason_in_the_office_s_list_contradicts_the_public_table(batch):
    row = Evidence.objects.filter(path__startswith="auditor/", path__endswith="left-out.tsv").first()
    kept = store.keep(store.read(row.sha256) + b"zz\tsuspended\t1\tx\t0\n")
    sql = "UPDATE draws_evidence SET sha256 = %s, size = %s WHERE id = %s"
    touch(sql, [kept.sha256, kept.size, of_database(row.pk)])

    damage = find_damage()

    assert (damage.row, damage.column) == (str(row.pk), "sha256")
    assert damage.against.endswith("excluded.tsv ")


# The command ----------------------------------------------------------------------------------------


def command(*words: str) -> tuple[int, str, str]:
    out, err, code = StringIO(), StringIO(), 0
    try:
        call_command("check_draws", *words, stdout=out, stderr=err)
    except SystemExit as end:
        code = int(end.code or 0)
    return code, out.getvalue(), err.getvalue()


def test_the_command_says_what_it_read(batch):
    n, n_files = LogEntry.objects.count(), Evidence.objects.count()

    assert command() == (0, f"完整：公开日志{n}条，3个检查点，批次1个，证据文件{n_files}个，未发现改动。\n", "")
    assert command(batch.code)[0] == 0


def test_the_command_names_the_first_that_was_touched(batch):
    hit = Hit.objects.order_by("draw__seq", "stratum__code", "rank").first()
    touch("UPDATE draws_hit SET ticket = %s WHERE id = %s", ["0" * 64, of_database(hit.pk)])

    assert command() == (
        1,
        "",
        f"发现改动：抽中的对象（draws_hit）“{hit.pk}”行的“ticket”列与批次 {batch.code} 的文件 "
        f"{batch.code}-01/selected.tsv 不符。\n",
    )


def test_a_batch_that_does_not_exist_is_said(batch):
    assert command("X-1") == (1, "", "没有批次 X-1。请核对批次号。\n")
