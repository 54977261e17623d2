"""A seat is dealt again from a round that nobody knew when it was asked for."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from gongchou.audit.apps import keys_folder
from gongchou.audit.guard import open_for_writing
from gongchou.audit.keys import make_key, read_secret
from gongchou.audit.models import Line
from gongchou.draw import note
from gongchou.draw.encoding import dump_json
from gongchou.draws import keys, ledger, permissions
from gongchou.draws.board import checked_board
from gongchou.draws.ledger import PublicLog
from gongchou.draws.models import Batch, LogCheckpoint, Seat, Substitution
from gongchou.draws.operations import committing, substitutions
from gongchou.draws.operations.log import Witnesses, take_cosignature
from gongchou.draws.queries.afterwards import undealt_seats
from gongchou.draws.queries.results import filled, redealt, waiting_requests
from gongchou.draws.redealing import deal_all
from gongchou.draws.settings import Settings, to_store
from gongchou.seen import token
from tests.draws.afterwards import (
    AFTER,
    Clock,
    ask_again,
    check_both_views,
    deal,
    found,
    hit_of,
    refused_code,
    replace,
    seat_of,
)
from tests.draws.test_beacons import bad_relay, body, serving
from tests.draws.test_withdrawals import withdraw_late
from tests.factories import draws as factory
from tests.factories.lists import approver_of, department_of_lists, keeper_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def drawn(**own) -> Batch:
    return factory.drawn(factory.make_batch(**own))


def first_seat(batch: Batch) -> Seat:
    return seat_of(hit_of(batch.draws.first(), 1))


def test_a_seat_is_dealt_again_and_the_evidence_verifies():
    batch = drawn()
    seat = first_seat(batch)

    asked = ask_again(seat, AFTER)
    done = deal(asked)

    seat.refresh_from_db()
    assert (seat.event, done.into.number, done.into.kind) == (asked.event, 1, "substitute")
    assert done.into.inspector_id not in (None, seat.inspector_id)
    assert seat_of(hit_of(batch.draws.get(), 1)) == done.into
    assert "substituted" in check_both_views(batch)


def test_what_the_log_says_does_not_name_the_seat():
    batch = drawn()
    asked = ask_again(first_seat(batch), AFTER)

    entry = PublicLog().entries_of(batch.code)[-1]

    assert entry.body["source"] == {"chain": factory.signer().chain.hash, "type": "drand"}
    assert asked.seat.visit.pid.encode() not in entry.data
    assert entry.index == asked.event
    assert factory.signer().chain.time_of(asked.round) >= AFTER.timestamp() + 60


def test_until_it_is_dealt_all_see_that_a_request_is_open(client: Client):
    batch = drawn()
    ask_again(first_seat(batch), AFTER)

    assert found(batch).failure is None
    report = found(batch, for_auditors=True)
    assert (report.failure, report.colour) == (None, "amber")
    assert "substitution_open" in [mark.code for mark in report.marks]
    told = client.get(f"/public/draws/{batch.code}/").content.decode()
    assert "另有 1 项席位重抽（补配）申请还在等待决定它的随机数" in told


def test_who_may_ask():
    batch = factory.drawn(factory.two_departments())
    second = batch.draws.last()
    seat = seat_of(hit_of(second, 20))  # a door of the second department alone
    lower = first_seat(batch)

    assert refused_code(ask_again, lower, AFTER, by=keeper_of(second.task.department)) == "registry.out_of_reach"
    ask_again(seat, AFTER, by=keeper_of(second.task.department))


def test_a_second_click_changes_nothing():
    batch = drawn()
    seat = first_seat(batch)
    asked = ask_again(seat, AFTER)
    assert refused_code(ask_again, seat, AFTER) == "draws.seat_asked"
    deal(asked)

    assert refused_code(deal, asked) == "draws.dealt_already"
    assert refused_code(ask_again, seat, AFTER + timedelta(hours=1)) == "draws.seat_ended"
    assert Seat.objects.filter(visit=seat.visit, number=1).count() == 2


@pytest.mark.parametrize(("reason", "code"), [("unfilled", "draws.seat_held"), ("disliked", "draws.reason_unknown")])
def test_a_seat_that_is_held_is_given_up_for_a_listed_reason(reason: str, code: str):
    assert refused_code(ask_again, first_seat(drawn()), AFTER, reason) == code


def test_the_round_must_have_come_and_be_the_right_one():
    batch = drawn()
    asked = ask_again(first_seat(batch), AFTER)

    assert refused_code(deal, asked, AFTER + timedelta(seconds=30)) == "draws.round_early"
    assert refused_code(deal, asked, beacon=None) == "draws.beacon_needed"
    assert refused_code(deal, asked, beacon=factory.signer().sign((asked.round or 0) + 1)) == "draws.beacon_round"
    assert Substitution.objects.get().dealt_at is None


def test_requests_are_dealt_in_the_order_of_the_log():
    batch = drawn()
    hits, clock = batch.draws.get().hits.order_by("rank")[:2], Clock()
    first, second = (ask_again(seat_of(hit), clock()) for hit in hits)
    assert refused_code(deal, second) == "draws.not_next"
    assert list(waiting_requests(batch)) == [first, second]

    deal(first)
    deal(second)

    check_both_views(batch)


def test_where_nobody_fits_the_seat_stays_open_and_may_be_asked_for_again():
    department = department_of_lists()
    factory.staff(department, 2)
    batch = drawn()
    seat, clock = first_seat(batch), Clock()

    done = deal(ask_again(seat, clock()))

    assert (done.into.inspector, done.into.kind) == (None, "unfilled")
    assert refused_code(ask_again, done.into, AFTER, "absent") == "draws.seat_empty"
    check_both_views(batch)
    back = deal(ask_again(done.into, clock(minutes=5)))
    assert back.into.inspector == seat.inspector  # who was away fits again
    assert "substituted_again" in check_both_views(batch)


def test_no_seat_of_a_draw_that_was_given_up_is_dealt_again():
    batch = drawn()
    seat = first_seat(batch)
    withdraw_late(batch.draws.get())

    assert refused_code(ask_again, seat, AFTER) == "draws.no_result"


def test_no_seat_at_a_door_that_only_a_withdrawn_draw_selected_is_dealt_again():
    batch = factory.drawn(factory.two_departments())
    second = batch.draws.last()
    seat = seat_of(hit_of(second, 20))
    withdraw_late(second)

    assert refused_code(ask_again, seat, AFTER) == "draws.door_gone"


def test_a_request_waits_for_its_row_though_the_draw_was_given_up_meanwhile():
    batch = factory.drawn(factory.two_departments())
    second = batch.draws.last()
    asked = ask_again(seat_of(hit_of(second, 20)), AFTER)
    withdraw_late(second)

    deal(asked)

    check_both_views(batch)


def test_rows_that_somebody_changed_by_hand_stop_everything():
    batch = drawn()
    seat, other = (seat_of(hit) for hit in batch.draws.get().hits.order_by("rank")[:2])
    asked = ask_again(seat, AFTER)
    stranger = department_of_lists().inspectors.exclude(seats__visit=other.visit).first()
    with open_for_writing():
        Seat.objects.filter(pk=other.pk).update(inspector=stranger)

    assert refused_code(deal, asked) == "draws.board_differs"
    assert refused_code(replace, hit_of(batch.draws.get(), 3), AFTER) == "draws.board_differs"
    assert Substitution.objects.get().dealt_at is None


# Together with replacements -------------------------------------------------------------------------


def test_a_door_that_came_in_gets_its_people_one_by_one():
    batch = drawn()
    clock = Clock()
    into = replace(hit_of(batch.draws.get(), 1), clock()).into

    for number in (1, 2):
        deal(ask_again(seat_of(into, number), clock(minutes=5)))

    people = into.subject.visits.get().seats.filter(ended_at=None).values_list("inspector", flat=True)
    assert (len(set(people)), None in people) == (2, False)
    assert "slots_open" not in check_both_views(batch)


@pytest.mark.parametrize(
    "steps",
    ["ask deal drop return", "ask drop deal return", "ask drop return deal", "drop return ask deal", "ask drop deal"],
)
def test_one_object_is_replaced_comes_back_and_has_a_seat_dealt_again_in_any_order(steps: str):
    batch = factory.drawn(factory.two_departments())
    first, second = batch.draws.all()
    hit, clock = hit_of(second, 9), Clock()
    asked = None
    for step in steps.split():
        match step:
            case "ask":
                asked = ask_again(seat_of(hit), clock())
            case "deal":
                asked = deal(Substitution.objects.get(), clock(minutes=5))
            case "drop":
                replace(hit, clock())
            case "return":
                assert replace(hit_of(first, 1), clock()).into.subject == hit.subject
        checked_board(batch)

    is_back = steps.rsplit(maxsplit=1)[-1] != "deal" or "return" in steps
    seats = hit.subject.visits.get().seats.filter(ended_at=None)
    assert seats.count() == (4 if is_back else 0)
    if is_back:
        assert seats.get(number=1).inspector == asked.into.inspector != asked.seat.inspector
    check_both_views(batch)


# All at once ----------------------------------------------------------------------------------------


@pytest.fixture
def came_in() -> tuple[Batch, list[Seat]]:
    """Two objects that came in, with two empty seats each."""
    batch, clock = drawn(settings=to_store(Settings(reserve_percent=100))), Clock()
    for rank in (1, 2):
        replace(hit_of(batch.draws.get(), rank), clock())
    return batch, list(undealt_seats(batch))


def ask_all(seats: list[Seat], at=None, **own):
    told = {"note": "空缺补配", "by": keeper_of(department_of_lists()), "at": at or AFTER + timedelta(minutes=1)}
    return substitutions.ask_for_open_seats(seats=seats, **{**told, **own})


def deal_them(batch: Batch, at=None, data: bytes | None = None):
    first = waiting_requests(batch).first()
    at = at or datetime.fromtimestamp(factory.signer().chain.time_of(first.round), UTC)
    data = data or dump_json(factory.signer().sign(first.round).document())
    return deal_all(batch, data, by=keeper_of(batch.department), now=lambda: at)


def test_all_empty_seats_are_asked_for_at_once_and_dealt_at_once(came_in):
    batch, seats = came_in
    n_lines = Line.objects.count()

    ask_all(seats)

    rows = list(waiting_requests(batch))
    assert [row.seat for row in rows] == seats
    entries = [entry.index for entry in PublicLog().entries_of(batch.code) if entry.type == "substitute"]
    assert [row.event for row in rows] == entries
    assert (len({row.nonce for row in rows}), len({row.round for row in rows})) == (4, 1)
    assert Line.objects.count() == n_lines + 1
    assert json.loads(Line.objects.latest("index").data)["facts"]["events"] == entries
    dealt = deal_them(batch)
    assert (len(dealt.rows), dealt.n_left, dealt.why) == (4, 0, None)
    assert all(row.into.inspector_id for row in dealt.rows)
    assert Line.objects.count() == n_lines + 5
    assert not undealt_seats(batch)
    assert "slots_open" not in check_both_views(batch)


def test_of_all_empty_seats_either_all_are_asked_for_or_none(came_in):
    batch, seats = came_in
    shown = token(substitutions.shown_seats(seats))
    ask_again(seats[2], AFTER + timedelta(seconds=30))
    size = len(PublicLog().entries())

    assert refused_code(ask_all, seats) == "draws.seat_asked"
    assert refused_code(ask_all, list(undealt_seats(batch)), seen=shown) == "web.changed_meanwhile"
    assert refused_code(ask_all, []) == "draws.no_open_seats"
    assert refused_code(ask_all, [seat_of(hit_of(batch.draws.get(), 3))]) == "draws.seat_held"
    assert (len(PublicLog().entries()), waiting_requests(batch).count()) == (size, 1)


def test_what_was_dealt_stays_dealt_where_the_next_one_has_to_wait(came_in):
    batch, seats = came_in
    at = AFTER + timedelta(minutes=1)
    ask_all(seats[:2], at)
    ask_all(seats[2:], at + timedelta(minutes=5))

    dealt = deal_them(batch)

    assert [row.seat for row in dealt.rows] == seats[:2]
    assert (dealt.why.code, dealt.next.seat, dealt.n_left) == ("draws.round_early", seats[2], 2)
    assert (filled(batch).count(), redealt(batch).count()) == (2, 0)
    assert deal_them(batch).n_left == 0
    check_both_views(batch)


def test_a_round_is_fetched_once_for_all_that_it_decides(came_in, settings):
    batch, seats = came_in
    ask_all(seats)
    number, asked = waiting_requests(batch)[0].round, []
    served = body(json.dumps({"round": number, "signature": factory.signer().sign(number).signature}).encode())

    def answer(request) -> None:
        asked.append(request.path)
        served(request)

    with serving(bad_relay(answer)) as relay:
        settings.BEACON_RELAYS = [relay]
        due = datetime.fromtimestamp(factory.signer().chain.time_of(number), UTC)
        dealt = deal_all(batch, None, by=keeper_of(batch.department), now=lambda: due)

    assert (len(dealt.rows), len(asked)) == (4, 1)


# Witnesses, dice --------------------------------------------------------------------------------------


def test_a_request_that_witnesses_saw_too_late_is_void_and_can_be_made_again():
    batch = drawn()
    seat = first_seat(batch)
    hidden = _hide_witnesses()
    asked = ask_again(seat, AFTER)
    assert refused_code(deal, asked) == "draws.request_unseen"
    for path in hidden:
        path.rename(path.with_suffix(".key"))
    _cosign(AFTER + timedelta(minutes=10))

    done = deal(asked, AFTER + timedelta(minutes=11), beacon=None)

    assert (done.is_void, done.into, seat_of(hit_of(batch.draws.get(), 1))) == (True, None, seat)
    assert "substitution_void" in check_both_views(batch)
    again = ask_again(seat, AFTER + timedelta(minutes=20))
    assert redealt(batch).count() == 0
    assert deal(again).into.inspector is not None
    assert (filled(batch).count(), redealt(batch).count()) == (0, 1)
    check_both_views(batch)


def test_a_cosignature_that_comes_late_makes_no_void_request_valid(home):
    batch = drawn()
    third = make_key(home / "third", "witness", "witness-3.example", "cosignature")
    keys.know_witness(third)
    hidden = _hide_witnesses()
    asked = ask_again(first_seat(batch), AFTER)
    for path in hidden:
        path.rename(path.with_suffix(".key"))
    _cosign(AFTER + timedelta(minutes=10))
    deal(asked, AFTER + timedelta(minutes=11), beacon=None)
    text = note.parse_note(LogCheckpoint.objects.latest("size").note.encode()).text
    line = note.cosign(text, third, read_secret(home / "third" / "witness.key").secret, int(AFTER.timestamp()) + 1)

    late = {"data": note.write_note(text, [line]), "by": Witnesses(), "at": AFTER + timedelta(hours=1)}

    assert refused_code(take_cosignature, **late) == "draws.cosigned_late"
    assert "substitution_void" in check_both_views(batch)


def _hide_witnesses() -> list[Path]:
    paths = sorted(keys_folder().glob("draws-practice-*.key"))
    return [path.rename(path.with_suffix(".away")) for path in paths]


def _cosign(at) -> None:
    text = note.parse_note(LogCheckpoint.objects.order_by("-size").first().note.encode(), "").text
    witnesses = ledger.keys.practice_witnesses()
    lines = [note.cosign(text, one.public, one.secret, int(at.timestamp())) for one in witnesses]
    with open_for_writing():
        ledger.cosign(note.write_note(text, lines))


def test_where_dice_decide_two_people_read_them():
    last = {"type": "digits", "n": 6}
    batch = factory.closed(factory.make_batch(profile="N", last=last))
    keeper, approver = keeper_of(batch.department), approver_of(batch.department)
    told = committing.read_source(batch=batch, number=1, value="123456", by=keeper, at=factory.BEACON)
    committing.confirm_reading(reading=told, by=approver, at=factory.BEACON)
    batch = committing.seed(batch=batch, beacon=None, by=keeper, at=factory.BEACON)
    batch = factory.drawn(batch)
    asked = ask_again(first_seat(batch), AFTER)
    deal_it = {"substitution": asked, "beacon": None, "by": keeper, "at": AFTER + timedelta(minutes=5)}
    assert refused_code(substitutions.deal_again, **deal_it) == "draws.event_unread"
    read = {"substitution": asked, "by": keeper, "at": AFTER}
    assert refused_code(substitutions.read_for, **read, value="12345") == "draws.reading"
    reading = substitutions.read_for(**read, value="654321")
    assert refused_code(substitutions.read_for, **read, value="654321") == "draws.event_read_already"
    assert refused_code(substitutions.deal_again, **deal_it) == "draws.event_unread"
    assert refused_code(committing.confirm_reading, reading=reading, by=keeper, at=AFTER) == "draws.same_reader"
    other = factory.other_department(batch.department)
    assert refused_code(permissions.check_can_void, keeper_of(other), reading) == "registry.out_of_reach"
    reading.substitution.seat.department = other  # who may type for a seat may also cross out and confirm
    permissions.check_can_void(keeper_of(other), reading)
    permissions.check_can_confirm(keeper_of(other), reading)
    committing.confirm_reading(reading=reading, by=approver, at=AFTER)

    done = substitutions.deal_again(**deal_it)

    assert done.into.inspector is not None
    marks = check_both_views(batch)
    assert "substitution_source" in marks
    assert {"event_reading_changed", "event_reading_unlogged"}.isdisjoint(marks)


def test_where_a_lottery_decides_its_issue_is_asked_for():
    groups = [{"count": 2, "max": 9, "min": 0, "rule": "ordered"}]
    last = {"type": "lottery", "game": "PL2", "groups": groups, "issue": "26001"}
    batch = factory.closed(factory.make_batch(profile="L", last=last))
    keeper, approver = keeper_of(batch.department), approver_of(batch.department)
    told = committing.read_source(batch=batch, number=1, value="05,01", by=keeper, at=factory.BEACON)
    committing.confirm_reading(reading=told, by=approver, at=factory.BEACON)
    batch = factory.drawn(committing.seed(batch=batch, beacon=None, by=keeper, at=factory.BEACON))
    seat = first_seat(batch)
    for issue in ("", "26001", "26000", "二期"):
        assert refused_code(ask_again, seat, AFTER, issue=issue) == "draws.issue_missing"

    asked = ask_again(seat, AFTER, issue="26002")
    reading = substitutions.read_for(substitution=asked, value="07,07", by=keeper, at=AFTER)
    committing.confirm_reading(reading=reading, by=approver, at=AFTER)
    done = substitutions.deal_again(substitution=asked, beacon=None, by=keeper, at=AFTER)

    check_both_views(batch)
    assert refused_code(ask_again, done.into, AFTER, issue="26002") == "draws.issue_missing"
