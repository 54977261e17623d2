"""Accounts and appointments: who may hold what, and that the database holds the line too."""

from __future__ import annotations

import json
from itertools import permutations

import pytest
from django.db import IntegrityError, transaction

from gongchou.accounts import operations
from gongchou.accounts.forms.people import AppointmentForm
from gongchou.accounts.models import Appointment
from gongchou.accounts.roles import ADMINISTRATORS, ROLES, RoleCode
from gongchou.audit import guard
from gongchou.audit.models import Line
from gongchou.refusal import Refused
from tests.factories.people import BY, NOW, appoint, make_department, make_region, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return make_user("zhang", make_department("SCJG", make_region()))


@pytest.mark.parametrize(("held", "wanted"), list(permutations(ADMINISTRATORS, 2)))
def test_nobody_is_two_of_the_three_administrators(user, held, wanted):
    appoint(user, held, "all")

    with pytest.raises(Refused, match=r"accounts\.roles_exclude"):
        appoint(user, wanted, "all")


@pytest.mark.parametrize(("held", "wanted"), list(permutations(ADMINISTRATORS, 2)))
def test_the_database_refuses_two_administrators_in_one_as_well(user, held, wanted):
    appoint(user, held, "all")

    with pytest.raises(IntegrityError), transaction.atomic(), guard.open_for_writing():
        Appointment.objects.create(user=user, role=wanted, scope="all", requested_at=NOW, granted_at=NOW)


@pytest.mark.parametrize(
    ("held", "wanted"),
    [(RoleCode.SYSTEM_ADMIN, RoleCode.LIAISON), (RoleCode.HEAD, RoleCode.AUDIT_ADMIN)],
)
def test_an_administrator_does_no_business(user, held, wanted):
    appoint(user, held)

    with pytest.raises(Refused, match=r"accounts\.roles_exclude"):
        appoint(user, wanted)


def test_business_roles_go_together_once_each(user):
    appoint(user, RoleCode.LIAISON)
    appoint(user, RoleCode.PLAN_CLERK)

    with pytest.raises(Refused, match=r"accounts\.role_held"):
        appoint(user, RoleCode.LIAISON)


def test_a_role_that_was_taken_back_makes_room_for_another(user):
    first = appoint(user, RoleCode.SYSTEM_ADMIN, "all")
    operations.end_appointment(appointment=first, **BY)

    appoint(user, RoleCode.AUDIT_ADMIN, "all")

    assert list(user.appointments.filter(ended_at=None).values_list("role", flat=True)) == ["audit_admin"]


def test_a_role_is_taken_back_once(user):
    first = appoint(user, RoleCode.HEAD)
    operations.end_appointment(appointment=first, **BY)

    with pytest.raises(Refused, match=r"accounts\.appointment_ended"):
        operations.end_appointment(appointment=first, **BY)


def test_the_log_says_what_was_granted_and_holds_no_password(user):
    appoint(user, RoleCode.LIAISON, "custom", departments=[user.department], fields=["食品", "广告"])

    told = json.loads(Line.objects.get(verb="role.appointed").data)
    assert told["facts"] == {
        "departments": ["SCJG"],
        "fields": ["广告", "食品"],
        "region": None,
        "role": "liaison",
        "scope": "custom",
    }
    assert [line.data for line in Line.objects.all() if "correct horse" in line.data or "password" in line.data] == []


def test_every_role_has_a_name_and_a_purpose():
    assert {role.code for role in ROLES.values()} == set(RoleCode)
    assert [role.code for role in ROLES.values() if not (role.name and role.purpose.endswith("。"))] == []


OFFICE = [role.code for role in ROLES.values() if not role.is_own_only]


@pytest.mark.parametrize("role", OFFICE)
def test_nobody_of_an_office_is_given_a_role_that_shows_her_nothing(user, role):
    with pytest.raises(Refused, match=r"accounts\.scope_own_only"):
        appoint(user, role, "self")


@pytest.mark.parametrize("role", [RoleCode.INSPECTOR, RoleCode.EXPERT])
def test_who_is_charged_with_single_inspections_sees_her_own(user, role):
    assert appoint(user, role, "self").scope == "self"
    assert ROLES[role].duties == frozenset()


def test_the_form_says_which_scope_a_role_cannot_have(user):
    form = AppointmentForm({"role": "liaison", "scope": "self", "reason": "演示"}, by=user)

    assert not form.is_valid()
    assert form.errors["scope"] == [
        "“仅本人”只适用于执法检查人员和第三方专家；“联络员”按此范围看不到任何数据。请改选“本部门”或其他范围。"
    ]
