"""What the lists and libraries put on somebody's desk: her own tasks, in as many questions for many as for 3."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gongchou.accounts.models import Department, User
from gongchou.accounts.roles import RoleCode
from gongchou.registry.models import Conflict, Inspector, Subject
from gongchou.registry.operations import claims, versions
from gongchou.registry.operations.conflicts import declare_conflict
from gongchou.registry.operations.inspectors import link_account
from gongchou.registry.queries import waiting
from tests.factories.inspectors import make_certificate, make_inspector
from tests.factories.lists import approver_of, department_of_lists, keeper_of, make_item, make_matter, make_tag, publish
from tests.factories.many import FEW_AND_MANY, many_approved
from tests.factories.people import BY, NOW, make_department, make_region, official, signed_in
from tests.factories.subjects import enter, home, make_library, make_subject

pytestmark = pytest.mark.django_db


def today():
    return timezone.localdate()


def days(count):
    return today() + timedelta(days=count)


def declare(inspector: Inspector, subject: Subject) -> Conflict:
    return declare_conflict(inspector=inspector, subject=subject, relation="relative", declared_by="self", **BY)


def make_inspector_of(user: User) -> Inspector:
    return link_account(inspector=make_inspector("BR", home()), user=user, **BY)


def lines(client: Client, user: User) -> list[tuple[str, int]]:
    """What stands on her desk."""
    answer = signed_in(client, user).get("/")
    return [(task.words, task.n) for _, tasks in answer.context["cards"] for task in tasks]


def test_a_head_finds_the_declarations_she_may_decide(client):
    head = official(RoleCode.HEAD)
    elsewhere = make_department("XF", make_region("9902", "演示二市"), function="fire")
    subject = make_subject()
    declare(make_inspector("Y1", home()), subject)
    declare(make_inspector("Y2", elsewhere), subject)
    declare(make_inspector_of(head), subject)

    found = lines(client, head)

    assert found == [("待决定的回避申报", 1)]


def test_a_keeper_finds_the_papers_that_end(client):
    clerk = official(RoleCode.PLAN_CLERK)
    for number, end in (("Y1", -1), ("Y2", 0), ("Y3", 30), ("Y4", 31)):
        make_certificate(make_inspector(number, home()), days(end))
    library = make_library(is_licensed=True)
    for n, end in ((1, -1), (2, 0), (3, 90), (4, 91)):
        enter(make_subject(n), library, licence_no=f"演示{n}", valid_to=days(end))

    found = lines(client, clerk)

    assert found == [("已过期的执法证", 1), ("30 日内到期的执法证", 2), ("90 日内到期的许可", 2)]


def test_an_inspector_finds_her_own_certificate_and_nobody_elses(client):
    own = official(RoleCode.INSPECTOR, "self")
    make_certificate(make_inspector_of(own), days(60))
    make_certificate(make_inspector("Y2", home()), days(60))

    found = lines(client, own)

    assert found == [("您的执法证已过期或即将到期，请申请换发", 1)]


def test_a_desk_without_tasks_says_so(client):
    official(RoleCode.PLAN_CLERK)

    answer = signed_in(client, official(RoleCode.LEADER)).get("/")

    assert answer.context["cards"] == []
    assert "现在没有需要办理的事项" in answer.content.decode()


@pytest.mark.parametrize("n", FEW_AND_MANY)
def test_a_desk_costs_the_same_for_many(client, django_assert_num_queries, n):
    user = official(RoleCode.CONFERENCE_OFFICE)
    subject = make_subject()
    for number in range(n):
        declare(make_inspector(f"Y{number}", home()), subject)
    signed_in(client, user).get("/")

    with django_assert_num_queries(59):
        client.get("/")

    assert waiting.conflicts_to_decide(user).count() == n


def test_a_keeper_finds_what_came_back_what_is_due_and_what_was_suspended(client):
    owner = department_of_lists()
    keeper, head = keeper_of(owner), approver_of(owner)
    draft = make_item("A01", published=False)
    versions.submit(version=draft, by=keeper, at=NOW)
    versions.send_back(version=draft, reason="请补充", by=head, at=NOW)
    make_item("A02", published=False)  # a draft that nobody has seen is nobody's errand
    make_matter("Z01", at=NOW - timedelta(days=400))
    make_matter("Z02", at=timezone.now())

    found = lines(client, keeper)

    assert found == [("被退回、待修改的抽查事项", 1), ("应年度复核的综合监管事项", 1)]


def test_a_head_finds_tags_that_somebody_else_proposed(client):
    owner = department_of_lists()
    make_tag("夜市", in_use=False)

    found = lines(client, approver_of(owner))

    assert found == [("待审批的标签", 1)]


def county_below() -> Department:
    city = department_of_lists()
    return make_department("X", make_region("990102", "演示县", "county", city.region), line_parent=city)


def test_a_keeper_below_finds_what_is_offered_from_above_and_not_claimed(client):
    county = county_below()
    keeper = keeper_of(county)
    taken, *_ = [make_item(code) for code in ("A01", "A02", "A03")]
    make_item("A04", levels=["city"])
    claims.claim(item=taken.item, department=county, by=keeper, at=NOW)

    [(_, [task])] = signed_in(client, keeper).get("/").context["cards"]
    page = client.get(task.address)

    assert (task.words, task.n) == ("上级公布、待本部门认领的事项", 2)
    assert [row.record.version.item.code for row in page.context["table"].rows] == ["A02", "A03"]


def test_what_is_offered_is_nobodys_task_who_does_not_keep_the_list_of_her_office(client):
    county = county_below()
    make_item("A01")
    inside = make_department("XA", county.region, is_internal_unit=True, parent=county)

    reader = lines(client, official(RoleCode.LEADER, department=county))
    of_unit = lines(client, keeper_of(inside))

    assert (reader, of_unit) == ([], [])


@pytest.mark.parametrize("n", FEW_AND_MANY)
def test_offers_cost_the_desk_the_same_for_many(client, django_assert_num_queries, n):
    county = county_below()
    rows = many_approved(lambda code: make_item(code, published=False), n)
    publish(rows)
    signed_in(client, keeper_of(county)).get("/")

    with django_assert_num_queries(48):
        client.get("/")

    assert len(rows) == n


def test_who_reads_the_lists_sees_how_many_stand_in_each_and_finds_as_many_there(client):
    library, leader = make_library(), official(RoleCode.LEADER)
    for number in (1, 2, 3):
        enter(make_subject(number), library)
    make_inspector("Y1", home())
    make_item("A01", owner=home())
    make_item("A02", owner=home(), published=False)
    elsewhere = make_department("XF", make_region("9902", "演示二市"), function="fire")
    make_subject(4, keeper=elsewhere)

    ((_, figures),) = signed_in(client, leader).get("/").context["overviews"]

    assert [(one.words, one.n) for one in figures] == [
        ("已公布抽查事项", 1),
        ("在库检查对象", 3),
        ("对象分库", 1),
        ("执法检查人员", 1),
    ]
    assert [client.get(one.address).context["table"].paginator.count for one in figures] == [1, 3, 1, 1]
