"""The wall says what is awaited, tells results once, and asks the database as often for many rows as for few."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongchou.audit.guard import open_for_writing
from gongchou.draws.beacons import due_at
from gongchou.draws.models import Batch, Hit
from gongchou.draws.operations import batches, committing
from gongchou.draws.queries import wall
from gongchou.draws.queries.wall import awaited, wall_of
from tests.draws.test_withdrawing import at_desk, told
from tests.factories import draws as factory
from tests.factories.lists import approver_of, keeper_of
from tests.factories.people import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.database]

LAST_DIGITS: dict[str, Any] = {"profile": "N", "last": {"n": 6, "type": "digits"}}
SECOND = timedelta(seconds=1)


def make_once() -> Batch:
    """8 of 40 drawn."""
    return factory.drawn(factory.make_batch())


def phrases(batch: Batch, at: datetime) -> tuple[str, str, datetime | None]:
    found = awaited(batch, at)
    return found.words, found.note, found.until


def test_before_and_after_the_close_it_says_what_is_awaited():
    batch = factory.committed(factory.make_batch(sources=[{"n": 6, "type": "digits"}]))

    assert phrases(batch, NOW) == ("已向公众承诺，距来源截止", "", batch.closes_at)
    waits = "正在等待：现场摇出的 6 位数字由一人录入、另一人核对。过了期限没有截止，本批次只能撤回。"
    assert phrases(batch, batch.closes_at) == ("截止时间已到，距最后期限", waits, batch.beacon_at)
    over = "期限 11:00:00 已过而来源没有截止，不能再产生结果。"
    assert phrases(batch, batch.beacon_at) == ("没有按时截止，本批次须撤回", over, None)


def test_a_party_that_is_silent_is_named():
    batch = factory.make_batch()
    other, by = factory.other_department(batch.department), keeper_of(batch.department)
    batches.name_parties(batch=batch, departments=[other], by=by, at=NOW)
    batches.promise(contribution=batch.contributions.get(), commitment="0" * 64, by=keeper_of(other), at=NOW)
    batch = factory.committed(batch)

    waits = f"正在等待：{other.short_name} 揭示秘密数。等不到的，10:30:00 自动截止，按没有按时揭示记入。"
    assert phrases(batch, batch.closes_at) == ("截止时间已到，距自动截止", waits, batch.waits_until)
    assert awaited(batch, batch.waits_until).words == "截止时间已到，即将自动截止"
    named = f"{other.short_name} 的秘密数"
    assert wall_of(batch, NOW)["sources"][0] == {"words": named, "value": "", "note": ""}
    batch = factory.closed(batch)
    assert wall_of(batch, NOW)["sources"][0]["value"] == "没有按时揭示（missing）"


def test_it_counts_to_the_round_and_then_says_since_when_it_is_due():
    batch = factory.closed(factory.make_batch(beacon_at=factory.BEACON + SECOND))
    due, number = due_at(batch.last), batch.last["round"]

    assert due is not None
    assert due > batch.beacon_at
    assert phrases(batch, batch.beacon_at) == (f"来源已截止，距第 {number} 轮信标产生", "", due)
    assert phrases(batch, due)[0] == f"第 {number} 轮信标已于 {due + timedelta(hours=8):%H:%M:%S} 到时，等待办公室获取"
    assert phrases(batch, due)[2] is None
    assert wall_of(batch, NOW)["times"] == [
        ("来源截止", "10:00:00"),
        (f"第 {number} 轮信标", f"{due + timedelta(hours=8):%H:%M:%S}"),
    ]


def test_dice_are_counted_down_to_and_then_waited_for():
    batch = factory.closed(factory.make_batch(**LAST_DIGITS))
    by, then = keeper_of(batch.department), "然后等待现场摇出的 6 位数字。"

    assert phrases(batch, batch.closes_at) == ("来源已截止，距摇号时间", then, batch.beacon_at)
    assert awaited(batch, batch.beacon_at).words == "来源已截止，等待现场摇出的 6 位数字"
    row = committing.read_source(batch=batch, number=1, value="123456", by=by, at=batch.beacon_at)
    assert awaited(batch, batch.beacon_at).words == "读数已录入，等待另一人核对"
    committing.confirm_reading(reading=row, by=approver_of(batch.department), at=batch.beacon_at)
    assert phrases(batch, batch.beacon_at) == ("读数已核对，等待办公室确定种子", "", None)
    assert wall_of(batch, NOW)["times"][1] == ("开奖、摇号", "11:00:00")


def test_digits_are_told_as_they_come():
    batch = factory.committed(factory.make_batch(sources=[{"n": 6, "type": "digits"}]))

    def first() -> dict[str, str]:
        return wall_of(batch, NOW)["sources"][0]

    assert first() == {"words": "现场摇出的 6 位数字", "value": "", "note": ""}
    row = committing.read_source(batch=batch, number=1, value="635241", by=keeper_of(batch.department), at=NOW)
    assert first() == {"words": "现场摇出的 6 位数字", "value": "635241", "note": "待另一人核对"}
    committing.confirm_reading(reading=row, by=approver_of(batch.department), at=NOW)
    assert first() == {"words": "现场摇出的 6 位数字", "value": "635241", "note": ""}


def test_a_moment_of_another_day_is_told_with_its_day():
    batch = factory.committed(factory.make_batch())

    assert wall_of(batch, NOW - timedelta(days=1))["times"][0] == ("来源截止", f"{NOW:%Y-%m-%d} 10:00:00")


@pytest.mark.parametrize("n_draws", [1, 3])
def test_it_asks_as_often_for_three_draws_as_for_one(n_draws: int):
    assert _queries(factory.drawn(factory.joint_batch(n_draws=n_draws))) == (18, 9)


def _queries(batch: Batch) -> tuple[int, int]:
    """Of a first answer, and of one that changes nothing."""
    desk, address = at_desk(keeper_of(batch.department)), reverse("draws:screen-state", args=[batch.pk])
    with CaptureQueriesContext(connection) as first:
        version = desk.get(address).json()["version"]
    with CaptureQueriesContext(connection) as again:
        desk.get(address, {"known": version})
    return len(first), len(again)


def test_results_are_told_once(kept: Batch):
    address, desk = reverse("draws:screen-state", args=[kept.pk]), at_desk(keeper_of(kept.department))
    first = desk.get(address).json()

    again = desk.get(address, {"known": first["version"]})

    [draw] = first["results"]["draws"]
    assert (len(draw["strata"][0]["rows"]), draw["strata"][0]["n_drawn"]) == (8, 8)
    assert (first["results"]["n_visits"], first["results"]["is_cut"]) == (8, False)
    assert "results" not in again.json()
    assert len(again.content) < 1500
    factory.give_up_late(kept.draws.get())
    changed = desk.get(address, {"known": first["version"]}).json()
    assert changed["results"]["draws"][0]["is_withdrawn"] is True


def test_a_wall_holds_no_more_than_it_can_show(kept: Batch, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(wall, "MOST_ROWS", 5)

    [draw] = wall_of(kept, NOW)["results"]["draws"]

    assert [row["rank"] for row in draw["strata"][0]["rows"]] == [1, 2, 3, 4, 5]
    assert draw["strata"][0]["n_drawn"] == 8
    assert wall_of(kept, NOW)["results"]["is_cut"] is True


def test_who_came_in_is_told_whatever_the_rank_and_who_left_does_not_count(
    kept: Batch, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(wall, "MOST_SHOWN", 8)
    with open_for_writing():
        Hit.objects.filter(batch=kept, rank=3).update(place=Hit.Place.REPLACED)
        Hit.objects.filter(batch=kept, rank=9).update(place=Hit.Place.CAME_IN)

    told = wall_of(kept, NOW)["results"]

    part = told["draws"][0]["strata"][0]
    assert [row["rank"] for row in part["rows"]] == list(range(1, 10))
    assert (part["n_drawn"], part["n_listed"], told["is_cut"]) == (8, 8, False)


def test_the_page_carries_strength_and_code(kept: Batch):
    page = told(keeper_of(kept.department), reverse("draws:screen", args=[kept.pk]))

    assert "自建随机信标网络" in page
    assert f'href="http://testserver/public/draws/{kept.code}/"' in page
    assert "扫码核验</figcaption>" in page
    assert "<svg " in page
    assert "style=" not in page
