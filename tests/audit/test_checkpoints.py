"""A checkpoint says what the log is, or it is not signed; a cosignature is kept when a known witness made it."""

from __future__ import annotations

import stat
from datetime import UTC, datetime

import pytest
from django.db import transaction

from gongchou.audit import checkpoints, proofs
from gongchou.audit.checkpoints import add_cosignature, make_checkpoint
from gongchou.audit.damage import find_damage
from gongchou.audit.keys import make_key, make_keys, read_secret
from gongchou.audit.models import Block, Checkpoint, Cosignature, Head, Line
from gongchou.audit.tree import Peaks
from gongchou.draw import log, merkle, note
from gongchou.draw.merkle import is_included, leaf_hash
from gongchou.refusal import Refused, sentence
from tests.factories.log import LOG_NAME, WITNESSES, checkpoint_after, cosign, public_keys, run, write_lines
from tests.factories.people import NOW, make_region

pytestmark = pytest.mark.django_db


@pytest.fixture
def small_blocks(monkeypatch):
    for room in ("damage", "proofs", "checkpoints"):
        monkeypatch.setattr(f"gongchou.audit.{room}.BLOCK", 2)


def refused(code: str):
    return pytest.raises(Refused, match=code.replace(".", r"\."))


# Keys -----------------------------------------------------------------------------------------------


def test_a_key_is_for_its_owner_s_eyes_only(keys):
    public = make_keys(keys, LOG_NAME)

    assert stat.S_IMODE((keys / "audit.key").stat().st_mode) == 0o600
    assert read_secret(keys / "audit.key").public == public
    assert (keys / "audit.vkey").read_text() == f"{public}\n"


def test_a_key_is_never_written_over(keys):
    make_keys(keys, LOG_NAME)

    with refused("audit.key_exists"):
        make_keys(keys, LOG_NAME)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "x" * 201, "公抽"])
def test_a_key_has_a_name_that_a_note_can_bear(keys, name):
    with refused("audit.key_name"):
        make_keys(keys, name)


def test_without_a_key_the_refusal_says_what_to_do(keys):
    with refused("audit.key_missing") as error:
        make_checkpoint(at=NOW)

    assert sentence(error.value).endswith("请先运行 gongchou init，或从离线备份恢复密钥。")


@pytest.mark.parametrize("text", [b"", b"a b", b"a ed25519 00", b"a b " + b"0" * 64, b"\xff"])
def test_a_spoilt_key_is_refused(keys, text):
    keys.mkdir()
    (keys / "audit.key").write_bytes(text)

    with refused("audit.key_invalid"):
        make_checkpoint(at=NOW)


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o660])
def test_a_key_that_others_can_read_is_refused(keys, mode):
    make_keys(keys, LOG_NAME)
    (keys / "audit.key").chmod(mode)

    with refused("audit.key_open"):
        read_secret(keys / "audit.key")


# Checkpoints ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [2, 4, 1024])
def test_each_checkpoint_is_signed_and_is_the_root_over_all_lines(witnesses, monkeypatch, width):
    for room in ("damage", "proofs", "checkpoints"):
        monkeypatch.setattr(f"gongchou.audit.{room}.BLOCK", width)
    for n in (1, 1, 3, 2, 4):
        write_lines(n)
        made = make_checkpoint(at=NOW)

        told = log.read_checkpoint(made.note.encode(), "")
        leaves = [leaf_hash(line.data.encode()) for line in Line.objects.all()]
        assert (told.origin, told.size, told.root) == (LOG_NAME, len(leaves), merkle.root_of_hashes(leaves))
        assert note.is_signed_by(told.signed, public_keys().log)
    assert Block.objects.count() == 11 // width
    assert find_damage() is None


def test_when_nothing_has_come_the_latest_checkpoint_is_given_again(witnesses):
    write_lines(2)
    first = make_checkpoint(at=NOW)

    assert make_checkpoint(at=datetime(2027, 1, 1, tzinfo=UTC)) == first
    assert Checkpoint.objects.count() == 1


def test_an_empty_log_is_not_signed(witnesses):
    with refused("audit.log_empty"):
        make_checkpoint(at=NOW)


def test_a_database_that_went_back_is_not_signed(witnesses):
    write_lines(2)
    point = transaction.savepoint()
    write_lines(1)
    make_checkpoint(at=NOW)
    transaction.savepoint_rollback(point)

    with refused("audit.log_shorter"):
        make_checkpoint(at=NOW)


def test_an_empty_database_under_an_old_key_is_not_signed(witnesses):
    point = transaction.savepoint()
    write_lines(1)
    make_checkpoint(at=NOW)
    transaction.savepoint_rollback(point)

    with refused("audit.log_shorter"):
        make_checkpoint(at=NOW)


def test_another_database_under_an_old_key_is_not_signed(witnesses):
    point = transaction.savepoint()
    write_lines(1)
    make_checkpoint(at=NOW)
    transaction.savepoint_rollback(point)
    make_region("8801", "别处市")
    make_region("8802", "别处市")

    with refused("audit.log_forked"):
        make_checkpoint(at=NOW)


def test_a_line_that_was_changed_since_it_was_written_is_not_signed(witnesses):
    write_lines(3)
    run("UPDATE audit_line SET data = replace(data, '演示1区', '演示9区') WHERE \"index\" = 1")

    with refused("audit.roots_differ"):
        make_checkpoint(at=NOW)


def test_a_crash_between_signing_and_storing_is_made_good_by_the_next_run(witnesses, monkeypatch):
    write_lines(2)
    with monkeypatch.context() as patch, pytest.raises(RuntimeError):
        patch.setattr(checkpoints, "_store", lambda *_: (_ for _ in ()).throw(RuntimeError))
        make_checkpoint(at=NOW)
    write_lines(1)

    assert make_checkpoint(at=NOW).size == 3


def flipped(value: bytes, bit: int) -> bytes:
    place = bit % (len(value) * 8)
    return bytes(byte ^ (1 << place % 8) if number == place // 8 else byte for number, byte in enumerate(value))


FAULTS = ("leaf", "data", "node", "kept", "peaks", "text", "signed", "stored")


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(
    "bit", [0, 7, 100, 255, *(pytest.param(bit, marks=pytest.mark.night) for bit in range(1, 130))]
)
def test_a_bit_that_flips_on_the_way_never_makes_a_wrong_checkpoint(
    witnesses, keys, small_blocks, monkeypatch, fault, bit
):
    write_lines(3)
    make_checkpoint(at=NOW)
    write_lines(2)
    true = log.checkpoint_text(LOG_NAME, 5, proofs.tree_of(5).root())

    with monkeypatch.context() as patch, pytest.raises(Refused):
        plant(patch, fault, bit)
        make_checkpoint(at=NOW)

    assert Checkpoint.objects.count() == 1
    kept = log.read_checkpoint((keys / "audit.checkpoint").read_bytes(), "")
    assert kept.size == 3 or kept.signed.text == true
    assert make_checkpoint(at=NOW).note.startswith(true)


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

    places = {
        "leaf": (proofs, "leaf_hashes", first_of),
        "data": (proofs, "lines_data", first_of),
        "node": (merkle, "node_hash", lambda value: flipped(value, bit)),
        "kept": (proofs, "kept_roots", lambda value: [flipped(value[0], bit), *value[1:]]),
        "peaks": (Peaks, "root", lambda value: flipped(value, bit)),
        "text": (log, "checkpoint_text", lambda value: flipped(value.encode(), bit).decode("latin-1")),
        "signed": (note, "write_note", lambda value: flipped(value, bit * 3)),
        "stored": (
            Checkpoint,
            "digest_after",
            lambda value: flipped(value.encode(), bit).decode("latin-1"),
        ),
    }
    owner, name, change = places[fault]
    patch.setattr(owner, name, once(getattr(owner, name), change))


# Proofs ---------------------------------------------------------------------------------------------


def test_every_line_under_a_checkpoint_is_proven_in_it(signed_log):
    for index, data in enumerate(proofs.lines_data(0, 7)):
        for size in (3, 5, 6, 7, None):
            if index < (size or 7):
                proof = log.read_proof(proofs.inclusion_proof(index, size), "")
                told = proof.checkpoint
                assert is_included(leaf_hash(data), index, told.size, proof.hashes, told.root)


def test_every_two_sizes_have_a_proof_of_consistency(signed_log):
    for second in range(1, 9):
        for first in range(1, second + 1):
            found = log.read_consistency(proofs.consistency_proof(first, second), "")[first, second]
            roots = proofs.tree_of(first).root(), proofs.tree_of(second).root()
            assert merkle.is_consistent(first, second, found, *roots)


@pytest.mark.parametrize(("first", "second"), [(0, 3), (4, 3), (3, 9), (-1, 2)])
def test_a_size_the_log_does_not_have_is_refused(signed_log, first, second):
    with refused("audit.size_unknown"):
        proofs.consistency_proof(first, second)


@pytest.mark.parametrize("index", [-1, 7, 8])
def test_a_line_that_is_not_signed_yet_has_no_proof(signed_log, index):
    with refused("audit.size_unknown"):
        proofs.inclusion_proof(index)


def test_a_size_without_a_checkpoint_is_refused(signed_log):
    with refused("audit.checkpoint_unknown"):
        proofs.checkpoint_note(4)


def test_before_the_first_checkpoint_there_is_none():
    with refused("audit.checkpoint_unknown"):
        proofs.checkpoint_note()


# Cosignatures ---------------------------------------------------------------------------------------


def test_the_latest_checkpoint_is_shown_with_its_cosignatures(signed_log):
    told = log.read_checkpoint(proofs.checkpoint_note(), "")

    assert told.size == 7
    assert len(told.cosigned_times(public_keys().witnesses)) == 2


def test_a_second_cosignature_by_the_same_witness_changes_nothing(signed_log, witnesses, keys):
    before = list(Cosignature.objects.values())

    cosign(Checkpoint.objects.get(size=5), witnesses[0], keys)

    assert list(Cosignature.objects.values()) == before
    assert Head.objects.get().n_cosignatures == 5


def test_a_checkpoint_of_another_history_is_refused(signed_log, witnesses, keys):
    text = log.checkpoint_text(LOG_NAME, 7, b"x" * 32)
    line = note.cosign(text, witnesses[0].public, witnesses[0].secret, 1_800_000_000)

    with refused("audit.checkpoint_unknown"):
        add_cosignature(note.write_note(text, [line]))


def test_a_witness_nobody_knows_is_refused(signed_log, tmp_path):
    make_key(tmp_path, "witness", "witness-3.example", "cosignature")

    with refused("audit.cosignature_invalid"):
        cosign(Checkpoint.objects.get(size=7), read_secret(tmp_path / "witness.key"), tmp_path / "keys")


def test_a_signature_under_a_witness_s_name_by_another_key_is_refused(signed_log, tmp_path):
    make_key(tmp_path, "witness", WITNESSES[0], "cosignature")

    with refused("audit.cosignature_invalid"):
        cosign(Checkpoint.objects.get(size=6), read_secret(tmp_path / "witness.key"), tmp_path / "keys")


@pytest.mark.parametrize("data", [b"", b"hello", b"\xff\xfe", b"a\n1\nb\n\nc\n"])
def test_what_is_no_note_is_refused(signed_log, data):
    with refused("audit.note_invalid"):
        add_cosignature(data)


def test_others_signatures_on_the_note_are_passed_over(signed_log, witnesses, keys):
    made = checkpoint_after(1, [], keys)
    text = note.parse_note(made.note.encode()).text
    lines = [note.cosign(text, witness.public, witness.secret, 1_800_000_000) for witness in witnesses]
    data = made.note.encode() + "".join(lines).encode()

    assert [row.witness for row in add_cosignature(data)] == list(WITNESSES)
    assert find_damage() is None
