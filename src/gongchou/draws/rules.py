"""What may happen to a batch now, whoever asks."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from gongchou.accounts.models import Department, Region
from gongchou.accounts.queries import and_below
from gongchou.draw.encoding import is_hash, is_id
from gongchou.draw.errors import DrawError
from gongchou.draw.params import SOURCE
from gongchou.draw.seed import check_sources, check_value, strength_of
from gongchou.draws.models import Batch, Draw, Evidence, Hit, Replacement, Seat, Substitution, WatchGroup, Withdrawal
from gongchou.draws.queries.frames import draws_of
from gongchou.draws.queries.joining import JOINABLE
from gongchou.draws.queries.results import IN_SAMPLE, standing, waiting_requests
from gongchou.draws.queries.sources import silent_parties
from gongchou.draws.queries.withdrawals import free_from, lately_withdrawn
from gongchou.draws.states import (
    BEING_PREPARED,
    ENDED,
    MOVES,
    UNDER_WAY,
    WITH_RESULT,
    BatchState,
    DrawState,
    Mode,
    Profile,
)
from gongchou.draws.store import is_whole
from gongchou.plans.models import Task
from gongchou.plans.queries.outlook import pool_of
from gongchou.plans.states.tasks import FINISHED, HELD_BY_DRAW, TaskState
from gongchou.refusal import Refused
from gongchou.registry.models import Item
from gongchou.registry.queries.items import departments_above, usable_items
from gongchou.registry.ratio import By, Table, ratio_from_json

LEAST_GAP = timedelta(seconds=600)  # between close and beacon, and between commitment and beacon (protocol B.5)
TO_SIGN = timedelta(hours=24)  # from the beacon on: what one has seen is signed while one remembers it
LONGEST_PLAN = 200
LARGEST_PROOF = 20 << 20  # bytes
LEAST_WATCHED, MOST_WATCHED = 3, 500  # subjects of a group: chance says nothing of one firm, nor much of two
LONGEST_VERDICT = 500


def check_may_become(batch: Batch, state: BatchState) -> None:
    """Raises Refused ``draws.state``, ``draws.state_already``."""
    if state == batch.state:
        raise Refused("draws.state_already", code=batch.code, state=state.label)
    if state not in MOVES[BatchState(batch.state)]:
        raise Refused("draws.state", code=batch.code, state=batch.state_word, wanted=state.label)


def check_is_draft(batch: Batch) -> None:
    """Raises Refused ``draws.frozen``: behind the freeze nothing is changed."""
    if batch.state != BatchState.DRAFT:
        raise Refused("draws.frozen", code=batch.code, state=batch.state_word)


def check_has_lists(batch: Batch) -> None:
    """Raises Refused ``draws.put_aside``: whoever puts a batch aside lets its lists go."""
    if batch.state == BatchState.DROPPED:
        raise Refused("draws.put_aside", code=batch.code)


def check_is_ready(task: Task) -> None:
    """Raises Refused ``draws.task_…``, with what can be done about a task in its state."""
    told = {"number": task.number, "state": task.state_word}
    if task.state in HELD_BY_DRAW:
        raise Refused("draws.task_held", **told)
    if task.state == TaskState.SUSPENDED:
        raise Refused("draws.task_suspended", **told)
    if task.state in (*FINISHED, TaskState.CANCELLED):
        raise Refused("draws.task_ended", **told)
    if task.state != TaskState.READY:
        raise Refused("draws.task_not_ready", **told)


def check_task(task: Task, mode: str) -> None:
    """A task is drawn when it is ready, and in earnest in one batch only. Raises Refused ``draws.task_…``."""
    check_is_ready(task)
    if mode == Mode.OFFICIAL:
        taken = Draw.objects.filter(
            task=task, state=DrawState.LIVE, batch__mode=mode, batch__state__in=[*BEING_PREPARED, *UNDER_WAY]
        )
        found = taken.select_related("batch").first()
        if found is not None:
            code = "task_prepared" if found.batch.state in BEING_PREPARED else "task_taken"
            raise Refused(f"draws.{code}", number=task.number, batch=found.batch.code)


def check_supplement(parent: Draw, *, besides: Batch | None = None) -> None:
    """More can be drawn of a task that has its result, one supplement at a time.

    besides: the supplement's own batch. Raises Refused ``draws.no_result``, ``draws.supplement_waits`` and others.
    """
    check_supplementable(parent)
    other = being_drawn([parent], besides=besides).get(parent.task_id)
    if other is not None:
        raise Refused("draws.supplement_waits", batch=other.batch.code)


def check_supplementable(parent: Draw) -> None:
    """The part of it that the draw itself tells. Raises Refused ``draws.no_result`` or ``draws.supplement_task``."""
    check_has_result(parent)
    if parent.moves_task and parent.task.state not in (TaskState.DRAWN, TaskState.LOCKED, TaskState.DISPATCHED):
        raise Refused("draws.supplement_task", number=parent.task.number, state=parent.task.state_word)


def being_drawn(draws: Collection[Draw], *, besides: Batch | None = None) -> dict[UUID, Draw]:
    """Task -> a draw of it, in the mode of these draws of one batch, that has no result yet."""
    waiting = [state for state in (*BEING_PREPARED, *UNDER_WAY) if state not in WITH_RESULT]
    rows = Draw.objects.filter(task__in=[draw.task_id for draw in draws], batch__state__in=waiting)
    modes = {draw.batch.mode for draw in draws}
    rows = rows.filter(state=DrawState.LIVE, batch__mode__in=modes).exclude(batch=besides).select_related("batch")
    return {row.task_id: row for row in reversed(rows)}


def check_same_mode(parent: Draw, mode: str) -> None:
    """Raises Refused ``draws.supplement_mode``."""
    if mode != parent.batch.mode:
        raise Refused("draws.supplement_mode", mode=parent.batch.get_mode_display())


def check_joinable(batch: Batch) -> None:
    """Raises Refused ``draws.join_time``: the doors are certain once the result is locked."""
    if batch.state not in JOINABLE:
        raise Refused("draws.join_time", code=batch.code, state=batch.state_word)


def check_is_below(department: Department, batch: Batch) -> None:
    """By line of command, or by territory. Raises Refused ``draws.not_below``."""
    upper = {draw.task.department for draw in draws_of(batch)}
    by_line = {one.pk for one in upper} & set(departments_above(department))
    regions = {pk for one in upper for pk in and_below(Region, one.region_id) if pk != one.region_id}
    if not by_line and department.region_id not in regions:
        raise Refused("draws.not_below", department=department.short_name, code=batch.code)


def check_joined_items(items: Collection[Item], department: Department, on: date) -> None:
    """Raises Refused ``draws.join_items`` or ``draws.item_foreign``."""
    if not items:
        raise Refused("draws.join_items")
    known = set(usable_items(department, on=on).order_by().values_list("item", flat=True))
    foreign = next((item for item in items if item.pk not in known), None)
    if foreign is not None:
        raise Refused("draws.item_foreign", code=foreign.code, department=department.short_name)


def check_codes(codes: Iterable[str]) -> None:
    """Raises Refused ``draws.unit_code`` for a department whose code cannot stand in the evidence."""
    for code in codes:
        if not is_id(code):
            raise Refused("draws.unit_code", code=code)


def check_times(closes_at: datetime, beacon_at: datetime, at: datetime) -> None:
    """Raises Refused ``draws.times_order`` or ``draws.times_past``."""
    if beacon_at < closes_at + LEAST_GAP:
        raise Refused("draws.times_order")
    if closes_at <= at:
        raise Refused("draws.times_past")


def check_disclosure(disclosed_at: datetime | None, beacon_at: datetime) -> None:
    """Receipts tell what is drawn, so they open after the draw. Raises Refused ``draws.disclosed_early``."""
    if disclosed_at is not None and disclosed_at < beacon_at:
        raise Refused("draws.disclosed_early")


def check_in_time(batch: Batch, at: datetime) -> None:
    """The commitment must lie long enough before the beacon for witnesses to see it. Raises Refused."""
    if at + timedelta(seconds=batch.lead_s) > batch.beacon_at or at >= batch.closes_at:
        raise Refused("draws.commit_late", minutes=-(-batch.lead_s // 60))


def check_can_close_now(batch: Batch, at: datetime) -> None:
    """Raises Refused ``draws.close_early`` or ``draws.close_late``."""
    if at < batch.closes_at:
        raise Refused("draws.close_early")
    if at >= batch.beacon_at:
        raise Refused("draws.close_late")


def check_seed_is_due(batch: Batch, at: datetime, code: str = "draws.beacon_early") -> None:
    """Nobody knows or brings the last source before its time, or would know the result. Raises Refused ``code``."""
    if at < batch.beacon_at:
        raise Refused(code, due=f"{timezone.localtime(batch.beacon_at):%Y-%m-%d %H:%M:%S}")


def check_waits_for_nobody(batch: Batch, at: datetime) -> None:
    """Whether the clock may close: a party that promised a number has half of the time left for it.

    Raises Refused ``draws.reveal_awaited``.
    """
    if at >= batch.waits_until:
        return
    silent = silent_parties(batch)
    if silent:
        raise Refused("draws.reveal_awaited", department=silent[0])


def check_seed_sources(sources: Sequence[Mapping[str, Any]]) -> None:
    """Raises Refused ``draws.sources``."""
    try:
        for number, source in enumerate(sources):
            SOURCE(source, f"seed[{number}]")
        check_sources([dict(source) for source in sources])
    except DrawError as error:
        raise Refused("draws.sources", reason=str(error.facts.get("reason") or error.facts.get("field"))) from error


def check_profile(profile: str, last: Mapping[str, Any]) -> None:
    """What people are told of the last source must be so (protocol B.5). Raises Refused ``draws.profile``."""
    found = strength_of([dict(last)])
    if profile != found:
        raise Refused("draws.profile", said=Profile(profile).label, found=Profile(found).label)


def check_can_be_witnessed(batch: Batch, at: datetime) -> None:
    """Raises Refused ``draws.witness_over``: whoever is asked behind the draw has seen nothing of it."""
    if batch.state in ENDED or at >= batch.beacon_at + TO_SIGN:
        raise Refused("draws.witness_over", code=batch.code, state=batch.state_word)


def check_is_witnessed(batch: Batch, at: datetime) -> None:
    """From the commitment until a day after the beacon. Raises Refused ``draws.witness_early`` and as above."""
    check_can_be_witnessed(batch, at)
    if batch.committed_at is None:
        raise Refused("draws.witness_early", code=batch.code, state=batch.state_word)


def check_reading(source: Mapping[str, Any], value: str) -> None:
    """Raises Refused ``draws.reading``."""
    try:
        check_value(dict(source), value)
    except DrawError as error:
        raise Refused("draws.reading", value=value[:60], wanted=wanted_of(source)) from error


def wanted_of(source: Mapping[str, Any]) -> str:
    """What a value of a source must look like, in words."""
    if source["type"] == "digits":
        return f"{source['n']} 位数字"
    if source["type"] == "lottery":
        parts = [f"{group['count']} 个 {group['min']:02}-{group['max']:02} 的号码" for group in source["groups"]]
        return "，再加".join(parts) + "，号码两位、用逗号分开，两组之间用加号"
    return "64 位十六进制数"


def check_commitment(text: str) -> None:
    """Raises Refused ``draws.not_a_hash``."""
    if not is_hash(text):
        raise Refused("draws.not_a_hash")


def check_files(files: Iterable[Evidence]) -> None:
    """Raises Refused ``draws.file_changed`` naming the first file that is not what was frozen."""
    for one in files:
        if not is_whole(one.sha256):
            raise Refused("draws.file_changed", path=one.path)


def check_tasks_stand(draws: Iterable[Draw]) -> None:
    """A batch goes on with the tasks that are still to be carried out. Raises Refused ``draws.task_cancelled``."""
    for draw in draws:
        if draw.moves_task and not draw.is_withdrawn and draw.task.state == TaskState.CANCELLED:
            raise Refused("draws.task_cancelled", number=draw.task.number, code=draw.batch.code, draw=draw.code)


def check_tasks_last(draws: Iterable[Draw]) -> None:
    """What is drawn can still be inspected: no task is over before the seed is known. Raises Refused
    ``draws.task_too_old``.
    """
    for draw in draws:
        check_task_lasts(draw.task, draw.batch.beacon_at)


def check_task_lasts(task: Task, beacon_at: datetime) -> None:
    """Raises Refused ``draws.task_too_old``."""
    if task.ends_on < timezone.localdate(beacon_at):
        raise Refused("draws.task_too_old", number=task.number, ended=f"{task.ends_on:%Y-%m-%d}")


def check_may_be_open(task: Task, *, is_sealed: bool) -> None:
    """A list that is not sealed names its objects, so it must not say which grade of credit risk they are in.

    Nor is a list public whose task says that it is not.

    Raises Refused ``draws.grades_tell``, ``draws.list_not_public``.
    """
    rule = ratio_from_json(task.ratio) if task.ratio else None
    is_by_grade = isinstance(rule, Table) and rule.by == By.GRADE
    if not is_sealed and (is_by_grade or pool_of(task).grades):
        raise Refused("draws.grades_tell", name=task.name)
    if not is_sealed and not task.is_list_public:
        raise Refused("draws.list_not_public", name=task.name)


def check_waited(batch: Batch) -> None:
    """Whoever gave a result up waits before the next one. Raises Refused ``draws.withdrawn_lately`` (B.10)."""
    last = lately_withdrawn(batch) if batch.mode == Mode.OFFICIAL else None
    if last is not None and last.withdrawn_at is not None:
        earliest = timezone.localtime(free_from(last.withdrawn_at))
        raise Refused("draws.withdrawn_lately", number=last.task.number, earliest=f"{earliest:%Y-%m-%d %H:%M}")


def is_late(draw: Draw, at: datetime) -> bool:
    """Whether giving a draw up counts as after the seed: from the close on nobody can change what comes (B.10)."""
    return draw.batch.state != BatchState.COMMITTED or at >= draw.batch.beacon_at


def check_withdrawable(draw: Draw) -> None:
    """Raises Refused as `check_is_promised`, ``draws.task_over`` or ``draws.has_supplement``."""
    check_is_promised(draw)
    if draw.moves_task and draw.task.state in FINISHED:
        raise Refused("draws.task_over", draw=draw.code, number=draw.task.number, state=draw.task.state_word)
    under_way = (one for one in draw.supplements.all() if one.batch.state in (*BEING_PREPARED, *UNDER_WAY))
    later = next((one for one in under_way if one.state == DrawState.LIVE), None)
    if later is not None:
        raise Refused("draws.has_supplement", draw=draw.code, later=later.code)


def check_is_promised(draw: Draw) -> None:
    """Raises Refused ``draws.withdrawn_already`` or ``draws.not_promised``."""
    check_is_live(draw)
    if draw.batch.state not in UNDER_WAY:
        raise Refused("draws.not_promised", draw=draw.code, state=draw.batch.state_word)


def check_is_live(draw: Draw) -> None:
    """Raises Refused ``draws.withdrawn_already``."""
    if draw.is_withdrawn:
        raise Refused("draws.withdrawn_already", draw=draw.code)


def check_needs_no_second(draw: Draw, at: datetime) -> None:
    """Raises Refused ``draws.withdraw_needs_two``, also where witnesses could see it only when the beacon is out."""
    if is_late(draw, at) or at + timedelta(seconds=draw.batch.lead_s) > draw.batch.beacon_at:
        raise Refused("draws.withdraw_needs_two", draw=draw.code)


def check_is_asked(withdrawal: Withdrawal) -> None:
    """Raises Refused ``draws.withdrawal_answered``."""
    if withdrawal.agreed_at is not None or withdrawal.refused_at is not None:
        raise Refused("draws.withdrawal_answered", draw=withdrawal.draw.code)


def check_has_result(draw: Draw) -> None:
    """Raises Refused ``draws.withdrawn_already`` or ``draws.no_result``."""
    check_is_live(draw)
    if draw.batch.state not in WITH_RESULT:
        raise Refused("draws.no_result", code=draw.batch.code, state=draw.batch.state_word)


def check_in_sample(hit: Hit) -> None:
    """Raises Refused ``draws.not_in_sample``, ``draws.replacement_asked`` or ``draws.reserve_used_up``."""
    if hit.place not in IN_SAMPLE:
        raise Refused("draws.not_in_sample", rank=hit.rank, place=hit.get_place_display())
    if hit.replacements.filter(refused_at=None).exists():
        raise Refused("draws.replacement_asked", rank=hit.rank)
    if not hit.stratum.hits.filter(place=Hit.Place.RESERVE).exists():
        raise Refused("draws.reserve_used_up", stratum=hit.stratum.label)


def check_is_waiting(replacement: Replacement) -> None:
    """Raises Refused ``draws.replacement_answered``."""
    if replacement.approved_at is not None or replacement.refused_at is not None:
        raise Refused("draws.replacement_answered", rank=replacement.out.rank)


def check_proof(data: bytes) -> None:
    """What supports a replacement. Raises Refused ``draws.proof_missing`` or ``draws.proof_large``."""
    if not data:
        raise Refused("draws.proof_missing")
    if len(data) > LARGEST_PROOF:
        raise Refused("draws.proof_large", most=LARGEST_PROOF >> 20)


def check_seat(seat: Seat) -> None:
    """Somebody is to sit there. Raises Refused ``draws.no_result``, ``draws.seat_…`` or ``draws.door_gone``."""
    batch = seat.batch
    if batch.state not in WITH_RESULT:
        raise Refused("draws.no_result", code=batch.code, state=batch.state_word)
    if seat.ended_at is not None:
        raise Refused("draws.seat_ended", seat=seat.number)
    if not standing(batch.visits.filter(pk=seat.visit_id)).exists():
        raise Refused("draws.door_gone", seat=seat.number)
    if seat.substitutions.filter(dealt_at=None).exists():
        raise Refused("draws.seat_asked", seat=seat.number)


def check_seat_reason(seat: Seat, reason: str) -> None:
    """An empty seat is filled, a held one is given up. Raises Refused ``draws.seat_empty`` or ``draws.seat_held``."""
    if seat.inspector_id is None and reason != "unfilled":
        raise Refused("draws.seat_empty", seat=seat.number)
    if seat.inspector_id is not None and reason == "unfilled":
        raise Refused("draws.seat_held", seat=seat.number)


def check_is_next(substitution: Substitution) -> None:
    """In the order of the log. Raises Refused ``draws.no_result``, ``draws.dealt_already``, ``draws.not_next``."""
    batch = substitution.batch
    if batch.state not in WITH_RESULT:
        raise Refused("draws.no_result", code=batch.code, state=batch.state_word)
    if substitution.dealt_at is not None:
        raise Refused("draws.dealt_already", event=substitution.event)
    first = waiting_requests(batch)[0]
    if first.pk != substitution.pk:
        raise Refused("draws.not_next", event=substitution.event, first=first.event)


def check_reason(code: str, listed: Mapping[str, str]) -> None:
    """Raises Refused ``draws.reason_unknown``. listed: code -> words, of the closed list that was committed to."""
    if code not in listed:
        raise Refused("draws.reason_unknown", reason=code[:40], known="、".join(listed.values()))


def check_plan_text(text: str) -> None:
    """Raises Refused ``draws.plan_text``."""
    if not 0 < len(text) <= LONGEST_PLAN or re.search(r"\s{2,}|^\s|\s$", text):
        raise Refused("draws.plan_text", text=text[:60])


def check_watched(n: int) -> None:
    """Raises Refused ``draws.watch_few`` or ``draws.watch_many``: single subjects are never watched."""
    if n < LEAST_WATCHED:
        raise Refused("draws.watch_few", n=n, least=LEAST_WATCHED)
    if n > MOST_WATCHED:
        raise Refused("draws.watch_many", n=n, most=MOST_WATCHED)


def check_is_watched(group: WatchGroup) -> None:
    """Raises Refused ``draws.watch_ended``."""
    if group.ended_at is not None:
        raise Refused("draws.watch_ended", name=group.name)


def check_is_drawn(batch: Batch) -> None:
    """It has come out, whatever became of it. Raises Refused ``draws.not_drawn``."""
    if batch.drawn_at is None:
        raise Refused("draws.not_drawn", code=batch.code, state=batch.state_word)


def check_verdict(batch: Batch, verdict: str, bundle: str) -> None:
    """Of a draw that has come out, in so many words. Raises Refused ``draws.not_drawn``, ``draws.verdict``."""
    check_is_drawn(batch)
    if not 0 < len(verdict.strip()) <= LONGEST_VERDICT:
        raise Refused("draws.verdict", most=LONGEST_VERDICT)
    check_commitment(bundle)
