"""An object that is void gives its place to the next of the reserve, and evidence of it stays."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.urls import reverse

from gongchou.draws import store
from gongchou.draws.ledger import PublicLog, second_id
from gongchou.draws.models import Evidence, Hit
from gongchou.draws.operations import replacements
from gongchou.draws.parcels import parcel_of
from gongchou.draws.queries.results import overused, standing
from tests.draws.afterwards import (
    AFTER,
    VOID_OBJECT,
    Clock,
    ask_for,
    check_both_views,
    found,
    hit_of,
    refused_code,
    replace,
    seat_of,
)
from tests.draws.test_withdrawals import second_approver, withdraw_late
from tests.draws.test_withdrawing import at_desk, told
from tests.factories import draws as factory
from tests.factories import plans
from tests.factories.lists import approver_of, keeper_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def places(draw) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = {}
    for place, rank in draw.hits.order_by("rank").values_list("place", "rank"):
        rows.setdefault(place, []).append(rank)
    return rows


def test_the_next_of_the_reserve_comes_in_and_the_evidence_verifies():
    batch = factory.drawn(factory.make_batch())
    draw = batch.draws.get()
    out = hit_of(draw, 3)

    done = replace(out, AFTER)

    assert places(draw) == {"selected": [1, 2, 4, 5, 6, 7, 8], "replaced": [3], "came_in": [9]}
    old, new = (batch.visits.get(subject=hit.subject) for hit in (out, done.into))
    assert [seat.event for seat in old.seats.all()] == [done.event] * 2
    assert [(seat.number, seat.inspector, seat.kind) for seat in new.seats.all()] == [
        (1, None, "unfilled"),
        (2, None, "unfilled"),
    ]
    entry = PublicLog().entries_of(batch.code)[-1]
    assert (entry.type, entry.index, entry.body["rank"]) == ("replace", done.event, 9)
    assert entry.body["second"] == second_id(approver_of(batch.department))
    assert check_both_views(batch) >= {"replaced_many", "slots_open"}
    keeper = keeper_of(batch.department)
    seen = told(keeper, batch.get_absolute_url())
    assert "<strong>8</strong> 户次（门）" in seen
    assert "有 2 个席位待补配（递补对象的席位" in seen
    assert "没有人可配" not in seen
    wall = at_desk(keeper).get(reverse("draws:screen-state", args=[batch.pk])).json()["results"]
    marks = [row["mark"] for row in wall["draws"][0]["strata"][0]["rows"]]
    assert (wall["n_visits"], marks) == (8, ["", "", "已替换", "", "", "", "", "", "递补"])


def test_the_proof_is_kept_for_auditors_and_its_digest_is_public():
    batch = factory.drawn(factory.make_batch())
    draw = batch.draws.get()

    first, second = (ask_for(hit_of(draw, rank), AFTER) for rank in (1, 2))  # one paper for two shops

    assert store.read(first.evidence) == VOID_OBJECT["evidence"]
    kept = Evidence.objects.get(batch=batch, sha256=second.evidence)
    assert kept.path == f"auditor/proofs/{first.evidence}"
    assert found(batch, for_auditors=True).failure is None
    paper = ask_for(hit_of(draw, 3), AFTER, evidence=b"%PDF-1.4")
    with ZipFile(BytesIO(b"".join(parcel_of(batch).data))) as parcel:
        assert parcel.read(f"proofs-{first.evidence}") == VOID_OBJECT["evidence"]
        assert parcel.read(f"proofs-{paper.evidence}.pdf") == b"%PDF-1.4"


def test_who_may_ask_and_who_may_agree():
    batch = factory.drawn(factory.make_batch())
    hit = hit_of(batch.draws.get(), 1)
    approver = approver_of(batch.department)
    stranger = approver_of(factory.other_department(batch.department))
    assert refused_code(ask_for, hit, AFTER, by=stranger) == "registry.out_of_reach"
    asked = ask_for(hit, AFTER, by=approver)
    agree = {"operation": replacements.approve_replacement, "replacement": asked, "at": AFTER}

    assert refused_code(**agree, by=approver) == "draws.same_replacer"
    assert refused_code(**agree, by=keeper_of(batch.department)) == "registry.out_of_reach"
    assert refused_code(**agree, by=stranger) == "registry.out_of_reach"
    replacements.approve_replacement(replacement=asked, by=second_approver(hit.draw), at=AFTER)


def test_a_second_click_changes_nothing():
    batch = factory.drawn(factory.make_batch())
    hit = hit_of(batch.draws.get(), 1)
    asked = ask_for(hit, AFTER)
    assert refused_code(ask_for, hit, AFTER) == "draws.replacement_asked"
    agree = {"replacement": asked, "by": approver_of(batch.department), "at": AFTER}
    replacements.approve_replacement(**agree)

    assert refused_code(replacements.approve_replacement, **agree) == "draws.replacement_answered"
    assert refused_code(replacements.refuse_replacement, **agree, reason="") == "draws.replacement_answered"
    assert refused_code(ask_for, hit, AFTER) == "draws.not_in_sample"
    assert len([one for one in PublicLog().entries_of(batch.code) if one.type == "replace"]) == 1


def test_a_request_that_was_refused_can_be_made_again_with_a_better_proof():
    batch = factory.drawn(factory.make_batch())
    hit = hit_of(batch.draws.get(), 1)
    asked = ask_for(hit, AFTER)
    by = approver_of(batch.department)
    replacements.refuse_replacement(replacement=asked, reason="证明不清楚", by=by, at=AFTER)

    again = ask_for(hit, AFTER, evidence=b"better")

    assert replacements.approve_replacement(replacement=again, by=by, at=AFTER).into.rank == 9


@pytest.mark.parametrize(
    ("own", "code"),
    [
        ({"reason": "disliked"}, "draws.reason_unknown"),
        ({"evidence": b""}, "draws.proof_missing"),
        ({"evidence": b"0" * ((20 << 20) + 1)}, "draws.proof_large"),
    ],
)
def test_what_is_asked_badly_is_refused(own, code):
    batch = factory.drawn(factory.make_batch())

    assert refused_code(ask_for, hit_of(batch.draws.get(), 1), AFTER, **own) == code


def test_nothing_is_replaced_before_there_is_a_result_nor_after_a_withdrawal():
    batch = factory.drawn(factory.make_batch())
    hit = hit_of(batch.draws.get(), 1)
    asked = ask_for(hit, AFTER)
    withdraw_late(hit.draw)

    assert refused_code(ask_for, hit_of(hit.draw, 2), AFTER) == "draws.withdrawn_already"
    agree = {"replacement": asked, "by": approver_of(batch.department), "at": AFTER}
    assert refused_code(replacements.approve_replacement, **agree) == "draws.withdrawn_already"
    assert places(hit.draw)["reserve"] == [9]


def test_a_reserve_that_is_used_up_says_so():
    batch = factory.drawn(factory.make_batch())
    draw = batch.draws.get()
    waiting = ask_for(hit_of(draw, 2), AFTER)
    replace(hit_of(draw, 1), AFTER)

    assert refused_code(ask_for, hit_of(draw, 3), AFTER) == "draws.reserve_used_up"
    agree = {"replacement": waiting, "by": approver_of(batch.department), "at": AFTER}
    assert refused_code(replacements.approve_replacement, **agree) == "draws.reserve_used_up"


def test_who_came_in_can_be_replaced_in_turn():
    batch = factory.drawn(factory.make_batch(factory.ready_task(n=60, ratio=plans.at_least("90%"))))
    draw, clock = batch.draws.get(), Clock()

    first = replace(hit_of(draw, 1), clock())
    second = replace(first.into, clock())

    assert (first.into.rank, second.into.rank) == (55, 56)
    assert hit_of(draw, 55).place == Hit.Place.REPLACED
    check_both_views(batch)


def test_more_than_one_in_fifty_is_too_many():
    batch = factory.drawn(factory.make_batch(factory.ready_task(n=60, ratio=plans.at_least("90%"))))
    draw, clock = batch.draws.get(), Clock()
    replace(hit_of(draw, 1), clock())
    assert (list(overused(draw)), "replaced_many" in check_both_views(batch)) == ([], False)

    replace(hit_of(draw, 2), clock())

    assert (list(overused(draw)), "replaced_many" in check_both_views(batch)) == ([draw.strata.get()], True)


def test_a_proof_that_was_lost_stops_the_replacement():
    batch = factory.drawn(factory.make_batch())
    asked = ask_for(hit_of(batch.draws.get(), 1), AFTER)
    (store.folder() / asked.evidence[:2] / asked.evidence).write_bytes(b"forged")

    agree = {"replacement": asked, "by": approver_of(batch.department), "at": AFTER}
    assert refused_code(replacements.approve_replacement, **agree) == "draws.file_damaged"


def test_after_dispatch_the_new_door_goes_to_its_unit_at_once():
    batch = factory.dispatched(factory.make_batch())

    done = replace(hit_of(batch.draws.get(), 1), AFTER)

    assert batch.visits.get(subject=done.into.subject).unit == done.into.subject.keeper


# Two departments at one door ------------------------------------------------------------------------


def test_people_stay_where_another_draw_still_sends_them():
    batch = factory.drawn(factory.two_departments())
    first, second = batch.draws.all()
    out = hit_of(first, 1)  # both drew it

    done = replace(out, AFTER)

    assert out.subject.visits.get().seats.filter(ended_at=None).count() == 4
    own = done.into.subject.visits.get().seats.filter(ended_at=None).order_by("number")  # the other had drawn it
    assert [(seat.department, seat.inspector is None) for seat in own] == [
        (second.task.department, False),
        (second.task.department, False),
        (first.task.department, True),
        (first.task.department, True),
    ]
    check_both_views(batch)


def test_an_object_that_one_draw_dropped_and_another_takes_has_its_people_again():
    batch = factory.drawn(factory.two_departments())
    first, second = batch.draws.all()
    dropped, clock = hit_of(second, 9), Clock()
    people = [seat_of(dropped, number).inspector for number in (1, 2)]
    replace(dropped, clock())
    visit = dropped.subject.visits.get()
    assert (visit.seats.filter(ended_at=None).count(), standing(batch.visits.filter(pk=visit.pk)).count()) == (0, 0)

    done = replace(hit_of(first, 1), clock())

    assert done.into.subject == dropped.subject
    assert [seat_of(dropped, number).inspector for number in (1, 2)] == people
    assert [seat_of(dropped, number).inspector for number in (3, 4)] == [None, None]
    check_both_views(batch)


def test_an_object_of_a_withdrawn_draw_can_come_in_by_another():
    batch = factory.drawn(factory.two_departments())
    first, second = batch.draws.all()
    withdraw_late(second)

    done = replace(hit_of(first, 1), AFTER)

    assert done.into.subject.visits.get().seats.filter(ended_at=None).count() == 4
    check_both_views(batch)
