"""The lowest tickets of each stratum: against plain sorting, in any order and division, and fair."""

from __future__ import annotations

import random
from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2

from gongchou.draw.frame import scan_frame
from gongchou.draw.select import Quota, draw_stratum, lowest, select_frame, write_ranked
from gongchou.draw.table import Bytes, write_table
from gongchou.draw.ticket import digests
from tests.draw.oracles import PREFIX, draw_by_sorting, hex_digest
from tests.draw.vectors import load

VECTOR = load("tickets")["selection"]
STRATA = ["A", "A-B", "A.B", "AB", "B"]

frames = st.dictionaries(
    st.from_regex(r"[0-9A-Z][0-9A-Z._-]{0,4}", fullmatch=True),
    st.tuples(st.sampled_from(STRATA), st.sampled_from(["U1", "U2", "U3", "U4"])),
    min_size=1,
    max_size=30,
)


def draw(lines, quotas, gone=(), prefix=PREFIX):
    blob = Bytes(write_table(lines))
    scan = scan_frame(blob, with_unit=len(lines[0]) == 4)
    sizes = {name: Quota(part.size, *quotas[name]) for name, part in scan.strata.items()}
    return select_frame(blob, scan.spans(), sizes, digests(prefix), {name.encode() for name in gone})


def lowest_of(lines, count):
    return lowest(lambda: [lines], count, len(lines), digests(PREFIX))


def wanted(data):
    return {name: (data.draw(st.integers(0, 9)), data.draw(st.integers(0, 9))) for name in STRATA}


@settings(max_examples=300)
@given(frames, st.booleans(), st.data())
def test_a_draw_is_what_plain_sorting_gives(objects, with_unit, data):
    lines = [(s, name, "P1", unit)[: 4 if with_unit else 3] for name, (s, unit) in objects.items()]
    quotas, gone = wanted(data), data.draw(st.sets(st.sampled_from(sorted(objects))))

    drawn = draw(lines, quotas, gone)

    present = {line[0]: quotas[line[0]] for line in lines}
    assert drawn == draw_by_sorting(lines, present, PREFIX, gone)


def test_objects_of_a_unit_come_together_in_an_order_of_their_own():
    spans_of = {name: (n["n"], n["reserve"]) for name, n in VECTOR["quotas"].items()}
    lines = [line.split("\t") for line in VECTOR["frame"].splitlines()]

    selected, reserve = draw(lines, spans_of, VECTOR["gone"], VECTOR["prefix"])

    assert write_ranked(selected).decode() == VECTOR["selected"]
    assert write_ranked(reserve).decode() == VECTOR["reserve"]
    halves = [row.ticket[:32] for row in selected + reserve if row.stratum == "A"]
    assert (len(set(halves)), halves) == (2, sorted(halves))
    assert len({row.ticket for row in selected + reserve}) == len(selected + reserve)


def test_ids_do_not_decide_within_a_unit():
    """Put all objects into one unit and the seed must still choose."""
    lines = sorted(f"A\tX{n:02}\tP1\tONE".encode() for n in range(20))

    first = {lowest(lambda: [lines], 5, 20, digests(hex_digest(str(seed))))[0][1] for seed in range(200)}

    assert len(first) > 15


@given(frames, st.integers(1, 12), st.data())
def test_the_draw_of_all_is_the_merger_of_the_draws_of_parts(objects, count, data):
    lines = sorted(f"A\t{name}\tP1".encode() for name in objects)
    parts: dict[int, list[bytes]] = {}
    for line in lines:
        parts.setdefault(data.draw(st.integers(0, 3)), []).append(line)

    whole = lowest_of(lines, count)
    pieces = [lowest_of(part, count) for part in parts.values()]

    assert whole == sorted(candidate for piece in pieces for candidate in piece)[:count]


@given(st.lists(st.integers(0, 10**6), unique=True, min_size=1, max_size=30), st.integers(1, 40), st.randoms())
def test_the_order_of_lines_and_the_cut_into_chunks_do_not_matter(numbers, count, rng):
    lines = [b"A\tX%d\tP1" % number for number in numbers]
    shuffled = rng.sample(lines, len(lines))
    cut = rng.randint(0, len(lines))

    found = lowest(lambda: [shuffled[:cut], shuffled[cut:]], count, len(lines), digests(PREFIX))

    assert found == lowest_of(lines, count)


@pytest.mark.parametrize("size", [1, 50, 1000, 10**6, 10**12])
@pytest.mark.parametrize("count", [0, 1, 7, 300, 1000, 1001])
def test_a_wrong_guess_of_the_size_costs_a_second_look_and_changes_nothing(size, count):
    lines = [b"A\tX%04d\tP1" % number for number in range(1000)]
    looks = []

    def read():
        looks.append(1)
        return [lines]

    found = lowest(read, count, size, digests(PREFIX))

    assert [name.decode() for _, name in found] == sorted(
        (f"X{number:04}" for number in range(1000)), key=lambda name: hex_digest(f"{PREFIX}:{name}")
    )[:count]
    assert (len(looks) > 1) == (count > 0 and size > 10**4)


def test_the_gone_are_counted_out_before_the_rest_is_ranked():
    lines = [("A", f"X{number:03}", "P1") for number in range(200)]
    first, _ = draw(lines, {"A": (190, 0)})
    gone = {row.object_id for row in first}

    selected, reserve = draw(lines, {"A": (6, 9)}, gone)

    assert [row.rank for row in selected + reserve] == list(range(1, 11))
    assert len(selected) == 6
    assert gone & {row.object_id for row in selected + reserve} == set()


def test_a_stratum_named_like_a_prefix_keeps_its_own_lines():
    lines = [(stratum, f"{stratum}-X{number}", "P1") for stratum in STRATA for number in range(5)]

    selected, reserve = draw(lines, dict.fromkeys(STRATA, (3, 9)))

    assert [(row.stratum, row.rank) for row in selected] == [(s, rank) for s in STRATA for rank in (1, 2, 3)]
    assert [row for row in selected + reserve if not row.object_id.startswith(row.stratum + "-X")] == []
    assert len(reserve) == 10


def test_draws_that_share_a_prefix_choose_the_same_objects_as_far_as_they_go():
    lines = [("A", f"X{number:03}", "P1") for number in range(200)]

    small, _ = draw(lines, {"A": (10, 0)})
    large, _ = draw(lines, {"A": (50, 0)})

    assert small == large[:10]


def test_one_stratum_can_be_drawn_by_itself():
    lines = [("A", f"X{number:03}", "P1") for number in range(20)]
    blob = Bytes(write_table(lines))

    rows = list(draw_stratum(blob, "A", (0, blob.size), Quota(20, 2, 3), digests(PREFIX)))

    assert [row.rank for row in rows] == [1, 2, 3, 4, 5]


def test_no_row_is_written_as_no_bytes():
    assert write_ranked([]) == b""


@pytest.mark.parametrize("form", ["object", "unit"])
def test_every_three_of_ten_objects_are_equally_likely(form):
    draws = 24_000
    names = [f"X{number}" for number in range(10)]
    lines = [f"A\t{name}\tP1{'' if form == 'object' else chr(9) + 'U' + name}".encode() for name in names]
    counts: Counter[tuple[bytes, ...]] = Counter()

    for number in range(draws):
        found = lowest(lambda: [lines], 3, 10, digests(hex_digest(f"{form} {number}")))
        counts[tuple(sorted(name for _, name in found))] += 1

    subsets = list(combinations(sorted(name.encode() for name in names), 3))
    expected = draws / len(subsets)
    statistic = sum((counts[subset] - expected) ** 2 / expected for subset in subsets)
    assert (len(subsets), sum(counts.values())) == (120, draws)
    assert statistic < chi2.ppf(0.999, len(subsets) - 1)


def test_every_rank_is_equally_likely_for_every_object():
    draws = 20_000
    counts: Counter[tuple[bytes, int]] = Counter()
    lines = [b"A\tX%d\tP1" % number for number in range(6)]

    for number in range(draws):
        for rank, (_, name) in enumerate(lowest(lambda: [lines], 6, 6, digests(hex_digest(f"rank {number}")))):
            counts[name, rank] += 1

    expected = draws / 6
    statistic = sum((count - expected) ** 2 / expected for count in counts.values())
    assert len(counts) == 36
    assert statistic < chi2.ppf(0.999, 25)


def test_twenty_thousand_objects_in_many_strata_are_as_sorted():
    rng = random.Random(20)
    lines = [(rng.choice(STRATA), f"X{number:05}", "P1") for number in range(20_000)]
    quotas = {"A": (100, 10), "A-B": (1, 0), "A.B": (4000, 400), "AB": (9999, 1), "B": (0, 5)}

    assert draw(lines, quotas) == draw_by_sorting(lines, quotas, PREFIX)
