"""What may happen to a batch now, whoever asks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from gongchou.draw.encoding import is_hash, is_id
from gongchou.draw.errors import DrawError
from gongchou.draw.params import SOURCE
from gongchou.draw.seed import check_sources, check_value
from gongchou.draws.models import Batch, Draw, Evidence
from gongchou.draws.states import BEING_PREPARED, MOVES, UNDER_WAY, BatchState, DrawState, Mode
from gongchou.draws.store import is_whole
from gongchou.plans.models import Task
from gongchou.plans.states.tasks import TaskState
from gongchou.refusal import Refused

LEAST_GAP = timedelta(seconds=600)  # between close and beacon, and between commitment and beacon (protocol B.5)
LONGEST_PLAN = 200
LONGEST_VERDICT = 500


def check_may_become(batch: Batch, state: BatchState) -> None:
    """Raises Refused ``draws.state``."""
    if state not in MOVES[BatchState(batch.state)]:
        raise Refused("draws.state", code=batch.code, state=batch.state_word, wanted=state.label)


def check_is_draft(batch: Batch) -> None:
    """Raises Refused ``draws.frozen``: behind the freeze nothing is changed."""
    if batch.state != BatchState.DRAFT:
        raise Refused("draws.frozen", code=batch.code, state=batch.state_word)


def check_task(task: Task, mode: str) -> None:
    """A task is drawn when it is ready, and in earnest in one batch only. Raises Refused."""
    if task.state != TaskState.READY:
        raise Refused("draws.task_not_ready", number=task.number, state=task.state_word)
    if mode == Mode.OFFICIAL:
        taken = Draw.objects.filter(
            task=task, state=DrawState.LIVE, batch__mode=mode, batch__state__in=[*BEING_PREPARED, *UNDER_WAY]
        )
        found = taken.select_related("batch").first()
        if found is not None:
            raise Refused("draws.task_taken", number=task.number, batch=found.batch.code)


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


def check_in_time(batch: Batch, at: datetime) -> None:
    """The commitment must lie long enough before the beacon for witnesses to see it. Raises Refused."""
    if at + timedelta(seconds=batch.lead_s) > batch.beacon_at or at >= batch.closes_at:
        raise Refused("draws.commit_late", minutes=-(-batch.lead_s // 60))


def check_seed_sources(sources: Sequence[Mapping[str, Any]]) -> None:
    """Raises Refused ``draws.sources``."""
    try:
        for number, source in enumerate(sources):
            SOURCE(source, f"seed[{number}]")
        check_sources([dict(source) for source in sources])
    except DrawError as error:
        raise Refused("draws.sources", reason=str(error.facts.get("reason") or error.facts.get("field"))) from error


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


def check_plan_text(text: str) -> None:
    """Raises Refused ``draws.plan_text``."""
    if not 0 < len(text) <= LONGEST_PLAN or re.search(r"\s{2,}|^\s|\s$", text):
        raise Refused("draws.plan_text", text=text[:60])


def check_verdict(batch: Batch, verdict: str, bundle: str) -> None:
    """Of a draw that has come out, in so many words. Raises Refused ``draws.not_drawn``, ``draws.verdict``."""
    if batch.drawn_at is None:
        raise Refused("draws.not_drawn", code=batch.code, state=batch.state_word)
    if not 0 < len(verdict.strip()) <= LONGEST_VERDICT:
        raise Refused("draws.verdict", most=LONGEST_VERDICT)
    check_commitment(bundle)
