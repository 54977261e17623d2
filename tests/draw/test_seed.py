"""Sources in their one form, close and seed documents, the drand beacon and its rounds."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongchou.draw import seed
from gongchou.draw.encoding import format_time, parse_time
from gongchou.draw.errors import EvidenceError, FormatError, RuleError
from tests.draw.oracles import hex_digest
from tests.draw.vectors import each, load

VECTORS = load("seed")
DRAND = load("drand")
DOCUMENT = VECTORS["document"]
CHAINS = {name: seed.Chain(**row["chain"]) for name, row in DRAND["chains"].items()}
PARTY = {"type": "cr", "party": "DEPT-A", "commitment": "0" * 64}


def beacon_of(row):
    return seed.Beacon(CHAINS[row["chain"]], row["round"], row["signature"], row["previous_signature"])


def document_of(name="quicknet", **own):
    row = next(row for row in DRAND["beacons"] if row["chain"] == name)
    plain = {key: row[key] for key in ("round", "signature", "previous_signature")}
    return {"chain": DRAND["chains"][name]["chain"], **plain, **own}


# Sources ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", VECTORS["lines"], ids=lambda row: row["line"][:40].strip())
def test_each_source_has_its_line(row):
    assert seed.source_line(VECTORS["number"], row["source"], row["value"]) == row["line"]


@pytest.mark.parametrize(
    "row", VECTORS["values_refused"], ids=lambda row: f"{row['source']['type']} {row['value'][:30]}"
)
def test_a_value_in_another_form_is_refused(row):
    with pytest.raises(FormatError, match="value_invalid"):
        seed.check_value(row["source"], row["value"])


def test_a_leading_zero_survives_into_another_seed():
    three, two = {"type": "digits", "n": 3}, {"type": "digits", "n": 2}

    long, short = seed.source_line(1, three, "052"), seed.source_line(1, two, "52")

    assert (long, short) == ("source 1 digits 052\n", "source 1 digits 52\n")
    assert seed.seed_of(long) != seed.seed_of(short)


@given(st.from_regex(r"[0-9]{5}", fullmatch=True))
def test_digits_stand_as_they_fell(value):
    source = {"type": "digits", "n": 5}

    assert seed.parse_values(seed.source_line(1, source, value), [source]) == [value]


@pytest.mark.parametrize("row", each(VECTORS["orders_refused"]))
def test_an_order_that_lets_somebody_choose_after_seeing_is_refused(row):
    with pytest.raises(RuleError, match="source_order"):
        seed.check_sources(row["sources"])


@pytest.mark.parametrize(
    "sources", VECTORS["orders_accepted"], ids=lambda sources: "-".join(s["type"] for s in sources)
)
def test_people_first_and_the_beacon_last_is_the_order(sources):
    seed.check_sources(sources)


@pytest.mark.parametrize(
    ("last", "strength"),
    [
        ({"type": "drand", "chain": DRAND["chains"]["quicknet"]["hash"], "round": 1}, "D"),
        ({"type": "drand", "chain": DRAND["chains"]["default"]["hash"], "round": 1}, "D"),
        ({"type": "drand", "chain": "0" * 64, "round": 1}, "P"),
        ({"type": "lottery"}, "L"),
        ({"type": "digits", "n": 20}, "N"),
    ],
)
def test_the_last_source_tells_the_strength(last, strength):
    assert seed.strength_of([PARTY, last]) == strength


# Documents --------------------------------------------------------------------------------------


def close_text(**own):
    told = {key: DOCUMENT[key] for key in ("mode", "campaign", "commitments", "sources")}
    return seed.close_text(**told | {"values": DOCUMENT["values"][:-1]} | own)


def test_the_close_is_the_seed_document_without_its_last_line():
    whole = seed.seed_text(close_text(), DOCUMENT["sources"], DOCUMENT["values"][-1])

    assert close_text() == DOCUMENT["close"]
    assert whole == DOCUMENT["close"] + DOCUMENT["last_line"]
    assert seed.seed_of(whole) == DOCUMENT["seed"]


@pytest.mark.parametrize(
    "own",
    [
        {"mode": "official"},
        {"campaign": "C-2"},
        {"commitments": DOCUMENT["commitments"] | {"D1": "f" * 64}},
        {"commitments": {key: value for key, value in DOCUMENT["commitments"].items() if key != "D10"}},
        {"values": ["053", "missing"]},
        {"values": ["052", "0" * 64]},
    ],
    ids=["practice", "campaign", "parameters", "draw left out", "dice", "reveal"],
)
def test_whatever_is_changed_before_the_beacon_changes_the_seed(own):
    whole = seed.seed_text(close_text(**own), DOCUMENT["sources"], DOCUMENT["values"][-1])

    assert seed.seed_of(whole) != DOCUMENT["seed"]


def test_the_order_of_the_draws_does_not_depend_on_who_asks():
    turned = dict(reversed(DOCUMENT["commitments"].items()))

    assert close_text(commitments=turned) == DOCUMENT["close"]


def test_values_are_read_back_from_either_document():
    whole = DOCUMENT["close"] + DOCUMENT["last_line"]

    assert seed.parse_values(whole, DOCUMENT["sources"]) == DOCUMENT["values"]
    assert seed.parse_values(DOCUMENT["close"], DOCUMENT["sources"]) == DOCUMENT["values"][:-1]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("source 1 digits", "source 2 digits"),
        ("source 1 digits 052", "source 1 digits  052"),
        ("source 1 digits 052", "source 1 cr 052"),
        ("DEPT-A", "DEPT-B"),
        ("source 2 cr DEPT-A missing\n", ""),
    ],
)
def test_a_source_line_that_is_not_what_it_should_be_is_refused(old, new):
    whole = (DOCUMENT["close"] + DOCUMENT["last_line"]).replace(old, new)

    with pytest.raises(FormatError, match=r"close_text|value_invalid"):
        seed.parse_values(whole, DOCUMENT["sources"])


@pytest.mark.parametrize(("campaign", "party"), [("C-2", "DEPT-A"), ("C-1", "DEPT-B")])
def test_a_commitment_cannot_be_copied_to_another_party_or_campaign(campaign, party):
    secret = "5" * 64
    own = seed.party_commitment("C-1", "DEPT-A", secret)

    assert own == hex_digest(f"vdp1 cr\nC-1\nDEPT-A\n{secret}\n")
    assert seed.party_commitment(campaign, party, secret) != own


# drand ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["quicknet", "default"])
def test_a_chain_is_named_by_its_hash(name):
    stated = DRAND["chains"][name]["hash"]

    assert CHAINS[name].hash == stated
    assert seed.PUBLIC_CHAINS[stated] == name


@pytest.mark.parametrize("row", DRAND["rounds"], ids=lambda row: f"{row['chain']} {row['at']}")
def test_the_round_of_a_time_is_the_first_not_before_it(row):
    assert CHAINS[row["chain"]].round_at(parse_time(row["at"])) == row["round"]


@pytest.mark.parametrize("row", DRAND["beacons"], ids=lambda row: f"{row['chain']} {row['round']}")
def test_real_beacons_hold_and_have_their_time_and_randomness(row):
    beacon = beacon_of(row)

    beacon.check("sources/drand.json")

    assert format_time(beacon.chain.time_of(row["round"])) == row["time"]
    assert sha256(bytes.fromhex(row["signature"])).hexdigest() == row["randomness"]


@pytest.mark.parametrize("row", each(DRAND["refused"]))
def test_a_beacon_of_another_round_or_of_no_point_is_refused(row):
    with pytest.raises(EvidenceError, match=row["code"]):
        beacon_of(row).check("sources/drand.json")


@given(st.integers(-(10**9), 10**12), st.sampled_from(["quicknet", "default"]))
def test_no_round_before_the_named_one_is_late_enough(moment, name):
    chain = CHAINS[name]

    number = chain.round_at(moment)

    assert chain.time_of(number) >= moment
    assert number == 1 or chain.time_of(number - 1) < moment


@pytest.mark.parametrize("name", ["quicknet", "default"])
def test_a_beacon_document_is_read(name):
    beacon = seed.parse_beacon(document_of(name), "sources/drand.json")

    assert beacon == beacon_of(next(row for row in DRAND["beacons"] if row["chain"] == name))


@pytest.mark.parametrize(
    "document",
    [
        [],
        {},
        {"chain": None},
        document_of(extra=1),
        {key: value for key, value in document_of().items() if key != "previous_signature"},
        document_of(round=0),
        document_of(round=True),
        document_of(round="123"),
        document_of(signature="00"),
        document_of(signature=document_of()["signature"].upper()),
        document_of(signature=None),
        document_of(previous_signature="0" * 64),
        document_of("default", previous_signature=None),
        document_of("default", previous_signature="0" * 192),
        document_of("default", round=2),
        document_of(chain=document_of()["chain"] | {"period": 0}),
        document_of(chain=document_of()["chain"] | {"period": 1 << 32}),
        document_of(chain=document_of()["chain"] | {"genesis_time": "1692803367"}),
        document_of(chain=document_of()["chain"] | {"scheme": "bls-unchained-on-g1"}),
        document_of(chain=document_of()["chain"] | {"scheme": "pedersen-bls-unchained"}),
        document_of(chain=document_of()["chain"] | {"group_hash": "0" * 63}),
        document_of(chain=document_of()["chain"] | {"beacon_id": None}),
        document_of(chain=document_of()["chain"] | {"more": 1}),
    ],
)
def test_a_malformed_beacon_document_is_refused(document):
    with pytest.raises(FormatError, match=r"json_field \[sources/drand.json\]"):
        seed.parse_beacon(document, "sources/drand.json")
