"""May this person do this to a plan or one of its lines? Each ends by asking the rules."""

from __future__ import annotations

from gongchou.accounts.models import Department, User
from gongchou.accounts.queries import departments_within
from gongchou.accounts.roles import Duty
from gongchou.plans.models import Line, LineVersion, Plan, PlanVersion
from gongchou.plans.rules import plans as rules
from gongchou.plans.states.plans import PlanState
from gongchou.refusal import Refused
from gongchou.registry.permissions.reach import check_reaches


def check_can_keep(by: User, department: Department) -> None:
    """Plans are written, and tasks set up, by whoever keeps the department's plans."""
    check_reaches(by, department, Duty.KEEP_PLAN)


def check_can_decide(by: User, plan: Plan) -> None:
    """Approval, publication and the end are for whoever approves the department's plans."""
    check_reaches(by, plan.department, Duty.APPROVE_PLAN)


def check_can_open(by: User, department: Department, *, kind: str) -> None:
    """A joint plan is opened by the office of the conference, a department's own by its keeper."""
    check_can_keep(by, department)
    if kind == Plan.Kind.JOINT:
        check_reaches(by, department, Duty.COORDINATE)


def check_can_edit(by: User, version: PlanVersion) -> None:
    """Only a draft is changed."""
    check_can_keep(by, version.plan.department)
    rules.check_is_draft(version)


def check_can_submit(by: User, version: PlanVersion) -> None:
    """A whole draft goes to the head."""
    check_can_keep(by, version.plan.department)
    rules.check_may_become(version, PlanState.REVIEW)
    rules.check_has_lines(version)


def check_can_withdraw(by: User, version: PlanVersion) -> None:
    """A draft that nobody wants any more is put aside."""
    check_can_keep(by, version.plan.department)
    rules.check_may_become(version, PlanState.WITHDRAWN)


def check_can_approve(by: User, version: PlanVersion) -> None:
    """Somebody other than who submitted it. Raises Refused ``plans.same_person``."""
    check_can_decide(by, version.plan)
    rules.check_may_become(version, PlanState.APPROVED)
    if version.submitted_by_id == by.pk:
        raise Refused("plans.same_person", name=version.name)


def check_can_send_back(by: User, version: PlanVersion) -> None:
    """Until it is out, a plan goes back to its author; what was filed, by who received it as well."""
    if version.state == PlanState.FILED and _reaches(by, version.plan.department, Duty.COORDINATE):
        return
    check_can_decide(by, version.plan)
    rules.check_may_become(version, PlanState.DRAFT)


def check_can_file(by: User, version: PlanVersion) -> None:
    """What the head approved is filed by the department."""
    if not _reaches(by, version.plan.department, Duty.APPROVE_PLAN):
        check_can_keep(by, version.plan.department)
    rules.check_may_become(version, PlanState.FILED)


def check_can_receive(by: User, version: PlanVersion) -> None:
    """The office of the conference notes what was filed with it."""
    check_reaches(by, version.plan.department, Duty.COORDINATE)
    rules.check_may_receive(version)


def check_can_publish(by: User, version: PlanVersion) -> None:
    """What was filed is published by who approves."""
    check_can_decide(by, version.plan)
    rules.check_may_become(version, PlanState.PUBLISHED)


def check_can_revise(by: User, plan: Plan) -> None:
    """A revision begins from what is published."""
    check_can_keep(by, plan.department)
    rules.check_may_revise(plan)


def check_can_close(by: User, version: PlanVersion) -> None:
    """A plan is closed once its lines are done or written off."""
    check_can_decide(by, version.plan)
    rules.check_may_become(version, PlanState.CLOSED)
    rules.check_nobody_revises(version.plan)
    rules.check_lines_over(version)


def check_can_write_line(by: User, version: PlanVersion, initiator: Department) -> None:
    """Who keeps the plan writes all lines; of a joint plan each department writes those it initiates."""
    if version.plan.is_joint and initiator.region_id == version.plan.department.region_id:
        _check_keeps_either(by, version.plan.department, initiator)
    else:
        check_can_keep(by, version.plan.department)
    rules.check_is_draft(version)


def _check_keeps_either(by: User, one: Department, other: Department) -> None:
    if not _reaches(by, one, Duty.KEEP_PLAN):
        check_can_keep(by, other)


def check_can_edit_line(by: User, line: LineVersion) -> None:
    """As who writes it."""
    check_can_write_line(by, line.version, line.initiator)


def check_can_drop_line(by: User, line: LineVersion) -> None:
    """A line whose tasks are under way stays."""
    check_can_edit_line(by, line)
    rules.check_no_tasks(line.line)


def check_can_waive(by: User, version: PlanVersion, line: Line | None) -> None:
    """Exceptions are written where the plan is."""
    check_can_edit(by, version)
    if line is not None and line.plan_id != version.plan_id:
        raise Refused("plans.line_foreign", number=line.number)


def _reaches(by: User, department: Department, duty: Duty) -> bool:
    return departments_within(by, duty).filter(pk=department.pk).exists()
