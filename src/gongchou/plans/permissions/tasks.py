"""May this person do this to a task? Each ends by asking the rules."""

from __future__ import annotations

from gongchou.accounts.models import User
from gongchou.accounts.queries import departments_within_any
from gongchou.accounts.roles import Duty
from gongchou.plans.models import Participant, Scheme, Task
from gongchou.plans.permissions.joint import check_speaks_for
from gongchou.plans.permissions.plans import check_can_keep
from gongchou.plans.rules import tasks as rules
from gongchou.plans.states.joint import InvitationState
from gongchou.plans.states.tasks import TaskState
from gongchou.refusal import Refused
from gongchou.registry.permissions.reach import check_reaches


def check_can_set(by: User, task: Task) -> None:
    """Only while it is being set up."""
    check_can_keep(by, task.department)
    rules.check_is_being_set(task)


def check_can_ready(by: User, task: Task) -> None:
    """Whether it lacks nothing is asked by the operation, which knows the day."""
    check_can_keep(by, task.department)
    rules.check_may_become(task, TaskState.READY)


def check_can_reopen(by: User, task: Task) -> None:
    """Back to being set up, until the pool is frozen."""
    check_can_keep(by, task.department)
    rules.check_may_become(task, TaskState.CREATED)


def check_can_suspend(by: User, task: Task) -> None:
    """Put aside for a while."""
    check_can_keep(by, task.department)
    rules.check_may_become(task, TaskState.SUSPENDED)


def check_can_cancel(by: User, task: Task) -> None:
    """For good: who approves the organiser's plans."""
    check_reaches(by, task.department, Duty.APPROVE_PLAN)
    rules.check_may_become(task, TaskState.CANCELLED)


def check_can_answer(by: User, one: Participant, state: InvitationState) -> None:
    """Who speaks for the department that is asked, while the task is being set up."""
    check_speaks_for(by, one.department)
    rules.check_is_being_set(one.task)
    rules.check_participant_may_become(one, state)


def check_can_revoke(by: User, one: Participant) -> None:
    """Who sets the task up. Raises Refused."""
    check_can_set(by, one.task)
    if one.is_lead:
        raise Refused("plans.own_participant", department=one.department.short_name)
    rules.check_participant_may_become(one, InvitationState.REVOKED)


def check_can_keep_party(by: User, one: Participant) -> None:
    """Of a department that takes part: itself, or the organiser."""
    within = departments_within_any(by, Duty.KEEP_PLAN)
    if not within.filter(pk__in=[one.department_id, one.task.department_id]).exists():
        raise Refused("registry.out_of_reach", department=one.department.short_name)
    rules.check_is_being_set(one.task)


def check_can_publish_scheme(by: User, scheme: Scheme) -> None:
    """Who approves the organiser's plans, or keeps them. Raises Refused ``plans.scheme_published``."""
    within = departments_within_any(by, Duty.KEEP_PLAN, Duty.APPROVE_PLAN)
    if not within.filter(pk=scheme.task.department_id).exists():
        raise Refused("registry.out_of_reach", department=scheme.task.department.short_name)
    if scheme.published_at is not None:
        raise Refused("plans.scheme_published", number=scheme.number)
