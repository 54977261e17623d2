"""Pools: conditions come back from storage as they were, and nothing else is taken for one."""

from __future__ import annotations

import json
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongchou.plans.pool import GRADES, Pool, pool_from_json, pool_to_json
from gongchou.refusal import Refused

ONE, TWO = str(UUID(int=1)), str(UUID(int=2))
STORED = pool_to_json(Pool())


def tuples(values):
    return st.lists(values, max_size=4, unique=True).map(tuple)


ids = tuples(st.uuids().map(str))
words = tuples(st.text("食品经营许可证A12", min_size=1, max_size=8))
days = st.none() | st.dates()
pools = st.builds(
    Pool, ids, words, words, ids, ids, words, tuples(st.sampled_from(GRADES)), words, days, days, ids
)  # fmt: skip


@given(pools)
def test_a_pool_comes_back_from_storage_as_it_was(pool):
    assert pool_from_json(json.loads(json.dumps(pool_to_json(pool)))) == pool


def test_a_pool_without_conditions_is_the_whole_register():
    assert not any(STORED.values())


@pytest.mark.parametrize(
    ("stored", "where"),
    [
        (None, "fields"),
        ([], "fields"),
        ({}, "fields"),
        ({**STORED, "more": []}, "fields"),
        ({name: value for name, value in STORED.items() if name != "tags"}, "fields"),
        ({**STORED, "libraries": ONE}, "libraries"),
        ({**STORED, "libraries": [1]}, "libraries"),
        ({**STORED, "libraries": [[ONE]]}, "libraries"),
        ({**STORED, "libraries": None}, "libraries"),
        ({**STORED, "libraries": [ONE, ONE]}, "libraries"),
        ({**STORED, "regions": ["990102"]}, "regions"),
        ({**STORED, "tags": [UUID(int=1).hex]}, "tags"),
        ({**STORED, "keepers": [""]}, "keepers"),
        ({**STORED, "kinds": [""]}, "kinds"),
        ({**STORED, "scales": ["large", "large"]}, "scales"),
        ({**STORED, "industries": [" F"]}, "industries"),
        ({**STORED, "licences": ["证" * 101]}, "licences"),
        ({**STORED, "grades": ["E"]}, "grades"),
        ({**STORED, "not_visited_since": "2026-2-1"}, "not_visited_since"),
        ({**STORED, "not_visited_since": "20260201"}, "not_visited_since"),
        ({**STORED, "not_visited_since": 2026}, "not_visited_since"),
        ({**STORED, "established_before": ""}, "established_before"),
        ({**STORED, "established_before": "2026-02-30"}, "established_before"),
    ],
)
def test_what_is_stored_is_read_strictly(stored, where):
    with pytest.raises(Refused) as refused:
        pool_from_json(stored)

    assert (refused.value.code, refused.value.facts) == ("plans.pool_stored", {"where": where})


def test_days_and_ids_are_stored_as_people_could_read_them():
    stored = pool_to_json(Pool(libraries=(ONE, TWO), grades=("C", ""), not_visited_since=date(2025, 1, 31)))

    assert stored["libraries"] == [ONE, TWO]
    assert stored["grades"] == ["C", ""]
    assert stored["not_visited_since"] == "2025-01-31"
