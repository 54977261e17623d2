"""From an empty year to a published joint plan with a task ready, and a revision that everybody can compare."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from gongchou.accounts.models import Department, User
from gongchou.plans.models import PlanVersion, Task
from tests.factories import plans as factory
from tests.factories.lists import department_of_lists, keeper_of, make_item, make_joint_item
from tests.factories.people import appoint, make_department, make_user
from tests.factories.subjects import make_subject
from tests.journeys.conftest import Desk

pytestmark = pytest.mark.long


@pytest.fixture
def office() -> User:
    for number in range(1, 21):
        make_subject(number)
    home = department_of_lists()
    home.is_conference_member = True
    with factory.open_for_writing():
        home.save()
    return factory.office_of(home)


@pytest.fixture
def second(office: User) -> User:
    other = make_user("second", office.department)
    appoint(other, "conference_office", "all")
    return other


@pytest.fixture
def fire(office: User) -> Department:
    return make_department("XFJY", office.department.region, is_conference_member=True)


def type_in(desk: Desk, **values: str) -> None:
    for name, text in values.items():
        desk.page.locator(f'[name="{name}"]:not([type="hidden"])').fill(text)


def test_a_year_is_planned_together_and_revised(desk: Desk, office: User, second: User, fire: Department) -> None:
    home, year = office.department, date.today().year
    own, theirs = make_item("A01", valid_from=date(year, 1, 1)).item, make_item("XF01", owner=fire).item
    make_joint_item(
        subject_kinds=["trader"], items=[own, theirs], initiators=[("", home)], participants=[fire], time="3—11月"
    )

    desk.sign_in(office)
    open_plan(desk, year)
    desk.follow("按清单补齐")
    desk.press("补齐")
    assert desk.sees("计划行（1）")
    desk.page.get_by_role("link", name=re.compile("处须修改或说明")).click()
    assert desk.sees("还没有邀请XFJY")
    desk.page.get_by_role("link", name=re.compile("还没有邀请XFJY")).click()
    desk.follow("邀请部门")
    type_in(desk, message="请派员参加")
    desk.press("发出邀请")

    desk.sign_in(keeper_of(fire))
    desk.go("/plans/invitations/?state=invited")
    desk.page.get_by_role("link", name=re.compile("^第1行")).click()
    desk.follow("答复")
    desk.page.get_by_label("谢绝").check()
    desk.press("提交答复")
    assert desk.sees("谢绝邀请须写明理由")
    desk.page.get_by_label("接受").check()
    desk.choose("参加的抽查事项", "XF01")
    desk.press("提交答复")
    assert desk.sees("已接受")

    desk.sign_in(office)
    plan = PlanVersion.objects.get()
    desk.go(plan.get_absolute_url())
    desk.press("提交审批")
    assert desk.sees("等待另一名负责人审批")

    publish(desk, second, plan)
    task = make_task(desk, office, plan)
    revise(desk, office, second, plan, year)

    assert Task.objects.get(pk=task.pk).state == "ready"
    desk.page.context.clear_cookies()
    desk.go("/public/plans/")
    desk.page.get_by_role("link", name=re.compile("联合")).click()
    assert desk.sees("本次调整")
    assert desk.sees("上级要求延长")
    desk.follow(f"第1版（{date.today():%Y-%m-%d}）")
    assert desk.sees("已被新版本代替")


def open_plan(desk: Desk, year: int) -> None:
    desk.go("/plans/")
    desk.follow("建立计划")
    type_in(desk, year=str(year), name=f"{year}年度部门联合抽查计划", reason="按年度工作要点")
    desk.page.get_by_label("计划类型").select_option("joint")
    desk.press("保存")


def publish(desk: Desk, head: User, plan: PlanVersion) -> None:
    """The second person approves, files, receives and publishes."""
    desk.sign_in(head)
    desk.go(plan.get_absolute_url())
    desk.press("批准")
    desk.follow("报备案")
    type_in(desk, filed_with="演示市场监督管理局")
    desk.press("报备案")
    desk.follow("登记备案")
    type_in(desk, receipt="备〔1〕号")
    desk.press("登记备案")
    desk.follow("公布")
    desk.press("公布")
    assert desk.sees("公众看到的页面")


def make_task(desk: Desk, office: User, plan: PlanVersion) -> Task:
    """A task of the first line, with its scheme, up to READY."""
    desk.sign_in(office)
    desk.go(plan.lines.get().get_absolute_url())
    desk.follow("建立任务")
    desk.press("建立任务")
    assert desk.sees("工作方案尚未公布")
    desk.follow("编写方案")
    type_in(desk, goals="摸清情况", duties="各查各的事项", measures="一次进户", deadlines="十一月底前")
    desk.press("保存")
    desk.follow("公布方案")
    desk.press("公布")
    desk.press("设置完成")
    assert desk.sees("待抽取")
    return Task.objects.get()


def revise(desk: Desk, office: User, head: User, plan: PlanVersion, year: int) -> None:
    """The line ends three weeks later, so that its task stays within; the plan takes the same way again."""
    desk.go(plan.get_absolute_url())
    desk.follow("调整计划")
    type_in(desk, reason="上级要求延长")
    desk.press("开始调整")
    desk.follow(plan.lines.get().name)
    desk.follow("修改")
    type_in(desk, ends_on=f"{year}-12-01", begins_on=f"{year}-12-20")
    desk.press("保存计划行")
    assert desk.sees("结束日期早于开始日期")
    type_in(desk, begins_on=f"{year}-03-01", ends_on=f"{year}-12-20")
    desk.press("保存计划行")
    desk.press("提交审批")
    publish(desk, head, PlanVersion.objects.get(number=2))


def test_who_saves_second_reads_what_the_first_one_saved(desk: Desk, office: User) -> None:
    item: Any = make_item("A01").item
    line = factory.make_line(factory.make_plan(office.department), items=[item], name="原来的名称")
    keeper = keeper_of(office.department)
    desk.sign_in(keeper)
    desk.go(line.get_absolute_url())
    desk.follow("修改")
    factory.lines.edit_line(line=line, content={"name": "甲先保存的名称"}, by=office, at=factory.NOW)

    type_in(desk, name="乙后填写的名称", note="乙的备注")
    desk.press("保存计划行")

    assert desk.sees("他人刚刚保存的内容")
    assert desk.sees("甲先保存的名称")
    assert desk.page.locator('[name="name"]').input_value() == "乙后填写的名称"
    assert desk.page.locator('[name="note"]').input_value() == "乙的备注"
    desk.press("保存计划行")
    line.refresh_from_db()
    assert (line.name, line.note) == ("乙后填写的名称", "乙的备注")
