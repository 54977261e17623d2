"""The drand beacon: its networks, their rounds, real signatures."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongchou.draw.beacon import LAST_ROUND, PUBLIC_CHAINS, Beacon, Chain, parse_beacon
from gongchou.draw.encoding import LATEST, format_time, parse_time
from gongchou.draw.errors import EvidenceError, FormatError
from tests.draw.vectors import each, load

DRAND = load("drand")
CHAINS = {name: Chain(**row["chain"]) for name, row in DRAND["chains"].items()}


def beacon_of(row):
    return Beacon(CHAINS[row["chain"]], row["round"], row["signature"], row["previous_signature"])


def document_of(name="quicknet", **own):
    row = next(row for row in DRAND["beacons"] if row["chain"] == name)
    plain = {key: row[key] for key in ("round", "signature", "previous_signature")}
    return {"chain": DRAND["chains"][name]["chain"], **plain, **own}


@pytest.mark.parametrize("name", ["quicknet", "default"])
def test_a_chain_is_named_by_its_hash(name):
    stated = DRAND["chains"][name]["hash"]

    assert CHAINS[name].hash == stated
    assert PUBLIC_CHAINS[stated] == CHAINS[name]


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
    beacon = parse_beacon(document_of(name), "sources/drand.json")

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
        document_of(chain=document_of()["chain"] | {"period": 86401}),
        document_of(chain=document_of()["chain"] | {"genesis_time": LATEST + 1}),
        document_of(round=LAST_ROUND + 1),
        document_of(chain=document_of()["chain"] | {"beacon_id": ""}),
        document_of(chain=document_of()["chain"] | {"beacon_id": "quick net"}),
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
        parse_beacon(document, "sources/drand.json")
