"""What may be done to accounts and appointments, whoever asks."""

from __future__ import annotations

from gongchou.accounts.models import Appointment, User
from gongchou.accounts.roles import ADMINISTRATORS, ROLES, RoleCode
from gongchou.refusal import Refused


def check_may_hold(user: User, role: RoleCode) -> None:
    """Administrators exclude one another and do no business. Raises Refused ``accounts.roles_exclude``."""
    held = [RoleCode(code) for code in user.appointments.filter(ended_at=None).values_list("role", flat=True)]
    if role in held:
        raise Refused("accounts.role_held", role=ROLES[role].name)
    clash = next((own for own in held if own in ADMINISTRATORS or role in ADMINISTRATORS), None)
    if clash:
        raise Refused("accounts.roles_exclude", role=ROLES[role].name, held=ROLES[clash].name)


def check_is_held(appointment: Appointment) -> None:
    """Raises Refused ``accounts.appointment_ended``."""
    if appointment.ended_at is not None:
        raise Refused("accounts.appointment_ended")
