"""What happens to an import, from the file to its last row. Every chunk of rows is one operation (ruling 25)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import IntegrityError

from gongchou.accounts.models import Department, Region, User
from gongchou.accounts.roles import Duty
from gongchou.audit.operations import Done, operation
from gongchou.refusal import Refused
from gongchou.registry.imports import full, store
from gongchou.registry.imports.checking import Taken, Turned
from gongchou.registry.imports.columns import header_digest, recognise, remembered
from gongchou.registry.imports.files import Kept, whereabouts
from gongchou.registry.imports.keyed import Library, Note, Plan
from gongchou.registry.imports.loading import columns_of
from gongchou.registry.imports.reading import Source, head_of, open_source
from gongchou.registry.models import ColumnMap, ImportBatch, RefusedRow, SubLibrary
from gongchou.registry.permissions.reach import check_reaches
from gongchou.registry.queries.imports import find_map
from gongchou.registry.rules import imports as rules

State = ImportBatch.State
Pairs = Sequence[tuple[str, str]]
MOST_CELLS = 1_000  # of a refused row, which may be no row of the table at all
COUNTS = ("n_read", "n_new", "n_changed", "n_same", "n_refused", "n_vanished")


def _locked(batch: ImportBatch) -> ImportBatch:
    found = ImportBatch.objects.select_for_update(of=("self",))
    return found.select_related("department__region", "region", "created_by").get(pk=batch.pk)


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
        check_reaches(by, sub_library.department, Duty.KEEP_LIBRARIES)
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
    batch = _locked(batch)
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
def start_check(*, batch: ImportBatch, fields: Sequence[str], by: User, at: datetime) -> Done[ImportBatch]:
    """Fix what the columns mean, remember it for this header, and ask for the dry run.

    Raises Refused ``import_column_…``, ``import_region_needed``, ``import_state``, ``import_not_yours``.
    """
    batch = _locked(batch)
    _check_own(batch, by)
    rules.check_can_be_mapped(batch)
    labels = [(own.field, own.label) for own in columns_of(batch.kind)]
    rules.check_columns(batch, fields, labels)
    headings = [heading for heading, _ in batch.columns]
    batch.columns = [list(pair) for pair in zip(headings, fields, strict=True)]
    _remember(batch, headings, at)
    _begin(batch, State.CHECKING, at)
    return Done(batch, {"columns": batch.columns})


def _remember(batch: ImportBatch, headings: list[str], at: datetime) -> None:
    ColumnMap.objects.update_or_create(
        kind=batch.kind,
        header=header_digest(headings),
        department=batch.department,
        defaults={"columns": dict(batch.columns), "used_at": at},
    )


def _begin(batch: ImportBatch, state: str, at: datetime) -> None:
    """Set everything back to the first row. What a dry run refused stays until the run comes to it."""
    rules.check_move(batch, state)
    batch.state, batch.failure, batch.done_rows, batch.n_rows = state, "", 0, None
    batch.started_at = batch.beat_at = at
    batch.finished_at = None
    for name in COUNTS:
        setattr(batch, name, 0)
    batch.save()


# The dry run ------------------------------------------------------------------------------------


@operation("import.check_restarted", "重新开始核对")
def restart_check(*, batch: ImportBatch, n_rows: int, by: User, at: datetime) -> Done[ImportBatch]:
    """A worker begins the dry run, for the first time or in place of one that died."""
    batch = _locked(batch)
    _begin(batch, State.CHECKING, at)
    batch.n_rows = n_rows
    batch.save(update_fields=["n_rows"])
    RefusedRow.objects.filter(batch=batch).delete()
    return Done(batch, {"n_rows": n_rows})


@operation("import.part_checked", "核对一段")
def note_checked(
    *, batch: ImportBatch, rows: Sequence[Taken | Turned], plan: Plan, start: int, by: User, at: datetime
) -> Done[ImportBatch]:
    """Keep what a part of the dry run found. Raises Refused ``import_overtaken``."""
    batch = _locked(batch)
    _check_turn(batch, State.CHECKING, start)
    _refuse(batch, rows, plan)
    return Done(batch, _advance(batch, rows, plan, at))


@operation("import.checked", "核对完毕")
def finish_check(
    *, batch: ImportBatch, n_vanished: int, samples: dict[str, Any], by: User, at: datetime
) -> Done[ImportBatch]:
    """The dry run has come to its end; now the person decides."""
    batch = _locked(batch)
    rules.check_move(batch, State.CHECKED)
    batch.state, batch.n_vanished, batch.samples, batch.beat_at = State.CHECKED, n_vanished, samples, at
    batch.save(update_fields=["state", "n_vanished", "samples", "beat_at"])
    return Done(batch, {name: getattr(batch, name) for name in COUNTS})


def _check_turn(batch: ImportBatch, state: str, start: int) -> None:
    """Somebody gave it up, or another worker has it: then this one stops. Raises Refused ``import_overtaken``."""
    if batch.state != state or batch.done_rows != start:
        raise Refused("registry.import_overtaken", file=batch.file_name)


def _refuse(batch: ImportBatch, rows: Sequence[Taken | Turned], plan: Plan) -> None:
    """The refused rows of a part, in place of what was found in it before."""
    store.delete_lines(RefusedRow, batch.pk.hex, rows[0].line, rows[-1].line)
    columns = ["batch_id", "line", "cells", "reasons"]
    told = [(batch.pk.hex, own.line, _as_kept(own.cells), store.as_json(own.reasons)) for own in plan.refused]
    store.insert(RefusedRow, columns, sorted(told, key=lambda row: row[1]))


def _as_kept(cells: Sequence[str]) -> str:
    """The cells of a refused row; for NUL, which PostgreSQL keeps in no JSON, the sign of what cannot be shown."""
    return store.as_json([cell.replace("\0", "\ufffd") for cell in cells[:MOST_CELLS]])


def _advance(batch: ImportBatch, rows: Sequence[Taken | Turned], plan: Plan, at: datetime) -> dict[str, Any]:
    counts = plan.counts()
    for name, count in counts.items():
        setattr(batch, name, getattr(batch, name) + count)
    batch.n_read = batch.done_rows = batch.done_rows + len(rows)
    batch.beat_at = at
    batch.save(update_fields=[*counts, "n_read", "done_rows", "beat_at"])
    return {**counts, "lines": [rows[0].line, rows[-1].line], "digest": digest_of(rows)}


def digest_of(rows: Iterable[Taken | Turned]) -> str:
    """SHA-256 over the rows of a chunk: a line ``line TAB digest LF`` for each, the digest of its values where it was
    read, of its cells where it was not.
    """
    found = sha256()
    for row in rows:
        own = (
            row.digest
            if isinstance(row, Taken)
            else sha256("\x1f".join(row.cells).encode("utf-8", "replace")).hexdigest()
        )
        found.update(f"{row.line}\t{own}\n".encode())
    return found.hexdigest()


# The run ----------------------------------------------------------------------------------------


def start_import(*, batch: ImportBatch, by: User, at: datetime) -> ImportBatch:
    """Confirm an import. Raises Refused ``import_runs``, ``import_state``, ``import_not_yours``, ``out_of_reach``."""
    try:
        return _start(batch=batch, by=by, at=at)
    except IntegrityError as error:  # another was confirmed in the same moment
        raise Refused("registry.import_runs", file="…", kind=batch.get_kind_display()) from error


@operation("import.started", "确认导入")
def _start(*, batch: ImportBatch, by: User, at: datetime) -> Done[ImportBatch]:
    batch = _locked(batch)
    _check_own(batch, by)
    rules.check_can_be_started(batch)
    rules.check_none_runs_beside(batch)
    told = {name: getattr(batch, name) for name in COUNTS}
    n_rows = batch.n_rows
    _begin(batch, State.RUNNING, at)
    batch.n_rows = n_rows
    batch.save(update_fields=["n_rows"])
    return Done(batch, {"expected": told})


@operation("import.resumed", "继续导入")
def resume_import(*, batch: ImportBatch, by: User, at: datetime) -> Done[ImportBatch]:
    """Go on with one that failed, from the row it came to.

    Raises Refused ``import_runs``, ``import_state``, ``import_not_yours``, ``out_of_reach``.
    """
    batch = _locked(batch)
    _check_own(batch, by)
    rules.check_can_be_resumed(batch)
    rules.check_none_runs_beside(batch)
    batch.state, batch.failure, batch.beat_at = State.RUNNING, "", at
    batch.save(update_fields=["state", "failure", "beat_at"])
    return Done(batch, {"done_rows": batch.done_rows})


@operation("import.part_taken", "导入一段")
def take_part(
    *, batch: ImportBatch, library: Library, rows: Sequence[Taken | Turned], start: int, by: User, at: datetime
) -> Done[ImportBatch]:
    """Write a chunk of rows, what it refused, and how far the batch has come, in one transaction.

    Raises Refused ``import_overtaken``; IntegrityError where another department took one of the numbers meanwhile.
    """
    batch = _locked(batch)
    _check_turn(batch, State.RUNNING, start)
    plan = library.compare(rows, is_locking=True)
    library.write(plan, Note(batch.pk.hex, batch.file_name, by.audit_name, at))
    _refuse(batch, rows, plan)
    return Done(batch, _advance(batch, rows, plan, at))


@operation("import.finished", "导入完毕")
def finish_import(*, batch: ImportBatch, census: full.Census | None, by: User, at: datetime) -> Done[ImportBatch]:
    """Mark whoever a full register names no more, and close the import. Raises Refused ``import_overtaken``."""
    batch = _locked(batch)
    _check_turn(batch, State.RUNNING, batch.n_read)
    missing = census.missing() if census else []
    if census:
        full.mark_vanished(census.library, missing, Note(batch.pk.hex, batch.file_name, by.audit_name, at))
    batch.state, batch.n_vanished = State.DONE, len(missing)
    batch.finished_at = batch.beat_at = at
    batch.save(update_fields=["state", "n_vanished", "finished_at", "beat_at"])
    return Done(batch, {name: getattr(batch, name) for name in COUNTS})


@operation("import.beaten", "后台接手导入")
def note_worker(*, batch: ImportBatch, n_rows: int, by: User, at: datetime) -> Done[ImportBatch]:
    """A worker has surveyed the file and goes on from where the batch stands."""
    batch = _locked(batch)
    rules.check_move(batch, State.RUNNING)
    if batch.state != State.RUNNING:
        raise Refused("registry.import_overtaken", file=batch.file_name)
    batch.n_rows, batch.beat_at = n_rows, at
    batch.save(update_fields=["n_rows", "beat_at"])
    return Done(batch, {"n_rows": n_rows, "done_rows": batch.done_rows})


# Endings ----------------------------------------------------------------------------------------


@operation("import.failed", "导入未能完成")
def fail(*, batch: ImportBatch, failure: str, by: User, at: datetime) -> Done[ImportBatch]:
    """Write down why it cannot go on; what was taken stays taken. A dry run took nothing and is not gone on with."""
    batch = _locked(batch)
    rules.check_move(batch, State.FAILED)
    _forget_dry_run(batch)
    batch.state, batch.failure, batch.beat_at = State.FAILED, failure[:500], at
    batch.save(update_fields=["state", "failure", "beat_at", "done_rows", *COUNTS])
    return Done(batch, {"failure": batch.failure, "done_rows": batch.done_rows})


@operation("import.given_up", "放弃导入")
def give_up(*, batch: ImportBatch, by: User, at: datetime) -> Done[ImportBatch]:
    """Stop for good; rows taken stay, with their source. Raises Refused ``import_state``, ``out_of_reach``."""
    batch = _locked(batch)
    check_reaches(by, batch.department, Duty.KEEP_LIBRARIES)
    rules.check_move(batch, State.GIVEN_UP)
    _forget_dry_run(batch)
    batch.state, batch.finished_at = State.GIVEN_UP, at
    batch.save(update_fields=["state", "finished_at", "done_rows", *COUNTS])
    return Done(batch, {"done_rows": batch.done_rows})


def _forget_dry_run(batch: ImportBatch) -> None:
    """What was only looked at is not what was taken: ``done_rows`` says from here on what is in the library."""
    if batch.state in (State.CHECKING, State.CHECKED):
        for name in ("done_rows", *COUNTS):
            setattr(batch, name, 0)
