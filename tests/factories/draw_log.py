"""A small public log of draws, its keys and witnesses; the entries say nothing that matters."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from gongchou.audit.apps import keys_folder
from gongchou.audit.guard import open_for_writing
from gongchou.audit.keys import make_key, read_secret
from gongchou.draw import note
from gongchou.draws import keys, ledger
from gongchou.draws.ledger import PublicLog
from gongchou.draws.models import LogCheckpoint, LogEntry
from gongchou.draws.operations.log import Signer, Witnesses, sign_log, take_cosignature
from tests.factories.log import run
from tests.factories.people import NOW

SITE = "gongchou.example"
LOG_NAME = f"{SITE}/draws"
WITNESSES = ("witness-1.example", "witness-2.example")
AUTHORITIES = ("990100-SCJG", "990100-YJGL")


def make_log_keys(elsewhere: Path) -> list[note.SecretKey]:
    """The keys behind draws, in the home of the test, where two witnesses are known whose own lie elsewhere."""
    keys.make_keys(SITE)
    publics = [make_key(elsewhere / name, "witness", name, "cosignature") for name in WITNESSES]
    (keys_folder() / keys.WITNESSES).write_text("".join(f"{key}\n" for key in publics))
    return [read_secret(elsewhere / name / "witness.key") for name in WITNESSES]


def write_entries(n: int, says: int = 0) -> None:
    """Entries of two offices in turn. says: added to the number in each, for another history"""
    with open_for_writing(), transaction.atomic():
        for at in range(LogEntry.objects.count(), LogEntry.objects.count() + n):
            PublicLog().append("audit", {"n": at + says}, authority=AUTHORITIES[at % 2], at=NOW + timedelta(seconds=at))


def checkpoint_after(n: int, witnesses: list[note.SecretKey]) -> LogCheckpoint:
    """Some more entries, a checkpoint, and what the witnesses say to it."""
    write_entries(n)
    checkpoint = sign_log(by=Signer(), at=NOW + timedelta(hours=LogEntry.objects.count()))
    for witness in witnesses:
        cosign(checkpoint, witness)
    return checkpoint


def cosign(checkpoint: LogCheckpoint, witness: note.SecretKey) -> None:
    text = note.parse_note(checkpoint.note.encode()).text
    line = note.cosign(text, witness.public, witness.secret, int(NOW.timestamp()) + checkpoint.size)
    take_cosignature(data=note.write_note(text, [line]), by=Witnesses(), at=timezone.now())


def remembered() -> Path:
    """Where this machine keeps the last that it signed."""
    return keys_folder() / keys.LATEST


def remember(checkpoint: LogCheckpoint) -> None:
    """As the end of the transaction does it, which within a test never comes."""
    ledger._remember(checkpoint.note.encode())


def touch(sql: str, params: list[Any] | None = None) -> None:
    """Change rows as nobody of ours can."""
    with open_for_writing(), transaction.atomic():
        run(sql, params)
