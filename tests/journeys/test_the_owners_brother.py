"""An inspector is the owner's brother: she says so, and somebody else decides."""

from __future__ import annotations

from gongchou.accounts.roles import RoleCode
from gongchou.registry.operations.inspectors import link_account
from tests.factories.inspectors import make_inspector
from tests.factories.people import BY, official
from tests.factories.subjects import home, make_subject
from tests.journeys.conftest import Desk


def test_what_she_declares_counts_at_once_and_the_head_decides(desk: Desk):
    subject = make_subject(1, name="演示鲜果店")
    inspector = official(RoleCode.INSPECTOR, "self")
    own = link_account(inspector=make_inspector("SCJG-007", home()), user=inspector, **BY)

    desk.sign_in(inspector)
    desk.go("/")
    desk.menu("我的人员档案")
    desk.follow("申报回避")
    desk.fill(**{"检查对象的统一社会信用代码或编号": subject.number[:-1]})
    desk.page.get_by_label("关系").select_option("relative")
    desk.press("提交申报")
    assert desk.sees("名录库中没有这个代码或编号的检查对象")
    desk.fill(**{"检查对象的统一社会信用代码或编号": subject.number, "说明": "经营者为本人的近亲属"})
    desk.press("提交申报")
    assert desk.sees("申报立即生效，等待负责人决定")
    assert desk.sees("待决定")

    desk.sign_in(official(RoleCode.HEAD))
    desk.go("/")
    assert desk.sees("待决定的回避申报")
    desk.follow("去办理：待决定的回避申报")
    desk.follow(f"决定：{own}，演示鲜果店")
    desk.page.get_by_label("应当回避").check()
    desk.fill(理由="属实，按规定回避。")
    desk.press("提交决定")
    assert desk.sees("已作出决定")

    desk.go(own.get_absolute_url())
    dossier = desk.page.locator(".timeline > li").all_inner_texts()
    assert [line for line in dossier if "回避" in line] == dossier[:2]
    assert "回避决定：演示鲜果店，应当回避" in dossier[0]
    assert "申报回避：演示鲜果店（本人申报）" in dossier[1]
    desk.go("/")
    assert desk.sees("现在没有需要办理的事项")
