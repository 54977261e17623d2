"""The bundle of a batch as it is now: what is public of it, the log's proofs, under one signed manifest."""

from __future__ import annotations

from collections.abc import Iterator

from gongchou.draw import note
from gongchou.draw.bundle import (
    MANIFEST,
    MANIFEST_NOTE,
    Files,
    in_memory,
    is_of_match,
    manifest_text,
    write_manifest,
    write_zip,
)
from gongchou.draw.encoding import sha256_hex
from gongchou.draw.replace import write_replacements, write_substitutions
from gongchou.draw.table import Blob, read_all
from gongchou.draws import keys
from gongchou.draws.contents import with_guide
from gongchou.draws.events import replacements_of, substitutions_of
from gongchou.draws.ledger import PublicLog
from gongchou.draws.models import Batch, Draw
from gongchou.draws.queries.batches import AUDITOR, files_of
from gongchou.draws.queries.frames import drawn_together

WITNESS_K = 2


def bundle_of(batch: Batch, *, for_auditors: bool = False) -> dict[str, Blob]:
    """All files of a bundle with its manifest. for_auditors: with the match where it is sealed.

    Raises DrawError ``witnesses_missing`` while too few witnesses have seen the log, Refused ``draws.file_missing``.
    """
    draws = draws_in(batch)
    gone = tuple(draw.folder for draw in batch.draws.all() if draw not in draws)
    files: dict[str, Blob] = {
        path: blob for path, blob in files_of(batch).items() if not path.startswith((AUDITOR, *gone))
    }
    files |= in_memory(_events(batch, draws))
    if batch.is_match_sealed and not for_auditors:
        files = {path: blob for path, blob in files.items() if not is_of_match(path)}
    authorities = {draw.task.department.code for draw in draws} | {batch.department.code}
    universe = next((read_all(blob) for path, blob in sorted(files.items()) if path.endswith("universe.note")), b"")
    log = PublicLog()
    last = max((entry.index for entry in log.entries_of(batch.code)), default=None)
    files |= in_memory(log.evidence(authorities, WITNESS_K, last=last) | keys.public_files(universe))
    files |= in_memory(with_guide(batch, files))
    return files | in_memory(_manifest(files))


def draws_in(batch: Batch) -> list[Draw]:
    """A draw that was given up before the close is not part of the close, nor of the bundle."""
    return drawn_together(batch) if batch.closed_at else list(batch.draws.select_related("task__department"))


def _events(batch: Batch, draws: list[Draw]) -> dict[str, bytes]:
    """The tables of what happened afterwards; a table without rows is left out."""
    replaced = {draw: replacements_of(draw) for draw in draws}
    found = {f"{draw.folder}replacements.tsv": write_replacements(rows) for draw, rows in replaced.items() if rows}
    dealt = substitutions_of(batch)
    return found | ({"substitutions.tsv": write_substitutions(dealt)} if dealt else {})


def _manifest(files: Files) -> dict[str, bytes]:
    manifest = write_manifest(files)
    key, text = keys.secret_of(keys.OPERATOR), manifest_text(manifest)
    return {MANIFEST: manifest, MANIFEST_NOTE: note.write_note(text, [note.sign(text, key.public, key.secret)])}


def zipped(batch: Batch, *, for_auditors: bool = False) -> Iterator[bytes]:
    """The one zip file of it."""
    return write_zip(bundle_of(batch, for_auditors=for_auditors))


def digest_of(batch: Batch) -> str:
    """By what an auditor names the bundle she looked at: SHA-256 of its manifest, 64 hex digits."""
    return digest_in(bundle_of(batch, for_auditors=True))


def digest_in(files: Files) -> str:
    """The same of a bundle that was made already."""
    return sha256_hex(read_all(files[MANIFEST]))
