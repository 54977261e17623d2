"""After the seed two people give up a draw: one asks, another agrees; an auditor looks, and everybody sees it all."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongchou.draws.bundles import digest_of
from tests.draws.test_log_entries import auditor
from tests.factories import draws as factory
from tests.factories.lists import approver_of, keeper_of
from tests.journeys.conftest import Desk


@pytest.fixture(autouse=True)
def home(settings: pytest.FixtureRequest, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path


def test_two_people_give_up_a_result_in_public(desk: Desk):
    batch = factory.drawn(factory.make_batch())
    draw = batch.draws.get()
    keeper, approver = keeper_of(batch.department), approver_of(batch.department)

    desk.sign_in(keeper)
    desk.go(draw.task.get_absolute_url())
    desk.follow(f"{batch.code} {batch.name}")
    desk.follow(f"申请撤回{draw.code}")
    assert desk.sees("8 户不再检查")
    desk.page.get_by_label("理由").select_option(label="名录有误")
    desk.fill(说明="名录少了一个镇")
    desk.press("提出申请")
    assert desk.sees("须由另一位审批人同意")

    desk.sign_in(approver)
    desk.go("/")
    desk.follow("去办理：待您答复的撤回申请")
    desk.follow(f"{draw.code} {draw.task.name}")
    desk.follow("同意撤回")
    desk.press("同意撤回")
    assert desk.sees("来源截止后撤回，结果不作数")

    desk.sign_in(auditor())
    desk.go(f"/draws/audits/{batch.pk}/")
    desk.follow("写复核结论")
    batch.refresh_from_db()
    desk.fill(看过的审计包的摘要=digest_of(batch), 复核结论="按密钥重算，与撤回前公布的一致。")
    desk.press("写入公开日志")
    assert desk.sees("按密钥重算，与撤回前公布的一致。")

    desk.page.context.clear_cookies()
    desk.go(f"/public/draws/{batch.code}/")
    assert desk.page.locator("section.is-gone .alert-danger").inner_text().startswith("来源截止后撤回，结果不作数")
    assert desk.sees("按密钥重算，与撤回前公布的一致。")

    desk.sign_in(keeper)
    desk.go(batch.get_absolute_url())
    desk.follow("重新组织抽取")
    assert desk.sees("信标时间须在")
