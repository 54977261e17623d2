"""A small fictitious place (演示数据), made by the operations everybody uses."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.test import Client
from django.utils import timezone

from gongchou.accounts import operations, sessions
from gongchou.accounts.models import Appointment, Department, Region, User
from gongchou.accounts.operations import Installer
from gongchou.accounts.roles import RoleCode

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
BY: dict[str, Any] = {"by": Installer(), "at": NOW}


def make_region(code: str = "9901", name: str = "演示市", level: str = "city", parent: Region | None = None) -> Region:
    return operations.add_region(code=code, name=name, level=level, parent=parent, **BY)


def make_department(code: str, region: Region, **own: Any) -> Department:
    told = {"name": f"演示{code}局", "short_name": code, "function": "market", **own}
    return operations.add_department(code=code, region=region, **told, **BY)


def make_user(username: str, department: Department, **own: Any) -> User:
    told = {"name": f"演示{username}", "password": "correct horse battery", **own}
    return operations.open_account(username=username, department=department, **told, **BY)


def appoint(user: User, role: RoleCode, scope: str = "own", **own: Any) -> Appointment:
    return operations.appoint(user=user, role=role, scope=scope, **own, **BY)


def signed_in(client: Client, user: User) -> Client:
    """The test client after the sign-in page, as if the person had just passed it."""
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[sessions.BEGAN] = session[sessions.SEEN] = int(timezone.now().timestamp())
    session.save()
    return client


def official(role: RoleCode = RoleCode.LIAISON, scope: str = "below", **own: Any) -> User:
    """Somebody with one role in a department of a small city; ``own`` goes to the appointment."""
    region = Region.objects.filter(code="9901").first() or make_region()
    department = own.pop("department", None) or Department.objects.filter(code="SCJG").first()
    department = department or make_department("SCJG", region)
    user = make_user(own.pop("username", role.value), department)
    appoint(user, role, scope, **own)
    return user
