"""Reserve, replace, substitute, withdraw: by rule, in the log, and never so that the evidence is spoilt."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongchou.cli import main
from gongchou.cli.afterwards import ask_substitute, finish_substitute
from gongchou.cli.drawing import quicknet_beacon
from gongchou.cli.workspace import Workspace
from gongchou.draw.encoding import dump_json, parse_time
from gongchou.draw.replace import VOID
from gongchou.draw.table import read_all
from gongchou.folders import open_bundle
from tests.cli.offices import (
    CLOSED_AT,
    DRAWN_AT,
    EVIDENCE,
    ROUND,
    SIGNATURE,
    closed,
    commit_words,
    draft,
    gongchou,
    listing,
    refused,
    report,
)
from tests.cli.offices import drawn as make_drawn
from tests.cli.offices import drawn_by_dice as make_drawn_by_dice
from tests.factories.bundles import ROUND_123, campaign

# The beacon at hand is the first round a minute after this moment: an early draw is needed to have something to deal.
ASKED_AT = "2024-10-14T17:12:32Z"
LATER = "2024-10-14T19:00:00Z"


def selected(bundle: Path) -> list[str]:
    return [line.split("\t")[2] for line in (bundle / "selected.tsv").read_text().splitlines()]


def reserves(bundle: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in (bundle / "reserve.tsv").read_text().splitlines():
        stratum, _, object_id, _ = line.split("\t")
        found.setdefault(stratum, []).append(object_id)
    return found


# reserve and replace ----------------------------------------------------------------------------


def test_the_next_of_the_reserve_is_listed_for_each_stratum(drawn: Path, capsys: pytest.CaptureFixture[str]):
    waiting = reserves(drawn)

    assert gongchou("reserve", drawn) == 0

    assert capsys.readouterr().out == f"DQ\t1\t5\t{waiting['DQ'][0]}\nXQ\t1\t5\t{waiting['XQ'][0]}\n"


def test_a_damaged_selection_is_named(drawn: Path, capsys: pytest.CaptureFixture[str]):
    (drawn / "selected.tsv").write_bytes(b"DQ\tfirst\n")

    told = refused(capsys, "reserve", drawn)

    assert told.startswith("table_invalid  selected.tsv")


def replace_words(bundle: Path, out: str, **own: str) -> list[object]:
    told = {"reason": "not_found", "evidence": EVIDENCE, "second": "JIJIAN"} | own
    options = [word for key, value in told.items() for word in (f"--{key}", value)]
    return ["replace", bundle, "--out", out, *options, "--at", "2024-10-20T00:00:00Z"]


def test_the_next_of_the_reserve_comes_in_and_the_evidence_still_holds(drawn: Path, capsys: pytest.CaptureFixture[str]):
    out, into = selected(drawn)[0], reserves(drawn)["DQ"][0]

    assert gongchou(*replace_words(drawn, out)) == 0

    assert capsys.readouterr().out == f"{out} → {into}（DQ 第 5 位）\n"
    assert report(capsys, drawn)[:2] == (0, 0)


@pytest.mark.parametrize(
    ("own", "said"),
    [
        (
            {"reason": "friend"},
            "reason_unknown  理由 friend 不在封闭清单中（deregistered、duplicate、not_found、out_of_scope）",
        ),
        (
            {"evidence": "see file"},
            "replacement_invalid  替换不合规定（缺少第二人（须是另一部门的编号）或证据）：{out}",
        ),
        ({"second": "SCJG"}, "replacement_invalid  替换不合规定（缺少第二人（须是另一部门的编号）或证据）：{out}"),
        ({"second": ""}, "replacement_invalid  替换不合规定（缺少第二人（须是另一部门的编号）或证据）：{out}"),
        ({"second": "纪检"}, "replacement_invalid  替换不合规定（缺少第二人（须是另一部门的编号）或证据）：{out}"),
        ({"out": "I001"}, "replacement_invalid  替换不合规定（不在抽中名单内；席位重抽用 substitute）：I001"),
        ({"out": "NOBODY"}, "replacement_invalid  替换不合规定（不在抽中名单内；席位重抽用 substitute）：NOBODY"),
    ],
)
def test_a_replacement_without_ground_is_refused(
    drawn: Path, capsys: pytest.CaptureFixture[str], own: dict[str, str], said: str
):
    out = selected(drawn)[0]
    words = replace_words(drawn, own.get("out", out), **{key: own[key] for key in own if key != "out"})
    before = listing(drawn.parent)

    told = refused(capsys, *words)

    assert told == said.format(out=out)
    assert listing(drawn.parent) == before


def test_a_reserve_that_is_used_up_calls_for_another_draw(drawn: Path, capsys: pytest.CaptureFixture[str]):
    first, second = selected(drawn)[:2]
    gongchou(*replace_words(drawn, first))

    again, more = refused(capsys, *replace_words(drawn, first)), refused(capsys, *replace_words(drawn, second))

    assert again == f"replacement_invalid  替换不合规定（不在抽中名单内；席位重抽用 substitute）：{first}"
    hint = "席位重抽用 substitute，整次抽取有误时用 withdraw 撤回再抽"
    assert more == f"replacement_invalid  替换不合规定（备选已用完；{hint}）：DQ"


def test_nothing_is_replaced_before_the_draw_or_against_the_parameters(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    bundle = closed(tmp_path, replacement={"objects": False})

    early = refused(capsys, "reserve", bundle)
    forbidden = refused(capsys, *replace_words(bundle, "X"))

    assert early.split()[0] == "not_drawn"
    hint = "对象用 replace、席位重抽用 substitute、整次抽取用 withdraw，各看参数"
    assert forbidden == f"replacement_invalid  替换不合规定（参数不允许；{hint}）：X"


# substitute -------------------------------------------------------------------------------------


def first_seat(bundle: Path) -> tuple[str, str, str]:
    """Object, slot and inspector of the first line of the match."""
    object_id, slot, inspector, *_ = (bundle / "assignment.tsv").read_text().splitlines()[0].split("\t")
    return object_id, slot, inspector


def ask_words(bundle: Path, object_id: str, slot: object, *more: object) -> list[object]:
    return ["substitute", bundle, "--object", object_id, "--slot", slot, *more, "--at", ASKED_AT]


def beacon_file(folder: Path, number: int = ROUND, signature: str = SIGNATURE) -> Path:
    path = folder / f"round-{number}.json"
    path.write_bytes(dump_json(quicknet_beacon(number, signature).document()))
    return path


def test_of_a_sealed_match_the_public_learns_that_somebody_was_substituted_and_nothing_more(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    bundle = make_drawn_by_dice(tmp_path, disclosure={"inspectors": "sealed", "after": "2024-12-01T00:00:00Z"})
    object_id, slot, out = first_seat(bundle)
    capsys.readouterr()
    gongchou(*ask_words(bundle, object_id, slot, "--out", out))
    event = _number(capsys)
    gongchou("substitute", bundle, "--event", event, "--beacon", beacon_file(tmp_path), "--at", DRAWN_AT)

    assert gongchou("pack", bundle, "-o", tmp_path / "public.zip", "--public") == 0

    public = open_bundle(tmp_path / "public.zip")
    entry = read_all(public[f"log/{int(event):08}.json"]).decode()
    assert (object_id in entry, out in entry) == (False, False)
    assert [path for path in public if path.startswith(("substitutions", "sources/event"))] == []
    assert report(capsys, tmp_path / "public.zip")[:2] == (0, 0)
    assert report(capsys, bundle)[:2] == (0, 0)


def _number(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out.strip().rpartition("--event ")[2].split()[0]


def test_an_inspector_is_substituted_by_a_beacon_that_was_still_to_come(
    drawn_by_dice: Path, capsys: pytest.CaptureFixture[str]
):
    object_id, slot, out = first_seat(drawn_by_dice)
    capsys.readouterr()

    assert gongchou(*ask_words(drawn_by_dice, object_id, slot, "--out", out)) == 0
    asked = capsys.readouterr().out
    event = asked.strip().rpartition("--event ")[2].split()[0]
    carried = beacon_file(drawn_by_dice.parent)
    done = gongchou("substitute", drawn_by_dice, "--event", event, "--beacon", carried, "--at", DRAWN_AT)
    told = capsys.readouterr().out

    assert asked == f"重抽申请第 {event} 号，由信标第 {ROUND} 轮决定；届时用 --event {event} 完成\n"
    assert (done, told.startswith(f"{object_id} 第 {slot} 位：{out} → I")) == (0, True)
    assert report(capsys, drawn_by_dice)[:2] == (0, 0)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "arguments_missing  还缺参数：--object、--slot（见 --help）"),
        (["--object", "X"], "arguments_missing  还缺参数：--slot（见 --help）"),
        (["--object", "X", "--slot", "1"], "substitution_invalid  席位重抽不合规定（没有这个席位）"),
        (["--object", "{object}", "--slot", "3"], "substitution_invalid  席位重抽不合规定（没有这个席位）"),
        (["--object", "{object}", "--slot", "0"], "substitution_invalid  席位重抽不合规定（没有这个席位）"),
        (["--object", "{object}", "--slot", "1"], "substitution_invalid  席位重抽不合规定（该席位并非由所称人员担任）"),
        (
            ["--object", "{object}", "--slot", "1", "--out", "I999"],
            "substitution_invalid  席位重抽不合规定（该席位并非由所称人员担任）",
        ),
        (
            ["--object", "{object}", "--slot", "1", "--out", "{out}", "--reason", "friend"],
            "reason_unknown  理由 friend 不在封闭清单中（absent、recusal、unfilled）",
        ),
        (
            ["--object", "{object}", "--slot", "1", "--out", "{out}", "--second", "纪检"],
            "json_field  字段 second 不合规定：纪检",
        ),
        (
            ["--object", "{object}", "--slot", "1", "--out", "{out}", "--evidence", "x"],
            "json_field  字段 evidence 不合规定：x",
        ),
        (["--event", "0"], "substitution_invalid  席位重抽不合规定（没有这条重抽申请）"),
        (["--event", "99"], "substitution_invalid  席位重抽不合规定（没有这条重抽申请）"),
    ],
)
def test_a_request_that_could_never_be_met_does_not_enter_the_log(
    drawn_by_dice: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
):
    object_id, _, out = first_seat(drawn_by_dice)
    before = listing(drawn_by_dice.parent)

    filled = [word.format(object=object_id, out=out) for word in words]
    told = refused(capsys, "substitute", drawn_by_dice, *filled, "--at", ASKED_AT)

    assert told == said
    assert listing(drawn_by_dice.parent) == before


def test_one_slot_waits_for_one_value_at_a_time_and_requests_are_met_in_order(
    drawn_by_dice: Path, capsys: pytest.CaptureFixture[str]
):
    rows = [line.split("\t") for line in (drawn_by_dice / "assignment.tsv").read_text().splitlines()[:2]]
    gongchou(*ask_words(drawn_by_dice, rows[0][0], rows[0][1], "--out", rows[0][2]))
    first = _number(capsys)
    gongchou(*ask_words(drawn_by_dice, rows[1][0], rows[1][1], "--out", rows[1][2]))
    second = _number(capsys)
    finish = ["substitute", drawn_by_dice, "--beacon", beacon_file(drawn_by_dice.parent), "--at", DRAWN_AT, "--event"]

    twice = refused(capsys, *ask_words(drawn_by_dice, rows[0][0], rows[0][1], "--out", rows[0][2]))
    early = refused(capsys, *finish, second)
    codes = gongchou(*finish, first), gongchou(*finish, second)
    again = refused(capsys, *finish, first)

    assert twice == "substitution_invalid  席位重抽不合规定（该席位已有一条未完成的重抽申请）"
    assert early == "substitution_invalid  席位重抽不合规定（更早的重抽申请尚未完成）"
    assert (codes, again.split()[0]) == ((0, 0), "substitution_invalid")
    assert report(capsys, drawn_by_dice)[:2] == (0, 0)


def test_a_value_of_another_kind_or_round_decides_nothing(drawn_by_dice: Path, capsys: pytest.CaptureFixture[str]):
    object_id, slot, out = first_seat(drawn_by_dice)
    gongchou(*ask_words(drawn_by_dice, object_id, slot, "--out", out))
    finish = ["substitute", drawn_by_dice, "--event", _number(capsys), "--at", DRAWN_AT]
    wrong = beacon_file(drawn_by_dice.parent, ROUND_123.round, ROUND_123.signature)
    before = listing(drawn_by_dice)

    bare, dice = refused(capsys, *finish), refused(capsys, *finish, "--value", "123")
    code = gongchou(*finish, "--beacon", wrong)

    assert (bare.split()[0], dice.split()[0], code) == ("value_needed", "value_needed", 1)
    assert capsys.readouterr().err.split()[1] == "beacon_round"
    assert listing(drawn_by_dice) == before


def test_a_draw_without_a_match_has_nobody_to_substitute(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    bundle = make_drawn(tmp_path, matching=None)

    told = refused(capsys, *ask_words(bundle, "X", 1))

    assert told == "substitution_invalid  席位重抽不合规定（本次没有匹配人员）"


# withdraw ---------------------------------------------------------------------------------------


def test_a_draw_withdrawn_before_the_close_makes_room_for_another(committed: Path, capsys: pytest.CaptureFixture[str]):
    words = ["withdraw", committed, "--reason", "error_in_parameters", "--at", "2024-10-13T06:00:00Z"]
    alone = refused(capsys, *words)
    words += ["--second", "JIJIAN"]

    assert alone == "withdrawal_invalid  撤回 D1 不合规定（缺少第二人，须是另一部门的编号）"
    assert gongchou(*words) == 0
    told = capsys.readouterr().out
    again = refused(capsys, *words)
    code = gongchou(*commit_words(committed, draft(draw="D2", supersedes="D1"), at="2024-10-13T07:00:00Z"))

    assert told == "D1 已撤回\n"
    assert again == "draw_withdrawn  抽取 D1 已撤回"
    assert code == 0


def test_what_was_withdrawn_is_not_closed_with_the_rest(committed: Path, capsys: pytest.CaptureFixture[str]):
    words = ["--reason", "error_in_parameters", "--second", "JIJIAN", "--at", "2024-10-13T06:00:00Z"]
    gongchou("withdraw", committed, *words)
    before = listing(committed)

    told = refused(capsys, "close", committed, "--at", CLOSED_AT)

    assert told.startswith("withdrawn_in_place")
    assert listing(committed) == before


def test_a_draw_withdrawn_after_the_close_stays_in_red(drawn: Path, capsys: pytest.CaptureFixture[str]):
    words = ["withdraw", drawn, "--reason", "source_failed", "--at", "2024-10-15T00:00:00Z"]

    alone = refused(capsys, *words)
    own = refused(capsys, *words, "--second", "SCJG")
    code = gongchou(*words, "--second", "JIJIAN")

    assert alone == own == "withdrawal_invalid  撤回 D1 不合规定（缺少第二人，须是另一部门的编号）"
    assert (code, capsys.readouterr().out) == (0, "D1 已撤回（截止之后，公开标红）\n")
    assert report(capsys, drawn) == (1, 3, "draw_withdrawn")


@pytest.mark.parametrize(
    ("words", "code"),
    [(["--reason", "unlucky"], "reason_unknown"), (["--reason", "source_failed", "--draw", "D9"], "draw_unknown")],
)
def test_a_withdrawal_without_ground_is_refused(
    drawn: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: str
):
    before = listing(drawn.parent)

    told = refused(capsys, "withdraw", drawn, *words, "--second", "JIJIAN", "--at", "2024-10-15T00:00:00Z")

    assert told.split()[0] == code
    assert listing(drawn.parent) == before


def test_a_replacement_that_was_logged_and_not_written_is_written_by_refresh(tmp_path: Path):
    workspace = campaign(tmp_path / "campaign")
    table = workspace.draws()[0].path("replacements.tsv")
    before = table.read_bytes()
    table.unlink()

    code = main(["log", str(workspace.root), "refresh", "--at", "2024-10-14T17:20:01Z"])

    assert (code, table.read_bytes()) == (0, before)


def test_a_request_that_witnesses_saw_too_late_is_void_and_a_new_one_can_be_made(
    drawn_by_dice: Path, capsys: pytest.CaptureFixture[str]
):
    workspace = Workspace(drawn_by_dice)
    object_id, slot, out = first_seat(drawn_by_dice)
    asked, seen = parse_time(ASKED_AT), parse_time(ASKED_AT) + 3600
    entry, _ = ask_substitute(
        workspace, object_id, int(slot), out, reason="absent", evidence=None, second=None, issue=None, at=asked
    )
    workspace.publish(seen)
    capsys.readouterr()

    row = finish_substitute(workspace, entry.index, beacon=None, value=None)
    workspace.publish(seen)

    assert (row.into, row.out) == (VOID, out)
    assert first_seat(drawn_by_dice) == (object_id, slot, out)
    assert report(capsys, drawn_by_dice)[:2] == (0, 0)
    assert (
        gongchou("substitute", drawn_by_dice, "--object", object_id, "--slot", slot, "--out", out, "--at", LATER) == 0
    )


def test_another_plan_item_of_the_same_office_is_told_in_the_report(drawn: Path, capsys: pytest.CaptureFixture[str]):
    workspace = Workspace(drawn)
    own = next(entry.body for entry in workspace.office.entries() if entry.type == "commit")
    at = parse_time(LATER)
    other = {**own, "campaign": "OTHER", "draw": "D9", "plan": "look-alike"}
    workspace.office.append("commit", other, authority="SCJG", at=at, files={"params.json": b"{}"})
    workspace.publish(at)
    capsys.readouterr()

    assert gongchou("verify", drawn) == 0

    told = capsys.readouterr().out
    assert "同一部门的其他抽取承诺 1 次" in told
    assert "SCJG OTHER D9 look-alike  有效" in told
