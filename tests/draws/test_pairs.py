"""Pairs of a team: counted by hand, beside teams dealt by the protocol, and with friends who arrange theirs."""

from __future__ import annotations

import hashlib
import random
from statistics import mean

import pytest

from gongchou.draw.match import match
from gongchou.draw.roster import Inspector, Roster, SlotGroup, Task
from gongchou.draws.pairs import Pairs, Team, pairs_of


def team(*names: str, unit: str = "U") -> Team:
    return [(name, unit) for name in names]


@pytest.mark.parametrize(
    ("batches", "meetings", "distinct", "repeated", "index"),
    [
        ([], 0, 0, 0, 0.0),
        ([[team("A")]], 0, 0, 0, 0.0),
        ([[team("A", "B"), team("C", "D")]], 2, 2, 0, 0.0),
        ([[team("A", "B")], [team("B", "A")]], 2, 1, 1, 1.0),
        ([[team("A", "B", "C"), team("A", "B")]], 4, 3, 1, 1 / 3),
    ],
)
def test_a_pair_counts_whoever_stands_first(
    batches: list[list[Team]], meetings: int, distinct: int, repeated: int, index: float
):
    found = pairs_of(batches)

    assert (found.n_meetings, found.n_distinct, found.n_repeated) == (meetings, distinct, repeated)
    assert found.index == pytest.approx(index)


def test_expected_meetings_add_up_to_those_that_were():
    found = pairs_of([[team("A", "B"), team("A", "C"), team("B", "C")], [team("A", "B")]])

    assert found.n_possible == 3
    [one] = found.repeated
    assert (one.pair, one.n) == (frozenset("AB"), 2)
    # All met evenly in the first batch; in the second only A and B were there.
    assert one.expected == pytest.approx(2)


def test_people_of_two_units_meet_as_often_as_their_units_do():
    mixed = [[("A", "U"), ("X", "V")], [("B", "U"), ("Y", "V")]]

    found = pairs_of([mixed])

    assert found.n_possible == 4  # nobody met one of her own unit
    assert found.expected_distinct == pytest.approx(4 * 0.5)


def season(seed: int, *, n_people: int, n_draws: int, n_teams: int, friends: bool = False) -> list[list[Team]]:
    """Draws dealt by the protocol, loads carried on. friends: two arrange half of the draws in which both are."""
    chance, loads, found = random.Random(seed), [0] * n_people, []
    for number in range(n_draws):
        people = [Inspector(f"I{at:03}", "D", "U", None, frozenset(), 999, load) for at, load in enumerate(loads)]
        tasks = [Task(f"T{at:03}", "P", (SlotGroup("D", (), 2),)) for at in range(n_teams)]
        told = [hashlib.sha256(f"{seed} {number} {what}".encode()).hexdigest() for what in "ti"]
        dealt = match(tasks, Roster(people, [], cross_home=False), task_prefix=told[0], inspector_prefix=told[1])
        teams: dict[int, list[str]] = {}
        for (task, _), seat in dealt.seats.items():
            teams.setdefault(task, []).append(seat.inspector)
        loads = [dealt.load[f"I{at:03}"] for at in range(n_people)]
        if friends and chance.random() < 0.5:
            _put_together(list(teams.values()), "I000", "I001")
        found.append([team(*names) for names in teams.values()])
    return found


def _put_together(teams: list[list[str]], one: str, other: str) -> None:
    with_one, with_other = (next((own for own in teams if name in own), None) for name in (one, other))
    if with_one and with_other and with_one is not with_other:
        partner = next(name for name in with_one if name != one)
        with_one[with_one.index(partner)] = other
        with_other[with_other.index(other)] = partner


@pytest.mark.parametrize(
    ("n_people", "n_draws", "n_teams"), [(60, 24, 20), (60, 12, 20), (20, 4, 100)], ids=["many", "few", "crowded"]
)
def test_what_is_expected_lies_near_teams_dealt_again(n_people: int, n_draws: int, n_teams: int):
    found = [pairs_of(season(seed, n_people=n_people, n_draws=n_draws, n_teams=n_teams)) for seed in range(30)]

    assert mean(one.n_repeated for one in found) == pytest.approx(mean(one.expected_repeated for one in found), rel=0.1)
    assert mean(one.n_distinct for one in found) == pytest.approx(
        mean(one.expected_distinct for one in found), rel=0.02
    )
    assert sum(_is_called(one) for one in found) <= 1  # of thirty honest seasons less than one is expected


@pytest.mark.parametrize(("n_draws", "least"), [(24, 5), (48, 16)])
def test_friends_who_arrange_half_their_draws_are_found_in_two_years(n_draws: int, least: int):
    """Called at one false alarm in a hundred years for all 1,770 pairs together, where the study took one in twenty."""
    found = [pairs_of(season(seed, n_people=60, n_draws=n_draws, n_teams=20, friends=True)) for seed in range(20)]

    named = sum(_is_called(one) and one.repeated[0].pair == frozenset({"I000", "I001"}) for one in found)

    assert named >= least


def _is_called(found: Pairs) -> bool:
    return any(one.chance < 0.01 for one in found.repeated)
