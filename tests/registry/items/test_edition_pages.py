"""Publishing, printing and comparing editions and versions."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from gongchou.accounts.roles import RoleCode
from gongchou.registry.models import Edition
from gongchou.registry.operations import versions as operations
from gongchou.registry.views.versions import facts
from tests.factories.lists import (
    approver_of,
    at_least,
    department_of_lists,
    keeper_of,
    make_item,
    make_tag,
    move_on,
    publish,
)
from tests.factories.many import FEW_AND_MANY, alike, many_approved
from tests.factories.people import NOW, make_department, official, signed_in

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def many(n):
    tag = make_tag("网红")
    return many_approved(lambda code: make_item(code, published=False, tags=[tag]), n)


def sheet_of(answer):
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
    return book.get_sheet_by_index(0).to_python()


def amend(version, **content):
    thing = version.item
    new = operations.amend(thing=thing, content={"reason": "调整", **content}, by=keeper_of(thing.owner), at=LATER)
    return move_on(new, published=False, at=LATER)


@pytest.mark.parametrize("n", FEW_AND_MANY)
def test_an_edition_asks_as_much_for_many_rows_as_for_three(client, django_assert_num_queries, n):
    rows = many(n)
    first = publish(rows)
    second = publish(alike(amend(rows[0], details="更细"), [row.item for row in rows[1:]]), at=LATER)
    signed_in(client, official(RoleCode.LEADER))
    client.get(first.get_absolute_url())

    with django_assert_num_queries(8):
        printed = client.get(first.get_absolute_url())
    with django_assert_num_queries(6):
        taken = client.get(first.get_absolute_url(), {"export": "1"})
    with django_assert_num_queries(10):
        compared = client.get(f"{second.get_absolute_url()}compare/")
    with django_assert_num_queries(7):
        editions = client.get("/registry/editions/")

    assert (len(printed.context["rows"]), len(compared.context["rows"])) == (n, n)
    assert editions.context["table"].paginator.count == 2
    head, *rows = sheet_of(taken)
    assert (head[:2], len(rows)) == (["编码", "名称"], n)
    assert rows[0][:2] == ["B000", first.itemversions.get(item__code="B000").name]


def test_editions_are_compared_by_what_came_went_and_changed(client):
    one, two = make_item("A01", published=False), make_item("A02", published=False)
    move_on(one, published=False)
    move_on(two, published=False)
    first = publish([one, two])
    operations.ask_end(version=two, reason="法规废止", by=keeper_of(two.item.owner), at=LATER)
    operations.abolish(version=two, by=approver_of(two.item.owner), at=LATER)
    new = move_on(make_item("A03", published=False), published=False)
    second = publish([amend(one, ratio=at_least("5%")), new], at=LATER + timedelta(hours=1))
    signed_in(client, official(RoleCode.LEADER))

    page = client.get(f"{second.get_absolute_url()}compare/")
    other_way = client.get(f"{first.get_absolute_url()}compare/?with={second.pk}")
    alone = client.get(f"{first.get_absolute_url()}compare/").content.decode()

    told = [(c.code, c.word, [(d.old, d.new) for d in differences]) for c, differences in page.context["rows"]]
    assert told == [("A01", "调整", [("3%", "5%")]), ("A02", "删除", []), ("A03", "新增", [])]
    assert "法规废止" in page.content.decode()
    assert other_way.context["new"] == second
    assert "这是第一个版次" in alone


def test_a_name_that_was_used_is_refused_and_nothing_typed_is_lost(client):
    make_item("A01")
    used = Edition.objects.get()
    version = move_on(make_item("A02", published=False), published=False)
    address = f"/registry/editions/publish/items/?department={version.item.owner_id}"
    typed = {"name": used.name, "reason": "补充一项", "url": "", "versions": [version.pk]}

    answer = signed_in(client, approver_of(version.item.owner)).post(address, typed)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"本部门已有名为“{used.name}”的版次" in page
    assert "补充一项" in page
    assert f'value="{version.pk}" checked' in page.replace("\n", " ") or f'value="{version.pk}"' in page


def test_who_approves_for_several_departments_chooses_first(client):
    here = department_of_lists()
    make_department("OTHER", here.region, parent=here)
    office = official(RoleCode.HEAD)

    page = signed_in(client, office).get("/registry/editions/publish/items/")

    assert page.context["form"]["department"].value() == here.pk
    assert page.context["button"] == "下一步"


def test_versions_are_compared_by_what_differs_and_as_a_whole(client):
    version = make_item("A01")
    amend(version, ratio=at_least("5%"))
    signed_in(client, keeper_of(version.item.owner))
    address = f"/registry/lists/items/{version.item_id}/compare/"

    short, whole = client.get(address), client.get(f"{address}?all=1")

    assert [row.label for row in short.context["rows"]] == ["抽查比例"]
    assert len(whole.context["rows"]) == len(version.content)
    assert "有1处不同" in short.content.decode()


def test_ends_of_lines_that_a_browser_sends_are_no_change(client):
    version = make_item("A01", work_guide="先看证照。\n再看现场。")
    owner = version.item.owner
    form = {
        "name": version.name, "category": version.category, "kind": "general", "valid_from": "2026-01-01",
        "reason": "重新公布", "basis": "《演示食品安全条例》第十条", "levels": ["city", "county"],
        "subject_kinds": ["enterprise", "trader"], "methods": ["on_site"], "details": version.details,
        "work_guide": "先看证照。\r\n再看现场。", "ratio-kind": "flat", "ratio-amount": "3%",
        "frequency-kind": "flat", "frequency-series": "每年1次",
    }  # fmt: skip
    signed_in(client, keeper_of(owner)).post(f"/registry/versions/items/{version.pk}/amend/", form)

    page = client.get(f"/registry/lists/items/{version.item_id}/compare/")

    assert (page.context["new"].number, page.context["rows"]) == (2, [])


@pytest.mark.parametrize(
    ("texts", "wide"),
    [
        (["短", "短"], [False, False]),
        (["短"], [True]),
        (["短", "短", "短"], [False, False, True]),
        (["短", "长" * 31, "短", "短"], [True, True, False, False]),
        (["短", "两\n行", ""], [True, True]),
    ],
)
def test_short_facts_stand_in_pairs_and_nothing_stands_beside_a_gap(texts, wide):
    assert [fact.is_wide for fact in facts([("栏", text) for text in texts])] == wide


def test_the_list_of_those_who_work_on_it_shows_what_came_back_and_what_is_to_go(client):
    returned = make_item("A01", published=False)
    owner = returned.item.owner
    operations.submit(version=returned, by=keeper_of(owner), at=NOW)
    operations.send_back(version=returned, reason="请补充", by=approver_of(owner), at=NOW)
    operations.ask_end(version=make_item("A02"), reason="废止", by=keeper_of(owner), at=NOW)
    make_item("A03", published=False)
    make_item("A04")
    signed_in(client, keeper_of(owner))

    found = {
        state: [row.record.item.code for row in client.get(f"/registry/items/?state={state}").context["table"].rows]
        for state in ("returned", "ending", "draft", "published")
    }

    assert found == {"returned": ["A01"], "ending": ["A02"], "draft": ["A01", "A03"], "published": ["A02", "A04"]}
