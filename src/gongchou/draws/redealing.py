"""Requests to deal seats again, dealt one after another in the order of the log, as far as their values have come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

from gongchou.accounts.models import User
from gongchou.draw.beacon import Beacon
from gongchou.draws import beacons
from gongchou.draws.models import Batch, Substitution
from gongchou.draws.operations.substitutions import deal_again
from gongchou.draws.queries.results import waiting_requests
from gongchou.draws.requests import stage_of
from gongchou.draws.states import RequestStage
from gongchou.refusal import Refused

MOST_S = 20  # as long as anybody waits for a page; who presses again goes on


@dataclass
class Dealt:
    """How far it went. why: what the next one waits for, None where time was up or nothing waits"""

    rows: list[Substitution] = field(default_factory=list)
    n_left: int = 0
    next: Substitution | None = None
    why: Refused | None = None


def deal_all(batch: Batch, data: bytes | None, *, by: User, now: Callable[[], datetime]) -> Dealt:
    """Each is an operation of its own: what is done stays done when the next one cannot be.

    data: a beacon file that somebody carried in; else each round is fetched, once
    """
    told, known, until = Dealt(), dict[int, Beacon](), monotonic() + MOST_S
    while (row := waiting_requests(batch).first()) and monotonic() < until:
        try:
            at = now()
            told.rows.append(deal_again(substitution=row, beacon=_beacon(row, at, data, known), by=by, at=at))
        except Refused as no:
            if no.code == "draws.dealt_already":
                continue  # a colleague was faster
            told.why = no
            break
    told.n_left, told.next = waiting_requests(batch).count(), row
    return told


def _beacon(row: Substitution, at: datetime, data: bytes | None, known: dict[int, Beacon]) -> Beacon | None:
    """The round that decides; None where there is none, or what is asked of the request itself comes first."""
    if row.round is None or stage_of(row, at, row) != RequestStage.READY:
        return None
    if row.round not in known:
        known[row.round] = beacon_of(row, data)
    return known[row.round]


def beacon_of(row: Substitution, data: bytes | None) -> Beacon:
    """The round of a request. data: as ``beacons.bring`` takes it, and it raises the same"""
    return beacons.bring({"chain": row.source["chain"], "round": row.round}, data)
