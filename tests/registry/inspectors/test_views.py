"""The pages of inspectors, as people with different reach see them."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from gongchou.accounts.roles import RoleCode
from gongchou.audit.models import Line
from gongchou.registry.models import Inspector, InspectorFact
from gongchou.registry.operations import inspectors as operations
from gongchou.registry.operations.conflicts import declare_conflict
from gongchou.registry.operations.third_parties import set_staff_count
from tests.cli.offices import credit_code
from tests.factories.inspectors import CANARY, make_body, make_certificate, make_inspector, make_leave, make_tag
from tests.factories.many import FEW_AND_MANY
from tests.factories.people import BY, appoint, make_department, make_region, make_user, official, signed_in
from tests.factories.subjects import make_subject

pytestmark = pytest.mark.django_db

PHONE = "13900007788"


def later(count):
    """So many days after today, which pages ask the clock for."""
    return timezone.localdate() + timedelta(days=count)


@pytest.fixture
def bureau():
    return make_department("SCJG", make_region())


@pytest.fixture
def other(bureau):
    return make_department("XF", bureau.region)


@pytest.fixture
def desk(client, bureau):
    """A keeper of the bureau at the test client."""
    return signed_in(client, official(RoleCode.LIAISON, scope="own", department=bureau))


def page(client, name, *args, **asked):
    return client.get(reverse(f"registry:{name}", args=args), asked)


def numbers_in(answer):
    return [row.record.number for row in answer.context["table"].page.object_list]


# Lists ------------------------------------------------------------------------------------------


def test_the_list_shows_who_is_within_reach_with_masked_telephones(desk, bureau, other):
    make_inspector("001", bureau, phone=PHONE)
    make_inspector("002", other, name="演示外单位")

    answer = page(desk, "inspectors")

    text = answer.content.decode()
    assert numbers_in(answer) == ["001"]
    assert ("139****7788" in text, PHONE in text, "演示外单位" in text) == (True, False, False)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["001", "002", "003", "004"]),
        ({"q": "yszs"}, ["001"]),
        ({"certificate": "valid"}, ["001", "002"]),
        ({"certificate": "expiring"}, ["002"]),
        ({"certificate": "expired"}, ["003"]),
        ({"certificate": "none"}, ["004"]),
        ({"category": "daily"}, ["002"]),
        ({"tag": "Z1"}, ["003"]),
        ({"tag": "Z1-1"}, ["003"]),
        ({"is_away": "true"}, ["004"]),
        ({"is_away": "false"}, ["001", "002", "003"]),
        ({"is_expert": "true"}, ["004"]),
        ({"state": "inactive"}, ["001"]),
        ({"department": "none of mine"}, []),
        ({"sort": "-certified_until"}, None),
    ],
)
def test_the_list_is_filtered(desk, bureau, asked, expected):
    first = make_inspector("001", bureau, name="演示张三")
    make_certificate(first, later(400))
    make_certificate(make_inspector("002", bureau, category="daily"), later(20))
    third = make_inspector("003", bureau)
    make_certificate(third, later(-20))
    make_leave(make_inspector("004", bureau, is_expert=True), later(0), later(0))
    above = make_tag(bureau)
    tag = make_tag(bureau, "Z1-1", parent=above)
    operations.set_tags(inspector=third, tags=[tag], **BY)
    operations.end_inspector(inspector=first, reason="退休", **BY)
    if "tag" in asked:
        asked = {"tag": str({"Z1": above, "Z1-1": tag}[asked["tag"]].pk)}

    answer = page(desk, "inspectors", **asked)

    assert answer.status_code == 200
    assert expected is None or sorted(numbers_in(answer)) == expected


LISTS = {"inspectors": 14, "certificates": 10, "conflicts": 7, "third-parties": 6, "leave-calendar": 6}


@pytest.mark.parametrize("count", FEW_AND_MANY)
def test_lists_ask_as_often_for_many_rows_as_for_few(desk, bureau, count):
    tag = make_tag(bureau)
    for number in range(count):
        inspector = make_inspector(f"{number:03}", bureau)
        make_certificate(inspector, later(number))
        operations.set_tags(inspector=inspector, tags=[tag], **BY)
        make_leave(inspector, later(0), later(1))
        make_body(bureau, credit_code(500 + number))
        declare(inspector, number)

    assert {name: n_queries(desk, name) for name in LISTS} == LISTS


def n_queries(desk, name):
    page(desk, name)
    with CaptureQueriesContext(connection) as asked:
        page(desk, name)
    return len(asked)


@pytest.mark.parametrize(
    ("days", "words"), [(30, "30 天后到期"), (60, "60 天后到期"), (61, "61 天后到期"), (0, "今日到期"), (-1, "已过期")]
)
def test_a_certificate_says_when_it_ends_and_nothing_else(desk, bureau, days, words):
    make_certificate(make_inspector("001", bureau), later(days))

    row = page(desk, "certificates").context["table"].rows[0]

    assert re.sub("<.*?>", "", row.get_cell("left")) == words


def test_the_workbook_masks_telephones_too(desk, bureau):
    make_inspector("001", bureau, phone=PHONE)

    answer = page(desk, "inspectors", export=1)

    rows = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()
    assert rows[1][8] == "139****7788"


def declare(inspector, number):
    told = {"relation": "relative", "declared_by": "subject", "subject": make_subject(number + 1)}
    return declare_conflict(inspector=inspector, **told, **BY)


# Who gets where ---------------------------------------------------------------------------------

PAGES = {
    "inspectors": "read",
    "add-inspector": "keep",
    "inspector-figures": "read",
    "add-staff-count": "keep",
    "certificates": "read",
    "leave-calendar": "read",
    "conflicts": "read",
    "third-parties": "read",
    "add-third-party": "keep",
    "my-file": "any",
}
REACH = {RoleCode.LIAISON: {"read", "keep", "any"}, RoleCode.LEADER: {"read", "any"}, RoleCode.INSPECTOR: {"any"}}


@pytest.mark.parametrize("role", REACH)
@pytest.mark.parametrize("name", PAGES)
def test_pages_open_to_those_with_the_duty(client, bureau, role, name):
    signed_in(client, official(role, department=bureau))

    assert page(client, name).status_code == (200 if PAGES[name] in REACH[role] else 403)


def test_without_an_account_there_is_only_the_door(client, bureau):
    assert {page(client, name).status_code for name in PAGES} == {302}


OF_ONE = (
    "inspector",
    "change-inspector",
    "move-inspector",
    "end-inspector",
    "restore-inspector",
    "tag-inspector",
    "scope-inspector",
    "link-account",
    "add-certificate",
    "record-leave",
    "declare-conflict",
)


@pytest.mark.parametrize("name", OF_ONE)
def test_a_foreign_person_is_not_there_just_as_a_missing_one(desk, bureau, other, name):
    own, foreign = make_inspector("001", bureau), make_inspector("002", other)

    found = [page(desk, name, pk).status_code for pk in (own.pk, foreign.pk, uuid4())]

    assert found == [200, 404, 404]


def test_papers_of_a_foreign_person_are_not_there(desk, other):
    foreign = make_inspector("002", other)
    certificate = make_certificate(foreign, later(10))
    leave = make_leave(foreign, later(1), later(2))
    body = make_body(other)

    found = [
        page(desk, "renew-certificate", certificate.pk),
        page(desk, "end-certificate", certificate.pk),
        page(desk, "change-third-party", body.pk),
        desk.post(reverse("registry:revoke-leave", args=[leave.pk])),
        desk.post(reverse("registry:unlink-account", args=[foreign.pk])),
        desk.post(reverse("registry:switch-third-party", args=[body.pk])),
    ]

    assert [answer.status_code for answer in found] == [404] * 6


# The dossier ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "scope", "shown"), [(RoleCode.LIAISON, "own", PHONE), (RoleCode.LEADER, "own", "139****7788")]
)
def test_the_whole_telephone_is_for_who_keeps_the_entry(client, bureau, role, scope, shown):
    inspector = make_inspector("001", bureau, phone=PHONE)
    signed_in(client, official(role, scope=scope, department=bureau))

    answer = page(client, "inspector", inspector.pk)

    assert answer.context["phone"] == shown
    assert (PHONE in answer.content.decode()) == (shown == PHONE)


def test_who_reads_more_than_she_keeps_sees_foreign_telephones_masked(client, bureau, other):
    user = official(RoleCode.LIAISON, scope="own", department=bureau)
    appoint(user, RoleCode.LEADER, "all")
    foreign = make_inspector("002", other, phone=PHONE)

    answer = page(signed_in(client, user), "inspector", foreign.pk)

    assert (answer.context["is_kept"], answer.context["phone"]) == (False, "139****7788")
    assert "变更信息" not in answer.content.decode()


def test_the_dossier_tells_everything_in_time_order(desk, bureau):
    inspector = make_inspector("001", bureau)
    make_certificate(inspector, later(100))
    make_leave(inspector, later(1), later(2))

    answer = page(desk, "inspector", inspector.pk)

    kinds = [fact.kind for fact in answer.context["facts"]]
    assert kinds == ["leave_recorded", "certificate_added", "registered"]


@pytest.mark.parametrize(("since", "words"), [(None, "至 {end}"), (later(-9), "{since} 至 {end}")])
def test_a_certificate_whose_beginning_is_not_known_says_only_its_end(desk, bureau, since, words):
    inspector = make_inspector("001", bureau)
    make_certificate(inspector, later(100), valid_from=since)

    text = page(desk, "inspector", inspector.pk).content.decode()

    assert f'<td data-label="有效期">{words.format(since=since, end=later(100))}</td>' in text


def test_a_very_long_history_opens_on_demand(desk, bureau, monkeypatch):
    inspector = make_inspector("001", bureau)
    make_certificate(inspector, later(100))
    monkeypatch.setattr("gongchou.registry.views.inspectors.MOST_LINES", 1)

    short, whole = page(desk, "inspector", inspector.pk), page(desk, "inspector", inspector.pk, all=1)

    assert (len(short.context["facts"]), short.context["n_hidden"]) == (1, 1)
    assert (len(whole.context["facts"]), whole.context["n_hidden"]) == (2, 0)


def test_my_file_is_my_row_and_no_other(client, bureau):
    user = official(RoleCode.INSPECTOR, scope="self", department=bureau)
    own = make_inspector("001", bureau, phone=PHONE)
    stranger = make_inspector("002", bureau)
    signed_in(client, user)

    before = page(client, "my-file")
    operations.link_account(inspector=own, user=user, **BY)
    after = page(client, "my-file")

    assert "还没有与执法检查人员名录库中的人员关联" in before.content.decode()
    assert (after.context["inspector"], after.context["phone"]) == (own, PHONE)
    assert page(client, "inspector", stranger.pk).status_code == 403


@pytest.mark.parametrize("role", [RoleCode.INSPECTOR, RoleCode.LIAISON])
def test_the_menu_names_my_file_where_there_is_one(client, bureau, role):
    user = official(role, department=bureau)
    signed_in(client, user)

    before = client.get("/people/messages/").content.decode()
    operations.link_account(inspector=make_inspector("001", bureau), user=user, **BY)
    after = client.get("/people/messages/").content.decode()

    assert ["我的人员档案" in page for page in (before, after)] == [False, True]


# Forms ------------------------------------------------------------------------------------------


def entry(bureau, **own):
    return {
        "number": "001",
        "name": "演示张三",
        "department": str(bureau.pk),
        "category": "civil_servant",
        "post": "staff",
        "phone": PHONE,
        **own,
    }


def send(client, page_name, *args, **values):
    return client.post(reverse(f"registry:{page_name}", args=args), values)


def test_a_whole_identity_number_is_kept_nowhere(desk, bureau, caplog):
    caplog.set_level(logging.DEBUG)

    answer = send(desk, "add-inspector", **entry(bureau, masked_id=CANARY))

    assert answer.status_code == 303
    assert Inspector.objects.get().masked_id == "990*************54"
    kept = [str(row) for row in Inspector.objects.values()]
    kept += [str(row) for row in InspectorFact.objects.values()]
    kept += Line.objects.values_list("data", flat=True)
    shown = desk.get(answer["Location"]).content.decode()
    assert [text for text in (*kept, shown, caplog.text) if CANARY in text] == []


@pytest.mark.parametrize("number", [CANARY[:-1] + "3", CANARY[:10], "99010119901332875X", "abc"])
def test_a_wrong_identity_number_is_not_given_back(desk, bureau, number):
    answer = send(desk, "add-inspector", **entry(bureau, masked_id=number))

    text = answer.content.decode()
    assert answer.status_code == 422
    assert "身份证号的位数、出生日期或校验码不对" in text
    assert f'value="{number}"' not in text


def test_another_fault_does_not_give_the_identity_number_back(desk, bureau):
    make_inspector("001", bureau)

    answer = send(desk, "add-inspector", **entry(bureau, masked_id=CANARY))

    assert answer.status_code == 422
    assert CANARY not in answer.content.decode()
    assert "内部编号“001”已被使用" in answer.content.decode()


def test_an_identity_number_left_empty_stays(desk, bureau):
    send(desk, "add-inspector", **entry(bureau, masked_id=CANARY))
    inspector = Inspector.objects.get()

    send(desk, "change-inspector", inspector.pk, **entry(bureau, post="section_head"))

    inspector.refresh_from_db()
    assert (inspector.masked_id, inspector.post) == ("990*************54", "section_head")
    assert list(InspectorFact.objects.get(kind="changed").data) == ["post"]


def test_a_foreign_department_cannot_be_chosen(desk, bureau, other):
    answer = send(desk, "add-inspector", **entry(other))

    assert answer.status_code == 422
    assert "department" in answer.context["form"].errors


def test_a_body_needs_a_good_credit_code(desk, bureau):
    answer = send(desk, "add-third-party", code="51990100MA0DEMO1XX", name="演示", keeper=str(bureau.pk))

    assert answer.context["form"].errors == {"code": ["统一社会信用代码应为 18 位且校验码正确，请对照证照核对。"]}


STEPS = [
    (
        "add-certificate",
        {"kind": "行政执法证", "number": " zj 00１ ", "valid_to": "2031-01-01"},
        "登记证件：行政执法证 ZJ001，有效期至 2031-01-01",
    ),
    (
        "record-leave",
        {"begins_on": "2026-12-01", "ends_on": "2026-12-03", "reason": "illness"},
        "登记离岗：2026-12-01 至 2026-12-03",
    ),
    ("end-inspector", {"reason": "退休"}, "失效：退休"),
]


@pytest.mark.parametrize(("name", "values", "told"), STEPS)
def test_a_form_does_its_one_thing_and_returns_to_the_dossier(desk, bureau, name, values, told):
    inspector = make_inspector("001", bureau)

    answer = send(desk, name, inspector.pk, **values)

    assert answer["Location"] == inspector.get_absolute_url()
    assert InspectorFact.objects.order_by("id").last().told == told


def test_tags_and_accounts_are_offered_from_what_may_be_used(desk, bureau, other):
    inspector, tag = make_inspector("001", bureau), make_tag(bureau)
    make_tag(bureau, "Z2", state="proposed")
    user, _ = make_user("li", bureau), make_user("wang", other)

    tags = page(desk, "tag-inspector", inspector.pk).context["form"].fields["tags"].queryset
    users = page(desk, "link-account", inspector.pk).context["form"].fields["user"].queryset

    assert (list(tags), user in users, users.filter(username="wang").exists()) == ([tag], True, False)


def test_somebody_without_any_item_is_refused(desk, bureau):
    inspector = make_inspector("001", bureau)

    answer = send(desk, "scope-inspector", inspector.pk, does_all="0")

    assert answer.context["form"].errors == {"items": ["请至少选择一项，或改为“全部事项”。"]}


def test_figures_are_shown_with_their_source(desk, bureau):
    make_certificate(make_inspector("001", bureau), later(100))
    set_staff_count(department=bureau, year=timezone.localdate().year, n_staff=3, source="演示文号", **BY)

    text = page(desk, "inspector-figures").content.decode()

    assert ("33.3%" in text, "演示文号" in text) == (True, True)


@pytest.mark.parametrize("month", ["", "2026-13", "x", "0001-01", "9999-12", "2026-02"])
def test_the_calendar_opens_for_any_month(desk, month):
    assert page(desk, "leave-calendar", month=month).status_code == 200


def test_the_kind_of_leave_is_for_who_keeps_the_entry(client, bureau):
    make_leave(make_inspector("001", bureau), later(0), later(0), reason="illness")

    told = []
    for role in (RoleCode.LIAISON, RoleCode.LEADER):
        answer = page(signed_in(Client(), official(role, department=bureau)), "leave-calendar")
        told.append("病假" in answer.content.decode())

    assert told == [True, False]
