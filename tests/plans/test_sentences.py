"""Every no of the computing half is a sentence with all its facts in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gongchou.plans.sentences.computing import SENTENCES

ROOM = Path(__file__).parents[2] / "src" / "gongchou" / "plans"
FACTS = {
    "plans.pool_stored": {"where": "tags"},
    "plans.times_missing": {"times": 3, "choices": "1、2"},
    "plans.rounds": {"rounds": 0},
    "plans.quota_above_pool": {"n": 4, "size": 3},
    "plans.capacity_too_small": {"needed": "211", "capacity": "210.5"},
}


@pytest.mark.parametrize(("code", "facts"), FACTS.items(), ids=FACTS)
def test_a_refusal_says_what_happened_and_what_to_do(code, facts):
    told = SENTENCES[code].format(**facts)

    assert all(str(fact) in told for fact in facts.values())
    assert "请" in told


def test_every_code_of_these_files_has_a_sentence_and_every_sentence_a_code():
    files = [ROOM / f"{name}.py" for name in ("pool", "cells", "quota", "chances", "forecast", "allocation")]
    codes = {code for file in files for code in re.findall(r'Refused\("(plans\.\w+)"', file.read_text("utf-8"))}

    assert codes == set(SENTENCES) == set(FACTS)
