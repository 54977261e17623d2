"""The verb reading: what dice showed goes into the log when it is typed, and only what was read last is used."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.offices import DICE, commit_words, draft, framed, gongchou, refused, report

CLOSED_AT, READ_AT, DRAWN_AT = "2024-10-13T17:00:00Z", "2024-10-13T18:00:30Z", "2024-10-13T18:01:00Z"
LATER = "2024-10-15T00:00:00Z"
OTHER = "1" * len(DICE)


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    dice = {"type": "digits", "n": len(DICE)}
    bundle = framed(tmp_path)
    told = draft(seed=[dice], closes_at=CLOSED_AT, beacon_time="2024-10-13T18:00:00Z", replacement={"inspectors": dice})
    assert gongchou(*commit_words(bundle, told)) == 0
    assert gongchou("close", bundle, "--at", CLOSED_AT) == 0
    return bundle


def words(bundle: Path, of: str, number: object, value: str, at: str, *second: str) -> list[object]:
    named = ["--reader", "P1", *(["--second", *second] if second else [])]
    return ["reading", bundle, f"--{of}", number, "--value", value, *named, "--at", at]


def test_a_draw_and_a_redraw_by_dice_whose_readings_are_logged(closed: Path, capsys: pytest.CaptureFixture[str]):
    late = refused(capsys, *words(closed, "source", 2, DICE, READ_AT))
    malformed = refused(capsys, *words(closed, "source", 1, "12", READ_AT))
    assert gongchou(*words(closed, "source", 1, DICE, READ_AT)) == 0
    alone = refused(capsys, "seed", closed, "--value", DICE)
    same = refused(capsys, *words(closed, "source", 1, DICE, READ_AT, "P1"))
    assert gongchou(*words(closed, "source", 1, DICE, READ_AT, "P2")) == 0
    other = refused(capsys, "seed", closed, "--value", OTHER)
    assert gongchou("seed", closed, "--value", DICE) == 0
    assert gongchou("run", closed, "--at", DRAWN_AT) == 0
    over = refused(capsys, *words(closed, "source", 1, DICE, DRAWN_AT))

    found = [one.split()[0] for one in (late, malformed, alone, same, other, over)]
    assert found == [
        "reading_late",
        "value_invalid",
        "reading_alone",
        "reading_alone",
        "reading_mismatch",
        "reading_late",
    ]

    object_id, slot, inspector, *_ = (closed / "assignment.tsv").read_text().split("\n", 1)[0].split("\t")
    asked = ["substitute", closed, "--object", object_id, "--slot", slot, "--out", inspector, "--at", LATER]
    capsys.readouterr()
    assert gongchou(*asked) == 0
    event = capsys.readouterr().out.strip().rpartition("--event ")[2].split()[0]
    assert gongchou(*words(closed, "event", event, OTHER, LATER)) == 0
    assert gongchou(*words(closed, "event", event, DICE, LATER, "P2")) == 0
    finish = ["substitute", closed, "--event", event, "--at", LATER, "--value"]
    assert "日志中最后的读数与所用的不同" in refused(capsys, *finish, OTHER)
    assert gongchou(*finish, DICE) == 0
    assert refused(capsys, *words(closed, "event", event, DICE, LATER)).split()[0] == "reading_late"
    assert report(capsys, closed) == (0, 0, "amber")
    gongchou("verify", closed)
    told = capsys.readouterr().out
    assert f"第 {event} 号席位重抽先后录入过 2 个不同的读数" in told
    assert "没有记入公开日志" not in told
