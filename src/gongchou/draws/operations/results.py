"""The result is written down once, confirmed, and handed to the units that carry it out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from operator import attrgetter, itemgetter

from django.db.models import OuterRef, Subquery

from gongchou.accounts.models import Department, User
from gongchou.audit.operations import Done, held, operation
from gongchou.draw.match import Match
from gongchou.draw.select import Ranked
from gongchou.draws import ledger, permissions
from gongchou.draws.drawing import Outcome
from gongchou.draws.ledger import PublicLog
from gongchou.draws.many import insert, keys
from gongchou.draws.models import Batch, Draw, Hit, Joining, Seat, Stratum, Visit
from gongchou.draws.operations import telling
from gongchou.draws.operations.committing import Clock, check_may_move, keep
from gongchou.draws.plainly import plainly
from gongchou.draws.queries.batches import subject_keys
from gongchou.draws.queries.frames import drawn_together, draws_of, lead_of
from gongchou.draws.queries.holders import holders_of, seats_of
from gongchou.draws.queries.results import standing
from gongchou.draws.rules import check_tasks_stand
from gongchou.draws.states import BatchState
from gongchou.plans.operations.tasks import put
from gongchou.plans.states.tasks import TaskState
from gongchou.registry.models import Subject

Place = Hit.Place
MANY = 1_000


@operation("batch.drawn", "抽取并匹配")
def record_result(*, batch: Batch, outcome: Outcome, by: User | Clock, at: datetime) -> Done[Batch]:
    """Write the one result of a seed; a second one is refused, and would be the same anyway (I6).

    Raises Refused ``draws.state``, ``draws.task_cancelled``, ``registry.out_of_reach``.
    """
    batch = held(batch, "department__region")
    check_may_move(by, batch, BatchState.DRAWN)
    draws = drawn_together(batch)
    check_tasks_stand(draws)
    files = outcome.files()
    keep(batch, files, at)
    subjects: dict[str, str] = {}
    for draw in draws:
        rows = [*outcome.selected[draw], *outcome.reserve[draw]]
        own = subject_keys(batch, f"{draw.folder}subjects.tsv", {row.object_id for row in rows})
        subjects |= own
        _write_hits(batch, draw, outcome, own)
        if draw.moves_task and not draw.is_withdrawn:
            put(draw.task, TaskState.DRAWN)
    n_visits = _write_visits(batch, outcome, subjects)
    if outcome.match:
        _write_seats(batch, outcome, at)
    with plainly():
        _log_results(batch, draws, files, at)
        ledger.sign(at)
    batch.state, batch.drawn_at = BatchState.DRAWN, at
    batch.save()
    telling.tell(telling.approvers(batch), f"抽取完成，待锁定：{batch.code}", batch, by=by, at=at)
    n_unfilled = outcome.match.n_unfilled if outcome.match else 0
    n_drawn = sum(map(len, outcome.selected.values()))
    return Done(batch, {"count": n_drawn, "doors": n_visits, "unfilled": n_unfilled})


def _write_hits(batch: Batch, draw: Draw, outcome: Outcome, subjects: Mapping[str, str]) -> None:
    strata = {part.code: part for part in draw.strata.all()}
    parts, key = {code: part.pk.hex for code, part in strata.items()}, keys()
    names = ("id", "batch_id", "draw_id", "stratum_id", "rank", "subject_id", "pid", "ticket", "place")
    same = (batch.pk.hex, draw.pk.hex)
    selected, reserve = Place.SELECTED.value, Place.RESERVE.value
    placed = [(subjects[row.object_id], row, selected) for row in outcome.selected[draw]]
    placed += [(subjects[row.object_id], row, reserve) for row in outcome.reserve[draw]]
    placed.sort(key=itemgetter(0))  # two indexes are by subject, one is by rank
    insert(
        Hit,
        names,
        (
            (next(key), *same, parts[row.stratum], row.rank, subject, row.object_id, row.ticket, place)
            for subject, row, place in placed
        ),
    )
    last: dict[str, Ranked] = {}
    for row in outcome.selected[draw]:
        last[row.stratum] = max(last.get(row.stratum, row), row, key=attrgetter("rank"))
    for code, row in last.items():
        strata[code].cutoff = row.ticket
    Stratum.objects.bulk_update(strata.values(), ["cutoff"], batch_size=MANY)


def _write_visits(batch: Batch, outcome: Outcome, subjects: Mapping[str, str]) -> int:
    """One door for each object, however many draws selected it."""
    pids = {row.object_id for rows in outcome.selected.values() for row in rows}
    names = ("id", "batch_id", "subject_id", "pid", "unit_id", "visit_on")
    key, own = keys(), batch.pk.hex
    by_subject = sorted((subjects[pid], pid) for pid in pids)
    insert(Visit, names, ((next(key), own, subject, pid, None, None) for subject, pid in by_subject))
    return len(pids)


def _write_seats(batch: Batch, outcome: Outcome, at: datetime) -> None:
    match = outcome.match
    assert match is not None  # noqa: S101 -- asked by the caller
    dealt = _seats(batch, match, at)
    while page := list(islice(dealt, MANY)):
        Seat.objects.bulk_create(page)


def _seats(batch: Batch, match: Match, at: datetime) -> Iterator[Seat]:
    """One after the other: a province has more than there is room for at once."""
    holders = holders_of(batch)
    visits = dict(batch.visits.values_list("pid", "pk"))
    departments = dict(Department.objects.values_list("code", "pk"))
    for index, task in enumerate(match.tasks):
        for number, group in enumerate(task.slots(), 1):
            found = match.seats.get((index, number - 1))
            slot = Seat(
                batch=batch,
                visit_id=visits[task.id],
                number=number,
                department_id=departments[group.department or batch.department.code],
                wanted=",".join(group.skills),
                load=found.load if found else 0,
                deck=found.deck if found else "",
                kind=found.kind if found else "unfilled",
                seated_at=at,
            )
            yield from seats_of(slot, holders[found.inspector] if found else ())


def _log_results(batch: Batch, draws: list[Draw], files: Mapping[str, bytes], at: datetime) -> None:
    log = PublicLog()
    for draw in draws:
        prefix = draw.folder
        own = {f"{prefix}{name}": files[f"{prefix}{name}"] for name in ("reserve.tsv", "selected.tsv")}
        body = {"campaign": batch.code, "draw": draw.code}
        log.append("result", body, authority=draw.task.department.code, at=at, files=own)
    if batch.has_match:
        own = {name: files[name] for name in ("assignment.tsv", "unfilled.tsv")}
        log.append("match", {"campaign": batch.code}, authority=lead_of(batch).code, at=at, files=own)


@operation("batch.locked", "锁定抽取结果")
def lock(*, batch: Batch, by: User, at: datetime) -> Done[Batch]:
    """The result is confirmed: it goes to the units, or is given up in public."""
    batch = held(batch, "department__region")
    permissions.check_can_lock(by, batch)
    _move_tasks(batch, TaskState.LOCKED)
    batch.state, batch.locked_at, batch.locked_by = BatchState.LOCKED, at, by
    batch.save()
    return Done(batch, {"doors": standing(batch.visits.all()).count()})


@operation("batch.dispatched", "派发检查任务")
def dispatch(*, batch: Batch, by: User, at: datetime) -> Done[Batch]:
    """Every door that a standing draw selected goes to the unit that keeps the object (R-54)."""
    batch = held(batch, "department__region")
    permissions.check_can_move(by, batch, BatchState.DISPATCHED)
    keeper = Subject.objects.filter(pk=OuterRef("subject")).values("keeper")
    n_doors = standing(batch.visits.order_by()).update(unit=Subquery(keeper))
    _move_tasks(batch, TaskState.DISPATCHED)
    batch.state, batch.dispatched_at, batch.dispatched_by = BatchState.DISPATCHED, at, by
    batch.save()
    return Done(batch, {"doors": n_doors, "units": _tell_of_dispatch(batch, by, at)})


def _tell_of_dispatch(batch: Batch, by: User, at: datetime) -> int:
    """Tell the units of the doors that were handed out, who joined these, and who inspects there; how many units."""
    visits = batch.visits.exclude(unit=None)
    units = Department.objects.select_related("parent").filter(pk__in=visits.order_by().values("unit"))
    joined = Department.objects.filter(pk__in=Joining.objects.filter(visit__in=visits.order_by()).values("department"))
    telling.tell_carriers(units, f"检查任务已派发：{batch.code}", batch, by=by, at=at)
    telling.tell_carriers(joined.exclude(pk__in=units), f"加入的检查已派发：{batch.code}", batch, by=by, at=at)
    telling.tell_seated(visits, f"派您检查：{batch.code}", batch, by=by, at=at)
    return units.count()


def _move_tasks(batch: Batch, state: TaskState) -> None:
    draws = draws_of(batch)
    check_tasks_stand(draws)
    for draw in draws:
        if draw.moves_task:
            put(draw.task, state)
