"""What the page of one batch says: what was promised, what came out, who watched, and nothing about any person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Prefetch, QuerySet
from django.urls import NoReverseMatch, reverse

from gongchou.accounts.models import Department
from gongchou.draw.encoding import Document, parse_json
from gongchou.draw.merkle import leaf_hash
from gongchou.draws import keys, store
from gongchou.draws.bundles import WITNESS_K
from gongchou.draws.models import Attendance, Batch, Draw, Hit, LogCheckpoint, LogEntry, Replacement, Stratum
from gongchou.draws.queries.batches import stratum_words
from gongchou.draws.queries.sources import MISSING, source_values
from gongchou.draws.reasons import words as reason_words
from gongchou.draws.states import DrawState
from gongchou.plans.models import Participant
from gongchou.plans.states.joint import InvitationState
from gongchou.publicity import words
from gongchou.refusal import Refused

LOG_ENTRY = "draws:log-entry"  # the log's own page of an entry, where it has one


@dataclass(frozen=True)
class DrawTold:
    """One draw of a batch, in words and numbers. selected: at first, before any replacement"""

    draw: Draw
    strata: list[Stratum]
    left_out: list[tuple[str, int]]
    departments: list[str]
    selected: int
    replaced: list[tuple[str, int]]

    @property
    def frame(self) -> int:
        """How many could be drawn."""
        return sum(part.size for part in self.strata)

    @property
    def parts(self) -> list[tuple[str, Stratum]]:
        """The strata with their names; of a sealed list the code alone, since a label says what its objects are."""
        return [(_name(part, self.draw.batch.is_sealed), part) for part in self.strata]

    @property
    def wanted(self) -> int:
        """How many were to be drawn."""
        return sum(part.n for part in self.strata)

    @property
    def n_replaced(self) -> int:
        """How many were replaced."""
        return sum(n for _, n in self.replaced)

    @property
    def gone_words(self) -> str:
        """Why it was withdrawn, from the closed list."""
        return reason_words("withdraw", self.draw.withdraw_reason)

    @property
    def is_late(self) -> bool:
        """Withdrawn when the seed was known already."""
        return self.draw.state == DrawState.WITHDRAWN_LATE


def _name(part: Stratum, is_sealed: bool) -> str:
    name = stratum_words(part.code)
    return name if is_sealed or part.label in (part.code, name) else f"{name} {part.label}"


def draws_told(batch: Batch) -> list[DrawTold]:
    """The draws of a batch in their order."""
    parties = Participant.objects.filter(state=InvitationState.ACCEPTED).select_related("department")
    rows = batch.draws.select_related("task__department", "supersedes__batch", "parent__batch").prefetch_related(
        "strata", Prefetch("task__participants", parties.order_by("-is_lead", "department__code"))
    )
    selected, replaced = _selected(batch), _replaced(batch)
    return [
        DrawTold(
            draw,
            list(draw.strata.all()),
            [(reason_words("exclude", code), n) for code, n in draw.left_out.items()],
            [party.department.name for party in draw.task.participants.all()],
            selected.get(draw.pk, 0),
            [(reason_words("replace", code), n) for (of, code), n in replaced.items() if of == draw.pk],
        )
        for draw in rows
    ]


def _selected(batch: Batch) -> dict[UUID, int]:
    rows = Hit.objects.filter(batch=batch, rank__lte=F("stratum__n")).order_by()
    return dict(rows.values_list("draw").annotate(Count("pk")))


def _replaced(batch: Batch) -> dict[tuple[UUID, str], int]:
    """(draw, reason) -> how many; those that the log knows."""
    rows = Replacement.objects.filter(batch=batch, event__isnull=False).order_by("reason")
    return {(draw, reason): n for draw, reason, n in rows.values_list("draw", "reason").annotate(Count("pk"))}


def selected_of(batch: Batch) -> QuerySet[Hit]:
    """Objects as they stand in the frame, by draw, part and rank: where it is sealed, pseudonyms."""
    rows = Hit.objects.filter(batch=batch).select_related("draw", "stratum")
    return rows.only("rank", "pid", "ticket", "place", "draw__code", "draw__seq", "draw__state", "stratum__code")


# The seed -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Source:
    """A source of the seed. value: empty until it has come; is_missing: promised and not shown in time"""

    words: str
    value: str = ""
    is_missing: bool = False


def sources_told(batch: Batch) -> list[Source]:
    """The sources in their order, as the commitment has them, with the values as far as they have come."""
    kept = dict(batch.evidence.values_list("path", "sha256"))
    promised = _promised(kept)
    names = dict(Department.objects.filter(code__in=[one.get("party") for one in promised]).values_list("code", "name"))
    return [
        Source(words.source(one, names), "" if value == MISSING else value, value == MISSING)
        for one, value in zip(promised, _values(batch, promised), strict=True)
    ]


def _values(batch: Batch, promised: list[Document]) -> list[str]:
    """A file that was touched takes away what it told, not the page: the promise and the log still stand there."""
    try:
        return source_values(batch, promised)
    except Refused:
        return [""] * len(promised)


def _promised(kept: Mapping[str, str]) -> list[Document]:
    path = min(path for path in kept if path.rpartition("/")[2] == "params.json")
    found: list[Document] = parse_json(store.read(kept[path]))["seed"]
    return found


def params_of(batch: Batch, draw: str) -> bytes | None:
    """The parameters of a draw byte for byte: their hash is its commitment."""
    row = batch.draws.filter(code=draw).first()
    kept = batch.evidence.filter(path=f"{row.folder}params.json").first() if row else None
    return store.read(kept.sha256) if kept else None


# The log ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """An entry of the public log. draw: which it speaks of, if one; address: empty where the log has no pages here"""

    index: int
    type: str
    words: str
    draw: str
    at: datetime
    hash: str
    address: str


@dataclass(frozen=True)
class Witness:
    """A witness of the log. is_practice: its key lies here, so that it proves nothing to others"""

    name: str
    at: datetime
    is_practice: bool


def entries_told(batch: Batch) -> list[Entry]:
    """What the log says of a batch, in order."""
    return [_entry(row) for row in LogEntry.objects.filter(campaign=batch.code).order_by("index")]


def _entry(row: LogEntry) -> Entry:
    data = bytes(row.data)
    body = parse_json(data)["body"]
    draw = str(body.get("draw") or "")
    told = words.entry(row.type, body)
    return Entry(row.index, row.type, told, draw, row.at, leaf_hash(data).hex(), _address(row.index))


def _address(index: int) -> str:
    try:
        return reverse(LOG_ENTRY, args=[index])
    except NoReverseMatch:
        return ""


def witnesses_of(index: int) -> list[Witness]:
    """Who cosigned the first checkpoint with an entry that enough witnesses have seen; nobody while too few have."""
    rows = LogCheckpoint.objects.filter(size__gt=index).annotate(n=Count("cosignatures"))
    first = rows.filter(n__gte=WITNESS_K).order_by("size").first()
    here = keys.practice_names()
    signed = first.cosignatures.order_by("at", "witness") if first else ()
    return [Witness(one.witness, one.at, one.witness in here) for one in signed]


def latest(entries: list[Entry], kind: str) -> Entry | None:
    """The last entry of a type."""
    return next((one for one in reversed(entries) if one.type == kind), None)


def attended(batch: Batch) -> list[dict[str, Any]]:
    """Who was there: as what, of which organisation, when signed; never a name."""
    rows = Attendance.objects.filter(batch=batch, signed_at__isnull=False).select_related("user__department")
    return [
        {"role": one.get_role_display(), "organisation": one.user.department.name, "at": one.signed_at}
        for one in rows.order_by("signed_at", "pk")
    ]
