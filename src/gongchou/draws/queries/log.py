"""What anybody may ask of the public log: checkpoints, entries, and proofs that lead from one to the other.

Answers are bytes in C2SP's forms and as ``draw.log`` writes them, so that a page only has to hand them on. An entry
names offices, draws and digests, never a person.
"""

from __future__ import annotations

from django.db.models import Count

from gongchou.draw.log import read_entry, write_consistency, write_proof
from gongchou.draws import store
from gongchou.draws.ledger import shown, tree_of
from gongchou.draws.models import LogCheckpoint, LogEntry
from gongchou.refusal import Refused

ENOUGH = 2  # witnesses: what a bundle asks for at least


def checkpoint_note(size: int | None = None) -> bytes:
    """The latest checkpoint, or the one of a size, with all its cosignatures.

    Raises Refused ``audit.checkpoint_unknown``.
    """
    rows = LogCheckpoint.objects.order_by("-size")
    found = (rows if size is None else rows.filter(size=size)).first()
    if found is None:
        raise Refused("audit.checkpoint_unknown", size=size or 0)
    return shown(found)


def signed_consistency(first: int, second: int) -> bytes:
    """Proof that the log of ``second`` entries begins with that of ``first``, both of which were signed.

    Raises Refused ``audit.sizes_reversed`` or ``audit.size_unsigned``.
    """
    if first > second:
        raise Refused("audit.sizes_reversed", first=first, second=second)
    signed = set(LogCheckpoint.objects.filter(size__in={first, second}).values_list("size", flat=True))
    for size in (first, second):
        if size not in signed:
            raise Refused("audit.size_unsigned", size=size)
    proof = tree_of(second).consistency_proof(first)
    return write_consistency({(first, second): proof})


def entry_data(index: int) -> bytes:
    """An entry as it was hashed, byte for byte. Raises Refused ``draws.entry_unknown``."""
    found = LogEntry.objects.filter(index=index).values_list("data", flat=True).first()
    if found is None:
        raise Refused("draws.entry_unknown", index=index)
    return bytes(found)


def entry_proof(index: int) -> bytes:
    """Proof that an entry is in the first checkpoint over it that enough witnesses saw (C2SP tlog-proof).

    Where none did so far, in the first there is. Raises Refused ``draws.entry_unsigned``.
    """
    rows = LogCheckpoint.objects.filter(size__gt=index).annotate(n=Count("cosignatures")).order_by("size")
    found = rows.filter(n__gte=ENOUGH).first() or rows.first()
    if found is None:
        raise Refused("draws.entry_unsigned", index=index)
    return write_proof(index, tree_of(found.size).inclusion_proof(index), shown(found))


def plan_document(index: int) -> bytes:
    """What the public read of a plan when it was logged. Raises Refused ``draws.plan_unknown``, ``draws.file_…``."""
    entry = read_entry(entry_data(index), index)
    if entry.type != "plan" or not entry.document["files"]:
        raise Refused("draws.plan_unknown", index=index)
    return store.read(entry.document["files"][0]["sha256"])
