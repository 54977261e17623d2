"""The log in the hands of whoever keeps it: what comes next, who has seen what, what a bundle must show of it.

How entries and checkpoints are stored is the keeper's affair: files for the command line, a database for the platform.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple, Protocol

from gongchou.draw import log
from gongchou.draw.attempts import Attempts
from gongchou.draw.beacon import PUBLIC_CHAINS
from gongchou.draw.draft import public_round
from gongchou.draw.encoding import Document, format_time
from gongchou.draw.errors import EvidenceError, RuleError
from gongchou.draw.merkle import Proofs, leaf_hash

MOST_SHOWN = 2_000  # entries; a bundle that anybody reads on a phone


class Seen(NamedTuple):
    """A checkpoint that enough witnesses have cosigned. at: when the last of these did (seconds since 1970)"""

    size: int
    note: bytes
    at: int


def seen_among(checkpoints: Iterable[tuple[int, bytes]], known: Sequence[log.Key], k: int) -> Iterator[Seen]:
    """Those of some checkpoints, ascending, that k known witnesses have cosigned; looked at as they are asked for."""
    for size, data in checkpoints:
        times = _cosigned_times(data, tuple(known))
        if len(times) >= k:
            yield Seen(size, data, times[k - 1])


@lru_cache(maxsize=1 << 12)
def _cosigned_times(checkpoint: bytes, known: tuple[log.Key, ...]) -> list[int]:
    """The same bytes are signed by the same; a bundle of an office asks for hundreds, the next one for these again."""
    return log.read_checkpoint(checkpoint, "").cosigned_times(known)


class InTrees(Protocol):
    """What ``merkle.Proofs`` gives, wherever the tree is kept."""

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """That an entry is in the tree over the first ``size``."""

    def consistency(self, first: int, second: int) -> list[bytes]:
        """That one tree begins another."""


class Ledger(ABC):
    """One log. Times are seconds since 1970."""

    @abstractmethod
    def entries(self) -> list[log.Entry]:
        """All entries in order."""

    @abstractmethod
    def checkpoints(self) -> dict[int, bytes]:
        """Size -> checkpoint note with all its cosignatures, ascending."""

    @abstractmethod
    def known_witnesses(self) -> list[log.Key]:
        """Whose cosignatures count."""

    def leaf_hashes(self) -> list[bytes]:
        """Leaf hashes of all entries."""
        return [leaf_hash(entry.data) for entry in self.entries()]

    def check_time(self, authorities: Collection[str], at: int) -> None:
        """Raises RuleError ``time_backwards`` if one of them has a later entry: nothing is written then."""
        for entry in reversed(self.entries()):
            if entry.document["authority"] in authorities and at < entry.time:
                raise RuleError("time_backwards", at=format_time(at), latest=entry.document["time"])

    def next_entry(
        self, kind: str, body: Document, *, authority: str, at: int, files: Mapping[str, bytes] | None = None
    ) -> log.Entry:
        """An authority's next entry, for the keeper to store. Raises RuleError ``time_backwards``."""
        self.check_time({authority}, at)
        entries = self.entries()
        previous = next((e for e in reversed(entries) if e.document["authority"] == authority), None)
        data = log.write_entry(kind, body, authority=authority, time=format_time(at), previous=previous, files=files)
        return log.read_entry(data, len(entries))

    def witnessed(self, k: int) -> dict[int, bytes]:
        """The checkpoints that at least k known witnesses have cosigned."""
        return {one.size: one.note for one in seen_among(self.checkpoints().items(), self.known_witnesses(), k)}

    def first_seen(self, k: int) -> Callable[[int], Seen | None]:
        """Tells of an entry's index the smallest checkpoint over it that k known witnesses have cosigned, if any."""
        known, checkpoints = self.known_witnesses(), self.checkpoints()
        return lambda index: next(seen_among(((n, d) for n, d in checkpoints.items() if n > index), known, k), None)

    def seen_at(self, entry: log.Entry, k: int, *, otherwise: int) -> int:
        """When k witnesses had seen an entry, or ``otherwise`` while fewer have.

        Of the checkpoint that ``evidence`` shows for it: the smallest that k have cosigned.
        """
        found = self.first_seen(k)(entry.index)
        return found.at if found else otherwise

    def shown(self, authorities: Collection[str], end: int) -> Sequence[log.Entry]:
        """The chains of these authorities and the tail behind them, of the log's first ``end`` entries."""
        return _shown(self.entries()[:end], authorities)

    def proofs(self, end: int) -> InTrees:
        """Proofs in the trees over the log's beginnings up to ``end`` entries."""
        return Proofs(self.leaf_hashes()[:end])

    def evidence(self, authorities: Collection[str], k: int, *, last: int | None = None) -> dict[str, bytes]:
        """The ``log/`` files of a bundle for these authorities.

        Their whole chains, and all entries behind the last of each up to the horizon, so that nothing can be cut off.
        Each entry is proven in the earliest witnessed checkpoint that holds it. The horizon is the first of these that
        holds ``last``: what others log later changes no bundle.

        last: index of the campaign's last entry; None for whatever these authorities wrote, with the newest checkpoint
        as horizon, unless that would show more than MOST_SHOWN entries
        Raises RuleError ``witnesses_missing`` while no such checkpoint is there.
        """
        own = [e.index for e in self.entries() if e.document["authority"] in authorities] if last is None else [last]
        first_seen = self.first_seen(k)
        first = first_seen(max(own, default=-1))
        if first is None:
            raise RuleError("witnesses_missing", needed=k)
        shown = self.shown(authorities, first.size)
        if last is None:
            newest = max(self.witnessed(k))
            longer = self.shown(authorities, newest)
            first, shown = (first_seen(newest - 1) or first, longer) if len(longer) <= MOST_SHOWN else (first, shown)
        return _log_files(shown, first, first_seen, self.proofs(first.size))

    def told_of(self, authorities: Collection[str], campaign: str) -> Iterable[log.Entry]:
        """In their order at least the entries that decide what these authorities may commit in a campaign."""
        return self.entries()

    def check_committable(self, params: Sequence[Document], at: int) -> None:
        """What any verifier would refuse later is refused now: a commitment cannot be taken out of the log.

        params: of all draws of a campaign, by ``seq``
        Raises RuleError ``plan_two_live``, ``supersedes_invalid``, ``draw_committed_twice``, ``beacon_round``.
        """
        k = params[0]["witness_k"]
        attempts = Attempts(lambda entry: self.seen_at(entry, k, otherwise=at), {})
        for entry in self.told_of({document["authority"] for document in params}, params[0]["campaign"]):
            attempts.tell(entry)
        items = [(document["authority"], document["plan"], document["mode"]) for document in params]
        for number, document in enumerate(params):
            if items[number] in items[:number]:
                raise RuleError("plan_two_live", "draft", draw=document["draw"], plan=document["plan"])
            try:
                attempts.check_commit(document["authority"], document, "draft")
            except EvidenceError as error:
                raise RuleError(error.code, error.place, **error.facts) from error
            _check_beacon_round(document)


def _shown(entries: Sequence[log.Entry], authorities: Collection[str]) -> list[log.Entry]:
    """The chains of these authorities and the tail behind them, of a log that ends there."""
    ends = {e.document["authority"]: e.index for e in entries if e.document["authority"] in authorities}
    tail = min(ends.values(), default=-1) + 1
    return [e for e in entries if e.index >= tail or e.document["authority"] in authorities]


def _log_files(
    shown: Sequence[log.Entry], horizon: Seen, first_seen: Callable[[int], Seen | None], proofs: InTrees
) -> dict[str, bytes]:
    files, found, sizes = {"log/checkpoint": horizon.note}, None, {horizon.size}
    for entry in shown:
        if found is None or found.size <= entry.index:
            found = first_seen(entry.index) or horizon
        sizes.add(found.size)
        proof = log.write_proof(entry.index, proofs.inclusion(entry.index, found.size), found.note)
        files |= {entry.place: entry.data, entry.place.replace(".json", ".tlog-proof"): proof}
    pairs = {(a, b): proofs.consistency(a, b) for a, b in pairwise(sorted(sizes))}
    return files | {"log/consistency.tsv": log.write_consistency(pairs)}


def _check_beacon_round(document: Document) -> None:
    last = document["seed"][-1]
    if last["type"] == "drand" and last["chain"] in PUBLIC_CHAINS:
        due = public_round(last["chain"], document["beacon_time"])
        if last["round"] != due:
            raise RuleError("beacon_round", "draft", stated=due, computed=last["round"])
