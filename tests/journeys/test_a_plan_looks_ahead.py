"""A planner sees what her plan comes to, takes a proposal of ratios, watches a line while she types, reads the year."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from gongchou.accounts.roles import RoleCode
from gongchou.plans.models import PlanVersion
from gongchou.plans.operations import tasks
from tests.factories import plans as factory
from tests.factories.inspectors import make_inspector
from tests.factories.lists import department_of_lists, keeper_of, make_item, other_department
from tests.factories.people import NOW, official
from tests.factories.pools import make_city
from tests.journeys.conftest import Desk

pytestmark = pytest.mark.long

BY_CLASS = {"A": "1%", "B": "3%", "C": "5%", "D": "30%"}


@pytest.fixture
def draft() -> PlanVersion:
    libraries = make_city(600, n_districts=3, n_libraries=3)
    year = timezone.localdate().year
    own = department_of_lists()
    office = official(RoleCode.CONFERENCE_OFFICE, "all")
    for code, value in (
        ("bands", "A级低于3%；B级3%；C级3%-20%；D级20%-100%"),
        ("problem_rates", "A级2%；B级5%；C级15%；D级35%"),
        ("visit_cap", "2次"),
        ("capacity", "每人每日1户，每年60天"),
    ):
        factory.set_norm(code, value, by=office, year=year)
    make_inspector("Y1", own, category="civil_servant")
    item = make_item("A01", frequency={"series": None, "subject": None}).item
    version = factory.make_plan(year=year)
    days = {"begins_on": date(year, 3, 1), "ends_on": date(year, 8, 31), "items": [item]}
    ratio = factory.by_grade(**BY_CLASS)
    factory.make_line(version, name="演示餐饮风险分类抽查", ratio=ratio, is_risk_based=True, **days)
    factory.make_line(version, name="演示分库抽查", pool=factory.pool_of(libraries[0]), **days)
    return version


def test_a_planner_looks_ahead(desk: Desk, draft: PlanVersion):
    desk.sign_in(keeper_of(department_of_lists()))
    desk.go(draft.get_absolute_url())
    desk.follow("预测")
    assert desk.sees("被检查的企业（户）")
    desk.follow("本地区全年各部门计划")
    desk.follow("比例建议")
    desk.page.get_by_label("全年检查量").fill("60")
    desk.page.get_by_label("分区县列出").check()
    desk.press("计算")
    assert desk.sees("每多检查一户次，预计多发现")
    desk.page.on("dialog", lambda dialog: dialog.accept())
    desk.press("采用区间中点")
    assert desk.sees("已采用")


def test_a_line_says_what_it_comes_to_while_it_is_typed(desk: Desk, draft: PlanVersion):
    desk.sign_in(keeper_of(department_of_lists()))
    line = draft.lines.get(name="演示餐饮风险分类抽查")
    desk.go(f"/plans/contents/{line.pk}/change/")
    panel = desk.page.locator(".line-preview")
    panel.get_by_text("600 户").wait_for()
    desk.page.locator('[name="ratio-grade-A"]').fill("9%")
    panel.get_by_text("不在“低于3%”之内").wait_for()
    desk.page.get_by_label("全年抽取次数").fill("3")
    panel.get_by_text("全年3次").wait_for()
    desk.look()


def test_the_year_is_read_from_left_to_right(desk: Desk, draft: PlanVersion):
    keeper = keeper_of(department_of_lists())
    published = factory.publish(draft)
    line, _ = published.lines.order_by("line__number")
    begins = date(published.plan.year, 3, 1)
    days = {"begins_on": begins, "ends_on": begins + timedelta(days=30)}
    tasks.create_from_line(line=line, content={"name": "演示任务", **days}, by=keeper, at=NOW)
    other_department(published.plan.department)

    desk.sign_in(keeper)
    desk.go("/plans/lines/")
    desk.follow("年度日历")
    assert desk.sees("演示分库抽查")
    desk.go("/plans/calendar/?joint=yes")
    assert desk.sees("没有符合条件的记录")
    desk.go("/")
