"""An inspector is dealt to her sister's shop: she says so, and a round that nobody knew when she did finds another."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from gongchou.accounts.roles import RoleCode
from gongchou.draw.encoding import dump_json
from gongchou.draws.models import Seat, Substitution
from gongchou.registry.operations.inspectors import link_account
from tests.draws.afterwards import check_both_views, hit_of, seat_of
from tests.factories import draws as factory
from tests.factories.lists import keeper_of
from tests.factories.people import BY, appoint, make_user
from tests.journeys.conftest import Desk


@pytest.fixture(autouse=True)
def home(settings: pytest.FixtureRequest, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path


def test_she_declares_it_and_her_seat_is_dealt_again(desk: Desk, home: Path, monkeypatch: pytest.MonkeyPatch):
    batch = factory.dispatched(factory.make_batch())
    seat = seat_of(hit_of(batch.draws.get(), 1))
    herself, shop = make_user("inspector", batch.department, name="演示检查员"), seat.visit.subject.name
    appoint(herself, RoleCode.INSPECTOR, "self")
    link_account(inspector=seat.inspector, user=herself, **BY)

    desk.sign_in(herself)
    desk.go("/")
    desk.menu("我的检查")
    desk.page.get_by_role("link", name=f"申报回避：{shop}").click()
    desk.page.get_by_label("关系").select_option("relative")
    desk.fill(说明="经营者为近亲属")
    desk.press("提交申报")
    assert desk.sees("已申报回避，待重抽")

    desk.sign_in(keeper_of(batch.department))
    desk.go(batch.get_absolute_url())
    desk.follow("查看并申请重抽")
    desk.page.get_by_role("link", name=f"申请重抽：{shop} 席位 {seat.number}").click()
    desk.press("提出重抽")
    assert desk.sees("等待信标")
    row = Substitution.objects.get()
    there = timezone.now() + timedelta(seconds=70)
    monkeypatch.setattr(timezone, "now", lambda: there)
    desk.page.reload()
    desk.follow("抽取")
    path = home / "beacon.json"
    path.write_bytes(dump_json(factory.signer().sign(row.round or 0).document()))
    desk.page.set_input_files("#id_file", str(path))
    desk.press("抽取")
    instead = Seat.objects.get(visit=seat.visit, number=seat.number, ended_at=None).inspector
    assert instead is not None
    assert desk.sees(f"由 {instead.name} 补上")

    desk.go(f"{batch.get_absolute_url()}visits/?q={seat.visit.subject.number}")
    assert desk.sees(instead.name)
    desk.go(f"/public/draws/{batch.code}/")
    assert desk.sees("事后席位重抽 1 次")
    check_both_views(batch)
