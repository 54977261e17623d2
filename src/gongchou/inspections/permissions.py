"""May this person do this to an inspection? Each ends by asking the rules."""

from __future__ import annotations

from uuid import UUID

from gongchou.accounts.models import User
from gongchou.accounts.queries import has_duty
from gongchou.accounts.roles import Duty
from gongchou.inspections import rules
from gongchou.inspections.models import Inspection
from gongchou.inspections.queries.visits import ever_seated
from gongchou.refusal import Refused
from gongchou.registry.permissions.reach import check_reaches


def check_can_record(by: User, visit: UUID, department: UUID) -> bool:
    """Who inspects, records (谁检查、谁录入): now, or when she still had the seat.

    Tell whether she has it still. Raises Refused ``inspections.not_yours``.
    """
    ends = list(ever_seated(by, visit, department).values_list("ended_at", flat=True))
    if not ends:
        raise Refused("inspections.not_yours")
    return None in ends


def check_can_review(by: User, inspection: Inspection) -> None:
    """Somebody of the department who recorded nothing of it (R-92)."""
    check_reaches(by, inspection.department, Duty.REVIEW_RESULTS)
    rules.check_may_be_reviewed(inspection)
    rules.check_recorded_nothing(inspection, by)


def check_can_keep_calendar(by: User) -> None:
    """The conference office does, as the State Council announces. Raises Refused ``inspections.not_your_calendar``."""
    if not has_duty(by, Duty.COORDINATE):
        raise Refused("inspections.not_your_calendar")


def check_can_choose(by: User, inspection: Inspection) -> None:
    """Which of several records counts is decided by the office of the department."""
    check_reaches(by, inspection.department, Duty.REVIEW_RESULTS)
