"""What may happen after a draw: the reserve in its order, and slots dealt again."""

from __future__ import annotations

from types import MappingProxyType

import pytest

from gongchou.draw import log
from gongchou.draw.errors import DrawError, FormatError, RuleError
from gongchou.draw.match import match
from gongchou.draw.replace import (
    Replacement,
    Sample,
    Substitution,
    board_of,
    check_replacements,
    read_replacements,
    read_substitutions,
    replacement_body,
    write_replacements,
    write_substitutions,
)
from gongchou.draw.roster import Inspector, Roster, SlotGroup, Task
from gongchou.draw.select import Quota, Ranked
from tests.draw.oracles import PREFIX, hex_digest

ZERO, EVIDENCE = "0" * 64, "e" * 64
TWO = SlotGroup(None, (), 2)
LEAD = SlotGroup(None, ("lead",), 1)
PARAMS = MappingProxyType({"campaign": "C", "draw": "D1", "authority": "SCJG", "replacement": {"objects": True}})
REASONS = {"replace": {"gone": "搬走"}}


def sample(n=3, reserve=12):
    rows = [Ranked("A", rank, f"X{rank}", ZERO) for rank in range(1, n + reserve + 1)]
    return Sample(rows[:n], reversed(rows[n:]), {"A": Quota(n + reserve, n, reserve)})


# Replacement ------------------------------------------------------------------------------------


def test_the_reserve_comes_in_by_rank_and_not_by_text():
    drawn = sample(n=3, reserve=12)

    came = []
    for rank in range(4, 16):
        following = drawn.next_of("A")
        came.append(following.rank)
        drawn.apply("X1" if rank == 4 else f"X{rank - 1}", following.object_id, following.rank, "A")

    assert came == list(range(4, 16))
    assert drawn.present["A"] == {"X2", "X3", "X15"}


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        (("X9", "X4", 4, "A"), "not in the sample"),
        (("X4", "X4", 4, "A"), "not in the sample"),
        (("X1", "X4", 4, "B"), "not in the sample"),
        (("X1", "X5", 5, "A"), "out of order"),
        (("X1", "X4", 5, "A"), "out of order"),
        (("X1", "X5", 4, "A"), "out of order"),
    ],
)
def test_a_replacement_that_picks_is_refused(step, reason):
    with pytest.raises(RuleError) as refusal:
        sample().apply(*step)

    assert (refusal.value.code, refusal.value.facts["reason"]) == ("replacement_invalid", reason)


def test_a_reserve_that_is_used_up_gives_nobody():
    drawn = sample(reserve=1)
    drawn.apply("X1", "X4", 4, "A")

    with pytest.raises(RuleError, match="reserve used up"):
        drawn.next_of("A")
    with pytest.raises(RuleError, match="reserve used up"):
        drawn.apply("X2", "X5", 5, "A")


def test_who_went_out_is_in_no_stratum_any_more_and_who_came_in_is():
    drawn = sample()
    drawn.apply("X1", "X4", 4, "A")

    assert drawn.stratum_of("X4") == "A"
    with pytest.raises(RuleError, match="not in the sample"):
        drawn.stratum_of("X1")


@pytest.mark.parametrize(("n", "replaced", "overused"), [(50, 1, []), (49, 1, ["A"]), (100, 2, []), (100, 3, ["A"])])
def test_more_than_one_in_fifty_is_noted(n, replaced, overused):
    drawn = sample(n=n, reserve=10)

    for number in range(1, replaced + 1):
        drawn.apply(f"X{number}", f"X{n + number}", n + number, "A")

    assert drawn.overused() == overused


ROW = Replacement(7, "A", "X1", "X4", 4, "gone", EVIDENCE)


def logged(row=ROW, *, authority="SCJG", second="JIJIAN", **own):
    body = replacement_body(row, campaign="C", draw="D1", second=second) | own
    data = log.write_entry("replace", body, authority=authority, time="2026-01-01T00:00:00Z", previous=None)
    return {row.event: log.read_entry(data, row.event)}


def test_replacements_that_the_log_says_too_are_applied_in_order():
    following = Replacement(10, "A", "X4", "X5", 5, "gone", EVIDENCE)
    drawn = sample()

    check_replacements([ROW, following], logged() | logged(following), drawn, dict(PARAMS), REASONS)

    assert drawn.present["A"] == {"X2", "X3", "X5"}


@pytest.mark.parametrize(
    ("rows", "entries", "params", "reason"),
    [
        ([ROW], {}, {}, "log and table differ"),
        ([], logged(), {}, "log and table differ"),
        ([ROW, ROW], logged(), {}, "log and table differ"),
        ([ROW], logged(ROW._replace(out="X2")), {}, "log and table differ"),
        ([ROW], logged(campaign="C2"), {}, "log and table differ"),
        ([ROW], logged(authority="XFJ"), {}, "log and table differ"),
        ([ROW], logged(second="SCJG"), {}, "no second person"),
        ([ROW._replace(reason="dislike")], logged(ROW._replace(reason="dislike")), {}, "reason not listed"),
        ([ROW], logged(), {"replacement": {"objects": False}}, "not allowed by the parameters"),
        ([ROW._replace(into="X5", rank=5)], logged(ROW._replace(into="X5", rank=5)), {}, "out of order"),
    ],
)
def test_a_replacement_against_the_rules_is_refused(rows, entries, params, reason):
    with pytest.raises(DrawError) as refusal:
        check_replacements(rows, entries, sample(), dict(PARAMS) | params, REASONS)

    assert (refusal.value.code, refusal.value.facts["reason"]) == ("replacement_invalid", reason)


def test_the_replacements_of_another_draw_are_not_this_ones():
    other = logged(draw="D2")

    check_replacements([], other, sample(), dict(PARAMS), REASONS)


def test_replacements_are_written_as_text_and_read_by_event():
    rows = [ROW, ROW._replace(event=10, out="X2", into="X5", rank=5)]

    data = write_replacements(rows)

    assert data.startswith(b"10\tA\tX2\tX5\t5\tgone\t")
    assert read_replacements(data) == rows
    with pytest.raises(FormatError, match="table_invalid"):
        read_replacements(data.replace(EVIDENCE.encode(), b"-"))


# Substitution -----------------------------------------------------------------------------------


def person(name, *, skills=(), cap=9, load0=0, pools=None):
    return Inspector(name, "D1", "P9", pools and frozenset(pools), frozenset(skills), cap, load0)


def board(inspectors, *, avoid=(), groups=(TWO,), objects=("X1",)):
    roster = Roster(inspectors, avoid, cross_home=False)
    tasks = [Task(name, "P1", tuple(groups)) for name in objects]
    return board_of(match(tasks, roster, task_prefix=PREFIX, inspector_prefix=PREFIX))


def test_the_lowest_of_load_and_fresh_ticket_takes_the_slot():
    people = [person(f"I{number}", load0=number // 4) for number in range(8)]
    state = board(people)
    out, mate = state.seats["X1", 1], state.seats["X1", 2]
    fresh = sorted((hex_digest(f"{ZERO}:0:{i.id}"), i.id) for i in people[:4] if i.id not in (out, mate))

    chosen = state.deal_again("X1", 1, out, prefix=ZERO, suite="sha256")

    assert chosen == (fresh[0][1], 0, fresh[0][0])
    assert state.seats == {("X1", 1): fresh[0][1], ("X1", 2): mate}
    assert (state.load[out], state.load[mate], state.load[fresh[0][1]]) == (0, 1, 1)


@pytest.mark.parametrize(
    ("others", "avoid"),
    [
        ([], []),
        ([person("I3", cap=0)], []),
        ([person("I3", pools=["P2"])], []),
        ([person("I3")], [("I3", "X1")]),
    ],
)
def test_when_nobody_fits_the_slot_stays_open_and_the_load_is_given_back(others, avoid):
    state = board([person("I1"), person("I2"), *others], avoid=avoid)
    out = state.seats["X1", 1]

    chosen = state.deal_again("X1", 1, out, prefix=ZERO, suite="sha256")

    assert (chosen, state.load[out]) == (None, 0)
    assert list(state.seats) == [("X1", 2)]


def test_an_open_slot_is_dealt_when_nobody_holds_it():
    state = board([person("I1"), person("I2")])
    first = state.seats["X1", 1]
    state.deal_again("X1", 1, first, prefix=ZERO, suite="sha256")

    chosen = state.deal_again("X1", 1, None, prefix=ZERO, suite="sha256")

    assert chosen == (first, 0, hex_digest(f"{ZERO}:0:{first}"))


@pytest.mark.parametrize(
    ("object_id", "slot", "out", "reason"),
    [
        ("X1", 0, None, "no such slot"),
        ("X1", 3, None, "no such slot"),
        ("X2", 1, None, "no such slot"),
        ("X1", 1, None, "slot is not held so"),
        ("X1", 1, "I9", "slot is not held so"),
    ],
)
def test_a_slot_that_is_not_as_said_is_refused(object_id, slot, out, reason):
    with pytest.raises(RuleError) as refusal:
        board([person("I1"), person("I2")]).deal_again(object_id, slot, out, prefix=ZERO, suite="sha256")

    assert (refusal.value.code, refusal.value.facts["reason"]) == ("substitution_invalid", reason)


def test_an_object_that_came_in_brings_open_slots():
    state = board([person("I1", skills=["lead"]), person("I2"), person("I3")])

    state.add_task("X1", "P1", (LEAD, TWO))
    state.add_task("X5", "P1", (LEAD,))

    assert state.tasks["X1"].slots() == [TWO, TWO, LEAD]
    assert state.tasks["X5"] == Task("X5", "P1", (LEAD,))
    assert len(state.seats) == 2
    chosen = state.deal_again("X5", 1, None, prefix=ZERO, suite="sha256")
    assert chosen is not None
    assert chosen[0] == "I1"


def test_under_sm3_the_fresh_ticket_is_another():
    state = board([person("I1"), person("I2"), person("I3")])

    chosen = state.deal_again("X1", 1, state.seats["X1", 1], prefix=ZERO, suite="sm3")

    assert chosen is not None
    assert chosen[2] != hex_digest(f"{ZERO}:{chosen[1]}:{chosen[0]}")


def test_substitutions_are_written_with_dashes_and_read_by_event():
    rows = [
        Substitution(7, "X1", 1, "I1", "I2", 0, ZERO, EVIDENCE),
        Substitution(9, "X1", 2, "I3", None, None, None, EVIDENCE),
        Substitution(10, "X5", 1, None, "I1", 3, EVIDENCE, EVIDENCE),
    ]

    data = write_substitutions(rows)

    assert data.splitlines()[-1] == f"9\tX1\t2\tI3\t-\t-\t-\t{EVIDENCE}".encode()
    assert read_substitutions(data) == rows
    with pytest.raises(FormatError, match="table_order"):
        read_substitutions(data + data)
