"""What can be done to a task until its pool is frozen: created, set up, agreed, made ready, put aside, cancelled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from gongchou.accounts.models import Department, User
from gongchou.audit.operations import Done, held, operation
from gongchou.plans.models import Exclusion, LineVersion, Scheme, Task
from gongchou.plans.operations.holding import held_line
from gongchou.plans.operations.parties import add_party
from gongchou.plans.permissions import tasks as permissions
from gongchou.plans.permissions.plans import check_can_keep
from gongchou.plans.queries import tasks as queries
from gongchou.plans.rules import tasks as rules
from gongchou.plans.rules.norms import DEFAULT, number_of
from gongchou.plans.states.joint import TAKING_PART, InvitationState
from gongchou.plans.states.plans import LineState
from gongchou.plans.states.tasks import HELD_BY_DRAW, TaskState
from gongchou.refusal import Refused
from gongchou.registry.models import Item, Subject
from gongchou.registry.queries.items import usable_items
from gongchou.seen import check_unchanged

Content = Mapping[str, Any]


@operation("task.created", "按计划建立任务")
def create_from_line(*, line: LineVersion, content: Content, by: User, at: datetime) -> Done[Task]:
    """Make the next task of a line; it starts with all that the line says, and with who agreed to take part.

    Raises Refused ``plans.line_…`` and ``plans.task_outside_line``.
    """
    line = held_line(line)
    check_can_keep(by, line.initiator)
    begins, ends = content["begins_on"], content["ends_on"]
    rules.check_content(content)
    rules.check_may_be_tasked(line, begins_on=begins, ends_on=ends)
    told = {
        "check_type": line.check_type,
        "form": line.form,
        "category": line.category,
        "ratio": line.ratio,
        "frequency": line.frequency,
        "pool": line.pool,
        "bases": line.bases,
        "pool_words": line.subject_words,
        "by_district": line.by_district,
        "is_risk_based": line.is_risk_based,
        "campaign": line.campaign,
        "line": line.line,
        "round": queries.next_round(line.line),
        "rounds": line.rounds,
    }
    task = _create(line.initiator, Task.Source.PLAN, {**told, **content}, by=by, at=at)
    _take_parties(task, line, on=timezone.localdate(at))
    line.line.state = LineState.TASKED if line.line.state == LineState.NOT_STARTED else line.line.state
    line.line.save(update_fields=["state"])
    return Done(task, {"number": task.number, "line": line.number, "begins_on": begins, "ends_on": ends})


@operation("task.created_apart", "建立临时任务")
def create_apart(
    *, department: Department, source: str, source_note: str, content: Content, by: User, at: datetime
) -> Done[Task]:
    """Make a task without a line, from a lead, a campaign or an instruction from above (R-57); it is counted apart.

    Raises Refused ``plans.task_source``, ``plans.task_source_note`` and ``plans.task_over``.
    """
    check_can_keep(by, department)
    rules.check_source(source, source_note)
    rules.check_content(content)
    rules.check_is_not_over(content["ends_on"], timezone.localdate(at))
    task = _create(department, source, {**content, "source_note": source_note}, by=by, at=at)
    add_party(task, department, InvitationState.ACCEPTED, is_lead=True)
    return Done(task, {"number": task.number, "source": source, "source_note": source_note})


def _create(department: Department, source: str, content: Content, *, by: User, at: datetime) -> Task:
    held(department)  # serials come one by one
    year = content["begins_on"].year
    serial = queries.next_serial(department, year)
    pattern = queries.pattern_of(department, year) or DEFAULT
    number = number_of(pattern, short_name=department.short_name, year=year, serial=serial)
    if Task.objects.filter(number=number).exists():
        raise Refused("plans.task_number_taken", number=number)
    own = {"number": number, "serial": serial, "year": year, "created_at": at, "created_by": by}
    return Task.objects.create(department=department, source=source, **own, **content)


def _take_parties(task: Task, line: LineVersion, *, on: date) -> None:
    """The initiator leads; who agreed to the line takes part. Each gets the items it may use and those it brought,
    and the forms that are in use for them.
    """
    is_named = Q(department__in=line.participants.all()) | Q(state=InvitationState.CHARGED)
    agreed = line.line.invitations.filter(is_named, state__in=TAKING_PART)
    joined = list(agreed.select_related("department"))
    items = list(line.items.all())
    add_party(task, line.initiator, InvitationState.ACCEPTED, _usable(items, line.initiator, on), is_lead=True)
    for one in joined:
        own = {item.pk: item for item in [*one.items.all(), *_usable(items, one.department, on)]}
        add_party(task, one.department, InvitationState.ACCEPTED, own.values(), n_people=one.n_people)


def _usable(items: Iterable[Item], department: Department, on: date) -> list[Item]:
    known = set(usable_items(department, on=on).order_by().values_list("item", flat=True))
    return [item for item in items if item.pk in known]


@operation("task.edited", "修改任务设置")
def edit(*, task: Task, content: Content, by: User, at: datetime, seen: str = "") -> Done[Task]:
    """Change what is said of a task (``queries.tasks.CONTENT``); what its line has decided stays.

    Raises Refused ``plans.task_set``, ``plans.task_planned``, ``plans.task_outside_line``, ``web.changed_meanwhile``.
    """
    task = held(task, "department")
    permissions.check_can_set(by, task)
    before = queries.shown(task)
    check_unchanged(seen, before)
    rules.check_content({"begins_on": task.begins_on, "ends_on": task.ends_on, **content})
    rules.check_as_planned(task, content)
    line = queries.line_of(task)
    if line is not None:
        _check_within(line, content)
    for name, value in {**content, **queries.planned(line)}.items():
        setattr(task, name, value)
    task.save()
    after = queries.shown(held(task))
    return Done(task, {"changed": {name: [before[name], now] for name, now in after.items() if before[name] != now}})


def _check_within(line: LineVersion, content: Content) -> None:
    begins, ends = content.get("begins_on"), content.get("ends_on")
    first, last = line.begins_on, line.ends_on
    if (begins and first and begins < first) or (ends and last and ends > last):
        raise Refused("plans.task_outside_line", number=line.number, begins=first, ends=last)


@operation("exclusion.set", "从任务名单中排除对象")
def exclude(*, task: Task, subjects: Iterable[Subject], reason: str, by: User, at: datetime) -> Done[Task]:
    """Leave subjects out of the pool, with the reason that stands beside them for everybody (R-48)."""
    task = held(task, "department")
    permissions.check_can_set(by, task)
    out = set(task.exclusions.filter(ended_at=None).values_list("subject", flat=True))
    chosen = [one for one in subjects if one.pk not in out]
    if not chosen:
        raise Refused("plans.nothing_to_exclude")
    Exclusion.objects.bulk_create(
        Exclusion(task=task, subject=one, reason=reason, set_at=at, set_by=by) for one in chosen
    )
    return Done(task, {"numbers": [one.number for one in chosen], "reason": reason})


@operation("exclusion.ended", "恢复被排除的对象")
def include(*, exclusion: Exclusion, by: User, at: datetime) -> Done[Exclusion]:
    """Take a subject back into the pool."""
    held(exclusion.task)
    exclusion = held(exclusion, "task__department", "subject")
    permissions.check_can_set(by, exclusion.task)
    if exclusion.ended_at is not None:
        raise Refused("plans.not_excluded", name=exclusion.subject.name)
    exclusion.ended_at, exclusion.ended_by = at, by
    exclusion.save()
    return Done(exclusion, {"numbers": [exclusion.subject.number], "reason": exclusion.reason})


@operation("scheme.written", "编写工作方案")
def write_scheme(*, task: Task, content: Content, by: User, at: datetime, seen: str = "") -> Done[Scheme]:
    """Write or change the scheme that is not out yet; the next one after publication is a new version (R-32).

    Raises Refused ``web.changed_meanwhile``.
    """
    task = held(task, "department")
    check_can_keep(by, task.department)
    check_unchanged(seen, queries.shown_scheme(task))
    scheme = task.schemes.filter(published_at=None).first()
    if scheme is None:
        scheme = Scheme(task=task, number=task.schemes.count() + 1, written_at=at, written_by=by)
    for name, value in content.items():
        setattr(scheme, name, value)
    scheme.written_at, scheme.written_by = at, by
    scheme.save()
    return Done(scheme, {"number": scheme.number, "content": dict(content)})


@operation("scheme.published", "公布工作方案")
def publish_scheme(*, scheme: Scheme, url: str, by: User, at: datetime) -> Done[Scheme]:
    """Put the scheme before the public. Raises Refused ``plans.scheme_published``."""
    scheme = held(scheme, "task__department")
    permissions.check_can_publish_scheme(by, scheme)
    scheme.published_at, scheme.published_by, scheme.url = at, by, url
    scheme.save()
    return Done(scheme, {"number": scheme.number, "url": url})


@operation("task.readied", "任务设置完成")
def make_ready(*, task: Task, by: User, at: datetime) -> Done[Task]:
    """All is set: the pool can be frozen. Raises Refused ``plans.task_not_ready`` with everything that lacks."""
    task = held(task, "department")
    permissions.check_can_ready(by, task)
    rules.check_is_ready(task, on=timezone.localdate(at))
    pool = queries.look_at_pool(task)
    task.state, task.readied_at, task.readied_by = TaskState.READY, at, by
    task.save()
    n = pool.quota.n if pool.quota else None
    return Done(task, {"count": pool.n_left, "left_out": pool.n_out, "to_draw": n})


@operation("task.reopened", "退回任务设置")
def reopen(*, task: Task, reason: str, by: User, at: datetime) -> Done[Task]:
    """Something is to be set otherwise; a task that was put aside with its result is where it was instead."""
    task = held(task, "department")
    permissions.check_can_reopen(by, task)
    was, kept = task.state, task.suspended_from == TaskState.DISPATCHED
    task.state, task.suspended_from = (TaskState.DISPATCHED if kept else TaskState.CREATED), ""
    if not kept:
        task.readied_at = task.readied_by = None
    task.save()
    return Done(task, {"reason": reason, "was": was})


@operation("task.suspended", "暂停任务")
def suspend(*, task: Task, reason: str, by: User, at: datetime) -> Done[Task]:
    """Put a task aside for a while, with the reason."""
    task = held(task, "department")
    permissions.check_can_suspend(by, task)
    was, task.state = task.state, TaskState.SUSPENDED
    task.suspended_from = was
    task.save()
    return Done(task, {"reason": reason, "was": was})


@operation("task.cancelled", "取消任务")
def cancel(*, task: Task, reason: str, by: User, at: datetime) -> Done[Task]:
    """End a task that is not carried out; its number is not used again, and its line waits for another."""
    task = held(task, "department", "line")
    permissions.check_can_cancel(by, task)
    was, task.state = task.state, TaskState.CANCELLED
    task.ended_at, task.ended_by, task.end_reason = at, by, reason
    task.save()
    if task.line is not None and not queries.rounds_tasked(task.line):
        task.line.state = LineState.NOT_STARTED
        task.line.save(update_fields=["state"])
    return Done(task, {"reason": reason, "was": was})


def put(task: Task, state: TaskState) -> Task:
    """Move a task on, for the rooms that draw and inspect, inside their own operation. Raises Refused."""
    task = held(task)
    rules.check_may_become(task, state)
    task.state = state
    task.save(update_fields=["state"])
    return task


def free(task: Task) -> Task:
    """The task waits for its next draw, for its list or result was given up, inside the operation that gave it up.

    One that was cancelled stays so; one that was put aside stays so, and is set up anew when it is taken up again.
    """
    task = held(task)
    if task.state in HELD_BY_DRAW:
        return put(task, TaskState.READY)
    if task.suspended_from:
        task.suspended_from = TaskState.CREATED
        task.save(update_fields=["suspended_from"])
    return task
