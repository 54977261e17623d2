"""Signed notes, their keys and the cosignatures of witnesses."""

from __future__ import annotations

import pytest

from gongchou.draw import ed25519, note
from gongchou.draw.encoding import LATEST, encode_base64
from gongchou.draw.errors import FormatError
from tests.draw.vectors import each, load

VECTOR = load("signed-note")
NOTE = VECTOR["note"].encode()
SECRET = bytes(range(32))
PLAIN = note.VerifierKey("log.example/a", note.ED25519, ed25519.public_key(SECRET))
WITNESS = note.VerifierKey("witness.example/w", note.COSIGNATURE, ed25519.public_key(SECRET))
TEXT = "log.example/a\n3\nAAAA\n"


def test_the_example_of_the_standard_verifies():
    key = note.parse_vkey(VECTOR["vkey"])
    read = note.parse_note(NOTE)

    assert (key.name, key.kind, key.key_id.hex()) == (VECTOR["name"], note.ED25519, VECTOR["key_id"])
    assert read.text == VECTOR["text"]
    assert note.is_signed_by(read, key)
    assert str(key) == VECTOR["vkey"]


@pytest.mark.parametrize("row", each(load("refusals")["vkey"]))
def test_a_key_in_another_form_is_refused(row):
    with pytest.raises(FormatError, match=r"key_invalid|base64_invalid"):
        note.parse_vkey(row["text"])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text\n",
        b"text\n\n",
        b"\n\n" + NOTE.split(b"\n\n")[1],
        NOTE[:-1],
        NOTE + b"\n",
        NOTE + b"more\n",
        NOTE.replace(b"\n", b"\r\n"),
        NOTE.replace("—".encode(), b"-"),
        NOTE.replace("— ".encode(), "—  ".encode()),
        NOTE.replace(b"QM=", b"QN="),
        NOTE.replace(b"QM=", b"QM"),
        NOTE.replace(b"example.com/foo ", b"example.com/f+o "),
        NOTE.replace(b"example.com/foo Uw2Q", b"example.com/foo  Uw2Q"),
        b"\xff" + NOTE,
        "text\n\n— name QUJD\n".encode(),
    ],
)
def test_a_note_in_another_form_is_refused(data):
    with pytest.raises(FormatError, match=r"note_invalid|base64_invalid"):
        note.parse_note(data)


def test_a_signature_is_of_this_text_by_this_key_under_this_name():
    signed = note.parse_note(note.write_note(TEXT, [note.sign(TEXT, PLAIN, SECRET)]))
    other_text = note.Note(TEXT + "x\n", signed.signatures)
    renamed = note.VerifierKey("log.example/b", note.ED25519, PLAIN.public_key)
    other_key = note.VerifierKey(PLAIN.name, note.ED25519, ed25519.public_key(bytes(32)))

    assert [note.is_signed_by(signed, key) for key in (PLAIN, renamed, other_key, WITNESS)] == [
        True,
        False,
        False,
        False,
    ]
    assert note.is_signed_by(other_text, PLAIN) is False


def test_signatures_of_strangers_are_passed_over():
    stranger = note.VerifierKey("stranger", note.ED25519, ed25519.public_key(bytes(32)))
    lines = [note.sign(TEXT, stranger, bytes(32)), note.sign(TEXT, PLAIN, SECRET)]

    assert note.is_signed_by(note.parse_note(note.write_note(TEXT, lines)), PLAIN)


def test_a_text_may_hold_empty_lines_of_its_own():
    text = "first\n\nsecond\n"

    read = note.parse_note(note.write_note(text, [note.sign(text, PLAIN, SECRET)]))

    assert (read.text, note.is_signed_by(read, PLAIN)) == (text, True)


@pytest.mark.parametrize("times", [[7], [9, 7, 8], [0], [LATEST]])
def test_the_earliest_cosignature_of_a_witness_counts(times):
    signed = note.parse_note(note.write_note(TEXT, [note.cosign(TEXT, WITNESS, SECRET, time) for time in times]))

    assert note.cosigned_at(signed, WITNESS) == min(times)


def test_a_cosignature_after_the_year_9999_counts_for_nothing():
    late = note.parse_note(note.write_note(TEXT, [note.cosign(TEXT, WITNESS, SECRET, LATEST + 1)]))

    assert note.cosigned_at(late, WITNESS) is None


def test_a_cosignature_moved_to_another_time_counts_for_nothing():
    line = note.cosign(TEXT, WITNESS, SECRET, 1000)
    data = note.parse_note(note.write_note(TEXT, [line])).signatures[0].data
    moved = f"— {WITNESS.name} {encode_base64(WITNESS.key_id + (999).to_bytes(8, 'big') + data[8:])}\n"
    short = f"— {WITNESS.name} {encode_base64(WITNESS.key_id + data[:-1])}\n"

    signed = note.parse_note(note.write_note(TEXT, [moved, short]))

    assert note.cosigned_at(signed, WITNESS) is None
    assert note.cosigned_at(note.parse_note(note.write_note(TEXT, [moved, line])), WITNESS) == 1000


def test_a_plain_signature_is_no_cosignature_and_the_other_way_round():
    plain = note.parse_note(note.write_note(TEXT, [note.sign(TEXT, PLAIN, SECRET)]))
    cosigned = note.parse_note(note.write_note(TEXT, [note.cosign(TEXT, WITNESS, SECRET, 5)]))

    assert (note.cosigned_at(plain, PLAIN), note.cosigned_at(plain, WITNESS)) == (None, None)
    assert (note.is_signed_by(cosigned, WITNESS), note.is_signed_by(cosigned, PLAIN)) == (False, False)


@pytest.mark.parametrize("name", ["a\x1fb", "a\x85b", "\ufeffa", "甲", "a" * 201, ""])
def test_a_name_outside_printable_ascii_is_no_key(name):
    with pytest.raises(FormatError, match="key_invalid"):
        note.parse_vkey(str(note.VerifierKey(name, note.ED25519, PLAIN.public_key)))


def test_a_key_that_is_no_point_of_the_subgroup_is_refused():
    with pytest.raises(FormatError, match="key_invalid"):
        note.parse_vkey(str(note.VerifierKey("a.example", note.ED25519, bytes(32))))


@pytest.mark.parametrize(("kind", "number"), [("ed25519", note.ED25519), ("cosignature", note.COSIGNATURE)])
def test_a_secret_key_reads_as_it_is_written(kind, number):
    key = note.secret_key("log.example/a", kind, SECRET)

    assert str(key) == f"log.example/a {kind} {SECRET.hex()}"
    assert note.parse_secret(f"{key}\n") == key
    assert (key.public.kind, key.public.public_key) == (number, ed25519.public_key(SECRET))


def test_a_secret_key_does_not_show_its_secret_where_faults_are_printed():
    assert SECRET.hex() not in repr(note.secret_key("a", "ed25519", SECRET))
    assert repr(SECRET) not in repr(note.secret_key("a", "ed25519", SECRET))


@pytest.mark.parametrize("name", ["", "a b", "a+b", "见证人", "a" * 201])
def test_a_name_that_could_not_be_read_again_is_refused(name):
    with pytest.raises(FormatError, match="key_name"):
        note.secret_key(name, "ed25519", SECRET)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a ed25519",
        f"a rsa {'00' * 32}",
        f"a ed25519 {'00' * 31}",
        f"a+b ed25519 {'00' * 32}",
        f"a ed25519 {'00' * 32} b",
    ],
)
def test_a_secret_key_in_another_form_is_refused(text):
    with pytest.raises(FormatError, match="secret_invalid"):
        note.parse_secret(text)
