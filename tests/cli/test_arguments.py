"""The help of the command line tells a newcomer what she needs, and every program that it names exists."""

from __future__ import annotations

import pytest

from gongchou.cli.arguments import parser
from tests.cli.offices import gongchou

BEFORE = (
    "frame",
    "exclude",
    "universe",
    "commit",
    "reveal",
    "reading",
    "close",
    "seed",
    "run",
    "verify",
    "ticket",
    "receipt",
)
AFTER = ("reserve", "replace", "substitute", "withdraw", "keygen", "witness", "log", "pack")
VERBS = BEFORE + AFTER


def help_of(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as caught:
        gongchou(*words, "--help")
    assert caught.value.code == 0
    return capsys.readouterr().out


def test_the_help_lists_every_verb_and_the_order_of_a_draw(capsys: pytest.CaptureFixture[str]):
    told = help_of(capsys)

    assert [verb for verb in VERBS if f"\n    {verb}" not in told] == []
    assert told.index("frame      登记表") < told.index("commit     冻结") < told.index("verify     任何人")
    assert "1 核验不成立 does not hold, 2 输入被拒绝 refused" in told


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself_and_speaks_two_languages(capsys: pytest.CaptureFixture[str], verb: str):
    told = help_of(capsys, verb)

    assert any("一" <= sign <= "龥" for sign in told)
    assert "--lang {zh,en}" in told


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("frame", ["rejected.csv", "区.csv", "--map", "列名[起:止]", "UTF-8 或 GB18030", "下一步"]),
        ("commit", ['"strata"', '"beacon_time"', "inspectors.tsv", '"mode": "test"']),
        ("keygen", ["witnesses.vkey", "operator.key"]),
    ],
)
def test_the_help_of_the_first_steps_shows_an_example(capsys: pytest.CaptureFixture[str], verb: str, words: list[str]):
    told = help_of(capsys, verb)

    assert [word for word in words if word not in told] == []


@pytest.mark.parametrize(
    "words", [[], ["draw"], ["frame"], ["verify"], ["ticket", "A"], ["log", "x", "burn"], ["keygen", "x", "-o", "y"]]
)
def test_a_call_that_lacks_a_part_is_refused_with_the_usage(capsys: pytest.CaptureFixture[str], words: list[str]):
    with pytest.raises(SystemExit) as caught:
        gongchou(*words)

    assert caught.value.code == 2
    assert capsys.readouterr().err.startswith("usage: python -m gongchou.draw")


def test_the_options_of_every_verb_can_be_parsed_without_reading_a_clock():
    args = parser().parse_args(["verify", "bundle", "--allow-test"])

    assert (args.verb, args.allow_test, args.json, args.lang) == ("verify", True, False, "zh")
