"""What dice showed stands in the public log when it was typed and when it was confirmed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gongchou.draw.verify import Options, verify
from gongchou.draws.bundles import bundle_of
from gongchou.draws.damage import find_damage
from gongchou.draws.drawing import outcome_of
from gongchou.draws.ledger import PublicLog, second_id
from gongchou.draws.models import Batch
from gongchou.draws.operations import committing, log, results, substitutions
from gongchou.publicity.queries.batches import entries_told
from tests.draws.afterwards import AFTER, ask_again, found, hit_of, seat_of
from tests.factories import draws as factory
from tests.factories.draw_log import touch
from tests.factories.lists import approver_of, keeper_of
from tests.factories.people import NOW, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.database]

DICE: dict[str, Any] = {"n": 6, "type": "digits"}
SECOND = timedelta(seconds=1)


def read(batch: Batch, number: int, value: str, at: Any) -> None:
    row = committing.read_source(batch=batch, number=number, value=value, by=keeper_of(batch.department), at=at)
    committing.confirm_reading(reading=row, by=approver_of(batch.department), at=at + SECOND)


def test_readings_are_logged_in_their_time_and_the_bundle_holds(home: Any):
    batch = factory.committed(factory.make_batch(profile="N", sources=[DICE], last=DICE))
    by, second = keeper_of(batch.department), approver_of(batch.department)
    slip = committing.read_source(batch=batch, number=1, value="111111", by=by, at=NOW)
    committing.void_reading(reading=slip, by=by, at=NOW)
    read(batch, 1, "635241", NOW + SECOND)
    committing.close(batch=batch, by=by, at=batch.closes_at)
    read(batch, 2, "777777", batch.beacon_at)
    late = batch.beacon_at + 2 * SECOND
    batch = committing.seed(batch=batch, beacon=None, by=by, at=late)
    batch = results.record_result(batch=batch, outcome=outcome_of(batch, lambda *_: None), by=by, at=late)
    log.sign_log(by=log.Signer(), at=late)

    found = [one.body for one in PublicLog().entries_of(batch.code) if one.type == "reading"]
    assert [(one["source"], one["value"], one["second"]) for one in found] == [
        (1, "111111", None),
        (1, "635241", None),
        (1, "635241", second_id(second)),
        (2, "777777", None),
        (2, "777777", second_id(second)),
    ]
    assert {one["reader"] for one in found} == {second_id(by)}
    report = verify(bundle_of(batch, for_auditors=True), Options())
    changed = [mark.facts for mark in report.marks if mark.code.startswith("reading_")]
    assert (report.failure, changed) == (None, [{"source": "1", "count": "2"}])
    assert [one.words for one in entries_told(batch) if one.type == "reading"] == [
        "来源读数 第1个来源：111111；录入",
        "来源读数 第1个来源：635241；录入",
        "来源读数 第1个来源：635241；核对",
        "来源读数 第2个来源：777777；录入",
        "来源读数 第2个来源：777777；核对",
    ]


def dealt_by_dice(**own: Any) -> Batch:
    batch = factory.closed(factory.make_batch(profile="N", last=DICE, **own))
    read(batch, 1, "777777", batch.beacon_at)
    by, late = keeper_of(batch.department), batch.beacon_at + SECOND
    batch = committing.seed(batch=batch, beacon=None, by=by, at=late)
    return results.record_result(batch=batch, outcome=outcome_of(batch, lambda *_: None), by=by, at=late)


def test_dice_that_are_typed_again_for_a_seat_stay_in_the_public_log(client: Client):
    batch = dealt_by_dice()
    by, second = keeper_of(batch.department), approver_of(batch.department)
    seat = seat_of(hit_of(batch.draws.get(), 1))
    assert "摇出多次而只录入一次的，日志看不出" in signed_in(client, by).get(f"/draws/seats/{seat.pk}/reseat/").text
    asked = ask_again(seat, AFTER)
    slip = substitutions.read_for(substitution=asked, value="000000", by=by, at=AFTER)
    committing.void_reading(reading=slip, by=by, at=AFTER)
    typed = substitutions.read_for(substitution=asked, value="111111", by=by, at=AFTER)
    committing.confirm_reading(reading=typed, by=second, at=AFTER)

    substitutions.deal_again(substitution=asked, beacon=None, by=by, at=AFTER)

    for report in (found(batch), found(batch, for_auditors=True)):
        changed = [mark.facts for mark in report.marks if mark.code == "event_reading_changed"]
        assert (report.failure, changed) == (None, [{"event": str(asked.event), "count": "2"}])
    assert [one.words for one in entries_told(batch) if one.type == "reading"][2:] == [
        f"来源读数 第{asked.event}号席位重抽：000000；录入",
        f"来源读数 第{asked.event}号席位重抽：111111；录入",
        f"来源读数 第{asked.event}号席位重抽：111111；核对",
    ]
    assert find_damage([batch]) is None
    touch("UPDATE draws_reading SET value = '222222' WHERE confirmed_at IS NOT NULL AND number = 0")
    damage = find_damage([batch])
    assert damage is not None
    assert (damage.table, damage.row, damage.column) == ("draws_reading", str(typed.pk), "value")


@pytest.mark.parametrize("number", [0, 9, 99])
def test_a_source_that_is_not_there_has_no_page(client: Client, number: int):
    batch = factory.make_batch(sources=[DICE])
    reader = signed_in(client, keeper_of(batch.department))

    for at, status in ((number, 404), (1, 200), (2, 404)):  # the second is a beacon, which nobody reads
        assert reader.get(reverse("draws:read", args=[batch.pk, at])).status_code == status
