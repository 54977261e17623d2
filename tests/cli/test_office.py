"""Keys, witnesses and the log: who signs what, and that a log can only grow."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from gongchou.cli.office import read_key
from tests.cli.offices import (
    CLOSED_AT,
    COMMITTED_AT,
    DICE,
    DRAWN_AT,
    REVEALED_AT,
    SECRET,
    SIGNATURE,
    commit_words,
    draft,
    gongchou,
    listing,
    refused,
    report,
    trust_file,
)

SIGNED_AT = "2024-10-13T00:05:00Z"


# keygen -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["operator", "registry", "log", "witness"])
def test_a_new_key_is_its_owners_only_and_its_public_half_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
):
    path = tmp_path / "keys" / "own.key"

    assert gongchou("keygen", "signer.example", "--kind", kind, "-o", path) == 0

    assert capsys.readouterr().out == f"{read_key(path).public}\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_seal_key_is_told_by_its_commitment(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "keys" / "seal.key"

    assert gongchou("keygen", "seal", "--kind", "seal", "-o", path) == 0
    told = capsys.readouterr().out.splitlines()

    assert told[0] == f"密封密钥已写入 {path}；密钥承诺"
    assert (len(told[1]), path.read_text().strip() in told[1]) == (64, False)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("kind", ["operator", "seal"])
def test_a_key_is_never_written_over_another(tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str):
    path = tmp_path / "own.key"
    gongchou("keygen", "signer", "--kind", kind, "-o", path)
    before = path.read_bytes()

    told = refused(capsys, "keygen", "signer", "--kind", kind, "-o", path)

    assert told == f"file_exists  {path}: 文件已存在，不会覆盖"
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["", "two words", "a+b"])
def test_a_name_that_no_note_can_carry_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str):
    told = refused(capsys, "keygen", name, "--kind", "log", "-o", tmp_path / "own.key")

    assert told.split()[0] == "key_name"
    assert listing(tmp_path) == {}


# Witnesses outside the office -------------------------------------------------------------------


@pytest.fixture
def apart(framed: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """An office without witness keys: two witnesses keep theirs elsewhere."""
    office, public = framed.with_name("bundle.office"), []
    for role in ("operator", "registry", "log"):
        gongchou("keygen", f"{role}.example", "--kind", role, "-o", office / "keys" / f"{role}.key")
    for number in (1, 2):
        capsys.readouterr()
        gongchou("keygen", f"w{number}.example", "--kind", "witness", "-o", framed.parent / f"w{number}" / "own.key")
        public.append(capsys.readouterr().out)
    (office / "keys" / "witnesses.vkey").write_text("".join(public))
    return framed


def witness_words(bundle: Path, number: int, at: str = SIGNED_AT) -> list[object]:
    own = bundle.parent / f"w{number}"
    office = bundle.with_name("bundle.office")
    return ["witness", "--office", office, "--key", own / "own.key", "--state", own / "state", "--at", at]


def test_a_commitment_waits_for_witnesses_and_holds_when_they_have_signed(
    apart: Path, capsys: pytest.CaptureFixture[str]
):
    capsys.readouterr()

    gongchou(*commit_words(apart, draft()))
    told = capsys.readouterr().out.splitlines()
    before = (apart / "log").exists()
    first = gongchou(*witness_words(apart, 1)), gongchou("log", apart, "refresh", "--at", SIGNED_AT)
    still = capsys.readouterr().out.splitlines()
    second = gongchou(*witness_words(apart, 2)), gongchou("log", apart, "refresh", "--at", SIGNED_AT)

    assert told[-1] == still[-1] == "等待 2 个见证人共签：用 witness 共签后再 log refresh"
    assert still[0] == f"w1.example 于 {SIGNED_AT} 共签，大小 1"
    assert (before, first, second, (apart / "log").exists()) == (False, (0, 0), (0, 0), True)


def sign_all(bundle: Path, at: str) -> None:
    for number in (1, 2):
        assert gongchou(*witness_words(bundle, number, at)) == 0
    assert gongchou("log", bundle, "refresh", "--at", at) == 0


def test_a_whole_draw_with_witnesses_elsewhere_holds(apart: Path, capsys: pytest.CaptureFixture[str]):
    gongchou(*commit_words(apart, draft()))
    sign_all(apart, SIGNED_AT)
    gongchou("reveal", apart, "--party", "DEPT-A", "--secret", SECRET, "--at", REVEALED_AT)
    gongchou("close", apart, "--value", f"2={DICE}", "--at", CLOSED_AT)
    sign_all(apart, "2024-10-14T17:01:00Z")
    gongchou("seed", apart, "--value", SIGNATURE)
    gongchou("run", apart, "--at", DRAWN_AT)
    unsigned = report(capsys, apart)
    sign_all(apart, "2024-10-14T17:20:00Z")

    assert unsigned[0] == 1
    assert report(capsys, apart, "--trust", trust_file(apart)) == (0, 0, "amber")


def test_witnesses_who_sign_too_late_cannot_save_the_commitment(apart: Path, capsys: pytest.CaptureFixture[str]):
    gongchou(*commit_words(apart, draft()))
    gongchou("close", apart, "--value", f"2={DICE}", "--at", CLOSED_AT)
    gongchou("seed", apart, "--value", SIGNATURE)
    gongchou("run", apart, "--at", DRAWN_AT)
    sign_all(apart, "2024-10-14T17:20:00Z")

    assert report(capsys, apart) == (1, 5, "commit_late")


def test_signing_twice_adds_nothing(apart: Path):
    gongchou(*commit_words(apart, draft()))
    gongchou(*witness_words(apart, 1))
    before = listing(apart.with_name("bundle.office"))

    code = gongchou(*witness_words(apart, 1, "2024-10-13T01:00:00Z"))

    assert code == 0
    assert listing(apart.with_name("bundle.office")) == before


def test_a_witness_does_not_sign_a_log_that_was_rewritten(apart: Path, capsys: pytest.CaptureFixture[str]):
    gongchou(*commit_words(apart, draft()))
    gongchou(*witness_words(apart, 1))
    office = apart.with_name("bundle.office")
    for name in ("entries/00000000.json", "checkpoints/00000001.note"):
        (office / "log" / name).unlink()
    (apart / "params.json").unlink()
    gongchou(*commit_words(apart, draft(draw="D9")))
    capsys.readouterr()

    code = gongchou(*witness_words(apart, 1, "2024-10-13T01:00:00Z"))

    assert (code, capsys.readouterr().err.split()[1]) == (1, "consistency")


def test_a_witness_does_not_sign_a_log_that_was_cut(apart: Path, capsys: pytest.CaptureFixture[str]):
    gongchou(*commit_words(apart, draft()))
    gongchou("reveal", apart, "--party", "DEPT-A", "--secret", SECRET, "--at", SIGNED_AT)
    gongchou(*witness_words(apart, 1))
    office = apart.with_name("bundle.office")
    for name in ("entries/00000001.json", "checkpoints/00000002.note"):
        (office / "log" / name).unlink()
    capsys.readouterr()

    code = gongchou(*witness_words(apart, 1))

    assert (code, capsys.readouterr().err.split()[1]) == (1, "consistency")


def test_a_witness_needs_an_office_its_own_kind_of_key_and_something_to_sign(
    apart: Path, capsys: pytest.CaptureFixture[str]
):
    words = witness_words(apart, 1)
    operator = apart.with_name("bundle.office") / "keys" / "operator.key"

    missing = refused(capsys, "witness", *words[3:])
    nothing = refused(capsys, *words)
    other = refused(capsys, *words[:4], operator, *words[5:])

    assert missing == "arguments_missing  还缺参数：--office（见 --help）"
    assert (nothing.split()[0], other) == ("not_committed", f"key_kind  {operator}: 这不是 witness 类的钥匙")


@pytest.mark.parametrize("text", ["", "one two", "a ed25519 zz", "a ed25519 00", "a unknown " + "0" * 64])
def test_a_key_file_with_a_slip_is_refused(apart: Path, capsys: pytest.CaptureFixture[str], text: str):
    (apart.parent / "w1" / "own.key").write_text(text)

    assert refused(capsys, *witness_words(apart, 1)).split()[0] in ("secret_invalid", "key_name")


# log --------------------------------------------------------------------------------------------


def test_the_log_is_shown_from_the_bundle_or_from_the_office(drawn: Path, capsys: pytest.CaptureFixture[str]):
    office = drawn.with_name("bundle.office")
    capsys.readouterr()

    codes = gongchou("log", drawn, "show"), gongchou("log", office, "show")
    lines = capsys.readouterr().out.splitlines()

    assert codes == (0, 0)
    assert lines[:6] == lines[6:]
    assert [line.split("\t")[4] for line in lines[:6]] == ["commit", "reveal", "close", "seed", "result", "match"]
    assert lines[0] == f"0\t{COMMITTED_AT}\tSCJG\t1\tcommit"


def test_a_whole_log_is_checked_and_a_changed_one_is_not_whole(drawn: Path, capsys: pytest.CaptureFixture[str]):
    entries = drawn.with_name("bundle.office") / "log" / "entries"
    capsys.readouterr()

    good = gongchou("log", drawn, "check")
    told = capsys.readouterr().out.splitlines()[-1]
    changed = entries / "00000005.json"
    changed.write_bytes(changed.read_bytes().replace(b"OFFICE-2024", b"OFFICE-2025"))
    bad = gongchou("log", drawn, "check")
    changed.unlink()
    (entries / "00000001.json").unlink()
    worse = gongchou("log", drawn, "check")

    assert (good, told) == (0, "6 条记录，各部门链条完整")
    assert (bad, worse) == (1, 1)


def test_a_log_that_is_not_there_is_not_called_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "bundle").mkdir()

    assert refused(capsys, "log", tmp_path / "bundle", "check").split()[0] == "not_found"
    assert refused(capsys, "log", tmp_path / "none", "show").split()[0] == "not_found"
