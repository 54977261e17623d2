"""What tests of the time after a draw have in common."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gongchou.draw.verify import Options, Report, verify
from gongchou.draws.bundles import bundle_of
from gongchou.draws.models import Batch, Draw, Hit, Replacement, Seat, Substitution
from gongchou.draws.operations import replacements, substitutions
from gongchou.refusal import Refused, sentence
from tests.factories import draws as factory
from tests.factories.lists import approver_of, keeper_of

AFTER = factory.BEACON + timedelta(minutes=5)
VOID_OBJECT = {"reason": "deregistered", "note": "演示说明", "evidence": "演示注销证明".encode()}


class Clock:
    """Each step comes later than the one before, as the log wants it."""

    def __init__(self, at: datetime = AFTER) -> None:
        self.at = at

    def __call__(self, **passed: int) -> datetime:
        self.at += timedelta(**(passed or {"seconds": 1}))
        return self.at


def found(batch: Batch, **own: bool) -> Report:
    return verify(bundle_of(batch, **own), Options())


def check_both_views(batch: Batch) -> set[str]:
    """The codes of what auditors are told; what everybody sees holds as well."""
    assert found(batch).failure is None
    report = found(batch, for_auditors=True)
    assert report.failure is None
    return {mark.code for mark in report.marks}


def refused_code(operation: Any, *args: Any, **told: Any) -> str:
    with pytest.raises(Refused) as refused:
        operation(*args, **told)
    assert sentence(refused.value)
    return refused.value.code


def hit_of(draw: Draw, rank: int) -> Hit:
    return draw.hits.get(rank=rank)


def seat_of(hit: Hit, number: int = 1) -> Seat:
    return Seat.objects.get(visit__batch=hit.batch, visit__subject=hit.subject, number=number, ended_at=None)


def ask_for(hit: Hit, at: datetime, **own: Any) -> Replacement:
    told = {"hit": hit, **VOID_OBJECT, "by": keeper_of(hit.draw.task.department), "at": at, **own}
    return replacements.ask_replacement(**told)


def replace(hit: Hit, at: datetime) -> Replacement:
    by = approver_of(hit.draw.task.department)
    return replacements.approve_replacement(replacement=ask_for(hit, at), by=by, at=at)


def ask_again(seat: Seat, at: datetime, reason: str = "", **own: Any) -> Substitution:
    reason = reason or ("recusal" if seat.inspector_id else "unfilled")
    told = {"seat": seat, "reason": reason, "note": "", "by": keeper_of(seat.batch.department), "at": at, **own}
    return substitutions.ask_substitution(**told)


def deal(substitution: Substitution, at: datetime | None = None, **own: Any) -> Substitution:
    due = datetime.fromtimestamp(factory.signer().chain.time_of(substitution.round), UTC)
    told = {"beacon": factory.signer().sign(substitution.round), "at": at or due, **own}
    return substitutions.deal_again(substitution=substitution, by=keeper_of(substitution.batch.department), **told)
