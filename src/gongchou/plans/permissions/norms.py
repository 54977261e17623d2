"""May this person set what applies to a place, or how a department numbers its tasks?"""

from __future__ import annotations

from gongchou.accounts.models import Department, Region, User
from gongchou.accounts.roles import Duty
from gongchou.plans.queries.norms import settable_regions
from gongchou.refusal import Refused
from gongchou.registry.permissions.reach import check_reaches


def check_can_set_norm(by: User, region: Region) -> None:
    """Only for a place that somebody has whole. Raises Refused ``plans.norm_out_of_reach``."""
    if not settable_regions(by).filter(pk=region.pk).exists():
        raise Refused("plans.norm_out_of_reach", region=region.name)


def check_can_number(by: User, department: Department) -> None:
    """Who keeps the department's plans."""
    check_reaches(by, department, Duty.KEEP_PLAN)
