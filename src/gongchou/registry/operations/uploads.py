"""How long uploaded files are kept: they hold what registers hold, and nobody needs them once their rows are taken."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.conf import settings

from gongchou.audit.operations import Actor, Done, operation
from gongchou.refusal import Refused
from gongchou.registry.imports.files import FOLDER, whereabouts
from gongchou.registry.models import ImportBatch, RefusedRow
from gongchou.registry.operations.imports import end_for_good, locked
from gongchou.registry.operations.papers import Timer
from gongchou.registry.queries.imports import WAITS, left_before
from gongchou.registry.rules import imports as rules

ORPHAN_AFTER = 24 * 60 * 60  # seconds: an upload lies there before its batch does


def remove_old_uploads(*, at: datetime) -> int:
    """Remove what imports left that ended, or were left lying, ``GONGCHOU_KEEP_UPLOADS_DAYS`` ago, and files of no
    import; say of how many imports. Where the setting is 0, only files of no import.
    """
    days = settings.KEEP_UPLOADS_DAYS
    found = list(left_before(at - timedelta(days=days))) if days > 0 else []
    n_removed = sum(_is_removed(batch, at) for batch in found)
    _sweep()
    return n_removed


def _is_removed(batch: ImportBatch, at: datetime) -> bool:
    try:
        remove_upload(batch=batch, by=Timer(), at=at)
    except Refused:  # somebody went on with it meanwhile
        return False
    return True


@operation("import.upload_removed", "移除到期的上传文件和错误行")
def remove_upload(*, batch: ImportBatch, by: Actor, at: datetime) -> Done[ImportBatch]:
    """Forget what an import held: refused rows and samples; its file goes once no other import needs it. What came of
    it stays; one that nobody finished is given up. Raises Refused ``import_state``, ``import_removed``.
    """
    batch = locked(batch)
    rules.check_can_be_removed(batch)
    was = batch.state
    if was in WAITS:
        end_for_good(batch, at)
    n_rows, _ = RefusedRow.objects.filter(batch=batch).delete()
    batch.samples, batch.removed_at = {}, at
    batch.save(update_fields=["samples", "removed_at"])
    told = {"digest": batch.file_digest, "n_rows": n_rows, "days": settings.KEEP_UPLOADS_DAYS}
    return Done(batch, {**told, "was": was} if was in WAITS else told)


def _sweep() -> None:
    """Files that no import needs, after the transactions that said so."""
    needed = set(ImportBatch.objects.filter(removed_at=None).values_list("file_path", flat=True))
    folder = whereabouts(FOLDER)
    for file in folder.iterdir() if folder.is_dir() else ():
        if f"{FOLDER}/{file.name}" not in needed and file.stat().st_mtime < time.time() - ORPHAN_AFTER:
            file.unlink(missing_ok=True)
