"""Sources in their one form, close and seed documents."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongchou.draw import seed
from gongchou.draw.beacon import DEFAULT_CHAIN, QUICKNET
from gongchou.draw.errors import FormatError, RuleError
from tests.draw.oracles import hex_digest
from tests.draw.vectors import each, load

VECTORS = load("seed")
DOCUMENT = VECTORS["document"]
PARTY = {"type": "cr", "party": "DEPT-A", "commitment": "0" * 64}


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
        ({"type": "drand", "chain": QUICKNET.hash, "round": 1}, "D"),
        ({"type": "drand", "chain": DEFAULT_CHAIN.hash, "round": 1}, "D"),
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
