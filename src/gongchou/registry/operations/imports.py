"""What people do to an import, from the file to its confirmation; the rest is ``import_work``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import IntegrityError

from gongchou.accounts.models import Department, Region, User
from gongchou.accounts.roles import Duty
from gongchou.audit.operations import Done, held, operation
from gongchou.refusal import Refused
from gongchou.registry.imports.columns import NO_FIELD, header_digest, recognise, remembered
from gongchou.registry.imports.files import Kept, whereabouts
from gongchou.registry.imports.loading import columns_of
from gongchou.registry.imports.reading import Source, head_of, open_source
from gongchou.registry.models import ColumnMap, ImportBatch, SubLibrary
from gongchou.registry.permissions.reach import check_reaches
from gongchou.registry.queries.imports import find_map
from gongchou.registry.rules import imports as rules

State = ImportBatch.State
Pairs = Sequence[tuple[str, str]]
COUNTS = ("n_read", "n_new", "n_changed", "n_same", "n_refused", "n_vanished")


def locked(batch: ImportBatch) -> ImportBatch:
    """The batch as it stands, for nobody else to change."""
    return held(batch, "department__region", "region", "created_by")


# Bringing a file and saying what its columns mean -----------------------------------------------


def bring_file(
    *,
    kind: str,
    department: Department,
    region: Region | None,
    is_full: bool,
    file_name: str,
    kept: Kept,
    by: User,
    at: datetime,
    sub_library: SubLibrary | None = None,
) -> ImportBatch:
    """Open a file that was kept and enter it as an import; it is read before the transaction, which stays short.

    Raises Refused ``registry.file_…``, ``out_of_reach``, ``import_region``.
    """
    source = open_source(whereabouts(kept.path), columns_of(kind))
    headings = head_of(source).headings
    guessed = recognise(headings, columns_of(kind))
    chosen = remembered(headings, guessed, find_map(kind, header_digest(headings), department))
    return _enter_batch(
        kind=kind,
        department=department,
        region=region,
        sub_library=sub_library,
        is_full=is_full,
        file_name=file_name[-200:],
        kept=kept,
        source=source,
        pairs=list(chosen.items()),
        by=by,
        at=at,
    )


@operation("import.brought", "上传名录文件")
def _enter_batch(
    *,
    kind: str,
    department: Department,
    region: Region | None,
    sub_library: SubLibrary | None,
    is_full: bool,
    file_name: str,
    kept: Kept,
    source: Source,
    pairs: Pairs,
    by: User,
    at: datetime,
) -> Done[ImportBatch]:
    check_reaches(by, department, Duty.KEEP_LIBRARIES)
    rules.check_region(region, department)
    if sub_library is not None:
        check_reaches(by, sub_library.department, Duty.KEEP_LIBRARIES, field=sub_library.field)
    batch = ImportBatch.objects.create(
        kind=kind,
        department=department,
        region=region,
        sub_library=sub_library,
        is_full=is_full,
        file_name=file_name,
        file_path=kept.path,
        file_digest=kept.digest,
        sheet=source.sheet,
        header_line=source.header,
        encoding=source.encoding,
        columns=[list(pair) for pair in pairs],
        created_at=at,
        created_by=by,
    )
    return Done(batch, {"kind": kind, "file": file_name, "digest": kept.digest, "is_full": is_full})


@operation("import.reopened", "改选工作表和表头")
def read_again(*, batch: ImportBatch, sheet: str, header: int, by: User, at: datetime) -> Done[ImportBatch]:
    """Take another sheet or another line for the header, and recognise its columns.

    Raises Refused ``import_state``, ``import_not_yours``, ``file_…``.
    """
    batch = locked(batch)
    _check_own(batch, by)
    rules.check_can_be_mapped(batch)
    source = Source(whereabouts(batch.file_path), header, sheet, batch.encoding)
    headings = head_of(source).headings
    guessed = recognise(headings, columns_of(batch.kind))
    chosen = remembered(headings, guessed, find_map(batch.kind, header_digest(headings), batch.department))
    batch.sheet, batch.header_line, batch.columns = sheet, header, [list(pair) for pair in chosen.items()]
    batch.save(update_fields=["sheet", "header_line", "columns"])
    return Done(batch, {"sheet": sheet, "header": header})


def _check_own(batch: ImportBatch, by: User) -> None:
    check_reaches(by, batch.department, Duty.KEEP_LIBRARIES)
    rules.check_is_own(batch, by)


@operation("import.check_started", "确定栏目并核对")
def start_check(
    *, batch: ImportBatch, fields: Sequence[str], by: User, at: datetime, blanks: str = ImportBatch.Blanks.KEEP
) -> Done[ImportBatch]:
    """Fix what the columns mean, remember it for this header, and ask for the dry run.

    blanks: what empty cells say, for this file alone: who empties values decides so each time.
    Raises Refused ``import_column_…``, ``import_region_needed``, ``import_state``, ``import_not_yours``.
    """
    batch = locked(batch)
    _check_own(batch, by)
    rules.check_can_be_mapped(batch)
    labels = [(own.field, own.label) for own in columns_of(batch.kind)]
    rules.check_columns(batch, fields, labels)
    headings = [heading for heading, _ in batch.columns]
    batch.columns = [list(pair) for pair in zip(headings, fields, strict=True)]
    batch.blanks = blanks
    _remember(batch, headings, at)
    begin(batch, State.CHECKING, at)
    words = {**dict(labels), **NO_FIELD}
    told = {heading: words.get(field, field) for heading, field in batch.columns}
    return Done(batch, {"columns": told, "blanks": blanks})


def _remember(batch: ImportBatch, headings: list[str], at: datetime) -> None:
    ColumnMap.objects.update_or_create(
        kind=batch.kind,
        header=header_digest(headings),
        department=batch.department,
        defaults={"columns": dict(batch.columns), "used_at": at},
    )


def begin(batch: ImportBatch, state: str, at: datetime) -> None:
    """Set everything back to the first row. What a dry run refused stays until the run comes to it."""
    rules.check_move(batch, state)
    batch.state, batch.failure, batch.done_rows, batch.n_rows = state, "", 0, None
    batch.started_at = batch.beat_at = at
    batch.finished_at = None
    for name in COUNTS:
        setattr(batch, name, 0)
    batch.save()


# The run ----------------------------------------------------------------------------------------


def start_import(*, batch: ImportBatch, by: User, at: datetime) -> ImportBatch:
    """Confirm an import. Raises Refused ``import_runs``, ``import_state``, ``import_not_yours``, ``out_of_reach``."""
    with _one_at_a_time(batch):
        return _start(batch=batch, by=by, at=at)


@contextmanager
def _one_at_a_time(batch: ImportBatch) -> Iterator[None]:
    """Where another was confirmed in the same moment, the database says no and we say why."""
    try:
        yield
    except IntegrityError as error:
        raise Refused("registry.import_runs", file="…", kind=batch.get_kind_display()) from error


@operation("import.started", "确认导入")
def _start(*, batch: ImportBatch, by: User, at: datetime) -> Done[ImportBatch]:
    batch = locked(batch)
    _check_own(batch, by)
    rules.check_can_be_started(batch)
    rules.check_none_runs_beside(batch)
    told = {name: getattr(batch, name) for name in COUNTS}
    n_rows = batch.n_rows
    begin(batch, State.RUNNING, at)
    batch.n_rows = n_rows
    batch.save(update_fields=["n_rows"])
    return Done(batch, {"expected": told})


def resume_import(*, batch: ImportBatch, by: User, at: datetime) -> ImportBatch:
    """Go on with one that failed, from the row it came to.

    Raises Refused ``import_runs``, ``import_state``, ``import_not_yours``, ``out_of_reach``.
    """
    with _one_at_a_time(batch):
        return _resume(batch=batch, by=by, at=at)


@operation("import.resumed", "继续导入")
def _resume(*, batch: ImportBatch, by: User, at: datetime) -> Done[ImportBatch]:
    batch = locked(batch)
    _check_own(batch, by)
    rules.check_can_be_resumed(batch)
    rules.check_none_runs_beside(batch)
    batch.state, batch.failure, batch.beat_at = State.RUNNING, "", at
    batch.save(update_fields=["state", "failure", "beat_at"])
    return Done(batch, {"done_rows": batch.done_rows})


# Endings ----------------------------------------------------------------------------------------


@operation("import.given_up", "放弃导入")
def give_up(*, batch: ImportBatch, by: User, at: datetime) -> Done[ImportBatch]:
    """Stop for good; rows taken stay, with their source. Raises Refused ``import_state``, ``out_of_reach``."""
    batch = locked(batch)
    check_reaches(by, batch.department, Duty.KEEP_LIBRARIES)
    rules.check_move(batch, State.GIVEN_UP)
    end_for_good(batch, at)
    return Done(batch, {"done_rows": batch.done_rows})


def end_for_good(batch: ImportBatch, at: datetime) -> None:
    """Write down that nobody goes on with it."""
    forget_dry_run(batch)
    batch.state, batch.finished_at = State.GIVEN_UP, at
    batch.save(update_fields=["state", "finished_at", "done_rows", *COUNTS])


@operation("import.refused_taken_out", "下载导入的错误行")
def note_taken_out(*, batch: ImportBatch, by: User, at: datetime) -> Done[ImportBatch]:
    """Somebody takes the refused rows out of the platform: they hold what registers hold.

    Raises Refused ``out_of_reach``, ``import_removed``.
    """
    check_reaches(by, batch.department, Duty.KEEP_LIBRARIES)
    rules.check_is_there(batch)
    return Done(batch, {"n_rows": batch.refused_rows.count()})


def forget_dry_run(batch: ImportBatch) -> None:
    """What was only looked at is not what was taken: ``done_rows`` says from here on what is in the library."""
    if batch.state in (State.CHECKING, State.CHECKED):
        for name in ("done_rows", *COUNTS):
            setattr(batch, name, 0)
