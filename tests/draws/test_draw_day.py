"""From a ready task to evidence that a stranger recomputes with the core alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from gongchou.accounts.models import Delivery, User
from gongchou.audit.models import Line
from gongchou.draw.verify import Options, Report, verify
from gongchou.draws.bundles import bundle_of
from gongchou.draws.drawing import outcome_of
from gongchou.draws.models import Attendance, Batch, Work
from gongchou.draws.operations import batches, committing
from gongchou.draws.operations.results import record_result
from gongchou.draws.queries.frames import draws_of
from gongchou.draws.rules import check_task
from gongchou.refusal import Refused
from tests.draws.test_withdrawing import at_desk
from tests.factories import draws as factory
from tests.factories.lists import approver_of, keeper_of
from tests.factories.people import NOW, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def found(batch: Batch, **own: bool) -> Report:
    return verify(bundle_of(batch, **own), Options())


def test_the_evidence_of_a_draw_verifies():
    batch = factory.drawn(factory.make_batch())

    assert (batch.state, draws_of(batch)[0].hits.filter(place="selected").count()) == ("drawn", 8)
    assert batch.visits.count() == 8
    for report in (found(batch), found(batch, for_auditors=True)):
        assert report.failure is None
        assert (report.strength, report.level) == ("P", "L1")


def refused(call: Any, **own: Any) -> str:
    with pytest.raises(Refused) as error:
        call(**own)
    return error.value.code


def invite(batch: Batch, user: User, at: datetime = NOW) -> Attendance:
    return batches.ask_witness(batch=batch, user=user, role="witness", by=keeper_of(batch.department), at=at)


def test_a_witness_signs_between_the_commitment_and_a_day_after_the_beacon():
    batch = factory.make_batch()
    asked = invite(batch, make_user("jianzheng01", batch.department))
    other = make_user("jianzheng02", batch.department)
    signing: dict[str, Any] = {"attendance": asked, "remark": "", "by": asked.user}
    late = batch.beacon_at + timedelta(hours=24)

    assert refused(batches.sign_attendance, **signing, at=NOW) == "draws.witness_early"
    factory.committed(batch)
    assert refused(batches.sign_attendance, **signing, at=late) == "draws.witness_over"
    assert refused(invite, batch=batch, user=other, at=late) == "draws.witness_over"

    assert batches.sign_attendance(**signing, at=late - timedelta(seconds=1)).signed_at is not None


def test_nobody_witnesses_what_was_given_up():
    batch = factory.make_batch()
    asked = invite(batch, make_user("jianzheng01", batch.department))
    batch = batches.drop(batch=batch, reason="演示", by=keeper_of(batch.department), at=NOW)

    assert refused(invite, batch=batch, user=make_user("jianzheng02", batch.department)) == "draws.witness_over"
    assert refused(batches.sign_attendance, attendance=asked, remark="", by=asked.user, at=NOW) == "draws.witness_over"


def test_a_witness_does_no_step_and_whoever_did_one_is_no_witness():
    batch = factory.make_batch()
    invite(batch, approver_of(batch.department))
    batch = factory.frozen(batch)

    step: dict[str, Any] = {"batch": batch, "by": approver_of(batch.department), "at": NOW}
    assert refused(committing.commit, **step) == "draws.witness_acts"

    maker = keeper_of(batch.department)
    asking: dict[str, Any] = {"batch": batch, "user": maker, "role": "witness", "by": step["by"], "at": NOW}
    assert refused(batches.ask_witness, **asking) == "draws.own_witness"


def test_only_who_may_seed_starts_the_draw():
    batch = factory.seeded(factory.two_departments())
    other = keeper_of(batch.draws.get(seq=2).task.department)

    for page in ("run", "seed"):
        assert at_desk(other).post(reverse(f"draws:{page}", args=[batch.pk]), {"x": "1"}).status_code in (409, 422)

    assert Work.objects.count() == 0
    step: dict[str, Any] = {"batch": batch, "by": other, "at": batch.beacon_at}
    assert refused(record_result, outcome=outcome_of(batch, lambda *_: None), **step) == "registry.out_of_reach"


def test_receipts_do_not_open_before_the_draw():
    batch = factory.make_batch()
    told: dict[str, Any] = {"batch": batch, "by": keeper_of(batch.department), "at": NOW}

    assert refused(batches.edit, content={"disclosed_at": batch.closes_at}, **told) == "draws.disclosed_early"


def test_a_party_that_is_dropped_is_told_and_its_promise_stays_in_the_log():
    batch = factory.make_batch()
    by, other = keeper_of(batch.department), factory.other_department(batch.department)
    told: dict[str, Any] = {"batch": batch, "by": by, "at": NOW}
    batches.name_parties(departments=[other], **told)
    promise: dict[str, Any] = {"contribution": batch.contributions.get(), "commitment": "0" * 64}
    batches.promise(**promise, by=keeper_of(other), at=NOW)

    batches.name_parties(departments=[], **told)

    assert Delivery.objects.filter(recipient=keeper_of(other), message__title__startswith="不再参与种子").count() == 1
    assert "0" * 64 in Line.objects.filter(verb="batch.parties_named").latest("index").data


def test_a_task_in_a_draft_is_not_to_be_withdrawn():
    batch = factory.make_batch()
    told: dict[str, Any] = {"task": batch.draws.get().task, "mode": "official"}

    assert refused(check_task, **told) == "draws.task_prepared"
