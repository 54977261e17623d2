"""Preparing a batch: opened, joined by tasks, set up, frozen, thawed, given up before anybody was promised anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import count
from typing import Any

from django.db.models import Max
from django.urls import reverse

from gongchou.accounts.models import Department, User
from gongchou.audit.operations import Done, held, operation
from gongchou.draw.allocate import reserve_for
from gongchou.draws import permissions, rules
from gongchou.draws.freezing import Tables, plain_text, prefix_of
from gongchou.draws.models import Attendance, Batch, Contribution, Draw, Evidence, Stratum
from gongchou.draws.operations import telling
from gongchou.draws.queries.batches import content_of, is_taken, latest_attempt
from gongchou.draws.queries.frames import draws_of
from gongchou.draws.states import BatchState, Mode
from gongchou.plans.models import Task
from gongchou.plans.operations.tasks import free, put
from gongchou.plans.states.tasks import TaskState
from gongchou.refusal import Refused
from gongchou.registry.ratio import Flat, ratio_to_json, read_amount
from gongchou.seen import check_unchanged

Content = Mapping[str, Any]
CHECKED = ("closes_at", "beacon_at", "disclosed_at", "profile", "last")
"""A change of one is checked together with the others."""


@operation("batch.opened", "建立抽取批次")
def open_batch(*, task: Task, content: Content, by: User, at: datetime) -> Done[Batch]:
    """Begin a batch with a task; its department organises it. Raises Refused ``draws.task_…``, ``draws.times_…``."""
    task = held(task, "department__region")
    department = task.department
    permissions.check_can_keep(by, department)
    rules.check_codes([department.code])
    rules.check_task(task, content["mode"])
    batch = _open(department, content, by, at)
    _add(batch, task)
    return Done(batch, {"number": batch.code, "task": task.number, "mode": batch.mode})


@operation("batch.supplemented", "建立补充抽取")
def open_supplement(
    *, parent: Draw, content: Content, by: User, at: datetime, amount: str = "", reason: str = ""
) -> Done[Batch]:
    """Draw more for a task that has its result: with sources of its own, and without whom it drew already (B.10).

    amount: how many, such as 20户 or 5%, with the reason for it; else the task's own number of who is left. It is fixed
    before the seed exists, so whoever chooses it knows nothing of whom it will find
    Raises Refused ``draws.no_result``, ``draws.supplement_…``, ``draws.times_…``.
    """
    held(parent.batch)
    parent = held(parent, "batch", "task__department__region")
    task = held(parent.task, "department__region")
    permissions.check_can_supplement(by, parent)
    rules.check_same_mode(parent, content["mode"])
    batch = _open(task.department, content, by, at)
    draw = _add(batch, task, parent=parent)
    if amount:
        draw.ratio, draw.ratio_reason = _own_ratio(amount, reason), plain_text(reason.strip())
        draw.save()
    told = {"number": batch.code, "task": task.number, "draw": parent.code, "content": draw.plan}
    return Done(batch, told | ({"amount": amount, "reason": draw.ratio_reason} if amount else {}))


def _own_ratio(amount: str, reason: str) -> dict[str, Any]:
    try:
        found = read_amount(amount)
    except Refused as error:  # its sentence offers forms that are too vague here
        raise Refused("draws.supplement_amount", amount=amount) from error
    if found.least != found.most:
        raise Refused("draws.supplement_amount", amount=amount)
    if not reason.strip():
        raise Refused("draws.supplement_reason")
    return ratio_to_json(Flat(found))


def _open(department: Department, content: Content, by: User, at: datetime) -> Batch:
    _check_content(content, at)
    held(department)  # serials come one by one
    year = content["beacon_at"].year
    serial = _next_serial(department, year)
    return Batch.objects.create(
        code=f"{department.code}-{year}-{serial:04}",
        department=department,
        year=year,
        serial=serial,
        created_at=at,
        created_by=by,
        **content,
    )


def _next_serial(department: Department, year: int) -> int:
    rows = Batch.objects.filter(department=department, year=year)
    return (rows.aggregate(Max("serial"))["serial__max"] or 0) + 1


def _check_content(content: Content, at: datetime) -> None:
    rules.check_times(content["closes_at"], content["beacon_at"], at)
    rules.check_disclosure(content["disclosed_at"], content["beacon_at"])
    rules.check_seed_sources([*content.get("sources", ()), content["last"]])
    rules.check_profile(content["profile"], content["last"])


def _add(batch: Batch, task: Task, *, parent: Draw | None = None) -> Draw:
    rules.check_task_lasts(task, batch.beacon_at)
    rules.check_may_be_open(task, is_sealed=batch.is_sealed)
    seq = (batch.draws.aggregate(Max("seq"))["seq__max"] or 0) + 1
    plan = _plan_item(batch, task, parent)
    rules.check_plan_text(plan)
    code = f"{batch.code}-{seq:02}"
    return Draw.objects.create(
        batch=batch,
        task=task,
        seq=seq,
        code=code,
        plan=plan,
        parent=parent,
        supersedes=latest_attempt(task.department, plan, batch.mode),
    )


def _plan_item(batch: Batch, task: Task, parent: Draw | None) -> str:
    """What may be drawn once: the task in earnest, each practice run, each supplementary draw."""
    if batch.mode == Mode.TEST:
        return f"{task.number} 演练 {batch.code}"
    return task.number if parent is None else next(plan for plan in _supplements(task) if not is_taken(task, plan))


def _supplements(task: Task) -> Iterator[str]:
    """A supplement that was given up leaves its number to the next, which supersedes it: else one could draw until one
    likes what comes.
    """
    return (f"{task.number} 补充抽取{number}" for number in count(1))


@operation("batch.joined", "任务加入抽取批次")
def add_task(*, batch: Batch, task: Task, by: User, at: datetime) -> Done[Batch]:
    """Another task, of the same department or of another, is drawn with the same seed."""
    batch, task = held(batch, "department__region"), held(task, "department__region")
    permissions.check_can_add(by, batch, task)
    rules.check_codes([task.department.code])
    if batch.draws.filter(task=task).exists():
        raise Refused("draws.task_taken", number=task.number, batch=batch.code)
    _add(batch, task)
    return Done(batch, {"task": task.number, "department": task.department.short_name})


@operation("batch.left", "任务退出抽取批次")
def remove_task(*, draw: Draw, by: User, at: datetime) -> Done[Batch]:
    """A task leaves before anything is frozen. Raises Refused ``draws.last_task``."""
    batch = held(draw.batch, "department__region")
    rules.check_is_draft(batch)
    if draw.task.department_id != batch.department_id:
        permissions.check_can_keep(by, draw.task.department)
    else:
        permissions.check_can_prepare(by, batch)
    if batch.draws.count() == 1:
        raise Refused("draws.last_task", code=batch.code)
    number = draw.task.number
    draw.delete()
    return Done(batch, {"task": number})


@operation("batch.edited", "修改抽取批次")
def edit(*, batch: Batch, content: Content, by: User, at: datetime, seen: str = "") -> Done[Batch]:
    """Change what is said of a batch (``CONTENT``). Raises Refused ``web.changed_meanwhile``, ``draws.times_…``."""
    batch = held(batch, "department__region")
    permissions.check_can_prepare(by, batch)
    before = content_of(batch)
    check_unchanged(seen, before)
    _check_content({**{name: getattr(batch, name) for name in CHECKED}, **content}, at)
    for name, value in content.items():
        setattr(batch, name, value)
    for draw in draws_of(batch):
        rules.check_may_be_open(draw.task, is_sealed=batch.is_sealed)
    batch.save()
    after = content_of(batch)
    return Done(batch, {"changed": {name: [before[name], now] for name, now in after.items() if before[name] != now}})


@operation("batch.parties_named", "确定种子参与方")
def name_parties(*, batch: Batch, departments: Iterable[Department], by: User, at: datetime) -> Done[Batch]:
    """Who each gives a secret number to the seed; who is named no longer is dropped, also with a promise, and told."""
    batch = held(batch, "department__region")
    permissions.check_can_prepare(by, batch)
    wanted = {one.pk: one for one in departments}
    rules.check_codes([one.code for one in wanted.values()])
    dropped = list(batch.contributions.exclude(department__in=wanted).select_related("department"))
    batch.contributions.exclude(department__in=wanted).delete()
    known = set(batch.contributions.values_list("department", flat=True))
    Contribution.objects.bulk_create(
        Contribution(batch=batch, department=one) for pk, one in wanted.items() if pk not in known
    )
    asked = telling.keepers(one for pk, one in wanted.items() if pk not in known)
    telling.tell(asked, f"请提交种子承诺：{batch.code}", batch, by=by, at=at, link=reverse("draws:batches"))
    gone = telling.keepers(one.department for one in dropped)
    told = f"不再参与种子，承诺作废：{batch.code}"
    telling.tell(gone, told, batch, by=by, at=at, link=reverse("draws:batches"))
    promised = {one.department.short_name: one.commitment for one in dropped if one.commitment}
    named = {"departments": sorted(one.short_name for one in wanted.values())}
    return Done(batch, named | ({"dropped": promised} if promised else {}))


@operation("batch.promised", "提交种子承诺")
def promise(*, contribution: Contribution, commitment: str, by: User, at: datetime) -> Done[Contribution]:
    """A party commits to its secret number, which stays with it. Raises Refused ``draws.not_a_hash``."""
    held(contribution.batch)
    contribution = held(contribution, "batch__department__region", "department")
    permissions.check_can_contribute(by, contribution)
    rules.check_is_draft(contribution.batch)
    rules.check_commitment(commitment)
    contribution.commitment, contribution.promised_at, contribution.promised_by = commitment, at, by
    contribution.save()
    return Done(contribution, {"digest": commitment})


@operation("batch.frozen", "冻结抽取名单")
def freeze(*, batch: Batch, tables: Tables, by: User, at: datetime) -> Done[Batch]:
    """Fix lists, strata, numbers and people as they were just computed (R-40); later changes of the registers do not
    change them.

    Raises Refused ``draws.party_without_promise`` and where the batch or a task has moved on meanwhile.
    """
    batch = held(batch, "department__region")
    permissions.check_can_freeze(by, batch)
    _check_promises(batch)
    draws = list(batch.draws.select_related("batch", "task__department", "parent__batch", "parent__task"))
    if {draw.seq for draw in draws} != set(tables.pools):
        raise Refused("draws.changed_meanwhile")
    rules.check_tasks_last(draws)
    rules.check_waited(batch)
    for draw in draws:
        task = held(draw.task, "department")
        rules.check_may_be_open(task, is_sealed=batch.is_sealed)
        if draw.parent is None:
            rules.check_task(task, Mode.TEST)
        else:
            rules.check_supplement(draw.parent, besides=batch)
        if draw.moves_task:
            put(task, TaskState.POOL_FROZEN)
        _freeze_draw(batch, draw, tables)
    Evidence.objects.bulk_create(
        Evidence(batch=batch, path=path, sha256=kept.sha256, size=kept.size, kept_at=at)
        for path, kept in sorted(tables.files.items())
    )
    batch.sources = _with_parties(batch)
    rules.check_seed_sources(batch.all_sources)
    batch.key_commitment = tables.key_commitment
    batch.state, batch.frozen_at, batch.frozen_by = BatchState.FROZEN, at, by
    batch.save()
    telling.tell(telling.approvers(batch), f"抽取名单待复核：{batch.code}", batch, by=by, at=at)
    digests = {path: kept.sha256 for path, kept in tables.files.items() if path.endswith("frame.tsv")}
    return Done(batch, {"count": sum(one.size for one in tables.pools.values()), "digests": digests})


def _check_promises(batch: Batch) -> None:
    silent = batch.contributions.filter(commitment="").select_related("department").first()
    if silent is not None:
        raise Refused("draws.party_without_promise", department=silent.department.short_name)


def _with_parties(batch: Batch) -> list[dict[str, Any]]:
    """The parties' numbers first, in the order of their codes; then what was named before the last."""
    rows = batch.contributions.select_related("department").order_by("department__code")
    parties = [{"commitment": one.commitment, "party": one.department.code, "type": "cr"} for one in rows]
    return [*parties, *(source for source in batch.sources if source["type"] != "cr")]


def _freeze_draw(batch: Batch, draw: Draw, tables: Tables) -> None:
    pool = tables.pools[draw.seq]
    draw.folder = prefix_of(draw, len(tables.pools))
    draw.universe, draw.left_out = pool.universe, pool.left_out
    draw.save()
    Stratum.objects.bulk_create(
        Stratum(
            batch=batch,
            draw=draw,
            code=part.id,
            label=part.label,
            size=part.size,
            n=part.n,
            reserve=reserve_for(part.size, part.n, batch.settings["reserve_percent"], 100),
            rule=part.rule[:300],
        )
        for part in pool.strata
    )


@operation("batch.thawed", "解除名单冻结")
def thaw(*, batch: Batch, reason: str, by: User, at: datetime) -> Done[Batch]:
    """Back to a draft: nothing was promised to the public yet. What was frozen is named in the log."""
    batch = held(batch, "department__region")
    permissions.check_can_thaw(by, batch)
    digests = dict(batch.evidence.filter(path__endswith="frame.tsv").values_list("path", "sha256"))
    _unfreeze(batch)
    batch.state, batch.frozen_at, batch.frozen_by = BatchState.DRAFT, None, None
    batch.save()
    return Done(batch, {"reason": reason, "digests": digests})


def _unfreeze(batch: Batch) -> None:
    if batch.state == BatchState.FROZEN:
        for draw in batch.draws.select_related("task", "batch"):
            if draw.moves_task:
                free(draw.task)
    batch.evidence.all().delete()
    Stratum.objects.filter(batch=batch).delete()


@operation("batch.dropped", "放弃抽取批次")
def drop(*, batch: Batch, reason: str, by: User, at: datetime) -> Done[Batch]:
    """Give up a batch that was promised to nobody; it stays on record."""
    batch = held(batch, "department__region")
    permissions.check_can_drop(by, batch)
    _unfreeze(batch)
    batch.state, batch.ended_at, batch.ended_by, batch.end_reason = BatchState.DROPPED, at, by, reason
    batch.save()
    return Done(batch, {"reason": reason})


@operation("attendance.asked", "邀请见证")
def ask_witness(*, batch: Batch, user: User, role: str, by: User, at: datetime) -> Done[Attendance]:
    """Ask somebody to be there; the day is signed on the own account.

    Raises Refused ``draws.own_witness``, ``draws.witness_over``.
    """
    batch = held(batch, "department__region")
    permissions.check_can_ask_witness(by, batch, at)
    if user.pk in {by.pk, *batch.hands}:
        raise Refused("draws.own_witness", name=user.name)
    if batch.attendances.filter(user=user).exists():
        raise Refused("draws.witness_asked", name=user.name)
    row = Attendance.objects.create(batch=batch, user=user, role=role, asked_at=at, asked_by=by)
    telling.tell([user], f"请见证抽取：{batch.code}", batch, by=by, at=at, link=reverse("draws:attendances"))
    return Done(row, {"username": user.username, "role": role})


@operation("attendance.signed", "见证签到")
def sign_attendance(*, attendance: Attendance, remark: str, by: User, at: datetime) -> Done[Attendance]:
    """The witness says so, with a remark where there is one, between the commitment and a day after the beacon.

    Raises Refused ``draws.not_the_witness``, ``draws.own_witness``, ``draws.witness_early``, ``draws.witness_over``.
    """
    held(attendance.batch)
    attendance = held(attendance, "batch__department__region", "user")
    permissions.check_can_sign(by, attendance, at)
    if attendance.signed_at is not None:
        raise Refused("draws.signed_already", name=attendance.user.name)
    attendance.signed_at, attendance.remark = at, remark
    attendance.save()
    return Done(attendance, {"role": attendance.role, "note": remark})
