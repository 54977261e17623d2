"""Whole bundles: what holds, and what each check refuses when one thing is spoilt and all else sealed again."""

from __future__ import annotations

import contextlib
import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gongchou.draw.errors import FormatError
from gongchou.draw.verify import parse_real_ids, parse_trust
from tests.verifier.making import (
    BEACON_TIME,
    CLOSE_AT,
    COMMIT_AT,
    LATER,
    NONCE,
    OLD_BEACON_TIME,
    OLD_SIGNATURE,
    RESULT_AT,
    SEAL_KEY,
    SECRET,
    SIGNATURE,
    canonical,
    pseudonym,
    stamp,
    unit_of,
)
from tests.verifier.signing import LOG, OPERATOR, WITNESSES, Signer, trust_text

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
LAST_SECOND = 253402300799
STRANGER = Signer("stranger.example")


def outcome(report: dict[str, Any]) -> tuple[Any, ...]:
    return report["ok"], report["colour"], report["level"], report["strength"]


def codes(report: dict[str, Any]) -> list[str]:
    return [mark["code"] for mark in report["marks"]]


@pytest.mark.parametrize(
    ("wish", "expected", "marks"),
    [
        ({}, (True, "green", "L2", "D"), []),
        ({"suite": "sm3"}, (True, "green", "L2", "D"), []),
        ({"draws": 2}, (True, "green", "L2", "D"), ["unfilled"]),
        ({"draws": 2, "apart": True}, (True, "green", "L2", "D"), ["unfilled"]),
        ({"matching": False}, (True, "green", "L2", "D"), []),
        ({"reveal": False}, (True, "amber", "L2", "D"), ["reveal_missing"]),
        ({"sealed": True}, (True, "green", "L1", "D"), []),
        ({"sealed": True, "publish_match": False}, (True, "amber", "L1", "D"), ["match_sealed"]),
        ({"beacon": "digits"}, (True, "amber", "L2", "N"), ["strength", "reading_unlogged"]),
        ({"beacon": "lottery"}, (True, "amber", "L2", "L"), ["strength", "reading_unlogged"]),
        ({"replaced": 1}, (True, "amber", "L2", "D"), ["replaced_many", "slots_open"]),
        (
            {"substituted": True},
            (True, "amber", "L2", "D"),
            ["substitution_source", "event_reading_unlogged", "substituted"],
        ),
        (
            {"replaced": 2, "substituted": True, "suite": "sm3"},
            (True, "amber", "L2", "D"),
            ["replaced_many", "substitution_source", "event_reading_unlogged", "substituted", "slots_open"],
        ),
        ({"withdrawn": "before"}, (True, "green", "L2", "D"), ["withdrawn"]),
        ({"withdrawn": "after"}, (True, "amber", "L2", "D"), ["withdrawn_after_seed"]),
        ({"units": True}, (True, "amber", "L2", "D"), ["by_unit"]),
        ({"units": True, "suite": "sm3"}, (True, "amber", "L2", "D"), ["by_unit"]),
        ({"sealed": True, "units": True}, (True, "amber", "L1", "D"), ["by_unit"]),
        ({"thin": "food"}, (True, "amber", "L2", "D"), ["fewer_than_two"]),
        ({"thin": "team"}, (True, "green", "L2", "D"), ["standing_teams"]),
        ({"draws": 2, "second": "DEPT-B"}, (True, "green", "L2", "D"), ["unfilled"]),
        (
            {"publish_match": False, "substituted": True},
            (True, "amber", "L1", "D"),
            ["match_sealed", "substitution_asked"],
        ),
    ],
    ids=str,
)
def test_sound_bundles_hold(make, verify, wish, expected, marks):
    report = verify(make(**wish))
    assert report["failure"] is None
    assert (outcome(report), codes(report)) == (expected, marks)


def test_a_stratum_is_named_by_its_label_where_the_bundle_has_one(make, verify):
    rule = canonical({"strata": [{"id": "A", "label": "甲区 高风险"}], "v": "vdp1"})
    failure = verify(make(twists={"strata-rule.json": lambda _: rule, PARAMS: set_at("strata", 0, "n", 3)}))["failure"]
    assert (failure["code"], failure["facts"]["label"]) == ("quota_mismatch", "甲区 高风险")
    assert "第 A（甲区 高风险） 层" in failure["sentence"]


def test_readings_in_their_time_are_accepted(make, verify):
    assert verify(make(beacon="digits", twists={"before seed": reads(2, None)}))["failure"] is None


@pytest.mark.parametrize("name", ["photo.jpg", "drand.txt", "events.json", "drand.json.bak"])
def test_other_sources_are_left_to_the_reader(make, verify, name):
    assert verify(make(twists={"files": file(f"sources/{name}", lambda _: b"seen")}))["ok"]


def test_report_is_plain_and_complete(make, verify):
    report = verify(make(draws=2))
    assert [check["number"] for check in report["checks"]] == list(range(1, 19))
    assert {check["status"] for check in report["checks"]} <= {"passed", "skipped"}
    assert all(check["sentence"] and check["sentence_en"] for check in report["checks"])
    assert not any("—" in check["sentence"] or "{" in check["sentence"] for check in report["checks"])
    assert [draw["draw"] for draw in report["summary"]["draws"]] == ["D1", "D2"]
    assert len(report["summary"]["witnesses"]) == 3


def test_without_a_trust_file_the_result_is_self_attested(make, verify):
    report = verify(make(), trust=None)
    assert (report["colour"], codes(report)) == ("amber", ["self_attested"])


def test_practice_run_needs_leave(make, verify):
    files = make(mode="test")
    refused, allowed = verify(files), verify(files, allowTest=True)
    assert (refused["failure"]["number"], refused["failure"]["code"]) == (4, "mode_test")
    assert (allowed["colour"], codes(allowed)) == ("amber", ["test_mode"])


def real_ids(per_stratum: int = 40) -> str:
    return "".join(f"91000000VDPT{n:06}\n" for n in range(3 * per_stratum + 4))


@pytest.mark.parametrize(
    ("options", "level", "status"),
    [
        ({}, "L1", "not_checked"),
        ({"sealKey": SEAL_KEY}, "L1", "passed"),
        ({"realIds": real_ids()}, "L1", "not_checked"),
        ({"sealKey": SEAL_KEY, "realIds": real_ids()}, "L2", "passed"),
    ],
    ids=["nothing", "key", "list", "both"],
)
def test_sealed_draw_is_opened_by_key_and_list_together(make, verify, options, level, status):
    report = verify(make(sealed=True), **options)
    assert (report["level"], report["checks"][6]["status"]) == (level, status)


# ---- spoilt bundles


def reads(source: int, value: str | None, second: str | None = "P2-B", at: int = RESULT_AT) -> Callable[[Any], Any]:
    """Return a twist that logs a reading; no value stands for the one that is used."""

    def twist(maker: Any) -> None:
        told = {"campaign": "DEMO-2026", "reader": "P2-A", "second": second, "source": source}
        maker.entry("reading", at, told | {"value": value or maker.values()[source - 1]}, [])

    return twist


def set_at(*path: Any) -> Callable[[Any], Any]:
    """Return a twist that sets the value at a path of keys; the last argument is the value."""
    *keys, last, value = path

    def twist(document: Any) -> Any:
        changed = copy.deepcopy(document)
        target = changed
        for key in keys:
            target = target[key]
        target[last] = value(target[last]) if callable(value) else value
        return changed

    return twist


def file(path: str, change: Callable[[bytes], bytes | None]) -> Callable[[Any], Any]:
    def twist(files: dict[str, bytes]) -> dict[str, bytes]:
        changed = change(files.get(path, b""))
        rest = {name: data for name, data in files.items() if name != path}
        return rest if changed is None else rest | {path: changed}

    return twist


def swap(old: bytes | str, new: bytes | str) -> Callable[[bytes], bytes]:
    old, new = (one.encode() if isinstance(one, str) else one for one in (old, new))
    return lambda data: data.replace(old, new, 1)


def entry_file(kind: str, change: Callable[[bytes], bytes], proof: bool = True) -> Callable[[Any], Any]:
    """Change the proof (or entry) of the entry of one type."""

    def twist(files: dict[str, bytes]) -> dict[str, bytes]:
        path = next(one for one in sorted(files) if one.endswith(".json") and f'"{kind}"'.encode() in files[one])
        path = path.replace(".json", ".tlog-proof") if proof else path
        return files | {path: change(files[path])}

    return twist


def another_log(data: bytes) -> bytes:
    text = data.decode().split("\n\n")[0] + "\n"
    line = Signer(LOG.name + "x").line(text).replace(LOG.name + "x", LOG.name)
    cosigned = [one for one in data.decode().splitlines() if one.startswith("— witness")]
    return (text + "\n" + line + "".join(one + "\n" for one in cosigned)).encode()


def flip_hash(data: bytes) -> bytes:
    lines = data.decode().split("\n")
    lines[2] = lines[3] if lines[2] != lines[3] else lines[2]
    return "\n".join(lines).encode()


def extra(kind: str, body: dict[str, Any], names: tuple[str, ...] = ()) -> Callable[[Any], Any]:
    return lambda maker: maker.entry(kind, LATER + 100, body, list(names))


def commit_body(draw: str, **change: Any) -> dict[str, Any]:
    body = {"campaign": "OTHER", "commitment": "2" * 64, "draw": draw, "mode": "official", "plan": "别的计划"}
    return body | {"beacon_time": stamp(LATER + 100_000), "supersedes": None} | change


def duplicate(rows: list[Any]) -> list[Any]:
    return [*rows, ["C", rows[0][1], rows[0][2]]]


def other_pools(rows: list[Any], calls: list[int] = []) -> list[Any]:  # noqa: B006 -- counts the draws
    calls.append(1)
    return rows if len(calls) % 2 else [[*row[:2], "P9"] for row in rows]


def withdraw(draw: str, **change: Any) -> dict[str, Any]:
    return {"campaign": "DEMO-2026", "draw": draw, "reason": "mistake", "second": "DEPT-C"} | change


def no_first_hash(data: bytes) -> bytes:
    return re.sub(rb"\t[^\t]*,", b"\t", data, count=1)


SUBSTITUTE: dict[str, Any] = {
    "campaign": "DEMO-2026",
    "evidence": None,
    "reason": "ill",
    "request": "9" * 64,
    "second": None,
    "source": {"n": 4, "type": "digits"},
}


def ask_again(maker: Any) -> None:
    """Log a request that the parameters do not allow."""
    maker.entry("substitute", LATER + 100, SUBSTITUTE, [])


def twice(data: bytes) -> bytes:
    """Answer the one request twice."""
    return data + data[: -len(NONCE) - 1] + b"f" * len(NONCE) + b"\n"


def without(*path: str) -> Callable[[Any], Any]:
    """Return a twist that takes a key away."""
    *keys, last = path

    def twist(document: Any) -> Any:
        changed = copy.deepcopy(document)
        target = changed
        for key in keys:
            target = target[key]
        del target[last]
        return changed

    return twist


def without_event(files: dict[str, bytes]) -> dict[str, bytes]:
    return {path: data for path, data in files.items() if not path.startswith("sources/event-")}


def parties(n: int) -> list[dict[str, str]]:
    return [{"commitment": "0" * 64, "party": f"P{k}", "type": "cr"} for k in range(n)]


def more_signatures(n: int) -> Callable[[bytes], bytes]:
    """Add lines of signers whom nobody knows."""
    lines = "".join(f"— someone{k}.example AAAAAAA=\n" for k in range(n))
    return lambda data: data + lines.encode()


def wrong_deck(data: bytes) -> bytes:
    return re.sub(rb"[0-9a-f]{64}", b"8" * 64, data)


def twin(data: bytes) -> bytes:
    """Add the last inspector once more, with another cap."""
    return data + data.splitlines(True)[-1].replace(b"\t6\t", b"\t7\t")


PARAMS = "params D1"
COMMITTED = ("params.json",)
SAME_DRAW = commit_body("D1", campaign="DEMO-2026")
SPOILT: list[tuple[int, str, dict[str, Any], str, Any]] = [
    (1, "manifest_missing", {}, "after", file("manifest.json", lambda _: None)),
    (1, "manifest_missing", {}, "after", file("manifest.note", lambda _: None)),
    (1, "manifest_invalid", {}, "after", file("manifest.json", lambda data: data + b"\n")),
    (1, "manifest_invalid", {}, "manifest", set_at("files", lambda files: files[::-1])),
    (1, "manifest_signature", {}, "after", file("manifest.note", swap(OPERATOR.name, "someone.example"))),
    (1, "manifest_signature", {}, "after", file("manifest.json", swap('"size":', '"size":1'))),
    (1, "path_invalid", {}, "after", file("a b.txt", lambda _: b"")),
    (1, "file_missing", {}, "after", file("frame.tsv", lambda _: None)),
    (1, "file_missing", {}, "files", file("excluded.tsv", lambda _: None)),
    (1, "file_missing", {}, "files", file("sources/drand.json", lambda _: None)),
    (1, "file_missing", {}, "files", file("unfilled.tsv", lambda _: None)),
    (1, "file_missing", {}, "files", file("params.json", lambda _: None)),
    (1, "file_extra", {}, "after", file("x.txt", lambda _: b"")),
    (1, "file_extra", {}, "files", file("notes.txt", lambda _: b"")),
    (1, "file_extra", {}, "files", file("sources/event-7.txt", lambda _: b"1\n")),
    (1, "file_extra", {}, "files", file("sources/event-x.txt", lambda _: b"1\n")),
    (1, "file_extra", {}, "files", file("sources/event-", lambda _: b"1\n")),
    (1, "file_extra", {"publish_match": False}, "files", file("sources/event-7.txt", lambda _: b"1\n")),
    (1, "file_missing", {"publish_match": False}, "files", file("substitutions.tsv", lambda _: b"")),
    (1, "file_missing", {"publish_match": False}, "files", file("avoid.tsv", lambda _: b"")),
    (1, "file_missing", {"substituted": True}, "files", without_event),
    (1, "json_field", {"sealed": True}, PARAMS, set_at("disclosure", "after", None)),
    (1, "json_field", {"publish_match": False}, PARAMS, set_at("disclosure", "after", None)),
    (1, "json_field", {}, PARAMS, set_at("disclosure", "selected", "sealed")),
    (1, "json_field", {}, PARAMS, set_at("matching", "slots", lambda slots: slots[:1] * 41)),
    (1, "json_field", {}, PARAMS, set_at("seed", lambda seed: [*parties(40), seed[-1]])),
    (1, "json_field", {"beacon": "lottery"}, PARAMS, set_at("seed", 1, "groups", lambda groups: groups[:1] * 11)),
    (1, "json_field", {"beacon": "lottery"}, PARAMS, set_at("seed", 1, "groups", 0, "count", 100)),
    (1, "json_field", {"beacon": "lottery"}, PARAMS, set_at("seed", 1, "groups", 0, "count", 0)),
    (1, "json_field", {"beacon": "lottery"}, PARAMS, set_at("seed", 1, "groups", 0, "min", 34)),
    (1, "json_field", {}, PARAMS, set_at("seed", 1, "round", 10**10 + 1)),
    (1, "json_field", {}, PARAMS, set_at("not_before", "round", 10**10 + 1)),
    (1, "json_field", {}, "sources/not-before.json", swap('"genesis_time":1', '"genesis_time":99999')),
    (1, "manifest_signature", {}, "after", file("manifest.note", more_signatures(64))),
    (1, "file_size", {}, "after", file("frame.tsv", lambda data: data + b"\n")),
    (1, "file_digest", {}, "after", file("frame.tsv", swap("P1", "P2"))),
    (1, "json_invalid", {}, "reasons.json", lambda data: data + b"\n"),
    (2, "entry_invalid", {}, "files", entry_file("seed", lambda data: data + b" ", proof=False)),
    (1, "json_field", {}, PARAMS, set_at("lead_s", 599)),
    (1, "json_field", {}, PARAMS, set_at("witness_k", 1)),
    (1, "json_field", {}, PARAMS, lambda params: params | {"extra": 1}),
    (1, "json_field", {}, PARAMS, set_at("closes_at", stamp(BEACON_TIME - 599))),
    (1, "json_field", {}, PARAMS, set_at("exclude_selected_of", ["D0"])),
    (1, "json_field", {}, PARAMS, set_at("disclosure", "frame", "sealed")),
    (1, "json_field", {}, PARAMS, set_at("seed", lambda seed: seed[::-1])),
    (1, "json_field", {}, PARAMS, set_at("seed", lambda seed: [seed[0], *seed])),
    (1, "json_field", {}, PARAMS, set_at("strata", lambda strata: strata[::-1])),
    (1, "json_field", {"draws": 2}, "params D2", set_at("draw", "D3")),
    (1, "json_field", {}, "sources/drand.json", swap('"period":3', '"period":0')),
    (1, "table_invalid", {}, "files", file("avoid.tsv", swap("I001", "i001"))),
    (1, "table_invalid", {}, "excluded.tsv", lambda data: data[:-1]),
    (1, "table_order", {}, "files", file("frame.tsv", lambda data: b"".join(data.splitlines(True)[::-1]))),
    (1, "frame_duplicate", {}, "frame rows", duplicate),
    (1, "key_invalid", {}, "files", file("keys/log.vkey", swap("+A", "+B"))),
    (1, "key_invalid", {}, "files", file("keys/registry.vkey", lambda _: WITNESSES[0].vkey.encode() + b"\n")),
    (2, "checkpoint_invalid", {}, "log", file("log/checkpoint", swap("\n\n", "\nmore\n\n"))),
    (2, "checkpoint_invalid", {}, "log", file("log/checkpoint", lambda data: data.split(b"\n\n")[0])),
    (2, "checkpoint_signature", {}, "log", file("log/checkpoint", another_log)),
    (2, "checkpoint_witnesses", {}, "cosigned close", lambda times: times[:1]),
    (2, "proof_invalid", {}, "log", entry_file("close", swap("index ", "index 9"))),
    (2, "proof_invalid", {}, "log", entry_file("close", swap("@v1", "@v2"))),
    (2, "inclusion", {}, "log", entry_file("close", flip_hash)),
    (2, "inclusion", {}, "log", entry_file("close", swap('"seq":3', '"seq":4'), proof=False)),
    (2, "consistency", {}, "log", file("log/consistency.tsv", lambda data: data.split(b"\n", 1)[1])),
    (2, "consistency", {}, "log", file("log/consistency.tsv", no_first_hash)),
    (2, "entry_invalid", {}, "entry close", set_at("body", {"campaign": "DEMO-2026", "more": 1})),
    (2, "entry_invalid", {}, "entry close", set_at("files", [])),
    (2, "entry_missing", {}, "extra entries", extra("close", {"campaign": "DEMO-2026"}, ("close.txt",))),
    (2, "chain_broken", {}, "entry close", set_at("seq", 7)),
    (2, "chain_broken", {}, "entry close", set_at("prev", "1" * 64)),
    (2, "chain_broken", {}, "entry close", set_at("time", stamp(COMMIT_AT - 1))),
    (2, "entry_missing", {}, "entry seed", set_at("type", "audit")),
    (2, "entry_missing", {}, "entry match", set_at("type", "outcome")),
    (2, "entry_missing", {}, PARAMS, set_at("authority", "DEPT-B")),
    (2, "entry_invalid", {}, "entry commit", without("body", "beacon_time")),
    (2, "entry_invalid", {"substituted": True}, "entry substitute", without("body", "request")),
    (2, "entry_invalid", {"substituted": True}, "entry substitute", set_at("body", "object", "O1")),
    (2, "checkpoint_invalid", {}, "log", file("log/checkpoint", more_signatures(61))),
    (2, "checkpoint_witnesses", {}, "cosigned close", lambda times: [times[0], LAST_SECOND + 1, 2**64 - 1]),
    (2, "authority_untrusted", {"replaced": 1}, "entry replace", set_at("body", "second", "DEPT-Q")),
    (2, "authority_untrusted", {"substituted": True}, "entry substitute", set_at("body", "second", "DEPT-Q")),
    (2, "authority_untrusted", {"withdrawn": "before"}, "entry withdraw", set_at("body", "second", "DEPT-Q")),
    (2, "log_cut", {}, "shown", lambda shown: shown - {max(shown)}),
    (2, "log_cut", {}, "shown", lambda shown: shown - {max(shown) - 1}),
    (2, "log_cut", {"draws": 2, "second": "DEPT-B"}, "shown", lambda shown: shown - {max(shown) - 2}),
    (2, "log_cut", {"draws": 2}, "shown", lambda shown: shown - {max(shown) - 1}),
    (2, "entry_files", {}, "entry result", set_at("files", 0, "sha256", "3" * 64)),
    (3, "plan_two_live", {}, "extra entries", extra("commit", commit_body("D9", plan="餐饮检查 1"), COMMITTED)),
    (3, "draw_withdrawn", {}, "extra entries", extra("withdraw", withdraw("D1"))),
    (3, "draw_committed_twice", {}, "extra entries", extra("commit", SAME_DRAW, COMMITTED)),
    (3, "supersedes_invalid", {}, "extra entries", extra("commit", commit_body("D9", supersedes="D8"), COMMITTED)),
    (3, "withdrawal_invalid", {}, "extra entries", extra("withdraw", withdraw("D7"))),
    (3, "withdrawal_invalid", {}, "extra entries", extra("withdraw", withdraw("D1", second=None))),
    (3, "withdrawal_invalid", {}, "extra entries", extra("withdraw", withdraw("D1", reason="whim"))),
    (3, "withdrawal_invalid", {}, "extra entries", extra("withdraw", withdraw("D1", second="DEPT-A"))),
    (3, "withdrawal_invalid", {"withdrawn": "before"}, "cosigned withdraw", lambda _: [OLD_BEACON_TIME] * 3),
    (3, "withdrawal_invalid", {"withdrawn": "before"}, "extra entries", extra(
        "withdraw", withdraw("D0", campaign="OLD"))),
    (3, "withdrawal_invalid", {"draws": 2, "second": "DEPT-B"}, "extra entries", lambda maker: maker.entry(
        "withdraw", LATER, withdraw("D1"), [], "DEPT-B")),
    (3, "supersedes_invalid", {"withdrawn": "before"}, "entry commit", set_at("body", "supersedes", None)),
    (3, "plan_two_live", {}, "before close", lambda maker: maker.entry(
        "commit", COMMIT_AT + 20, commit_body("D9", plan="餐饮检查 1", supersedes="D1"), ["params.json"])),
    (4, "commitment_mismatch", {}, "entry commit", set_at("body", "commitment", "4" * 64)),
    (4, "commit_fields", {}, "entry commit", set_at("body", "beacon_time", stamp(BEACON_TIME + 1))),
    (4, "commit_fields", {}, "entry commit", set_at("body", "plan", "别的计划")),
    (4, "commit_fields", {}, "entry commit", set_at("body", "mode", "test")),
    (5, "commit_late", {}, "cosigned commit", lambda _: [BEACON_TIME - 3599] * 3),
    (5, "close_early", {}, "entry close", set_at("time", stamp(BEACON_TIME - 801))),
    (5, "close_late", {}, "cosigned close", lambda _: [BEACON_TIME - 1, BEACON_TIME, BEACON_TIME]),
    (5, "not_before_late", {}, PARAMS, set_at("not_before", "round", 12040883)),
    (6, "digest_mismatch", {}, PARAMS, set_at("frame", "sha256", "5" * 64)),
    (6, "digest_mismatch", {}, PARAMS, set_at("rules", "strata_rule_sha256", "5" * 64)),
    (6, "root_mismatch", {}, PARAMS, set_at("frame", "root", "5" * 64)),
    (6, "root_mismatch", {}, PARAMS, set_at("avoid", "root", "5" * 64)),
    (6, "size_mismatch", {}, PARAMS, set_at("excluded", "size", 5)),
    (6, "universe_signature", {}, "universe.note", swap("vdp1 universe", "vdp1 uniwerse")),
    (6, "universe_counts", {}, "universe", set_at("read", 1)),
    (6, "universe_list", {"sealed": True}, "excluded rows", lambda rows: rows[1:]),
    (6, "universe_list", {}, "universe", set_at("sha256", "5" * 64)),
    (6, "universe_list", {}, "excluded rows", lambda rows: rows[1:]),
    (6, "universe_list", {}, "excluded rows", lambda rows: [["GHOST", "closed", "-"], *rows[1:]]),
    (6, "stratum_size", {}, PARAMS, set_at("strata", 0, "size", 41)),
    (6, "stratum_unknown", {}, PARAMS, set_at("strata", 0, "id", "0")),
    (6, "reason_unknown", {}, "excluded rows", lambda rows: [[rows[0][0], "friend", "-"], *rows[1:]]),
    (6, "reason_counts", {}, PARAMS, set_at("excluded", "by_reason", {"closed": 3})),
    (6, "frame_excluded_overlap", {}, "excluded rows", lambda rows: [["91000000VDPT000000", "closed", "-"], *rows[1:]]),
    (6, "seal_mismatch", {}, "universe", set_at("sealed", True)),
    (6, "seal_mismatch", {}, PARAMS, set_at("frame", "key_commitment", "5" * 64)),
    (6, "rejected_digest", {}, "rejected.csv", lambda _: b"other"),
    (8, "quota_mismatch", {}, PARAMS, set_at("strata", 0, "n", 3)),
    (8, "quota_mismatch", {}, PARAMS, set_at("strata", 0, "num", 6)),
    (8, "quota_invalid", {}, PARAMS, set_at("strata", 0, "weight", 1)),
    (8, "quota_invalid", {}, PARAMS, set_at("hamilton", {"total": 1})),
    (8, "quota_invalid", {}, PARAMS, set_at("replacement", "reserve_num", 11)),
    (8, "reserve_bound", {}, PARAMS, set_at("strata", 0, "reserve", 39)),
    (9, "close_text", {}, "close.txt", swap("campaign DEMO", "campaign DEMA")),
    (9, "close_text", {}, "seed-input.txt", swap("source 1 cr DEPT-B", "source 1 cr DEPT-C")),
    (9, "value_invalid", {"beacon": "digits"}, "seed-input.txt", lambda data: data[:-2] + b"\n"),
    (9, "value_invalid", {"beacon": "lottery"}, "seed-input.txt", swap("03,05", "05,03")),
    (9, "reveal_mismatch", {}, PARAMS, set_at("seed", 0, "commitment", "6" * 64)),
    (9, "reveal_missing", {}, "entry reveal", set_at("body", "party", "DEPT-Q")),
    (9, "reveal_missing", {"reveal": False}, "before close", lambda maker: maker.entry("reveal", BEACON_TIME - 900, {
        "campaign": "DEMO-2026", "party": "DEPT-B", "secret": SECRET}, [])),
    (9, "reading_late", {"beacon": "digits"}, "before close", reads(2, None, at=CLOSE_AT - 300)),
    (9, "reading_late", {}, "before close", reads(1, None, at=CLOSE_AT - 300)),
    (9, "reading_late", {}, "before close", reads(3, "1", at=CLOSE_AT - 300)),
    (9, "reading_mismatch", {"beacon": "digits"}, "before seed", reads(2, "1" * 20)),
    (9, "reading_alone", {"beacon": "digits"}, "before seed", reads(2, None, second=None)),
    (9, "reading_alone", {"beacon": "digits"}, "before seed", reads(2, None, second="P2-A")),
    (10, "chain_hash", {}, "sources/drand.json", swap('"period":3', '"period":4')),
    (10, "chain_hash", {}, "sources/not-before.json", swap('"quicknet"', '"quacknet"')),
    (10, "beacon_round", {}, PARAMS, set_at("beacon_time", stamp(BEACON_TIME + 1))),
    (10, "beacon_round", {}, "sources/drand.json", swap('"round":12040883', '"round":12040884')),
    (10, "beacon_signature", {}, "sources/drand.json", swap(SIGNATURE, OLD_SIGNATURE)),
    (10, "beacon_signature", {}, "sources/not-before.json", swap(OLD_SIGNATURE, SIGNATURE)),
    (11, "seed_mismatch", {}, "entry seed", set_at("body", "seed", "7" * 64)),
    (12, "selection_mismatch", {}, "selected.tsv", lambda data: data.split(b"\n", 1)[1]),
    (12, "selection_mismatch", {}, "reserve.tsv", lambda _: b""),
    (12, "selection_mismatch", {"draws": 2, "apart": True}, "D2/selected.tsv", lambda data: data.split(b"\n", 1)[1]),
    (13, "replacement_invalid", {"replaced": 1}, "entry replace", set_at("body", "second", None)),
    (13, "replacement_invalid", {"replaced": 1}, "entry replace", set_at("body", "second", "DEPT-A")),
    (13, "replacement_invalid", {"replaced": 1}, "entry replace", set_at("body", "evidence", None)),
    (13, "replacement_invalid", {"replaced": 2}, "replacements.tsv", lambda data: data.split(b"\n", 1)[1]),
    (13, "replacement_invalid", {"replaced": 1}, PARAMS, set_at("replacement", "objects", False)),
    (13, "replacement_invalid", {"replaced": 1}, "files", file("replacements.tsv", lambda _: None)),
    (13, "replacement_invalid", {}, "files", file("replacements.tsv", lambda _: b"")),
    (14, "matching_mismatch", {}, "assignment.tsv", swap("\tdeal\n", "\trepair\n")),
    (14, "matching_mismatch", {}, "unfilled.tsv", lambda data: data + b"Z:1\topen\tZ:1\n"),
    (14, "matching_mismatch", {"draws": 2}, "unfilled.tsv", lambda data: data.split(b"\n", 1)[1]),
    (1, "table_invalid", {}, "unfilled.tsv", lambda data: data + b"Z:1\tfull\tZ:1\n"),
    (1, "table_invalid", {"substituted": True}, "substitutions.tsv", lambda data: data[: -len(NONCE) - 2] + b"\n"),
    (1, "table_invalid", {}, "inspectors.tsv", twin),
    (14, "matching_input", {}, "avoid.tsv", swap("I001", "I999")),
    (15, "substitution_invalid", {"substituted": True}, "asked", set_at(1, "9")),
    (15, "substitution_invalid", {"substituted": True}, "asked", set_at(2, "-")),
    (15, "substitution_invalid", {"substituted": True}, "asked", set_at(0, "GHOST")),
    (15, "substitution_invalid", {"substituted": True}, "entry substitute", set_at("body", "request", "9" * 64)),
    (15, "substitution_invalid", {"substituted": True}, "substitutions.tsv", swap(NONCE, "9" * 64)),
    (15, "substitution_invalid", {"substituted": True}, "substitutions.tsv", twice),
    (15, "substitution_invalid", {}, "extra entries", ask_again),
    (15, "substitution_invalid", {"substituted": True}, "entry substitute", set_at("body", "reason", "whim")),
    (15, "substitution_invalid", {"substituted": True}, "entry substitute", set_at("body", "source", "n", 5)),
    (15, "substitution_invalid", {"substituted": True}, "substitutions.tsv", wrong_deck),
    (15, "substitution_invalid", {"substituted": True}, "asked", set_at(2, "I011")),
    (16, "campaign_mixed", {"draws": 2}, "params D2", set_at("witness_k", 3)),
    (16, "campaign_mixed", {"draws": 2}, "params D2", set_at("matching", "cross_home", False)),
    (16, "campaign_order", {"draws": 2}, "params D2", set_at("seq", 1)),
    (16, "campaign_order", {"draws": 2, "apart": True}, "params D2", set_at("exclude_selected_of", ["D7"])),
    (16, "campaign_incomplete", {}, "before close", lambda maker: maker.entry(
        "commit", COMMIT_AT + 20, commit_body("D9", campaign="DEMO-2026"), ["params.json"])),
    (16, "pool_conflict", {"draws": 2}, "frame rows", other_pools),
]  # fmt: skip


def named(case: tuple[Any, ...]) -> str:
    return f"{case[0]}-{case[1]}-{case[3]}"


@pytest.mark.parametrize("case", SPOILT, ids=named)
def test_spoilt_bundle_is_refused_by_its_own_check(make, verify, case):
    number, code, wish, name, twist = case
    report = verify(make(**wish, twists={name: twist}))
    failure = report["failure"]
    assert (report["colour"], failure and (failure["number"], failure["code"])) == ("red", (number, code)), failure
    assert "—" not in failure["sentence"]


@pytest.mark.parametrize("role", ["operator", "registry", "log"])
def test_key_that_the_reader_does_not_trust_is_refused(make, verify, role):
    trust = re.sub(rf"^{role} .*$", f"{role} {STRANGER.vkey}", trust_text(), flags=re.MULTILINE)
    failure = verify(make(), trust=trust)["failure"]
    assert (failure["number"], failure["code"]) == (2 if role == "log" else 1, "key_untrusted")


def test_only_named_witnesses_count(make, verify):
    trust = "".join(line for line in trust_text().splitlines(True) if "witness3" not in line)
    assert verify(make(), trust=trust)["ok"]
    fewer = "".join(line for line in trust.splitlines(True) if "witness2" not in line)
    failure = verify(make(), trust=fewer)["failure"]
    assert (failure["number"], failure["code"]) == (2, "checkpoint_witnesses")


def strange(rows: list[Any]) -> list[Any]:
    return [[rows[0][0], pseudonym("GHOST"), rows[0][2]], *rows[1:]]


@pytest.mark.parametrize(
    ("wish", "options", "code"),
    [
        ({}, {"sealKey": "08" * 32}, "key_commitment"),
        ({}, {"sealKey": SEAL_KEY, "realIds": real_ids()[:-19]}, "pid_mismatch"),
        (
            {"twists": {"universe": set_at("sha256", "5" * 64)}},
            {"sealKey": SEAL_KEY, "realIds": real_ids()},
            "universe_list",
        ),
        ({"twists": {"frame rows": strange}}, {"sealKey": SEAL_KEY, "realIds": real_ids()}, "pid_mismatch"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_opening_a_sealed_draw_finds_what_is_wrong(make, verify, wish, options, code):
    failure = verify(make(sealed=True, **wish), **options)["failure"]
    assert (failure["number"], failure["code"]) == (7, code)


def ids_with_units(change: Callable[[str], str] = lambda unit: unit) -> str:
    return "".join(f"{one}\t{pseudonym(one)}\t{change(unit_of(one))}\n" for one in real_ids().split())


@pytest.mark.parametrize(
    ("listed", "code"),
    [
        (ids_with_units(), None),
        (ids_with_units() * 2, None),
        (real_ids(), "pid_mismatch"),
        (ids_with_units(lambda unit: "UNIT0" if unit == "UNIT7" else unit), "pid_mismatch"),
        (ids_with_units(pseudonym), "pid_mismatch"),
        (ids_with_units().rsplit("\n", 2)[0] + "\n", "pid_mismatch"),
    ],
    ids=["right", "twice", "none", "another", "sealed", "one-missing"],
)
def test_units_of_a_sealed_frame_are_those_of_the_real_list(make, verify, listed, code):
    report = verify(make(sealed=True, units=True), sealKey=SEAL_KEY, realIds=listed)
    assert (report["failure"] and (report["failure"]["number"], report["failure"]["code"])) == (code and (7, code))
    assert report["level"] == (None if code else "L2")
    if code is None:
        assert (report["colour"], codes(report)) == ("green", [])


def regrouped(rows: list[Any]) -> list[Any]:
    return [*rows[:9], [*rows[9][:3], rows[0][3]], *rows[10:]]


def test_object_gathered_under_another_unit_is_found(make, verify):
    files = make(sealed=True, units=True, twists={"frame rows": regrouped})
    assert codes(verify(files, sealKey=SEAL_KEY)) == ["by_unit"]
    failure = verify(files, sealKey=SEAL_KEY, realIds=ids_with_units())["failure"]
    assert (failure["number"], failure["code"]) == (7, "pid_mismatch")


def test_every_code_of_the_specification_has_its_sentence(ask):
    spec = (ROOT / "spec" / "vdp1.md").read_text(encoding="utf-8")
    table = spec.split("## 11 Verification")[1].split("`json_field` covers")[0]
    cells = [row.split("|")[3] for row in table.splitlines() if row.startswith("|")]
    wanted = {code for cell in cells for code in re.findall(r"`([a-z_]+)`", cell)}
    assert len(wanted) > 60
    assert wanted - set(ask("Object.keys(gongchou.sentences.FAILURES)")) == set()


def test_fault_of_the_verifier_itself_is_never_a_pass(ask, make):
    from tests.verifier.conftest import packed  # noqa: PLC0415

    script = """(async () => { const real = gongchou.merkle.rootOfTable; gongchou.merkle.rootOfTable = null;
        try { return await gongchou.verifyFiles(mapOf(x)); } finally { gongchou.merkle.rootOfTable = real; } })()"""
    report = ask(script, packed(make()))
    assert (report["ok"], report["failure"]["code"]) == (False, "internal_error")


@pytest.mark.parametrize(("cosigned_at", "code"), [(COMMIT_AT, None), (COMMIT_AT + 1, "supersedes_invalid")])
def test_withdrawal_after_the_seed_needs_a_day_of_pause(make, verify, cosigned_at, code):
    failure = verify(make(withdrawn="after", twists={"cosigned withdraw": lambda _: [cosigned_at] * 3}))["failure"]
    assert (failure and failure["code"]) == code


@pytest.mark.parametrize(
    ("cosigned_at", "mark"), [(OLD_BEACON_TIME - 1, "withdrawn"), (OLD_BEACON_TIME, "withdrawn_after_seed")]
)
def test_seed_is_known_from_the_beacon_time_of_the_commit_on(make, verify, cosigned_at, mark):
    report = verify(make(withdrawn="after", twists={"cosigned withdraw": lambda _: [cosigned_at] * 3}))
    assert codes(report) == [mark]


def test_parameters_supersede_the_same_draw_as_their_commit(make, verify):
    twists = {PARAMS: set_at("supersedes", "D0"), "entry commit": set_at("body", "supersedes", None)}
    failure = verify(make(twists=twists))["failure"]
    assert (failure["number"], failure["code"]) == (4, "commit_fields")


def history(*said: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """Twist: commits and withdrawals of another plan, in the order given, an hour apart."""

    def twist(maker: Any) -> None:
        own = maker.files.pop("params.json", None)
        maker.files["params.json"] = b"{}"
        for hour, (kind, body) in enumerate(said):
            maker.entry(kind, LATER + 3600 * hour, body, ["params.json"] if kind == "commit" else [])
        del maker.files["params.json"]
        maker.files |= {} if own is None else {"params.json": own}

    return {"extra entries": twist}


def commit(draw: str, supersedes: str | None = None, **change: Any) -> tuple[str, dict[str, Any]]:
    return "commit", commit_body(draw, supersedes=supersedes, **change)


def give_up(draw: str, **change: Any) -> tuple[str, dict[str, Any]]:
    return "withdraw", withdraw(draw, campaign="OTHER", reason="any_reason", **change)


SOON = stamp(LATER + 4000)  # known when something is withdrawn as the third entry
AFTER_A_DAY = stamp(LATER + 7200 + 7 + 86_400)
TOO_SOON = stamp(LATER + 7200 + 7 + 86_399)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ([commit("D7")], None),
        ([commit("D7"), give_up("D7"), commit("D8", "D7"), give_up("D8"), commit("D9", "D8")], None),
        ([commit("D7"), give_up("D7"), commit("D8", "D7"), give_up("D8"), commit("D9", "D7")], "supersedes_invalid"),
        ([commit("D7"), give_up("D7"), commit("D8", "D7"), give_up("D8"), commit("D9")], "supersedes_invalid"),
        ([commit("D7"), give_up("D7"), commit("D8")], "supersedes_invalid"),
        ([commit("D7"), give_up("D7"), commit("D8", plan="更别的计划")], None),
        ([commit("D7"), give_up("D7"), commit("D8", mode="test")], None),
        ([commit("D7"), commit("D8", mode="test")], None),
        ([commit("D7"), commit("D8", "D7")], "plan_two_live"),
        ([commit("D7"), commit("D8", "D7"), give_up("D7")], "plan_two_live"),
        ([commit("D7"), commit("D8", campaign="ANOTHER")], "plan_two_live"),
        ([commit("D7"), give_up("D7"), commit("D7", "D7")], "draw_committed_twice"),
        ([commit("D7"), give_up("D7"), commit("D7", "D7", campaign="ANOTHER")], None),
        ([give_up("D7"), commit("D7")], "withdrawal_invalid"),
        ([commit("D7"), give_up("D7"), give_up("D7")], "withdrawal_invalid"),
        ([commit("D7", beacon_time=SOON), ("plan", {"plan": "甲"}), give_up("D7")], None),
        ([commit("D7", beacon_time=SOON), ("plan", {"plan": "甲"}), give_up("D7", second=None)], None),
        ([commit("D7", beacon_time=SOON), ("plan", {"plan": "甲"}), give_up("D7", second="DEPT-A")], None),
        (
            [commit("D7", beacon_time=SOON), ("plan", {"plan": "甲"}), give_up("D7", second=None),
             commit("D8", "D7", beacon_time=TOO_SOON)],
            "supersedes_invalid",
        ),
        ([commit("D7"), ("plan", {"plan": "甲"}), give_up("D7", second=None)], None),
        (
            [commit("D7", beacon_time=SOON), ("plan", {"plan": "甲"}), give_up("D7"),
             commit("D8", "D7", beacon_time=AFTER_A_DAY)],
            None,
        ),
        (
            [commit("D7", beacon_time=SOON), ("plan", {"plan": "甲"}), give_up("D7"),
             commit("D8", "D7", beacon_time=TOO_SOON)],
            "supersedes_invalid",
        ),
    ],
)  # fmt: skip
def test_commits_and_withdrawals_are_taken_by_index(make, verify, said, code):
    failure = verify(make(twists=history(*said)))["failure"]
    assert (failure and (failure["number"], failure["code"])) == (code and (3, code))


def test_later_of_two_live_commits_is_the_place(make, verify):
    files = make(twists=history(commit("D7"), commit("D8", "D7")))
    place = verify(files)["failure"]["place"]
    assert json.loads(files[place])["body"]["draw"] == "D8"


def test_other_commits_of_the_chains_are_listed(make, verify):
    said = [
        commit("D7", beacon_time=SOON), commit("D8", plan="餐饮检査 1"), give_up("D7"), give_up("D8"),
        commit("D9", "D8", plan="餐饮检査 1", mode="official"), commit("D10", mode="test"),
    ]  # fmt: skip
    report = verify(make(draws=2, twists=history(*said)))
    assert report["failure"] is None
    other = report["summary"]["other_commits"]
    assert [(one["draw"], one["plan"], one["mode"], one["state"]) for one in other] == [
        ("D7", "别的计划", "official", "withdrawn_after_seed"),
        ("D8", "餐饮检査 1", "official", "withdrawn"),
        ("D9", "餐饮检査 1", "official", "live"),
        ("D10", "别的计划", "test", "live"),
    ]
    assert {(one["authority"], one["campaign"]) for one in other} == {("DEPT-A", "OTHER")}
    assert [one["index"] for one in other] == sorted(one["index"] for one in other)


def test_no_other_commits_no_list(make, verify):
    assert verify(make(draws=2))["summary"]["other_commits"] == []


# ---- authorities


def trusting(*authorities: str) -> str:
    lines = [line for line in trust_text().splitlines() if not line.startswith("authority ")]
    return "".join(f"{line}\n" for line in [*lines, *(f"authority {one}" for one in authorities)])


def test_trust_file_that_names_no_authority_leaves_the_question_open(make, verify):
    report = verify(make(), trust=trusting())
    assert (report["failure"], report["colour"], codes(report)) == (None, "amber", ["authorities_open"])


def test_authority_that_the_reader_does_not_name_is_refused_at_its_entry(make, verify):
    files = make(withdrawn="after")
    failure = verify(files, trust=trusting("DEPT-B", "DEPT-C"))["failure"]
    assert (failure["number"], failure["code"]) == (2, "authority_untrusted")
    assert json.loads(files[failure["place"]])["authority"] == "DEPT-A"
    failure = verify(files, trust=trusting("DEPT-A"))["failure"]
    assert json.loads(files[failure["place"]])["body"]["second"] == "DEPT-C"


@pytest.mark.parametrize(
    ("twist", "code"),
    [
        ({"entry seed": set_at("type", "audit")}, "authority_untrusted"),
        ({"entry close": set_at("prev", "1" * 64)}, "chain_broken"),
        ({"entry close": set_at("prev", "1" * 64), "shown": lambda shown: shown - {max(shown)}}, "chain_broken"),
        ({"shown": lambda shown: shown - {max(shown)}}, "log_cut"),
    ],
)
def test_authorities_are_asked_after_the_chains_and_before_the_entries(make, verify, twist, code):
    assert verify(make(twists=twist), trust=trusting("DEPT-B"))["failure"]["code"] == code


@pytest.mark.parametrize("line", ["authority dept-a", "authority", "authority A B"])
def test_malformed_authority_in_the_trust_file_is_refused(ask, line):
    assert trusted(ask, f"{trust_text()}{line}\n") == "key_invalid"


def trusted(ask: Callable[..., Any], text: str) -> Any:
    """What both readers make of a trust file: the authorities it names, or that it is none."""
    script = """(() => { try { return [...gongchou.trust.parse(x).authority].sort(); }
        catch (error) { return error.code; } })()"""
    found, core = ask(script, text), None
    with contextlib.suppress(FormatError):
        core = sorted(parse_trust(text)["authority"])
    assert found == ("key_invalid" if core is None else core)
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("\n \t \n# nothing\n", []),
        ("authority A", ["A"]),
        ("\ufeffauthority A\r\nauthority B\r\n", ["A", "B"]),
        ("\ufeff# by hand\nauthority A\n", ["A"]),
        (" authority\t A\t\n", ["A"]),
        ("authority A # the first\n#authority B\n  # authority C\n", ["A"]),
        ("authority A # caf\u00e9\u3000\u2028 \f\n", ["A"]),
        ("authority A#B\n", "key_invalid"),
        ("authority A\n\ufeffauthority B\n", "key_invalid"),
        *[(f"authority{one}A\n", "key_invalid") for one in "\xa0\u2028\u2029\x85\f\v\u3000\x1c\r"],
        *[(f"authority A{one}\n", "key_invalid") for one in "\xa0\u2028\x85\f\v\u3000\x1c"],
        *[(f"{one}authority A\n", "key_invalid") for one in "\xa0\u2028\x85\f\v\u3000\x1c"],
        *[(f"authority A{one}authority B\n", "key_invalid") for one in "\u2028\x85\f\v\x1c\r"],
        ("authority A\r\r\n", "key_invalid"),
        ("drand " + "A" * 64, "key_invalid"),
        ("Authority A", "key_invalid"),
    ],
)
def test_lines_of_a_trust_file(ask, text, expected):
    assert trusted(ask, text) == expected


def test_empty_trust_file_trusts_nobody(make, verify):
    failure = verify(make(), trust="")["failure"]
    assert (failure["number"], failure["code"]) == (1, "key_untrusted")


@pytest.mark.parametrize(
    "listed",
    ["\ufeff" + real_ids(), real_ids().replace("\n", "\r\n"), "\n" + real_ids() + "\n\n"],
    ids=["bom", "crlf", "empty"],
)
def test_real_list_may_come_from_any_editor(make, verify, listed):
    assert verify(make(sealed=True), sealKey=SEAL_KEY, realIds=listed)["level"] == "L2"


@pytest.mark.parametrize("gap", ["\xa0", "\u2028", "\x85", "\f", "\v", " ", "\r", "\u3000", "\ufeff"])
def test_real_list_has_no_other_separators(ask, make, gap):
    from tests.verifier.conftest import packed  # noqa: PLC0415

    listed = real_ids().replace("\n", f"{gap}\n", 1) if gap != "\r" else real_ids().replace("\n", "\r", 1)
    with pytest.raises(FormatError):
        parse_real_ids(listed)
    told = {"trust": trust_text(), "sealKey": SEAL_KEY, "realIds": listed}
    failure = ask("gongchou.verifyFiles(mapOf(x[0]), x[1])", [packed(make(sealed=True)), told])["failure"]
    assert (failure["number"], failure["code"]) == (7, "pid_mismatch")


# ---- bounds


@pytest.mark.parametrize(("n_bytes", "code"), [(65_535, None), (65_536, "entry_invalid")])
def test_entry_has_at_most_65535_bytes(make, verify, n_bytes, code):
    def pad(entry: dict[str, Any]) -> dict[str, Any]:
        room = n_bytes - len(canonical(entry | {"body": {"text": ""}}))
        return entry | {"body": {"text": "a" * room}}

    failure = verify(make(twists={"extra entries": extra("audit", {}), "entry audit": pad}))["failure"]
    assert (failure and failure["code"]) == code


def test_note_holds_as_many_strangers_signatures_as_there_is_room_for(make, verify):
    assert verify(make(twists={"after": file("manifest.note", more_signatures(63))}))["ok"]


def test_cosignature_of_the_last_second_counts(make, verify):
    failure = verify(make(twists={"cosigned close": lambda times: [times[0], LAST_SECOND]}))["failure"]
    assert (failure["number"], failure["code"]) == (5, "close_late")


# ---- withdrawals of draws of this bundle


def after_withdrawal(**successor: Any) -> Callable[[Any], Any]:
    """Withdraw D2 after the close; then commit D9 for the same plan."""

    def twist(maker: Any) -> None:
        maker.entry("withdraw", LATER + 100, withdraw("D2"), [])
        body = commit_body("D9", plan="餐饮检查 2", campaign="LATER") | successor
        maker.files["params.json"] = b"{}"
        maker.entry("commit", LATER + 200, body, ["params.json"])
        del maker.files["params.json"]

    return twist


def test_draw_withdrawn_after_the_close_stays_and_is_shown_in_red(make, verify):
    report = verify(make(draws=2, twists={"extra entries": after_withdrawal(supersedes="D2")}))
    assert (report["failure"], report["colour"]) == (None, "amber")
    assert ("withdrawn_after_seed", "red") in [(mark["code"], mark["colour"]) for mark in report["marks"]]
    assert [draw["state"] for draw in report["summary"]["draws"]] == ["live", "withdrawn_after_seed"]


@pytest.mark.parametrize("second", [None, "DEPT-B"])
def test_draw_withdrawn_between_close_and_beacon_counts_as_late(make, verify, second):
    twists = {
        "cosigned withdraw": lambda _: [BEACON_TIME - 1] * 3,
        "extra entries": lambda maker: maker.entry("withdraw", LATER, withdraw("D2", second=second), []),
    }
    report = verify(make(draws=2, twists=twists))
    if second is None:
        assert (report["failure"]["number"], report["failure"]["code"]) == (3, "withdrawal_invalid")
    else:
        assert (report["failure"], codes(report)) == (None, ["unfilled", "withdrawn_after_seed"])
        assert [draw["state"] for draw in report["summary"]["draws"]] == ["live", "withdrawn_after_seed"]


def test_late_withdrawals_of_other_items_are_counted_and_listed(make, verify):
    said = [commit("D7", beacon_time=SOON), ("plan", {"plan": "甲"}), give_up("D7")]
    report = verify(make(twists=history(*said)))
    assert [(one["code"], one["colour"]) for one in report["marks"]] == [("others_withdrawn_after_seed", "grey")]
    assert [one["state"] for one in report["summary"]["other_commits"]] == ["withdrawn_after_seed"]


def by_another(maker: Any) -> None:
    """Commit for the plan of the first draw in the name of DEPT-B."""
    own = maker.files.pop("params.json", None)
    maker.files["params.json"] = b"{}"
    maker.entry("commit", LATER, commit_body("D7", plan="餐饮检查 1"), ["params.json"], "DEPT-B")
    del maker.files["params.json"]
    maker.files |= {} if own is None else {"params.json": own}


def test_the_same_plan_of_another_authority_is_another_item(make, verify):
    report = verify(make(draws=2, second="DEPT-B", twists={"extra entries": by_another}))
    assert report["failure"] is None
    assert [one["draw"] for one in report["summary"]["other_commits"]] == ["D7"]


# ---- the tail of the log


def tail_of(*bodies: dict[str, Any], **change: Any) -> dict[str, Any]:
    """Twist: plans of DEPT-Q behind everything else."""

    def twist(maker: Any) -> None:
        for hour, body in enumerate(bodies):
            maker.entry("plan", LATER + 3600 * hour, {"plan": "甲"} | body, [], "DEPT-Q")

    return {"extra entries": twist} | change


def foreign(index: int, **change: Any) -> Callable[[Any], Any]:
    """Return a twist of one of DEPT-Q's entries."""
    calls = iter(range(99))

    def twist(entry: dict[str, Any]) -> dict[str, Any]:
        return entry | change if entry["authority"] == "DEPT-Q" and next(calls) == index else entry

    return twist


@pytest.mark.parametrize(
    ("twists", "code"),
    [
        (tail_of({}), None),
        (tail_of({}, {}), None),
        (tail_of({}, {}, **{"entry plan": foreign(0, seq=40, prev="3" * 64)}), "chain_broken"),
        (tail_of({}, **{"entry plan": foreign(0, seq=40, prev="3" * 64)}), None),
        (tail_of({}, {}, **{"entry plan": foreign(1, seq=3)}), "chain_broken"),
        (tail_of({}, {}, **{"entry plan": foreign(1, seq=1)}), "chain_broken"),
        (tail_of({}, {}, **{"entry plan": foreign(1, prev="3" * 64)}), "chain_broken"),
        (tail_of({}, {}, **{"entry plan": foreign(1, time=stamp(LATER - 1))}), "chain_broken"),
        (tail_of({"more": 1}), "entry_invalid"),
        (tail_of({}, shown=lambda shown: shown - {max(shown) - 1}), "log_cut"),
    ],
)  # fmt: skip
def test_strangers_entries_at_the_end_are_shown_and_read_as_runs(make, verify, twists, code):
    report = verify(make(twists=twists))
    assert (report["failure"] and (report["failure"]["number"], report["failure"]["code"])) == (code and (2, code))
    if code is None:
        assert (report["colour"], codes(report)) == ("green", [])


def test_withdrawal_cannot_be_cut_off_under_a_later_horizon(make, verify):
    withdrawal = {"extra entries": lambda maker: maker.entry("withdraw", LATER + 100, withdraw("D2"), [])}
    assert "withdrawn_after_seed" in codes(verify(make(draws=2, twists=withdrawal)))
    whole = make(draws=2, twists=withdrawal | {"shown": lambda shown: set(range(max(shown) + 1))})
    last = max(path for path in whole if b'"type":"withdraw"' in whole[path] and path.startswith("log/"))
    index = int(last[4:12])
    for rest in (lambda shown: shown, lambda shown: set(range(max(shown) + 1))):
        cut = make(draws=2, twists=withdrawal | {"shown": lambda shown, rest=rest: rest(shown) - {index}})
        failure = verify(cut)["failure"]
        assert (failure["number"], failure["code"], failure["place"]) == (2, "log_cut", "log/checkpoint")


def test_entries_of_others_before_the_tail_are_permitted(make, verify):
    report = verify(make(twists={"shown": lambda shown: set(range(max(shown) + 1))}))
    assert (report["failure"], report["colour"]) == (None, "green")


def test_nobody_else_speaks_for_the_campaign(make, verify):
    """A stranger's commit, close and withdrawal change nothing, not even the list of other commits."""

    def stranger(maker: Any) -> None:
        by_another(maker)
        maker.entry("withdraw", LATER, withdraw("D1"), [], "DEPT-B")
        maker.entry("close", LATER, {"campaign": "DEMO-2026"}, ["close.txt"], "DEPT-B")
        maker.entry("substitute", LATER, SUBSTITUTE | {"second": "DEPT-Q"}, [], "DEPT-B")

    report = verify(make(twists={"extra entries": stranger}))
    assert (report["failure"], report["colour"], codes(report)) == (None, "green", [])
    assert report["summary"]["other_commits"] == []


def test_secret_revealed_by_a_stranger_is_missing(make, verify):
    def early(maker: Any) -> None:
        said = {"campaign": "DEMO-2026", "party": "DEPT-B", "secret": SECRET}
        maker.entry("reveal", BEACON_TIME - 900, said, [], "DEPT-B")

    whole = {"shown": lambda shown: set(range(max(shown) + 1))}
    report = verify(make(reveal=False, twists={"before close": early} | whole))
    assert (report["failure"], codes(report)) == (None, ["reveal_missing"])


def test_lead_says_how_many_witnesses_are_needed(make, verify):
    twists = {"params D2": set_at("witness_k", 3), "cosigned close": lambda times: times[:2]}
    failure = verify(make(draws=2, twists=twists))["failure"]
    assert (failure["number"], failure["code"]) == (16, "campaign_mixed")
    failure = verify(make(draws=2, twists=twists | {"params D1": set_at("witness_k", 3)}))["failure"]
    assert (failure["number"], failure["code"]) == (2, "checkpoint_witnesses")


@pytest.mark.parametrize(
    "successor", [{}, {"supersedes": "D2", "beacon_time": stamp(LATER + 100 + 7 + 86_399)}], ids=["unsaid", "hasty"]
)
def test_successor_names_what_it_supersedes_and_waits_a_day(make, verify, successor):
    failure = verify(make(draws=2, twists={"extra entries": after_withdrawal(**successor)}))["failure"]
    assert (failure["number"], failure["code"]) == (3, "supersedes_invalid")


def test_bundle_of_which_all_is_withdrawn_does_not_hold(make, verify):
    def give_up_both(maker: Any) -> None:
        for draw in ("D1", "D2"):
            maker.entry("withdraw", LATER + 100, withdraw(draw), [])

    failure = verify(make(draws=2, twists={"extra entries": give_up_both}))["failure"]
    assert (failure["number"], failure["code"]) == (3, "draw_withdrawn")


def test_draw_withdrawn_before_the_close_is_not_drawn(make, verify):
    early = {"before close": lambda maker: maker.entry("withdraw", COMMIT_AT + 50, withdraw("D2", second=None), [])}
    failure = verify(make(draws=2, twists=early))["failure"]
    assert (failure["number"], failure["code"]) == (3, "draw_withdrawn")


def test_broken_campaign_leaves_the_draw_unchecked(make, verify):
    report = verify(make(draws=2, twists={"params D2": set_at("seq", 1)}))
    assert [check["status"] for check in report["checks"][11:15]] == ["not_checked"] * 4


def test_plain_json_of_the_report(make, verify):
    report = verify(make())
    assert json.loads(json.dumps(report)) == report
