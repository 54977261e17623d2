"""May this person do this to an inspection? Each ends by asking the rules."""

from __future__ import annotations

from gongchou.accounts.models import Department, User
from gongchou.accounts.queries import has_duty
from gongchou.accounts.roles import Duty
from gongchou.draws.models import Visit
from gongchou.inspections import rules
from gongchou.inspections.models import Inspection
from gongchou.inspections.queries.visits import ever_seated
from gongchou.refusal import Refused
from gongchou.registry.permissions.reach import check_reaches


def check_can_record(by: User, visit: Visit, department: Department) -> None:
    """Who inspects, records (谁检查、谁录入): now, or when she still had the seat.

    Raises Refused ``inspections.not_yours``.
    """
    if not ever_seated(by, visit, department).exists():
        raise Refused("inspections.not_yours")


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
