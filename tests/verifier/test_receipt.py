"""Receipts, alone and beside a verified bundle."""

from __future__ import annotations

import base64
import hashlib
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


@pytest.mark.parametrize("sealed", [False, True])
def test_ticket_of_a_receipt_may_go_by_unit(ask, make, sealed):
    files = make(sealed=sealed, units=True)
    given = receipt(files, CODE, sealed)
    assert f"\t{given['ticket']}\n".encode() in files["selected.tsv"] or not given["selected"]
    assert check(ask, given)["ok"]
    alone = hashlib.sha256(f"{given['prefix']}:{given['line'].split()[3]}".encode()).hexdigest()
    answer = check(ask, given | {"ticket": alone})
    assert [one["name"] for one in answer["steps"] if not one["ok"]][:1] == ["ticket"]


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


RANGES = """
0020-007e 00a1-00ac 00ae-024f 2010-2010 2012-2027 2030-205e 20a0-20bf 2100-2125 2127-2129 212c-218b 2190-2328 232b-23ff
2460-27bf 3001-3029 3030-303f 3041-3096 309b-30ff 3105-312f 3200-4dbf 4e00-9fff ff01-ff5e ffe0-ffe6
20000-2f7ff 30000-323af
"""
UNSEEN = "\xa0\xad\u034f\u115f\u200b\u2011\u2028\u3000\u3099\u3164\ufe0f\ufeff😀"


def test_texts_consist_of_the_characters_of_the_list(ask):
    """Every code point is asked for, alone."""
    script = """(() => { const found = []; const test = gongchou.schema.text();
        for (let at = 0; at < 0x110000; at++) {
            if (at >= 0xd800 && at < 0xe000) continue;
            const isGood = test(String.fromCodePoint(at), "field") === null;
            const last = found[found.length - 1];
            if (isGood && last && last[1] === at - 1) last[1] = at; else if (isGood) found.push([at, at]);
        } return found; })()"""
    expected = [[int(end, 16) for end in one.split("-")] for one in RANGES.split()]
    assert ask(script) == expected


def test_texts_hold_nothing_that_one_cannot_see(ask):
    test = "x.map((one) => gongchou.schema.text()('甲' + one + '乙', 'field') === null)"
    assert ask(test, [*UNSEEN, "\ud83d", "e\u0301"]) == [False] * (len(UNSEEN) + 2)
    assert ask(test, ["消防 检查", "é", "（一）", "𠮷", "※"]) == [True] * 5


def test_plan_has_no_blank_at_its_ends(ask):
    test = "x.map((one) => gongchou.schema.plan(one, 'plan') === null)"
    assert ask(test, ["甲 乙", " 甲", "甲\u3000", "甲\xa0", " ", "", "甲" * 201]) == [True] + [False] * 6
