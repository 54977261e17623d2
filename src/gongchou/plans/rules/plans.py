"""What may happen to a plan now, whoever asks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from gongchou.accounts.models import Department
from gongchou.plans.models import Line, LineVersion, Plan, PlanVersion
from gongchou.plans.pool import pool_from_json
from gongchou.plans.queries import plans as queries
from gongchou.plans.states.plans import PLAN_MOVES, UNFINISHED, PlanState
from gongchou.plans.states.tasks import TaskState
from gongchou.refusal import Refused
from gongchou.registry.rules.items import check_rules


def check_may_become(version: PlanVersion, state: PlanState) -> None:
    """Raises Refused ``plans.state`` where the life of a plan knows no such move."""
    if state not in PLAN_MOVES[PlanState(version.state)]:
        raise Refused("plans.state", name=version.name, state=version.state_word, wanted=state.label)


def check_is_draft(version: PlanVersion) -> None:
    """Raises Refused ``plans.not_draft``: what was submitted is not changed any more."""
    if version.state != PlanState.DRAFT:
        raise Refused("plans.not_draft", name=version.name, state=version.state_word)


def check_may_open(department: Department, *, kind: str, year: int) -> None:
    """One plan of a kind a year, and one joint plan of a place; what was only ever withdrawn is no plan.

    Raises Refused ``plans.exists`` or ``plans.joint_exists``.
    """
    rows = PlanVersion.objects.exclude(state=PlanState.WITHDRAWN).filter(plan__year=year, plan__kind=kind)
    if rows.filter(plan__department=department).exists():
        raise Refused("plans.exists", department=department.name, year=year, kind=Plan.Kind(kind).label)
    same = rows.filter(plan__department__region=department.region).select_related("plan__department").first()
    if kind == Plan.Kind.JOINT and same is not None:
        raise Refused("plans.joint_exists", year=year, department=same.plan.department.name)


def check_may_revise(plan: Plan) -> None:
    """Raises Refused unless the plan is published and nobody works on its next version."""
    check_nobody_revises(plan)
    if queries.find_published(plan) is None:
        raise Refused("plans.not_published", name=str(plan))


def check_nobody_revises(plan: Plan) -> None:
    """Raises Refused ``plans.open_version``."""
    open_version = queries.find_open(plan)
    if open_version:
        raise Refused("plans.open_version", name=open_version.name, state=open_version.state_word)


def check_dropped_have_no_tasks(version: PlanVersion) -> None:
    """A task may have been made while the revision was on its way. Raises Refused ``plans.line_has_tasks``."""
    kept = version.lines.order_by().values("line")
    for line in version.plan.lines.exclude(pk__in=kept):
        check_no_tasks(line)


def check_may_receive(version: PlanVersion) -> None:
    """Raises Refused ``plans.not_filed`` or ``plans.received``."""
    if version.filed_at is None or version.state not in (PlanState.FILED, PlanState.PUBLISHED):
        raise Refused("plans.not_filed", name=version.name, state=version.state_word)
    if version.received_at is not None:
        raise Refused("plans.received", name=version.name, receipt=version.receipt)


def check_has_lines(version: PlanVersion) -> None:
    """Raises Refused ``plans.no_lines``."""
    if not version.lines.exists():
        raise Refused("plans.no_lines", name=version.name)


def check_lines_over(version: PlanVersion) -> None:
    """Raises Refused ``plans.lines_unfinished`` with the numbers of those that are neither done nor cancelled."""
    numbers = list(
        version.lines.filter(line__state__in=UNFINISHED).order_by("line__number").values_list("line__number", flat=True)
    )
    if numbers:
        raise Refused("plans.lines_unfinished", name=version.name, lines=numbers_words(numbers))


def check_no_tasks(line: Line) -> None:
    """Raises Refused ``plans.line_has_tasks``."""
    task = line.tasks.exclude(state=TaskState.CANCELLED).first()
    if task is not None:
        raise Refused("plans.line_has_tasks", number=line.number, task=task.number)


MOST_NUMBERS = 10


def numbers_words(numbers: list[int]) -> str:
    """第3、5、8行, cut where there are many."""
    told = "、".join(map(str, numbers[:MOST_NUMBERS]))
    return f"第{told}行" + (f"等{len(numbers)}行" if len(numbers) > MOST_NUMBERS else "")


def check_content(content: Mapping[str, Any], plan: Plan) -> None:
    """What no line may say, not even in a draft. Raises Refused."""
    check_rules(content)
    if content.get("pool"):
        pool_from_json(content["pool"])
    check_days(content.get("begins_on"), content.get("ends_on"), plan.year)
    _check_participants(content)


def check_line(content: Mapping[str, Any], plan: Plan, old: LineVersion | None) -> None:
    """The same for what changes only some columns of a line, and that its initiator may be one. Raises Refused."""
    kept: dict[str, Any] = {}
    if old is not None:
        kept = {name: getattr(old, name) for name in ("initiator", "begins_on", "ends_on")}
        kept["participants"] = old.participants.all() if "initiator" in content else ()
    check_content({**kept, **content}, plan)
    if "initiator" in content:
        check_initiator(content["initiator"], plan)


def check_initiator(department: Department, plan: Plan) -> None:
    """A department begins what is in its own plan, any member of the place what is in a joint one.

    Raises Refused ``plans.initiator_foreign``.
    """
    is_member = department.is_conference_member and department.is_active and not department.is_internal_unit
    is_joint = plan.is_joint and is_member and department.region_id == plan.department.region_id
    if department.pk != plan.department_id and not is_joint:
        raise Refused("plans.initiator_foreign", department=department.name)


def check_days(begins: date | None, ends: date | None, year: int) -> None:
    """Raises Refused ``plans.dates_reversed`` or ``plans.dates_outside``."""
    if begins and ends and ends < begins:
        raise Refused("plans.dates_reversed", begins=begins, ends=ends)
    for day in (begins, ends):
        if day and day.year != year:
            raise Refused("plans.dates_outside", day=day, year=year)


def _check_participants(content: Mapping[str, Any]) -> None:
    """Only members of the conference are asked, and nobody asks herself. Raises Refused."""
    for one in content.get("participants", ()):
        if one == content.get("initiator"):
            raise Refused("plans.own_participant", department=one.short_name)
        if not one.is_conference_member or not one.is_active:
            raise Refused("plans.not_a_member", department=one.name)
