"""A receipt says why, to the object itself, not before disclosure, and shows when it was altered."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from gongchou.draw.encoding import dump_json
from tests.cli.offices import (
    CLOSED_AT,
    COMMITTED_AT,
    DICE,
    DRAWN_AT,
    EVIDENCE,
    SIGNATURE,
    credit_code,
    draft,
    drawn,
    frame_words,
    gongchou,
    refused,
    shops,
    write_csv,
    write_draft,
)

LATER = "2024-12-02T00:00:00Z"
DISCLOSED = {"after": "2024-12-01T00:00:00Z"}


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return drawn(tmp_path_factory.mktemp("receipts"), disclosure=DISCLOSED)


def rows(bundle: Path, name: str, stratum: str) -> list[str]:
    lines = [line.split("\t") for line in (bundle / name).read_text().splitlines()]
    return [line[2] for line in lines if line[0] == stratum]


def others(bundle: Path) -> list[str]:
    """Objects of DQ that were neither drawn nor put on the reserve."""
    known = rows(bundle, "selected.tsv", "DQ") + rows(bundle, "reserve.tsv", "DQ")
    return [credit_code(n) for n in range(1, 41) if credit_code(n) not in [*known, credit_code(7)]]


def receipt_of(capsys: pytest.CaptureFixture[str], bundle: Path, *words: object) -> dict[str, object]:
    capsys.readouterr()
    assert gongchou("receipt", bundle, *words, "--at", LATER) == 0
    told: dict[str, object] = json.loads(capsys.readouterr().out)
    return told


def holds(folder: Path, told: dict[str, object], bundle: Path | None = None) -> int:
    path = folder / "receipt.json"
    path.write_bytes(dump_json(told) + b"\n")
    return gongchou("receipt", "--check", path, *(["--bundle", bundle] if bundle else []))


def test_a_selected_object_learns_its_rank(bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    told = receipt_of(capsys, bundle, rows(bundle, "selected.tsv", "DQ")[0])

    assert (told["selected"], told["rank"], told["n"], told["table"]) == (True, 1, 4, "frame")
    assert holds(tmp_path, told) == 0
    said = "回执自身成立（L0）：行、证明、票号前后一致。只核对了回执自身，没有与证据包对照；请加 --bundle 证据包\n"
    assert capsys.readouterr().out == said


def test_an_object_of_the_reserve_learns_that_it_waits(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    told = receipt_of(capsys, bundle, rows(bundle, "reserve.tsv", "DQ")[0])

    assert (told["selected"], told["rank"]) == (False, 5)
    assert holds(tmp_path, told) == 0


def test_an_object_that_was_not_drawn_sees_the_cut_off(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    told = receipt_of(capsys, bundle, others(bundle)[0])

    assert (told["selected"], told["rank"]) == (False, None)
    assert f"{told['ticket']} {told['object']}" > str(told["cutoff"])
    assert holds(tmp_path, told) == 0


def test_an_excluded_object_learns_the_reason(bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    told = receipt_of(capsys, bundle, credit_code(7))

    assert (told["table"], told["reason"], told["selected"]) == ("excluded", "inspected_recently", None)
    assert holds(tmp_path, told) == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["DEMO-1", "--at", LATER], "not_in_list  名录和除外名单里都没有 DEMO-1"),
        (["DEMO-1", "--at", DRAWN_AT], "receipt_early  2024-12-01T00:00:00Z 之前不向任何人开具回执"),
        ([credit_code(7), "--at", DRAWN_AT], "receipt_early  2024-12-01T00:00:00Z 之前不向任何人开具回执"),
        ([], "arguments_missing  还缺参数：ID（见 --help）"),
        ([credit_code(7), "--draw", "D9"], "draw_unknown  没有这次抽取 D9；有：D1"),
    ],
)
def test_a_receipt_is_refused(bundle: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str):
    assert refused(capsys, "receipt", bundle, *words) == said


def test_a_receipt_needs_a_bundle_or_a_receipt_to_check(capsys: pytest.CaptureFixture[str]):
    assert refused(capsys, "receipt") == "arguments_missing  还缺参数：DIR、ID（见 --help）"


def test_there_is_no_receipt_before_the_draw(closed: Path, capsys: pytest.CaptureFixture[str]):
    told = refused(capsys, "receipt", closed, credit_code(1), "--at", LATER)

    assert told == f"not_drawn  {closed}: 还没有抽取，请先 run"


ALTERED: list[tuple[str, dict[str, object], str]] = [
    ("drawn", {"selected": False}, "rank"),
    ("drawn", {"selected": False, "rank": 5}, "selected"),
    ("drawn", {"cutoff": None}, "selected"),
    ("drawn", {"n": 3}, "rank"),
    ("other", {"selected": True}, "rank"),
    ("other", {"selected": True, "rank": 1}, "selected"),
    ("other", {"rank": 1}, "rank"),
    ("other", {"rank": 30, "cutoff": f"{'f' * 64} Z"}, "selected"),
    ("other", {"ticket": "0" * 64}, "ticket"),
    ("other", {"prefix": "0" * 64}, "ticket"),
    ("other", {"prefix": None}, "prefix"),
    ("other", {"id": credit_code(999)}, "object"),
    ("other", {"object": credit_code(999)}, "object"),
    ("other", {"line": f"DQ\t{credit_code(999)}\tDQ"}, "proof"),
    ("drawn", {"size": 1}, "proof"),
    ("other", {"root": "0" * 64}, "proof"),
    ("other", {"proof": []}, "proof"),
    ("other", {"stratum": "XQ"}, "line"),
    ("other", {"table": "excluded"}, "line"),
    ("other", {"reason": "deregistered"}, "prefix"),
    ("excluded", {"reason": "moved_away"}, "reason"),
    ("excluded", {"selected": False}, "selected"),
]


@pytest.mark.parametrize(("whose", "changes", "named"), ALTERED)
def test_an_altered_receipt_does_not_hold(
    bundle: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    whose: str,
    changes: dict[str, object],
    named: str,
):
    objects = {"drawn": rows(bundle, "selected.tsv", "DQ")[-1], "other": others(bundle)[-1], "excluded": credit_code(7)}
    told = receipt_of(capsys, bundle, objects[whose])

    code = holds(tmp_path, told | changes)

    assert (code, capsys.readouterr().err) == (1, f"✗ receipt_wrong  回执不成立（{named}）\n")


@pytest.mark.parametrize("text", ["", "{}", "[]", "not json", '{"v":"vdp1"}', "[" * 3000])
def test_what_is_no_receipt_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str):
    path = tmp_path / "receipt.json"
    path.write_text(text)

    assert refused(capsys, "receipt", "--check", path).split()[0] in ("json_invalid", "json_field")


@pytest.mark.parametrize("field", ["proof", "index", "line", "cutoff", "selected", "pid_salt"])
def test_a_receipt_with_a_field_of_another_kind_is_refused(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], field: str
):
    told = receipt_of(capsys, bundle, credit_code(7)) | {field: {"x": "y"}}
    path = tmp_path / "receipt.json"
    path.write_bytes(dump_json(told))

    assert refused(capsys, "receipt", "--check", path).split()[0] == "json_field"


def test_a_receipt_can_be_written_to_a_file(bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "receipt.json"

    code = gongchou("receipt", bundle, credit_code(7), "--at", LATER, "-o", path)

    assert (code, capsys.readouterr().out) == (0, f"回执已写入 {path}\n")
    assert gongchou("receipt", "--check", path) == 0


def test_a_sealed_draw_gives_receipts_with_the_key_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    bundle, key = tmp_path / "bundle", tmp_path / "seal.key"
    gongchou("keygen", "seal", "--kind", "seal", "-o", key)
    gongchou(*frame_words(write_csv(tmp_path / "register.csv", shops(30)), bundle), "--seal", key)
    sources = draft()["seed"][1:]  # type: ignore[index]
    told = draft(strata={"*": {"ratio": "20%"}}, matching=None, seed=sources, disclosure=DISCLOSED)
    gongchou("commit", bundle, "--params", write_draft(tmp_path, told), "--at", COMMITTED_AT)
    gongchou("close", bundle, "--value", f"1={DICE}", "--at", CLOSED_AT)
    gongchou("seed", bundle, "--value", SIGNATURE)
    assert gongchou("run", bundle, "--at", DRAWN_AT) == 0

    without = refused(capsys, "receipt", bundle, credit_code(1), "--at", LATER)
    gongchou("keygen", "other", "--kind", "seal", "-o", tmp_path / "other.key")
    wrong = refused(capsys, "receipt", bundle, credit_code(1), "--seal", tmp_path / "other.key", "--at", LATER)
    own = receipt_of(capsys, bundle, credit_code(1), "--seal", key)

    assert wrong == "key_commitment  密钥与事先公布的密钥承诺不符：不是这次抽取的密钥"
    assert without == "seal_needed  名录是密封的，请用 --seal 给出密钥文件"
    assert own["id"] != own["object"]
    assert holds(tmp_path, own) == holds(tmp_path, own, bundle) == 0
    assert holds(tmp_path, own | {"pid_salt": "0" * 64}) == 1


# Against a bundle -------------------------------------------------------------------------------


@pytest.mark.parametrize("packed", [False, True])
def test_a_receipt_is_bound_to_the_bundle_of_its_draw(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], packed: bool
):
    public = tmp_path / "bundle.zip" if packed else bundle
    if packed:
        assert gongchou("pack", bundle, "-o", public) == 0
    objects = [rows(bundle, name, "DQ")[0] for name in ("selected.tsv", "reserve.tsv")]

    for own in (*objects, others(bundle)[0], credit_code(7)):
        assert holds(tmp_path, receipt_of(capsys, bundle, own), public) == 0
        told = f"回执成立，并与证据包 {public} 一致；证据包本身是否成立，请用 verify 核验\n"
        assert capsys.readouterr().out == told


@pytest.mark.parametrize(
    ("own", "named"),
    [
        ({"campaign": "OFFICE-2025"}, "campaign"),
        ({"draw": "D2"}, "draw"),
        ({"n": 5}, "n"),
        ({"cutoff": f"{'f' * 64} Z"}, "cutoff"),
    ],
)
def test_a_receipt_that_holds_by_itself_and_not_with_the_bundle_names_the_field(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], own: dict[str, object], named: str
):
    told = receipt_of(capsys, bundle, rows(bundle, "selected.tsv", "DQ")[0]) | own

    alone, bound = holds(tmp_path, told), holds(tmp_path, told, bundle)

    assert (alone, bound) == (0, 1)
    assert capsys.readouterr().err == f"✗ receipt_wrong  回执不成立（{named}）\n"


@pytest.mark.parametrize("named", ["root", "prefix"])
def test_a_receipt_of_another_list_or_seed_is_not_of_this_bundle(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], named: str
):
    told = receipt_of(capsys, bundle, others(bundle)[0])
    other = tmp_path / "other"
    shutil.copytree(bundle, other)
    if named == "root":
        params = json.loads((other / "params.json").read_bytes())
        params["frame"]["root"] = "0" * 64
        (other / "params.json").write_bytes(dump_json(params))
    else:
        (other / "seed-input.txt").write_bytes(b"another seed\n")

    assert holds(tmp_path, told, other) == 1
    assert capsys.readouterr().err == f"✗ receipt_wrong  回执不成立（{named}）\n"


def test_a_bundle_alone_is_no_receipt_to_check(bundle: Path, capsys: pytest.CaptureFixture[str]):
    assert refused(capsys, "receipt", "--bundle", bundle) == "arguments_missing  还缺参数：--check（见 --help）"


# After a replacement ----------------------------------------------------------------------------


def test_who_was_replaced_and_who_came_in_learn_it_beside_the_receipt(
    drawn: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    out, into = rows(drawn, "selected.tsv", "DQ")[0], rows(drawn, "reserve.tsv", "DQ")[0]
    words = ("--reason", "not_found", "--evidence", EVIDENCE, "--second", "JIJIAN", "--at", LATER)
    assert gongchou("replace", drawn, "--out", out, *words) == 0
    event = len(list((drawn / "log").glob("*.json"))) - 1
    capsys.readouterr()

    said = {}
    for own in (out, into, rows(drawn, "selected.tsv", "DQ")[1]):
        assert gongchou("receipt", drawn, own) == 0
        printed = capsys.readouterr()
        said[own] = printed.err
        assert holds(tmp_path, json.loads(printed.out), drawn) == 0
        capsys.readouterr()

    assert said[out] == f"注意：抽取之后，该对象已被替换出抽中名单（日志第 {event} 号，理由：查无）\n"
    assert said[into] == f"注意：抽取之后，该对象作为备选第 5 位替换进入抽中名单（日志第 {event} 号）\n"
    assert list(said.values())[2] == ""


def test_beside_a_receipt_in_a_file_the_replacement_is_told_where_the_rest_is(
    drawn: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    out = rows(drawn, "selected.tsv", "DQ")[0]
    words = ("--reason", "not_found", "--evidence", EVIDENCE, "--second", "JIJIAN", "--at", LATER)
    gongchou("replace", drawn, "--out", out, *words)
    drawn.with_name("bundle.office").rename(tmp_path / "away")
    capsys.readouterr()

    code = gongchou("receipt", drawn, out, "-o", tmp_path / "receipt.json", "--lang", "en")

    assert (code, capsys.readouterr().out.splitlines()[1].split(" (")[0]) == (
        0,
        "note: after the draw this object was replaced and left the sample",
    )
    assert gongchou("receipt", "--check", tmp_path / "receipt.json", "--bundle", drawn) == 0
