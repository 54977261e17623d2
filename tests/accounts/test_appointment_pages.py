"""Asking for a role and answering, as the pages show it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from gongchou.accounts import operations
from gongchou.accounts.roles import RoleCode
from tests.factories.people import NOW, signed_in

pytestmark = pytest.mark.django_db


def test_whose_role_it_is_is_said_by_name_and_account(office, client: Client):
    told = {"role": RoleCode.LIAISON, "scope": "own", "reason": "演示"}
    operations.request_appointment(user=office.worker, **told, by=office.second, at=NOW)
    signed_in(client, office.security)

    pages = [reverse("accounts:requests"), reverse("accounts:role-request", args=[office.worker.pk])]

    assert ["账号 worker" in client.get(page).content.decode() for page in pages] == [True, True]


def test_a_role_of_an_office_is_not_asked_for_with_the_scope_of_one(office, client: Client):
    signed_in(client, office.security)
    sent = {"role": "liaison", "scope": "self", "reason": "演示"}

    answer = client.post(reverse("accounts:role-request", args=[office.worker.pk]), sent)

    assert "“联络员”按此范围看不到任何数据" in answer.content.decode()
    assert office.worker.appointments.count() == 0
