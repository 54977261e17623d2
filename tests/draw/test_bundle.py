"""Which files make a bundle, the signed manifest, and the one zip that a bundle has."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongchou.draw import bundle, ed25519, note
from gongchou.draw.encoding import dump_json, sha256_hex
from gongchou.draw.errors import DrawError, EvidenceError, FormatError
from gongchou.draw.table import Bytes, read_all

SECRET = bytes(range(32))
OPERATOR = note.VerifierKey("operator.example", note.ED25519, ed25519.public_key(SECRET))
DRAW_FILES = [
    "universe.json",
    "universe.note",
    "strata-rule.json",
    "reasons.json",
    "frame.tsv",
    "excluded.tsv",
    "params.json",
    "selected.tsv",
    "reserve.tsv",
]
COMMON_FILES = ["close.txt", "seed-input.txt", "log/checkpoint", "log/consistency.tsv", *bundle.KEY_FILES]
SINGLE = [*DRAW_FILES, *COMMON_FILES]
CAMPAIGN = [f"{draw}/{name}" for draw in ("D1", "D2") for name in DRAW_FILES] + COMMON_FILES
SMALL = {"a.txt": b"first", "b/c.tsv": b"", "d.json": b"{}"}


def files(*paths):
    return bundle.in_memory(dict.fromkeys(paths, b""))


# Layout -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["a", "a/b", "A-1_2.x", "D1/frame.tsv", "0", "a" * 200, "a..b"])
def test_plain_paths_are_allowed(path):
    bundle.check_path(path)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/a",
        "a/",
        "a//b",
        ".",
        "..",
        "a/..",
        "../a",
        "a/../b",
        ".hidden",
        "a/.b",
        "-a",
        "a\\b",
        "C:a",
        "a b",
        "a\n",
        "a\0b",
        "名.txt",
        "a" * 201,
    ],
)
def test_a_path_that_climbs_or_has_two_spellings_is_refused(path):
    with pytest.raises(FormatError, match="path_invalid"):
        bundle.check_path(path)


@pytest.mark.parametrize("paths", [SINGLE, CAMPAIGN], ids=["single", "campaign"])
def test_the_least_bundle_has_its_files_and_no_more(paths):
    bundle.check_layout(files(*paths))

    for left_out in paths:
        with pytest.raises(FormatError, match=r"file_missing|file_extra"):
            bundle.check_layout(files(*(path for path in paths if path != left_out)))


@pytest.mark.parametrize(
    "extra",
    [
        "manifest.json",
        "manifest.note",
        *bundle.MATCH_FILES,
        "substitutions.tsv",
        "replacements.tsv",
        "rejected.csv",
        "params.tsr",
        "README.zh.md",
        "VERIFY.html",
        "sources/drand.json",
        "sources/not-before.json",
        "sources/event-12.txt",
        "sources/params.json",
        "sources/dice.mp4.sha256",
    ],
)
def test_what_may_be_in_a_bundle(extra):
    bundle.check_layout(files(*SINGLE, extra))


def test_an_entry_comes_with_its_proof():
    bundle.check_layout(files(*SINGLE, "log/12345678.json", "log/12345678.tlog-proof"))


@pytest.mark.parametrize("alone", ["log/00000000.json", "log/12345678.tlog-proof"])
def test_an_entry_without_its_proof_or_a_proof_alone_is_refused(alone):
    with pytest.raises(FormatError, match="file_missing"):
        bundle.check_layout(files(*SINGLE, alone))


@pytest.mark.parametrize(
    "extra",
    [
        "frame.csv",
        "Frame.tsv",
        "notes.txt",
        "log/1.json",
        "log/000000001.json",
        "log/00000000.tsv",
        "log/00000000/x",
        "sources/a/b",
        "keys/other.vkey",
        "keys/operator.key",
        "D1/frame.tsv",
        "sources",
        "manifest.json.bak",
    ],
)
def test_what_has_no_place_in_a_bundle_is_refused(extra):
    with pytest.raises(FormatError) as refusal:
        bundle.check_layout(files(*SINGLE, extra))

    assert (refusal.value.code, refusal.value.place) == ("file_extra", extra)


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        ("sources/params.json", None),
        ("D1/rejected.csv", None),
        ("inspectors.tsv", None),
        ("frame.tsv", "file_extra"),
        ("D1/inspectors.tsv", "file_extra"),
        ("D1/close.txt", "file_extra"),
        ("D3/frame.tsv", "file_extra"),
        ("d3/params.json", "file_extra"),
        ("D3/params.json", "file_missing"),
    ],
)
def test_what_stands_once_in_a_campaign_and_what_stands_per_draw(extra, code):
    try:
        bundle.check_layout(files(*CAMPAIGN, extra))
        found = None
    except FormatError as error:
        found = error.code

    assert found == code


def test_a_campaign_has_one_folder_for_each_draw():
    assert bundle.draw_folders(files(*CAMPAIGN)) == {"D1": "D1/", "D2": "D2/"}
    assert bundle.draw_folders(files(*SINGLE)) == {"": ""}


def test_nothing_is_no_bundle():
    with pytest.raises(FormatError, match="file_missing"):
        bundle.check_layout({})


# Manifest ---------------------------------------------------------------------------------------


def sealed(content, **own):
    manifest = own.get("manifest") or bundle.write_manifest(bundle.in_memory(content))
    text = own.get("text") or bundle.manifest_text(manifest)
    signed = note.write_note(text, [note.sign(text, OPERATOR, own.get("secret", SECRET))])
    return bundle.in_memory({**content, "manifest.json": manifest, "manifest.note": signed})


def test_a_bundle_is_exactly_what_its_manifest_lists():
    bundle.check_manifest(sealed(SMALL), OPERATOR)


@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        ({"a.txt": b"First"}, "file_digest", "a.txt"),
        ({"a.txt": b"firs"}, "file_size", "a.txt"),
        ({"d.json": None}, "file_missing", "d.json"),
        ({"e.txt": b""}, "file_extra", "e.txt"),
        ({"manifest.json": None}, "manifest_missing", "manifest.json"),
        ({"manifest.note": None}, "manifest_missing", "manifest.note"),
        ({"manifest.json": b"{}"}, "manifest_invalid", "manifest.json"),
        ({"manifest.note": b""}, "manifest_signature", "manifest.note"),
    ],
)
def test_every_difference_from_the_manifest_is_found(change, code, place):
    whole = {path: read_all(blob) for path, blob in sealed(SMALL).items()} | change

    with pytest.raises(DrawError) as refusal:
        bundle.check_manifest(bundle.in_memory({p: data for p, data in whole.items() if data is not None}), OPERATOR)

    assert (refusal.value.code, refusal.value.place) == (code, place)


@pytest.mark.parametrize("own", [{"secret": bytes(32)}, {"text": "vdp1 universe\n" + "0" * 64 + "\n"}])
def test_a_manifest_signed_by_another_key_or_for_another_purpose_is_refused(own):
    with pytest.raises(EvidenceError, match="manifest_signature"):
        bundle.check_manifest(sealed(SMALL, **own), OPERATOR)


ROW = {"path": "a.txt", "sha256": "0" * 64, "size": 5}


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({"files": []}, "manifest_invalid"),
        ({"files": {}, "v": "vdp1"}, "manifest_invalid"),
        ({"files": [ROW, ROW], "v": "vdp1"}, "manifest_invalid"),
        ({"files": [ROW | {"path": "b"}, ROW], "v": "vdp1"}, "manifest_invalid"),
        ({"files": [ROW | {"size": -1}], "v": "vdp1"}, "manifest_invalid"),
        ({"files": [ROW | {"sha256": "A" * 64}], "v": "vdp1"}, "manifest_invalid"),
        ({"files": [ROW | {"more": 1}], "v": "vdp1"}, "manifest_invalid"),
        ({"files": [ROW | {"path": "../a"}], "v": "vdp1"}, "path_invalid"),
    ],
)
def test_a_malformed_manifest_is_refused_although_signed(document, code):
    with pytest.raises(FormatError, match=code):
        bundle.check_manifest(sealed(SMALL, manifest=dump_json(document)), OPERATOR)


def test_the_manifest_lists_all_but_itself():
    whole = sealed(SMALL)

    assert bundle.write_manifest(whole) == read_all(whole["manifest.json"])


def test_a_long_file_is_digested_in_pieces():
    data = random.Random(1).randbytes(3 << 20)

    assert bundle.digest_of(Bytes(data)) == sha256_hex(data)


# Zip --------------------------------------------------------------------------------------------


def zipped(content):
    return b"".join(bundle.write_zip(bundle.in_memory(content)))


def unzipped(data):
    return {path: read_all(blob) for path, blob in bundle.read_zip(Bytes(data), "b.zip").items()}


paths = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,5}(/[A-Za-z0-9][A-Za-z0-9._-]{0,5})?", fullmatch=True)


@given(st.dictionaries(paths, st.binary(max_size=50), max_size=6))
def test_what_is_zipped_comes_out_again_and_zips_alike(content):
    data = zipped(content)

    assert unzipped(data) == content
    assert zipped(unzipped(data)) == data


def test_any_zip_program_reads_it():
    with zipfile.ZipFile(io.BytesIO(zipped(SMALL))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == SMALL


def test_long_files_are_written_and_checked_in_pieces():
    content = {"long.bin": random.Random(2).randbytes(3 << 20), "short": b"x"}

    assert unzipped(zipped(content)) == content


def test_part_of_a_blob_does_not_reach_beyond_itself():
    part = bundle.Slice(Bytes(b"0123456789"), 3, 4)

    assert (part.read(0, 99), part.read(2, 99), part.read(4, 9), part.read(9, 9)) == (b"3456", b"56", b"", b"")


def by_zipfile(content, *, compression=zipfile.ZIP_STORED, comment=b"", date=(1980, 1, 1, 0, 0, 0), extra=b""):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        archive.comment = comment
        for path, data in content:
            info = zipfile.ZipInfo(path, date)
            info.compress_type, info.extra = compression, extra
            archive.writestr(info, data)
    return out.getvalue()


def raw_zip(rows, *, gap=b"", offset=0):
    """A zip of (name, data, central size) put together by hand; the directory says what it is told to say."""
    body, central, at = b"", b"", offset
    for name, data, size in rows:
        crc = zlib.crc32(data)
        body += bundle._local_header(name, crc, size) + data + gap
        central += bundle._central_header(name, crc, size, at)
        at += 30 + len(name) + len(data) + len(gap)
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, len(rows), len(rows), len(central), len(body), 0)
    return body + central + end


GOOD = zipped(SMALL)
PAIRS = sorted(SMALL.items())
NAMES = [path.encode() for path, _ in PAIRS]


def test_the_hand_made_zip_is_the_right_one_when_nothing_is_wrong():
    assert raw_zip([(path.encode(), data, len(data)) for path, data in PAIRS]) == GOOD


@pytest.mark.parametrize(
    ("why", "data"),
    [
        ("nothing", b""),
        ("not a zip", b"PK\x03\x04" + bytes(40)),
        ("bytes before", b"#!/bin/sh\n" + GOOD),
        ("bytes behind", GOOD + b"\0"),
        ("cut short", GOOD[:-1]),
        ("a second end record", GOOD + GOOD[-22:]),
        ("two zips", GOOD + GOOD),
        ("compressed", by_zipfile(PAIRS, compression=zipfile.ZIP_DEFLATED)),
        ("made by another program", by_zipfile(PAIRS)),
        ("a comment", by_zipfile(PAIRS, comment=b"hello")),
        ("another date", by_zipfile(PAIRS, date=(2024, 1, 1, 0, 0, 0))),
        ("an extra field", by_zipfile(PAIRS, extra=b"\x99\x99\x00\x00")),
        ("a gap", raw_zip([(path.encode(), data, len(data)) for path, data in PAIRS], gap=b"\0")),
        ("out of order", raw_zip([(b"b", b"1", 1), (b"a", b"2", 1)])),
        ("a name twice", raw_zip([(b"a", b"1", 1), (b"a", b"1", 1)])),
        ("overlapping", raw_zip([(b"a", b"12345678", 8), (b"b", b"", 60)])),
        ("a size too large", raw_zip([(b"a", b"1", 2)])),
        ("a size too small", raw_zip([(b"a", b"12", 1)])),
        ("shifted offsets", raw_zip([(b"a", b"1", 1)], offset=1)),
        ("a wrong checksum", GOOD.replace(b"first", b"fIrst")),
        ("another name in the directory", raw_zip([(b"a", b"1", 1)])[:-23] + b"b" + raw_zip([(b"a", b"1", 1)])[-22:]),
        ("64-bit sizes", GOOD[:-22] + GOOD[-22:].replace(struct.pack("<H", 3), b"\xff\xff")),
    ],
)
def test_a_zip_in_another_form_is_refused(why, data):
    with pytest.raises(FormatError, match="zip_invalid"):
        bundle.read_zip(Bytes(data), "b.zip")


@pytest.mark.parametrize("name", [b"../a", b"/a", b"a/../b", b"a\\b", b"", b"a/", b"a\0b", b"\xff", "名".encode()])
def test_a_zip_whose_paths_climb_is_refused(name):
    with pytest.raises(FormatError, match="path_invalid"):
        bundle.read_zip(Bytes(raw_zip([(name, b"1", 1)])), "b.zip")


def test_every_single_byte_of_a_zip_matters():
    unnoticed = []

    for at in range(len(GOOD)):
        for flip in (0x01, 0x80, 0xFF):
            data = GOOD[:at] + bytes([GOOD[at] ^ flip]) + GOOD[at + 1 :]
            try:
                bundle.read_zip(Bytes(data), "b.zip")
                unnoticed.append((at, flip))
            except FormatError:
                continue

    assert unnoticed == []


def test_more_entries_than_are_allowed_are_refused_on_both_sides(monkeypatch):
    monkeypatch.setattr(bundle, "MOST_ENTRIES", 500)  # the limit itself is a minute's work
    many = {f"f{number:05}": b"" for number in range(bundle.MOST_ENTRIES + 1)}
    most = dict(list(many.items())[:-1])

    assert len(unzipped(zipped(most))) == bundle.MOST_ENTRIES
    with pytest.raises(FormatError, match="zip_too_large"):
        zipped(many)
    with pytest.raises(FormatError, match="zip_invalid"):
        unzipped(raw_zip([(path.encode(), b"", 0) for path in many]))


def test_a_zip_above_four_gigabytes_is_refused_before_it_is_written():
    class Endless:
        size = 1 << 32

        def read(self, offset, length):
            return b""

    with pytest.raises(FormatError, match="zip_too_large"):
        next(bundle.write_zip({"frame.tsv": Endless()}))
