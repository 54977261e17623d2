"""Verify, pack and ticket as a stranger uses them; every other verb's test is in the file of its module."""

from __future__ import annotations

import json
import shutil
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from gongchou.cli.workspace import Workspace
from gongchou.folders import open_bundle
from tests.cli.offices import credit_code, gongchou, listing, refused, report, trust_file
from tests.cli.offices import drawn as make_drawn

CHINESE = range(0x4E00, 0xA000)


def is_chinese(text: str) -> bool:
    return any(ord(character) in CHINESE for character in text)


# Verify -----------------------------------------------------------------------------------------


def test_a_whole_draw_holds_and_without_a_trust_file_is_self_attested(drawn: Path, capsys: pytest.CaptureFixture[str]):
    found = []
    for more in (("--trust", trust_file(drawn)), ()):
        assert gongchou("verify", drawn, "--json", *more) == 0
        found.append([mark["code"] for mark in json.loads(capsys.readouterr().out)["marks"]])

    assert found == [["reading_unlogged"], ["reading_unlogged", "self_attested"]]  # no verb logs what dice showed


def test_the_zip_of_a_bundle_is_verified_like_its_directory(drawn: Path, capsys: pytest.CaptureFixture[str]):
    target = drawn.parent / "bundle.zip"

    assert gongchou("pack", drawn, "-o", target) == 0
    found = report(capsys, target, "--trust", trust_file(drawn))

    assert found == (0, 0, "amber")


def test_a_practice_draw_holds_only_when_practice_is_allowed(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    bundle = make_drawn(tmp_path, mode="test")

    plain, allowed = report(capsys, bundle), report(capsys, bundle, "--allow-test")

    assert (plain, allowed) == ((1, 4, "mode_test"), (0, 0, "amber"))


def test_a_foreign_key_in_the_trust_file_fails_the_first_check(drawn: Path, capsys: pytest.CaptureFixture[str]):
    trust = drawn.parent / "trust.txt"
    gongchou("keygen", "operator", "--kind", "operator", "-o", drawn.parent / "other.key")
    trust.write_text(f"operator {capsys.readouterr().out}")

    found = report(capsys, drawn, "--trust", trust)

    assert found == (1, 1, "key_untrusted")


def _remove(bundle: Path) -> None:
    (bundle / "selected.tsv").unlink()


def _add(bundle: Path) -> None:
    (bundle / "sources" / "note.txt").write_text("added later\n")


def _truncate(bundle: Path) -> None:
    path = bundle / "frame.tsv"
    path.write_bytes(path.read_bytes()[:-40])


def _change(bundle: Path) -> None:
    path = bundle / "assignment.tsv"
    path.write_bytes(path.read_bytes().replace(b"I001", b"I002"))


def _hidden(bundle: Path) -> None:
    (bundle / ".hidden").write_bytes(b"\0")


def _link(bundle: Path) -> None:
    (bundle / "inspectors.tsv").rename(bundle.parent / "elsewhere.tsv")
    (bundle / "inspectors.tsv").symlink_to(bundle.parent / "elsewhere.tsv")


def _link_folder(bundle: Path) -> None:
    (bundle / "more").symlink_to(bundle.parent)


def _crlf(bundle: Path) -> None:
    path = bundle / "params.json"
    path.write_bytes(path.read_bytes() + b"\r\n")


def _unsign(bundle: Path) -> None:
    (bundle / "manifest.note").unlink()


def _empty(bundle: Path) -> None:
    shutil.rmtree(bundle)
    bundle.mkdir()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_remove, "file_missing"),
        (_add, "file_extra"),
        (_truncate, "file_size"),
        (_change, "file_digest"),
        (_hidden, "path_invalid"),
        (_link, "path_invalid"),
        (_link_folder, "path_invalid"),
        (_crlf, "file_size"),
        (_unsign, "manifest_missing"),
        (_empty, "file_missing"),
    ],
)
def test_a_spoiled_directory_fails_the_first_check_and_says_why(
    drawn: Path, capsys: pytest.CaptureFixture[str], spoil: Callable[[Path], None], code: str, lang: str
):
    spoil(drawn)

    status = gongchou("verify", drawn, "--json", "--lang", lang)
    failure = json.loads(capsys.readouterr().out)["failure"]

    assert (status, failure["number"], failure["code"]) == (1, 1, code)
    assert is_chinese(failure["sentence"]) is (lang == "zh")
    assert failure["place"] != ""


def test_a_report_for_people_names_check_place_and_reason(drawn: Path, capsys: pytest.CaptureFixture[str]):
    _change(drawn)

    gongchou("verify", drawn)
    chinese = capsys.readouterr().out.splitlines()[-2:]
    gongchou("verify", drawn, "--lang", "en")
    english = capsys.readouterr().out.splitlines()[-2:]

    assert chinese == ["不成立：第 1 项 file_digest", "  assignment.tsv：文件内容与签名清单的摘要不符：被改动过"]
    assert english == [
        "FAILED: check 1 file_digest",
        "  assignment.tsv: the content differs from the signed manifest",
    ]


def test_a_summary_in_english_reads_as_a_line(drawn: Path, capsys: pytest.CaptureFixture[str]):
    gongchou("verify", drawn, "--lang", "en")

    sizes = "universe 60, rejected 1, excluded 1, frame 59, selected 8, replaced 0"
    assert f"  D1 演示计划: {sizes}" in capsys.readouterr().out.splitlines()


def test_what_is_not_there_is_refused_rather_than_failed(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert refused(capsys, "verify", tmp_path / "none") == f"not_found  {tmp_path / 'none'}: 找不到这个文件或目录"


def test_a_trust_file_with_a_slip_is_refused_with_its_line(drawn: Path, capsys: pytest.CaptureFixture[str]):
    trust = drawn.parent / "trust.txt"
    trust.write_text("# comment\noperator nonsense\n")

    assert refused(capsys, "verify", drawn, "--trust", trust) == (
        f"trust_invalid  {trust}: 可信清单第 2 行不合格式：operator nonsense"
    )


# Edits that somebody with the operator's key signed again ---------------------------------------


def _other_ratio(bundle: Path) -> None:
    path = bundle / "params.json"
    told = json.loads(path.read_bytes())
    told["strata"][0] |= {"num": 1, "den": 5, "n": 8}
    path.write_bytes(json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())


def _dropped_row(bundle: Path) -> None:
    path = bundle / "frame.tsv"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[1:]))


def _extra_row(bundle: Path) -> None:
    path = bundle / "frame.tsv"
    rows = [*path.read_text().splitlines(keepends=True), f"DQ\t{credit_code(999)}\tDQ\n"]
    path.write_text("".join(sorted(rows)))


def _other_inspector(bundle: Path) -> None:
    path = bundle / "inspectors.tsv"
    path.write_bytes(path.read_bytes().replace(b"I003\tSCJG", b"I003\tXFJG"))


def _other_team(bundle: Path) -> None:
    rows = [row.split("\t") for row in (bundle / "assignment.tsv").read_text().splitlines()]
    (bundle / "assignment.tsv").write_text("\n".join("\t".join(row) for row in _swapped(rows)) + "\n")


def _swapped(rows: list[list[str]]) -> list[list[str]]:
    other = next(at for at, row in enumerate(rows) if row[2] != rows[0][2])
    rows[0][2], rows[other][2] = rows[other][2], rows[0][2]
    return rows


def _rejected_forgotten(bundle: Path) -> None:
    path = bundle / "rejected.csv"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:1]))


@pytest.mark.parametrize(
    ("edit", "naive", "signed"),
    [
        (_other_ratio, "file_size file_digest", (1, 2, "entry_files")),
        (_dropped_row, "file_size", (1, 6, "digest_mismatch size_mismatch")),
        (_extra_row, "file_size", (1, 6, "digest_mismatch size_mismatch")),
        (_other_inspector, "file_digest", (1, 6, "digest_mismatch")),
        (_other_team, "file_digest", (1, 2, "entry_files")),
        (_rejected_forgotten, "file_size", (1, 6, "rejected_digest")),
        (_crlf, "file_size", (1, 1, "json_invalid")),
    ],
)
def test_an_edit_is_caught_and_caught_again_when_the_operator_signs_it(
    drawn: Path,
    capsys: pytest.CaptureFixture[str],
    edit: Callable[[Path], None],
    naive: str,
    signed: tuple[int, int, str],
):
    trust = trust_file(drawn)
    edit(drawn)

    before = report(capsys, drawn, "--trust", trust)
    Workspace(drawn).sign_manifest()
    after = report(capsys, drawn, "--trust", trust)

    assert (before[:2], before[2] in naive.split()) == ((1, 1), True)
    assert (after[:2], after[2] in signed[2].split()) == (signed[:2], True)


# Zip --------------------------------------------------------------------------------------------


def _bundle_zip(bundle: Path) -> Path:
    target = bundle.parent / "bundle.zip"
    assert gongchou("pack", bundle, "-o", target) == 0
    return target


def _text(target: Path) -> None:
    target.write_text("这不是压缩包\n")


def _no_bytes(target: Path) -> None:
    target.write_bytes(b"")


def _cut(target: Path) -> None:
    target.write_bytes(target.read_bytes()[:-100])


def _by_another_program(target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("params.json", "{}")


def _bomb(target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("frame.tsv", b"\0" * (64 << 20))


def _stored(name: bytes, data: bytes) -> bytes:
    """A zip in the prescribed form but for its path."""
    crc, size = zlib.crc32(data), len(data)
    common = struct.pack("<HHHHIIIH", 0, 0, 0, 0x21, crc, size, size, len(name))
    local = b"PK\x03\x04" + struct.pack("<H", 10) + common + struct.pack("<H", 0) + name + data
    central = b"PK\x01\x02" + struct.pack("<HH", 10, 10) + common + struct.pack("<HHHHII", 0, 0, 0, 0, 0, 0) + name
    return local + central + struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1, 1, len(central), len(local), 0)


def _climbing(target: Path) -> None:
    target.write_bytes(_stored(b"../outside.txt", b"climbed"))


def _absolute(target: Path) -> None:
    target.write_bytes(_stored(b"/tmp/outside.txt", b"climbed"))


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_text, "zip_invalid"),
        (_no_bytes, "zip_invalid"),
        (_cut, "zip_invalid"),
        (_by_another_program, "zip_invalid"),
        (_bomb, "zip_invalid"),
        (_climbing, "path_invalid"),
        (_absolute, "path_invalid"),
    ],
)
def test_a_spoiled_zip_fails_the_first_check_and_nothing_is_unpacked(
    drawn: Path, capsys: pytest.CaptureFixture[str], spoil: Callable[[Path], None], code: str
):
    target = _bundle_zip(drawn)
    spoil(target)
    before = listing(drawn.parent)

    found = report(capsys, target)

    assert found == (1, 1, code)
    assert listing(drawn.parent) == before


def test_packing_twice_gives_the_same_bytes_and_the_files_of_the_bundle(drawn: Path):
    first = _bundle_zip(drawn).read_bytes()

    second = _bundle_zip(drawn).read_bytes()

    assert first == second
    assert list(open_bundle(drawn.parent / "bundle.zip")) == sorted(listing(drawn))


def test_a_bundle_is_not_packed_into_itself(drawn: Path, capsys: pytest.CaptureFixture[str]):
    before = listing(drawn)

    told = refused(capsys, "pack", drawn, "-o", drawn / "bundle.zip")

    assert told.split()[0] == "inside_bundle"
    assert listing(drawn) == before


def test_a_public_zip_leaves_a_sealed_match_out_and_holds_with_reservation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    bundle = make_drawn(tmp_path, disclosure={"inspectors": "sealed", "after": "2024-12-01T00:00:00Z"})
    target = tmp_path / "public.zip"

    assert gongchou("pack", bundle, "-o", target, "--public") == 0
    capsys.readouterr()
    gongchou("verify", target, "--json", "--trust", trust_file(bundle))
    told = json.loads(capsys.readouterr().out)

    assert sorted(set(listing(bundle)) - set(open_bundle(target))) == [
        "assignment.tsv",
        "avoid.tsv",
        "inspectors.tsv",
        "unfilled.tsv",
    ]
    assert (told["ok"], told["colour"], told["level"]) == (True, "amber", "L1")
    assert [mark["code"] for mark in told["marks"]] == ["reading_unlogged", "match_sealed"]


# Ticket -----------------------------------------------------------------------------------------


def test_tickets_can_be_computed_by_hand_from_the_published_seed(drawn: Path, capsys: pytest.CaptureFixture[str]):
    entries = [json.loads(path.read_bytes()) for path in sorted((drawn / "log").glob("*.json"))]
    seed = next(entry["body"]["seed"] for entry in entries if entry["type"] == "seed")
    _, _, object_id, ticket = (drawn / "selected.tsv").read_text().splitlines()[0].split("\t")

    assert gongchou("ticket", object_id, "--seed", seed) == 0

    assert capsys.readouterr().out == f"{object_id}\t{ticket}\n"


@pytest.mark.parametrize(
    ("object_id", "seed", "code"),
    [("lower", "0" * 64, "id_invalid"), ("OK", "xyz", "seed_invalid"), ("OK", "A" * 64, "seed_invalid")],
)
def test_a_ticket_of_a_malformed_id_or_seed_is_refused(
    capsys: pytest.CaptureFixture[str], object_id: str, seed: str, code: str
):
    assert refused(capsys, "ticket", object_id, "--seed", seed).split()[0] == code
