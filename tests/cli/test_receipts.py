"""A receipt says why, to the object itself, not before disclosure, and shows when it was altered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gongchou.draw.encoding import dump_json
from tests.cli.offices import (
    CLOSED_AT,
    COMMITTED_AT,
    DICE,
    DRAWN_AT,
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


def holds(folder: Path, told: dict[str, object]) -> int:
    path = folder / "receipt.json"
    path.write_bytes(dump_json(told) + b"\n")
    return gongchou("receipt", "--check", path)


def test_a_selected_object_learns_its_rank(bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    told = receipt_of(capsys, bundle, rows(bundle, "selected.tsv", "DQ")[0])

    assert (told["selected"], told["rank"], told["n"], told["table"]) == (True, 1, 4, "frame")
    assert holds(tmp_path, told) == 0
    root = str(told["root"])[:16]
    said = f"回执成立（L0）：行、证明、票号一致。名次、抽取数和名录根 {root}… 须与证据包对照\n"
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
    told = draft(strata={"*": {"ratio": "20%"}}, matching=None, seed=draft()["seed"][1:])  # type: ignore[index]
    gongchou("commit", bundle, "--params", write_draft(tmp_path, told), "--at", COMMITTED_AT)
    gongchou("close", bundle, "--value", f"1={DICE}", "--at", CLOSED_AT)
    gongchou("seed", bundle, "--value", SIGNATURE)
    assert gongchou("run", bundle, "--at", DRAWN_AT) == 0

    without = refused(capsys, "receipt", bundle, credit_code(1), "--at", LATER)
    own = receipt_of(capsys, bundle, credit_code(1), "--seal", key)

    assert without == "seal_needed  名录是密封的，请用 --seal 给出密钥文件"
    assert own["id"] != own["object"]
    assert holds(tmp_path, own) == 0
    assert holds(tmp_path, own | {"pid_salt": "0" * 64}) == 1
