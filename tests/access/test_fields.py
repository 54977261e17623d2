"""An appointment that is bound to fields (事项领域), walked through the pages and operations it opens (演示数据)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gongchou.accounts.fields import known_fields
from gongchou.accounts.forms.people import AppointmentForm
from gongchou.accounts.models import User
from gongchou.accounts.roles import RoleCode
from gongchou.refusal import Refused
from gongchou.registry.models import Item, ItemVersion
from gongchou.registry.operations import claims, subjects
from gongchou.registry.operations import versions as operations
from gongchou.registry.queries import items, versions, waiting
from gongchou.registry.queries import subjects as libraries
from tests.factories import lists
from tests.factories.people import NOW, appoint, make_department, official, signed_in
from tests.factories.subjects import enter, make_library, make_subject

pytestmark = pytest.mark.django_db
FOOD, ADS = "食品", "广告"


@pytest.fixture
def liaison() -> User:
    return official(RoleCode.LIAISON, "below", fields=[FOOD])


@pytest.fixture
def head(liaison: User) -> User:
    return official(RoleCode.HEAD, "below", username="head", department=liaison.department, fields=[FOOD])


def made(kind: str, area: str, **own: Any) -> Any:
    """A thing of one list in a field; a draft unless told otherwise."""
    make = {"items": lists.make_item, "joint": lists.make_joint_item, "matters": lists.make_matter}[kind]
    name = versions.KINDS[kind].area_field
    return make(**{name: area, "published": False, **own})


def status(client: Client, name: str, *args: Any, method: str = "get", **data: Any) -> int:
    return int(getattr(client, method)(reverse(f"registry:{name}", args=args), data).status_code)


def refused(act: Any, *args: Any, **told: Any) -> str:
    with pytest.raises(Refused) as found:
        act(*args, **told)
    return found.value.code


@pytest.mark.parametrize("kind", ["items", "joint", "matters"])
@pytest.mark.parametrize("published", [False, True])
def test_she_opens_what_is_in_her_field_and_nothing_of_another(client, liaison, kind, published):
    signed_in(client, liaison)
    page = {"items": "item", "joint": "joint-item", "matters": "matter"}[kind]

    answers = [status(client, page, made(kind, area, published=published).thing.pk) for area in (FOOD, ADS)]

    assert answers == [200, 404]


def test_her_lists_hold_her_field_and_what_has_none(liaison):
    for area in (FOOD, ADS, ""):
        made("items", area)
        made("items", area, published=bool(area))

    assert sorted(items.visible(liaison).values_list("category", flat=True)) == ["", "", FOOD, FOOD]


def test_a_draft_of_another_field_is_not_there_to_be_changed(client, liaison):
    signed_in(client, liaison)
    mine, foreign = made("items", FOOD), made("items", ADS)

    pages = ("change-version", "submit-version")
    posted = [(status(client, p, "items", v.pk, method="post")) for p in pages for v in (mine, foreign)]

    assert posted == [200, 404, 303, 404]


@pytest.mark.parametrize("kind", ["items", "joint", "matters"])
def test_writing_in_another_field_is_refused_as_out_of_reach(liaison, kind):
    by: dict[str, Any] = {"by": liaison, "at": NOW}
    area_field = versions.KINDS[kind].area_field
    foreign, mine = made(kind, ADS), made(kind, FOOD)
    out, published = made(kind, ADS, published=True), made(kind, FOOD, published=True)
    content = lists.item_content(category=ADS) if kind == "items" else {area_field: ADS, "name": "演示"}

    codes = [
        refused(operations.draft, kind=kind, code="X1", owner=liaison.department, content=content, **by),
        refused(operations.edit, version=foreign, content={area_field: FOOD}, **by),
        refused(operations.edit, version=mine, content={area_field: ADS}, **by),
        refused(operations.submit, version=foreign, **by),
        refused(operations.withdraw, version=foreign, **by),
        refused(operations.amend, thing=out.thing, content={"reason": "演示"}, **by),
        refused(operations.amend, thing=published.thing, content={area_field: ADS, "reason": "演示"}, **by),
        refused(operations.ask_end, version=out, reason="演示", **by),
    ]

    assert codes == ["registry.out_of_reach"] * 8
    assert operations.edit(version=mine, content={"name": "演示新名"}, **by).name == "演示新名"
    assert operations.submit(version=mine, **by).state == "review"


def test_approving_and_publishing_keep_to_the_field(head):
    owner, by = head.department, {"by": head, "at": NOW}
    food, ads = (made("items", area) for area in (FOOD, ADS))
    for one in (food, ads):
        operations.submit(version=one, by=lists.keeper_of(owner), at=NOW)
    edition = {"kind": "items", "department": owner, "name": "演示版", "reason": "演示", "url": ""}

    assert [one.n_to_review for one in waiting.lists_to_decide(head)] == [1, 0, 0]
    assert refused(operations.approve, version=ads, **by) == "registry.out_of_reach"
    operations.approve(version=ads, by=lists.approver_of(owner), at=NOW)
    approved = operations.approve(version=food, **by)
    assert list(versions.ready_for("items", owner, head)) == [approved]
    assert refused(operations.publish, **edition, versions=[food, ads], **by) == "registry.out_of_reach"
    assert operations.publish(**edition, versions=[food], **by).number == 1


def test_an_edition_shows_what_is_in_the_field(client, liaison):
    food, ads = (made("items", area, name=f"演示{area}检查") for area in (FOOD, ADS))
    for one in (food, ads):
        lists.move_on(one, False)
    edition = lists.publish([food, ads])

    page = signed_in(client, liaison).get(reverse("registry:edition", args=[edition.pk])).content.decode()

    assert ("演示食品检查" in page, "演示广告检查" in page) == (True, False)


def test_only_items_of_the_field_are_offered_and_claimed(liaison):
    bureau = make_department("SSCJG", liaison.department.region)
    unit = make_department("XSCJG", liaison.department.region, parent=liaison.department, line_parent=bureau)
    food, ads = (made("items", area, owner=bureau, published=True).item for area in (FOOD, ADS))
    fields = versions.fields_read(liaison)

    offered = items.offers_to(unit, on=NOW.date(), fields=fields)

    assert [offer.version.item for offer in offered] == [food]
    assert refused(claims.claim, item=ads, department=unit, by=liaison, at=NOW) == "registry.out_of_reach"
    mine = claims.claim(item=food, department=unit, by=liaison, at=NOW)
    claims.claim(item=ads, department=unit, by=lists.keeper_of(unit), at=NOW)
    assert list(items.visible_claims(liaison)) == [mine]


def test_sub_libraries_follow_their_field(client, liaison):
    food, ads = (
        make_library(code, department=liaison.department, field=area)
        for code, area in zip("AB", (FOOD, ADS), strict=True)
    )
    bare = make_library("C", department=liaison.department)
    elsewhere = make_department("MZ", liaison.department.region)
    inside, outside = (make_subject(n, keeper=elsewhere) for n in (1, 2))
    entries = enter(inside, food), enter(outside, ads)
    signed_in(client, liaison)

    assert set(libraries.sub_libraries(liaison)) == {food, bare}
    assert list(libraries.visible(liaison)) == [inside]
    assert [status(client, "change-sub-library", one.pk) for one in (food, ads)] == [200, 404]
    by: dict[str, Any] = {"by": liaison, "at": NOW}
    assert refused(subjects.leave_library, membership=entries[1], reason="演示", **by) == "registry.out_of_reach"
    change = {"library": food, "name": "演示", "is_active": True}
    assert refused(subjects.change_sub_library, **change, field=ADS, **by) == "registry.out_of_reach"
    assert subjects.leave_library(membership=entries[0], reason="演示", **by).state == "inactive"


def test_appointments_add_up(liaison):
    made("items", FOOD)
    made("items", ADS)
    made("items", "计量")

    appoint(liaison, RoleCode.PLAN_CLERK, "own", fields=[ADS])
    assert set(items.visible(liaison).values_list("category", flat=True)) == {FOOD, ADS}
    appoint(liaison, RoleCode.LEADER, "own")
    assert set(items.visible(liaison).values_list("category", flat=True)) == {FOOD, ADS}
    lists.move_on(ItemVersion.objects.get(category="计量"), True)
    assert Item.objects.count() == len(set(items.visible(liaison).values_list("item", flat=True)))


def test_an_appointment_chooses_among_the_fields_of_the_lists(liaison):
    made("items", FOOD)
    made("matters", ADS)
    make_library("A", department=liaison.department, field="计量")
    admin = official(RoleCode.SECURITY_ADMIN, "all", username="admin", department=liaison.department)
    told = {"role": "liaison", "scope": "own", "reason": "演示"}

    forms = [AppointmentForm({**told, "fields_of_list": [area]}, by=admin) for area in (FOOD, "没有的领域")]

    assert known_fields() == sorted([FOOD, ADS, "计量"])
    assert [form.is_valid() for form in forms] == [True, False]
    assert forms[0].cleaned_data["fields_of_list"] == [FOOD]


def test_who_handles_no_lists_is_not_bound_to_fields(liaison):
    told = {"username": "shen", "department": liaison.department, "fields": [FOOD]}

    assert refused(official, RoleCode.AUDIT_ADMIN, "all", **told) == "accounts.fields_unused"
