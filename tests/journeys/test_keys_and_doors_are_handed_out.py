"""The department of a draw hands out 回执码; a unit finds the doors that are dispatched to it (演示数据)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.factories import draws as factory
from tests.factories.lists import keeper_of
from tests.journeys.conftest import Desk


@pytest.fixture(autouse=True)
def home(settings: pytest.FixtureRequest, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path


def test_keys_and_doors_are_handed_out(desk: Desk):
    batch = factory.dispatched(factory.make_batch())
    shown = batch.draws.get().hits.select_related("subject").get(rank=1).subject
    desk.sign_in(keeper_of(batch.department))

    desk.go("/")
    desk.menu("派给本单位的检查")
    assert desk.sees(shown.name)
    desk.go(batch.get_absolute_url())
    desk.follow("回执码")
    assert desk.sees(shown.number)
    desk.follow("补发给来问的单位")
    desk.fill(统一社会信用代码或编号=shown.number)
    desk.press("补发")

    assert desk.sees("查询时填写的代码")
