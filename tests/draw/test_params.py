"""Parameters are exactly what section 4 allows, and their sample sizes are computed again."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from gongchou.draw import bundle, params
from gongchou.draw.encoding import dump_json
from gongchou.draw.errors import DrawError, EvidenceError, FormatError, RuleError
from gongchou.draw.select import Quota
from gongchou.draw.table import Bytes, read_all

ZERO = "0" * 64
DRAND = {"chain": ZERO, "round": 1, "type": "drand"}
DIGEST = {"root": ZERO, "sha256": ZERO, "size": 40}
LOTTERY = {"count": 6, "max": 33, "min": 1, "rule": "ascending"}
RATIO = {"den": 10, "id": "A", "max": None, "min": 1, "n": 3, "num": 1, "reserve": 1, "round": "ceil", "size": 30}
WEIGHT = {"den": None, "max": None, "min": None, "num": None, "round": None}
GOOD: dict[str, Any] = {
    "v": "vdp1",
    "suite": "sha256",
    "mode": "official",
    "campaign": "C-1",
    "draw": "D1",
    "authority": "SCJG",
    "seq": 1,
    "plan": "P",
    "supersedes": None,
    "parent": None,
    "universe": DIGEST,
    "frame": {"key_commitment": None, "root": ZERO, "sealed": False, "sha256": ZERO, "size": 40},
    "excluded": {"by_reason": {}, "root": ZERO, "sha256": ZERO, "size": 0},
    "strata": [
        {**RATIO, "weight": None},
        {**RATIO, "weight": None, "id": "B", "size": 10, "n": 1, "reserve": 0},
    ],
    "hamilton": None,
    "rules": {"reason_codes_sha256": ZERO, "strata_rule_sha256": ZERO},
    "inspectors": DIGEST,
    "avoid": DIGEST,
    "matching": {
        "algo": "deal1",
        "cross_home": False,
        "load_rule": "zero",
        "slots": [{"count": 2, "department": None, "skills": ["food", "lead"]}],
    },
    "seed": [{"commitment": ZERO, "party": "A", "type": "cr"}, {"n": 20, "type": "digits"}, DRAND],
    "closes_at": "2026-12-01T01:50:00Z",
    "beacon_time": "2026-12-01T02:00:00Z",
    "lead_s": 600,
    "not_before": None,
    "ticket_scope": "campaign",
    "ticket_key": "object",
    "exclude_selected_of": [],
    "replacement": {"inspectors": None, "objects": True, "reserve_den": 10, "reserve_num": 1},
    "witness_k": 2,
    "disclosure": {"after": None, "frame": "open", "inspectors": "open", "selected": "open"},
    "contacts": [],
    "software": {"name": "x", "source_sha256": None, "version": "1"},
}


def with_change(path, value):
    """The good parameters with one value changed; the path is as messages write it."""
    changed = copy.deepcopy(GOOD)
    *way, last = [int(key) if key.isdigit() else key for key in path.replace("[", ".").replace("]", "").split(".")]
    inner: Any = changed
    for key in way:
        inner = inner[key]
    inner[last] = value
    return changed


def accepts(document):
    try:
        params.read_params(dump_json(document))
    except FormatError:
        return False
    return True


def test_good_parameters_are_read():
    assert params.read_params(dump_json(GOOD)) == GOOD


@pytest.mark.parametrize("key", sorted(GOOD))
def test_every_key_is_needed(key):
    assert not accepts({name: value for name, value in GOOD.items() if name != key})


def test_no_other_key_is_allowed():
    with pytest.raises(FormatError) as refusal:
        params.read_params(dump_json(GOOD | {"more": 1}))

    assert (refusal.value.place, refusal.value.facts) == ("params.json", {"field": "more", "value": "unknown"})


@pytest.mark.parametrize(
    ("path", "good", "bad"),
    [
        ("v", ["vdp1"], ["vdp2", None, 1]),
        ("suite", ["sha256", "sm3"], ["md5", "SM3", None, ["sm3"]]),
        ("mode", ["official", "test"], ["", "Test", True]),
        ("campaign", ["0", "A" * 54], ["", "a", "A" * 55, None, 1]),
        ("seq", [1, 2**53 - 1], [0, -1, True, "1", None]),
        ("plan", ["计", "x" * 200], ["", "x" * 201, None]),
        ("supersedes", [None, "D0"], ["", "d0", 0]),
        ("universe.size", [0, 1], [-1, None, "1"]),
        ("universe.root", ["f" * 64], ["F" * 64, "f" * 63, None]),
        ("excluded.by_reason", [{"gone": 1}], [{"gone": 0}, {"Gone": 1}, {"0": 1}, [], None]),
        ("strata", [], [[], None, {}]),
        ("strata[0].id", ["A", "0"], ["B", "C", "a"]),
        ("strata[0].size", [1], [0, None]),
        ("strata[0].round", ["floor", None], ["round", ""]),
        ("strata[0].num", [0, None], [-1, True, "1"]),
        ("hamilton", [{"total": 0}], [{}, {"total": -1}, 5]),
        ("inspectors", [], [None]),
        ("avoid", [], [None]),
        ("matching", [], [None, {}]),
        ("matching.algo", [], ["deal2", None]),
        ("matching.cross_home", [True], [None, 1, "true"]),
        ("matching.slots", [], [[], None]),
        ("matching.slots[0].count", [1, 20], [0, 21, None]),
        ("matching.slots[0].department", ["XFJ"], ["xfj", 1]),
        ("matching.slots[0].skills", [[], ["a"], ["-a", "a"]], [["b", "a"], ["a", "a"], ["-"], ["A"], None]),
        ("seed", [[DRAND]], [[], None, [DRAND, DRAND], [{"commitment": ZERO, "party": "A", "type": "cr"}]]),
        ("seed[0].party", ["B"], ["b", None]),
        ("seed[0].type", [], ["hash", None, ["cr"], {}]),
        ("seed[1].n", [1, 200], [0, 201]),
        ("seed[1]", [{"game": "SSQ", "groups": [LOTTERY], "issue": "0", "type": "lottery"}], [{}, "digits"]),
        ("seed[1]", [], [{"game": "SSQ", "groups": [], "issue": "1", "type": "lottery"}]),
        ("seed[1]", [], [{"game": "SSQ", "groups": [LOTTERY | {"min": 34}], "issue": "1", "type": "lottery"}]),
        ("seed[1]", [], [{"game": "SSQ", "groups": [LOTTERY | {"max": 100}], "issue": "1", "type": "lottery"}]),
        ("seed[1]", [], [{"game": "SSQ", "groups": [LOTTERY], "issue": "٣", "type": "lottery"}]),
        ("seed[1]", [], [{"game": "SSQ", "groups": [LOTTERY], "issue": "1" * 21, "type": "lottery"}]),
        ("seed[2].round", [2], [0, None]),
        ("closes_at", ["2026-12-01T01:50:00Z"], ["2026-12-01T01:50:01Z", "2026-12-01T02:00:00Z", None, ""]),
        ("beacon_time", ["2027-01-01T00:00:00Z"], ["2026-12-01T01:59:59Z", "2026-12-01"]),
        ("lead_s", [600, 86400], [599, 0, None]),
        ("not_before", [{"chain": ZERO, "round": 1, "signature": "0" * 96}], [{"chain": ZERO, "round": 1}]),
        ("not_before", [], [{"chain": ZERO, "round": 1, "signature": "0" * 95}]),
        ("ticket_scope", ["draw"], ["object", None]),
        ("ticket_key", ["unit"], ["pool", None]),
        ("exclude_selected_of", [], [["D0"], ["d0"], None]),
        ("replacement.objects", [False], [None, 1]),
        ("replacement.inspectors", [{"chain": ZERO, "type": "drand"}, {"n": 9, "type": "digits"}], [DRAND, {}]),
        ("replacement.inspectors", [{"game": "SSQ", "groups": [LOTTERY], "type": "lottery"}], [{"type": "cr"}]),
        ("witness_k", [2, 20], [0, 1, 21]),
        ("disclosure.after", ["2027-01-01T00:00:00Z"], ["2027", 0]),
        ("disclosure.frame", [], ["sealed", "hidden"]),
        ("disclosure.inspectors", ["open"], [None, True, "sealed"]),
        ("contacts", [["12345"]], ["12345", [1], None]),
        ("software.source_sha256", [ZERO], ["", "x"]),
    ],
)
def test_what_each_field_may_be(path, good, bad):
    assert [value for value in good if not accepts(with_change(path, value))] == []
    assert [value for value in bad if accepts(with_change(path, value))] == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"frame": {**GOOD["frame"], "sealed": True, "key_commitment": ZERO}}, "disclosure.frame"),
        ({"strata": [GOOD["strata"][1], GOOD["strata"][0]]}, "strata"),
        ({"matching": None}, "inspectors"),
        ({"matching": None, "inspectors": None}, "avoid"),
        ({"exclude_selected_of": ["D0"]}, "exclude_selected_of"),
        ({"exclude_selected_of": ["D0", "D0"], "ticket_scope": "draw"}, "exclude_selected_of"),
        ({"exclude_selected_of": ["D1", "D0"], "ticket_scope": "draw"}, "exclude_selected_of"),
        ({"seed": [DRAND, {"n": 20, "type": "digits"}]}, "seed"),
    ],
)
def test_fields_that_do_not_go_together_are_refused(change, field):
    with pytest.raises(FormatError) as refusal:
        params.read_params(dump_json(GOOD | change))

    assert (refusal.value.code, refusal.value.facts["field"]) == ("json_field", field)


@pytest.mark.parametrize(
    "change",
    [
        {"matching": None, "inspectors": None, "avoid": None},
        {"exclude_selected_of": ["D0", "D00"], "ticket_scope": "draw"},
        {
            "frame": {**GOOD["frame"], "sealed": True, "key_commitment": ZERO},
            "disclosure": {**GOOD["disclosure"], "after": "2027-01-01T00:00:00Z", "frame": "sealed"},
        },
    ],
)
def test_fields_that_do_go_together_are_read(change):
    assert accepts(GOOD | change)


# Places -----------------------------------------------------------------------------------------


def test_stated_places_are_those_computed():
    assert params.quotas(GOOD) == {"A": Quota(30, 3, 1), "B": Quota(10, 1, 0)}


def weighted(*weights, total, n):
    parts = [
        RATIO | WEIGHT | {"id": name, "weight": weight, "n": places, "reserve": 0}
        for name, weight, places in zip("ABC", weights, n, strict=False)
    ]
    return {"strata": parts, "hamilton": {"total": total}}


def test_strata_may_share_a_total_by_weight():
    assert params.quotas(GOOD | weighted(3, 1, total=9, n=(7, 2))) == {"A": Quota(30, 7, 0), "B": Quota(30, 2, 0)}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (with_change("strata[0].n", 4), "quota_mismatch"),
        (with_change("strata[0].n", 2), "quota_mismatch"),
        (with_change("strata[0].reserve", 28), "reserve_bound"),
        (with_change("strata[0].num", 11), "quota_invalid"),
        (with_change("strata[0].den", 0), "quota_invalid"),
        (with_change("strata[0].num", None), "quota_invalid"),
        (with_change("strata[0].max", 0), "quota_invalid"),
        (with_change("strata[0].weight", 3), "quota_invalid"),
        (with_change("hamilton", {"total": 3}), "quota_invalid"),
        (with_change("replacement.reserve_num", 11), "quota_invalid"),
        (with_change("replacement.reserve_den", 0), "quota_invalid"),
        (weighted(1, 1, total=61, n=(30, 30)), "quota_invalid"),
        (weighted(0, 0, total=1, n=(0, 0)), "quota_invalid"),
        (weighted(1, 1, total=3, n=(1, 2)), "quota_mismatch"),
        (weighted(1, 1, total=3, n=(2, 1)) | {"hamilton": None}, "quota_invalid"),
    ],
)
def test_places_against_the_rule_are_refused(change, code):
    with pytest.raises((RuleError, EvidenceError)) as refusal:
        params.quotas(GOOD | change)

    assert refusal.value.code == code


def test_a_weighted_stratum_has_no_bounds():
    change = weighted(1, 1, total=2, n=(1, 1))
    change["strata"][0]["max"] = 5

    with pytest.raises(RuleError, match="ratio and weight"):
        params.quotas(GOOD | change)


def test_the_commitment_uses_the_suite():
    assert params.commitment(b"abc", "sm3") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


# Other documents --------------------------------------------------------------------------------

UNIVERSE = {
    "key_commitment": None,
    "read": 3,
    "registry": "REGISTRY",
    "rejected": {"count": 1, "sha256": ZERO},
    "root": ZERO,
    "scope": "全市",
    "sealed": False,
    "sha256": ZERO,
    "size": 2,
    "snapshot_at": "2026-01-01T00:00:00Z",
    "source_sha256": None,
    "v": "vdp1",
}
REASONS = {"exclude": {"gone": "注销"}, "replace": {}, "substitute": {}, "withdraw": {}, "v": "vdp1"}


@pytest.mark.parametrize(("shape", "document"), [(params.UNIVERSE, UNIVERSE), (params.REASONS, REASONS)])
def test_universe_and_reasons_have_exactly_their_keys(shape, document):
    assert params.read_document(dump_json(document), shape, "x.json") == document

    changes = [{key: value for key, value in document.items() if key != left} for left in document]
    for changed in [*changes, document | {"more": 1}, document | {"v": "vdp2"}, []]:
        with pytest.raises(FormatError, match=r"json_field \[x.json\]"):
            params.read_document(dump_json(changed), shape, "x.json")


@pytest.mark.parametrize("name", ["open-single", "sealed-single", "campaign", "sm3-notary"])
def test_parameters_of_the_example_bundles_are_read_and_their_places_hold(name):
    path = Path(__file__).parents[2] / "spec" / "bundles" / f"{name}.zip"
    files = bundle.read_zip(Bytes(path.read_bytes()))
    documents = [params.read_params(read_all(files[own])) for own in files if own.endswith("params.json")]

    for document in documents:
        assert set(params.quotas(document)) == {part["id"] for part in document["strata"]}
    assert documents != []


def test_a_refusal_keeps_its_field_and_its_place():
    with pytest.raises(DrawError) as refusal:
        params.read_params(dump_json(with_change("strata[1].size", 0)), "D1/params.json")

    assert (refusal.value.place, refusal.value.facts["field"]) == ("D1/params.json", "strata[1].size")
