"""The parts of the two phases that need no database, and what happens when one cannot be trusted."""

from __future__ import annotations

from collections.abc import Iterator
from string import Template
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongchou.draw.errors import DrawError
from gongchou.draw.select import Quota, Ranked
from gongchou.engines.two_phase import (
    EVERY_TICKET,
    EngineError,
    Session,
    ranked,
    threshold,
    two_phase,
    usual_margin,
)
from tests.engines.oracle import PREFIX

duckdb = pytest.importorskip("duckdb")
duckdb_engine = pytest.importorskip("gongchou.engines.duckdb_engine")

ROWS = [("A", "01", "X"), ("A", "02", "W"), ("A", "02", "Y"), ("B", "00", "Z")]


# Thresholds


@given(count=st.integers(1, 10**9), size=st.integers(1, 10**9))
def test_threshold_lets_through_at_least_the_share_asked_for(count: int, size: int) -> None:
    margin = usual_margin(count)

    bound = threshold(count, margin, size)

    if bound == EVERY_TICKET:
        assert (count + margin) * 16**12 > (16**12 - 1) * size
    else:
        assert len(bound) == 12
        assert (int(bound, 16) - 1) * size < (count + margin) * 16**12 <= int(bound, 16) * size


@pytest.mark.parametrize(
    ("count", "margin", "size", "expected"),
    [
        (1, 0, 2, "800000000000"),
        (1, 0, 16, "100000000000"),
        (1, 0, 3, "555555555556"),  # rounded up
        (1, 0, 16**12, "000000000001"),
        (2, 0, 2, EVERY_TICKET),
        (1, 1, 2, EVERY_TICKET),
        (5, 40, 10, EVERY_TICKET),
        (1, 16, 0, EVERY_TICKET),
    ],
)
def test_threshold_is_exact(count: int, margin: int, size: int, expected: str) -> None:
    assert threshold(count, margin, size) == expected


def test_every_ticket_lies_below_the_widest_threshold() -> None:
    highest = "f" * 64

    assert highest < EVERY_TICKET


# Numbering


def test_ranked_numbers_each_stratum_from_one_and_drops_the_rest() -> None:
    assert list(ranked(ROWS, {"A": 2, "B": 1}, 4)) == [
        Ranked("A", 1, "X", "01"),
        Ranked("A", 2, "W", "02"),
        Ranked("B", 1, "Z", "00"),
    ]


@pytest.mark.parametrize("place", range(len(ROWS) - 1))
def test_ranked_refuses_neighbours_that_changed_places(place: int) -> None:
    rows = list(ROWS)
    rows[place], rows[place + 1] = rows[place + 1], rows[place]

    with pytest.raises(EngineError) as caught:
        list(ranked(rows, {"A": 2, "B": 1}, 4))

    assert caught.value.code == "engine_order"


def test_ranked_refuses_a_stratum_that_comes_back_and_a_row_that_comes_twice() -> None:
    for rows in ([*ROWS, ("A", "03", "V")], [ROWS[0], *ROWS]):
        with pytest.raises(EngineError) as caught:
            list(ranked(rows, {"A": 9, "B": 9}, 5))
        assert caught.value.code == "engine_order"


def test_ranked_refuses_lost_rows() -> None:
    with pytest.raises(EngineError) as caught:
        list(ranked(ROWS[:-1], {"A": 2, "B": 1}, 4))

    assert (caught.value.code, caught.value.facts) == ("engine_rows", {"expected": 4, "got": 3})


# Databases that do something else than they should


@pytest.fixture
def connection() -> Iterator[Any]:
    with duckdb.connect() as opened:
        opened.execute("CREATE TABLE gongchou_frame (stratum VARCHAR, object VARCHAR)")
        opened.execute("INSERT INTO gongchou_frame SELECT 'S', 'X' || range FROM range(100)")
        yield opened


@pytest.fixture
def session(connection: Any) -> Session:
    return duckdb_engine.DuckDBSession(connection)


def other_session(connection: Any, **changes: Template) -> Session:
    """A session in a dialect that is not quite DuckDB's."""
    return duckdb_engine.DuckDBSession(connection, duckdb_engine.DIALECT._replace(**changes))


def code_of(session: Session, **changes: object) -> str:
    """Draw from the session's frame and return the code of the refusal."""
    request: dict[str, Any] = {"prefix": PREFIX, "quotas": {"S": Quota(100, 10, 1)}, **changes}
    with pytest.raises(DrawError) as caught:
        list(two_phase(session, **request))
    return caught.value.code


def test_the_session_of_these_tests_draws(session: Session) -> None:
    assert len(list(two_phase(session, prefix=PREFIX, quotas={"S": Quota(100, 10, 1)}))) == 11


@pytest.mark.parametrize(
    "ticket",
    [
        "upper(sha256('$prefix:' || $key))",
        "sha256('$prefix' || $key)",
        "sha256($key)",
        "md5('$prefix:' || $key)",
    ],
)
def test_a_database_with_other_tickets_is_refused(connection: Any, ticket: str) -> None:
    session = other_session(connection, ticket=Template(ticket))

    assert code_of(session) == "engine_ticket"


def test_a_database_that_loses_rows_is_refused_though_every_ticket_may_pass(connection: Any) -> None:
    session = other_session(connection, keep=Template("CREATE TEMP TABLE $table AS $query LIMIT 10"))

    assert code_of(session) == "engine_rows"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"suite": "sm3"}, "engine_suite"),
        ({"suite": "md5"}, "engine_suite"),
        ({"prefix": PREFIX[1:]}, "prefix_invalid"),
        ({"prefix": PREFIX.upper()}, "prefix_invalid"),
        ({"prefix": "'; DROP TABLE x; --"}, "prefix_invalid"),
        ({"ticket_key": "pool"}, "json_field"),
        ({"quotas": {"S": Quota(100, 99, 2)}}, "quota_invalid"),
        ({"quotas": {"S": Quota(100, -1, 2)}}, "quota_invalid"),
        ({"quotas": {"S": Quota(99, 10, 1)}}, "stratum_size"),
        ({"quotas": {"S": Quota(101, 10, 1)}}, "stratum_size"),
        ({"quotas": {"S": Quota(100, 10, 1), "T": Quota(1, 1, 0)}}, "stratum_size"),
        ({"quotas": {"T": Quota(100, 10, 1)}}, "stratum_unknown"),
        ({"quotas": {}}, "stratum_unknown"),
    ],
)
def test_wrong_requests_are_refused(session: Session, changes: dict[str, object], code: str) -> None:
    assert code_of(session, **changes) == code


@pytest.mark.parametrize("values", ["(NULL, 'Y')", "('S', NULL)"])
def test_missing_values_are_refused(session: Session, values: str) -> None:
    session.run(f"INSERT INTO gongchou_frame VALUES {values}")

    code = code_of(session, quotas={"S": Quota(101, 10, 1)})

    assert code == {"(NULL, 'Y')": "stratum_unknown", "('S', NULL)": "stratum_size"}[values]


def test_an_object_that_stands_twice_in_a_stratum_is_noticed_when_drawn(session: Session) -> None:
    session.run("INSERT INTO gongchou_frame SELECT * FROM gongchou_frame")

    assert code_of(session, quotas={"S": Quota(200, 10, 1)}) == "engine_order"
