"""What an official writes becomes parameters, or a refusal that names the key."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gongchou.draw import draft
from gongchou.draw.beacon import PUBLIC_CHAINS
from gongchou.draw.encoding import dump_json
from gongchou.draw.errors import DrawError, EvidenceError, FormatError, RuleError
from gongchou.draw.frame import Digest
from gongchou.draw.params import read_params

ZERO = "0" * 64
QUICKNET, DEFAULT = PUBLIC_CHAINS
FROZEN = draft.Frozen(
    universe=Digest(1040, ZERO, ZERO),
    frame=Digest(1040, ZERO, ZERO),
    excluded=Digest(0, ZERO, ZERO),
    by_reason={},
    strata={"A": 1000, "B": 40},
    reasons_sha256=ZERO,
    rule_sha256=ZERO,
    sealed=False,
    key_commitment=None,
    inspectors=None,
    avoid=None,
    software={"name": "x", "source_sha256": None, "version": "1"},
)
SIMPLE: dict[str, Any] = {
    "campaign": "C-1",
    "draw": "D1",
    "authority": "SCJG",
    "plan": "P",
    "strata": {"*": {"ratio": "3%"}},
    "seed": [{"type": "digits", "n": 20}, {"type": "drand"}],
    "closes_at": "2026-12-01T01:00:00Z",
    "beacon_time": "2026-12-01T02:00:00Z",
}
WITH_PEOPLE = replace(FROZEN, inspectors=Digest(5, ZERO, ZERO), avoid=Digest(0, ZERO, ZERO))


def freeze(frozen=FROZEN, **own):
    return draft.freeze(SIMPLE | own, frozen)


def places(**strata):
    return {part["id"]: (part["n"], part["reserve"]) for part in freeze(strata=strata)["strata"]}


# What is filled in ------------------------------------------------------------------------------


def test_a_short_draft_becomes_whole_parameters():
    made = freeze()

    assert read_params(dump_json(made)) == made
    assert [(part["id"], part["size"], part["n"], part["reserve"]) for part in made["strata"]] == [
        ("A", 1000, 30, 3),
        ("B", 40, 2, 1),
    ]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("v", "vdp1"),
        ("suite", "sha256"),
        ("mode", "official"),
        ("seq", 1),
        ("lead_s", 600),
        ("witness_k", 2),
        ("ticket_scope", "campaign"),
        ("ticket_key", "object"),
        ("exclude_selected_of", []),
        ("matching", None),
        ("hamilton", None),
        ("not_before", None),
        ("replacement", {"inspectors": None, "objects": True, "reserve_den": 10, "reserve_num": 1}),
        ("disclosure", {"after": None, "frame": "open", "inspectors": "open", "selected": "open"}),
        ("frame", {"key_commitment": None, "root": ZERO, "sealed": False, "sha256": ZERO, "size": 1040}),
        ("universe", {"root": ZERO, "sha256": ZERO, "size": 1040}),
    ],
)
def test_what_a_draft_does_not_say_has_its_default(key, value):
    assert freeze()[key] == value


def test_a_sealed_frame_discloses_nothing_by_default():
    made = freeze(replace(FROZEN, sealed=True, key_commitment=ZERO), disclosure={"after": "2027-01-01T00:00:00Z"})

    assert made["disclosure"] == {
        "after": "2027-01-01T00:00:00Z",
        "frame": "sealed",
        "inspectors": "open",
        "selected": "sealed",
    }


def test_what_is_sealed_needs_a_time_of_disclosure():
    with pytest.raises(RuleError, match="disclosure_after"):
        freeze(disclosure={"inspectors": "sealed"})


def test_slots_are_filled_in():
    made = freeze(WITH_PEOPLE, matching={"slots": [{"skills": ["lead"]}, {"department": "XFJ", "count": 2}]})

    assert made["matching"] == {
        "algo": "deal1",
        "cross_home": False,
        "load_rule": "zero",
        "slots": [
            {"count": 1, "department": None, "skills": ["lead"]},
            {"count": 2, "department": "XFJ", "skills": []},
        ],
    }


@pytest.mark.parametrize(
    ("source", "chain", "number"),
    [
        ({"type": "drand"}, QUICKNET, 34429012),
        ({"type": "drand", "chain": "quicknet"}, QUICKNET, 34429012),
        ({"type": "drand", "chain": QUICKNET}, QUICKNET, 34429012),
        ({"type": "drand", "chain": "default"}, DEFAULT, 6688646),
        ({"type": "drand", "chain": ZERO, "round": 7}, ZERO, 7),
        ({"type": "drand", "chain": "quicknet", "round": 7}, QUICKNET, 7),
    ],
)
def test_a_chain_has_a_name_and_its_round_follows_from_the_time(source, chain, number):
    assert freeze(seed=[source])["seed"] == [{"chain": chain, "round": number, "type": "drand"}]


@pytest.mark.parametrize(
    ("beacon_time", "number"),
    [
        ("2026-12-01T01:59:58Z", 34429012),
        ("2026-12-01T02:00:00Z", 34429012),
        ("2026-12-01T02:00:01Z", 34429013),
        ("2023-08-23T15:09:28Z", 2),
        ("2023-08-23T15:09:27Z", 1),
        ("2020-01-01T00:00:00Z", 1),
    ],
)
def test_the_round_is_the_first_not_before_the_time(beacon_time, number):
    made = freeze(closes_at="2019-01-01T00:00:00Z", beacon_time=beacon_time)

    assert made["seed"][-1]["round"] == number


# Strata -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("strata", "expected"),
    [
        ({"*": {"ratio": "5%"}}, {"A": (50, 5), "B": (2, 1)}),
        ({"*": {"ratio": "5%"}, "B": {"ratio": "1/2"}}, {"A": (50, 5), "B": (20, 2)}),
        ({"*": {"num": 1, "den": 30}}, {"A": (34, 4), "B": (2, 1)}),
        ({"*": {"num": 1, "den": 30, "round": "floor"}}, {"A": (33, 4), "B": (1, 1)}),
        ({"*": {"ratio": "1%", "min": 5}}, {"A": (10, 1), "B": (5, 1)}),
        ({"*": {"ratio": "10%", "max": 20}}, {"A": (20, 2), "B": (4, 1)}),
        ({"*": {"n": 7}}, {"A": (7, 1), "B": (7, 1)}),
        ({"*": {"n": 0}}, {"A": (0, 0), "B": (0, 0)}),
        ({"A": {"n": 1}, "B": {"n": 40}}, {"A": (1, 1), "B": (40, 0)}),
        ({"*": {"ratio": "100%"}}, {"A": (1000, 0), "B": (40, 0)}),
        ({"*": {"ratio": "3%", "reserve": 9}}, {"A": (30, 9), "B": (2, 9)}),
        ({"*": {"ratio": "3%", "reserve": 0}}, {"A": (30, 0), "B": (2, 0)}),
    ],
)
def test_places_of_each_way_to_say_them(strata, expected):
    assert places(**strata) == expected


def test_a_total_is_shared_by_weight():
    made = freeze(strata={"A": {"weight": 3}, "B": {"weight": 1}}, hamilton={"total": 10})

    assert [part["n"] for part in made["strata"]] == [8, 2]


def test_the_general_reserve_may_be_another():
    made = freeze(reserve={"num": 1, "den": 2})

    assert [part["reserve"] for part in made["strata"]] == [15, 1]
    assert (made["replacement"]["reserve_num"], made["replacement"]["reserve_den"]) == (1, 2)


@pytest.mark.parametrize(
    ("text", "ratio"),
    [
        ("3%", (3, 100)),
        ("2.5%", (25, 1000)),
        ("0.125%", (125, 100000)),
        ("0%", (0, 100)),
        ("100%", (100, 100)),
        ("2.50%", (250, 10000)),
        ("1/30", (1, 30)),
        ("0/1", (0, 1)),
    ],
)
def test_a_ratio_is_two_integers(text, ratio):
    assert draft.parse_ratio(text) == ratio


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3",
        "0.03",
        "3 %",
        "3％",
        "３%",
        "-3%",
        "3.%",
        ".5%",
        "1e1%",
        "1/",
        "/30",
        "1:30",
        "1/30%",
        "1.5/30",
        "3%\n",
        None,
        0.03,
    ],
)
def test_another_text_is_no_ratio(text):
    with pytest.raises(RuleError, match="ratio_invalid"):
        draft.parse_ratio(text)


# Refusals ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", sorted(SIMPLE))
def test_what_is_needed_is_asked_for_by_name(key):
    with pytest.raises(RuleError) as refusal:
        draft.freeze({name: value for name, value in SIMPLE.items() if name != key}, FROZEN)

    assert (refusal.value.code, refusal.value.facts) == ("draft_missing", {"key": key})


@pytest.mark.parametrize(
    ("own", "code"),
    [
        ({"stratum": {}}, "draft_key"),
        ({"frame": {}}, "draft_key"),
        ({"strata": {"*": {"ratio": "3%", "maximum": 3}}}, "draft_key"),
        ({"strata": []}, "draft_type"),
        ({"seed": {}}, "draft_type"),
        ({"reserve": "10%"}, "draft_type"),
        ({"disclosure": None}, "draft_type"),
        ({"replacement": []}, "draft_type"),
        ({"strata": {"*": {"ratio": "3%"}, "C": {"ratio": "3%"}}}, "stratum_empty"),
        ({"strata": {"A": {"ratio": "3%"}}}, "stratum_without_ratio"),
        ({"strata": {"*": {}}}, "stratum_without_ratio"),
        ({"strata": {"*": {"num": 1}}}, "stratum_without_ratio"),
        ({"strata": {"*": "3%"}}, "stratum_without_ratio"),
        ({"strata": {"*": {"n": 41}}}, "quota_above_pool"),
        ({"strata": {"*": {"n": "3"}}}, "quota_above_pool"),
        ({"strata": {"*": {"n": -1}}}, "json_field"),
        ({"strata": {"*": {"ratio": "3"}}}, "ratio_invalid"),
        ({"strata": {"*": {"ratio": "101%"}}}, "quota_invalid"),
        ({"strata": {"*": {"ratio": "1/0"}}}, "quota_invalid"),
        ({"strata": {"*": {"ratio": "3%", "min": 5, "max": 4}}}, "quota_invalid"),
        ({"strata": {"*": {"ratio": "3%", "min": None}}}, "quota_invalid"),
        ({"strata": {"*": {"weight": 1}}}, "quota_invalid"),
        ({"strata": {"*": {"weight": 1}}, "hamilton": {"total": 1041}}, "quota_invalid"),
        ({"strata": {"*": {"weight": 0}}, "hamilton": {"total": 1}}, "quota_invalid"),
        ({"hamilton": {"total": 3}}, "quota_invalid"),
        ({"reserve": {"num": 2, "den": 1}}, "quota_invalid"),
        ({"strata": {"*": {"ratio": "100%", "reserve": 1}}}, "reserve_bound"),
        ({"reserve": {}}, "json_field"),
        ({"suite": "md5"}, "json_field"),
        ({"campaign": "c-1"}, "json_field"),
        ({"lead_s": 60}, "json_field"),
        ({"plan": 1.5}, "json_invalid"),
        ({"plan": "A\u030a"}, "json_field"),
        ({"plan": "演示\u3164"}, "json_field"),
        ({"replacement": {"reserve_num": 1}}, "draft_key"),
        ({"reserve": {"num": 1, "den": 5, "sum": 3}}, "draft_key"),
        ({"plan": {1, 2}}, "json_field"),
        ({"contacts": ["\ud800"]}, "json_field"),
        ({"seed": []}, "json_field"),
        ({"seed": [{"type": "drand"}, {"type": "digits", "n": 1}]}, "json_field"),
        ({"seed": [{"type": "drand", "chain": ZERO}]}, "draft_missing"),
        ({"seed": [{"type": "drand", "chain": "quick"}]}, "draft_missing"),
        ({"seed": [{"type": "drand", "chain": ["quicknet"]}]}, "draft_missing"),
        ({"seed": ["digits"]}, "json_field"),
        ({"beacon_time": "tomorrow"}, "time_invalid"),
        ({"beacon_time": None, "seed": [{"type": "digits", "n": 9}]}, "json_field"),
        ({"closes_at": "2026-12-01T01:50:01Z"}, "json_field"),
        ({"matching": {}}, "draft_missing"),
        ({"matching": {"slots": 2}}, "draft_missing"),
        ({"matching": {"slots": ["lead"]}}, "draft_type"),
        ({"matching": {"slots": [2]}}, "draft_type"),
        ({"matching": {"slots": [{"skill": ["lead"]}]}}, "json_field"),
        ({"matching": {"slots": [{}], "algorithm": "deal1"}}, "json_field"),
    ],
    ids=str,
)
def test_a_draft_that_cannot_be_is_refused_with_its_reason(own, code):
    frozen = WITH_PEOPLE if "matching" in own else FROZEN

    with pytest.raises((RuleError, FormatError, EvidenceError)) as refusal:
        freeze(frozen, **own)

    assert refusal.value.code == code


@pytest.mark.parametrize("told", [None, [], "draft", 3])
def test_what_is_no_object_is_no_draft(told):
    with pytest.raises(DrawError, match="draft_missing"):
        draft.freeze(told, FROZEN)


def test_matching_and_people_go_together():
    with pytest.raises(FormatError, match="json_field"):
        freeze(matching={"slots": [{}]})
    with pytest.raises(FormatError, match="json_field"):
        freeze(WITH_PEOPLE)
