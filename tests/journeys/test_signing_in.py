"""At the entrance: a security key in place of a code, and what is said to who is wrong too often."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from gongchou.accounts.attempts import MOST, Place, knock
from gongchou.accounts.roles import RoleCode
from tests.factories.people import official
from tests.journeys.conftest import PASSWORD, Desk
from tests.journeys.test_a_new_colleague import sign_in_with_code, with_telephone


def test_a_security_key_takes_the_place_of_the_code(desk: Desk, settings: Any):
    settings.TWO_FACTORS = True
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # the server of the tests speaks no TLS
    plug_in_a_key(desk)
    user = with_telephone(RoleCode.LIAISON)

    sign_in_with_code(desk, user)
    desk.page.get_by_role("link", name="个人中心").first.click()
    desk.follow("安全密钥")
    desk.follow("添加")
    desk.fill(名称="办公室的密钥")
    desk.touch_key("添加")
    desk.page.get_by_role("heading", name="恢复码").wait_for()
    desk.follow("已妥善保存，进入工作台")
    desk.page.get_by_role("link", name="个人中心").first.click()
    desk.look()
    assert desk.sees("办公室的密钥")
    desk.press("退出登录")
    desk.type_password(user, PASSWORD)
    desk.touch_key("使用安全密钥")

    desk.page.get_by_role("heading", name="工作台").wait_for()


def test_a_key_alone_is_a_second_factor_on_the_first_day(desk: Desk, settings: Any):
    settings.TWO_FACTORS = True
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    plug_in_a_key(desk)
    user = official(RoleCode.LIAISON)

    desk.come_in(user)
    desk.look()
    desk.follow("绑定安全密钥")
    desk.fill(名称="办公室的密钥")
    desk.touch_key("添加")
    desk.page.get_by_role("heading", name="恢复码").wait_for()
    desk.look()
    desk.follow("已妥善保存，进入工作台")
    desk.press("退出登录")
    desk.type_password(user, PASSWORD)
    desk.touch_key("使用安全密钥")

    desk.page.get_by_role("heading", name="工作台").wait_for()


def plug_in_a_key(desk: Desk) -> None:
    session = desk.page.context.new_cdp_session(desk.page)
    session.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": {**kind, "isUserVerified": True}})


def test_who_is_wrong_too_often_is_told_how_long_to_wait_and_whom_to_ask(desk: Desk):
    user = official(RoleCode.LIAISON)
    desk.come_in(user)
    desk.press("退出登录")

    for _ in range(MOST):
        desk.type_password(user, "not this one either")
        assert desk.sees("账号或密码不正确，请核对后重新输入。多次输错将暂时不能登录。")
    desk.type_password(user, PASSWORD)

    assert desk.sees("密码错误次数过多，请在 15 分钟后再试。忘记密码的，请联系本单位系统管理员重置。")


def test_whoever_comes_while_others_guess_is_told_to_wait_a_little(desk: Desk):
    user = official(RoleCode.LIAISON)
    for number in range(7):
        at = timezone.now() - timedelta(seconds=40 * (6 - number))
        knock(f"password {user.username}", Place(f"198.51.100.{number}"), at=at)

    desk.come_in(user)
    desk.look()

    assert desk.sees("尝试过于频繁，请在")
