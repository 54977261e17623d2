"""Beacons that are not public: refused or accepted by the trust file, and what their strength is called."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.verifier.making import ASK_AT, BEACON_TIME, LATE_NONCE, QUICKNET_HASH, ROUND, SIGNATURE, canonical
from tests.verifier.signing import trust_text

pytestmark = pytest.mark.browser

# A chain of one signer, made in the page with the library that also verifies.
SIGN = """(() => {
    const { G2, shortSignatures: scheme } = gongchouCurves.bls12_381;
    const secret = new Uint8Array(32).fill(5);
    const chain = { beacon_id: "office", genesis_time: x.genesis, group_hash: "ab".repeat(32), period: 30,
        public_key: G2.Point.BASE.multiply(gongchouCurves.bls12_381.G1.Point.Fn.fromBytes(secret)).toHex(true),
        scheme: "bls-unchained-g1-rfc9380" };
    const message = gongchou.sha256.digest(gongchou.bytes.bigEndian(x.round, 8));
    const hashed = scheme.hash(message, "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_");
    const signature = scheme.sign(hashed, secret).toHex(true);
    return { chain, hash: gongchou.drand.chainHash(chain), signature };
})()"""
OWN_ROUND = 101


@pytest.fixture(scope="module")
def signed(ask):
    return ask(SIGN, {"genesis": BEACON_TIME - (OWN_ROUND - 1) * 30, "round": OWN_ROUND})


@pytest.fixture
def bundle(make, signed):
    def own_source(params: dict[str, Any]) -> dict[str, Any]:
        source = {"chain": signed["hash"], "round": OWN_ROUND, "type": "drand"}
        return params | {"seed": [params["seed"][0], source]}

    def own_line(data: bytes) -> bytes:
        old = f"drand {QUICKNET_HASH} {ROUND} {SIGNATURE}"
        return data.replace(old.encode(), f"drand {signed['hash']} {OWN_ROUND} {signed['signature']}".encode())

    def own_beacon(data: bytes) -> bytes:
        beacon = json.loads(data) | {"chain": signed["chain"], "round": OWN_ROUND}
        return canonical(beacon | {"signature": signed["signature"]})

    twists = {"params D1": own_source, "seed-input.txt": own_line, "sources/drand.json": own_beacon}
    return make(matching=False, twists=twists)


def test_private_chain_that_is_named_gives_strength_p(verify, bundle, signed):
    report = verify(bundle, trust=f"{trust_text()}drand {signed['hash']}\n")
    assert report["failure"] is None
    assert (report["colour"], report["strength"]) == ("green", "P")


def test_private_chain_that_is_not_named_is_refused(verify, bundle):
    failure = verify(bundle)["failure"]
    assert (failure["number"], failure["code"]) == (10, "chain_untrusted")


def test_private_chain_without_a_trust_file_is_self_attested(verify, bundle):
    report = verify(bundle, trust=None)
    assert (report["ok"], report["colour"], report["strength"]) == (True, "amber", "P")


# ---- substitutions drawn with such a chain


@pytest.fixture(scope="module")
def event(ask):
    """A round that is sixty seconds after the request."""
    made = ask(SIGN, {"genesis": ASK_AT + 60 - (OWN_ROUND - 1) * 30, "round": OWN_ROUND})
    beacon = {"chain": made["chain"], "previous_signature": None, "round": OWN_ROUND, "signature": made["signature"]}
    return {"hash": made["hash"], "beacon": beacon}


def verdict_on(make, verify, event, **wish):
    files = make(substituted=True, event=event, **wish)
    return verify(files, trust=f"{trust_text()}drand {event['hash']}\n")


def test_substitution_by_a_beacon_is_timed_by_the_log(make, verify, event):
    report = verdict_on(make, verify, event)
    assert (report["failure"], report["colour"]) == (None, "green")
    assert [mark["code"] for mark in report["marks"]] == ["substituted"]


def codes(report: dict[str, Any]) -> list[str]:
    return [mark["code"] for mark in report["marks"]]


@pytest.mark.parametrize("late", [ASK_AT + 60, ASK_AT + 61])
def test_request_that_is_cosigned_after_its_round_decides_nothing(make, verify, event, late):
    failure = verdict_on(make, verify, event, twists={"cosigned substitute": lambda _: [late] * 3})["failure"]
    assert (failure["number"], failure["code"]) == (15, "substitution_invalid")


@pytest.mark.parametrize("late", [ASK_AT + 60, ASK_AT + 61])
def test_late_request_is_void_beside_one_in_time(make, verify, event, late):
    report = verdict_on(make, verify, event, void_at=late)
    assert (report["failure"], report["colour"]) == (None, "amber")
    assert codes(report) == ["substitution_void", "substituted"]
    assert report["summary"]["match"]["substituted"] == 1
    assert "substituted_again" not in codes(report)


def test_request_in_time_cannot_be_called_void(make, verify, event):
    failure = verdict_on(make, verify, event, void_at=ASK_AT + 59)["failure"]
    assert (failure["number"], failure["code"]) == (15, "substitution_invalid")


def public(make, void_at: int, **wish: Any) -> dict[str, bytes]:
    """Make a bundle whose one request came too late; the clock of quicknet is known to everybody."""
    return make(event={"hash": QUICKNET_HASH}, void_at=void_at, **wish)


QUICKNET_ROUND_AT = ASK_AT + 61  # rounds are three seconds apart


@pytest.mark.parametrize("beacon", ["drand", "lottery"])
def test_bundle_may_hold_nothing_but_a_void_request(make, verify, beacon):
    report = verify(public(make, QUICKNET_ROUND_AT, beacon=beacon))
    assert [one for one in codes(report) if one not in ("strength", "reading_unlogged")] == ["substitution_void"]
    assert "作废" in report["checks"][14]["sentence"]
    failure = verify(public(make, QUICKNET_ROUND_AT - 1, beacon=beacon))["failure"]
    assert (failure["number"], failure["code"]) == (15, "substitution_invalid")


def swapped(old: str, new: str):
    return lambda data: data.replace(old.encode(), new.encode(), 1)


@pytest.mark.parametrize(
    ("change", "number", "code"),
    [
        (swapped("\tvoid\t-\t-\t", "\t-\t-\t-\t"), 1, "file_missing"),
        (swapped("\tvoid\t-\t-\t", "\tvoid\t0\t-\t"), 15, "substitution_invalid"),
        (swapped("\tvoid\t-\t-\t", "\tVOID\t-\t-\t"), 1, "file_missing"),
        (swapped("\tvoid\t-\t-\t", "\tvoid\tvoid\t-\t"), 1, "table_invalid"),
        (swapped("\tvoid\t-\t-\t", "\tVoid\t-\t-\t"), 1, "table_invalid"),
        (swapped("\tvoid\t-\t-\t", "\tvoid \t-\t-\t"), 1, "table_invalid"),
        (swapped(LATE_NONCE, "9" * 64), 15, "substitution_invalid"),
        (lambda _: b"", 15, "substitution_invalid"),
    ],
)
def test_row_of_a_void_request_says_so(make, verify, change, number, code):
    failure = verify(public(make, QUICKNET_ROUND_AT, twists={"substitutions.tsv": change}))["failure"]
    assert (failure["number"], failure["code"]) == (number, code)


def test_no_source_belongs_to_a_void_request(make, verify):
    def beacon(files: dict[str, bytes]) -> dict[str, bytes]:
        event = files["substitutions.tsv"].decode().split("\t")[0]
        return files | {f"sources/event-{event}.json": files["sources/drand.json"]}

    failure = verify(public(make, QUICKNET_ROUND_AT, twists={"files": beacon}))["failure"]
    assert (failure["number"], failure["code"]) == (1, "file_extra")


def test_late_request_of_digits_is_never_void(make, verify):
    failure = verify(make(void_at=ASK_AT + 9999))["failure"]
    assert (failure["number"], failure["code"]) == (15, "substitution_invalid")


def test_void_request_by_a_chain_whose_clock_nobody_knows_is_refused(make, verify, event):
    files = make(event=event, void_at=ASK_AT + 60)
    failure = verify(files, trust=f"{trust_text()}drand {event['hash']}\n")["failure"]
    assert (failure["number"], failure["code"]) == (15, "substitution_invalid")


@pytest.mark.parametrize("substituted", [False, True])
def test_void_requests_of_a_sealed_match_are_counted_as_logged(make, verify, event, substituted):
    files = make(event=event, substituted=substituted, void_at=ASK_AT + 60, publish_match=False)
    report = verify(files, trust=f"{trust_text()}drand {event['hash']}\n")
    assert codes(report) == ["match_sealed", "substitution_asked"]


@pytest.mark.parametrize(
    ("change", "number", "code"),
    [
        ({"round": 0}, 1, "json_field"),
        ({"round": 10**10 + 1}, 1, "json_field"),
        ({"signature": "ab"}, 1, "json_field"),
        ({"more": 1}, 1, "json_field"),
        ({"round": OWN_ROUND + 1}, 15, "substitution_invalid"),
        ({"signature": SIGNATURE}, 15, "substitution_invalid"),
    ],
    ids=str,
)
def test_beacon_of_a_substitution_is_read_like_the_first(make, verify, event, change, number, code):
    failure = verdict_on(make, verify, event | {"beacon": event["beacon"] | change})["failure"]
    assert (failure["number"], failure["code"]) == (number, code)


def test_every_json_document_is_read_in_its_own_form(make, verify, event):
    def spaced(files: dict[str, bytes]) -> dict[str, bytes]:
        path = next(one for one in files if one.startswith("sources/event-"))
        return files | {path: files[path] + b" "}

    failure = verdict_on(make, verify, event, twists={"files": spaced})["failure"]
    assert (failure["number"], failure["code"]) == (1, "json_invalid")
