"""The worked example, byte for byte: from four small files to three teams."""

from __future__ import annotations

from hashlib import sha256

import pytest

from gongchou.draw import frame, params, seed, select
from gongchou.draw.encoding import parse_json, sha256_hex
from gongchou.draw.match import match
from gongchou.draw.merkle import root_of
from gongchou.draw.roster import Inspector, Roster, Task, groups_of
from gongchou.draw.table import Bytes
from gongchou.draw.ticket import digests, inspector_prefix, object_prefix, task_prefix, ticket
from tests.draw.vectors import load

EXAMPLE = load("worked-example")
FRAME = EXAMPLE["files"]["frame.tsv"]["text"].encode()
PARAMS = parse_json(EXAMPLE["params"].encode())


@pytest.mark.parametrize("name", ["frame.tsv", "inspectors.tsv", "avoid.tsv"])
def test_files_have_the_stated_digest_and_root(name):
    stated = EXAMPLE["files"][name]
    data = stated["text"].encode()

    assert sha256_hex(data) == stated["sha256"]
    assert root_of(data.split(b"\n")[:-1]).hex() == stated["root"]


def test_the_frame_is_what_its_parameters_state():
    scan = frame.scan_frame(Bytes(FRAME))

    assert scan.digest.document() == PARAMS["frame"]
    assert {name: part.size for name, part in scan.strata.items()} == {"A": 6, "B": 4, "C": 2}


@pytest.mark.parametrize("row", EXAMPLE["cr"])
def test_contributors_commit_to_their_secrets(row):
    assert sha256(row["secret_of"].encode()).hexdigest() == row["secret"]
    assert seed.party_commitment(row["campaign"], row["party"], row["secret"]) == row["commitment"]


def test_the_commitment_is_the_hash_of_the_parameters():
    data = EXAMPLE["params"].encode()

    assert (len(data), params.commitment(data, "sha256")) == (EXAMPLE["params_size"], EXAMPLE["commitment"])


def test_close_and_seed_documents_are_the_stated_bytes():
    *values, beacon = EXAMPLE["values"]
    commitments = {EXAMPLE["draw"]: EXAMPLE["commitment"]}

    close = seed.close_text(
        mode="official",
        campaign=EXAMPLE["campaign"],
        commitments=commitments,
        sources=PARAMS["seed"],
        values=values,
    )

    assert (close, sha256_hex(close.encode())) == (EXAMPLE["close"], EXAMPLE["close_sha256"])
    assert seed.seed_text(close, PARAMS["seed"], beacon) == EXAMPLE["seed_input"]
    assert seed.parse_values(EXAMPLE["seed_input"], PARAMS["seed"]) == EXAMPLE["values"]


def test_the_seed_and_its_three_prefixes():
    assert seed.seed_of(EXAMPLE["seed_input"]) == EXAMPLE["seed"]
    assert object_prefix(EXAMPLE["seed"]) == EXAMPLE["object_prefix"]
    assert task_prefix(EXAMPLE["seed"]) == EXAMPLE["task_prefix"]
    assert inspector_prefix(EXAMPLE["seed"]) == EXAMPLE["inspector_prefix"]


@pytest.mark.parametrize("row", EXAMPLE["tickets"], ids=lambda row: row["object"])
def test_each_of_the_twelve_tickets(row):
    assert ticket(EXAMPLE["object_prefix"], row["object"]) == row["ticket"]


@pytest.mark.parametrize(("n", "reserve"), [(1, 0), (1, 6), (2, 1), (6, 6)])
def test_the_first_of_each_stratum_are_selected_and_the_next_wait(n, reserve):
    spans = frame.scan_frame(Bytes(FRAME)).spans()
    quotas = {stratum: select.Quota(6, n, reserve) for stratum in spans}

    selected, waiting = select.select_frame(Bytes(FRAME), spans, quotas, digests(EXAMPLE["object_prefix"]))

    rows = [tuple(row.values()) for row in EXAMPLE["tickets"]]
    assert selected == [row for row in rows if row[1] <= n]
    assert waiting == [row for row in rows if n < row[1] <= n + reserve]


def test_sample_sizes_follow_from_the_rates():
    parts = [part | {"max": None, "weight": None} for part in PARAMS["strata"]]
    ratio = {"reserve_num": 1, "reserve_den": 10}

    places = params.computed_places({"strata": parts, "hamilton": None, "replacement": ratio})

    assert places == {"A": 1, "B": 1, "C": 1}


def test_inspectors_are_dealt_to_the_three_objects():
    groups = groups_of(EXAMPLE)
    inspectors = [
        Inspector(
            row["id"],
            row["department"],
            row["home_unit"],
            frozenset(row["pools"]),
            frozenset(row["skills"]),
            row["cap"],
            row["load0"],
        )
        for row in EXAMPLE["inspectors"]
    ]
    roster = Roster(inspectors, [tuple(pair) for pair in EXAMPLE["avoid"]], cross_home=False)
    tasks = [Task(team["object"], "P1", groups) for team in sorted(EXAMPLE["teams"], key=lambda t: t["object"])]

    made = match(tasks, roster, task_prefix=EXAMPLE["task_prefix"], inspector_prefix=EXAMPLE["inspector_prefix"])

    assert [task.id for task in made.tasks] == [team["object"] for team in EXAMPLE["teams"]]
    assert [made.seats[t, k].inspector for t in range(3) for k in range(2)] == [
        inspector for team in EXAMPLE["teams"] for inspector in team["inspectors"]
    ]
    assert made.closures == []


def test_the_pseudonym_of_the_first_object():
    row = EXAMPLE["pseudonym"]
    key = bytes.fromhex(row["key"])

    assert frame.salt_of(key, row["id"]) == row["salt"]
    assert frame.seal(key, row["id"]) == frame.pseudonym(row["salt"], row["id"]) == row["pid"]
    assert frame.key_commitment(key) == row["key_commitment"]
