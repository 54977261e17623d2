"""People and their appointments, as the administrators see them."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet

from gongchou.accounts.models import Appointment, Department, User
from gongchou.accounts.queries.reach import departments_within, departments_within_any
from gongchou.accounts.roles import ROLES, Duty, RoleCode

NOT_OVER = Q(ended_at=None, refused_at=None)


def visible_people(by: User) -> QuerySet[User]:
    """The accounts in the departments that an administrator looks after."""
    within = departments_within_any(by, Duty.KEEP_ACCOUNTS, Duty.GRANT_ROLES)
    return User.objects.filter(department__in=within).select_related("department__region")


def with_appointments(people: QuerySet[User]) -> QuerySet[User]:
    """The same, each with ``current``: what she holds or waits for, ready to be put into words."""
    current = told(Appointment.objects.filter(NOT_OVER))
    return people.prefetch_related(Prefetch("appointments", queryset=current, to_attr="current"))


def told(appointments: QuerySet[Appointment]) -> QuerySet[Appointment]:
    """With all that ``reach_words`` reads."""
    return appointments.select_related(
        "user__department", "region", "requested_by", "granted_by", "refused_by", "ended_by"
    ).prefetch_related("departments")


def visible_appointments(by: User) -> QuerySet[Appointment]:
    """What a security administrator may answer and take back: appointments of the people she looks after."""
    return told(Appointment.objects.filter(user__department__in=departments_within(by, Duty.GRANT_ROLES)))


def waiting_appointments(by: User) -> QuerySet[Appointment]:
    """Requests that this security administrator may answer: not about her, and not her own."""
    waiting = visible_appointments(by).filter(granted_at=None, refused_at=None)
    return waiting.exclude(requested_by=by).exclude(user=by)


def held_by(user: User) -> QuerySet[Appointment]:
    """What somebody holds now, ready to be put into words."""
    return told(user.appointments.filter(granted_at__isnull=False, ended_at=None))


def people_with(duty: Duty, departments: QuerySet[Department]) -> QuerySet[User]:
    """Whoever is in one of the departments and has a duty now, whatever its reach."""
    roles = [role.code for role in ROLES.values() if duty in role.duties]
    holders = Appointment.objects.filter(granted_at__isnull=False, ended_at=None, role__in=roles)
    return User.objects.filter(is_active=True, department__in=departments, pk__in=holders.values("user"))


def needs_factors(roles: frozenset[RoleCode]) -> bool:
    """Tell whether these roles may only be used behind two factors."""
    return bool(settings.TWO_FACTORS) and any(ROLES[role].is_back_office for role in roles)


def factors_of(user: User) -> QuerySet[Authenticator]:
    """Authenticator apps and keys that somebody has set up; recovery codes alone are none."""
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user=user)
    return found.exclude(type=Authenticator.Type.RECOVERY_CODES).order_by("id")


def reach_words(appointment: Appointment) -> str:
    """How far an appointment reaches, as one would say it."""
    department = appointment.user.department
    match Appointment.Scope(appointment.scope):
        case Appointment.Scope.ALL:
            words = "全部部门"
        case Appointment.Scope.CUSTOM:
            words = "、".join(sorted(chosen.name for chosen in appointment.departments.all()))
        case Appointment.Scope.OWN:
            words = f"{department.name}（含内设机构）"
        case Appointment.Scope.BELOW:
            words = f"{department.name}及下属单位"
        case Appointment.Scope.SELF:
            return "仅本人经办的事项"
    place = f"，限{appointment.region.name}" if appointment.region else ""
    fields = f"，限{'、'.join(appointment.fields)}领域" if appointment.fields else ""
    return words + place + fields


def called(account: str) -> list[str]:
    """``audit_id`` of whoever signs in by this name; the log calls people by their own."""
    return [one.audit_id for one in User.objects.filter(username__iexact=account.strip())]
