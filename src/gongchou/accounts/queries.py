"""How far somebody sees: the one answer for lists, pages, choices and writes."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from django.db.models import Q, QuerySet

from gongchou.accounts.models import Appointment, Department, Region, User
from gongchou.accounts.roles import ROLES, Duty


def appointments_with(by: User, duty: Duty) -> QuerySet[Appointment]:
    """The appointments that give somebody a duty now."""
    roles = [role.code for role in ROLES.values() if duty in role.duties]
    if not by.is_active:
        return Appointment.objects.none()
    return by.appointments.filter(ended_at=None, role__in=roles)


def departments_within(by: User, duty: Duty) -> QuerySet[Department]:
    """The departments whose rows somebody reaches with a duty: the union over the appointments that give it."""
    reach = Q(pk__in=[])
    for appointment in appointments_with(by, duty).select_related("region", "user"):
        reach |= _reach_of(appointment)
    return Department.objects.filter(reach)


def _reach_of(appointment: Appointment) -> Q:
    own = appointment.user.department_id
    match Appointment.Scope(appointment.scope):
        case Appointment.Scope.ALL:
            found = Q(pk__isnull=False)  # an empty Q would vanish from the union
        case Appointment.Scope.CUSTOM:
            found = Q(pk__in=appointment.departments.values("pk"))
        case Appointment.Scope.OWN:
            found = Q(pk=own) | Q(parent=own, is_internal_unit=True)
        case Appointment.Scope.BELOW:
            found = Q(pk__in=_and_below(Department, own))
        case Appointment.Scope.SELF:
            found = Q(pk__in=[])  # rows of the person's own are for their room to find
    return found & _within(appointment.region)


def _within(region: Region | None) -> Q:
    return Q() if region is None else Q(region__in=_and_below(Region, region.pk))


def _and_below(model: type[Department | Region], root: UUID) -> list[UUID]:
    """A node and all under it. The trees are small and read whole: every database can do that."""
    children: dict[UUID | None, list[UUID]] = defaultdict(list)
    for pk, parent in model.objects.order_by().values_list("pk", "parent"):
        children[parent].append(pk)
    found = [root]
    for pk in found:
        found += children[pk]
    return found


def has_duty(by: User, duty: Duty) -> bool:
    """Tell whether somebody has a duty at all, whatever its reach."""
    return appointments_with(by, duty).exists()
