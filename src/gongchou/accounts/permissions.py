"""Whether this person may. The installer acts before there is anybody, and may."""

from __future__ import annotations

from django.db.models import QuerySet

from gongchou.accounts.models import Appointment, Department, Region, User
from gongchou.accounts.queries import departments_within, has_everything, reach_of, regions_within
from gongchou.accounts.roles import Duty
from gongchou.audit.operations import Actor
from gongchou.refusal import Refused


def check_can_keep_account(by: Actor, department: Department) -> None:
    """Accounts are kept by the system administrator of their department. Raises Refused ``accounts.out_of_reach``."""
    _check_reaches(by, Duty.KEEP_ACCOUNTS, department)


def check_can_close_account(by: Actor, user: User) -> None:
    """As above, but never one's own. Raises Refused ``accounts.own_account``."""
    check_can_keep_account(by, user.department)
    if by == user:
        raise Refused("accounts.own_account")


def check_can_keep_department(by: Actor, department: Department) -> None:
    """Raises Refused ``accounts.out_of_reach``."""
    _check_reaches(by, Duty.KEEP_ORGANISATION, department)


def check_can_put_under(by: Actor, parent: Department | None, region: Region) -> None:
    """A unit goes under a department that is kept; a new top needs the whole region.

    Raises Refused ``accounts.out_of_reach``.
    """
    if parent is not None:
        check_can_keep_department(by, parent)
    else:
        check_can_keep_region(by, region)


def check_can_keep_region(by: Actor, region: Region | None) -> None:
    """Without a region: the top of the tree. Raises Refused ``accounts.out_of_reach``."""
    if not isinstance(by, User):
        return
    if region is None:
        reaches = has_everything(by, Duty.KEEP_ORGANISATION)
    else:
        reaches = regions_within(by, Duty.KEEP_ORGANISATION).filter(pk=region.pk).exists()
    if not reaches:
        raise Refused("accounts.out_of_reach")


def check_can_answer_for(by: Actor, user: User) -> None:
    """Roles of a person are the affair of her security administrator, and never her own.

    Raises Refused ``accounts.out_of_reach`` or ``accounts.own_role``.
    """
    _check_reaches(by, Duty.GRANT_ROLES, user.department)
    if by == user:
        raise Refused("accounts.own_role")


def check_can_request(
    by: Actor, user: User, *, scope: str, region: Region | None, departments: list[Department]
) -> None:
    """Nobody gives a reach that she does not have herself. Raises Refused ``accounts.reach_too_far``."""
    check_can_answer_for(by, user)
    if not isinstance(by, User):
        return
    given = Department.objects.filter(
        reach_of(scope, user.department_id, region, [department.pk for department in departments])
    )
    mine = departments_within(by, Duty.GRANT_ROLES)
    too_far = given.exclude(pk__in=mine.values("pk")).exists()
    unbound = scope == Appointment.Scope.ALL and region is None and not has_everything(by, Duty.GRANT_ROLES)
    if too_far or unbound:
        raise Refused("accounts.reach_too_far")


def check_can_confirm(by: Actor, appointment: Appointment) -> None:
    """The second person is another than the first, and reaches as far. Raises Refused ``accounts.own_request``."""
    departments = list(appointment.departments.all())
    check_can_request(by, appointment.user, scope=appointment.scope, region=appointment.region, departments=departments)
    if by == appointment.requested_by:
        raise Refused("accounts.own_request")


def check_can_tell(by: User, departments: QuerySet[Department]) -> None:
    """Raises Refused ``accounts.out_of_reach``."""
    mine = departments_within(by, Duty.SEND_MESSAGES)
    if departments.exclude(pk__in=mine.values("pk")).exists():
        raise Refused("accounts.out_of_reach")


def check_is_own(by: Actor, user: User) -> None:
    """Raises Refused ``accounts.not_own_account``."""
    if by != user:
        raise Refused("accounts.not_own_account")


def check_is_installer(by: Actor) -> None:
    """Raises Refused ``accounts.two_people``: a person's grant needs a second one."""
    if isinstance(by, User):
        raise Refused("accounts.two_people")


def _check_reaches(by: Actor, duty: Duty, department: Department) -> None:
    if isinstance(by, User) and not departments_within(by, duty).filter(pk=department.pk).exists():
        raise Refused("accounts.out_of_reach")
