"""A small office with its three kinds of administrators."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.test import Client

from gongchou.accounts.models import Department, Region, User
from gongchou.accounts.roles import RoleCode
from tests.factories.people import appoint, make_department, make_region, make_user

PASSWORD = "correct horse battery"


@dataclass
class Office:
    """A city with two districts, a bureau in each, the administrators, and somebody without a role."""

    city: Region
    east: Region
    bureau: Department
    branch: Department
    other: Department
    system: User
    security: User
    second: User
    audit: User
    worker: User


@pytest.fixture
def office(db) -> Office:
    city = make_region("9901", "演示市")
    east = make_region("990101", "演示东区", "county", city)
    bureau = make_department("SCJG", city)
    branch = make_department("SCJG-E", east, parent=bureau)
    other = make_department("XF", city, function="fire")
    names = ("system", "security", "second", "audit")
    people = {name: make_user(name, bureau) for name in names}
    codes = (RoleCode.SYSTEM_ADMIN, RoleCode.SECURITY_ADMIN, RoleCode.SECURITY_ADMIN, RoleCode.AUDIT_ADMIN)
    for user, role in zip(people.values(), codes, strict=True):
        appoint(user, role, "all")
    return Office(city, east, bureau, branch, other, worker=make_user("worker", branch), **people)


def sign_in(client: Client, username: str, password: str = PASSWORD, **extra: str):
    """Fill in the sign-in page."""
    return client.post("/account/login/", {"login": username, "password": password}, **extra)
