"""Signing how far the log has come, and taking in what witnesses say to it.

A checkpoint is computed twice: from the last one's peaks and the column of digests, and from the kept blocks and the
bytes of the lines, read again. Only when both give the same text is it signed, and only when the signature holds over
that text does anybody see it: a bit that flips on the way costs a checkpoint, never a wrong one.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import transaction

from gongchou.audit import proofs, signing
from gongchou.audit.apps import keys_folder
from gongchou.audit.files import alone, write_whole
from gongchou.audit.keys import LATEST, read_public, read_secret
from gongchou.audit.models import BLOCK, Block, Checkpoint, Cosignature, Head
from gongchou.audit.tree import Blocks, Peaks, read_peaks, roots_of_blocks
from gongchou.draw import log, note
from gongchou.draw.merkle import leaf_hash
from gongchou.refusal import Refused


def make_checkpoint(*, at: datetime, folder: Path | None = None) -> Checkpoint:
    """Sign the log as it is now, or return the latest checkpoint when nothing has come since.

    Raises Refused ``audit.key_missing``, ``audit.log_empty``, ``audit.log_shorter``, ``audit.log_forked`` or
    ``audit.roots_differ``.
    """
    folder = folder or keys_folder()
    key = read_secret(folder / "audit.key")
    with alone(folder / "audit.lock", waits=True):
        return _make_checkpoint(at, folder, key)


def _make_checkpoint(at: datetime, folder: Path, key: note.SecretKey) -> Checkpoint:
    seen, latest = signing.latest_signed(folder / LATEST), proofs.latest_checkpoint()
    size = proofs.log_size()  # asked last: the log may grow meanwhile, what was signed may not be longer
    signing.check_not_shorter(size, max(seen.size if seen else 0, latest.size if latest else 0))
    if latest and latest.size == size:
        return latest
    peaks = _grown_peaks(latest, size)
    reread = _reread(size)
    for signed in (seen, signing.read_note(latest.note.encode()) if latest else None):
        signing.check_continues(signed, reread)
    text = log.checkpoint_text(key.public.name, size, peaks.root())
    data = signing.sign(text, reread, key)
    write_whole(folder / LATEST, data)
    return _store(Checkpoint(size=size, at=at, note=data.decode(), peaks=str(peaks)), reread)


def _grown_peaks(latest: Checkpoint | None, size: int) -> Peaks:
    """The first way: on from the last checkpoint, over the column of digests."""
    peaks = read_peaks(latest.size, latest.peaks) if latest else Peaks()
    for leaf in proofs.leaf_hashes(peaks.size, size):
        peaks.add(leaf)
    if peaks.size != size:
        raise Refused("audit.roots_differ")
    return peaks


def _reread(size: int) -> Blocks:
    """The second way: the kept blocks, and the bytes of the lines behind them, hashed anew."""
    kept = proofs.kept_roots(size // BLOCK)
    hashes = (leaf_hash(data) for data in proofs.lines_data(len(kept) * BLOCK, size))
    return Blocks(size, BLOCK, kept + roots_of_blocks(hashes, BLOCK), proofs.leaves_of(size))


@transaction.atomic
def _store(checkpoint: Checkpoint, tree: Blocks) -> Checkpoint:
    head = Head.objects.select_for_update().get(id=1)
    already = Checkpoint.objects.filter(size__gte=checkpoint.size).order_by("size").first()
    if already:  # another job was faster
        return already
    rows = [Block(index=index, root=root.hex()) for index, root in enumerate(tree.roots[: tree.size // BLOCK])]
    Block.objects.bulk_create(rows[Block.objects.count() :])
    prev, head.checkpoint = head.checkpoint, signing.append(checkpoint, head.n_checkpoints, head.checkpoint)
    head.n_checkpoints += 1
    head.save(update_fields=["checkpoint", "n_checkpoints"])
    checkpoint.refresh_from_db()
    if checkpoint.digest_after(prev) != head.checkpoint:
        raise Refused("audit.roots_differ")
    return checkpoint


def add_cosignature(data: bytes, *, folder: Path | None = None) -> list[Cosignature]:
    """Keep the valid cosignatures by known witnesses on a note; of one that is kept already, the first stays.

    data: a checkpoint's text with one or more signature lines

    Raises Refused ``audit.note_invalid``, ``audit.checkpoint_unknown`` or ``audit.cosignature_invalid``.
    """
    keys = read_public(folder or keys_folder())
    given = signing.read_note(data)
    ours = Checkpoint.objects.filter(size=given.size).first()
    if ours is None or signing.read_note(ours.note.encode()).signed.text != given.signed.text:
        raise Refused("audit.checkpoint_unknown", size=given.size)
    found = signing.cosignatures_on(data, keys.witnesses)
    if not found:
        raise Refused("audit.cosignature_invalid", size=given.size)
    return [_keep(Cosignature(size=given.size, **one._asdict())) for one in found]


@transaction.atomic
def _keep(row: Cosignature) -> Cosignature:
    head = Head.objects.select_for_update().get(id=1)
    already = Cosignature.objects.filter(size=row.size, witness=row.witness).first()
    if already:
        return already
    head.cosignature = signing.append(row, head.n_cosignatures, head.cosignature)
    head.n_cosignatures += 1
    head.save(update_fields=["cosignature", "n_cosignatures"])
    return row
