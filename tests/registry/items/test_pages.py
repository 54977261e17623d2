"""The pages of 抽查事项清单: who sees what, the way of an item from draft to print, lists at any length."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from gongchou.accounts.roles import RoleCode
from gongchou.registry.models import ItemVersion
from gongchou.registry.queries import items as queries
from gongchou.sheets.reading import read_rows
from tests.factories.lists import (
    approver_of,
    department_of_lists,
    keeper_of,
    make_item,
    make_joint_item,
    make_matter,
    make_tag,
    move_on,
    publish,
)
from tests.factories.many import FEW_AND_MANY, many_approved
from tests.factories.people import NOW, make_department, make_region, make_user, official, signed_in

pytestmark = pytest.mark.django_db

FILLED = {
    "code": "A01", "name": "演示餐饮检查", "category": "餐饮", "kind": "general", "valid_from": "2026-01-01",
    "reason": "首次制定", "basis": "《演示食品安全条例》第十条\n《演示广告条例》", "levels": ["city", "county"],
    "subject_kinds": ["enterprise"], "methods": ["on_site", "document"], "details": "看现场", "work_guide": "先看证照",
    "materials": "进货台账：近六个月\n许可证", "sub_items": "", "results": "",
    "ratio-kind": "flat", "ratio-amount": "不低于3%", "ratio-or_special_plan": "on",
    "frequency-kind": "flat", "frequency-series": "1次/年", "frequency-subject": "每年不超过2次",
}  # fmt: skip


def filled(**own):
    return {**FILLED, "owner": department_of_lists().pk, **own}


def press(client, version, move):
    return client.post(f"/registry/versions/items/{version.pk}/{move}/")


def test_an_item_goes_from_draft_to_the_printed_list(client):
    keeper, head = keeper_of(department_of_lists()), approver_of(department_of_lists())

    answer = signed_in(client, keeper).post("/registry/items/add/", filled())
    version = ItemVersion.objects.get()
    press(client, version, "submit")
    signed_in(client, head)
    press(client, version, "approve")
    publishing = f"/registry/editions/publish/items/?department={version.item.owner_id}"
    shown = client.get(publishing).content.decode()
    answer = client.post(publishing, {"name": "2026年版", "reason": "首次公布", "url": "", "versions": [version.pk]})
    printed = client.get(answer["Location"]).content.decode()

    version.refresh_from_db()
    assert "A01 演示餐饮检查（第1版）：首次制定" in shown
    assert (version.state, version.ratio_words) == ("published", "不低于3%或按专项计划")
    assert version.frequency_words == "每年1次；同一检查对象每年不超过2次"
    assert version.basis[1] == {"law": "演示广告条例", "article": ""}
    assert version.materials == [{"name": "进货台账", "note": "近六个月"}, {"name": "许可证", "note": ""}]
    assert "抽查事项清单（2026年版）" in printed
    assert "不低于3%或按专项计划" in printed


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"ratio-amount": "若干"}, "不是能识别的比例或数量"),
        ({"ratio-kind": "choice"}, "请至少填写两种"),
        ({"ratio-kind": "level"}, "请至少填写一行"),
        ({"frequency-series": "常常"}, "不是能识别的频次"),
        ({"basis": "食品安全法第十条"}, "没有写明法律名称"),
        ({"valid_to": "2025-01-01"}, "失效日期不能早于生效日期"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_nothing_typed_is_lost(client, wrong, told):
    keeper = keeper_of(department_of_lists())

    answer = signed_in(client, keeper).post("/registry/items/add/", filled(**wrong))

    page = answer.content.decode()
    assert (answer.status_code, ItemVersion.objects.count()) == (422, 0)
    assert told in page
    assert "先看证照" in page


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ({"ratio-kind": "level", "ratio-level-city": "2%", "ratio-level-county": "10%"}, "市级2%；县级10%"),
        ({"ratio-kind": "grade", "ratio-grade-A": "<3%", "ratio-grade-D": "20-100%"}, "A级低于3%；D级20%-100%"),
        ({"ratio-kind": "group", "ratio-group-0-key": "高校", "ratio-group-0-amount": "30%"}, "高校30%"),
        (
            {"ratio-kind": "choice", "ratio-option-0-amount": "20%", "ratio-option-0-key": "1",
             "ratio-option-1-amount": "10%", "ratio-option-1-key": "2"},
            "20%一次或10%两次",
        ),
        ({"ratio-kind": "as_needed"}, "根据实际情况确定"),
        (
            {"ratio-amount": "10%", "ratio-part-0-key": "重点单位", "ratio-part-0-amount": "不低于8%"},
            "10%或按专项计划，其中重点单位不低于8%",
        ),
    ],
)  # fmt: skip
def test_every_kind_of_ratio_can_be_filled_in_and_is_shown_again(client, sent, shown):
    keeper = keeper_of(department_of_lists())
    signed_in(client, keeper).post("/registry/items/add/", filled(**sent))
    version = ItemVersion.objects.get()

    form = client.get(f"/registry/versions/items/{version.pk}/change/").context["form"]

    again = form["ratio"].value()
    assert version.ratio_words == shown
    assert again == version.ratio
    values = [value for name, value in sent.items() if not name.endswith("-kind")]
    html = str(form["ratio"])
    assert [value for value in values if value.isdecimal() and f'value="{value}"' not in html] == []


def test_buttons_follow_the_state_and_say_why_not(client):
    version = make_item(published=False, basis=[])
    page = signed_in(client, keeper_of(version.item.owner)).get(version.get_absolute_url())

    assert [button.words for button in page.context["buttons"]] == ["修改", "撤回"]
    assert [(one.words, "缺少：检查依据" in one.why_not) for one in page.context["obstacles"]] == [("提交审核", True)]


def test_a_reader_gets_no_buttons(client):
    version = make_item()
    reader = official(RoleCode.LEADER)

    page = signed_in(client, reader).get(version.get_absolute_url())

    assert (page.status_code, page.context["buttons"], page.context["obstacles"]) == (200, [], [])


def test_the_page_of_an_item_shows_what_rests_on_it(client):
    item = make_item("A01").item
    joint = make_joint_item("L01", items=[item])
    make_matter("Z01", joint_items=[joint.joint_item])

    page = signed_in(client, official(RoleCode.LEADER)).get(item.get_absolute_url()).content.decode()

    assert "L01 演示食堂联合检查" in page
    assert "Z01 演示养老服务综合监管" in page


def another_city():
    here = department_of_lists()
    return make_department("OTHER", here.region)


# Who, with what -> does she see a draft of SCJG? All readers see what is published.
@pytest.mark.parametrize(
    ("role", "is_own", "sees"),
    [
        (RoleCode.LIAISON, True, {"published", "draft"}),
        (RoleCode.HEAD, True, {"published", "draft"}),
        (RoleCode.LEADER, True, {"published"}),
        (RoleCode.LIAISON, False, {"published"}),
        (RoleCode.HEAD, False, {"published"}),
        (RoleCode.INSPECTOR, True, set()),
    ],
)
def test_drafts_are_for_those_who_keep_or_approve_them(role, is_own, sees):
    make_item("A01")
    make_item("A02", published=False)
    user = official(role, department=department_of_lists() if is_own else another_city())

    assert set(queries.visible(user).values_list("state", flat=True)) == sees


def test_a_foreign_draft_answers_as_if_it_were_not_there(client):
    draft = make_item(published=False)
    stranger = official(RoleCode.LIAISON, department=another_city())
    signed_in(client, stranger)

    answers = [
        client.get(draft.item.get_absolute_url()).status_code,
        client.get(f"/registry/versions/items/{draft.pk}/change/").status_code,
        client.post(f"/registry/versions/items/{draft.pk}/submit/").status_code,
        client.get(f"/registry/lists/items/{draft.item_id}/compare/").status_code,
        client.get(f"/registry/versions/nothing/{draft.pk}/change/").status_code,
    ]

    assert answers == [404] * 5


def test_nobody_publishes_the_list_of_another_department(client):
    version = make_item(published=False)
    move_on(version, published=False)
    stranger = official(RoleCode.HEAD, department=another_city())

    answer = signed_in(client, stranger).get(f"/registry/editions/publish/items/?department={version.item.owner_id}")

    assert version.name not in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["A01", "A02", "A03"]),
        ("q=广告", ["A02"]),
        ("q=a03", ["A03"]),
        ("area=餐", ["A01"]),
        ("kind=key", ["A03"]),
        ("state=draft", ["A03"]),
        ("aligned=no", ["A01", "A03"]),
        ("tag={tag}", ["A02"]),
        ("tag={above}", ["A02"]),
        ("edition={edition}", ["A01"]),
        ("owner={owner}", ["A01", "A02", "A03"]),
    ],
)
def test_the_list_is_filtered(client, query, codes):
    above = make_tag("热点")
    tag = make_tag("网红", parent=above)
    one = make_item("A01", category="餐饮")
    later = NOW + timedelta(days=1)
    make_item("A02", name="广告检查", tags=[tag], internet_plus_code="J", duty_list_code="Q", at=later)
    make_item("A03", kind="key", published=False)
    told = query.format(tag=tag.pk, above=above.pk, edition=one.edition_id, owner=one.item.owner_id)

    page = signed_in(client, keeper_of(one.item.owner)).get(f"/registry/items/?{told}")

    assert [row.record.item.code for row in page.context["table"].rows] == codes


@pytest.mark.parametrize("n", FEW_AND_MANY)
def test_the_list_asks_as_much_for_many_rows_as_for_three(client, django_assert_num_queries, n):
    rows = many_approved(lambda code: make_item(code, published=False), n)
    publish(rows)
    signed_in(client, official(RoleCode.LEADER))
    client.get("/registry/items/?page=1")

    with django_assert_num_queries(9):
        page = client.get("/registry/items/")

    assert page.context["table"].paginator.count == n


def test_the_list_goes_into_a_workbook(client):
    make_item("A01")

    answer = signed_in(client, official(RoleCode.LEADER)).get("/registry/items/?export=1")

    assert answer.status_code == 200
    assert b"".join(answer.streaming_content)[:2] == b"PK"


def test_two_versions_are_compared_side_by_side(client):
    version = make_item("A01")
    keeper = keeper_of(version.item.owner)
    form = {**filled(name="演示餐饮检查二", reason="更名"), "ratio-amount": "不低于5%"}
    signed_in(client, keeper).post(f"/registry/versions/items/{version.pk}/amend/", form)

    page = client.get(f"/registry/lists/items/{version.item_id}/compare/")

    changed = {row.label: (row.old, row.new) for row in page.context["rows"] if row.is_changed}
    assert changed["名称"] == ("演示食品安全检查", "演示餐饮检查二")
    assert changed["抽查比例"] == ("3%", "不低于5%或按专项计划")


def test_claims_are_made_at_the_desk(client):
    city = department_of_lists()
    county = make_department("X", make_region("990102", "演示县", "county", city.region), line_parent=city)
    items = [make_item("A01").item, make_item("A02").item]
    signed_in(client, keeper_of(county))

    offered = client.get("/registry/claims/").content.decode()
    client.post("/registry/claims/add/", {"department": county.pk, "chosen": [item.pk for item in items]})
    claimed = client.get("/registry/claims/")

    assert offered.count("未认领</span>") == 2
    assert claimed.context["rate"].words == "100.0%（2/2）"
    assert list(queries.usable_items(county, on=date(2026, 3, 2)).values_list("item__code", flat=True)) == [
        "A01",
        "A02",
    ]


PAGES = [
    "items/", "items/add/", "joint-items/", "joint-items/add/", "matters/", "matters/add/", "pilots/", "pilots/add/",
    "tags/", "tags/add/", "editions/", "editions/publish/items/", "claims/", "ceilings/", "ceilings/set/",
    "alignment/", "alignment/entries/", "alignment/entries/import/",
]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_for_the_office_and_for_nobody_without_a_role(client, page):
    department = department_of_lists()
    office = official(RoleCode.CONFERENCE_OFFICE, department=department)
    nobody = make_user("nobody", department)

    opened = signed_in(client, office).get(f"/registry/{page}")
    closed = signed_in(client, nobody).get(f"/registry/{page}")

    assert (opened.status_code, closed.status_code) == (200, 403)


EXPORTED = {
    "items": (["A01", "A02"], "q=A02"),
    "joint-items": (["L01", "L02"], "q=L02"),
    "matters": (["Z01", "Z02"], "q=Z02"),
    "tags": (["T01", "T02"], "q=T02"),
    "editions": ([], "kind=joint"),
}


@pytest.mark.parametrize("page", EXPORTED)
def test_a_list_goes_into_a_workbook_as_it_is_filtered(client, tmp_path, page):
    make_item("A01")
    item = make_item("A02").item
    joint = [make_joint_item(code, items=[item]) for code in ("L01", "L02")]
    for code in ("Z01", "Z02"):
        make_matter(code, joint_items=[joint[0].joint_item])
        make_tag(code, code=code.replace("Z", "T"))
    signed_in(client, official(RoleCode.CONFERENCE_OFFICE))

    books = [workbook(client, tmp_path, f"/registry/{page}/?export=1"),
             workbook(client, tmp_path, f"/registry/{page}/?{EXPORTED[page][1]}&export=1")]  # fmt: skip

    assert len(books[0]) > len(books[1]) > 0
    if page != "editions":
        assert [row[0] for row in books[0]] == EXPORTED[page][0]
        assert [row[0] for row in books[1]] == EXPORTED[page][0][1:]


def workbook(client, tmp_path, address):
    """The rows of an exported list below its headings."""
    book = tmp_path / "list.xlsx"
    book.write_bytes(b"".join(client.get(address).streaming_content))
    cells = [list(row.cells) for row in read_rows(book)]
    at = next(number for number, row in enumerate(cells) if {"编码", "序号", "名称"} & set(row))
    return cells[at + 1 :]


def test_a_list_that_is_not_there_has_no_page(client):
    signed_in(client, official(RoleCode.CONFERENCE_OFFICE, department=department_of_lists()))

    assert client.get(f"/registry/lists/nothing/{uuid4()}/compare/").status_code == 404
