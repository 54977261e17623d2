"""Damage of the public log: its three chains and their head, as in the platform's own log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db import transaction

from gongchou.audit.damage import Damage, Told, at_end, end_of, in_blocks, in_checkpoints, in_cosignatures, out_of_place
from gongchou.audit.keys import PublicKeys
from gongchou.audit.models import NOTHING
from gongchou.audit.tree import Peaks
from gongchou.draw.encoding import sha256_hex
from gongchou.draw.errors import DrawError
from gongchou.draw.log import FIRST_PREV, Entry, read_entry
from gongchou.draw.merkle import leaf_hash, root_of_hashes
from gongchou.draws import keys, ledger
from gongchou.draws.models import LogBlock, LogCheckpoint, LogCosignature, LogEntry, LogHead


def damages() -> Iterator[Damage]:
    """All of it, first things first. Raises Refused ``audit.key_…``."""
    tables = _read()
    head = tables.head or LogHead()
    if tables.head is None and (tables.n or tables.checkpoints or tables.cosignatures):
        yield Damage(LogHead._meta.db_table, 1, "missing")
    walk = _Walk({row.size for row in tables.checkpoints})
    yield from _in_entries(tables.n, walk)
    yield from at_end(LogEntry, ("size", "latest"), head, (walk.size, walk.latest))
    if tables.checkpoints:
        told = Told(LogEntry._meta.db_table, walk.size, walk.roots)
        yield from in_checkpoints(tables.checkpoints, told, keys.publics_of(keys.LOG), walk.damage_of_peaks)
    yield from _in_blocks(tables, walk)
    yield from at_end(LogCheckpoint, ("n_checkpoints", "checkpoint"), head, end_of(tables.checkpoints))
    if tables.cosignatures:
        known = PublicKeys(keys.public_of(keys.LOG), keys.witnesses())
        notes = {row.size: row.note for row in tables.checkpoints}
        signed = [notes.get(row.checkpoint_id) for row in tables.cosignatures]
        yield from in_cosignatures(tables.cosignatures, signed, known)
    yield from at_end(LogCosignature, ("n_cosignatures", "cosignature"), head, end_of(tables.cosignatures))


@dataclass(frozen=True)
class _Tables:
    head: LogHead | None
    n: int  # one more than the highest index
    checkpoints: list[LogCheckpoint]
    cosignatures: list[LogCosignature]
    blocks: list[tuple[int, str]]


@transaction.atomic
def _read() -> _Tables:
    """All that is short, at one moment: who adds something must hold the head. Entries below it do not change."""
    head = LogHead.objects.select_for_update().filter(id=1).first()
    latest = LogEntry.objects.order_by("-index").values_list("index", flat=True).first()
    return _Tables(
        head,
        0 if latest is None else latest + 1,
        list(LogCheckpoint.objects.order_by("index")),
        list(LogCosignature.objects.order_by("index")),
        list(LogBlock.objects.order_by("index").values_list("index", "root")),
    )


@dataclass
class _Walk:
    """The log as its entries have it: how far, and its root at every size that was signed."""

    sizes: set[int]
    size: int = 0
    latest: str = NOTHING
    roots: dict[int, bytes] = field(default_factory=dict)
    peaks: dict[int, str] = field(default_factory=dict)
    blocks: list[bytes] = field(default_factory=list)
    tree: Peaks = field(default_factory=Peaks)
    waiting: list[bytes] = field(default_factory=list)  # leaves of the block that is not complete
    before: dict[str, Entry] = field(default_factory=dict)  # office -> its latest entry

    def add(self, row: LogEntry, entry: Entry) -> None:
        leaf = leaf_hash(entry.data)
        self.tree.add(leaf)
        self.waiting.append(leaf)
        if len(self.waiting) == ledger.BLOCK:
            self.blocks.append(root_of_hashes(self.waiting))
            self.waiting = []
        self.size, self.latest = self.size + 1, row.digest
        self.before[str(entry.document["authority"])] = entry
        if self.size in self.sizes:
            self.roots[self.size], self.peaks[self.size] = self.tree.root(), str(self.tree)

    def damage_of_peaks(self, row: LogCheckpoint) -> Damage | None:
        return Damage(row._meta.db_table, row.index, "column", "peaks") if row.peaks != self.peaks[row.size] else None


def _in_blocks(tables: _Tables, walk: _Walk) -> Iterator[Damage]:
    n_kept = tables.checkpoints[-1].size // ledger.BLOCK if tables.checkpoints else 0
    return in_blocks(LogBlock._meta.db_table, tables.blocks, n_kept, walk.blocks)


def _in_entries(n: int, walk: _Walk) -> Iterator[Damage]:
    table = LogEntry._meta.db_table
    for row in LogEntry.objects.filter(index__lt=n).order_by("index").iterator():
        damage = out_of_place(table, row.index, walk.size)
        if damage:
            yield damage
        try:
            entry = read_entry(bytes(row.data), row.index)
        except DrawError:
            yield Damage(table, row.index, "column", "data")
            return
        yield from _of_entry(row, entry, walk)
        walk.add(row, entry)


def _of_entry(row: LogEntry, entry: Entry, walk: _Walk) -> Iterator[Damage]:
    told = {
        "type": entry.type,
        "authority": entry.document["authority"],
        "campaign": str(entry.body.get("campaign", "")),
        "at": datetime.fromtimestamp(entry.time, UTC),
    }
    wrong = next((column for column, value in told.items() if getattr(row, column) != value), None)
    if wrong:
        yield Damage(row._meta.db_table, row.index, "column", wrong)
    before = walk.before.get(told["authority"])
    prev, seq = (sha256_hex(before.data), before.document["seq"]) if before else (FIRST_PREV, 0)
    is_next = (entry.document["prev"], entry.document["seq"]) == (prev, seq + 1)
    if not is_next or row.digest != row.digest_after(walk.latest):
        yield Damage(row._meta.db_table, row.index, "digest" if is_next else "chain")
