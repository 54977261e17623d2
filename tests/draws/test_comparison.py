"""One shared seed beside draws of their own: the figures, the rule that anybody can follow, the page."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from io import BytesIO

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from gongchou.draw.frame import scan_frame
from gongchou.draw.params import quotas
from gongchou.draw.select import select_frame
from gongchou.draw.table import Bytes, write_table
from gongchou.draw.ticket import digests, object_prefix
from gongchou.draws.comparison import Comparison, Drawn, apart_prefix, compare, counted
from gongchou.draws.figuring import BINS, figure, find_comparison
from gongchou.draws.models import Batch, Figures, Hit
from gongchou.draws.queries.batches import files_of
from gongchou.draws.tasks import count
from tests.factories import draws as factory
from tests.factories.lists import keeper_of
from tests.factories.people import NOW, signed_in

SEED = "ab" * 32


def drawn(code: str, ids: dict[str, list[str]], places: dict[str, int], seed: str = SEED) -> Drawn:
    """A draw over a frame in memory. ids: stratum -> objects; places: stratum -> how many are drawn."""
    frame = Bytes(write_table((stratum, own, "U1") for stratum, members in ids.items() for own in members))
    ratio = {"round": "ceil", "min": 0, "max": None, "weight": None, "reserve": 0}
    strata = [
        {"id": name, "size": len(ids[name]), "n": n, "num": n, "den": len(ids[name]), **ratio}
        for name, n in sorted(places.items())
    ]
    told = {"hamilton": None, "replacement": {"reserve_num": 0, "reserve_den": 1}, "ticket_key": "object"}
    params = {"draw": code, "suite": "sha256", "mode": "official", "strata": strata, **told}
    tickets = digests(object_prefix(seed))
    rows, _ = select_frame(frame, scan_frame(frame).spans(), quotas(params), tickets)
    return Drawn(params, frame, [row.object_id for row in rows])


def objects(first: int, last: int) -> list[str]:
    return [f"P{number:05}" for number in range(first, last)]


@pytest.mark.parametrize(
    ("selected", "doors", "merged"),
    [
        ([["A", "B"], ["C"]], 3, 0),
        ([["A", "B"], ["A"]], 2, 2),
        ([["A", "B"], ["A"], ["A", "C"]], 3, 3),
        ([["A"], ["A"], ["A"]], 1, 3),
        ([[], []], 0, 0),
    ],
)
def test_a_door_counts_once_and_its_tasks_are_merged(selected: list[list[str]], doors: int, merged: int):
    way = counted(selected)

    assert (way.n_doors, way.n_merged, way.n_tasks) == (doors, merged, sum(map(len, selected)))


def test_what_is_expected_of_draws_apart_is_the_closed_form_over_the_strata():
    one = drawn("D-1", {"A": objects(0, 100), "B": objects(100, 120)}, {"A": 10, "B": 10})
    other = drawn("D-2", {"X": objects(50, 150)}, {"X": 20})

    found = compare([one, other], SEED)

    a, b, x = Fraction(1, 10), Fraction(1, 2), Fraction(1, 5)
    doors = 50 * a + 50 * (1 - (1 - a) * (1 - x)) + 20 * (1 - (1 - b) * (1 - x)) + 30 * x
    assert found.expected.n_doors == pytest.approx(float(doors))
    assert found.expected.n_merged == pytest.approx(float(50 * 2 * a * x + 20 * 2 * b * x))
    assert found.expected.n_tasks == found.together.n_tasks == found.redrawn.n_tasks == 40


def test_equal_frames_at_equal_rates_share_all_their_doors():
    draws = [drawn(f"D-{number}", {"A": objects(0, 1000)}, {"A": 30}) for number in range(4)]

    found = compare(draws, SEED)

    assert (found.together.n_doors, found.together.merged_share) == (30, 1.0)
    assert found.expected.n_doors == pytest.approx(1000 * (1 - 0.97**4))
    assert found.saved(found.expected) == pytest.approx(1 - 30 / (1000 * (1 - 0.97**4)))


def test_anybody_draws_the_illustration_again_with_a_hash_and_a_sort():
    frames = {"D-1": objects(0, 300), "D-2": objects(200, 500)}
    found = compare([drawn(code, {"A": ids}, {"A": 30}) for code, ids in frames.items()], SEED)

    chosen: list[str] = []
    for code, ids in frames.items():
        prefix = hashlib.sha256(f"vdp1-test object\n{SEED}\n{code}\n".encode()).hexdigest()
        assert found.prefixes[code] == prefix
        chosen += sorted(ids, key=lambda own: hashlib.sha256(f"{prefix}:{own}".encode()).hexdigest())[:30]

    assert found.redrawn.n_doors == len(set(chosen))
    assert found.redrawn.n_tasks == len(chosen)


def test_an_illustration_never_has_the_tickets_of_a_result():
    params = {"suite": "sha256", "draw": "D-1"}
    real = {object_prefix(SEED, draw=draw) for draw in (None, "D-1")} | {object_prefix(SEED, mode="test")}

    assert apart_prefix(params, SEED) not in real


def test_redrawings_lie_around_what_is_expected():
    seeds = [hashlib.sha256(f"{number}".encode()).hexdigest() for number in range(100)]
    ids = [objects(0, 100), objects(50, 150), objects(0, 150)]

    found = []
    for seed in seeds:
        draws = [drawn(f"D-{at}", {"A": own}, {"A": 15}, seed) for at, own in enumerate(ids)]
        found.append(compare(draws, seed))

    mean = sum(one.redrawn.n_doors for one in found) / len(found)
    merged = sum(one.redrawn.n_merged for one in found) / len(found)
    # A drawing of 45 tasks wavers by about two doors, the mean of a hundred by a fifth of one.
    assert mean == pytest.approx(found[0].expected.n_doors, abs=0.8)
    assert merged == pytest.approx(found[0].expected.n_merged, abs=1.6)


# Over the files that are kept -------------------------------------------------------------------


def compared(batch: Batch) -> Comparison:
    figure(batch, at=NOW)
    found = find_comparison(batch)
    assert found is not None
    return found


@pytest.mark.django_db
def test_a_joint_draw_is_compared_as_it_was_drawn():
    batch = factory.drawn(factory.joint_batch(n_draws=4))

    found = compared(batch)

    selected = Hit.objects.filter(batch=batch, place="selected")
    assert found.together.n_doors == batch.visits.count() == 8
    assert (found.together.n_tasks, found.together.n_merged) == (selected.count(), 32)
    assert found.expected.n_doors == pytest.approx(40 * (1 - 0.8**4))


@pytest.mark.django_db
def test_a_draw_alone_has_figures_and_nothing_to_compare():
    batch = factory.drawn(factory.make_batch())

    told = figure(batch, at=NOW)

    assert find_comparison(batch) is None
    [[one]] = [list(strata.values()) for strata in told.units.values()]
    assert one == {"SCJG": [40, 8]}
    assert (len(told.tickets), sum(told.tickets)) == (BINS, 40)
    assert {code: len(own) for code, own in told.people.items()} == {"SCJG": 10}


@pytest.mark.django_db
def test_an_object_of_several_frames_has_one_ticket():
    assert sum(figure(factory.drawn(factory.joint_batch()), at=NOW).tickets) == 40


@pytest.mark.django_db
def test_figures_are_counted_once():
    batch = factory.drawn(factory.joint_batch())
    figure(batch, at=NOW)
    for blob in files_of(batch).values():
        blob.path.unlink(missing_ok=True)  # equal files lie in one place

    assert figure(batch, at=NOW).made_at == NOW


@pytest.mark.django_db
def test_what_was_given_up_after_the_seed_is_counted_as_it_was_drawn():
    batch = factory.drawn(factory.joint_batch())
    factory.give_up_late(batch.draws.get(seq=2))

    assert compared(batch).together.n_tasks == 16


# The page ---------------------------------------------------------------------------------------


def reader(client: Client, batch: Batch) -> Client:
    return signed_in(client, keeper_of(batch.department))


@pytest.mark.django_db
def test_the_page_asks_for_the_comparison_until_it_is_counted(client: Client):
    batch = factory.drawn(factory.joint_batch())
    address = f"/draws/{batch.pk}/comparison/"
    asks = f'hx-get="{address}"'
    client = reader(client, batch)

    before = client.get(batch.get_absolute_url()).content.decode()
    part = client.get(address).content.decode()
    after = client.get(batch.get_absolute_url()).content.decode()

    assert (asks in before, asks in part, asks in after) == (True, False, False)
    assert "16 个任务户次一起抽，只上 8 户门，比一项任务上一次门少 50.0%" in part
    assert "各抽各的，预计要上 14 户：一起抽少上 <strong>6</strong> 户（<strong>44.4%</strong>）" in after


@pytest.mark.django_db
def test_the_worker_counts_behind_the_draw(client: Client):
    batch = factory.drawn(factory.joint_batch())

    count.call(str(batch.pk))

    assert Figures.objects.get().comparison["together"]["n_doors"] == 8


@pytest.mark.django_db
@pytest.mark.parametrize("n_draws", [1, 2])
def test_only_a_joint_draw_that_was_drawn_is_compared(client: Client, n_draws: int):
    batch = factory.joint_batch(n_draws=n_draws)
    client = reader(client, batch)

    before = client.get(batch.get_absolute_url()).content.decode()
    factory.drawn(batch)
    after = client.get(batch.get_absolute_url()).content.decode()

    assert ("联合与各抽的对比" in before, "联合与各抽的对比" in after) == (False, n_draws > 1)


@pytest.mark.django_db
def test_the_comparison_is_taken_away_as_a_workbook(client: Client):
    batch = factory.drawn(factory.joint_batch())

    answer = reader(client, batch).get(f"/draws/{batch.pk}/comparison/?export=comparison")

    rows = CalamineWorkbook.from_filelike(BytesIO(answer.getvalue())).get_sheet_by_index(0).to_python()
    assert [row[:3] for row in rows][:3] == [
        ["抽法", "任务（户次）", "上门（户）"],
        ["一起抽（实际）", 16, 8],
        ["各抽各的（期望）", 16, 14.4],
    ]


@pytest.mark.django_db
def test_a_counted_comparison_costs_the_same_for_two_draws_and_for_four(client: Client):
    asked = []
    for n_draws in (2, 4):
        sid = transaction.savepoint()
        batch = factory.drawn(factory.joint_batch(n_draws=n_draws))
        figure(batch, at=NOW)
        desk = reader(client, batch)
        desk.get("/draws/")
        with CaptureQueriesContext(connection) as queries:
            desk.get(f"/draws/{batch.pk}/comparison/")
        asked.append(len(queries))
        transaction.savepoint_rollback(sid)

    assert asked[0] == asked[1]
