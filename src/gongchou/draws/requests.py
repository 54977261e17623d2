"""Where a request to deal a seat again stands: what it waits for, since when it counts for nothing."""

from __future__ import annotations

from datetime import UTC, datetime

from gongchou.draws.beacons import chain_of
from gongchou.draws.ledger import PublicLog
from gongchou.draws.models import Substitution
from gongchou.draws.operations.committing import params_in
from gongchou.draws.queries.results import waiting_requests
from gongchou.draws.states import RequestStage
from gongchou.refusal import Refused


def due_at_of(substitution: Substitution) -> datetime | None:
    """When the round that decides is signed; None where people read what decides. Raises Refused."""
    if substitution.round is None:
        return None
    return datetime.fromtimestamp(chain_of(substitution.source).time_of(substitution.round), UTC)


def is_late(substitution: Substitution) -> bool:
    """Witnesses saw the request when its round could be known: then it counts for nothing.

    Until enough have seen it nobody can tell. Raises Refused ``draws.request_unseen``.
    """
    if substitution.round is None:
        return False
    log = PublicLog()
    wanted = params_in(substitution.batch)["witness_k"]
    seen = log.seen_at(log.entry(substitution.event), wanted, otherwise=-1)
    if seen < 0:
        raise Refused("draws.request_unseen", event=substitution.event)
    return seen >= chain_of(substitution.source).time_of(substitution.round)


def stage_of(substitution: Substitution, at: datetime, first: Substitution | None = None) -> RequestStage:
    """Where it stands; what waits behind another is asked about no further. Raises Refused ``draws.chain_unknown``.

    first: the one of its batch that comes first, where a list has looked it up already
    """
    if substitution.dealt_at is not None:
        return _end_of(substitution)
    if (first or waiting_requests(substitution.batch)[0]).pk != substitution.pk:
        return RequestStage.QUEUED
    return _unread(substitution) if substitution.round is None else _awaited(substitution, at)


def _end_of(substitution: Substitution) -> RequestStage:
    if substitution.into is None:
        return RequestStage.VOID
    return RequestStage.FILLED if substitution.into.inspector_id else RequestStage.OPEN


def _unread(substitution: Substitution) -> RequestStage:
    row = substitution.readings.filter(voided_at=None).first()
    if row is None:
        return RequestStage.UNREAD
    return RequestStage.READY if row.confirmed_at else RequestStage.UNCONFIRMED


def _awaited(substitution: Substitution, at: datetime) -> RequestStage:
    try:
        if is_late(substitution):
            return RequestStage.LATE
    except Refused:
        return RequestStage.UNSEEN
    due = due_at_of(substitution)
    return RequestStage.EARLY if due is not None and at < due else RequestStage.READY
