"""Roles: asked for by one, granted or refused by another, taken back at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from gongchou.accounts import permissions, rules
from gongchou.accounts.models import Appointment, Department, Region, User
from gongchou.accounts.operations.installer import Installer, person
from gongchou.accounts.roles import RoleCode
from gongchou.audit.operations import Actor, Done, held, operation


@operation("role.appointed", "安装时授予角色")
def appoint(
    *,
    user: User,
    role: RoleCode,
    scope: str,
    by: Installer,
    at: datetime,
    region: Region | None = None,
    departments: Iterable[Department] = (),
    fields: Iterable[str] = (),
) -> Done[Appointment]:
    """Give somebody a role without a second person: only while the platform is being set up.

    Raises Refused ``accounts.two_people``, ``accounts.role_held``, ``accounts.roles_exclude``,
    ``accounts.scope_own_only`` or ``accounts.fields_unused``.
    """
    permissions.check_is_installer(by)
    appointment = _enter(user, role, scope, region, departments, fields, requested_at=at, granted_at=at)
    return Done(appointment, _told(appointment))


@operation("role.requested", "申请授予角色")
def request_appointment(
    *,
    user: User,
    role: RoleCode,
    scope: str,
    reason: str,
    by: User,
    at: datetime,
    region: Region | None = None,
    departments: Iterable[Department] = (),
    fields: Iterable[str] = (),
) -> Done[Appointment]:
    """Ask that somebody be given a role; it gives nothing before another security administrator confirms it.

    Raises Refused ``accounts.own_role``, ``accounts.out_of_reach``, ``accounts.reach_too_far``,
    ``accounts.role_held``, ``accounts.roles_exclude``, ``accounts.departments_missing``, ``accounts.scope_own_only`` or
    ``accounts.fields_unused``.
    """
    chosen = list(departments)
    permissions.check_can_request(by, user, scope=scope, region=region, departments=chosen)
    appointment = _enter(user, role, scope, region, chosen, fields, requested_at=at, requested_by=by, reason=reason)
    return Done(appointment, _told(appointment) | {"reason": reason})


def _enter(
    user: User,
    role: RoleCode,
    scope: str,
    region: Region | None,
    departments: Iterable[Department],
    fields: Iterable[str],
    **own: Any,
) -> Appointment:
    user = held(user)
    chosen, bounds = list(departments), sorted(fields)
    rules.check_is_open(user)
    rules.check_scope_fits(role, scope)
    rules.check_reach_is_said(scope, chosen)
    rules.check_fields_are_used(role, bounds)
    rules.check_may_hold(user, role)
    appointment = Appointment.objects.create(user=user, role=role, scope=scope, region=region, fields=bounds, **own)
    appointment.departments.set(chosen)
    return appointment


@operation("role.granted", "确认授予角色")
def confirm_appointment(*, appointment: Appointment, by: User, at: datetime) -> Done[Appointment]:
    """Grant what another has asked for; it holds from now on.

    Raises Refused ``accounts.appointment_answered``, ``accounts.own_request``, ``accounts.own_role`` or
    ``accounts.reach_too_far``.
    """
    appointment = held(appointment)
    rules.check_is_waiting(appointment)
    rules.check_is_open(appointment.user)
    permissions.check_can_confirm(by, appointment)
    appointment.granted_at, appointment.granted_by = at, by
    appointment.save(update_fields=["granted_at", "granted_by"])
    asker = appointment.requested_by
    return Done(appointment, _told(appointment) | {"requested_by": asker and asker.username})


@operation("role.refused", "退回角色申请")
def refuse_appointment(*, appointment: Appointment, reason: str, by: User, at: datetime) -> Done[Appointment]:
    """Send a request back; who asked may thus withdraw her own. Raises Refused ``accounts.appointment_answered``."""
    appointment = held(appointment)
    rules.check_is_waiting(appointment)
    permissions.check_can_answer_for(by, appointment.user)
    appointment.refused_at, appointment.refused_by, appointment.refusal = at, by, reason
    appointment.save(update_fields=["refused_at", "refused_by", "refusal"])
    return Done(appointment, {"role": appointment.role, "reason": reason})


@operation("role.ended", "收回角色")
def end_appointment(*, appointment: Appointment, by: Actor, at: datetime) -> Done[Appointment]:
    """Take a role back; it is gone at the next request. Raises Refused ``accounts.appointment_ended``."""
    appointment = held(appointment)
    rules.check_is_held(appointment)
    permissions.check_can_answer_for(by, appointment.user)
    appointment.ended_at, appointment.ended_by = at, person(by)
    appointment.save(update_fields=["ended_at", "ended_by"])
    return Done(appointment, {"role": appointment.role})


def _told(appointment: Appointment) -> dict[str, Any]:
    return {
        "role": appointment.role,
        "scope": appointment.scope,
        "region": appointment.region and appointment.region.code,
        "departments": sorted(department.code for department in appointment.departments.all()),
        "fields": appointment.fields,
    }
