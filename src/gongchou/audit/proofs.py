"""What anybody may ask of the log: the latest checkpoint, and proofs that lead to it.

Answers are bytes in C2SP's forms and as ``draw.log`` writes them, so that a page only has to hand them on. Lines
themselves name people: whoever serves ``lines_data`` asks first who is reading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from gongchou.audit.models import BLOCK, Block, Checkpoint, Cosignature, Head, Line
from gongchou.audit.tree import Blocks, roots_of_blocks
from gongchou.draw.log import write_consistency, write_proof
from gongchou.refusal import Refused

PAGE = 2_000


def log_size() -> int:
    """How many lines there are."""
    return Head.objects.filter(id=1).values_list("size", flat=True).first() or 0


def latest_checkpoint() -> Checkpoint | None:
    """The last checkpoint that was signed, or None."""
    return Checkpoint.objects.order_by("-index").first()


def checkpoint_note(size: int | None = None) -> bytes:
    """The latest checkpoint, or the one of a size, with all its cosignatures.

    Raises Refused ``audit.checkpoint_unknown``.
    """
    found = latest_checkpoint() if size is None else Checkpoint.objects.filter(size=size).first()
    if found is None:
        raise Refused("audit.checkpoint_unknown", size=size or 0)
    lines = Cosignature.objects.filter(size=found.size).order_by("index").values_list("line", flat=True)
    return (found.note + "".join(lines)).encode()


def consistency_proof(first: int, second: int) -> bytes:
    """Proof that the log of ``second`` lines begins with that of ``first``. Raises Refused ``audit.size_unknown``."""
    if not 0 < first <= second <= log_size():
        raise Refused("audit.size_unknown", first=first, second=second)
    return write_consistency({(first, second): tree_of(second).consistency_proof(first)})


def signed_consistency(first: int, second: int) -> bytes:
    """The same for whoever asks: only between sizes that were signed.

    Raises Refused ``audit.sizes_reversed``, ``audit.size_unsigned`` or ``audit.size_unknown``.
    """
    if first > second:
        raise Refused("audit.sizes_reversed", first=first, second=second)
    signed = set(Checkpoint.objects.filter(size__in={first, second}).values_list("size", flat=True))
    for size in (first, second):
        if size not in signed:
            raise Refused("audit.size_unsigned", size=size)
    return consistency_proof(first, second)


def inclusion_proof(index: int, size: int | None = None) -> bytes:
    """Proof that a line is in the latest checkpoint, or in that of a size (C2SP tlog-proof).

    Raises Refused ``audit.checkpoint_unknown`` or ``audit.size_unknown``.
    """
    note = checkpoint_note(size)
    covered = int(note.split(b"\n", 2)[1])
    if not 0 <= index < covered:
        raise Refused("audit.size_unknown", first=index, second=covered)
    return write_proof(index, tree_of(covered).inclusion_proof(index), note)


def lines_data(first: int, second: int) -> Iterator[bytes]:
    """The hashed bytes of the lines from ``first`` to before ``second``: canonical JSON, one each."""
    for start in range(first, second, PAGE):
        page = Line.objects.filter(index__gte=start, index__lt=min(start + PAGE, second)).order_by("index")
        yield from (data.encode() for data in page.values_list("data", flat=True))


def leaf_hashes(first: int, second: int) -> Iterator[bytes]:
    """The leaf hashes of the lines from ``first`` to before ``second``, as the column has them."""
    for start in range(first, second, PAGE):
        page = Line.objects.filter(index__gte=start, index__lt=min(start + PAGE, second)).order_by("index")
        yield from (bytes.fromhex(leaf) for leaf in page.values_list("leaf", flat=True))


def tree_of(size: int) -> Blocks:
    """The tree over the first ``size`` lines; blocks that no checkpoint has covered yet are computed."""
    kept = kept_roots(size // BLOCK)
    rest = roots_of_blocks(leaf_hashes(len(kept) * BLOCK, size), BLOCK)
    return Blocks(size, BLOCK, kept + rest, leaves_of(size))


def leaves_of(size: int) -> Callable[[int], Sequence[bytes]]:
    """Block number -> the leaf hashes of its lines below ``size``."""
    return lambda block: list(leaf_hashes(block * BLOCK, min((block + 1) * BLOCK, size)))


def kept_roots(most: int) -> list[bytes]:
    """The roots of the first complete blocks, as far as they are kept."""
    roots = Block.objects.filter(index__lt=most).order_by("index").values_list("root", flat=True)
    return [bytes.fromhex(root) for root in roots]
