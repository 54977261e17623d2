"""跨部门综合监管事项, 一件事, yearly reviews and pilots (R-14, R-15)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from gongchou.accounts.roles import RoleCode
from gongchou.refusal import Refused
from gongchou.registry.models import MatterVersion, OneThing
from gongchou.registry.operations import matters as operations
from gongchou.registry.operations import versions
from gongchou.registry.queries import matters as queries
from tests.factories.lists import (
    department_of_lists,
    keeper_of,
    make_joint_item,
    make_matter,
    other_department,
    publish,
)
from tests.factories.many import FEW_AND_MANY, many_approved
from tests.factories.people import NOW, make_department, official, signed_in
from tests.factories.subjects import make_library

pytestmark = pytest.mark.django_db


# who has a duty -> refusal
@pytest.mark.parametrize(
    ("duties", "code"),
    [
        ("OH", None),
        ("O", "registry.matter_alone"),
        ("H", "registry.matter_lead_idle"),
        ("", "registry.version_incomplete"),
    ],
)
def test_the_lead_and_another_department_say_what_they_are_responsible_for(duties, code):
    owner = department_of_lists()
    known = {"O": owner, "H": other_department(owner)}
    version = make_matter(published=False, duties=[(known[letter], "演示责任") for letter in duties])

    if code is None:
        assert versions.submit(version=version, by=keeper_of(owner), at=NOW).state == "review"
    else:
        with pytest.raises(Refused) as refused:
            versions.submit(version=version, by=keeper_of(owner), at=NOW)
        assert refused.value.code == code


@pytest.mark.parametrize("lack", ["subject", "details", "methods", "basis"])
def test_responsibility_object_content_and_method_are_all_stated(lack):
    version = make_matter(published=False, **{lack: [] if lack in ("methods", "basis") else ""})

    with pytest.raises(Refused, match=r"registry\.version_incomplete"):
        versions.submit(version=version, by=keeper_of(version.matter.owner), at=NOW)


def test_a_published_matter_is_looked_at_again_in_a_year(client):
    version = make_matter("Z01")
    version.matter.refresh_from_db()
    keeper = keeper_of(version.matter.owner)
    assert version.matter.review_by == date(2027, 3, 2)
    assert [list(queries.overdue(MatterVersion.objects.all(), on=date(2027, 3, day))) for day in (2, 3)] == [
        [],
        [version],
    ]

    at = NOW + timedelta(days=365 + 10)
    operations.review_matter(matter=version.matter, told="无变化", by=keeper, at=at)

    version.matter.refresh_from_db()
    assert version.matter.review_by == date(2028, 3, 12)


def test_a_review_on_a_leap_day_is_due_on_the_28th():
    version = make_matter()

    at = datetime(2028, 2, 29, 1, 0, tzinfo=UTC)
    matter = operations.review_matter(matter=version.matter, told="无变化", by=keeper_of(version.matter.owner), at=at)

    assert matter.review_by == date(2029, 2, 28)


def test_a_draft_is_not_reviewed():
    version = make_matter(published=False)

    with pytest.raises(Refused, match=r"registry\.version_not_published"):
        operations.review_matter(matter=version.matter, told="无", by=keeper_of(version.matter.owner), at=NOW)


def test_the_eight_fields_are_counted_the_empty_ones_too():
    make_matter()
    make_matter(one_thing="catering")
    make_matter(one_thing="catering")
    make_matter(one_thing="medical", published=False)

    counts = {field.value: n for field, n in queries.one_thing_counts()}

    assert len(OneThing) == 9
    assert {field: n for field, n in counts.items() if n} == {"elderly_care": 1, "catering": 2}


def pilot(**own):
    unit = department_of_lists()
    told = {"name": "演示试点", "level": "city", "year": 2026, "unit": unit, "matter": None, "told": "申报", **own}
    return operations.add_pilot(**told, by=keeper_of(unit), at=NOW)


def move(row, state, told="演示"):
    return operations.move_pilot(pilot=row, state=state, told=told, by=keeper_of(row.unit), at=NOW)


# a way of a pilot -> how far it may go
@pytest.mark.parametrize(
    ("way", "code"),
    [
        (["running", "done", "spread"], None),
        (["running", "running", "stopped"], None),
        (["stopped"], None),
        (["done"], "registry.pilot_state"),
        (["running", "done", "running"], "registry.pilot_state"),
        (["stopped", "running"], "registry.pilot_state"),
    ],
)
def test_a_pilot_goes_its_way(way, code):
    row = pilot()

    if code:
        with pytest.raises(Refused) as refused:
            for state in way:
                row = move(row, state)
        assert refused.value.code == code
    else:
        for state in way:
            row = move(row, state)
        assert [step.state for step in row.steps.order_by("id")] == ["applied", *way]


def test_a_pilot_ends_with_a_summary():
    row = move(pilot(), "running")

    with pytest.raises(Refused, match=r"registry\.pilot_summary"):
        move(row, "done", told="")

    assert move(row, "done", told="可推广").summary == "可推广"


def test_a_pilot_is_entered_once_a_year():
    pilot()
    pilot(year=2027)

    with pytest.raises(Refused, match=r"registry\.pilot_exists"):
        pilot()


def test_the_pages_of_a_matter_and_its_pilot(client):
    version = make_matter("Z01")
    row = pilot(matter=version.matter)
    signed_in(client, keeper_of(version.matter.owner))

    page = client.get(version.get_absolute_url())
    step = client.post(f"/registry/pilots/{row.pk}/move/", {"state": "running", "told": "启动"})
    review = client.post(f"/registry/matters/{version.matter_id}/review/", {"told": "无变化"})

    assert page.context["may_review"]
    assert "演示试点" in page.content.decode()
    assert (step["Location"], review["Location"]) == (
        f"/registry/pilots/{row.pk}/",
        f"/registry/matters/{version.matter_id}/",
    )
    assert "启动" in client.get(step["Location"]).content.decode()


def test_an_official_writes_a_matter(client):
    owner = department_of_lists()
    other_department(owner)
    signed_in(client, keeper_of(owner))
    told = {
        "code": "Z01", "owner": owner.pk, "name": "演示预付卡监管", "field": "商务", "one_thing": "prepaid_cards",
        "valid_from": "2026-01-01", "reason": "首次制定", "lead": owner.pk,
        "duties": "SCJG：登记和广告\nWSJK：卫生条件：用品", "subject": "发卡企业", "details": "备案和资金",
        "methods": ["on_site"], "basis": "《演示条例》第一条",
    }  # fmt: skip

    answer = client.post("/registry/matters/add/", told)

    version = MatterVersion.objects.get()
    assert answer["Location"] == f"/registry/matters/{version.matter_id}/?version=1"
    assert [(row.department.code, row.duty) for row in version.duties.all()] == [
        ("SCJG", "登记和广告"),
        ("WSJK", "卫生条件：用品"),
    ]


def test_a_pilot_of_another_unit_is_not_moved(client):
    row = pilot()
    stranger = official(RoleCode.LIAISON, department=make_department("OTHER", row.unit.region))

    page = signed_in(client, stranger).post(f"/registry/pilots/{row.pk}/move/", {"state": "running", "told": "x"})

    row.refresh_from_db()
    assert (page.status_code, row.state) == (422, "applied")


@pytest.mark.parametrize("n", FEW_AND_MANY)
def test_the_list_asks_as_much_for_many_rows_as_for_three(client, django_assert_num_queries, n):
    joint, library = make_joint_item().joint_item, make_library()
    parts = {"joint_items": [joint], "sub_libraries": [library]}
    rows = many_approved(lambda code: make_matter(code, published=False, **parts), n)
    edition = publish(rows)
    signed_in(client, official(RoleCode.LEADER))
    client.get("/registry/matters/")

    with django_assert_num_queries(13):
        page = client.get("/registry/matters/")
    with django_assert_num_queries(11):
        client.get(edition.get_absolute_url())

    assert page.context["table"].paginator.count == n


@pytest.mark.parametrize("n", FEW_AND_MANY)
def test_the_pilots_ask_as_much_for_many_rows_as_for_three(client, django_assert_num_queries, n):
    owner = department_of_lists()
    matter = make_matter().matter
    for number in range(n):
        told = {"name": f"演示试点{number}", "level": "city", "year": 2026, "unit": owner, "matter": matter}
        operations.add_pilot(**told, told="申报", by=keeper_of(owner), at=NOW)
    signed_in(client, official(RoleCode.LEADER))
    client.get("/registry/pilots/")

    with django_assert_num_queries(7):
        page = client.get("/registry/pilots/")

    assert page.context["table"].paginator.count == n


def test_the_lead_stands_first_among_those_responsible(client):
    owner = department_of_lists()
    lead = other_department(owner, "ZJJ")
    version = make_matter(lead=lead, duties=[(owner, "食品安全"), (lead, "牵头组织")])

    page = signed_in(client, official(RoleCode.LEADER)).get(version.get_absolute_url())

    told = {fact.label: fact.text for fact in page.context["facts"]}
    assert told["监管责任"] == "演示ZJJ局（牵头）：牵头组织\n演示SCJG局：食品安全"
