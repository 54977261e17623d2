"""May this person? Asked inside every operation, after the rows are locked."""

from __future__ import annotations

from gongchou.accounts.models import Department, User
from gongchou.accounts.queries import departments_within
from gongchou.accounts.roles import Duty
from gongchou.audit.operations import Actor
from gongchou.refusal import Refused


def check_reaches(by: Actor, department: Department, duty: Duty, *, field: str = "") -> None:
    """Somebody acts only for departments within reach; commands of the installation act for all.

    field: what the row belongs to on the lists (事项领域), which must be within reach as well

    Raises Refused ``registry.out_of_reach``.
    """
    if not isinstance(by, User):
        return
    if not departments_within(by, duty, field=field).filter(pk=department.pk).exists():
        raise Refused("registry.out_of_reach", department=department.short_name)
