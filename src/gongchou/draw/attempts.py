"""One attempt at a time for each plan item, and none given up in silence (spec 9.6).

Without this an authority could commit one item in several campaigns, wait for all the beacons, and keep the draw it
likes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from gongchou.draw.encoding import Document, format_time, parse_time
from gongchou.draw.errors import EvidenceError
from gongchou.draw.log import Entry

DAY_S = 86400

Item = tuple[str, str, str]  # authority, plan, mode


@dataclass
class Attempt:
    """A commit of a plan item, and what became of it."""

    commit: Entry
    withdrawal: Entry | None = None
    is_after_seed: bool = False

    def is_live_at(self, index: int) -> bool:
        """Tell whether it was committed before and not withdrawn before an index of the log."""
        return self.commit.index < index and (self.withdrawal is None or self.withdrawal.index > index)

    @property
    def state(self) -> str:
        """live, withdrawn, withdrawn_after_seed."""
        if self.withdrawal is None:
            return "live"
        return "withdrawn_after_seed" if self.is_after_seed else "withdrawn"


class Attempts:
    """Commits, closes and withdrawals, to be told in the order of the log.

    seen_at: when witnesses saw an entry (seconds since 1970); what an authority says of the time proves nothing.
    reasons: plan -> the closed list of reasons for withdrawing, where it is known.
    """

    def __init__(self, seen_at: Callable[[Entry], int], reasons: Mapping[str, Collection[str]]) -> None:
        self._seen_at, self._reasons = seen_at, reasons
        self._by_draw: dict[tuple[str, str], Attempt] = {}  # ids of draws are unique within a campaign
        self._latest: dict[Item, Attempt] = {}
        self._closed: set[str] = set()  # campaigns

    def __iter__(self) -> Iterator[Attempt]:
        return iter(self._by_draw.values())

    def of(self, commit: Entry) -> Attempt:
        """What became of a commit that was told."""
        return self._by_draw[_draw(commit.body)]

    def tell(self, entry: Entry) -> None:
        """Take the next entry. Raises EvidenceError as check 3 names them."""
        if entry.type == "commit":
            self.check_commit(entry.document["authority"], entry.body, entry.place)
            self._by_draw[_draw(entry.body)] = self._latest[item_of(entry)] = Attempt(entry)
        elif entry.type == "close":
            self._closed.add(entry.body["campaign"])
        elif entry.type == "withdraw":
            self._withdraw(entry)

    def check_commit(self, authority: str, body: Document, place: str) -> None:
        """Raises EvidenceError ``draw_committed_twice``, ``plan_two_live`` or ``supersedes_invalid``."""
        before = self._latest.get((authority, body["plan"], body["mode"]))
        if _draw(body) in self._by_draw:
            raise EvidenceError("draw_committed_twice", place, draw=body["draw"])
        if before is not None and before.withdrawal is None:
            raise EvidenceError("plan_two_live", place, draw=before.commit.body["draw"], plan=body["plan"])
        due = before.commit.body["draw"] if before else None
        if body["supersedes"] != due:
            told = body["supersedes"]
            raise EvidenceError("supersedes_invalid", place, draw=told, due=due, reason="not the last one")
        if before is not None and before.withdrawal is not None and before.is_after_seed:
            self._check_wait(body, before.withdrawal, place)

    def _check_wait(self, body: Document, withdrawal: Entry, place: str) -> None:
        """After a seed was known, the next attempt must wait a day: there is nothing to gain by hurrying."""
        earliest = self._seen_at(withdrawal) + DAY_S
        if parse_time(body["beacon_time"]) < earliest:
            told, due = body["beacon_time"], format_time(earliest)
            raise EvidenceError("supersedes_invalid", place, draw=told, due=due, reason="successor too soon")

    def _withdraw(self, entry: Entry) -> None:
        attempt = self._by_draw.get(_draw(entry.body))
        authority = entry.document["authority"]
        invalid = _invalid(entry)
        if attempt is None or attempt.commit.document["authority"] != authority:
            raise invalid("no commit")
        if attempt.withdrawal is not None:
            raise invalid("withdrawn already")
        is_after_seed = self._is_after_seed(entry, attempt)
        listed = self._reasons.get(attempt.commit.body["plan"])
        if listed is not None and entry.body["reason"] not in listed:
            raise invalid("reason not listed")
        # Of other plans this much is only counted: one slip must not spoil all the evidence of an office.
        if listed is not None and is_after_seed and entry.body["second"] in (None, authority):
            raise invalid("second person")
        attempt.withdrawal, attempt.is_after_seed = entry, is_after_seed

    def _is_after_seed(self, entry: Entry, attempt: Attempt) -> bool:
        """From the close on all that people can influence is fixed; a draw given up then could still be pointed to."""
        if entry.body["campaign"] in self._closed:
            return True
        return self._seen_at(entry) >= parse_time(attempt.commit.body["beacon_time"])


def _invalid(entry: Entry) -> Callable[[str], EvidenceError]:
    return lambda why: EvidenceError("withdrawal_invalid", entry.place, reason=why, draw=entry.body["draw"])


def _draw(body: Document) -> tuple[str, str]:
    return body["campaign"], body["draw"]


def item_of(commit: Entry) -> Item:
    """Whose plan item a commit is of, and whether in earnest."""
    return commit.document["authority"], commit.body["plan"], commit.body["mode"]
