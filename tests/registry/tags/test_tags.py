"""标签字库: big classes from the province, small ones from the place, a second person for each (R-17)."""

from __future__ import annotations

from datetime import date

import pytest

from gongchou.accounts.roles import RoleCode
from gongchou.refusal import Refused
from gongchou.registry.models import Tag
from gongchou.registry.operations import tags as operations
from gongchou.registry.queries import tags as queries
from tests.factories.lists import (
    approver_of,
    department_of_lists,
    keeper_of,
    make_item,
    make_tag,
)
from tests.factories.many import FEW_AND_MANY
from tests.factories.people import NOW, appoint, make_department, make_region, official, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return department_of_lists()


@pytest.fixture
def province(city):
    return make_department("SSCJG", make_region("99", "演示省", "province"))


def below(province, code="XSCJG"):
    region = make_region("990102", "演示县", "county", province.region)
    return make_department(code, region, line_parent=province)


# reach, code, has a parent -> refusal
@pytest.mark.parametrize(
    ("reach", "code", "has_parent", "refusal"),
    [
        ("province", "H01", False, None),
        ("city", "9901-H01", True, None),
        ("department", "9901-H01", True, None),
        ("city", "9901-H01", False, "registry.tag_needs_parent"),
        ("city", "H01", True, "registry.tag_prefix"),
        ("city", "990101-H01", True, "registry.tag_prefix"),
    ],
)
def test_a_place_adds_small_classes_below_the_big_ones(city, reach, code, has_parent, refusal):
    parent = make_tag("餐饮") if has_parent else None
    told = {"reach": reach, "code": code, "parent": parent, "in_use": False}

    if refusal:
        with pytest.raises(Refused) as refused:
            make_tag("火锅", **told)
        assert refused.value.code == refusal
    else:
        assert make_tag("火锅", **told).state == "proposed"


def test_a_branch_speaks_about_one_thing():
    parent = make_tag("餐饮")

    with pytest.raises(Refused, match=r"registry\.tag_dimension"):
        make_tag("高级", parent=parent, dimension="qualification")


@pytest.mark.parametrize("state", ["proposed", "ended"])
def test_nothing_grows_below_a_tag_that_is_not_in_use(state):
    parent = make_tag("餐饮", in_use=state == "ended")
    if state == "ended":
        operations.end_tag(tag=parent, reason="合并", by=approver_of(parent.owner), at=NOW)
        parent.refresh_from_db()

    with pytest.raises(Refused, match=r"registry\.tag_parent_state"):
        make_tag("火锅", parent=parent)


# reach of a county's tag -> who may decide
@pytest.mark.parametrize(
    ("reach", "who", "may"),
    [
        ("department", "county", True),
        ("department", "above", True),
        ("province", "county", False),
        ("province", "above", True),
        ("department", "elsewhere", False),
        ("province", "elsewhere", False),
    ],
)
def test_a_tag_for_the_province_is_approved_above_its_owner(province, reach, who, may):
    county = below(province)
    parent = make_tag("餐饮", owner=province)
    tag = make_tag("火锅", owner=county, reach=reach, code="990102-H01", parent=parent, in_use=False)
    people = {"county": county, "above": province, "elsewhere": department_of_lists()}

    if may:
        assert operations.approve_tag(tag=tag, by=approver_of(people[who]), at=NOW).state == "in_use"
    else:
        with pytest.raises(Refused, match=r"registry\.tag_not_yours"):
            operations.approve_tag(tag=tag, by=approver_of(people[who]), at=NOW)


def test_who_proposed_does_not_approve(city):
    both = keeper_of(city)
    appoint(both, RoleCode.HEAD)
    tag = make_tag(in_use=False)

    with pytest.raises(Refused, match=r"registry\.tag_same_person"):
        operations.approve_tag(tag=tag, by=both, at=NOW)


def test_a_refused_tag_keeps_the_reason_and_is_decided_once(city):
    tag = make_tag(in_use=False)

    operations.refuse_tag(tag=tag, reason="与已有标签重复", by=approver_of(city), at=NOW)

    tag.refresh_from_db()
    assert (tag.state, tag.decision) == ("refused", "与已有标签重复")
    with pytest.raises(Refused, match=r"registry\.tag_decided"):
        operations.approve_tag(tag=tag, by=approver_of(city), at=NOW)


def test_a_branch_is_ended_from_its_leaves(city):
    parent = make_tag("餐饮")
    child = make_tag("火锅", parent=parent)

    with pytest.raises(Refused, match=r"registry\.tag_has_children"):
        operations.end_tag(tag=parent, reason="合并", by=approver_of(city), at=NOW)
    operations.end_tag(tag=child, reason="合并", by=approver_of(city), at=NOW)
    operations.end_tag(tag=parent, reason="合并", by=approver_of(city), at=NOW)

    assert set(Tag.objects.values_list("state", "end_reason")) == {("ended", "合并")}


def test_usage_counts_what_bears_it_now(city):
    tag = make_tag()
    make_item(tags=[tag])
    make_item(tags=[tag], published=False)
    make_item()

    usage = queries.usage_counts()[tag.pk]

    assert (usage.n_items, usage.n_subjects, usage.n_inspectors) == (2, 0, 0)


def test_the_tree_goes_by_dimension():
    parent = make_tag("餐饮", code="A")
    make_tag("火锅", code="B", parent=parent)
    make_tag("食品检验", code="C", dimension="speciality")

    tree = queries.tree(list(Tag.objects.order_by("dimension", "code")))

    told = {name: [(one.tag.name, [sub.tag.name for sub in one.children]) for one in row] for name, row in tree.items()}
    assert told == {"行业": [("餐饮", ["火锅"])], "业务专长": [("食品检验", [])]}


def test_a_department_uses_the_tags_of_the_province_of_its_place_and_its_own(province):
    county, other = below(province), department_of_lists()
    root = make_tag("餐饮", owner=province)
    make_tag("县标签", owner=county, code="990102-1", reach="city", parent=root)
    make_tag("本局标签", owner=county, code="990102-2", reach="department", parent=root)
    make_tag("外地标签", owner=other, code="9901-1", reach="city", parent=root)
    make_tag("待批标签", owner=county, code="990102-3", reach="city", parent=root, in_use=False)

    names = [set(queries.usable_tags(one).values_list("name", flat=True)) for one in (county, other)]

    assert names == [{"餐饮", "县标签", "本局标签"}, {"餐饮", "外地标签"}]


def test_proposals_are_seen_by_who_keeps_or_decides_them(province, client):
    county = below(province)
    tag = make_tag("提案", owner=county, in_use=False)
    make_tag("通用", owner=province)

    seen = [
        set(queries.visible(user).values_list("name", flat=True))
        for user in (
            keeper_of(county),
            approver_of(province),
            official(RoleCode.LIAISON),
            official(RoleCode.INSPECTOR, username="nobody"),
        )
    ]

    assert seen == [{"提案", "通用"}, {"提案", "通用"}, {"通用"}, set()]
    stranger = official(RoleCode.HEAD, username="stranger")
    assert signed_in(client, stranger).get(tag.get_absolute_url()).status_code == 404


def test_an_official_proposes_and_another_decides(client, city):
    signed_in(client, keeper_of(city))
    told = {"owner": city.pk, "dimension": "industry", "reach": "province", "code": "H01", "name": "餐饮",
            "uses": ["items", "subjects"], "reason": "演示"}  # fmt: skip
    client.post("/registry/tags/add/", told)
    tag = Tag.objects.get()

    signed_in(client, approver_of(city))
    page = client.get(tag.get_absolute_url())
    client.post(f"/registry/tags/{tag.pk}/approve/")
    ended = client.post(f"/registry/tags/{tag.pk}/end/", {"reason": "合并"})

    tag.refresh_from_db()
    assert [button.words for button in page.context["buttons"]] == ["同意", "不同意"]
    assert (tag.uses_words, tag.state, ended["Location"]) == ("事项、对象", "ended", "/registry/tags/")


@pytest.mark.parametrize("n", FEW_AND_MANY)
def test_the_list_asks_as_much_for_many_rows_as_for_three(client, django_assert_num_queries, n):
    for number in range(n):
        make_tag(f"标签{number}")
    signed_in(client, official(RoleCode.LEADER))
    client.get("/registry/tags/")

    with django_assert_num_queries(13):
        page = client.get("/registry/tags/")

    assert page.context["table"].paginator.count == n


FORM = {"dimension": "industry", "reach": "city", "code": "9901-YS", "name": "夜市", "uses": ["subjects"],
        "reason": "夜市整治", "valid_to": "2026-12-31"}  # fmt: skip


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ({"parent": ""}, "请选择一个上级标签"),
        ({"code": "YS"}, "标签编码请以“9901-”开头"),
        ({"dimension": "focus"}, "属于另一个维度"),
        ({"uses": []}, "必填"),
        ({"valid_to": "年底"}, "日期"),
    ],
)
def test_what_is_wrong_with_a_proposal_is_said_and_nothing_typed_is_lost(client, city, own, told):
    parent = make_tag("行业")
    signed_in(client, keeper_of(city))

    answer = client.post("/registry/tags/add/", {**FORM, "owner": city.pk, "parent": parent.pk, **own})

    page = answer.content.decode()
    assert (answer.status_code, Tag.objects.filter(name="夜市").exists()) == (422, False)
    assert told in page
    assert "夜市整治" in page


def test_a_tag_is_proposed_until_a_day_approved_and_ended_with_a_reason(client, city):
    parent = make_tag("行业")
    signed_in(client, keeper_of(city)).post("/registry/tags/add/", {**FORM, "owner": city.pk, "parent": parent.pk})
    tag = Tag.objects.get(name="夜市")
    signed_in(client, approver_of(city))

    asked = client.get(tag.get_absolute_url())
    client.post(f"/registry/tags/{tag.pk}/approve/")
    in_use = client.get(tag.get_absolute_url())
    client.post(f"/registry/tags/{tag.pk}/end/", {"reason": "夜市已关"})
    over = client.get(tag.get_absolute_url())

    assert [[button.words for button in page.context["buttons"]] for page in (asked, in_use, over)] == [
        ["同意", "不同意"],
        ["停用"],
        [],
    ]
    assert "2026-12-31" in asked.content.decode()
    assert "夜市已关" in over.content.decode()


def test_who_proposed_is_told_why_she_cannot_approve(client, city):
    both = official(RoleCode.CONFERENCE_OFFICE, department=city)
    signed_in(client, both).post("/registry/tags/add/", {**FORM, "owner": city.pk, "parent": make_tag("行业").pk})

    page = client.get(Tag.objects.get(name="夜市").get_absolute_url())

    assert page.context["buttons"] == []
    assert "按规定应由另一人审批" in page.content.decode()


@pytest.mark.parametrize(
    ("reach", "is_own", "valid_to", "offered"),
    [
        ("province", False, None, True),
        ("province", False, date(2026, 3, 1), False),  # run out the day before
        ("province", False, date(2026, 3, 2), True),
        ("city", False, None, False),
        ("city", True, None, True),
        ("department", False, None, False),
        ("department", True, None, True),
    ],
)
def test_the_tags_one_may_choose_are_near_and_have_not_run_out(city, province, reach, is_own, valid_to, offered):
    other = make_department("OTHER", make_region("9902", "演示二市"), line_parent=province)
    owner = city if is_own else other
    place = owner.region.code
    parent = make_tag("行业", owner=province, code="P01") if reach != "province" else None
    code = "H01" if reach == "province" else f"{place}-H01"
    tag = make_tag("演示", owner=owner, reach=reach, code=code, parent=parent, in_use=False, valid_to=valid_to)
    decider = approver_of(owner) if reach != "province" or owner == city else approver_of(province)
    operations.approve_tag(tag=tag, by=decider, at=NOW)

    found = queries.choosable_tags(keeper_of(city), on=NOW.date())

    assert found.filter(pk=tag.pk).exists() == offered


@pytest.mark.parametrize("n", FEW_AND_MANY)
def test_what_may_be_decided_costs_the_same_for_many(city, django_assert_num_queries, n):
    for number in range(n):
        make_tag(f"演示{number}", in_use=False, code=f"H{number}")
    head = approver_of(city)

    with django_assert_num_queries(5):
        found = queries.decidable_tags(head)

    assert len(found) == n
