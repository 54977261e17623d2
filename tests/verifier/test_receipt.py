"""Receipts, alone and beside a verified bundle."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from tests.verifier.making import canonical
from tests.verifier.receipts import receipt

pytestmark = pytest.mark.browser

CODE, OUT = "91000000VDPT000000", "91000000VDPT000121"


def check(ask, given: dict[str, Any]) -> dict[str, Any]:
    return ask("gongchou.verifyReceipt(bytesOf(x))", base64.b64encode(canonical(given)).decode())


@pytest.mark.parametrize("sealed", [False, True])
@pytest.mark.parametrize("real", [CODE, "91000000VDPT000009", "91000000VDPT000100", OUT])
def test_honest_receipt_holds(ask, make, sealed, real):
    answer = check(ask, receipt(make(sealed=sealed), real, sealed))
    assert (answer["ok"], answer["level"]) == (True, "L0"), answer["steps"]


@pytest.mark.parametrize(
    ("real", "change", "step"),
    [
        (CODE, {"ticket": "0" * 64}, "ticket"),
        (CODE, {"selected": lambda one: not one}, "side"),
        (CODE, {"rank": 1}, "side"),
        (CODE, {"root": "0" * 64}, "proof"),
        (CODE, {"index": lambda one: one + 1}, "proof"),
        (CODE, {"stratum": "C"}, "line"),
        (CODE, {"id": "91000000VDPT000001"}, "seal"),
        (CODE, {"pid_salt": "0" * 64}, "seal"),
        (CODE, {"v": "vdp2"}, "form"),
        (OUT, {"reason": "friend"}, "reason"),
        (OUT, {"table": "frame"}, "line"),
    ],
)
def test_changed_receipt_fails_at_its_step(ask, make, real, change, step):
    given = receipt(make(), real)
    assert not given["selected"]
    given |= {key: value(given[key]) if callable(value) else value for key, value in change.items()}
    answer = check(ask, given)
    failed = [one["name"] for one in answer["steps"] if not one["ok"]]
    assert failed[:1] == [step]


def test_receipt_that_is_not_canonical_is_refused(ask, make):
    text = json.dumps(receipt(make(), CODE), indent=1).encode()
    answer = ask("gongchou.verifyReceipt(bytesOf(x))", base64.b64encode(text).decode())
    assert [one["name"] for one in answer["steps"] if not one["ok"]] == ["form"]


@pytest.mark.parametrize("sealed", [False, True])
def test_only_sealed_receipts_speak_of_pseudonyms_and_salts(ask, make, sealed):
    answer = check(ask, receipt(make(sealed=sealed), CODE, sealed))
    said = "".join(one["sentence"] for one in answer["steps"])
    assert ("化名" in said, "盐值" in said) == (sealed, sealed)


UNSEEN = ("\x00", "\x1f", "\x7f", "\x9f", "\xad", "\u200b", "\u200f", "\u2028", "\u202e", "\u2060", "\u206f", "\ufeff")
SEEN = ("a", "消防 检查", "\xa0", "\u2010", "\u3000", "😀")


def test_texts_hold_nothing_that_one_cannot_see(ask):
    test = "x.map((one) => gongchou.schema.text()('甲' + one + '乙', 'field') === null)"
    assert ask(test, [*UNSEEN, *SEEN]) == [False] * len(UNSEEN) + [True] * len(SEEN)


def test_plan_has_no_blank_at_its_ends(ask):
    test = "x.map((one) => gongchou.schema.plan(one, 'plan') === null)"
    assert ask(test, ["甲 乙", " 甲", "甲\u3000", "甲\xa0", " ", "", "甲" * 201]) == [True] + [False] * 6
