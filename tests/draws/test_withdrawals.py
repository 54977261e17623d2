"""Giving a draw up: who may, what becomes of it, and what a stranger still sees."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gongchou.draw.verify import Options, Report, verify
from gongchou.draws import rules
from gongchou.draws.bundles import bundle_of
from gongchou.draws.ledger import PublicLog, second_id
from gongchou.draws.models import Batch, Draw, Withdrawal
from gongchou.draws.operations import batches, committing, withdrawals
from gongchou.draws.states import DrawState
from gongchou.refusal import Refused, sentence
from tests.factories import draws as factory
from tests.factories.lists import approver_of, keeper_of
from tests.factories.people import NOW, appoint, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]

TOLD = {"reason": "error_in_frame", "note": "演示说明"}
AFTER = factory.BEACON + timedelta(minutes=5)


def found(batch: Batch, **own: bool) -> Report:
    return verify(bundle_of(batch, **own), Options())


def marks(report: Report) -> set[tuple[str, str]]:
    return {(mark.code, mark.colour) for mark in report.marks}


def second_approver(draw: Draw):
    user = make_user(f"second_{draw.code[-2:]}", draw.task.department)
    appoint(user, "head", "below")
    return user


def withdraw(draw: Draw, **own) -> Draw:
    return withdrawals.withdraw(**{"draw": draw, **TOLD, "by": approver_of(draw.task.department), "at": NOW, **own})


def ask(draw: Draw, **own) -> Withdrawal:
    told = {"draw": draw, **TOLD, "by": keeper_of(draw.task.department), "at": AFTER, **own}
    return withdrawals.ask_withdrawal(**told)


def withdraw_late(draw: Draw, at=AFTER) -> Withdrawal:
    by = approver_of(draw.task.department)
    return withdrawals.agree_withdrawal(withdrawal=ask(draw, at=at), by=by, at=at)


def refused_code(operation, **told) -> str:
    with pytest.raises(Refused) as refused:
        operation(**told)
    assert sentence(refused.value)
    return refused.value.code


def test_before_the_close_one_approver_withdraws_and_the_task_waits_again():
    batch = factory.committed(factory.make_batch())
    draw = batch.draws.get()

    withdraw(draw)

    draw.refresh_from_db()
    batch.refresh_from_db()
    draw.task.refresh_from_db()
    assert (draw.state, draw.withdraw_reason, draw.seconded_by) == ("withdrawn", "error_in_frame", None)
    assert (batch.state, batch.end_reason, draw.task.state) == ("withdrawn", "名录有误 演示说明", "ready")
    entry = PublicLog().entries_of(batch.code)[-1]
    assert (entry.type, entry.body["second"]) == ("withdraw", None)


@pytest.mark.parametrize(
    ("state", "minutes", "late", "alone"),
    [
        ("committed", 0, False, True),
        ("committed", 110, False, True),
        ("committed", 111, False, False),  # witnesses would see it when the beacon is out
        ("committed", 120, True, False),
        ("closed", 60, True, False),
        ("drawn", 125, True, False),
    ],
)
def test_when_one_person_is_enough(state: str, minutes: int, late: bool, alone: bool):
    batch = Batch(code="演示", state=state, beacon_at=factory.BEACON, lead_s=600)
    draw, at = Draw(code="D", batch=batch), NOW + timedelta(minutes=minutes)

    assert rules.is_late(draw, at) is late
    if alone:
        rules.check_needs_no_second(draw, at)
    else:
        assert refused_code(lambda: rules.check_needs_no_second(draw, at)) == "draws.withdraw_needs_two"


def test_after_the_close_one_person_is_not_enough():
    draw = factory.closed(factory.make_batch()).draws.get()

    assert refused_code(withdraw, draw=draw, at=factory.CLOSES) == "draws.withdraw_needs_two"
    assert draw.task.draws.get().state == DrawState.LIVE


def test_two_people_withdraw_a_result_which_stays():
    batch = factory.drawn(factory.make_batch())
    draw = batch.draws.get()
    n_seats = batch.visits.filter(seats__ended_at=None).count()

    withdraw_late(draw)

    draw.refresh_from_db()
    batch.refresh_from_db()
    draw.task.refresh_from_db()
    second = approver_of(draw.task.department)
    assert (draw.state, draw.withdrawn_by, draw.seconded_by) == (
        "withdrawn_late",
        keeper_of(draw.task.department),
        second,
    )
    assert (batch.state, draw.task.state, draw.hits.filter(place="selected").count()) == ("withdrawn", "ready", 8)
    assert batch.visits.filter(seats__ended_at=None).count() == n_seats == 16
    entry = PublicLog().entries_of(batch.code)[-1]
    assert (entry.type, entry.body["second"]) == ("withdraw", second_id(second))


def test_who_may_ask_and_who_may_agree():
    batch = factory.drawn(factory.make_batch())
    draw = batch.draws.get()
    approver = approver_of(draw.task.department)
    stranger = approver_of(factory.other_department(batch.department))
    assert refused_code(ask, draw=draw, by=stranger) == "registry.out_of_reach"
    asked = ask(draw, by=approver)
    agree = {"operation": withdrawals.agree_withdrawal, "withdrawal": asked, "at": AFTER}

    assert refused_code(**agree, by=approver) == "draws.same_withdrawer"
    assert refused_code(**agree, by=keeper_of(draw.task.department)) == "registry.out_of_reach"
    assert refused_code(**agree, by=stranger) == "registry.out_of_reach"
    withdrawals.agree_withdrawal(withdrawal=asked, by=second_approver(draw), at=AFTER)


def test_a_second_click_changes_nothing():
    batch = factory.drawn(factory.make_batch())
    draw = batch.draws.get()
    asked = ask(draw)
    assert refused_code(ask, draw=draw) == "draws.withdrawal_asked"

    by = approver_of(draw.task.department)
    agree = {"withdrawal": asked, "by": by, "at": AFTER}
    withdrawals.agree_withdrawal(**agree)

    n_entries = len(PublicLog().entries())
    assert refused_code(withdrawals.agree_withdrawal, **agree) == "draws.withdrawal_answered"
    assert refused_code(withdrawals.refuse_withdrawal, **agree, reason="") == "draws.withdrawal_answered"
    assert refused_code(ask, draw=draw) == "draws.withdrawn_already"
    assert refused_code(withdraw, draw=draw) == "draws.withdrawn_already"
    assert len(PublicLog().entries()) == n_entries


def test_a_request_that_was_refused_can_be_made_again():
    draw = factory.drawn(factory.make_batch()).draws.get()
    asked = ask(draw)
    withdrawals.refuse_withdrawal(withdrawal=asked, reason="名录无误", by=asked.asked_by, at=AFTER)

    ask(draw)

    assert [one.refused_at is None for one in draw.withdrawals.order_by("refused_at")].count(True) == 1
    assert draw.task.draws.get().state == DrawState.LIVE


def test_what_was_not_promised_cannot_be_withdrawn():
    draw = factory.frozen(factory.make_batch()).draws.get()

    assert refused_code(withdraw, draw=draw) == "draws.not_promised"


def test_a_reason_outside_the_committed_list_is_refused():
    draw = factory.committed(factory.make_batch()).draws.get()

    assert refused_code(withdraw, draw=draw, reason="result_disliked") == "draws.reason_unknown"


# The next attempt ---------------------------------------------------------------------------------


def next_batch(draw: Draw, at, **own) -> Batch:
    content = factory.content(**own)
    return batches.open_batch(task=draw.task, content=content, by=keeper_of(draw.task.department), at=at)


def test_the_next_draw_of_an_item_supersedes_the_one_given_up_early():
    draw = factory.committed(factory.make_batch()).draws.get()
    withdraw(draw)

    batch = factory.drawn(next_batch(draw, NOW))

    report = found(batch)
    assert (batch.draws.get().supersedes, report.failure) == (draw, None)
    assert ("withdrawn", "grey") in marks(report)


def test_within_a_day_of_a_late_withdrawal_the_next_draw_is_refused_with_the_earliest_time():
    draw = factory.drawn(factory.make_batch()).draws.get()
    withdraw_late(draw)
    soon = {"closes_at": AFTER + timedelta(hours=22), "beacon_at": AFTER + timedelta(hours=23)}

    with pytest.raises(Refused) as refused:
        factory.frozen(next_batch(draw, AFTER, **soon), at=AFTER)

    assert refused.value.code == "draws.withdrawn_lately"
    assert "2026-03-03 12:05" in sentence(refused.value)


def test_a_day_after_a_late_withdrawal_the_next_draw_is_committed_and_shows_it():
    draw = factory.drawn(factory.make_batch()).draws.get()
    withdraw_late(draw)
    later = {"closes_at": AFTER + timedelta(hours=23), "beacon_at": AFTER + timedelta(hours=24)}
    opened = next_batch(draw, AFTER, **later)

    batch = factory.drawn(factory.committed(opened, at=AFTER))

    report = found(batch, for_auditors=True)
    assert (batch.draws.get().supersedes, report.failure) == (draw, None)
    assert ("withdrawn_after_seed", "red") in marks(report)


# Several departments --------------------------------------------------------------------------------


@pytest.mark.parametrize("leaves", [0, 1])
def test_before_the_close_one_of_two_leaves_and_the_other_goes_on(leaves: int):
    batch = factory.committed(factory.two_departments())
    gone, stays = (batch.draws.all()[at] for at in (leaves, 1 - leaves))
    withdraw(gone)

    batch.refresh_from_db()
    batch = factory.dispatched(batch)

    gone.task.refresh_from_db()
    stays.task.refresh_from_db()
    assert (gone.hits.count(), gone.task.state, stays.task.state) == (0, "ready", "dispatched")
    assert gone.commitment not in committing.read(batch, "close.txt").decode()
    for report in (found(batch), found(batch, for_auditors=True)):
        assert (report.failure, [one["draw"] for one in report.summary["draws"]]) == (None, [stays.code])


def test_a_batch_whose_organiser_left_before_the_freeze_verifies():
    batch = factory.two_departments()
    batches.remove_task(draw=batch.draws.first(), by=keeper_of(batch.department), at=NOW)

    assert found(factory.drawn(batch)).failure is None


def test_a_number_shown_before_the_organiser_left_still_counts():
    secret = "5" * 64
    batch = factory.two_departments()
    other = batch.draws.last().task.department
    batches.name_parties(batch=batch, departments=[other], by=keeper_of(batch.department), at=NOW)
    contribution = batch.contributions.get()
    promised = committing.party_commitment(batch.code, other.code, secret)
    batches.promise(contribution=contribution, commitment=promised, by=keeper_of(other), at=NOW)
    batch = factory.committed(batch)
    committing.reveal(contribution=contribution, secret=secret, by=keeper_of(other), at=NOW)
    withdraw(batch.draws.first())
    batch.refresh_from_db()

    report = found(factory.drawn(batch))

    assert report.failure is None
    assert "reveal_missing" not in {mark.code for mark in report.marks}


@pytest.mark.parametrize(
    ("state", "at"),
    [(factory.closed, factory.CLOSES), (factory.seeded, factory.BEACON), (factory.drawn, factory.BEACON)],
)
def test_after_the_close_a_draw_is_drawn_with_the_others_but_its_doors_are_not_visited(state, at):
    batch = state(factory.two_departments())
    stays, gone = batch.draws.all()
    withdraw_late(gone, at)
    batch.refresh_from_db()

    batch = factory.dispatched(batch)

    gone.task.refresh_from_db()
    stays.task.refresh_from_db()
    assert (gone.hits.filter(place="selected").count(), gone.task.state, stays.task.state) == (
        20,
        "ready",
        "dispatched",
    )
    own = set(stays.hits.filter(place="selected").values_list("subject", flat=True))
    assert set(batch.visits.exclude(unit=None).values_list("subject", flat=True)) == own
    assert batch.visits.filter(unit=None).exists()
    for report in (found(batch), found(batch, for_auditors=True)):
        assert report.failure is None
        assert ("withdrawn_after_seed", "red") in marks(report)


def test_when_the_last_of_two_is_given_up_the_batch_ends():
    batch = factory.drawn(factory.two_departments())
    first, second = batch.draws.all()
    withdraw_late(first)
    batch.refresh_from_db()
    assert batch.state == "drawn"

    withdraw_late(second)

    batch.refresh_from_db()
    assert (batch.state, batch.ended_by) == ("withdrawn", approver_of(second.task.department))


def test_another_department_does_not_withdraw_mine():
    batch = factory.committed(factory.two_departments())
    mine, theirs = batch.draws.all()

    assert refused_code(withdraw, draw=mine, by=approver_of(theirs.task.department)) == "registry.out_of_reach"
