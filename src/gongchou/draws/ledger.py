"""The public log of draws in the database: its entries, its checkpoints, what witnesses gave back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from gongchou.accounts.models import User
from gongchou.audit import signing
from gongchou.audit.apps import keys_folder
from gongchou.audit.files import alone, write_whole
from gongchou.audit.models import NOTHING
from gongchou.audit.tree import Blocks, Peaks, read_peaks, roots_of_blocks
from gongchou.draw import log, note
from gongchou.draw.encoding import Document, format_time, sha256_hex
from gongchou.draw.errors import RuleError
from gongchou.draw.ledger import Ledger, Seen, seen_among
from gongchou.draw.merkle import leaf_hash, root_of_hashes
from gongchou.draws import keys
from gongchou.draws.models import LogBlock, LogCheckpoint, LogCosignature, LogEntry, LogHead
from gongchou.refusal import Refused

BLOCK = 1 << 8  # entries whose subtree root is kept: a proof reads one or two blocks and one root of each other
MOST_NAMED = 500  # campaigns in one question to the database
_DECIDES = ("commit", "close", "withdraw")


class PublicLog(Ledger):
    """The one log of the platform."""

    def entries(self) -> list[log.Entry]:
        """All entries in order; for tests, and for whoever checks all."""
        return _read(LogEntry.objects.all())

    def entry(self, index: int) -> log.Entry:
        """The one at a place."""
        return _read(LogEntry.objects.filter(index=index))[0]

    def entries_of(self, campaign: str) -> list[log.Entry]:
        """Those that speak of one batch."""
        return _read(LogEntry.objects.filter(campaign=campaign))

    def told_of(self, authorities: Collection[str], campaign: str) -> list[log.Entry]:
        """Attempts of these authorities, and all of the campaigns in which these were or are to be."""
        decisive = LogEntry.objects.filter(type__in=_DECIDES)
        own = decisive.filter(authority__in=authorities)
        found = {one.index: one for one in _read(own)}
        campaigns = sorted({campaign, *own.order_by().values_list("campaign", flat=True)})
        for at in range(0, len(campaigns), MOST_NAMED):
            rows = decisive.filter(campaign__in=campaigns[at : at + MOST_NAMED])
            found |= {one.index: one for one in _read(rows)}
        return [found[index] for index in sorted(found)]

    def shown(self, authorities: Collection[str], end: int) -> list[log.Entry]:
        """As the core has it, without reading the entries of others before the tail."""
        rows = LogEntry.objects.filter(index__lt=end)
        last = rows.filter(authority__in=authorities).order_by().values("authority").annotate(last=Max("index"))
        tail = min((row["last"] for row in last), default=-1) + 1
        return _read(rows.filter(Q(authority__in=authorities) | Q(index__gte=tail)))

    def proofs(self, end: int) -> Trees:
        """From the kept blocks."""
        return Trees(end)

    def first_seen(self, k: int) -> Callable[[int], Seen | None]:
        """As the core has it; of the checkpoints only those are read that come into question."""
        known = self.known_witnesses()

        def over(index: int) -> Seen | None:
            cosigned = Exists(LogCosignature.objects.filter(checkpoint=OuterRef("size")))
            rows = LogCheckpoint.objects.filter(cosigned, size__gt=index).order_by("size")
            pages = rows.prefetch_related("cosignatures").iterator(chunk_size=20)
            return next(seen_among(((row.size, shown(row)) for row in pages), known, k), None)

        return over

    def next_entry(
        self, kind: str, body: Document, *, authority: str, at: int, files: Mapping[str, bytes] | None = None
    ) -> log.Entry:
        """As the core has it, from the two rows that it depends on: the log's last and the authority's last."""
        newest = LogEntry.objects.order_by("-index").values_list("index", flat=True).first()
        row = LogEntry.objects.filter(authority=authority).order_by("-index").values_list("data", "index").first()
        previous = log.read_entry(bytes(row[0]), row[1]) if row else None
        if previous is not None and at < previous.time:
            raise RuleError("time_backwards", at=format_time(at), latest=previous.document["time"])
        data = log.write_entry(kind, body, authority=authority, time=format_time(at), previous=previous, files=files)
        return log.read_entry(data, 0 if newest is None else newest + 1)

    def checkpoints(self) -> dict[int, bytes]:
        """Size -> checkpoint note with all its cosignatures, ascending."""
        rows = LogCheckpoint.objects.order_by("size").prefetch_related("cosignatures")
        return {row.size: shown(row) for row in rows}

    def known_witnesses(self) -> list[log.Key]:
        """Whose cosignatures count."""
        return list(keys.witnesses())

    def append(
        self, kind: str, body: Document, *, authority: str, at: datetime, files: Mapping[str, bytes] | None = None
    ) -> log.Entry:
        """Write an authority's next entry; only inside an operation.

        Raises DrawError; Refused ``draws.log_damaged``, or ``draws.log_shorter`` where the database went back.
        """
        head = _held_head()
        with _of_this_log():
            signing.check_not_shorter(head.size + 1, _signed_here())
        moment = int(at.timestamp())
        entry = self.next_entry(kind, body, authority=authority, at=moment, files=files)
        if entry.index != head.size:
            raise Refused("draws.log_damaged", index=min(entry.index, head.size))
        row = LogEntry(
            data=entry.data,
            type=kind,
            authority=authority,
            campaign=str(body.get("campaign", "")),
            at=datetime.fromtimestamp(moment, UTC),
        )
        head.latest = signing.append(row, head.size, head.latest)
        head.size += 1
        head.save()
        return entry


def _read(rows: QuerySet[LogEntry]) -> list[log.Entry]:
    found = rows.order_by("index").values_list("index", "data")
    return [log.read_entry(bytes(data), index) for index, data in found.iterator()]


def second_id(person: User) -> str:
    """What the log calls a second person: always the same for one account, and no name."""
    return f"P2-{sha256_hex(str(person.pk).encode())[:12].upper()}"


def shown(row: LogCheckpoint) -> bytes:
    """A checkpoint with all its cosignatures, under the key of now: what another key signed before it bears both."""
    lines = "".join(one.line for one in sorted(row.cosignatures.all(), key=lambda one: one.index))
    return (row.note + _again(row.note) + lines).encode()


def _again(text: str) -> str:
    """The signature by the key that has taken the place of the one that signed; empty where it is the same."""
    signed, publics = note.parse_note(text.encode()), keys.publics_of(keys.LOG)
    if signed.signatures[0].key_id == publics[0].key_id:
        return ""
    if not any(note.is_signed_by(signed, key) for key in publics[1:]):
        raise Refused("draws.roots_differ")
    key = keys.secret_of(keys.LOG)
    return note.sign(signed.text, key.public, key.secret)


def _held_head() -> LogHead:
    return LogHead.objects.select_for_update().get_or_create(id=1)[0]


def hold() -> None:
    """Nobody else adds to the log until the transaction ends."""
    _held_head()


def _signed_here() -> int:
    """The size of the last checkpoint that was signed on this machine."""
    seen = signing.latest_signed(keys_folder() / keys.LATEST)
    return seen.size if seen else 0


@contextmanager
def _of_this_log() -> Iterator[None]:
    """What both logs refuse, in words that say which."""
    words = {"audit.log_shorter": "draws.log_shorter", "audit.log_forked": "draws.log_forked"}
    words |= {"audit.roots_differ": "draws.roots_differ", "audit.note_invalid": "draws.roots_differ"}
    try:
        yield
    except Refused as refused:
        raise Refused(words.get(refused.code, refused.code), **refused.facts) from refused


# Signing ----------------------------------------------------------------------------------------


def entries_data(first: int, end: int) -> Iterator[bytes]:
    """The bytes of the entries from ``first`` to before ``end``."""
    rows = LogEntry.objects.filter(index__gte=first, index__lt=end).order_by("index").values_list("data", flat=True)
    return map(bytes, rows.iterator())


def leaves_in(block: int, end: int) -> list[bytes]:
    """The leaf hashes of a block, below ``end``."""
    return [leaf_hash(data) for data in entries_data(block * BLOCK, min((block + 1) * BLOCK, end))]


def tree_of(size: int) -> Blocks:
    """The tree over the first entries: the kept blocks, and what stands behind them hashed anew."""
    rows = LogBlock.objects.filter(index__lt=size // BLOCK).order_by("index").values_list("index", "root")
    kept = [bytes.fromhex(root) for wanted, (index, root) in enumerate(rows) if index == wanted]
    rest = [leaf_hash(data) for data in entries_data(len(kept) * BLOCK, size)]
    if len(kept) * BLOCK + len(rest) != size:
        raise Refused("draws.log_damaged", index=len(kept) * BLOCK + len(rest))
    return Blocks(size, BLOCK, kept + roots_of_blocks(rest, BLOCK), lambda block: leaves_in(block, size))


class Trees:
    """Proofs in the trees over the beginnings of the log, up to ``end`` entries."""

    def __init__(self, end: int) -> None:
        self._whole = tree_of(end)
        self._leaves = lru_cache(maxsize=64)(lambda block: leaves_in(block, end))

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """That an entry is in the tree over the first ``size``."""
        return self._tree(size).inclusion_proof(index)

    def consistency(self, first: int, second: int) -> list[bytes]:
        """That one tree begins another."""
        return self._tree(second).consistency_proof(first)

    def _tree(self, size: int) -> Blocks:
        n, rest = divmod(size, BLOCK)
        roots = list(self._whole.roots[:n])
        if rest:
            roots.append(root_of_hashes(self._leaves(n)[:rest]))
        return Blocks(size, BLOCK, roots, lambda block: self._leaves(block)[: size - block * BLOCK])


def is_signed() -> bool:
    """Whether nothing has come since the last checkpoint. Where this machine signed more, that is not so."""
    size = LogHead.objects.filter(id=1).values_list("size", flat=True).first() or 0
    latest = LogCheckpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0
    return size == latest and _signed_here() <= size


def sign(at: datetime) -> LogCheckpoint | None:
    """The log as it stands under its signature, cosigned by practice witnesses; None while it is empty.

    The root is computed in two ways, each from what is read anew, and must continue what was signed before, by this
    database and on this machine: a wrong signature cannot be taken back. What was signed before is not read again:
    ``damage`` does that. Only inside an operation.
    Raises Refused ``draws.log_shorter``, ``draws.log_forked``, ``draws.roots_differ`` or ``audit.key_…``.
    """
    head, latest = _held_head(), LogCheckpoint.objects.order_by("-index").first()
    if not head.size and not latest and not _signed_here():
        return None
    with _of_this_log():
        tree = _checked(head.size, latest)
        if latest and latest.size == head.size:
            return latest
        key = keys.secret_of(keys.LOG)
        peaks = _grown(head, latest)
        text = log.checkpoint_text(key.public.name, head.size, peaks.root())
        row = _store(signing.sign(text, tree, key), str(peaks), head, at)
    _keep_blocks(tree)
    return row


def _checked(size: int, latest: LogCheckpoint | None) -> Blocks:
    """The second way: the kept blocks and the hash of each entry behind them, and a tree over these."""
    signing.check_not_shorter(size, max(_signed_here(), latest.size if latest else 0))
    tree = tree_of(size)
    for signed in (
        signing.latest_signed(keys_folder() / keys.LATEST),
        signing.read_note(latest.note.encode()) if latest else None,
    ):
        signing.check_continues(signed, tree)
    return tree


def _grown(head: LogHead, latest: LogCheckpoint | None) -> Peaks:
    """The first way: on from the last checkpoint, over the bytes of what came since, which is as it was written."""
    peaks = read_peaks(latest.size, latest.peaks) if latest else Peaks()
    if latest and peaks.root() != signing.read_note(latest.note.encode()).root:
        raise Refused("draws.roots_differ")
    before = LogEntry.objects.filter(index=peaks.size - 1).values_list("digest", flat=True).first()
    prev = before or NOTHING
    for row in LogEntry.objects.filter(index__gte=peaks.size).order_by("index"):
        prev, wanted = row.digest, row.digest_after(prev)
        if row.digest != wanted:
            raise Refused("draws.log_damaged", index=row.index)
        peaks.add(leaf_hash(bytes(row.data)))
    if (peaks.size, prev) != (head.size, head.latest):
        raise Refused("draws.log_damaged", index=head.size)
    return peaks


def _keep_blocks(tree: Blocks) -> None:
    """The complete ones that are new."""
    kept = set(LogBlock.objects.order_by().values_list("index", flat=True))
    complete = enumerate(tree.roots[: tree.size // BLOCK])
    LogBlock.objects.bulk_create(LogBlock(index=at, root=root.hex()) for at, root in complete if at not in kept)


def _store(data: bytes, peaks: str, head: LogHead, at: datetime) -> LogCheckpoint:
    row = LogCheckpoint(size=head.size, note=data.decode(), peaks=peaks, at=at)
    prev, head.checkpoint = head.checkpoint, signing.append(row, head.n_checkpoints, head.checkpoint)
    head.n_checkpoints += 1
    head.save()
    row.refresh_from_db()
    if row.note.encode() != data or row.digest_after(prev) != head.checkpoint:
        raise Refused("draws.roots_differ")
    # Not before: of a checkpoint whose entries were given up nobody may know, not even this machine.
    transaction.on_commit(lambda: _remember(data), robust=True)
    _cosign_for_practice(row, head, at)
    return row


def _remember(data: bytes) -> None:
    """Keep the last that was signed here: a database that went back is not signed again."""
    folder = keys_folder()
    with alone(folder / "draws.lock", waits=True):
        if log.read_checkpoint(data, "").size > _signed_here():
            write_whole(folder / keys.LATEST, data)


# Cosignatures -----------------------------------------------------------------------------------


def _cosign_for_practice(row: LogCheckpoint, head: LogHead, at: datetime) -> None:
    text = note.parse_note(row.note.encode()).text
    for witness in keys.practice_witnesses():
        line = note.cosign(text, witness.public, witness.secret, int(at.timestamp()))
        _keep(row, signing.Cosigned(witness.public.name, line, at), head)


def cosign(data: bytes) -> tuple[LogCheckpoint, list[LogCosignature]]:
    """Keep what known witnesses gave back on a checkpoint, and tell what is new; of one that is kept the first stays.

    data: the checkpoint's text with one or more signature lines. Only inside an operation.
    Raises Refused ``audit.note_invalid``, ``audit.checkpoint_unknown`` or ``audit.cosignature_invalid``.
    """
    given = signing.read_note(data)
    row = LogCheckpoint.objects.filter(size=given.size).first()
    if row is None or signing.read_note(row.note.encode()).signed.text != given.signed.text:
        raise Refused("audit.checkpoint_unknown", size=given.size)
    found = signing.cosignatures_on(data, keys.witnesses())
    if not found:
        raise Refused("audit.cosignature_invalid", size=given.size)
    head = _held_head()
    kept = [_keep(row, one, head) for one in found]
    return row, [one for one in kept if one is not None]


def _keep(row: LogCheckpoint, one: signing.Cosigned, head: LogHead) -> LogCosignature | None:
    """The new row; None where the witness signed this checkpoint before."""
    if row.cosignatures.filter(witness=one.witness).exists():
        return None
    new = LogCosignature(checkpoint=row, **one._asdict())
    head.cosignature = signing.append(new, head.n_cosignatures, head.cosignature)
    head.n_cosignatures += 1
    head.save()
    return new
