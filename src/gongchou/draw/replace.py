"""What may happen after a draw: replacements from the reserve, substitutions of inspectors (spec section 10)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gongchou.draw.beacon import Chain
from gongchou.draw.encoding import Document, hasher, sha256_hex
from gongchou.draw.errors import EvidenceError, RuleError
from gongchou.draw.log import Entry
from gongchou.draw.match import Match
from gongchou.draw.roster import Roster, SlotGroup, Task, merge_groups
from gongchou.draw.select import Quota, Ranked
from gongchou.draw.table import REPLACEMENTS, SUBSTITUTIONS, read_table, write_table
from gongchou.draw.ticket import deck

EVENT_LEAD_S = 60


def deciding_round(chain: Chain, entry: Entry) -> int:
    """The round that decides a request: it follows from the entry's own time, so that nobody can choose it."""
    return chain.round_at(entry.time + EVENT_LEAD_S)


class Replacement(NamedTuple):
    """One object left the sample and the next of the reserve came in."""

    event: int
    stratum: str
    out: str
    into: str
    rank: int
    reason: str
    evidence: str


VOID = "void"


class Substitution(NamedTuple):
    """One slot was dealt again; None stands for nobody. ``into`` is VOID when the request came too late to count."""

    event: int
    object_id: str
    slot: int
    out: str | None
    into: str | None
    load: int | None
    deck: str | None
    nonce: str

    @property
    def request(self) -> str:
        """What the log says of it before anybody may know whom it concerns."""
        return request_of(self.nonce, self.object_id, self.slot, self.out)


def request_of(nonce: str, object_id: str, slot: int, out: str | None) -> str:
    """The hash under which a slot is asked for (spec 10), 64 hex digits.

    nonce: 64 hex digits, secret while the match is sealed; objects and inspectors are few enough to be tried out.
    """
    return sha256_hex(f"vdp1 request\n{nonce}\n{object_id}\n{slot}\n{out or '-'}\n".encode())


def write_replacements(rows: Iterable[Replacement]) -> bytes:
    """``replacements.tsv``."""
    return write_table(rows)


def write_substitutions(rows: Iterable[Substitution]) -> bytes:
    """``substitutions.tsv``."""
    return write_table(["-" if field is None else field for field in row] for row in rows)


def read_replacements(data: bytes, place: str = "replacements.tsv") -> list[Replacement]:
    """Rows in the order of their events. Raises FormatError."""
    rows = [
        Replacement(int(event), stratum, out, into, int(rank), reason, evidence)
        for event, stratum, out, into, rank, reason, evidence in read_table(data, REPLACEMENTS, place)
    ]
    return sorted(rows)


def read_substitutions(data: bytes, place: str = "substitutions.tsv") -> list[Substitution]:
    """Rows in the order of their events. Raises FormatError."""
    rows = [
        Substitution(
            int(event),
            object_id,
            int(slot),
            _or_none(out),
            _or_none(into),
            int(load) if load != "-" else None,
            _or_none(deck),
            nonce,
        )
        for event, object_id, slot, out, into, load, deck, nonce in read_table(data, SUBSTITUTIONS, place)
    ]
    return sorted(rows, key=lambda row: row.event)


def _or_none(text: str) -> str | None:
    return None if text == "-" else text


# Replacement ------------------------------------------------------------------------------------


class Sample:
    """The selected objects of one draw as replacements change them."""

    def __init__(self, selected: Iterable[Ranked], reserve: Iterable[Ranked], quotas: Mapping[str, Quota]) -> None:
        self.present: dict[str, set[str]] = defaultdict(set)
        self.waiting: dict[str, list[Ranked]] = defaultdict(list)
        self.replaced: Counter[str] = Counter()
        self.quotas = quotas
        for row in selected:
            self.present[row.stratum].add(row.object_id)
        for row in sorted(reserve, key=lambda row: row.rank):
            self.waiting[row.stratum].append(row)

    def stratum_of(self, object_id: str) -> str:
        """The stratum whose sample holds the object. Raises RuleError ``replacement_invalid``."""
        for stratum, objects in self.present.items():
            if object_id in objects:
                return stratum
        raise RuleError("replacement_invalid", reason="not in the sample", object=object_id)

    def next_of(self, stratum: str) -> Ranked:
        """The next object of the reserve. Raises RuleError ``replacement_invalid`` when it is used up."""
        if not self.waiting[stratum]:
            raise RuleError("replacement_invalid", reason="reserve used up", object=stratum)
        return self.waiting[stratum][0]

    def apply(self, out: str, into: str, rank: int, stratum: str) -> None:
        """Replace strictly in order. Raises RuleError ``replacement_invalid``."""
        if out not in self.present[stratum]:
            raise RuleError("replacement_invalid", reason="not in the sample", object=out)
        following = self.next_of(stratum)
        if (following.object_id, following.rank) != (into, rank):
            raise RuleError("replacement_invalid", reason="out of order", object=into, expected=following.object_id)
        self.waiting[stratum].pop(0)
        self.present[stratum].remove(out)
        self.present[stratum].add(into)
        self.replaced[stratum] += 1

    def overused(self) -> list[str]:
        """Strata where more than one in fifty was replaced."""
        return sorted(s for s, count in self.replaced.items() if count * 50 > self.quotas[s].n)


def replacement_body(row: Replacement, *, campaign: str, draw: str, second: str) -> Document:
    """The body of the log entry that says the same as the row."""
    return {
        "campaign": campaign,
        "draw": draw,
        "evidence": row.evidence,
        "in": row.into,
        "out": row.out,
        "rank": row.rank,
        "reason": row.reason,
        "second": second,
        "stratum": row.stratum,
    }


def check_replacements(
    rows: Sequence[Replacement],
    entries: Mapping[int, Entry],
    sample: Sample,
    params: Document,
    reasons: Document,
) -> None:
    """Replay replacements against the log and the reserve. Raises DrawError ``replacement_invalid``."""
    logged = {
        index
        for index, entry in entries.items()
        if entry.type == "replace"
        and (entry.body["campaign"], entry.body["draw"]) == (params["campaign"], params["draw"])
    }
    if logged != {row.event for row in rows} or len(logged) != len(rows):
        raise EvidenceError("replacement_invalid", "replacements.tsv", reason="log and table differ")
    if rows and not params["replacement"]["objects"]:
        raise RuleError("replacement_invalid", "replacements.tsv", reason="not allowed by the parameters")
    for row in rows:
        _check_replacement(row, entries[row.event], params, reasons)
        sample.apply(row.out, row.into, row.rank, row.stratum)


def _check_replacement(row: Replacement, entry: Entry, params: Document, reasons: Document) -> None:
    second = entry.body["second"]
    said = replacement_body(row, campaign=params["campaign"], draw=params["draw"], second=second)
    if entry.body != said or entry.document["authority"] != params["authority"]:
        raise EvidenceError("replacement_invalid", entry.place, reason="log and table differ", object=row.out)
    if second in (None, params["authority"]):
        raise RuleError("replacement_invalid", entry.place, reason="no second person", object=row.out)
    if row.reason not in reasons["replace"]:
        raise RuleError("replacement_invalid", entry.place, reason="reason not listed", object=row.out)


# Substitution -----------------------------------------------------------------------------------


@dataclass
class Board:
    """Who is on which slot, and everybody's load, as substitutions change them."""

    tasks: dict[str, Task]
    seats: dict[tuple[str, int], str]  # (object, slot from 1) -> inspector
    load: dict[str, int]
    roster: Roster

    def add_task(self, object_id: str, pool: str, groups: tuple[SlotGroup, ...]) -> None:
        """An object came in by replacement: the groups it does not have yet give new, open slots."""
        task = self.tasks.get(object_id) or Task(object_id, pool, ())
        self.tasks[object_id] = task._replace(groups=merge_groups([task.groups, groups]))

    def deal_again(
        self, object_id: str, slot: int, out: str | None, *, prefix: str, suite: str
    ) -> tuple[str, int, str] | None:
        """Take ``out`` off a slot and give it to the lowest (load, deck ticket) among those who may serve.

        Returns (inspector, load before, deck ticket), or None when nobody fits.
        Raises RuleError ``substitution_invalid`` when the slot does not exist or ``out`` does not hold it.
        """
        group = self._group(object_id, slot)
        if self.seats.get((object_id, slot)) != out:
            raise RuleError("substitution_invalid", reason="slot is not held so", object=object_id, slot=slot)
        if out is not None:
            del self.seats[object_id, slot]
            self.load[out] -= 1
        chosen = self._lowest(object_id, group, out, prefix, suite)
        if chosen is not None:
            self.seats[object_id, slot] = chosen[0]
            self.load[chosen[0]] += 1
        return chosen

    def replay(self, done: Substitution) -> None:
        """A substitution that was dealt before; one that was void changed nothing."""
        if done.into == VOID:
            return
        if done.out is not None:
            del self.seats[done.object_id, done.slot]
            self.load[done.out] -= 1
        if done.into is not None:
            self.seats[done.object_id, done.slot] = done.into
            self.load[done.into] += 1

    def _group(self, object_id: str, slot: int) -> SlotGroup:
        slots = self.tasks[object_id].slots() if object_id in self.tasks else []
        if not 1 <= slot <= len(slots):
            raise RuleError("substitution_invalid", reason="no such slot", object=object_id, slot=slot)
        return slots[slot - 1]

    def _lowest(
        self, object_id: str, group: SlotGroup, out: str | None, prefix: str, suite: str
    ) -> tuple[str, int, str] | None:
        digest, task = hasher(suite), self.tasks[object_id]
        team = {inspector for (own, _), inspector in self.seats.items() if own == object_id}
        cards = [
            (self.load[i], deck(digest, prefix, self.load[i], i), i)
            for i in self.roster.eligible(task.pool, group)
            if i not in team and i != out and self.load[i] < self.roster.inspectors[i].cap
            if (i, object_id) not in self.roster.avoid
        ]
        if not cards:
            return None
        load, card, inspector = min(cards)
        return inspector, load, card


def board_of(match: Match) -> Board:
    """The state after the match."""
    seats = {(match.tasks[t].id, k + 1): seat.inspector for (t, k), seat in match.seats.items()}
    return Board({task.id: task for task in match.tasks}, seats, dict(match.load), match.roster)
