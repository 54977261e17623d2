"""抽取结果证书 of a batch."""

from __future__ import annotations

import pytest

from gongchou.draws.certificates import certificate_of
from gongchou.draws.models import Batch
from gongchou.refusal import Refused
from tests.draws.afterwards import AFTER, hit_of, replace
from tests.factories import draws as factory
from tests.factories.papers import texts

pytestmark = pytest.mark.django_db
URL = "https://gongchou.example/public/draws/SCJG-2026-0001/"


def make_once() -> Batch:
    return factory.drawn(factory.make_batch())


def words(batch: Batch) -> str:
    return "".join(texts(certificate_of(batch, url=URL))).replace("\n", "").replace(" ", "")


def test_it_names_the_seed_the_numbers_and_everybody_drawn(kept: Batch):
    told = words(kept)

    assert all(word in told for word in (kept.code, kept.seed[:32], "公开承诺"))
    assert all(pid[:20] in told for pid in kept.visits.values_list("pid", flat=True))
    assert "已撤回" not in told


def test_printed_after_a_withdrawal_it_says_so(kept: Batch):
    factory.give_up_late(kept.draws.get())

    assert "（已撤回，2026-03-02" in words(kept)


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
    assert all(set("演示数据") <= set(page) for page in texts(certificate_of(kept, url=URL)))


def test_however_many_parts_it_asks_as_much(kept: Batch, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        certificate_of(kept, url=URL)


def test_before_the_result_there_is_none(kept: Batch):
    kept.drawn_at = None

    with pytest.raises(Refused, match=r"draws\.not_drawn"):
        certificate_of(kept, url=URL)
