"""deal1 against a literal transcription of its pseudo-code, against maximum flow, and for fairness."""

from __future__ import annotations

import base64
import random
from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from gongchou.draw.errors import EvidenceError, FormatError
from gongchou.draw.match import match
from gongchou.draw.roster import (
    Inspector,
    Roster,
    SlotGroup,
    Task,
    find_pool_conflict,
    groups_of,
    merge_groups,
    read_avoid,
    read_inspectors,
    tasks_for,
)
from gongchou.draw.table import write_table
from tests.draw import oracles
from tests.draw.vectors import each, load

REFUSALS = load("refusals")
ONE = SlotGroup(None, (), 1)
LEAD = SlotGroup(None, ("lead",), 1)
FIRE = SlotGroup("XFJ", ("fire",), 2)


def deal(case, task_prefix=oracles.PREFIX):
    roster = Roster(case.inspectors, case.avoid, cross_home=case.cross_home)
    return match(case.tasks, roster, task_prefix=task_prefix, inspector_prefix=case.prefix)


def person(name, *, pools=None, skills=(), cap=9, load0=0, department="D1", home="P9"):
    return Inspector(name, department, home, pools and frozenset(pools), frozenset(skills), cap, load0)


# Against the pseudo-code and against maximum flow -----------------------------------------------


@pytest.mark.parametrize("part", range(4))
def test_the_result_is_byte_for_byte_that_of_the_pseudo_code(part):
    repairs = unfilled = 0

    for seed in range(part * 600, part * 600 + 600):
        case = oracles.random_instance(seed)
        made, told = deal(case), oracles.deal1(case)
        assert made.assignment() == "".join(line + "\n" for line in told.lines).encode(), seed
        assert made.unfilled_table() == "".join(line + "\n" for line in told.unfilled).encode(), seed
        repairs, unfilled = repairs + told.repairs, unfilled + made.n_unfilled

    assert repairs > 50
    assert unfilled > 1000


@pytest.mark.parametrize("part", range(4))
def test_no_other_assignment_fills_more_slots(part):
    for seed in range(part * 600, part * 600 + 600):
        case = oracles.random_instance(seed)
        assert len(deal(case).seats) == oracles.most_slots(case), seed


@pytest.mark.parametrize("seed", range(0, 2400, 400))
def test_every_team_is_allowed_and_every_load_within_its_cap(seed):
    for own in range(seed, seed + 400):
        case = oracles.random_instance(own)
        made = deal(case)
        people = {i.id: i for i in case.inspectors}
        for (t, k), seat in made.seats.items():
            task = made.tasks[t]
            assert oracles.may_serve(case, people[seat.inspector], task, task.slots()[k])
        pairs = [(t, seat.inspector) for (t, _), seat in made.seats.items()]
        given = Counter(inspector for _, inspector in pairs)
        assert len(set(pairs)) == len(pairs)
        assert made.load == {i.id: i.load0 + given[i.id] for i in case.inspectors}
        assert [i.id for i in case.inspectors if given[i.id] and made.load[i.id] > i.cap] == []


def test_every_unfilled_slot_comes_with_a_proof_that_holds():
    checked = 0

    for seed in range(2400):
        case = oracles.random_instance(seed)
        made = deal(case)
        for closure in made.closures:
            assert_proof_holds(case, made, closure)
            checked += len(closure.open)

    assert checked > 500


def assert_proof_holds(case, made, closure):
    people = {i.id: i for i in case.inspectors}
    held = {place: seat.inspector for place, seat in made.seats.items()}
    inside = {*closure.open, *closure.reached}
    assert not held.keys() & set(closure.open)
    assert [name for name in closure.full if made.load[name] < people[name].cap] == []
    assert {place for place, name in held.items() if name in closure.full} <= inside
    for t, k in inside:
        task = made.tasks[t]
        busy = {held.get(place) for place in inside if place[0] == t}
        may = {i.id for i in case.inspectors if oracles.may_serve(case, i, task, task.slots()[k])}
        assert may <= busy | closure.full


def test_slots_open_for_one_reason_share_one_proof():
    inspectors = [person(f"I{n}", cap=2) for n in range(3)]
    tasks = [Task(f"T{n}", "P1", (ONE,)) for n in range(9)]

    made = deal(oracles.Instance(tasks, inspectors, [], False, oracles.PREFIX))

    assert [(len(c.open), len(c.reached), c.full) for c in made.closures] == [(3, 6, {"I0", "I1", "I2"})]
    assert len(made.unfilled_table().splitlines()) == 3 + 6 + 3


def test_slots_open_for_different_reasons_have_different_proofs():
    inspectors = [person("I1", pools=["P1"], cap=1), person("I2", pools=["P2"], cap=1)]
    tasks = [Task(f"T{n}", f"P{n % 2 + 1}", (ONE,)) for n in range(4)]

    made = deal(oracles.Instance(tasks, inspectors, [], False, oracles.PREFIX))

    assert sorted((len(c.open), len(c.reached), sorted(c.full)) for c in made.closures) == [
        (1, 1, ["I1"]),
        (1, 1, ["I2"]),
    ]


@pytest.mark.parametrize("case", load("match")["cases"])
def test_the_published_examples_are_matched_alike(case):
    inspectors = read_inspectors(case["inspectors"].encode())
    roster = Roster(inspectors, read_avoid(case["avoid"].encode(), inspectors), cross_home=case["cross_home"])
    tasks = [Task(task["object"], task["pool"], groups_of(task)) for task in case["tasks"]]

    made = match(tasks, roster, task_prefix=case["task_prefix"], inspector_prefix=case["inspector_prefix"])

    assert made.assignment().decode() == case["assignment"]
    assert made.unfilled_table().decode() == case["unfilled"]


@given(st.integers(0, 10**6), st.randoms())
def test_the_order_in_which_tasks_and_inspectors_are_given_does_not_matter(seed, rng):
    case = oracles.random_instance(seed)
    other = case._replace(
        tasks=rng.sample(case.tasks, len(case.tasks)),
        inspectors=rng.sample(case.inspectors, len(case.inspectors)),
        avoid=rng.sample(case.avoid, len(case.avoid)),
    )

    made, again = deal(case), deal(other)

    assert (again.assignment(), again.unfilled_table()) == (made.assignment(), made.unfilled_table())


# Fairness ---------------------------------------------------------------------------------------


def test_every_pair_of_equal_inspectors_is_equally_likely_on_every_task():
    draws = 10_000
    inspectors = [person(f"I{number}") for number in range(6)]
    tasks = [Task(f"T{number}", "P1", (SlotGroup(None, (), 2),)) for number in range(7)]
    roster = Roster(inspectors, [], cross_home=False)
    counts: Counter[tuple[str, frozenset[str]]] = Counter()

    for number in range(draws):
        own = oracles.hex_digest(f"tasks {number}"), oracles.hex_digest(f"people {number}")
        made = match(tasks, roster, task_prefix=own[0], inspector_prefix=own[1])
        for t, task in enumerate(made.tasks):
            counts[task.id, frozenset([made.seats[t, 0].inspector, made.seats[t, 1].inspector])] += 1

    pairs = [frozenset(pair) for pair in combinations([i.id for i in inspectors], 2)]
    expected = draws / len(pairs)
    statistic = sum((counts[task.id, pair] - expected) ** 2 / expected for task in tasks for pair in pairs)
    assert sum(counts.values()) == draws * len(tasks)
    assert statistic < chi2.ppf(0.999, len(tasks) * (len(pairs) - 1))


def test_loads_of_equal_inspectors_differ_by_one_at_most():
    inspectors = [person(f"I{number}", cap=99) for number in range(7)]
    tasks = [Task(f"T{number}", "P1", (SlotGroup(None, (), 2),)) for number in range(40)]

    load = deal(oracles.Instance(tasks, inspectors, [], False, oracles.PREFIX)).load

    assert (max(load.values()) - min(load.values()), sum(load.values())) == (1, 80)


def test_who_worked_less_before_is_dealt_first():
    inspectors = [person("I1", load0=3), person("I2", load0=0), person("I3", load0=3)]
    tasks = [Task(f"T{number}", "P1", (ONE,)) for number in range(3)]

    made = deal(oracles.Instance(tasks, inspectors, [], False, oracles.PREFIX))

    assert [(seat.inspector, seat.load) for seat in made.seats.values()] == [("I2", 0), ("I2", 1), ("I2", 2)]


# Who may serve ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inspector", "group", "cross_home", "may"),
    [
        (person("I1"), ONE, False, True),
        (person("I1", pools=["P1"]), ONE, False, True),
        (person("I1", pools=["P2"]), ONE, False, False),
        (person("I1", pools=["P1", "P2"]), ONE, False, True),
        (person("I1", skills=["lead"]), LEAD, False, True),
        (person("I1", skills=["leader"]), LEAD, False, False),
        (person("I1", skills=["food", "lead"]), SlotGroup(None, ("food", "lead"), 1), False, True),
        (person("I1", skills=["food"]), SlotGroup(None, ("food", "lead"), 1), False, False),
        (person("I1", department="XFJ", skills=["fire"]), FIRE, False, True),
        (person("I1", department="XF", skills=["fire"]), FIRE, False, False),
        (person("I1", home="P1"), ONE, False, True),
        (person("I1", home="P1"), ONE, True, False),
        (person("I1", home="P2"), ONE, True, True),
        (person("I9"), ONE, False, False),
    ],
)
def test_who_may_serve_a_slot(inspector, group, cross_home, may):
    roster = Roster([inspector], [("I9", "T1")], cross_home=cross_home)
    task = Task("T1", "P1", (group,))

    assert roster.may_serve(inspector.id, task, group) is may
    assert bool(match([task], roster, task_prefix="", inspector_prefix="").seats) is may


def test_a_stranger_may_serve_nothing():
    assert Roster([], [], cross_home=False).may_serve("I1", Task("T1", "P1", (ONE,)), ONE) is False


@pytest.mark.parametrize(
    ("inspectors", "full"),
    [
        ([], ""),
        ([person("I1", cap=0)], "T1:1\tfull\tI1\n"),
        ([person("I1", cap=2, load0=5)], "T1:1\tfull\tI1\n"),
        ([person("I1", pools=["P2"])], ""),
    ],
)
def test_a_slot_nobody_can_fill_is_written_with_its_reason(inspectors, full):
    made = deal(oracles.Instance([Task("T1", "P1", (ONE,))], inspectors, [], False, oracles.PREFIX))

    assert (made.assignment(), made.unfilled_table()) == (b"", f"{full}T1:1\topen\tT1:1\n".encode())


def test_a_slot_that_got_stuck_is_repaired_by_moving_somebody():
    inspectors = [person("I1", skills=["lead"], cap=1), person("I2", cap=1, load0=0)]
    tasks = [Task("T1", "P1", (ONE,)), Task("T2", "P1", (LEAD,))]
    case = oracles.Instance(tasks, inspectors, [], False, oracles.PREFIX)

    made = [deal(case._replace(prefix=oracles.hex_digest(str(number)))) for number in range(40)]

    kinds = {tuple(sorted(seat.kind for seat in one.seats.values())) for one in made}
    assert kinds == {("deal", "deal"), ("repair", "repair")}
    assert {one.seats[place].inspector for one in made for place in one.seats if one.tasks[place[0]].id == "T2"} == {
        "I1"
    }


def test_no_tasks_give_two_empty_tables():
    made = match([], Roster([person("I1")], [], cross_home=False), task_prefix="", inspector_prefix="")

    assert (made.assignment(), made.unfilled_table(), made.load) == (b"", b"", {"I1": 0})


def test_under_sm3_the_deck_is_another():
    case = oracles.random_instance(7)
    roster = Roster(case.inspectors, case.avoid, cross_home=case.cross_home)

    made = match(case.tasks, roster, task_prefix=oracles.PREFIX, inspector_prefix=case.prefix, suite="sm3")

    assert len(made.seats) == len(deal(case).seats)
    assert {seat.deck for seat in made.seats.values()} & {seat.deck for seat in deal(case).seats.values()} == set()


def test_a_thousand_objects_are_dealt_evenly_over_pools():
    rng = random.Random(11)
    inspectors = [person(f"I{n:03}", pools=[f"P{n % 10}"], cap=99) for n in range(100)]
    tasks = [Task(f"T{n:04}", f"P{n % 10}", (SlotGroup(None, (), 2),)) for n in range(1000)]
    avoid = [(f"I{rng.randrange(100):03}", f"T{n:04}") for n in range(200)]

    made = deal(oracles.Instance(tasks, inspectors, avoid, False, oracles.PREFIX))

    assert (len(made.seats), made.closures) == (2000, [])
    assert (min(made.load.values()), max(made.load.values())) in {(20, 20), (19, 21), (19, 20), (20, 21)}


# Tasks of a campaign ----------------------------------------------------------------------------


def test_an_object_of_two_draws_has_the_groups_of_both_in_their_order():
    samples = [((LEAD, ONE), {"X1": "P1", "X2": "P2"}), ((FIRE, ONE), {"X2": "P2", "X3": "P1"})]

    tasks = tasks_for(samples)

    assert tasks == [
        Task("X1", "P1", (LEAD, ONE)),
        Task("X2", "P2", (LEAD, ONE, FIRE)),
        Task("X3", "P1", (FIRE, ONE)),
    ]
    assert tasks[1].slots() == [LEAD, ONE, FIRE, FIRE]


@pytest.mark.parametrize(
    ("parts", "merged"),
    [
        ([], ()),
        ([(ONE,)], (ONE,)),
        ([(ONE,), (ONE,)], (ONE,)),
        ([(ONE, LEAD), (FIRE, ONE)], (ONE, LEAD, FIRE)),
        ([(ONE, ONE)], (ONE,)),
        ([(SlotGroup(None, (), 1),), (SlotGroup(None, (), 2),)], (SlotGroup(None, (), 1), SlotGroup(None, (), 2))),
    ],
)
def test_a_group_exactly_equal_to_one_already_there_is_passed_over(parts, merged):
    assert merge_groups(parts) == merged


@pytest.mark.parametrize(
    ("samples", "found"),
    [
        ([], None),
        ([{"X1": "P1"}, {"X2": "P2"}], None),
        ([{"X1": "P1"}, {"X1": "P1"}], None),
        ([{"X1": "P1"}, {"X2": "P1"}, {"X1": "P2"}], "X1"),
    ],
)
def test_an_object_in_two_pools_is_found(samples, found):
    assert find_pool_conflict(samples) == found


# Tables -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", each(REFUSALS["inspectors"]))
def test_a_malformed_list_of_inspectors_is_refused(row):
    with pytest.raises(FormatError, match=r"table_invalid \[inspectors.tsv\]"):
        read_inspectors(base64.b64decode(row["data"]))


@pytest.mark.parametrize("data", [base64.b64decode(data) for data in REFUSALS["inspectors_accepted"]])
def test_a_list_of_inspectors_says_what_was_written(data):
    rows = [
        (i.id, i.department, i.home_unit, told(i.pools, "*"), told(i.skills or None, "-"), i.cap, i.load0)
        for i in read_inspectors(data)
    ]

    assert write_table(rows) == data


def told(names, nothing):
    return nothing if names is None else ",".join(sorted(names))


def test_avoidance_names_known_inspectors_only():
    inspectors = [person("I1"), person("I2")]

    assert read_avoid(b"I1\tX1\nI2\tX1\n", inspectors) == [("I1", "X1"), ("I2", "X1")]
    assert read_avoid(b"", inspectors) == []
    with pytest.raises(EvidenceError, match="matching_input"):
        read_avoid(b"I1\tX1\nI3\tX1\n", inspectors)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"I1\tX1\nI1\tX1\n", "table_order"),
        (b"I2\tX1\nI1\tX1\n", "table_order"),
        (b"I1\n", "table_invalid"),
        (b"I1\tX1", "table_invalid"),
    ],
)
def test_a_malformed_avoidance_table_is_refused(data, code):
    with pytest.raises(FormatError, match=code):
        read_avoid(data, [person("I1"), person("I2")])
