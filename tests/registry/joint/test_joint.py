"""部门联合抽查事项清单: who calls, who comes, for which items (R-12, R-13)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from gongchou.accounts.roles import RoleCode
from gongchou.audit import guard
from gongchou.refusal import Refused
from gongchou.registry.models import JointInitiator, JointItemVersion
from gongchou.registry.operations import versions as operations
from gongchou.registry.queries import joint as queries
from gongchou.registry.queries.versions import compare
from tests.factories.lists import (
    approver_of,
    department_of_lists,
    keeper_of,
    make_item,
    make_joint_item,
    make_matter,
    other_department,
    publish,
)
from tests.factories.many import FEW_AND_MANY, many_approved
from tests.factories.people import NOW, make_department, official, signed_in

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def parties(case):
    """Initiators and participants of a case, in letters: O the owner, H health, X another."""
    owner = department_of_lists()
    known = {"O": owner, "H": other_department(owner), "X": make_department("X", owner.region)}
    initiators, participants = case
    return [(kind, known[letter]) for kind, letter in initiators], [known[letter] for letter in participants]


# initiators as (type, department), participants -> refusal
CASES = [
    (([("", "O")], "H"), None),
    (([("", "O")], "HX"), None),
    (([("影院", "O"), ("歌舞厅", "H")], "X"), None),
    (([("影院", "O"), ("歌舞厅", "O")], "H"), None),
    (([], "H"), "registry.version_incomplete"),
    (([("", "O")], ""), "registry.version_incomplete"),
    (([("", "O")], "O"), "registry.joint_alone"),
    (([("影院", "O"), ("歌舞厅", "H")], "H"), "registry.joint_alone"),
    (([("", "O"), ("歌舞厅", "H")], "X"), "registry.joint_type_unnamed"),
]


@pytest.mark.parametrize(("case", "code"), CASES)
def test_each_type_of_subject_has_one_initiator_and_somebody_beside_it(case, code):
    initiators, participants = parties(case)
    version = make_joint_item(published=False, participants=[other_department(department_of_lists())])
    keeper = keeper_of(version.joint_item.owner)
    content = {"initiators": initiators, "participants": participants}
    operations.edit(version=version, content=content, by=keeper, at=NOW)

    if code is None:
        assert operations.submit(version=version, by=keeper, at=NOW).state == "review"
    else:
        with pytest.raises(Refused) as refused:
            operations.submit(version=version, by=keeper, at=NOW)
        assert refused.value.code == code


def test_the_database_allows_one_initiator_for_a_type():
    version = make_joint_item(published=False)

    with pytest.raises(IntegrityError), transaction.atomic(), guard.open_for_writing():
        JointInitiator.objects.create(version=version, subject_type="", department=version.joint_item.owner)


def test_what_stands_on_no_published_list_cannot_be_part():
    version = make_joint_item(items=[make_item("A09", published=False).item], published=False)

    with pytest.raises(Refused, match=r"registry\.joint_item_dropped"):
        operations.submit(version=version, by=keeper_of(version.joint_item.owner), at=NOW)


def test_an_item_that_was_abolished_later_is_shown(client):
    item = make_item("A09")
    version = make_joint_item(items=[item.item])
    owner = item.item.owner
    operations.ask_end(version=item, reason="法规废止", by=keeper_of(owner), at=LATER)
    operations.abolish(version=item, by=approver_of(owner), at=LATER)

    page = signed_in(client, official(RoleCode.LEADER)).get(version.get_absolute_url())

    assert [one.code for one in page.context["dropped"]] == ["A09"]


def test_a_new_version_takes_over_the_parties():
    old = make_joint_item()
    keeper = keeper_of(old.joint_item.owner)

    new = operations.amend(thing=old.joint_item, content={"reason": "调整", "time": "5月"}, by=keeper, at=LATER)

    assert [one.label for one in compare(old, new) if one.is_changed] == ["实施时间"]
    assert [(one.subject_type, one.department.code) for one in new.initiators.all()] == [("", "SCJG")]
    assert new.items.get() == old.items.get()


def test_the_matters_that_rest_on_it_are_found():
    joint = make_joint_item("L01")
    matter = make_matter("Z01", joint_items=[joint.joint_item])
    make_matter("Z02", published=False, joint_items=[joint.joint_item])

    assert list(queries.matters_using(joint.joint_item)) == [matter]


FILLED = {
    "code": "L01", "field": "宾馆旅店", "name": "演示宾馆联合检查", "valid_from": "2026-01-01", "reason": "首次制定",
    "subject_kinds": ["enterprise"], "levels": ["city"], "time": "全年", "ratio-kind": "flat", "ratio-amount": "5%",
    "frequency-kind": "flat", "frequency-series": "", "basis": "",
}  # fmt: skip


def filled(**own):
    owner = department_of_lists()
    other = other_department(owner)
    told = {"owner": owner.pk, "items": [make_item().item_id], "participants": [other.pk]}
    return {**FILLED, **told, "initiators": owner.name, **own}


def test_an_official_fills_in_departments_by_name(client):
    signed_in(client, keeper_of(department_of_lists()))

    client.post("/registry/joint-items/add/", filled(initiators="影院：WSJK\n歌舞厅：演示SCJG局"))

    version = JointItemVersion.objects.get()
    rows = version.initiators.order_by("department__code").values_list("subject_type", "department__code")
    form = client.get(f"/registry/versions/joint/{version.pk}/change/").context["form"]
    assert list(rows) == [("歌舞厅", "SCJG"), ("影院", "WSJK")]
    assert sorted(str(form["initiators"].value()).splitlines()) == ["影院：演示WSJK局", "歌舞厅：演示SCJG局"]
    assert version.frequency == {}


@pytest.mark.parametrize(
    ("line", "told"), [("无此局", "没有找到"), ("影院：无此局", "没有找到"), ("演示同名局", "不止一个部门")]
)
def test_an_unknown_department_is_named_with_its_line(client, line, told):
    owner = department_of_lists()
    make_department("T1", owner.region, name="演示同名局")
    make_department("T2", owner.region, name="演示同名局")

    answer = signed_in(client, keeper_of(owner)).post("/registry/joint-items/add/", filled(initiators=line))

    assert (answer.status_code, JointItemVersion.objects.count()) == (422, 0)
    assert told in answer.content.decode()


@pytest.mark.parametrize("n", FEW_AND_MANY)
def test_the_list_asks_as_much_for_many_rows_as_for_three(client, django_assert_num_queries, n):
    item = make_item().item
    rows = many_approved(lambda code: make_joint_item(code, items=[item], published=False), n)
    edition = publish(rows)
    signed_in(client, official(RoleCode.LEADER))
    client.get("/registry/joint-items/")

    with django_assert_num_queries(15):
        page = client.get("/registry/joint-items/")
    with django_assert_num_queries(12):
        printed = client.get(edition.get_absolute_url())

    assert page.context["table"].paginator.count == n
    assert len(printed.context["rows"]) == n
