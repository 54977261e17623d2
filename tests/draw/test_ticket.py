"""Prefixes and tickets, in both suites and modes, against values made apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongchou.draw.encoding import ID
from gongchou.draw.errors import FormatError
from gongchou.draw.seed import seed_of
from gongchou.draw.ticket import digests, event_seed, inspector_prefix, object_prefix, task_prefix, ticket
from tests.draw.oracles import PREFIX, hex_digest
from tests.draw.vectors import load

VECTORS = load("tickets")
EXAMPLE = load("worked-example")
SM3 = load("sm3")["draw"]


@pytest.mark.parametrize("row", VECTORS["prefixes"], ids=lambda row: f"{row['suite']}-{row['mode']}-{row['draw']}")
def test_prefixes_and_tickets_of_a_suite_a_mode_and_a_scope(row):
    own = {"mode": row["mode"], "suite": row["suite"]}
    prefix = object_prefix(VECTORS["seed"], draw=row["draw"], **own)

    assert prefix == row["object_prefix"]
    assert task_prefix(VECTORS["seed"], **own) == row["task_prefix"]
    assert inspector_prefix(VECTORS["seed"], **own) == row["inspector_prefix"]
    assert {key: ticket(prefix, key, suite=row["suite"]) for key in row["tickets"]} == row["tickets"]
    assert event_seed(VECTORS["seed"], VECTORS["event"], VECTORS["value"], **own) == row["event_seed"]


def test_no_two_purposes_share_a_prefix():
    names = ["object_prefix", "task_prefix", "inspector_prefix", "event_seed"]
    shared = [(row["suite"], row["mode"], name, row[name]) for row in VECTORS["prefixes"] for name in names]

    distinct = {value for _, _, _, value in shared}

    assert len(distinct) == 2 * 2 * (2 + 1 + 1 + 1)  # suite, mode; two scopes of objects, one of all else


def test_a_whole_draw_under_sm3():
    drawn = seed_of(EXAMPLE["seed_input"], "sm3")
    prefix = object_prefix(drawn, suite="sm3")

    assert (drawn, prefix) == (SM3["seed"], SM3["object_prefix"])
    assert task_prefix(drawn, suite="sm3") == SM3["task_prefix"]
    assert inspector_prefix(drawn, suite="sm3") == SM3["inspector_prefix"]
    assert [ticket(prefix, row["object"], suite="sm3") for row in SM3["tickets"]] == [
        row["ticket"] for row in SM3["tickets"]
    ]
    event = SM3["event"]
    assert event_seed(drawn, event["event"], event["value"], suite="sm3") == event["seed"]


@pytest.mark.parametrize("suite", ["sha256", "sm3"])
def test_many_tickets_are_those_made_one_by_one(suite):
    keys = [f"X{number}" for number in range(100)]

    raw = digests(PREFIX, suite)(key.encode() for key in keys)

    assert [value.hex() for value in raw] == [ticket(PREFIX, key, suite=suite) for key in keys]


@given(st.from_regex(ID, fullmatch=True))
def test_a_ticket_is_the_hash_of_prefix_colon_id(key):
    assert ticket(PREFIX, key) == hex_digest(f"{PREFIX}:{key}")


@pytest.mark.parametrize("prefix", ["", PREFIX[:-1], PREFIX + "0"])
def test_a_prefix_of_another_length_is_refused(prefix):
    with pytest.raises(FormatError, match="prefix_invalid"):
        digests(prefix)


def test_an_unknown_suite_is_refused_before_the_first_ticket():
    with pytest.raises(FormatError, match="suite_unknown"):
        digests(PREFIX, "md5")
