"""Seed and run: only the named round of the named chain, only after the close, the same bytes each time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gongchou.cli import main
from gongchou.cli.drawing import quicknet_beacon
from gongchou.draw.encoding import dump_json
from tests.cli.offices import CLOSED_AT, DRAWN_AT, ROUND, SIGNATURE, framed, gongchou, listing, refused, report
from tests.factories.bundles import DEFAULT_ROUND_1, ROUND_123

RESULTS = ("selected.tsv", "reserve.tsv", "assignment.tsv", "unfilled.tsv")


def beacon_file(folder: Path, **own: object) -> Path:
    path = folder / "beacon.json"
    path.write_bytes(dump_json(quicknet_beacon(ROUND, SIGNATURE).document() | own) + b"\n")
    return path


def test_a_beacon_may_come_as_a_file_or_as_its_signature(closed: Path, capsys: pytest.CaptureFixture[str]):
    carried = beacon_file(closed.parent)

    gongchou("seed", closed, "--beacon", carried)
    first = (closed / "seed-input.txt").read_bytes()
    gongchou("seed", closed, "--value", SIGNATURE)

    assert (closed / "seed-input.txt").read_bytes() == first
    assert capsys.readouterr().out.encode() == first * 2


def failed(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    """Run a command whose evidence does not hold; return what it says."""
    capsys.readouterr()
    assert gongchou(*words) == 1
    return capsys.readouterr().err.removeprefix("✗ ").strip()


def test_a_beacon_of_another_round_chain_or_signature_is_turned_away(closed: Path, capsys: pytest.CaptureFixture[str]):
    (closed.parent / "early.json").write_bytes(dump_json(ROUND_123.document()))
    (closed.parent / "other.json").write_bytes(dump_json(DEFAULT_ROUND_1.document()))
    before = listing(closed)

    early = failed(capsys, "seed", closed, "--beacon", closed.parent / "early.json")
    other = failed(capsys, "seed", closed, "--beacon", closed.parent / "other.json")
    forged = failed(capsys, "seed", closed, "--value", ROUND_123.signature)

    assert early == f"beacon_round  sources/drand.json: 信标轮次不符：应为 {ROUND}，现为 123"
    assert other == "chain_hash  sources/drand.json: 信标链的哈希不符：不是参数指定的那条链"
    assert forged == f"beacon_signature  sources/drand.json: 信标第 {ROUND} 轮的签名不成立"
    assert listing(closed) == before


@pytest.mark.parametrize("value", ["", "xyz", SIGNATURE.upper(), SIGNATURE[:-2]])
def test_a_beacon_in_another_spelling_is_turned_away(closed: Path, capsys: pytest.CaptureFixture[str], value: str):
    before = listing(closed)

    assert gongchou("seed", closed, "--value", value) in (1, 2)
    assert capsys.readouterr().err.startswith("✗ ")
    assert listing(closed) == before


@pytest.mark.parametrize("data", ["", "{}", "[]", "not json", '{"round":1}'])
def test_a_beacon_file_with_a_slip_is_refused(closed: Path, capsys: pytest.CaptureFixture[str], data: str):
    path = closed.parent / "beacon.json"
    path.write_text(data)

    assert refused(capsys, "seed", closed, "--beacon", path).split()[0] in ("json_invalid", "json_field")


def test_the_seed_needs_a_close_and_a_value(committed: Path, capsys: pytest.CaptureFixture[str]):
    early = refused(capsys, "seed", committed, "--value", SIGNATURE)

    assert early == f"not_closed  {committed}: 还没有截止，请先 close"


def test_the_seed_of_a_closed_draw_needs_the_beacon(closed: Path, capsys: pytest.CaptureFixture[str]):
    assert refused(capsys, "seed", closed) == "value_needed  第 3 个来源（drand）还没有给出取值"


def test_a_draw_runs_only_after_commit_close_and_seed(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    bundle = framed(tmp_path)

    assert refused(capsys, "run", bundle, "--at", DRAWN_AT).split()[0] == "not_committed"


def test_a_draw_does_not_run_before_the_close(committed: Path, capsys: pytest.CaptureFixture[str]):
    before = listing(committed)

    told = refused(capsys, "run", committed, "--at", DRAWN_AT)

    assert told == f"not_closed  {committed}: 还没有截止，请先 close"
    assert listing(committed) == before


def test_a_draw_does_not_run_before_the_seed(closed: Path, capsys: pytest.CaptureFixture[str]):
    before = listing(closed)

    told = refused(capsys, "run", closed, "--at", DRAWN_AT)

    assert told == f"not_seeded  {closed / 'seed-input.txt'}: 还没有种子文件，请先 seed（或用 --seed-input 指定）"
    assert listing(closed) == before


def test_a_draw_does_not_run_in_the_past_of_its_log(closed: Path, capsys: pytest.CaptureFixture[str]):
    gongchou("seed", closed, "--value", SIGNATURE)
    before = listing(closed.parent)

    told = refused(capsys, "run", closed, "--at", "2024-10-14T16:59:59Z")

    assert told == f"time_backwards  时间 2024-10-14T16:59:59Z 早于日志最近一条 {CLOSED_AT}"
    assert listing(closed.parent) == before


def test_a_draw_is_run_once(drawn: Path, capsys: pytest.CaptureFixture[str]):
    before = listing(drawn.parent)

    told = refused(capsys, "run", drawn, "--at", DRAWN_AT)

    assert told == f"already_drawn  {drawn}: 已经抽取并入日志；再运行也只会是同一结果"
    assert listing(drawn.parent) == before


def test_a_run_that_was_cut_short_is_run_again_to_the_same_bytes(drawn: Path, capsys: pytest.CaptureFixture[str]):
    first = {name: (drawn / name).read_bytes() for name in RESULTS}
    log = drawn.with_name("bundle.office") / "log"
    for path in [*sorted((log / "entries").iterdir())[-2:], *sorted((log / "checkpoints").iterdir())[-1:]]:
        path.unlink()
    for name in RESULTS[1:]:
        (drawn / name).unlink()

    assert gongchou("run", drawn, "--at", DRAWN_AT) == 0

    assert {name: (drawn / name).read_bytes() for name in RESULTS} == first
    assert report(capsys, drawn)[0] == 0


def test_a_seed_document_may_be_carried_in_and_must_be_the_close_and_one_line_more(
    closed: Path, capsys: pytest.CaptureFixture[str]
):
    gongchou("seed", closed, "--value", SIGNATURE)
    carried = closed.parent / "carried.txt"
    text = (closed / "seed-input.txt").read_text()
    carried.write_text(text.replace("source 2 digits 6", "source 2 digits 7"))
    changed = gongchou("run", closed, "--seed-input", carried, "--at", DRAWN_AT)
    carried.write_bytes("种子\n".encode())
    foreign = gongchou("run", closed, "--seed-input", carried, "--at", DRAWN_AT)
    carried.write_text(text)

    whole = gongchou("run", closed, "--seed-input", carried, "--at", DRAWN_AT)

    assert (changed, foreign, whole) == (1, 1, 0)
    assert report(capsys, closed)[:2] == (0, 0)


def test_a_run_tells_the_seed_and_how_many_were_drawn(closed: Path, capsys: pytest.CaptureFixture[str]):
    gongchou("seed", closed, "--value", SIGNATURE)
    capsys.readouterr()

    gongchou("run", closed, "--at", DRAWN_AT)
    told = capsys.readouterr().out.splitlines()
    gongchou("verify", closed, "--json")
    seed = json.loads(capsys.readouterr().out)["summary"]["seed"]

    assert told == [f"种子 {seed}", "D1：59 户中抽中 8 户"]


def test_a_frame_changed_after_the_commit_is_not_drawn_from(closed: Path, capsys: pytest.CaptureFixture[str]):
    frame = closed / "frame.tsv"
    frame.write_bytes(frame.read_bytes() + b"ZZ\tZZ-1\tZZ\n")
    assert main(["seed", str(closed), "--value", SIGNATURE]) == 0
    capsys.readouterr()

    code = main(["run", str(closed), "--at", DRAWN_AT])

    assert (code, capsys.readouterr().err.split()[1]) == (1, "digest_mismatch")
