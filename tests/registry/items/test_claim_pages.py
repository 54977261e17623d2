"""The desk of claims: what is offered, found, taken, adapted and given back there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gongchou.accounts.roles import RoleCode
from gongchou.audit.models import Line
from gongchou.refusal import Refused
from gongchou.registry.models import Claim
from gongchou.registry.operations import claims, versions
from gongchou.sheets.reading import read_rows
from tests.factories.lists import (
    approver_of,
    at_least,
    department_of_lists,
    keeper_of,
    make_item,
    move_on,
    publish,
    so_often,
)
from tests.factories.many import FEW_AND_MANY, many_approved
from tests.factories.people import NOW, make_department, make_region, official, signed_in

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture
def county():
    city = department_of_lists()
    return make_department("X", make_region("990102", "演示县", "county", city.region), line_parent=city)


def claimed(code, county, **own):
    return claims.claim(item=make_item(code, **own).item, department=county, by=keeper_of(county), at=NOW)


def abolish(item):
    version = item.versions.get(state="published")
    versions.ask_end(version=version, reason="法规废止", by=keeper_of(item.owner), at=LATER)
    versions.abolish(version=version, by=approver_of(item.owner), at=LATER)


def codes(page):
    return [row.record.version.item.code for row in page.context["table"].rows]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["A01", "A02", "B01"]),
        ("q=a0", ["A01", "A02"]),
        ("q=餐饮", ["B01"]),
        ("state=open", ["A02", "B01"]),
        ("state=claimed", ["A01"]),
        ("state=suspended", []),
        ("state=nothing", []),
        ("department=nobody", ["A01", "A02", "B01"]),
    ],
)
def test_the_offers_are_filtered(client, county, query, found):
    claimed("A01", county)
    make_item("A02")
    make_item("B01", name="演示餐饮检查")

    page = signed_in(client, keeper_of(county)).get(f"/registry/claims/?{query}")

    assert codes(page) == found


def test_the_offers_go_into_a_workbook_as_they_are_filtered(client, county, tmp_path):
    claimed("A01", county)
    make_item("A02")

    answer = signed_in(client, keeper_of(county)).get("/registry/claims/?state=claimed&export=1")

    book = tmp_path / "offers.xlsx"
    book.write_bytes(b"".join(answer.streaming_content))
    cells = [list(row.cells) for row in read_rows(book)]
    at = next(number for number, row in enumerate(cells) if "编码" in row)
    assert [dict(zip(cells[at], row, strict=True)) for row in cells[at + 1 :]] == [
        {"编码": "A01", "事项": "演示食品安全检查", "认领状态": "已认领", "制定部门": "SCJG",
         "上级规定": "3%；每年1次", "本级规定": "同上级"}
    ]  # fmt: skip


def test_who_only_reads_has_nothing_to_tick_or_press(client, county):
    claimed("A01", county)
    make_item("A02")
    reader = official(RoleCode.LEADER, department=county)

    page = signed_in(client, reader).get("/registry/claims/")

    text = page.content.decode()
    assert codes(page) == ["A01", "A02"]
    assert [word for word in ('name="chosen"', "认领选中的事项", "本级细化", "取消认领") if word in text] == []


@pytest.mark.parametrize("n", FEW_AND_MANY)
def test_the_desk_asks_as_much_for_many_offers_as_for_three(client, county, django_assert_num_queries, n):
    rows = many_approved(lambda code: make_item(code, published=False), n)
    publish(rows)
    for row in rows[: n // 2]:
        claims.claim(item=row.item, department=county, by=keeper_of(county), at=NOW)
    signed_in(client, keeper_of(county))
    client.get("/registry/claims/")

    with django_assert_num_queries(14):
        page = client.get("/registry/claims/")

    assert page.context["table"].paginator.count == n


def test_a_long_offer_comes_in_pages_and_claiming_leads_back_to_what_was_asked(client, county):
    rows = many_approved(lambda code: make_item(code, published=False), 23)
    publish(rows)
    signed_in(client, keeper_of(county))
    first, second = (client.get(f"/registry/claims/?state=open&page={number}") for number in (1, 2))
    form = {"department": county.pk, "chosen": [rows[0].item_id, rows[22].item_id]}

    answer = client.post("/registry/claims/add/?state=open", form)

    assert [len(page.context["table"].page.object_list) for page in (first, second)] == [20, 3]
    assert 'action="/registry/claims/add/?state=open"' in second.content.decode()
    assert answer.url == f"/registry/claims/?state=open&department={county.pk}"
    assert codes(client.get(answer.url)) == [f"B{number:03}" for number in range(1, 22)]


def test_nothing_ticked_is_told(client, county):
    make_item("A01")
    signed_in(client, keeper_of(county))

    answer = client.post("/registry/claims/add/", {"department": county.pk, "chosen": ["no-id"]}, follow=True)

    assert "没有选中任何事项" in answer.content.decode()
    assert Claim.objects.count() == 0


def test_nobody_claims_for_a_department_out_of_reach(client, county):
    item = make_item("A01").item
    stranger = official(RoleCode.LIAISON, "own", department=make_department("Y", county.region))
    signed_in(client, stranger)

    answer = client.post("/registry/claims/add/", {"department": county.pk, "chosen": [item.pk]}, follow=True)

    assert Claim.objects.count() == 0
    assert "所选部门不在您维护清单的范围内" in answer.content.decode()


def test_ticked_items_are_claimed_all_or_none(client, county):
    chosen = [make_item("A01").item.pk, claimed("A02", county).item_id]
    signed_in(client, keeper_of(county))
    n_lines = Line.objects.count()

    answer = client.post("/registry/claims/add/", {"department": county.pk, "chosen": chosen})

    assert (answer.status_code, list(Claim.objects.values_list("item__code", flat=True))) == (409, ["A02"])
    assert Line.objects.count() == n_lines


ADAPTED = {"note": "本县对象较多。", "ratio-kind": "flat", "ratio-amount": "不低于5%", "frequency-kind": "flat"}


def test_a_unit_adapts_within_what_the_list_says(client, county):
    claim = claimed("A01", county, ratio=at_least("不低于3%"), frequency=so_often("每年不少于1次"))
    signed_in(client, keeper_of(county))
    address = f"/registry/claims/{claim.pk}/adapt/"

    shown = client.get(address).content.decode()
    loose = client.post(address, {**ADAPTED, "ratio-amount": "不低于2%"})
    rare = client.post(address, {**ADAPTED, "frequency-series": "每2年1次"})
    answer = client.post(address, {**ADAPTED, "frequency-series": "每年2次"}, follow=True)

    assert "上级规定：比例不低于3%；频次每年不少于1次。" in shown
    assert "上级比例为“不低于3%”，本级比例须在此范围之内" in loose.content.decode()
    assert 'value="不低于2%"' in loose.content.decode()
    assert "上级频次为“每年不少于1次”，本级不能减少抽查次数" in rare.content.decode()
    assert "不低于5%；每年2次" in answer.content.decode()
    assert Claim.objects.get(ended_at=None).state == "adapted"


def test_a_frequency_that_no_longer_fits_suspends_the_claim(county):
    claim = claimed("A01", county, frequency=so_often("每年不少于1次"))
    own = claims.adapt(claim=claim, ratio={}, frequency=so_often("每年1次"), note="", by=keeper_of(county), at=NOW)
    content = {"frequency": so_often("每年不少于2次"), "reason": "加强"}
    amended = versions.amend(thing=claim.item, content=content, by=keeper_of(claim.item.owner), at=LATER)

    move_on(amended, published=True, at=LATER)

    own.refresh_from_db()
    assert (own.state, own.note) == ("suspended", "上级事项已调整，本级比例或频次不再符合")


def test_what_was_abolished_above_is_given_back_at_the_desk(client, county):
    claim = claimed("A01", county)
    abolish(claim.item)
    signed_in(client, keeper_of(county))

    warned = client.get("/registry/claims/").content.decode()
    renewed = client.post(f"/registry/claims/{claim.pk}/renew/", follow=True)
    client.post(f"/registry/claims/{claim.pk}/release/", {"note": "不再实施"})

    claim.refresh_from_db()
    assert "上级已废止下列事项，认领已暂停" in warned
    assert "已不在上级公布的清单中" in renewed.content.decode()
    assert (claim.state, claim.note) == ("released", "不再实施")


def test_an_item_that_begins_today_is_claimed_today_before_eight_in_the_morning(county):
    """In China it is the 3rd; in UTC it is still the 2nd."""
    early = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
    item = make_item("A01", valid_from=early.date() + timedelta(days=1), at=early).item

    with pytest.raises(Refused):
        claims.claim(item=item, department=county, by=keeper_of(county), at=early - timedelta(hours=2))
    claim = claims.claim(item=item, department=county, by=keeper_of(county), at=early)

    assert claim.state == "claimed"
