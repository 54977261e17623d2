"""The lowest tickets in each stratum (spec section 7)."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from math import isqrt
from typing import NamedTuple

from gongchou.draw.table import RANKED, Blob, line_chunks, table_chunks, write_table
from gongchou.draw.ticket import Digests


class Quota(NamedTuple):
    """Of ``size`` objects in a stratum, ``n`` are selected and the next ``reserve`` are kept."""

    size: int
    n: int
    reserve: int


class Ranked(NamedTuple):
    """One object of the result; rank counts from 1, the ticket is 64 hex digits."""

    stratum: str
    rank: int
    object_id: str
    ticket: str


Candidate = tuple[bytes, bytes]  # (raw ticket, object id): the order of the draw is the order of these


def lowest(
    read: Callable[[], Iterable[list[bytes]]],
    count: int,
    size: int,
    digests: Digests,
    gone: Container[bytes] = (),
) -> list[Candidate]:
    """The ``count`` lowest (ticket, object) of one stratum, ascending; all of them if there are fewer.

    read: gives the frame lines of this stratum in chunks; called again if the first look was too narrow.
    size: objects in the stratum, to guess how low the lowest lie. The guess only saves memory, it never decides.
    gone: object ids that no longer take part.
    """
    margin = 6
    while count:
        bound = _bound(count, size, margin)
        found = [candidate for lines in read() for candidate in _below(lines, digests, bound, gone)]
        if len(found) >= count or bound is None:
            return sorted(found)[:count]
        margin *= 8
    return []


def _bound(count: int, size: int, margin: int) -> bytes | None:
    """A ticket below which ``count`` of ``size`` objects surely lie, or None where the bound would be everything."""
    share = ((count + margin * (isqrt(count) + 3)) << 256) // max(size, 1)
    return share.to_bytes(32, "big") if share < 1 << 256 else None


def _below(lines: list[bytes], digests: Digests, bound: bytes | None, gone: Container[bytes]) -> list[Candidate]:
    fields = [line.split(b"\t") for line in lines]
    return [
        (ticket, parts[1])
        for ticket, parts in zip(_tickets(fields, digests), fields, strict=True)
        if (bound is None or ticket < bound) and parts[1] not in gone
    ]


def _tickets(fields: list[list[bytes]], digests: Digests) -> list[bytes]:
    """Raw tickets of frame lines; a fourth field is the unit (see ``ticket.unit_ticket``)."""
    if not fields or len(fields[0]) == 3:
        return digests([parts[1] for parts in fields])
    units = digests([parts[3] for parts in fields])
    own = digests([parts[3] + b":" + parts[1] for parts in fields])
    return [unit[:16] + each[:16] for unit, each in zip(units, own, strict=True)]


def select_frame(
    frame: Blob,
    spans: Mapping[str, tuple[int, int]],
    quotas: Mapping[str, Quota],
    digests: Digests,
    gone: Container[bytes] = (),
) -> tuple[list[Ranked], list[Ranked]]:
    """Draw every stratum; return the selected and the reserve, each by (stratum, rank).

    spans: stratum -> (first byte, byte after the last) of its lines in the frame.
    """
    selected: list[Ranked] = []
    reserve: list[Ranked] = []
    for stratum in sorted(quotas):
        quota = quotas[stratum]
        ranked = list(draw_stratum(frame, stratum, spans[stratum], quota, digests, gone))
        selected += ranked[: quota.n]
        reserve += ranked[quota.n :]
    return selected, reserve


def draw_stratum(
    frame: Blob,
    stratum: str,
    span: tuple[int, int],
    quota: Quota,
    digests: Digests,
    gone: Container[bytes] = (),
) -> Iterator[Ranked]:
    """Yield ranks 1 to n + reserve of one stratum."""
    wanted = quota.n + quota.reserve
    found = lowest(lambda: line_chunks(frame, *span), wanted, quota.size, digests, gone)
    for rank, (raw, object_id) in enumerate(found, start=1):
        yield Ranked(stratum, rank, object_id.decode(), raw.hex())


def read_ranked(blob: Blob, place: str = "") -> Iterator[Ranked]:
    """The rows of ``selected.tsv`` or ``reserve.tsv``. Raises FormatError as ``table_chunks``."""
    for lines in table_chunks(blob, RANKED, place):
        for line in lines:
            stratum, rank, object_id, ticket = line.decode().split("\t")
            yield Ranked(stratum, int(rank), object_id, ticket)


def write_ranked(rows: Iterable[Ranked]) -> bytes:
    """``selected.tsv`` or ``reserve.tsv``."""
    return write_table(rows)
