"""A new colleague: her account, her role from two administrators, her first day with two factors."""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from gongchou.accounts.factors import MFAAdapter
from gongchou.accounts.models import User
from gongchou.accounts.roles import RoleCode
from tests.factories.people import official
from tests.journeys.conftest import Desk

pytestmark = pytest.mark.long

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_of(secret: str, ahead: int = 0) -> str:
    """What the app on the telephone shows; ``ahead`` of the one that has just been used."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))


def with_telephone(role: RoleCode, **own: Any) -> User:
    """An official who has set up her app before."""
    user = official(role, "all", **own)
    kept = {"secret": MFAAdapter().encrypt(SECRET)}
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data=kept)
    return user


def test_from_the_account_to_the_second_sign_in(desk: Desk, settings: Any):
    settings.TWO_FACTORS = True
    system = with_telephone(RoleCode.SYSTEM_ADMIN)
    security = with_telephone(RoleCode.SECURITY_ADMIN)
    second = with_telephone(RoleCode.SECURITY_ADMIN, username="second_admin")

    sign_in_with_code(desk, system)
    desk.menu("用户与角色")
    desk.follow("开设账号")
    desk.fill(账号="zhaoxin", 姓名="演示新同事")
    desk.choose("部门", "演示SCJG局")
    desk.press("开设账号")
    once = desk.page.locator("#once").inner_text()
    desk.follow("完成")
    assert desk.sees("没有任何角色")

    sign_in_with_code(desk, security)
    desk.menu("用户与角色")
    desk.follow("演示新同事")
    desk.follow("申请授予角色")
    desk.page.get_by_label("角色", exact=False).first.select_option("liaison")
    desk.page.get_by_label("本部门及以下").check()
    desk.fill(申请理由="新任联络员。")
    desk.press("提交申请")
    assert desk.sees("待确认")
    desk.follow("去办理")
    assert desk.sees("您是申请人，须另一名安全管理员确认")

    sign_in_with_code(desk, second)
    desk.follow("去办理：待您确认或退回的角色申请")
    desk.press("确认授予")
    assert desk.sees("已确认，角色即时生效")

    desk.come_in(User.objects.get(username="zhaoxin"), once)
    assert desk.sees("您用的是一次性密码")
    desk.fill(现在的密码=once, 再输入一次新密码="moon over plum lake")
    desk.page.get_by_label("新密码", exact=False).first.fill("moon over plum lake")
    desk.press("修改密码")
    assert desk.sees("绑定验证器")
    secret = desk.page.locator("#secret").inner_text()
    desk.fill(**{"验证器显示的 6 位验证码": code_of(secret)})
    desk.press("绑定")
    assert desk.sees("尚有 10 个没有使用")
    desk.follow("已妥善保存，进入工作台")
    assert desk.sees("联络员")

    desk.page.get_by_role("button", name="退出登录").click()
    desk.type_password(User.objects.get(username="zhaoxin"), "moon over plum lake")
    desk.fill(验证码=code_of(secret, ahead=1))
    desk.press("继续登录")
    assert desk.page.get_by_role("heading", level=1).inner_text() == "工作台"


def sign_in_with_code(desk: Desk, user: User) -> None:
    desk.come_in(user)
    desk.fill(验证码=code_of(SECRET))
    desk.press("继续登录")
