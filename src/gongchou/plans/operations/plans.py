"""What can be done to a plan: opened, written, submitted, approved, filed, published, revised, closed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from gongchou.accounts.models import Department, User
from gongchou.audit.operations import Done, held, operation
from gongchou.plans.layout.news import GivenRow
from gongchou.plans.models import Plan, PlanVersion, Waiver
from gongchou.plans.operations.holding import held_version
from gongchou.plans.operations.joint import call_off, join_since
from gongchou.plans.operations.many_lines import add_many, content_of
from gongchou.plans.operations.telling import tell_keepers
from gongchou.plans.permissions import plans as permissions
from gongchou.plans.queries import plans as queries
from gongchou.plans.rules import plans as rules
from gongchou.plans.rules.checks import check_lines_still_stand, check_nothing_blocks
from gongchou.plans.states.plans import LineState, PlanState
from gongchou.seen import check_unchanged, values_of

HEAD = ("name", "document_no", "goals", "reason")
"""What is said of a plan as a whole."""


@operation("plan.opened", "建立年度计划")
def open_plan(
    *, year: int, kind: str, department: Department, name: str, reason: str, by: User, at: datetime
) -> Done[PlanVersion]:
    """Begin a plan with an empty draft, or anew where every draft so far was withdrawn.

    Raises Refused ``plans.exists``, and ``plans.joint_exists`` for a second joint plan of a place.
    """
    held(department.region)  # one joint plan of a place
    permissions.check_can_open(by, department, kind=kind)
    rules.check_may_open(department, kind=kind, year=year)
    plan, _ = Plan.objects.get_or_create(year=year, kind=kind, department=department)
    number = queries.next_number(plan)
    version = PlanVersion.objects.create(
        plan=plan, number=number, name=name, reason=reason, created_at=at, created_by=by
    )
    return Done(version, {"year": year, "kind": Plan.Kind(kind).label, "name": name, "reason": reason})


@operation("plan.edited", "修改计划说明")
def edit_plan(
    *, version: PlanVersion, content: Mapping[str, Any], by: User, at: datetime, seen: str = ""
) -> Done[PlanVersion]:
    """Change what is said of a draft as a whole (``HEAD``). Raises Refused ``web.changed_meanwhile``."""
    version = held_version(version)
    permissions.check_can_edit(by, version)
    check_unchanged(seen, values_of(version, HEAD))
    before = {name: getattr(version, name) for name in content}
    for name, value in content.items():
        setattr(version, name, value)
    version.save()
    return Done(version, {"changed": {name: [before[name], value] for name, value in content.items()}})


@operation("plan.submitted", "提交计划")
def submit(*, version: PlanVersion, by: User, at: datetime) -> Done[PlanVersion]:
    """Send a draft to the head. Raises Refused ``plans.blocked`` where a rule is broken without a reason."""
    version = held_version(version)
    permissions.check_can_submit(by, version)
    waived = check_nothing_blocks(version, on=timezone.localdate(at))
    version.state, version.submitted_at, version.submitted_by = PlanState.REVIEW, at, by
    version.returned_reason = ""
    version.save()
    return Done(version, {"number": version.number, "count": version.lines.count(), "waived": waived})


@operation("plan.withdrawn", "撤回计划草稿")
def withdraw(*, version: PlanVersion, reason: str, by: User, at: datetime) -> Done[PlanVersion]:
    """Put a draft aside for good, with the reason; its number is not used again, and a first plan may begin anew."""
    version = held_version(version)
    permissions.check_can_withdraw(by, version)
    version.end_note = reason
    _end(version, PlanState.WITHDRAWN, by=by, at=at)
    told = call_off(version.plan.lines.all(), reason, by=by, at=at)
    return Done(version, {"reason": reason, "count": version.lines.count(), "departments": told})


@operation("plan.approved", "批准计划")
def approve(*, version: PlanVersion, by: User, at: datetime) -> Done[PlanVersion]:
    """A second person agrees. Raises Refused ``plans.same_person``, ``plans.blocked_since``."""
    version = held_version(version)
    permissions.check_can_approve(by, version)
    check_lines_still_stand(version, on=timezone.localdate(at))
    version.state, version.approved_at, version.approved_by = PlanState.APPROVED, at, by
    version.save()
    return Done(version, {"number": version.number})


@operation("plan.sent_back", "退回计划")
def send_back(*, version: PlanVersion, reason: str, by: User, at: datetime) -> Done[PlanVersion]:
    """Give a plan back to its author with what is wrong; the stamps of its way so far are in the log."""
    version = held_version(version)
    permissions.check_can_send_back(by, version)
    was, since = version.state, version.submitted_at
    version.state, version.returned_reason = PlanState.DRAFT, reason
    for stamp in ("submitted", "approved", "filed", "received"):
        setattr(version, f"{stamp}_at", None)
        setattr(version, f"{stamp}_by", None)
    version.filed_with = version.receipt = ""
    version.save()
    join_since(version, since)
    tell_keepers([version.plan.department], f"计划被退回修改：{version.name}", version.get_absolute_url(), by=by, at=at)
    return Done(version, {"reason": reason, "was": was})


@operation("plan.filed", "计划报备")
def file(*, version: PlanVersion, filed_with: str, by: User, at: datetime) -> Done[PlanVersion]:
    """Send an approved plan to the market bureau (备案); it need not wait for an answer to be published."""
    version = held_version(version)
    permissions.check_can_file(by, version)
    version.state, version.filed_at, version.filed_by = PlanState.FILED, at, by
    version.filed_with = filed_with
    version.save()
    return Done(version, {"filed_with": filed_with})


@operation("plan.received", "登记计划备案")
def receive(*, version: PlanVersion, receipt: str, by: User, at: datetime) -> Done[PlanVersion]:
    """The office that a plan was filed with notes it under a number."""
    version = held_version(version)
    permissions.check_can_receive(by, version)
    version.received_at, version.received_by, version.receipt = at, by, receipt
    version.save()
    return Done(version, {"receipt": receipt})


@operation("plan.published", "公布计划")
def publish(*, version: PlanVersion, channel: str, url: str, by: User, at: datetime) -> Done[PlanVersion]:
    """Put a filed plan before the public; the version before it is superseded and stays readable (S4-2.4).

    Raises Refused ``plans.line_has_tasks`` where a line that it drops got a task meanwhile.
    """
    version = held_version(version)
    permissions.check_can_publish(by, version)
    rules.check_dropped_have_no_tasks(version)
    old = queries.find_published(version.plan)
    changes = queries.compare(old, version) if old else []
    if old:
        _end(old, PlanState.SUPERSEDED, by=by, at=at)
    version.state, version.published_at, version.published_by = PlanState.PUBLISHED, at, by
    version.channel, version.url = channel, url
    version.save()
    _move_lines(version)
    gone = call_off(version.plan.lines.all(), "计划调整后不再列该部门为配合部门", by=by, at=at)
    told = [f"{one.word}：第{one.number}行 {one.name}" for one in changes if one.word != "不变"]
    facts = {"channel": channel, "url": url, "number": version.number, "changes": told, "departments": gone}
    return Done(version, facts)


def _end(version: PlanVersion, state: PlanState, *, by: User, at: datetime) -> None:
    version.state, version.ended_at, version.ended_by = state, at, by
    version.save()


def _move_lines(version: PlanVersion) -> None:
    """What the published version no longer has is cancelled; what it has again is to be started."""
    kept = version.lines.order_by().values("line")
    dropped = version.plan.lines.exclude(pk__in=kept)
    dropped.filter(state=LineState.NOT_STARTED).update(state=LineState.CANCELLED)
    version.plan.lines.filter(pk__in=kept, state=LineState.CANCELLED).update(state=LineState.NOT_STARTED)


@operation("plan.revised", "调整计划")
def revise(*, plan: Plan, reason: str, by: User, at: datetime) -> Done[PlanVersion]:
    """Begin the next version from all that is published, with the reason; it takes the same way (S2-3, S4-2.4)."""
    plan = held(plan, "department")
    permissions.check_can_revise(by, plan)
    published = queries.find_published(plan)
    assert published is not None  # noqa: S101 -- just checked
    version = PlanVersion.objects.create(
        plan=plan,
        number=queries.next_number(plan),
        name=published.name,
        document_no=published.document_no,
        goals=published.goals,
        reason=reason,
        created_at=at,
        created_by=by,
    )
    add_many(version, [GivenRow(0, line.line.number, content_of(line)) for line in queries.lines_of(published)])
    join_since(version, published.submitted_at)
    Waiver.objects.bulk_create(_taken_along(version, published))
    return Done(version, {"reason": reason, "number": version.number})


_TAKEN = ("rule", "line", "item", "place", "reason", "told", "given_at", "given_by")


def _taken_along(version: PlanVersion, published: PlanVersion) -> Iterator[Waiver]:
    """The reasons that stand, said by whom they were said."""
    for one in queries.waivers_of(published):
        yield Waiver(version=version, **{name: getattr(one, name) for name in _TAKEN})


@operation("plan.closed", "办结计划")
def close(*, version: PlanVersion, note: str, by: User, at: datetime) -> Done[PlanVersion]:
    """End the year: all lines are done or cancelled, and nobody works on a revision.

    Raises Refused ``plans.lines_unfinished``, ``plans.open_version``.
    """
    version = held_version(version)
    permissions.check_can_close(by, version)
    version.end_note = note
    _end(version, PlanState.CLOSED, by=by, at=at)
    return Done(version, {"note": note})
