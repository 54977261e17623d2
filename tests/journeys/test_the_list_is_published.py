"""An item is proposed, sent back, approved by somebody else, published, and claimed by a county."""

from __future__ import annotations

import pytest

from gongchou.accounts.models import Department
from gongchou.registry.models import Claim, ItemVersion
from tests.factories.lists import approver_of, department_of_lists, keeper_of, make_item, move_on, publish
from tests.factories.people import make_department, make_region
from tests.journeys.conftest import Desk

pytestmark = pytest.mark.long


@pytest.fixture
def county() -> Department:
    city = department_of_lists()
    return make_department("X", make_region("990102", "演示县", "county", city.region), line_parent=city)


def test_a_list_is_drafted_approved_published_and_claimed(desk: Desk, county: Department):
    city = department_of_lists()
    clerk, head, county_clerk = keeper_of(city), approver_of(city), keeper_of(county)

    desk.sign_in(clerk)
    desk.go("/registry/items/")
    desk.follow("新增事项")
    _fill_in(desk)
    desk.page.get_by_role("status").get_by_text("一般不超过10%/年，其中重点单位不低于8%").wait_for()
    desk.press("保存草稿")
    assert desk.sees("“常常”不是能识别的频次")
    _type(desk, **{"frequency-series": "每年一次"})
    desk.press("保存草稿")
    assert desk.sees("一般不超过10%/年，其中重点单位不低于8%")
    assert desk.sees("每年1次；同一检查对象每年不超过2次")
    assert desk.sees("缺少：随机抽查工作指引")
    desk.follow("修改")
    _type(desk, work_guide="核对证照，查看检定标签。")
    desk.press("保存草稿")
    desk.press("提交审核")

    desk.sign_in(head)
    desk.go("/")
    desk.follow("去办理：待审核的抽查事项")
    desk.follow("演示计量器具检查")
    desk.follow("退回修改")
    _type(desk, reason="请补充检查材料。")
    desk.press("退回修改")

    desk.sign_in(clerk)
    desk.go("/")
    desk.follow("去办理：被退回、待修改的抽查事项")
    desk.follow("演示计量器具检查")
    assert desk.sees("已退回修改：请补充检查材料。")
    desk.follow("修改")
    _type(desk, materials="检定证书：有效期内")
    desk.press("保存草稿")
    desk.press("提交审核")

    desk.sign_in(head)
    desk.go("/registry/items/?state=review")
    desk.follow("演示计量器具检查")
    desk.press("审核通过")
    desk.follow("公布")
    _type(desk, name="2026年版", reason="首次公布")
    desk.press("公布")
    assert desk.sees("演示SCJG局抽查事项清单（2026年版）")

    desk.sign_in(county_clerk)
    desk.go("/registry/claims/")
    desk.page.get_by_label("选择演示计量器具检查").check()
    desk.press("认领选中的事项")
    assert desk.sees("认领率：100.0%（1/1）")
    desk.follow("本级细化")
    _type(desk, **{"ratio-amount": "不超过12%", "note": "本县计量器具较少。"})
    desk.press("保存")
    assert desk.sees("本级比例须在此范围之内")
    _type(desk, **{"ratio-amount": "8%-10%"})
    desk.press("保存")
    assert desk.sees("8%-10%")

    version = ItemVersion.objects.get()
    assert (version.state, version.edition.name, version.materials[0]["name"]) == ("published", "2026年版", "检定证书")


def _fill_in(desk: Desk) -> None:
    """All but the work guide, and a frequency that cannot be read."""
    page = desk.page
    _type(
        desk,
        code="B02",
        name="演示计量器具检查",
        category="计量",
        basis="《演示计量条例》第十条",
        details="检定是否有效。",
    )
    for tick in ("市级", "县级", "企业", "实地核查"):
        page.get_by_role("checkbox", name=tick, exact=True).check()
    for tick in ("前面加“一般”", "按年计算（加“/年”）"):
        page.get_by_label(tick).check()
    _type(
        desk,
        **{
            "ratio-amount": "不超过10%",
            "ratio-part-0-key": "重点单位",
            "ratio-part-0-amount": "不低于8%",
            "frequency-subject": "同一单位同一年度不超过2次",
            "frequency-series": "常常",
        },
    )


def _type(desk: Desk, **values: str) -> None:
    for name, text in values.items():
        desk.page.locator(f'[name="{name}"]:not([type="hidden"])').fill(text)


def test_ticks_on_one_page_of_the_offers_are_claimed_from_another(desk: Desk, county: Department):
    rows = [make_item(f"B{number:03}", name=f"演示检查{number:03}", published=False) for number in range(23)]
    for row in rows:
        move_on(row, published=False)
    publish(rows)
    desk.sign_in(keeper_of(county))
    desk.go("/")
    desk.follow("去办理：上级公布、待本部门认领的事项")

    desk.page.get_by_label("选择演示检查001").check()
    desk.follow("下一页")
    desk.page.get_by_label("选择演示检查021").check()
    assert desk.sees("已选 2 项（含其他页）")
    desk.follow("上一页")
    assert desk.page.get_by_label("选择演示检查001").is_checked()
    assert not desk.page.get_by_label("选择演示检查002").is_checked()
    desk.page.get_by_label("选择演示检查002").check()
    assert desk.sees("已选 3 项（含其他页）")
    desk.press("认领选中的事项")

    assert desk.sees("已认领3项。")
    claimed = Claim.objects.values_list("item__code", flat=True)
    assert sorted(claimed) == ["B001", "B002", "B021"]
