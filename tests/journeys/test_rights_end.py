"""Somebody's role ends while she has the page open: nothing more is written, and she is told why."""

from __future__ import annotations

from gongchou.accounts import operations
from gongchou.accounts.models import User
from gongchou.accounts.roles import RoleCode
from gongchou.registry.models import Subject
from tests.factories.people import BY, official
from tests.factories.subjects import make_subject
from tests.journeys.conftest import Desk


def test_an_ended_appointment_counts_at_once(desk: Desk):
    subject = make_subject(1, name="演示鲜果店", address="听松街3号")
    clerk = official(RoleCode.PLAN_CLERK)
    desk.expected.append(403)

    desk.sign_in(clerk)
    desk.go("/registry/subjects/")
    end_all_roles(clerk)
    desk.fill(**{"名称、拼音首字母、代码、地址": "面馆"})
    desk.press("查询")

    assert desk.sees("您的角色已不能办理这项操作，可能刚被收回或调整。")
    assert "演示鲜果店" in desk.page.locator("#rows").inner_text()
    desk.go(f"/registry/subjects/{subject.pk}/")
    assert desk.sees("您的角色不能打开这个页面")
    desk.follow("回到工作台")
    assert desk.sees("您还没有任何角色")


def test_a_form_that_was_open_writes_nothing(desk: Desk):
    subject = make_subject(1, name="演示鲜果店", address="听松街3号")
    clerk = official(RoleCode.PLAN_CLERK)
    desk.expected.append(403)

    desk.sign_in(clerk)
    desk.go(f"/registry/subjects/{subject.pk}/change/")
    end_all_roles(clerk)
    desk.fill(**{"住所（经营场所）": "望霁路12号"})
    desk.press("保存")

    assert desk.sees("您的角色不能打开这个页面")
    assert Subject.objects.get(pk=subject.pk).address == "听松街3号"


def test_a_closed_account_is_out(desk: Desk):
    make_subject(1, name="演示鲜果店")
    clerk = official(RoleCode.PLAN_CLERK)

    desk.sign_in(clerk)
    desk.go("/registry/subjects/")
    operations.disable_account(user=clerk, **BY)
    desk.press("查询")

    desk.page.get_by_role("heading", name="登录").wait_for()


def end_all_roles(user: User) -> None:
    for appointment in user.appointments.all():
        operations.end_appointment(appointment=appointment, **BY)
