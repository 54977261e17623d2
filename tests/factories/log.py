"""A small log with checkpoints and cosignatures, and hands that reach past its triggers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from gongchou.audit import proofs
from gongchou.audit.checkpoints import add_cosignature, make_checkpoint
from gongchou.audit.keys import make_key, make_keys, read_public, read_secret
from gongchou.audit.models import Checkpoint
from gongchou.draw import note
from tests.factories.people import NOW, make_region

LOG_NAME = "gongchou.example/audit"
WITNESSES = ("witness-1.example", "witness-2.example")


def make_log_keys(folder: Path) -> list[note.SecretKey]:
    """The log's keys in a folder, where the platform knows two witnesses; return the witnesses' own."""
    make_keys(folder, LOG_NAME)
    publics = [make_key(folder / name, "witness", name, "cosignature") for name in WITNESSES]
    (folder / "witnesses.vkey").write_text("".join(f"{key}\n" for key in publics))
    return [read_secret(folder / name / "witness.key") for name in WITNESSES]


def write_lines(n: int) -> None:
    for _ in range(n):
        number = proofs.log_size()
        make_region(f"99{number:04}", f"演示{number}区")


def checkpoint_after(n: int, witnesses: list[note.SecretKey], folder: Path) -> Checkpoint:
    """Some more lines, a checkpoint, and what the witnesses say to it."""
    write_lines(n)
    checkpoint = make_checkpoint(at=NOW + timedelta(hours=proofs.log_size()), folder=folder)
    for witness in witnesses:
        cosign(checkpoint, witness, folder)
    return checkpoint


def cosign(checkpoint: Checkpoint, witness: note.SecretKey, folder: Path) -> None:
    text = note.parse_note(checkpoint.note.encode()).text
    at = int(NOW.timestamp()) + checkpoint.size
    line = note.cosign(text, witness.public, witness.secret, at)
    add_cosignature(note.write_note(text, [line]), folder=folder)


def guarded_tables() -> set[str]:
    """Those with triggers on them."""
    sql = "SELECT DISTINCT event_object_table FROM information_schema.triggers WHERE trigger_schema = 'public'"
    if connection.vendor == "sqlite":
        sql = "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {table for (table,) in cursor.fetchall()}


@contextmanager
def triggers_off() -> Iterator[None]:
    """As a superuser of the database would do it."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT set_config('session_replication_role', 'replica', true)")
            yield
            cursor.execute("SELECT set_config('session_replication_role', 'origin', true)")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for _, sql in triggers:
            cursor.execute(sql)


def run(sql: str, params: list[Any] | None = None) -> None:
    with triggers_off(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def public_keys(folder: Path | None = None):
    return read_public(folder or Path(settings.HOME) / "keys")
