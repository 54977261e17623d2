"""Finding where somebody touched the log, whatever rights they had in the database.

Each chain is read from its first row on. What a chain alone cannot tell, because everything behind one row was made
anew, the signed checkpoints tell; what somebody with the log's key did to both, only a witness can (``witness``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.apps import apps
from django.db import models, transaction
from django.db.models import Max, Min

from gongchou.audit.apps import keys_folder
from gongchou.audit.keys import PublicKeys, read_public
from gongchou.audit.models import (
    BLOCK,
    NOTHING,
    Block,
    Chained,
    ChainEnds,
    Checkpoint,
    Cosignature,
    Given,
    Head,
    Line,
    Noted,
)
from gongchou.audit.proofs import log_size, tree_of
from gongchou.audit.tree import Peaks
from gongchou.draw import log, note
from gongchou.draw.errors import FormatError
from gongchou.draw.merkle import leaf_hash
from gongchou.refusal import Refused

PAGE = 2_000
_TOLD = ("verb", "by", "by_name", "about", "about_name", "place", "department")
_READ = ("index", "at", "data", "leaf", *_TOLD)


@dataclass(frozen=True)
class Damage:
    """The first row that is not as it was written.

    row: its place in the chain, or elsewhere its id
    what: missing, extra, column (one column says something else), digest (the content was changed), chain (the row
        stands where another stood), signature, orphan (cosigns what is not there), rewritten (lines from ``row`` to
        before ``until``, with their digests), differs (one column says something else than ``against``), lost and
        spoilt (the file that the row names), unreadable (what belongs to the row makes no sense)
    against: what the row was held against, in words
    """

    table: str
    row: int | str
    what: str
    column: str = ""
    until: int | None = None
    against: str = ""


_WHAT = {
    "missing": "缺失",
    "extra": "是多出来的",
    "column": "的“{column}”列被改动",
    "digest": "的内容或摘要被改动",
    "chain": "与前一行接不上：被调换、插入或改动",
    "orphan": "所共签的检查点不存在：检查点缺失，或行数被改动",
    "signature": "的签名无效：被改动或伪造",
    "differs": "的“{column}”列与{against}不符",
    "lost": "所指的文件（{against}）缺失",
    "spoilt": "所指的文件（{against}）被改动或损坏",
    "unreadable": "的证据读不通（{against}）",
    "rewritten": "起（至第{until}行之前）的历史被整段改写，与已签名的检查点不符",
}


def damage_sentence(damage: Damage) -> str:
    """What was found, for whoever must act on it."""
    model = next(model for model in apps.get_models() if model._meta.db_table == damage.table)
    row = f"第{damage.row}行" if isinstance(damage.row, int) else f"“{damage.row}”行"
    what = _WHAT[damage.what].format(column=damage.column, until=damage.until, against=damage.against)
    return f"{model._meta.verbose_name}（{damage.table}）{row}{what}"


def find_damage(keys: PublicKeys | None = None) -> Damage | None:
    """Read everything and say the first place where it was touched, or None.

    keys: whose signatures count; those in the folder of the platform unless given

    Raises Refused ``audit.key_missing`` or ``audit.key_invalid`` when there is a checkpoint and no key to check it.
    """
    tables = _read_tables()
    if tables.head is None and tables.is_used:
        # Before the first line there was no head to hold, and it may have come between two looks: now there is one.
        tables = _read_tables()
    return next(_damages(tables, keys), None)


# What is compared -------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Tables:
    head: Head | None
    first: int  # lowest index of a line
    n: int  # one more than the highest
    blocks: list[tuple[int, str]]
    checkpoints: list[Checkpoint]
    cosignatures: list[Cosignature]

    @property
    def is_used(self) -> bool:
        return bool(self.n or self.checkpoints or self.cosignatures or self.blocks)


@transaction.atomic
def _read_tables() -> _Tables:
    """All that is short, at one moment: who adds something must hold the head. Lines below it do not change."""
    head = Head.objects.select_for_update().filter(id=1).first()
    ends = Line.objects.aggregate(first=Min("index"), latest=Max("index"))
    return _Tables(
        head=head,
        first=ends["first"] or 0,
        n=0 if ends["latest"] is None else ends["latest"] + 1,
        blocks=list(Block.objects.order_by("index").values_list("index", "root")),
        checkpoints=list(Checkpoint.objects.order_by("index")),
        cosignatures=list(Cosignature.objects.order_by("index")),
    )


class _Walk:
    """The log as its lines have it: how far, its digests, and its tree at every size that was signed."""

    def __init__(self, sizes: set[int]) -> None:
        self.size, self.latest = 0, NOTHING
        self.blocks: list[bytes] = []
        self.trees: dict[int, Peaks] = {}
        self._sizes, self._outer, self._inner = sizes, Peaks(), Peaks()

    def add(self, leaf: str) -> None:
        self._inner.add(bytes.fromhex(leaf))
        self.size, self.latest = self.size + 1, leaf
        if self._inner.size == BLOCK:
            self.blocks += self._inner.roots
            self._outer.add(self._inner.roots[0])
            self._inner = Peaks()
        if self.size in self._sizes:
            self.trees[self.size] = Peaks(self.size, self._outer.roots + self._inner.roots)


def _damages(tables: _Tables, keys: PublicKeys | None) -> Iterator[Damage]:
    head = tables.head or Head()
    if tables.head is None and tables.is_used:
        yield Damage(Head._meta.db_table, 1, "missing")
    walk = _Walk({checkpoint.size for checkpoint in tables.checkpoints})
    yield from _in_lines(tables, walk)
    yield from at_end(Line, ("size", "latest"), head, (walk.size, walk.latest))
    if tables.checkpoints or tables.cosignatures:
        keys = keys or read_public(keys_folder())
        yield from _in_checkpoints(tables.checkpoints, walk, keys)
    yield from at_end(Checkpoint, ("n_checkpoints", "checkpoint"), head, end_of(tables.checkpoints))
    if keys and tables.cosignatures:
        notes = {row.size: row.note for row in tables.checkpoints}
        signed = [notes.get(row.size) for row in tables.cosignatures]
        yield from in_cosignatures(tables.cosignatures, signed, keys)
    yield from at_end(Cosignature, ("n_cosignatures", "cosignature"), head, end_of(tables.cosignatures))
    yield from _in_blocks(tables, walk)


def end_of(rows: Sequence[Chained]) -> tuple[int, str]:
    """Number of rows, and the digest of the last."""
    return len(rows), rows[-1].digest if rows else NOTHING


def at_end(
    model: type[models.Model], columns: tuple[str, str], head: ChainEnds, found: tuple[int, str]
) -> Iterator[Damage]:
    """Number and digest of the last row are kept twice: where one of them differs, the head was touched, else rows."""
    count, digest = (getattr(head, column) for column in columns)
    if (count, digest) == found:
        return
    if digest == found[1] or count == found[0]:
        yield Damage(head._meta.db_table, 1, "column", columns[0] if digest == found[1] else columns[1])
    elif count > found[0]:
        yield Damage(model._meta.db_table, found[0], "missing")
    else:
        yield Damage(model._meta.db_table, count, "extra")


def out_of_place(table: str, index: int, wanted: int) -> Damage | None:
    """Where a row stands under another index than the next one."""
    if index == wanted:
        return None
    return Damage(table, min(index, wanted), "missing" if index > wanted else "extra")


# Lines ------------------------------------------------------------------------------------------


def _in_lines(tables: _Tables, walk: _Walk) -> Iterator[Damage]:
    if tables.first < 0:
        yield Damage(Line._meta.db_table, tables.first, "extra")
    for row in _lines(tables.n):
        damage = _damage_of_line(row, walk)
        if damage:
            yield damage
        walk.add(row["leaf"])
    if walk.size < tables.n:
        yield Damage(Line._meta.db_table, walk.size, "missing")


def _lines(n: int) -> Iterator[dict[str, Any]]:
    for start in range(0, n, PAGE):
        end = min(start + PAGE, n)  # what has come since ``n`` was read is no damage
        page = list(Line.objects.filter(index__gte=start, index__lt=end).order_by("index").values(*_READ))
        yield from page
        if len(page) < end - start:  # were one line moved far away, looking on would take for ever
            return


def _damage_of_line(row: dict[str, Any], walk: _Walk) -> Damage | None:
    table, index = Line._meta.db_table, walk.size
    if row["index"] != index:
        return out_of_place(table, row["index"], index)
    if leaf_hash(row["data"].encode()).hex() != row["leaf"]:
        return Damage(table, index, "digest")
    try:
        told = json.loads(row["data"])
        at = datetime.fromisoformat(told["at"])
        is_next = told["prev"] == walk.latest and told["index"] == index
        wrong = [column for column in _TOLD if told[column] != row[column]]
    except (ValueError, KeyError, TypeError):
        return Damage(table, index, "digest")
    if not is_next:
        return Damage(table, index, "chain")
    if at != row["at"]:
        return Damage(table, index, "column", "at")
    return Damage(table, index, "column", wrong[0]) if wrong else None


# What is signed ---------------------------------------------------------------------------------


def _in_checkpoints(rows: Sequence[Checkpoint], walk: _Walk, keys: PublicKeys) -> Iterator[Damage]:
    roots = {size: tree.root() for size, tree in walk.trees.items()}

    def peaks(row: Checkpoint) -> Damage | None:
        is_same = str(walk.trees[row.size]) == row.peaks
        return None if is_same else Damage(row._meta.db_table, row.index, "column", "peaks")

    yield from in_checkpoints(rows, Told(Line._meta.db_table, walk.size, roots), [keys.log], peaks)


@dataclass(frozen=True)
class Told:
    """What the rows of a log itself say: their table, how many there are, and the root at each size that was signed."""

    table: str
    size: int
    roots: Mapping[int, bytes]


C = TypeVar("C", bound=Noted)


def in_checkpoints(
    rows: Sequence[C], told: Told, signers: Sequence[note.VerifierKey], beside: Callable[[C], Damage | None]
) -> Iterator[Damage]:
    """Damage of a log's checkpoints, or of the rows they speak of.

    signers: the log's keys, one of which signed each; beside: what else there is to look at in a row
    """
    prev, size = NOTHING, 0
    for wanted, row in enumerate(rows):
        table = row._meta.db_table
        damage = out_of_place(table, row.index, wanted) or _damage_of_note(row, signers)
        if damage:
            yield damage
        if row.size > told.size:
            yield Damage(told.table, told.size, "missing", until=row.size)
        if told.roots[row.size] != log.read_checkpoint(row.note.encode(), "").root:
            yield Damage(told.table, size, "rewritten", until=row.size)
        damage = beside(row)
        if damage:
            yield damage
        if row.digest != row.digest_after(prev):
            yield Damage(table, wanted, "chain")
        prev, size = row.digest, row.size


def _damage_of_note(row: Noted, signers: Sequence[note.VerifierKey]) -> Damage | None:
    table = row._meta.db_table
    try:
        told = log.read_checkpoint(row.note.encode(), table)
    except FormatError:
        return Damage(table, row.index, "column", "note")
    if not any(told.origin == key.name and note.is_signed_by(told.signed, key) for key in signers):
        return Damage(table, row.index, "signature", "note")
    return Damage(table, row.index, "column", "size") if told.size != row.size else None


def in_cosignatures(rows: Sequence[Given], notes: Sequence[str | None], keys: PublicKeys) -> Iterator[Damage]:
    """Damage of what witnesses gave back. notes: for each row that of its checkpoint, None where there is none."""
    prev = NOTHING
    for wanted, (row, signed) in enumerate(zip(rows, notes, strict=True)):
        damage = out_of_place(row._meta.db_table, row.index, wanted) or _damage_of_cosignature(row, signed, keys)
        if damage:
            yield damage
        if row.digest != row.digest_after(prev):
            yield Damage(row._meta.db_table, wanted, "chain")
        prev = row.digest


def _damage_of_cosignature(row: Given, noted: str | None, keys: PublicKeys) -> Damage | None:
    table, key = row._meta.db_table, keys.witness(row.witness)
    if key is None:
        return Damage(table, row.index, "column", "witness")
    if noted is None:
        return Damage(table, row.index, "orphan")
    text = noted.rpartition("\n\n")[0] + "\n"
    try:
        signed = note.parse_note(note.write_note(text, [row.line]))
    except FormatError:
        return Damage(table, row.index, "column", "line")
    time = note.cosigned_at(signed, key)
    if time is None:
        return Damage(table, row.index, "signature")
    return None if row.at and row.at.timestamp() == time else Damage(table, row.index, "column", "at")


# Blocks -----------------------------------------------------------------------------------------


def _in_blocks(tables: _Tables, walk: _Walk) -> Iterator[Damage]:
    n_kept = tables.checkpoints[-1].size // BLOCK if tables.checkpoints else 0
    return in_blocks(Block._meta.db_table, tables.blocks, n_kept, walk.blocks)


def in_blocks(table: str, blocks: Sequence[tuple[int, str]], n_kept: int, roots: Sequence[bytes]) -> Iterator[Damage]:
    """The kept roots of subtrees, with their numbers, against those of the lines; so many of them were signed."""
    for wanted, (index, root) in enumerate(blocks):
        damage = out_of_place(table, index, wanted)
        if damage:
            yield damage
        if wanted >= n_kept:
            yield Damage(table, index, "extra")
        if root != roots[wanted].hex():
            yield Damage(table, index, "column", "root")
    if len(blocks) < n_kept:
        yield Damage(table, len(blocks), "missing")


def check_holds(data: bytes, keys: PublicKeys) -> Damage | None:
    """Look whether the log still holds a checkpoint that somebody outside has kept; damage if it does not.

    Raises Refused ``audit.note_invalid`` for what the log never signed.
    """
    try:
        kept = log.read_checkpoint(data, "")
    except FormatError as error:
        raise Refused("audit.note_invalid") from error
    if kept.origin != keys.log.name or not note.is_signed_by(kept.signed, keys.log):
        raise Refused("audit.note_invalid")
    table = Line._meta.db_table
    if kept.size > log_size():
        return Damage(table, log_size(), "missing", until=kept.size)
    is_held = tree_of(kept.size).root() == kept.root
    return None if is_held else Damage(table, 0, "rewritten", until=kept.size)
