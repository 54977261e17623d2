"""What may be done to accounts, appointments, departments and regions, whoever asks."""

from __future__ import annotations

from datetime import date, datetime

from gongchou.accounts.models import Appointment, Department, Region, User
from gongchou.accounts.queries import and_below
from gongchou.accounts.roles import ADMINISTRATORS, ROLES, WITH_FIELDS, RoleCode
from gongchou.refusal import Refused


def check_may_hold(user: User, role: RoleCode) -> None:
    """Administrators exclude one another and do no business. Raises Refused ``accounts.roles_exclude``.

    A role that is only asked for counts as one that is held.
    """
    theirs = user.appointments.filter(ended_at=None, refused_at=None)
    held = [RoleCode(code) for code in theirs.values_list("role", flat=True)]
    if role in held:
        raise Refused("accounts.role_held", role=ROLES[role].name)
    clash = next((own for own in held if own in ADMINISTRATORS or role in ADMINISTRATORS), None)
    if clash:
        raise Refused("accounts.roles_exclude", role=ROLES[role].name, held=ROLES[clash].name)


def check_is_open(user: User) -> None:
    """Raises Refused ``accounts.account_closed``."""
    if not user.is_active:
        raise Refused("accounts.account_closed")


def check_is_closed(user: User) -> None:
    """Raises Refused ``accounts.account_open``."""
    if user.is_active:
        raise Refused("accounts.account_open")


def check_is_held(appointment: Appointment) -> None:
    """Raises Refused ``accounts.appointment_ended`` or ``accounts.appointment_waiting``."""
    if appointment.ended_at is not None or appointment.refused_at is not None:
        raise Refused("accounts.appointment_ended")
    if appointment.granted_at is None:
        raise Refused("accounts.appointment_waiting")


def check_is_waiting(appointment: Appointment) -> None:
    """Raises Refused ``accounts.appointment_answered``."""
    if not appointment.is_waiting:
        raise Refused("accounts.appointment_answered")


def check_reach_is_said(scope: str, departments: list[Department]) -> None:
    """Raises Refused ``accounts.departments_missing`` or ``accounts.departments_unused``."""
    if scope == Appointment.Scope.CUSTOM and not departments:
        raise Refused("accounts.departments_missing")
    if scope != Appointment.Scope.CUSTOM and departments:
        raise Refused("accounts.departments_unused")


def check_scope_fits(role: RoleCode, scope: str) -> None:
    """Duties are over rows of departments, of which 仅本人 reaches none. Raises Refused ``accounts.scope_own_only``."""
    if scope == Appointment.Scope.SELF and not ROLES[role].is_own_only:
        raise Refused("accounts.scope_own_only", role=ROLES[role].name)


def check_fields_are_used(role: RoleCode, fields: list[str]) -> None:
    """Only lists and sub-libraries have fields. Raises Refused ``accounts.fields_unused``."""
    if fields and not ROLES[role].duties & WITH_FIELDS:
        raise Refused("accounts.fields_unused", role=ROLES[role].name)


def check_may_change_place(user: User) -> None:
    """A role reaches as far as its holder's department, so whoever is moved gets her roles anew.

    Raises Refused ``accounts.roles_hold_place``.
    """
    if user.appointments.filter(ended_at=None, refused_at=None).exists():
        raise Refused("accounts.roles_hold_place")


def check_name_is_free(username: str) -> None:
    """Raises Refused ``accounts.username_taken``; names that differ only in case would be taken for one another."""
    if User.objects.filter(username__iexact=username).exists():
        raise Refused("accounts.username_taken", username=username)


def check_password_still_holds(user: User, *, at: datetime) -> None:
    """Raises Refused ``accounts.one_time_over``."""
    if user.one_time_until is not None and at >= user.one_time_until:
        raise Refused("accounts.one_time_over")


def check_stands(department: Department) -> None:
    """Raises Refused ``accounts.department_ended``."""
    if not department.is_active:
        raise Refused("accounts.department_ended", department=department.name)


def check_code_is_free(code: str, *, but: Department | None = None) -> None:
    """Raises Refused ``accounts.department_code_taken``."""
    others = Department.objects.filter(code=code)
    if (others.exclude(pk=but.pk) if but else others).exists():
        raise Refused("accounts.department_code_taken", taken=code)


def check_fits_under(department: Department | None, parent: Department | None, *, is_internal_unit: bool) -> None:
    """Raises Refused ``accounts.unit_outside`` or ``accounts.department_circle``."""
    if is_internal_unit and parent is None:
        raise Refused("accounts.unit_outside")
    if department and parent and parent.pk in and_below(Department, department.pk):
        raise Refused("accounts.department_circle", parent=parent.name)


def check_is_among(liaison: User | None, department: Department) -> None:
    """Raises Refused ``accounts.liaison_elsewhere``."""
    if liaison and not (liaison.is_active and liaison.department_id in and_below(Department, department.pk)):
        raise Refused("accounts.liaison_elsewhere", department=department.name)


def check_department_may_end(department: Department) -> None:
    """Raises Refused ``accounts.department_has_units`` or ``accounts.department_has_people``."""
    check_stands(department)
    n_units = department.units.filter(is_active=True).count()
    if n_units:
        raise Refused("accounts.department_has_units", count=n_units)
    n_people = department.users.filter(is_active=True).count()
    if n_people:
        raise Refused("accounts.department_has_people", count=n_people)


def check_region_is_new(code: str, *, valid_from: date) -> None:
    """Raises Refused ``accounts.region_code_taken``."""
    theirs = Region.objects.filter(code=code)
    if theirs.filter(valid_to=None).exists() or theirs.filter(valid_to__gt=valid_from).exists():
        raise Refused("accounts.region_code_taken", taken=code)


def check_region_stands(region: Region, *, until: date) -> None:
    """Raises Refused ``accounts.region_ended`` or ``accounts.region_dates``."""
    if region.valid_to is not None:
        raise Refused("accounts.region_ended", region=region.name)
    if until <= region.valid_from:
        raise Refused("accounts.region_dates", day=region.valid_from)


def check_region_is_empty(region: Region) -> None:
    """Raises Refused ``accounts.region_in_use``."""
    n_regions = region.children.filter(valid_to=None).count()
    n_departments = region.departments.filter(is_active=True).count()
    if n_regions or n_departments:
        raise Refused("accounts.region_in_use", regions=n_regions, departments=n_departments)


def check_password_is_other(user: User, password: str) -> None:
    """Raises Refused ``accounts.password_same``."""
    if user.check_password(password):
        raise Refused("accounts.password_same")


def check_somebody_is_told(to: list[User]) -> None:
    """Raises Refused ``accounts.nobody_to_tell``."""
    if not to:
        raise Refused("accounts.nobody_to_tell")


def check_link_is_ours(link: str) -> None:
    """Raises Refused ``accounts.link_elsewhere``: a notice must not lead away from the platform."""
    if link and (not link.startswith("/") or link.startswith(("//", "/\\"))):
        raise Refused("accounts.link_elsewhere")
