"""The database itself refuses to change what was logged, and evidence of what was promised to everybody."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from gongchou.audit.guard import open_for_writing
from gongchou.audit.models import PROTECTED as LINES
from gongchou.draws.models import Evidence, LogHead
from gongchou.draws.models.log import PROTECTED
from gongchou.draws.operations import batches
from tests.factories import draws as factory
from tests.factories.lists import keeper_of
from tests.factories.log import guarded_tables
from tests.factories.people import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ROWS = [model for model in PROTECTED if model is not LogHead]


def refuses(sql: str) -> None:
    with (
        open_for_writing(),
        pytest.raises(Exception, match="only added to"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_triggers_hold_the_log_and_evidence_and_nothing_else_of_draws(db):
    wanted = {model._meta.db_table for model in (*LINES, *PROTECTED, Evidence)}

    assert guarded_tables() == wanted


@pytest.mark.parametrize("model", ROWS)
def test_a_row_of_the_log_is_neither_changed_nor_deleted(signed_log, model):
    table, count = model._meta.db_table, model.objects.count()

    refuses(f'UPDATE {table} SET "index" = "index" + 100')
    refuses(f"DELETE FROM {table}")

    assert model.objects.count() == count > 0


@pytest.mark.parametrize("sql", ["UPDATE draws_loghead SET size = size - 1", "DELETE FROM draws_loghead"])
def test_the_head_never_goes_back(signed_log, sql):
    refuses(sql)


@pytest.mark.parametrize("model", [*PROTECTED, Evidence])
def test_postgresql_refuses_to_empty_a_table_at_once(signed_log, model):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    factory.committed(factory.make_batch())

    connection.check_constraints()  # or it is refused for what is still to be checked
    refuses(f"TRUNCATE {model._meta.db_table} CASCADE")


def test_before_the_promise_evidence_goes_with_a_thaw(db):
    batch = factory.frozen(factory.make_batch())
    assert batch.evidence.exists()

    batches.thaw(batch=batch, reason="演示", by=keeper_of(batch.department), at=NOW)

    assert not batch.evidence.exists()


def test_after_the_promise_evidence_stays_whatever_the_batch_says_of_itself(db):
    batch = factory.committed(factory.make_batch())
    other = factory.frozen(factory.make_batch(factory.ready_task(first=100)))
    count = batch.evidence.count()

    refuses("DELETE FROM draws_evidence WHERE path = 'frame.tsv'")
    with open_for_writing():
        type(batch).objects.filter(pk=batch.pk).update(state="draft", committed_at=None, committed_by=None)
    refuses("DELETE FROM draws_evidence")

    assert (batch.evidence.count(), other.evidence.exists()) == (count, True)


@pytest.mark.parametrize("column", ["path", "sha256"])
def test_evidence_is_never_changed(db, column):
    factory.frozen(factory.make_batch())

    refuses(f"UPDATE draws_evidence SET {column} = {column}")
