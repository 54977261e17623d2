"""Asking about imports: which may be seen, what they refused, how fast they go."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django_tasks_db.models import DBTaskResult

from gongchou.accounts.models import Department, Region, User
from gongchou.accounts.queries import departments_within
from gongchou.accounts.roles import Duty
from gongchou.registry.models import ColumnMap, ImportBatch, RefusedRow, Subject, SubLibrary
from gongchou.registry.queries.subjects import sub_libraries

State = ImportBatch.State
OF_SUBJECTS = (ImportBatch.Kind.SUBJECTS, ImportBatch.Kind.LICENCES)
AT_WORK = (State.CHECKING, State.RUNNING)
WAITS = (State.UPLOADED, State.CHECKED, State.FAILED)  # for what its maker says next
SILENT = timedelta(seconds=60)  # a worker that says nothing for so long is held to be dead
TASKS = {State.CHECKING: "gongchou.registry.tasks.check_import", State.RUNNING: "gongchou.registry.tasks.run_import"}
LOOKS_LIKE_NUMBER = re.compile(r"[0-9A-Z-]{6,40}")
LONGEST_SHOWN = 60  # of a cell, in characters


def visible(by: User) -> QuerySet[ImportBatch]:
    """The imports of the departments whose libraries somebody keeps: their rows hold personal data."""
    kept = departments_within(by, Duty.KEEP_LIBRARIES)
    return ImportBatch.objects.filter(department__in=kept).select_related(
        "department__region", "created_by", "region", "sub_library"
    )


def waiting_for(by: User) -> QuerySet[ImportBatch]:
    """Her own imports that wait for what she says next, newest first."""
    waiting = visible(by).filter(created_by=by, state__in=WAITS)
    return waiting.order_by("-created_at", "pk")


def departments_for(by: User) -> QuerySet[Department]:
    """The departments for which somebody may import."""
    return departments_within(by, Duty.KEEP_LIBRARIES).filter(is_active=True)


def regions_for(by: User) -> QuerySet[Region]:
    """The regions that may be a default: those of her departments and what lies directly and further below."""
    found = set(departments_for(by).values_list("region", flat=True))
    level = found
    while level:
        level = set(Region.objects.filter(parent__in=level).values_list("pk", flat=True)) - found
        found |= level
    return Region.objects.filter(pk__in=found, valid_to=None)


def sub_libraries_for(by: User) -> QuerySet[SubLibrary]:
    """The sub-libraries into which somebody may bring entries."""
    return sub_libraries(by, Duty.KEEP_LIBRARIES).filter(is_active=True, department__is_active=True)


def is_below(region: Region, root: Region) -> bool:
    """Whether a region is another or lies below it."""
    own: Region | None = region
    while own is not None and own.pk != root.pk:
        own = own.parent
    return own is not None


def find_map(kind: str, header: str, department: Department) -> dict[str, str]:
    """What was chosen for this header before; nothing for a new one."""
    found = ColumnMap.objects.filter(kind=kind, header=header, department=department).first()
    return dict(found.columns) if found else {}


def running_beside(batch: ImportBatch) -> ImportBatch | None:
    """The import of the same department and kind that runs now."""
    same = ImportBatch.objects.filter(kind=batch.kind, department=batch.department_id, state=State.RUNNING)
    return same.exclude(pk=batch.pk).first()


def silent(at: datetime) -> QuerySet[ImportBatch]:
    """Imports at work of which nothing was heard for a minute."""
    return ImportBatch.objects.filter(state__in=AT_WORK, beat_at__lt=at - SILENT).order_by("beat_at", "pk")


def waiting_tasks() -> list[tuple[str, str]]:
    """What waits for a worker, in the order in which workers take it: path of the task and id of the batch."""
    return _told(DBTaskResult.objects.ready())


def _told(tasks: QuerySet[DBTaskResult[Any, Any]]) -> list[tuple[str, str]]:
    found = tasks.filter(task_path__in=TASKS.values()).values_list("task_path", "args_kwargs")
    return [(path, str(told["args"][0])) for path, told in found]


def is_waiting(batch: ImportBatch, tasks: list[tuple[str, str]]) -> bool:
    """Whether the work that a batch needs now is among these."""
    return (TASKS.get(State(batch.state), ""), str(batch.pk)) in tasks


def n_ahead(batch: ImportBatch) -> int | None:
    """How many other imports a worker does before it comes to this one; None where one has it, or it waits for none."""
    waiting, running = waiting_tasks(), _told(DBTaskResult.objects.running())
    if not is_waiting(batch, waiting) or is_waiting(batch, running):
        return None
    before = waiting[: waiting.index((TASKS[State(batch.state)], str(batch.pk)))]
    at_work = set(ImportBatch.objects.filter(state__in=AT_WORK).values_list("pk", flat=True))
    return len({pk for _, pk in (*running, *before)} & set(map(str, at_work - {batch.pk})))


def left_before(at: datetime) -> QuerySet[ImportBatch]:
    """Imports that ended before a moment, or were brought before it and wait for somebody since, whose files are still
    there, oldest first.
    """
    ended = Q(state__in=(State.DONE, State.GIVEN_UP), finished_at__lt=at)
    waits = Q(state__in=WAITS, created_at__lt=at)
    return ImportBatch.objects.filter(ended | waits, removed_at=None).order_by("created_at", "pk")


def that_brought(number: str) -> list[str]:
    """``audit_id`` of the imports that brought or changed the subject of this number: the log knows files, not rows."""
    own = number.strip().upper()
    subject = Subject.objects.filter(number=own).first() if LOOKS_LIKE_NUMBER.fullmatch(own) else None
    if subject is None:
        return []
    files = subject.facts.exclude(source="").values("source")
    found = ImportBatch.objects.filter(Q(pk=subject.batch_id) | Q(file_name__in=files, kind__in=OF_SUBJECTS))
    return [batch.audit_id for batch in found]


def refused_rows(batch: ImportBatch) -> Iterator[RefusedRow]:
    """All refused rows in their order, without holding them all."""
    return batch.refused_rows.order_by("line", "id").iterator(chunk_size=2000)


@dataclass(frozen=True)
class Complaint:
    """One thing that is wrong with a row, as it is shown. column: "" where it is about the row as a whole."""

    line: int
    number: str
    name: str
    column: str
    cell: str
    told: str


def complaints_of(batch: ImportBatch, rows: Iterable[RefusedRow]) -> list[Complaint]:
    """What is wrong with some rows, one after the other."""
    places = {heading: at for at, (heading, _) in enumerate(batch.columns)}
    fields = {field: at for at, (_, field) in enumerate(batch.columns)}
    name_at = fields.get("name", fields.get("licence_no"))

    def cell(row: RefusedRow, at: int | None) -> str:
        return str(row.cells[at]).strip()[:LONGEST_SHOWN] if at is not None and at < len(row.cells) else ""

    return [
        Complaint(
            row.line,
            cell(row, fields.get("number")),
            cell(row, name_at),
            reason["column"],
            cell(row, places.get(reason["column"])),
            reason["told"],
        )
        for row in rows
        for reason in row.reasons
    ]


@dataclass(frozen=True)
class Progress:
    """How far a batch is. rate: rows per second; remaining_s: None where it cannot be told yet.

    n_ahead: how many imports come before it; None where its turn has come.
    """

    percent: int
    rate: int
    remaining_s: int | None
    is_silent: bool
    n_ahead: int | None = None


def progress_of(batch: ImportBatch, at: datetime) -> Progress:
    """Counted from the start to the last sign of the worker."""
    done, total = batch.done_rows, batch.n_rows or 0
    spent = (batch.beat_at - batch.started_at).total_seconds() if batch.beat_at and batch.started_at else 0
    rate = done / spent if spent > 0 else 0
    remaining = round((total - done) / rate) if rate and total else None
    percent = min(100, done * 100 // total) if total else 0
    ahead = n_ahead(batch) if batch.state in AT_WORK else None
    silent_now = batch.state in AT_WORK and ahead is None and batch.beat_at is not None and at - batch.beat_at > SILENT
    return Progress(percent, round(rate), remaining, silent_now, ahead)
