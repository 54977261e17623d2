"""A record came from a phone: the reviewer reads it with its photo, sends it back, reads the next one and passes it."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from PIL import Image

from gongchou.accounts.roles import RoleCode
from gongchou.inspections import files
from gongchou.inspections.keeping import open_dispatched
from gongchou.inspections.models import Inspection
from gongchou.inspections.operations.attachments import store
from tests.factories.inspections import AT, DIGEST, first_seat, inspector_at, on_its_way, recorded, store_signature
from tests.factories.people import appoint, make_user
from tests.journeys.conftest import Desk


@pytest.fixture(autouse=True)
def home(settings: pytest.FixtureRequest, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path


def photo() -> str:
    """A picture as phones send them, kept."""
    file = io.BytesIO()
    Image.new("RGB", (1200, 900), "steelblue").save(file, "JPEG")
    sha256 = hashlib.sha256(file.getvalue()).hexdigest()
    for path in (files.path_of(sha256), files.shown_path(sha256)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.getvalue())
    return sha256


def test_a_reviewer_sends_a_record_back_and_passes_the_next(desk: Desk) -> None:
    seat = first_seat(on_its_way())
    open_dispatched(AT)
    inspector, shop = inspector_at(seat), seat.visit.subject.name
    reviewer, office = (make_user(name, seat.department) for name in ("shenhe", "lianxi"))
    appoint(reviewer, RoleCode.REVIEWER)
    appoint(office, RoleCode.CONFERENCE_OFFICE)
    picture = photo()
    names = [{"sha256": DIGEST, "size": 4, "kind": "signature", "caption": "当事人签名"}]
    names.append({"sha256": picture, "size": 9_000, "kind": "photo", "caption": "经营场所正面"})
    first = recorded(inspector, attachments=names, opinion="无意见")
    store_signature(inspector)
    store(sha256=picture, looked=files.Looked(9_000, "image/jpeg", 1200, 900), by=inspector, at=AT)

    desk.sign_in(reviewer)
    desk.go("/")
    desk.menu("检查结果")
    assert desk.sees("未发现问题")
    desk.follow(first.inspection.visit.subject.name)
    assert desk.sees("经营场所正面")
    desk.follow("审核")
    desk.page.get_by_label("退回补充").check()
    desk.press("提交审核")
    assert desk.sees("请写明理由")
    desk.fill(审核意见="请补拍许可证")
    desk.press("提交审核")
    assert desk.sees("已退回")

    again = {"instance": first.instance_id, "base": 1, "attachments": names, "opinion": "已补拍"}
    recorded(inspector, AT + timedelta(hours=1), **again)
    desk.go(first.inspection.get_absolute_url())
    assert desk.sees("已补拍")
    desk.follow("审核")
    desk.page.get_by_label("通过", exact=True).check()
    desk.press("提交审核")
    assert Inspection.objects.get(head__isnull=False).state == "approved"
    assert desk.sees(shop)

    desk.sign_in(office)
    desk.go("/")
    desk.menu("节假日安排")
    desk.follow("录入通知")
    year = timezone.localdate().year + 1
    desk.fill(依据="演示通知", 放假和上班安排="元旦放三天")
    desk.press("录入")
    assert desk.sees("看不懂")
    desk.fill(放假和上班安排=f"{year}-01-01 至 {year}-01-03 放假 元旦")
    desk.press("录入")
    assert desk.sees("演示通知")
