"""May this person do this to a form? Each ends by asking the rules."""

from __future__ import annotations

from gongchou.accounts.models import Department, User
from gongchou.accounts.roles import Duty
from gongchou.checklists import rules
from gongchou.checklists.models import Checklist, ChecklistVersion
from gongchou.checklists.states import VersionState
from gongchou.refusal import Refused
from gongchou.registry.permissions.reach import check_reaches


def check_can_bring(by: User, department: Department) -> None:
    """Forms are brought by whoever keeps the department's list."""
    check_reaches(by, department, Duty.KEEP_LIST)


def check_can_bring_version(by: User, checklist: Checklist) -> None:
    """The next version by the same."""
    check_can_bring(by, checklist.department)
    rules.check_takes_a_version(checklist)


def check_can_publish(by: User, version: ChecklistVersion) -> None:
    """Somebody other than who brought it. Raises Refused ``checklists.same_person``."""
    check_reaches(by, version.checklist.department, Duty.APPROVE_LIST)
    rules.check_may_become(version, VersionState.IN_USE)
    if version.brought_by_id == by.pk:
        raise Refused("checklists.same_person", name=str(version))


def check_can_drop(by: User, version: ChecklistVersion) -> None:
    """A draft is given up by who brought it, or by who would publish it."""
    duty = Duty.KEEP_LIST if version.brought_by_id == by.pk else Duty.APPROVE_LIST
    check_reaches(by, version.checklist.department, duty)
    rules.check_may_become(version, VersionState.DROPPED)


def check_can_end(by: User, version: ChecklistVersion) -> None:
    """Whoever may publish a form may put it out of use."""
    check_reaches(by, version.checklist.department, Duty.APPROVE_LIST)
    rules.check_may_become(version, VersionState.ENDED)
