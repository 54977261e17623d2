"""抽取结果证书 of a batch."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from gongchou.audit.guard import open_for_writing
from gongchou.draws.certificates import certificate_of
from gongchou.draws.models import Batch
from gongchou.refusal import Refused
from tests.draws.afterwards import AFTER, ask_again, deal, hit_of, replace
from tests.factories import draws as factory
from tests.factories.papers import texts

pytestmark = pytest.mark.django_db
URL = "https://gongchou.example/public/draws/SCJG-2026-0001/"


def make_once() -> Batch:
    return factory.drawn(factory.make_batch())


def words(batch: Batch, at: datetime = AFTER) -> str:
    return "".join(texts(certificate_of(batch, url=URL, at=at))).replace("\n", "").replace(" ", "")


def test_it_names_the_seed_the_numbers_and_everybody_drawn(kept: Batch):
    told = words(kept)

    assert all(word in told for word in (kept.code, kept.seed[:32], "公开承诺"))
    assert all(pid[:20] in told for pid in kept.visits.values_list("pid", flat=True))
    assert "已撤回" not in told


def test_printed_after_a_withdrawal_it_says_so(kept: Batch):
    factory.give_up_late(kept.draws.get())

    told = words(kept)
    assert "（已撤回，2026-03-02" in told
    assert "抽取结果证书（已撤回）" not in told


def test_where_nothing_holds_any_more_the_title_says_so(kept: Batch):
    factory.give_up_late(kept.draws.get())
    with open_for_writing():
        Batch.objects.filter(pk=kept.pk).update(
            state="withdrawn", ended_at=AFTER, end_reason="演示", ended_by=kept.created_by
        )
    kept.refresh_from_db()

    assert "抽取结果证书（已撤回）" in words(kept)


def test_after_a_replacement_it_says_so_and_counts_the_doors_that_are_visited(kept: Batch, settings):
    draw = kept.draws.get()
    n = kept.visits.count()
    done = replace(hit_of(draw, 3), AFTER)

    told = words(kept)

    assert kept.visits.count() == n + 1
    assert f"检查户次{n}" in told
    assert f"{draw.code}全部：第3位因注销退出，备选第{done.into.rank}位递补" in told
    assert "抽取后替换1户" in told
    settings.IS_DEMO = True
    assert all(set("演示数据") <= set(page) for page in texts(certificate_of(kept, url=URL, at=AFTER)))


def test_it_says_when_it_was_made_and_whose_seats_were_dealt_again_afterwards(kept: Batch):
    seat = kept.visits.first().seats.get(number=1)
    done = deal(ask_again(seat, AFTER))
    made_at = AFTER + timedelta(days=40)

    told = words(kept, made_at)

    assert "抽取后席位重抽1次，空缺补配0个席位" in told
    assert f"公开日志第{done.event}条：回避，席位重抽，已补上" in told
    assert f"生成时间{made_at.year}年{made_at.month}月{made_at.day}日" in told


def test_however_many_parts_it_asks_as_much(kept: Batch, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        certificate_of(kept, url=URL, at=AFTER)


def test_before_the_result_there_is_none(kept: Batch):
    kept.drawn_at = None

    with pytest.raises(Refused, match=r"draws\.not_drawn"):
        certificate_of(kept, url=URL, at=AFTER)
