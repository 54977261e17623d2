"""What a worker does to an import: part by part, each one operation (ruling 25), so that it may die at any time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from gongchou.accounts.models import User
from gongchou.accounts.operations import send_message
from gongchou.audit.operations import Done, operation
from gongchou.refusal import Refused
from gongchou.registry.imports import full, store
from gongchou.registry.imports.checking import Taken, Turned
from gongchou.registry.imports.keyed import Library, Note, Plan
from gongchou.registry.models import ImportBatch, RefusedRow
from gongchou.registry.operations.imports import COUNTS, begin, forget_dry_run, locked
from gongchou.registry.permissions.imports import check_still_reaches
from gongchou.registry.rules import imports as rules

State = ImportBatch.State
MOST_CELLS = 1_000  # of a refused row, which may be no row of the table at all
LONGEST_NAME = 60  # of a file, in the title of a message


@dataclass(frozen=True)
class Worker:
    """Who tells people how their imports ended."""

    audit_id: str = "worker"
    audit_name: str = "后台任务"


# The dry run ------------------------------------------------------------------------------------


@operation("import.check_restarted", "重新开始核对")
def restart_check(*, batch: ImportBatch, n_rows: int, has_repeats: bool, by: User, at: datetime) -> Done[ImportBatch]:
    """A worker has surveyed the file and begins the dry run, for the first time or in place of one that died."""
    batch = locked(batch)
    begin(batch, State.CHECKING, at)
    batch.n_rows, batch.has_repeats = n_rows, has_repeats
    batch.save(update_fields=["n_rows", "has_repeats"])
    RefusedRow.objects.filter(batch=batch).delete()
    return Done(batch, {"n_rows": n_rows})


@operation("import.alive", "后台仍在读取文件")
def beat(*, batch: ImportBatch, state: str, by: User, at: datetime) -> Done[ImportBatch]:
    """A sign of life while a large file is looked through: who says nothing for a minute is held to be dead.

    Raises Refused ``import_overtaken``.
    """
    batch = locked(batch)
    _check_turn(batch, state, batch.done_rows)
    batch.beat_at = at
    batch.save(update_fields=["beat_at"])
    return Done(batch)


@operation("import.part_checked", "核对一段")
def note_checked(
    *, batch: ImportBatch, rows: Sequence[Taken | Turned], plan: Plan, start: int, by: User, at: datetime
) -> Done[ImportBatch]:
    """Keep what a part of the dry run found. Raises Refused ``import_overtaken``."""
    batch = locked(batch)
    _check_turn(batch, State.CHECKING, start)
    _refuse(batch, rows, plan)
    return Done(batch, _advance(batch, rows, plan, at))


@operation("import.checked", "核对完毕")
def finish_check(
    *, batch: ImportBatch, library: Library, n_vanished: int, samples: dict[str, Any], by: User, at: datetime
) -> Done[ImportBatch]:
    """The dry run has come to its end; now the person decides, and is told so.

    batch: as this worker left it, since another may have begun anew
    Raises Refused ``import_overtaken``, ``import_rights_ended``: what is shown stands in libraries.
    """
    start, batch = batch.done_rows, locked(batch)
    _check_turn(batch, State.CHECKING, start)
    check_still_reaches(batch, library)
    batch.state, batch.n_vanished, batch.samples, batch.beat_at = State.CHECKED, n_vanished, samples, at
    batch.save(update_fields=["state", "n_vanished", "samples", "beat_at"])
    told = {name: getattr(batch, name) for name in COUNTS}
    _tell(batch, "核对完毕，请确认", f"{_counted(batch)}。库中数据还没有改动，确认后才导入。", at, kind="task")
    return Done(batch, {**told, "n_emptied": samples.get("n_emptied", 0)})


# The run ------------------------------------------------------------------------------------------


@operation("import.beaten", "后台接手导入")
def note_worker(*, batch: ImportBatch, n_rows: int, by: User, at: datetime) -> Done[ImportBatch]:
    """A worker has surveyed the file and goes on from where the batch stands."""
    batch = locked(batch)
    rules.check_move(batch, State.RUNNING)
    if batch.state != State.RUNNING:
        raise Refused("registry.import_overtaken", file=batch.file_name)
    batch.n_rows, batch.beat_at = n_rows, at
    batch.save(update_fields=["n_rows", "beat_at"])
    return Done(batch, {"n_rows": n_rows, "done_rows": batch.done_rows})


@operation("import.part_taken", "导入一段")
def take_part(
    *, batch: ImportBatch, library: Library, rows: Sequence[Taken | Turned], start: int, by: User, at: datetime
) -> Done[ImportBatch]:
    """Write a chunk of rows, what it refused, and how far the batch has come, in one transaction.

    Raises Refused ``import_overtaken``, ``import_rights_ended``; IntegrityError where another department took one of
    the numbers meanwhile.
    """
    batch = locked(batch)
    _check_turn(batch, State.RUNNING, start)
    check_still_reaches(batch, library)
    plan = library.compare(rows, is_locking=True)
    library.write(plan, Note(batch.pk.hex, batch.file_name, by.audit_name, at))
    _refuse(batch, rows, plan)
    return Done(batch, _advance(batch, rows, plan, at))


@operation("import.finished", "导入完毕")
def finish_import(
    *, batch: ImportBatch, library: Library, census: full.Census | None, by: User, at: datetime
) -> Done[ImportBatch]:
    """Mark whoever a full register names no more, close the import, and tell its maker.

    batch: as this worker left it. Raises Refused ``import_overtaken``, ``import_rights_ended``.
    """
    start, batch = batch.done_rows, locked(batch)
    _check_turn(batch, State.RUNNING, start)
    check_still_reaches(batch, library)
    missing = census.missing() if census else []
    if census:
        full.mark_vanished(census.library, missing, Note(batch.pk.hex, batch.file_name, by.audit_name, at))
    batch.state, batch.n_vanished = State.DONE, len(missing)
    batch.finished_at = batch.beat_at = at
    batch.save(update_fields=["state", "n_vanished", "finished_at", "beat_at"])
    more = "错误的行没有导入，可以下载，改好后再上传。" if batch.n_refused else ""
    _tell(batch, "导入完成", f"{_counted(batch)}。{more}", at)
    return Done(batch, {name: getattr(batch, name) for name in COUNTS})


@operation("import.failed", "导入未能完成")
def fail(*, batch: ImportBatch, failure: str, by: User, at: datetime) -> Done[ImportBatch]:
    """Write down why it cannot go on, and tell its maker; what was taken stays taken. A dry run took nothing and is not
    gone on with.
    """
    batch = locked(batch)
    rules.check_move(batch, State.FAILED)
    forget_dry_run(batch)
    batch.state, batch.failure, batch.beat_at = State.FAILED, failure[:500], at
    batch.save(update_fields=["state", "failure", "beat_at", "done_rows", *COUNTS])
    _tell(batch, "没有完成，请处理", batch.failure, at, kind="warning")
    return Done(batch, {"failure": batch.failure, "done_rows": batch.done_rows})


# Parts --------------------------------------------------------------------------------------------


def _tell(batch: ImportBatch, what: str, body: str, at: datetime, kind: str = "notice") -> None:
    """A message to whoever brought the file, who may have gone to do other things meanwhile."""
    name = batch.file_name
    shown = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME // 2]}…{name[-LONGEST_NAME // 2 :]}"
    title, link = f"“{shown}”{what}", batch.get_absolute_url()
    send_message(to=[batch.created_by], title=title, body=body, link=link, kind=kind, by=Worker(), at=at)


def _counted(batch: ImportBatch) -> str:
    told = f"新增 {batch.n_new}，更新 {batch.n_changed}，不变 {batch.n_same}，错误 {batch.n_refused}"
    return f"{told}，未再出现 {batch.n_vanished}" if batch.is_full else told


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
