"""A county joins its own items to the doors that the city drew in its territory."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.draws.test_joining import city_draw, county_of, item_of
from tests.factories.lists import department_of_lists, keeper_of
from tests.journeys.conftest import Desk


@pytest.fixture(autouse=True)
def home(settings: pytest.FixtureRequest, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path


def test_a_county_joins_one_door(desk: Desk):
    here = county_of(department_of_lists(), "02")
    batch = city_draw(here)
    item = item_of(here)

    desk.sign_in(keeper_of(here))
    desk.go("/")
    desk.menu("三级联动")
    desk.page.get_by_role("link", name=f"查看户次：{batch.name}").click()
    desk.look()
    desk.page.get_by_role("checkbox", name=f"选择{batch.visits.first().subject.name}", exact=True).check()
    desk.press("加入检查")
    desk.choose("本部门的检查事项", item.code)
    desk.press("加入")
    assert desk.sees("已加入，组织部门已收到通知")
    assert desk.sees(f"{item.code}（2 人）")

    desk.sign_in(keeper_of(batch.department))
    desk.go(f"{batch.get_absolute_url()}joinings/")
    assert desk.sees(here.short_name)
