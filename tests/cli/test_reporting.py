"""What is told of a verification reads in the order of the checks, whatever order they are run in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gongchou.cli import checking, reporting
from gongchou.draw.register import Outcome, Rejection
from gongchou.draw.replace import Replacement
from gongchou.draw.verify import CHECKS, Check, Failure, Options, Report, verify
from tests.cli.offices import gongchou


def numbers(told: str) -> list[int]:
    return [int(line[1:4]) for line in told.splitlines() if line[:1] in ("✓", "✗", "—")]


def test_checks_are_printed_by_number(drawn: Path, capsys: pytest.CaptureFixture[str]):
    assert gongchou("verify", drawn) == 0

    assert numbers(capsys.readouterr().out) == list(range(1, 19))


def test_a_check_that_is_run_early_waits_for_its_place(
    monkeypatch: pytest.MonkeyPatch, drawn: Path, capsys: pytest.CaptureFixture[str]
):
    """What is known is printed at once: a long check may still be running."""
    seen: list[tuple[int, list[int]]] = []

    def run(files: Any, options: Options, progress: Any) -> Report:
        def tell(found: Check) -> None:
            progress(found)
            seen.append((found.number, numbers(capsys.readouterr().out)))

        return verify(files, options, tell)

    monkeypatch.setattr(checking, "verify", run)
    gongchou("verify", drawn)

    printed = dict(seen)
    assert [printed[number] for number in (1, 11, 16, 12, 15, 17)] == [[1], [11], [], [12], [15, 16], [17]]


def test_a_campaign_that_fails_is_the_last_that_is_printed(capsys: pytest.CaptureFixture[str]):
    show = checking._InOrder("en")
    ended = dict.fromkeys(range(1, 12), "passed") | {16: "failed"}

    for number in (*range(1, 12), 16, *range(12, 16), 17, 18):
        show(Check(number, CHECKS[number - 1][0], ended.get(number, "skipped")))

    assert numbers(capsys.readouterr().out) == [*range(1, 12), 16]


def test_a_failure_is_told_with_its_place_and_without():
    failure = Failure(1, "file_missing", "frame.tsv", {})
    report = Report(False, "red", None, None, failure, [], [], {})
    nowhere = Report(False, "red", None, None, Failure(11, "seed_mismatch", "", {}), [], [], {})

    assert reporting.of_report(report, "zh") == ["不成立：第 1 项 file_missing", "  frame.tsv：缺少这个文件"]
    assert reporting.of_report(nowhere, "en") == [
        "FAILED: check 11 seed_mismatch",
        "  the logged seed is not the hash of the seed document",
    ]


def test_a_register_is_told_with_an_example_of_each_reason():
    rejected = [
        Rejection(9, "duplicate", "编号", "X1", 2, "X1"),
        Rejection(7, "id_empty", "编号", ""),
        Rejection(4, "duplicate", "编号", "X2", 3, "X2"),
    ]

    told = reporting.of_register(Outcome(4, [("A", "X1", "ALL")], rejected), "en")

    assert told == [
        "4 rows read = 1 accepted + 3 rejected",
        "  duplicate 2: the same as line 3; the first is taken",
        "  id_empty 1: 编号 is empty",
    ]


@pytest.mark.parametrize(
    ("whose", "lang", "said"),
    [
        ("X1", "zh", "注意：抽取之后，该对象已被替换出抽中名单（日志第 9 号，理由：查无）"),
        ("X1", "en", "note: after the draw this object was replaced and left the sample (log entry 9, not_found)"),
        ("X2", "zh", "注意：抽取之后，该对象作为备选第 4 位替换进入抽中名单（日志第 9 号）"),
        ("X2", "en", "note: after the draw this object, rank 4, came into the sample by replacement (log entry 9)"),
    ],
)
def test_a_replacement_is_told_to_either_side(whose: str, lang: str, said: str):
    row = Replacement(9, "A", "X1", "X2", 4, "not_found", "e5" * 32)

    assert reporting.of_replacement(row, whose, "查无", lang) == said
