"""The public log is signed as it is, or not at all; what a known witness gives back is kept once."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction

from gongchou.audit.guard import open_for_writing
from gongchou.audit.keys import make_key, read_secret
from gongchou.audit.models import Line
from gongchou.audit.tree import Blocks, Peaks
from gongchou.draw import log, merkle, note
from gongchou.draws import keys, ledger
from gongchou.draws.damage import find_damage
from gongchou.draws.ledger import PublicLog, tree_of
from gongchou.draws.models import LogCheckpoint, LogCosignature, LogEntry, LogHead
from gongchou.draws.operations.log import Signer, Witnesses, sign_log, take_cosignature
from gongchou.refusal import Refused
from tests.factories import draw_log
from tests.factories.draw_log import LOG_NAME, checkpoint_after, remember, remembered, touch, write_entries
from tests.factories.people import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def refused(code: str):
    return pytest.raises(Refused, match=code.replace(".", r"\."))


def sign() -> LogCheckpoint:
    return sign_log(by=Signer(), at=NOW)


def command(*words: str) -> tuple[int, str, str]:
    out, err, code = StringIO(), StringIO(), 0
    try:
        call_command(*words, stdout=out, stderr=err)
    except SystemExit as end:
        code = int(end.code or 0)
    return code, out.getvalue(), err.getvalue()


# Checkpoints ----------------------------------------------------------------------------------------


def test_a_checkpoint_says_how_far_the_log_has_come_and_what_it_holds(witnesses):
    write_entries(5)

    made = sign()

    told = log.read_checkpoint(made.note.encode(), "")
    hashes = [merkle.leaf_hash(bytes(row.data)) for row in LogEntry.objects.order_by("index")]
    assert (told.origin, told.size, told.root) == (LOG_NAME, 5, merkle.root_of_hashes(hashes))
    assert note.is_signed_by(told.signed, keys.public_of(keys.LOG))


def test_signing_leaves_a_line_in_the_platform_s_log(witnesses):
    write_entries(2)

    sign()

    line = Line.objects.latest("index")
    assert (line.verb, line.about, line.about_name) == ("public_log.signed", "logcheckpoint:2", "公开日志 2 条")


def test_an_empty_log_is_not_signed(witnesses):
    with refused("draws.log_empty"):
        sign()


def test_when_nothing_has_come_the_latest_checkpoint_stays(witnesses):
    write_entries(2)

    assert [sign().index, sign().index] == [0, 0]
    assert LogCheckpoint.objects.count() == 1


def test_only_once_all_is_written_this_machine_remembers(witnesses, django_capture_on_commit_callbacks):
    write_entries(2)
    with django_capture_on_commit_callbacks(execute=True):
        made = sign()
        assert not remembered().exists()

    assert remembered().read_bytes() == made.note.encode()


def test_what_is_given_up_is_not_remembered(witnesses, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ZeroDivisionError), transaction.atomic():
        checkpoint_after(2, [])
        raise ZeroDivisionError

    assert not remembered().exists()
    assert checkpoint_after(1, []).size == 1


def test_who_commits_later_with_less_takes_nothing_back(witnesses):
    first, second = checkpoint_after(2, []), checkpoint_after(1, [])

    remember(second)
    remember(first)

    assert remembered().read_bytes() == second.note.encode()


# A database that went back, was swapped, or lost a piece -------------------------------------------


def went_back(n: int) -> None:
    """A checkpoint of so many entries was signed here, then the database was put back to before."""
    point = transaction.savepoint()
    remember(checkpoint_after(n, []))
    transaction.savepoint_rollback(point)


def test_a_database_that_went_back_is_neither_written_to_nor_signed(witnesses):
    write_entries(2)
    went_back(2)

    with refused("draws.log_shorter"):
        write_entries(1)
    with refused("draws.log_shorter"):
        sign()
    assert LogEntry.objects.count() == 2


def test_an_empty_database_under_an_old_key_is_neither_written_to_nor_signed(witnesses):
    went_back(3)

    with refused("draws.log_shorter"):
        write_entries(1)
    with refused("draws.log_shorter"):
        sign()


def test_another_database_under_an_old_key_is_not_signed(witnesses):
    kept = checkpoint_after(2, []).note
    for row in (LogHead, LogCosignature, LogCheckpoint, LogEntry):
        touch(f"DELETE FROM {row._meta.db_table}")
    with open_for_writing(), transaction.atomic():
        for number in range(4):
            PublicLog().append("audit", {"x": number}, authority="990200-SCJG", at=NOW)
    remembered().write_text(kept)

    with refused("draws.log_forked"):
        sign()
    assert command("draws_checkpoint")[0] == 1


def test_an_entry_that_was_changed_since_it_was_signed_is_not_signed_again(signed_log):
    touch('UPDATE draws_logentry SET data = %s WHERE "index" = 1', [other_entry(1)])

    with refused("draws.log_forked"):
        sign()


def other_entry(index: int) -> bytes:
    """An entry that could stand there just as well."""
    return bytes(LogEntry.objects.get(index=index).data).replace(f'"n":{index}'.encode(), b'"n":9')


def test_a_log_that_lost_an_entry_is_not_signed(signed_log):
    touch('DELETE FROM draws_logentry WHERE "index" = 7')

    with refused("draws.log_damaged"):
        sign()


@pytest.mark.django_db(transaction=True)
def test_when_it_cannot_be_remembered_what_was_done_stays_done(witnesses):
    write_entries(2)
    remembered().with_name("draws.lock").mkdir()  # where nobody can hold it

    made = sign()

    assert LogCheckpoint.objects.get() == made
    assert not remembered().exists()


# A bit that flips on the way ------------------------------------------------------------------------


def flipped(value: bytes, bit: int) -> bytes:
    place = bit % (len(value) * 8)
    return bytes(byte ^ (1 << place % 8) if number == place // 8 else byte for number, byte in enumerate(value))


FAULTS = ("leaf", "data", "digest", "first_root", "second_root", "node", "text", "signed", "stored")


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(
    "bit", [0, 7, 100, 255, *(pytest.param(bit, marks=pytest.mark.night) for bit in range(1, 130))]
)
def test_a_bit_that_flips_on_the_way_never_makes_a_wrong_checkpoint(witnesses, monkeypatch, fault, bit):
    remember(checkpoint_after(3, []))
    write_entries(2)
    true = log.checkpoint_text(LOG_NAME, 5, tree_of(5).root())

    with monkeypatch.context() as patch, pytest.raises(Refused):
        plant(patch, fault, bit)
        sign()

    assert LogCheckpoint.objects.count() == 1
    assert sign().note.startswith(true)
    assert find_damage() is None


def plant(patch: pytest.MonkeyPatch, fault: str, bit: int) -> None:
    """Flip one bit of one value on its way through the making of a checkpoint."""

    def once(function, change):
        calls = iter([True])

        def run_once(*args, **kwargs):
            value = function(*args, **kwargs)
            return change(value) if next(calls, False) else value

        return run_once

    def first_of(values):
        values = list(values)
        return iter([flipped(values[0], bit), *values[1:]])

    def of_bytes(value):
        return flipped(value, bit)

    def of_text(value):
        return flipped(value.encode(), bit).decode("latin-1")

    places = {
        "leaf": (ledger, "leaf_hash", of_bytes),
        "data": (ledger, "entries_data", first_of),
        "digest": (LogEntry, "digest_after", of_text),
        "first_root": (Peaks, "root", of_bytes),
        "second_root": (Blocks, "root", of_bytes),
        "node": (merkle, "node_hash", of_bytes),
        "text": (log, "checkpoint_text", of_text),
        "signed": (note, "write_note", lambda value: flipped(value, bit * 3)),
        "stored": (LogCheckpoint, "digest_after", of_text),
    }
    owner, name, change = places[fault]
    patch.setattr(owner, name, once(getattr(owner, name), change))


# Cosignatures ---------------------------------------------------------------------------------------


def test_a_cosignature_is_kept_with_a_line_and_the_second_time_changes_nothing(witnesses):
    made = checkpoint_after(2, witnesses[:1])
    before, lines = list(LogCosignature.objects.values()), Line.objects.count()
    assert Line.objects.latest("index").verb == "public_log.cosigned"

    with refused("draws.cosigned_already"):
        draw_log.cosign(made, witnesses[0])

    assert list(LogCosignature.objects.values()) == before
    assert Line.objects.count() == lines
    assert [row["witness"] for row in before] == ["witness-1.example"]


def test_a_checkpoint_that_a_larger_one_has_overtaken_is_not_cosigned_any_more(witnesses):
    """Else the moment at which its entries were seen would move, and what was decided by it with them."""
    small = checkpoint_after(2, witnesses[:1])
    checkpoint_after(1, witnesses)

    with refused("draws.cosigned_late"):
        draw_log.cosign(small, witnesses[1])

    assert small.cosignatures.count() == 1
    assert list(PublicLog().witnessed(2)) == [3]


def test_a_checkpoint_of_another_history_is_refused(signed_log):
    text = log.checkpoint_text(LOG_NAME, 7, b"x" * 32)
    line = note.cosign(text, signed_log[0].public, signed_log[0].secret, 1_800_000_000)

    with refused("audit.checkpoint_unknown"):
        take_cosignature(data=note.write_note(text, [line]), by=Witnesses(), at=NOW)


@pytest.mark.parametrize("name", ["witness-3.example", "witness-1.example"])
def test_a_key_nobody_knows_is_refused_under_whatever_name(signed_log, tmp_path, name):
    make_key(tmp_path, "other", name, "cosignature")

    with refused("audit.cosignature_invalid"):
        draw_log.cosign(LogCheckpoint.objects.get(size=7), read_secret(tmp_path / "other.key"))


@pytest.mark.parametrize("data", [b"", b"hello", b"\xff\xfe", b"a\n1\nb\n\nc\n"])
def test_what_is_no_note_is_refused(signed_log, data):
    with refused("audit.note_invalid"):
        take_cosignature(data=data, by=Witnesses(), at=NOW)


def test_practice_witnesses_cosign_at_once(home):
    keys.make_keys("gongchou.example", n_practice=2)

    made = checkpoint_after(1, [])

    assert sorted(made.cosignatures.values_list("witness", flat=True)) == [
        "practice-0.gongchou.example",
        "practice-1.gongchou.example",
    ]
    assert len(PublicLog().witnessed(2)) == 1


# The job --------------------------------------------------------------------------------------------


def test_the_job_signs_when_something_has_come_and_else_leaves_no_line(witnesses):
    assert command("draws_checkpoint") == (0, "公开日志没有新的内容\n", "")
    write_entries(2)
    assert command("draws_checkpoint") == (0, "检查点：2条\n", "")
    lines = Line.objects.count()

    assert command("draws_checkpoint") == (0, "公开日志没有新的内容\n", "")
    assert Line.objects.count() == lines


def test_the_job_stops_where_the_database_went_back(witnesses):
    write_entries(2)
    went_back(2)

    assert command("draws_checkpoint") == (
        1,
        "",
        "公开日志比本机签过名的4条短：数据库可能被回退或换成了另一个。已停止写入和签名，请联系运维核对。\n",
    )


def test_the_job_stops_at_an_entry_that_was_changed_before_it_was_signed(signed_log):
    touch('UPDATE draws_logentry SET data = %s WHERE "index" = 7', [other_entry(7)])

    assert command("draws_checkpoint") == (
        1,
        "",
        "公开日志第 7 条附近与以前的签名不一致，已停止写入。请联系运维核对。\n",
    )


def test_every_two_sizes_are_consistent(signed_log):
    write_entries(5)
    for second in range(1, 14):
        for first in range(1, second + 1):
            tree = tree_of(second)
            proof = tree.consistency_proof(first)
            assert merkle.is_consistent(first, second, proof, tree_of(first).root(), tree.root())


def test_the_time_of_an_entry_never_falls(witnesses):
    write_entries(2)

    with open_for_writing(), transaction.atomic(), pytest.raises(Exception, match="time_backwards"):
        PublicLog().append("audit", {}, authority=draw_log.AUTHORITIES[0], at=NOW - timedelta(days=1))
