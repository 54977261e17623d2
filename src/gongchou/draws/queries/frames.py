"""The pool of a draw as it is now: who can be drawn, in which part, and who is left out for which reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from gongchou.accounts.models import Department
from gongchou.draw.encoding import is_id, sha256_hex
from gongchou.draws.models import Batch, Draw, Hit, Visit
from gongchou.draws.queries.results import IN_SAMPLE, standing
from gongchou.draws.settings import Settings, settings_of
from gongchou.draws.states import UNDER_WAY, DrawState, Mode
from gongchou.plans.models import Task
from gongchou.plans.pool import Pool
from gongchou.plans.queries.outlook import pool_of
from gongchou.plans.queries.register import all_of
from gongchou.plans.queries.strata import Row, Strata, Stratum, strata_of
from gongchou.refusal import Refused
from gongchou.registry.models import Subject
from gongchou.registry.ratio import Amount, Flat, plain, ratio_from_json

NO_EVIDENCE = "-"
GONE = {
    Subject.Status.DEREGISTERED: "deregistered",
    Subject.Status.REVOKED: "deregistered",
    Subject.Status.CANCELLED: "deregistered",
    Subject.Status.MOVED_OUT: "moved_away",
    Subject.Status.SUSPENDED: "suspended",
}


class Candidate(NamedTuple):
    """What decides about a subject of the pool."""

    pk: UUID
    number: str
    grade: str
    region: UUID
    keeper: str
    state: str
    status: str
    visited_on: date | None
    established_on: date | None


class Left(NamedTuple):
    """Why a subject is left out. evidence: SHA-256 of what supports it, or ``-``."""

    reason: str
    evidence: str = NO_EVIDENCE


@dataclass(frozen=True)
class Frame:
    """The pool of one draw. stratum_of: of everybody who can be drawn; left: of everybody else."""

    candidates: Mapping[UUID, Candidate]
    stratum_of: Mapping[UUID, str]
    left: Mapping[UUID, Left]
    strata: tuple[Stratum, ...]

    @property
    def keepers(self) -> set[str]:
        """Codes of the units that keep who can be drawn."""
        return {self.candidates[pk].keeper for pk in self.stratum_of}

    @property
    def n(self) -> int:
        """How many are drawn."""
        return sum(part.n for part in self.strata)

    @property
    def by_reason(self) -> dict[str, int]:
        """Reason -> how many."""
        return dict(sorted(Counter(one.reason for one in self.left.values()).items()))


class Register:
    """The register as some draws ask it: what two tasks with the same conditions speak of is read once."""

    def __init__(self) -> None:
        self._read: dict[Pool, Mapping[UUID, Candidate]] = {}

    def candidates(self, task: Task) -> Mapping[UUID, Candidate]:
        """Whoever a task speaks of. Raises Refused ``draws.keeper_code``."""
        pool = replace(pool_of(task), not_visited_since=None, established_before=None)  # conditions of the draw alone
        if pool not in self._read:
            self._read[pool] = found = {one.pk: one for one in _candidates(pool)}
            for code in {one.keeper for one in found.values()}:
                if not is_id(code):
                    raise Refused("draws.keeper_code", code=code)
        return self._read[pool]


def frame_of(draw: Draw, *, on: date, register: Register | None = None) -> Frame:
    """Look at the pool of a draw's task. Raises Refused as ``strata_of``, and ``draws.keeper_code``."""
    task, settings = draw.task, settings_of(draw.batch.settings)
    candidates = (register or Register()).candidates(task)
    left = _left_out(draw, candidates.values(), settings, on)
    rows = [Row(one.pk, one.grade, one.region) for one in candidates.values() if one.pk not in left]
    strata = _strata(draw, rows)
    left |= {row.pk: Left("no_ratio") for row in rows if row.pk not in strata.of}
    return Frame(candidates, strata.of, left, strata.parts)


def _strata(draw: Draw, rows: Sequence[Row]) -> Strata:
    """As the task draws; or as many as a supplement says of itself, with its reason beside the number (R-47)."""
    if not draw.ratio:
        return strata_of(draw.task, rows)
    amount = _own_amount(draw)
    if not amount.is_share and amount.floor > len(rows):
        raise Refused("draws.supplement_many", wanted=plain(amount.least), size=len(rows))
    task = copy(draw.task)
    task.ratio = draw.ratio
    found = strata_of(task, rows)
    parts = tuple(replace(part, rule=f"{part.rule}（自定：{draw.ratio_reason}）") for part in found.parts)
    return replace(found, parts=parts)


def _own_amount(draw: Draw) -> Amount:
    rule = ratio_from_json(draw.ratio)
    assert isinstance(rule, Flat)  # noqa: S101 -- as ``open_supplement`` writes it
    return rule.amount


def ratio_words(draw: Draw) -> str:
    """What made the number of a draw, as the plan or the supplement says it."""
    return f"{_own_amount(draw)}（补充抽取自定：{draw.ratio_reason}）" if draw.ratio else str(draw.task.ratio_words)


def real_id(candidate: Candidate) -> str:
    """The id behind the pseudonym: the number where it may be one, else the platform's own."""
    return real_id_of(candidate.pk, candidate.number)


def real_id_of(pk: UUID, number: str) -> str:
    """The same of a row of the register."""
    return number if is_id(number) else f"SUBJ-{pk.hex.upper()}"


def _candidates(pool: Pool) -> Iterator[Candidate]:
    """Equal words are kept once, or millions of them would fill the memory."""
    rows = all_of(pool).values_list(
        "pk", "number", "grade", "region", "keeper__code", "state", "status", "visited_on", "established_on"
    )
    known: dict[object, Any] = {}
    for pk, number, *shared in rows.iterator(chunk_size=5_000):
        yield Candidate(pk, number, *(known.setdefault(value, value) for value in shared))


def _left_out(draw: Draw, candidates: Iterable[Candidate], settings: Settings, on: date) -> dict[UUID, Left]:
    """The first reason that holds for each, in the order of the list that is published."""
    task, pool = draw.task, pool_of(draw.task)
    aside = dict(task.exclusions.filter(ended_at=None).values_list("subject", "reason"))
    visits = visits_in(draw.batch.year) if settings.cap is not None else {}
    in_hand = _in_hand(draw) if settings.leaves_out_in_hand else set()
    of_campaign = _drawn_in_campaign(draw) if settings.leaves_out_campaign else {}
    before = _drawn_before(draw)
    since = on - timedelta(days=settings.recent_days) if settings.recent_days is not None else None
    since = min(filter(None, (since, pool.not_visited_since)), default=None)  # the earlier day leaves out more
    found: dict[UUID, Left] = {}
    for one in candidates:
        if one.state != Subject.State.ACTIVE:
            found[one.pk] = Left(GONE.get(Subject.Status(one.status), "not_in_library"))
        elif one.pk in before:
            found[one.pk] = Left("drawn_before")
        elif one.pk in aside:
            found[one.pk] = Left("set_aside", sha256_hex(aside[one.pk].encode()))
        elif pool.established_before and not (one.established_on and one.established_on < pool.established_before):
            found[one.pk] = Left("too_new")
        elif since and one.visited_on and one.visited_on >= since:
            found[one.pk] = Left("inspected_recently")
        elif settings.cap is not None and visits.get(one.pk, 0) >= settings.cap:
            found[one.pk] = Left("cap_reached")
        elif one.pk in of_campaign:
            found[one.pk] = Left("campaign_drawn", of_campaign[one.pk])
        elif one.pk in in_hand:
            found[one.pk] = Left("in_hand")
    return found


def visits_in(year: int) -> dict[UUID, int]:
    """Subject -> doors of official batches of a year that stand."""
    rows = Visit.objects.filter(batch__year=year, batch__mode=Mode.OFFICIAL, batch__state__in=UNDER_WAY)
    return Counter(standing(rows).order_by().values_list("subject", flat=True))


def _in_hand(draw: Draw) -> set[UUID]:
    """Whom another batch that is under way has drawn, for a task that is not over."""
    rows = Hit.objects.filter(
        batch__mode=Mode.OFFICIAL,
        batch__state__in=UNDER_WAY,
        draw__state=DrawState.LIVE,
        place__in=IN_SAMPLE,
        draw__task__state__in=("drawn", "locked", "dispatched"),
    ).exclude(batch=draw.batch)
    return set(rows.values_list("subject", flat=True))


def _drawn_in_campaign(draw: Draw) -> dict[UUID, str]:
    """Whom another department drew in an earlier batch for the same 集中联合抽查, and the commitment of that draw.

    Within one batch nobody is left out for it: it has drawn nobody yet, and shared tickets make the departments meet
    (ruling 1).
    """
    if draw.task.campaign_id is None:
        return {}
    rows = Hit.objects.filter(
        batch__mode=Mode.OFFICIAL,
        batch__state__in=UNDER_WAY,
        draw__state=DrawState.LIVE,
        place__in=(Hit.Place.SELECTED, Hit.Place.CAME_IN),
        draw__task__campaign=draw.task.campaign_id,
    ).exclude(draw__task__department=draw.task.department_id)
    return dict(rows.order_by("batch__committed_at", "pk").values_list("subject", "draw__commitment"))


def undisclosed(at: datetime) -> set[UUID]:
    """Whom sealed batches have drawn that may not know it yet."""
    rows = Visit.objects.filter(
        Q(batch__disclosed_at=None) | Q(batch__disclosed_at__gt=at),
        batch__is_sealed=True,
        batch__mode=Mode.OFFICIAL,
        batch__state__in=UNDER_WAY,
    )
    return set(rows.order_by().values_list("subject", flat=True))


def _drawn_before(draw: Draw) -> set[UUID]:
    """A supplementary draw leaves out whom the task has drawn already, its first draw and other supplements."""
    if draw.parent_id is None:
        return set()
    places = (*IN_SAMPLE, Hit.Place.REPLACED)
    told = {"draw__task": draw.task_id, "draw__state": DrawState.LIVE, "batch__mode": draw.batch.mode}
    return set(Hit.objects.filter(**told, place__in=places).values_list("subject", flat=True))


def draws_of(batch: Batch) -> list[Draw]:
    """Its draws that stand, by ``seq``, with their tasks."""
    return list(_with_tasks(batch).filter(state=DrawState.LIVE))


def drawn_together(batch: Batch) -> list[Draw]:
    """The draws that its close names, by ``seq``: who is given up later is still drawn with the others (spec 9.6)."""
    return list(_with_tasks(batch).exclude(state=DrawState.WITHDRAWN))


def lead_of(batch: Batch) -> Department:
    """Who closes, seeds and matches: the department of the first draw, for the organiser's own may be gone."""
    return drawn_together(batch)[0].task.department


def _with_tasks(batch: Batch) -> QuerySet[Draw]:
    return batch.draws.select_related("task__department__region", "batch__department")
