"""Whoever touches the log with the triggers off is found, and the row is named."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from gongchou.audit.damage import Damage, check_holds, damage_sentence, find_damage
from gongchou.audit.keys import make_keys
from gongchou.audit.models import PROTECTED, Checkpoint, Cosignature, Head, Line
from gongchou.draw.encoding import dump_json
from gongchou.draw.merkle import leaf_hash
from tests.factories.log import checkpoint_after, guarded_tables, public_keys, run, triggers_off, write_lines

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    """So that a log of a few lines has some."""
    for room in ("damage", "proofs", "checkpoints"):
        monkeypatch.setattr(f"gongchou.audit.{room}.BLOCK", 2)


def columns() -> list[tuple[type[models.Model], str]]:
    return [(model, field.attname) for model in PROTECTED for field in model._meta.concrete_fields]


def other(model: type[models.Model], column: str, value: object) -> object:
    """Another value that the column can hold."""
    field = model._meta.get_field(column)
    if isinstance(field, models.DateTimeField):
        return value + timedelta(microseconds=1)  # type: ignore[operator]
    if isinstance(field, models.IntegerField):
        return value + 100  # type: ignore[operator]
    return "f" * len(str(value)) or "x"


def test_every_table_of_the_room_is_protected():
    assert set(PROTECTED) == set(apps.get_app_config("audit").get_models())


def test_triggers_hold_these_tables_and_none_but_those_of_draws(db):
    found = {table for table in guarded_tables() if not table.startswith("draws_")}

    assert found == {model._meta.db_table for model in PROTECTED}


def test_an_untouched_log_is_whole(signed_log):
    assert find_damage() is None
    assert [model._default_manager.count() for model in PROTECTED] == [8, 3, 4, 5, 1]


def test_an_empty_log_is_whole():
    assert find_damage() is None


@pytest.mark.parametrize(("model", "column"), columns())
def test_a_changed_column_is_found_in_every_row(signed_log, model, column):
    table = model._meta.db_table
    key = model._meta.pk.attname
    for row in model.objects.order_by("pk"):
        value = other(model, column, getattr(row, column))
        point = transaction.savepoint()
        try:
            with transaction.atomic():
                run(f'UPDATE {table} SET "{column}" = %s WHERE "{key}" = %s', [value, row.pk])
        except IntegrityError:  # the database's own rule holds even then
            continue

        damage = find_damage()

        assert damage is not None, (column, row.pk)
        assert (damage.table, damage.row) == (table, row.pk)
        if damage.what == "column":
            assert damage.column == column
        assert damage_sentence(damage)
        transaction.savepoint_rollback(point)
    assert find_damage() is None


@pytest.mark.parametrize("model", PROTECTED)
def test_every_deleted_row_is_named(signed_log, model):
    table, key = model._meta.db_table, model._meta.pk.attname
    for pk in model.objects.order_by("pk").values_list("pk", flat=True):
        point = transaction.savepoint()
        run(f'DELETE FROM {table} WHERE "{key}" = %s', [pk])

        assert find_damage() == Damage(table, pk, "missing")
        transaction.savepoint_rollback(point)


ROWS = [model for model in PROTECTED if model is not Head]


def test_a_second_head_is_refused_even_with_the_triggers_off(signed_log):
    with pytest.raises(IntegrityError), triggers_off(), transaction.atomic():
        Head(id=2).save(force_insert=True)


@pytest.mark.parametrize("model", ROWS)
@pytest.mark.parametrize("place", ["before", "behind"])
def test_an_inserted_copy_is_named(signed_log, model, place):
    row = model.objects.order_by("pk").first() if place == "before" else model.objects.order_by("pk").last()
    row.pk = -1 if place == "before" else row.pk + 1
    insert(row)

    damage = find_damage()

    assert damage is not None
    assert (damage.table, damage.row) == (model._meta.db_table, row.pk)


@pytest.mark.parametrize("model", ROWS)
def test_a_row_inserted_between_two_that_make_room_for_it_is_named(signed_log, model):
    table = model._meta.db_table
    for place in model.objects.order_by("pk").values_list("pk", flat=True)[1:]:
        point = transaction.savepoint()
        row = model.objects.get(pk=place - 1)
        run(f'UPDATE {table} SET "index" = -"index" - 1 WHERE "index" >= %s', [place])
        run(f'UPDATE {table} SET "index" = -"index" WHERE "index" < 0')
        row.pk = place
        insert(row)

        damage = find_damage()

        assert damage is not None
        assert (damage.table, damage.row) == (table, place)
        transaction.savepoint_rollback(point)


def insert(row: models.Model) -> None:
    """As it is, but for what the database's own rules let stand only once."""
    if isinstance(row, Checkpoint):
        row.size += 100
    if isinstance(row, Cosignature):
        row.witness = "witness-3.example"
    with triggers_off():
        row.save(force_insert=True)


@pytest.mark.parametrize("model", ROWS)
def test_two_rows_that_changed_places_are_named(signed_log, model):
    for first, second in combinations(model.objects.order_by("pk").values_list("pk", flat=True), 2):
        point = transaction.savepoint()
        for old, new in ((first, -7), (second, first), (-7, second)):
            run(f'UPDATE {model._meta.db_table} SET "index" = %s WHERE "index" = %s', [new, old])

        damage = find_damage()

        assert damage is not None
        assert (damage.table, damage.row) == (model._meta.db_table, first)
        transaction.savepoint_rollback(point)


def test_an_old_row_that_is_copied_back_is_named(signed_log):
    old = Head.objects.get()
    write_lines(1)
    with triggers_off():
        old.save()

    assert find_damage() == Damage("audit_line", old.size, "extra")


def test_a_line_moved_far_away_is_missed_at_once(signed_log):
    run('UPDATE audit_line SET "index" = 9000000000000000000 WHERE "index" = 7')

    assert find_damage() == Damage("audit_line", 7, "missing")


def test_a_line_whose_bytes_and_digest_are_no_line_is_named(signed_log):
    run('UPDATE audit_line SET data = %s, leaf = %s WHERE "index" = 2', ["[]", leaf_hash(b"[]").hex()])

    assert find_damage() == Damage("audit_line", 2, "digest")


def test_a_forged_line_behind_the_last_is_named(signed_log):
    latest = Head.objects.get().latest
    forge_lines(8, 1, latest)

    assert find_damage() == Damage("audit_line", 8, "extra")


# With everything behind made anew -----------------------------------------------------------------


def forge_lines(start: int, n: int, prev: str, *, by: str = "x") -> str:
    """Chained lines that never happened, over what stood there; return the last digest."""
    model = Line.objects.get(index=0)
    for index in range(start, start + n):
        told = {column: getattr(model, column) for column in ("about", "about_name", "by_name", "department", "place")}
        told |= {"at": "2026-03-02T01:00:00Z", "by": by, "verb": model.verb}
        data = dump_json({**told, "facts": {}, "index": index, "prev": prev, "v": 1})
        prev = leaf_hash(data).hex()
        with triggers_off():
            Line(**told, index=index, data=data.decode(), leaf=prev).save()
    return prev


def rewrite_from(index: int) -> None:
    size = Head.objects.get().size
    prev = Line.objects.get(index=index - 1).leaf
    run("UPDATE audit_head SET latest = %s", [forge_lines(index, size - index, prev)])


def truncate_to(size: int) -> None:
    run('DELETE FROM audit_line WHERE "index" >= %s', [size])
    run("UPDATE audit_head SET size = %s, latest = %s", [size, Line.objects.get(index=size - 1).leaf])


def forget_checkpoints(kept: int) -> None:
    """Take checkpoints and what hangs on them away, with nothing left that would tell."""
    size = Checkpoint.objects.get(index=kept - 1).size
    run('DELETE FROM audit_checkpoint WHERE "index" >= %s', [kept])
    run("DELETE FROM audit_cosignature WHERE size > %s", [size])
    run('DELETE FROM audit_block WHERE "index" >= %s', [size // 2])
    latest, last = Checkpoint.objects.get(index=kept - 1), Cosignature.objects.last()
    run(
        "UPDATE audit_head SET n_checkpoints = %s, checkpoint = %s, n_cosignatures = %s, cosignature = %s",
        [kept, latest.digest, Cosignature.objects.count(), last and last.digest],
    )


@pytest.mark.parametrize(
    ("index", "found"),
    [(1, (0, 3)), (3, (3, 5)), (4, (3, 5)), (5, (5, 6)), (6, (6, 7))],
)
def test_a_history_that_is_rewritten_from_a_line_on_contradicts_the_next_checkpoint(signed_log, index, found):
    rewrite_from(index)

    start, until = found
    assert find_damage() == Damage("audit_line", start, "rewritten", until=until)


def test_a_tail_cut_off_behind_the_last_checkpoint_is_found_by_the_head(signed_log):
    run('DELETE FROM audit_line WHERE "index" >= 7')

    assert find_damage() == Damage("audit_line", 7, "missing")


def test_a_tail_cut_off_with_the_head_is_found_by_the_checkpoints(signed_log):
    truncate_to(4)

    assert find_damage() == Damage("audit_line", 4, "missing", until=5)


def test_a_tail_cut_off_with_head_and_checkpoints_is_found_by_what_a_witness_kept(signed_log):
    kept = Checkpoint.objects.get(size=7).note.encode()
    truncate_to(4)
    forget_checkpoints(1)

    assert find_damage() is None
    assert check_holds(kept, public_keys()) == Damage("audit_line", 4, "missing", until=7)


def test_a_history_signed_anew_with_the_log_s_key_is_found_by_what_a_witness_kept(signed_log, keys, witnesses):
    kept = Checkpoint.objects.get(size=7).note.encode()
    rewrite_from(4)
    forget_checkpoints(1)
    (keys / "audit.checkpoint").unlink()
    checkpoint_after(0, [], keys)

    assert find_damage() is None
    assert check_holds(kept, public_keys()) == Damage("audit_line", 0, "rewritten", until=7)


def test_what_a_witness_kept_of_an_untouched_log_still_holds(signed_log):
    kept = [checkpoint.note.encode() for checkpoint in Checkpoint.objects.all()]

    assert [check_holds(note, public_keys()) for note in kept] == [None] * 4


def test_the_key_of_another_log_finds_every_signature_wrong(signed_log, keys):
    make_keys(keys / "other", "gongchou.example/audit")

    assert find_damage(public_keys(keys / "other")) == Damage("audit_checkpoint", 0, "signature", "note")


# The database's own refusal ------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["UPDATE", "DELETE"])
@pytest.mark.parametrize("model", ROWS)
def test_the_database_refuses_to_change_or_delete_a_row(signed_log, model, verb):
    table = model._meta.db_table
    sql = f'UPDATE {table} SET "index" = "index" + 100' if verb == "UPDATE" else f"DELETE FROM {table}"
    count = model.objects.count()

    with pytest.raises(Exception, match="only added to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)

    assert model.objects.count() == count


@pytest.mark.parametrize("sql", ["UPDATE audit_head SET size = size - 1", "DELETE FROM audit_head"])
def test_the_database_refuses_to_turn_the_head_back(signed_log, sql):
    with pytest.raises(Exception, match="only added to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("model", PROTECTED)
def test_postgresql_refuses_to_empty_a_table_at_once(signed_log, model):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(Exception, match="only added to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {model._meta.db_table}")
