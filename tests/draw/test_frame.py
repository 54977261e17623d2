"""Frames are scanned in one pass, joined with their exclusions, sealed and opened."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongchou.draw import frame
from gongchou.draw.encoding import sha256_hex
from gongchou.draw.errors import EvidenceError, FormatError
from gongchou.draw.frame import Digest, scan_frame
from gongchou.draw.table import EXCLUDED, Bytes, write_table
from tests.draw import oracles

KEY = bytes(range(32))
STRATA = ["A", "A-B", "A.B", "AB", "A_B", "B"]
EMPTY = Digest(0, sha256_hex(b""), sha256_hex(b""))

names = st.from_regex(r"[0-9A-Z][0-9A-Z._-]{0,4}", fullmatch=True)


def table(*rows):
    return Bytes(write_table(rows))


def digest_of(data):
    return Digest(data.count(b"\n"), sha256_hex(data), oracles.merkle_root(data.split(b"\n")[:-1]).hex())


# Scanning ---------------------------------------------------------------------------------------


@settings(max_examples=200)
@given(st.dictionaries(names, st.sampled_from(STRATA), max_size=30))
def test_a_scan_finds_what_plain_counting_finds(objects):
    data = write_table((stratum, name, "P1") for name, stratum in objects.items())

    scan = scan_frame(Bytes(data))

    assert scan.digest == digest_of(data)
    assert list(scan.strata) == sorted(set(objects.values()))
    for stratum, (start, end) in scan.spans().items():
        own = [line for line in data.splitlines(keepends=True) if line.split(b"\t")[0] == stratum.encode()]
        assert (data[start:end], scan.strata[stratum].size) == (b"".join(own), len(own))


def test_a_stratum_named_like_a_prefix_keeps_its_own_span():
    data = write_table((stratum, f"X{number}{stratum}", "P1") for stratum in STRATA for number in range(3))

    spans = scan_frame(Bytes(data)).spans()

    assert list(spans) == sorted(STRATA)
    assert [data[start:end].count(b"\n") for start, end in spans.values()] == [3] * len(STRATA)


def test_a_stratum_over_several_chunks_is_one_span():
    rng = random.Random(3)
    rows = [(rng.choice(STRATA), f"X{number:07}", "POOL-OF-SOME-LENGTH", f"U{number:07}") for number in range(60_000)]
    data = write_table(rows)

    scan = scan_frame(Bytes(data), with_unit=True)

    assert scan.digest == digest_of(data)
    assert {name: part.size for name, part in scan.strata.items()} == {
        stratum: sum(row[0] == stratum for row in rows) for stratum in sorted(STRATA)
    }
    assert [end for _, end in scan.spans().values()][-1] == len(data)


@pytest.mark.parametrize(("with_unit", "line"), [(True, b"A\tX1\tP1\n"), (False, b"A\tX1\tP1\tU1\n")])
def test_units_are_there_exactly_when_asked_for(with_unit, line):
    with pytest.raises(FormatError, match="table_invalid"):
        scan_frame(Bytes(line), with_unit=with_unit)


def test_an_empty_frame_has_no_strata_and_the_empty_root():
    scan = scan_frame(Bytes(b""))

    assert (scan.strata, scan.digest.size, scan.digest.root) == ({}, 0, EMPTY.root)


def test_a_table_is_checked_and_digested_at_once():
    excluded = write_table([("X1", "gone", "-"), ("X2", "gone", "0" * 64)])

    assert frame.scan_table(Bytes(excluded), EXCLUDED, "excluded.tsv") == digest_of(excluded)
    with pytest.raises(FormatError, match=r"table_order \[excluded.tsv\]"):
        frame.scan_table(Bytes(excluded + excluded), EXCLUDED, "excluded.tsv")


# The id list ------------------------------------------------------------------------------------


@given(st.dictionaries(names, st.sampled_from([*STRATA, None]), max_size=30))
def test_frame_and_exclusions_together_are_the_id_list(objects):
    listed = table(*((stratum, name, "P1") for name, stratum in objects.items() if stratum))
    excluded = table(*((name, "gone", "-") for name, stratum in objects.items() if not stratum))

    digest = frame.list_digest(listed, scan_frame(listed), excluded)

    assert digest == digest_of(write_table([name] for name in objects))
    assert digest == frame.digest_of_list(objects)


@pytest.mark.parametrize(
    ("rows", "excluded", "code"),
    [
        ([("A", "X1", "P1"), ("B", "X1", "P1")], [], "frame_duplicate"),
        ([("A", "X1", "P1"), ("A", "X1", "P2")], [], "frame_duplicate"),
        ([("A", "X1", "P1"), ("A-B", "X1", "P1"), ("A", "X2", "P1")], [], "frame_duplicate"),
        ([("A", "X1", "P1")], [("X1", "gone", "-")], "frame_excluded_overlap"),
        ([("A", "X1", "P1")], [("X2", "gone", "-"), ("X2", "moved", "-")], "frame_excluded_overlap"),
        ([("A", "X1", "P1")], [("X2", "gone", "-"), ("X2", "gone", "0" * 64)], "frame_excluded_overlap"),
        ([("A", "X1", "P1"), ("B", "X1", "P1")], [("X1", "gone", "-")], "frame_duplicate"),
    ],
)
def test_nobody_stands_twice(rows, excluded, code):
    listed = table(*rows)

    with pytest.raises((FormatError, EvidenceError), match=code):
        frame.list_digest(listed, scan_frame(listed), table(*excluded))


def test_a_long_id_list_is_digested_in_batches():
    ids = [f"X{number:06}" for number in range(40_000)]
    random.Random(1).shuffle(ids)

    assert frame.digest_of_list(ids) == digest_of(write_table([own_id] for own_id in ids))


def test_object_ids_come_out_in_order_over_all_strata():
    listed = table(("B", "X1", "P1"), ("A", "X2", "P1"), ("A-B", "X0", "P1"))

    assert list(frame.object_ids(listed, scan_frame(listed))) == [b"X0", b"X1", b"X2"]


# Exclusions -------------------------------------------------------------------------------------


def test_the_excluded_leave_the_frame_with_their_reasons():
    listed = write_table([("A", "X1", "P1"), ("A", "X2", "P1"), ("B", "X3", "P1")])

    kept, excluded = frame.exclude(listed, {"X3": ("gone", "-"), "X1": ("moved", "0" * 64)})

    assert kept == b"A\tX2\tP1\n"
    assert excluded == f"X1\tmoved\t{'0' * 64}\nX3\tgone\t-\n".encode()
    assert frame.count_reasons(Bytes(excluded)) == {"gone": 1, "moved": 1}


def test_who_is_not_in_the_frame_cannot_be_excluded():
    with pytest.raises(EvidenceError) as refusal:
        frame.exclude(b"A\tX1\tP1\n", {"X9": ("gone", "-"), "X8": ("gone", "-"), "X1": ("gone", "-")})

    assert (refusal.value.code, refusal.value.facts) == ("not_in_frame", {"object": "X8"})


def test_the_lines_of_some_objects_are_found():
    listed = table(("A", "X1", "P1"), ("B", "X2", "P2"), ("B", "X3", "P2"))

    found = frame.frame_lines(listed, {"X3", "X1", "X9"})

    assert found == {"X1": ["A", "X1", "P1"], "X3": ["B", "X3", "P2"]}


# Pseudonyms -------------------------------------------------------------------------------------


def sealed(rows, excluded):
    hidden = table(*((s, frame.seal(KEY, name), pool) for s, name, pool in rows))
    return hidden, table(*((frame.seal(KEY, name), *why) for name, *why in excluded))


def test_a_sealed_frame_opens_with_its_key_to_the_real_list():
    hidden, excluded = sealed([("A", "X1", "P1"), ("B", "X2", "P1")], [("X3", "gone", "-")])

    opened = frame.open_pseudonyms(KEY, ["X1", "X2", "X3", "X4"], hidden, scan_frame(hidden), excluded)

    assert sorted(opened) == ["X1", "X2", "X3"]


def test_ghosts_in_a_sealed_frame_are_counted():
    hidden, excluded = sealed([("A", "X1", "P1"), ("B", "X2", "P1")], [("X3", "gone", "-")])

    with pytest.raises(EvidenceError) as refusal:
        frame.open_pseudonyms(KEY, ["X1"], hidden, scan_frame(hidden), excluded)

    ghosts = sorted(frame.seal(KEY, name) for name in ("X2", "X3"))
    assert (refusal.value.code, refusal.value.facts) == ("pid_mismatch", {"ghosts": 2, "example": ghosts[0]})


def test_another_key_opens_nothing():
    hidden, excluded = sealed([("A", "X1", "P1")], [])

    with pytest.raises(EvidenceError, match="pid_mismatch"):
        frame.open_pseudonyms(bytes(32), ["X1"], hidden, scan_frame(hidden), excluded)


@given(st.binary(min_size=32, max_size=32), names)
def test_a_pseudonym_is_52_characters_that_fit_the_id_grammar(key, real_id):
    own = frame.seal(key, real_id)

    assert (len(own), own.isascii(), own.upper()) == (52, True, own)
    assert scan_frame(table(("A", own, "P1"))).digest.size == 1
