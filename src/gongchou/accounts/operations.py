"""What can be done to regions, departments, people and their appointments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from gongchou.accounts import rules
from gongchou.accounts.models import Appointment, Department, Region, User
from gongchou.accounts.roles import RoleCode
from gongchou.audit.operations import Actor, Done, operation


@dataclass(frozen=True)
class Installer:
    """Who acts before there is anybody: the command that sets the platform up."""

    audit_id: str = "installer"
    audit_name: str = "安装程序"


@operation("region.added")
def add_region(
    *,
    code: str,
    name: str,
    level: str,
    parent: Region | None,
    by: Actor,
    at: datetime,
    kind: str = Region.Kind.CIVIL,
    predecessor: Region | None = None,
    valid_from: date = date(1949, 10, 1),
) -> Done[Region]:
    """Enter a region, or the next life of one."""
    region = Region.objects.create(
        code=code,
        name=name,
        level=level,
        kind=kind,
        parent=parent,
        predecessor=predecessor,
        valid_from=valid_from,
    )
    return Done(region, {"code": code, "level": level, "kind": kind, "valid_from": valid_from})


@operation("department.added")
def add_department(
    *,
    code: str,
    name: str,
    short_name: str,
    region: Region,
    function: str,
    by: Actor,
    at: datetime,
    parent: Department | None = None,
    line_parent: Department | None = None,
    is_internal_unit: bool = False,
    is_conference_member: bool = False,
) -> Done[Department]:
    """Enter a department or an internal unit of one."""
    department = Department.objects.create(
        code=code,
        name=name,
        short_name=short_name,
        region=region,
        function=function,
        parent=parent,
        line_parent=line_parent,
        is_internal_unit=is_internal_unit,
        is_conference_member=is_conference_member,
    )
    return Done(department, {"code": code, "function": function, "parent": parent and parent.code})


@operation("account.opened")
def open_account(
    *, username: str, name: str, department: Department, password: str, by: Actor, at: datetime
) -> Done[User]:
    """Open an account that can do nothing yet."""
    user = User(username=username, name=name, department=department, created_at=at)
    user.set_password(password)
    user.save()
    return Done(user, {"username": username})


@operation("account.disabled")
def disable_account(*, user: User, by: Actor, at: datetime) -> Done[User]:
    """Close an account: every session ends at the next request, for each asks whether its account is active."""
    user = User.objects.select_for_update().get(pk=user.pk)
    user.is_active = False
    user.save(update_fields=["is_active"])
    return Done(user)


@operation("role.granted")
def appoint(
    *,
    user: User,
    role: RoleCode,
    scope: str,
    by: Actor,
    at: datetime,
    region: Region | None = None,
    departments: Iterable[Department] = (),
    fields: Iterable[str] = (),
) -> Done[Appointment]:
    """Give somebody a role with its reach. Raises Refused ``accounts.role_held`` or ``accounts.roles_exclude``."""
    user = User.objects.select_for_update().get(pk=user.pk)
    rules.check_may_hold(user, role)
    appointment = Appointment.objects.create(
        user=user,
        role=role,
        scope=scope,
        region=region,
        fields=sorted(fields),
        granted_at=at,
        granted_by=by if isinstance(by, User) else None,
    )
    appointment.departments.set(departments)
    codes = sorted(department.code for department in departments)
    told = {"role": role, "scope": scope, "region": region and region.code, "departments": codes}
    return Done(appointment, told | {"fields": appointment.fields})


@operation("role.ended")
def end_appointment(*, appointment: Appointment, by: Actor, at: datetime) -> Done[Appointment]:
    """Take a role back; it is gone at the next request. Raises Refused ``accounts.appointment_ended``."""
    appointment = Appointment.objects.select_for_update().get(pk=appointment.pk)
    rules.check_is_held(appointment)
    appointment.ended_at = at
    appointment.save(update_fields=["ended_at"])
    return Done(appointment, {"role": appointment.role})
