"""The pages of conflicts: who sees them, who decides, who speaks for herself."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from gongchou.accounts.roles import RoleCode
from gongchou.registry.models import Conflict
from gongchou.registry.operations.conflicts import declare_conflict
from gongchou.registry.operations.inspectors import link_account
from tests.factories.inspectors import make_inspector
from tests.factories.people import BY, make_department, make_region, official, signed_in
from tests.factories.subjects import make_subject

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau():
    return make_department("SCJG", make_region())


@pytest.fixture
def inspector(bureau):
    return make_inspector("001", bureau, name="演示张三")


@pytest.fixture
def conflict(inspector):
    told = {"relation": "relative", "declared_by": "subject", "note": "演示说明"}
    return declare_conflict(inspector=inspector, subject=make_subject(), **told, **BY)


def desk_of(role, department, **own):
    return signed_in(Client(), official(role, department=department, **own))


def address(name, *args):
    return reverse(f"registry:{name}", args=args)


@pytest.mark.parametrize(
    ("role", "sees", "decides"),
    [
        (RoleCode.HEAD, 200, True),
        (RoleCode.CONFERENCE_OFFICE, 200, True),
        (RoleCode.LIAISON, 200, False),
        (RoleCode.LEADER, 200, False),
        (RoleCode.INSPECTOR, 403, False),
        (RoleCode.SYSTEM_ADMIN, 403, False),
    ],
)
def test_readers_see_and_heads_decide(bureau, conflict, role, sees, decides):
    desk = desk_of(role, bureau)

    answer = desk.get(address("conflicts"))
    decision = desk.get(address("decide-conflict", conflict.pk))

    link = address("decide-conflict", conflict.pk)
    assert answer.status_code == sees
    assert (link in answer.content.decode(), decision.status_code) == (decides, 200 if decides else 403)


def test_a_conflict_elsewhere_is_not_there(bureau, conflict):
    desk = desk_of(RoleCode.HEAD, make_department("XF", bureau.region))

    rows = desk.get(address("conflicts")).context["table"].page.object_list
    found = [
        desk.get(address(name, pk)).status_code
        for name in ("decide-conflict", "lift-conflict")
        for pk in (conflict.pk, uuid4())
    ]

    assert (len(rows), found) == (0, [404] * 4)


def test_a_decision_is_made_and_lifted_on_the_page(bureau, conflict):
    desk = desk_of(RoleCode.HEAD, bureau)

    desk.post(address("decide-conflict", conflict.pk), {"is_upheld": "1", "note": "演示理由"})
    upheld = Conflict.objects.get()
    desk.post(address("lift-conflict", conflict.pk), {"reason": "演示原因"})

    assert (upheld.decision, Conflict.objects.get().decision) == ("upheld", "lifted")


def test_what_may_not_be_decided_stays_on_the_page_with_its_reason(bureau, inspector):
    office = official(RoleCode.CONFERENCE_OFFICE, department=bureau)
    told = {"relation": "relative", "declared_by": "subject", "subject": make_subject()}
    conflict = declare_conflict(inspector=inspector, **told, **{**BY, "by": office})

    answer = signed_in(Client(), office).post(
        address("decide-conflict", conflict.pk), {"is_upheld": "1", "note": "演示"}
    )

    assert answer.status_code == 422
    assert "不能由本人作出决定" in answer.content.decode()


def test_a_keeper_registers_what_others_declare(bureau, inspector):
    subject = make_subject()
    sent = {"subject": f" {subject.number.lower()} ", "declared_by": "supervisor", "relation": "holding"}

    answer = desk_of(RoleCode.LIAISON, bureau).post(address("declare-conflict", inspector.pk), sent)

    assert answer["Location"] == inspector.get_absolute_url()
    assert Conflict.objects.get().subject == subject


def test_a_person_declares_for_herself_without_any_duty(bureau, inspector):
    user = official(RoleCode.INSPECTOR, scope="self", department=bureau)
    link_account(inspector=inspector, user=user, **BY)
    sent = {"subject": make_subject().number, "relation": "holding", "declared_by": "supervisor"}

    answer = signed_in(Client(), user).post(address("declare-own-conflict"), sent)

    conflict = Conflict.objects.get()
    assert answer["Location"] == address("my-file")
    assert (conflict.inspector, conflict.declared_by, conflict.registered_by) == (inspector, "self", user)


def test_who_has_no_entry_has_nothing_to_declare(bureau):
    assert desk_of(RoleCode.INSPECTOR, bureau).get(address("declare-own-conflict")).status_code == 404


def test_an_unknown_subject_is_told(bureau, inspector):
    sent = {"subject": "没有的", "declared_by": "self", "relation": "holding"}

    answer = desk_of(RoleCode.LIAISON, bureau).post(address("declare-conflict", inspector.pk), sent)

    assert answer.context["form"].errors == {"subject": ["名录库中没有这个代码或编号的检查对象，请核对后重新填写。"]}


@pytest.mark.parametrize(
    ("asked", "count"), [({"q": "张三"}, 1), ({"q": "演示餐饮"}, 1), ({"q": "别的"}, 0), ({"decision": "upheld"}, 0)]
)
def test_the_list_is_filtered(bureau, conflict, asked, count):
    answer = desk_of(RoleCode.LEADER, bureau).get(address("conflicts"), asked)

    assert len(answer.context["table"].page.object_list) == count


@pytest.mark.parametrize(
    ("begins", "ends", "words"),
    [
        (None, None, "长期"),
        (date(2026, 5, 1), None, "2026-05-01 起"),
        (None, date(2026, 6, 1), "至 2026-06-01"),
        (date(2026, 5, 1), date(2026, 6, 1), "2026-05-01 至 2026-06-01"),
    ],
)
def test_a_period_is_told_in_words_on_the_list_and_where_it_is_decided(bureau, inspector, begins, ends, words):
    told = {"relation": "relative", "declared_by": "subject", "begins_on": begins, "ends_on": ends}
    conflict = declare_conflict(inspector=inspector, subject=make_subject(), **told, **BY)
    desk = desk_of(RoleCode.HEAD, bureau)

    listed = desk.get(address("conflicts")).context["table"].rows[0].get_cell("period")
    shown = desk.get(address("decide-conflict", conflict.pk)).content.decode()

    assert listed == words
    assert words in " ".join(shown.partition("<dt>期限</dt><dd>")[2].partition("</dd>")[0].split())
