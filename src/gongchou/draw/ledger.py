"""The log in the hands of whoever keeps it: what comes next, who has seen what, what a bundle must show of it.

How entries and checkpoints are stored is the keeper's affair: files for the command line, a database for the platform.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from gongchou.draw import log
from gongchou.draw.attempts import Attempts
from gongchou.draw.beacon import PUBLIC_CHAINS
from gongchou.draw.draft import public_round
from gongchou.draw.encoding import Document, format_time
from gongchou.draw.errors import EvidenceError, RuleError
from gongchou.draw.merkle import Proofs, leaf_hash

MOST_SHOWN = 2_000  # entries; a bundle that anybody reads on a phone


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
        known = self.known_witnesses()
        return {
            size: data
            for size, data in self.checkpoints().items()
            if len(log.read_checkpoint(data, str(size)).cosigned_times(known)) >= k
        }

    def seen_at(self, entry: log.Entry, k: int, *, otherwise: int) -> int:
        """When k witnesses had seen an entry, or ``otherwise`` while fewer have.

        Of the checkpoint that ``evidence`` shows for it: the smallest that k have cosigned.
        """
        known = self.known_witnesses()
        for size, data in sorted(self.checkpoints().items()):
            times = log.read_checkpoint(data, str(size)).cosigned_times(known) if size > entry.index else []
            if len(times) >= k:
                return times[k - 1]
        return otherwise

    def evidence(self, authorities: Collection[str], k: int, *, last: int | None = None) -> dict[str, bytes]:
        """The ``log/`` files of a bundle for these authorities.

        Their whole chains, and all entries behind the last of each up to the horizon, so that nothing can be cut off.
        Each entry is proven in the earliest witnessed checkpoint that holds it. The horizon is the newest of these;
        where that would show more than MOST_SHOWN entries, the first that holds the last one that must be in.

        last: index of that one, of the campaign's; None for whatever these authorities wrote
        Raises RuleError ``witnesses_missing`` while no such checkpoint is there.
        """
        entries, checkpoints = self.entries(), self.witnessed(k)
        if last is None:
            last = max((e.index for e in entries if e.document["authority"] in authorities), default=-1)
        known = sorted(checkpoints)
        if not known or known[-1] <= last:
            raise RuleError("witnesses_missing", needed=k)
        shown = _shown(entries[: known[-1]], authorities)
        if len(shown) > MOST_SHOWN:
            known = known[: bisect_right(known, last) + 1]
            shown = _shown(entries[: known[-1]], authorities)
        return _log_files(entries[: known[-1]], shown, {size: checkpoints[size] for size in known})

    def check_committable(self, params: Sequence[Document], at: int) -> None:
        """What any verifier would refuse later is refused now: a commitment cannot be taken out of the log.

        params: of all draws of a campaign, by ``seq``
        Raises RuleError ``plan_two_live``, ``supersedes_invalid``, ``draw_committed_twice``, ``beacon_round``.
        """
        k = params[0]["witness_k"]
        attempts = Attempts(lambda entry: self.seen_at(entry, k, otherwise=at), {})
        for entry in self.entries():
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
    entries: Sequence[log.Entry], shown: Sequence[log.Entry], checkpoints: Mapping[int, bytes]
) -> dict[str, bytes]:
    proofs, known = Proofs([leaf_hash(entry.data) for entry in entries]), sorted(checkpoints)
    files, sizes = {"log/checkpoint": checkpoints[known[-1]]}, {known[-1]}
    for entry in shown:
        size = known[bisect_right(known, entry.index)]
        sizes.add(size)
        proof = log.write_proof(entry.index, proofs.inclusion(entry.index, size), checkpoints[size])
        files |= {entry.place: entry.data, entry.place.replace(".json", ".tlog-proof"): proof}
    pairs = {(a, b): proofs.consistency(a, b) for a, b in pairwise(sorted(sizes))}
    return files | {"log/consistency.tsv": log.write_consistency(pairs)}


def _check_beacon_round(document: Document) -> None:
    last = document["seed"][-1]
    if last["type"] == "drand" and last["chain"] in PUBLIC_CHAINS:
        due = public_round(last["chain"], document["beacon_time"])
        if last["round"] != due:
            raise RuleError("beacon_round", "draft", stated=due, computed=last["round"])
