"""Why me, why not me: who may ask, and the receipts of one object in all draws of a batch."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import sha256

from django.db.models import Q, QuerySet

from gongchou.draw.encoding import Document, encode_base32, is_id
from gongchou.draw.errors import RuleError
from gongchou.draw.frame import seal
from gongchou.draw.receipts import receipt
from gongchou.draws import keys, store
from gongchou.draws.bundles import draws_in
from gongchou.draws.indexes import OnDisk
from gongchou.draws.models import Batch, Draw, Hit, Replacement
from gongchou.draws.queries.batches import AUDITOR, files_of
from gongchou.draws.queries.frames import real_id_of
from gongchou.refusal import Refused
from gongchou.registry.models import Subject

REAL_IDS = "real-ids.tsv"
WHOLE_FILES = ("params.json", "selected.tsv", "reserve.tsv")  # of a draw; its lists, far larger, have indexes
LETTERS, GROUP = 12, 4  # of a receipt key: 60 bits, nothing to be guessed


@dataclass(frozen=True)
class Answer:
    """What one draw says to an object. left, entered: it was replaced by another, or came in for one, afterwards"""

    draw: Draw
    receipt: Document
    left: Replacement | None
    entered: Replacement | None


def receipt_key(batch: Batch, number: str) -> str:
    """What the department hands to an object so that it alone can ask, such as ABCD-EFGH-2345.

    number: what the object will type. Raises Refused ``draws.number_unknown``, ``draws.seal_missing``.
    """
    asked = _asked_id(number)
    if not asked:
        raise Refused("draws.number_unknown", number=number)
    return _key_of(batch, asked)


class Handed:
    """What the objects of a draw are handed: the number they have to type, and their key.

    Both by the number that the lists froze: the register may know the object by another one since, and no receipt
    would be found under that. Raises Refused ``draws.seal_missing``.
    """

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self._seal = keys.seal_of(draw.batch.code)

    def number(self, hit: Hit) -> str:
        """As it was frozen; ``hit`` with its subject. Raises Refused ``draws.file_…``."""
        if not self.draw.batch.is_sealed:
            return hit.pid
        now = real_id_of(hit.subject_id, hit.subject.number)
        return now if seal(self._seal, now) == hit.pid else self._changed[hit.pid]

    def key(self, hit: Hit) -> str:
        """Of the same."""
        return _key_of(self.draw.batch, self.number(hit))

    def of_number(self, number: str) -> tuple[str, str]:
        """The number to type and the key of whoever asks, drawn or not. Raises Refused ``draws.number_unknown``."""
        hit = self.draw.hits.filter(subject__number=number).select_related("subject").first()
        return (self.number(hit), self.key(hit)) if hit else (number, receipt_key(self.draw.batch, number))

    @cached_property
    def _changed(self) -> dict[str, str]:
        """Pseudonym -> frozen number, from the auditors' table: it may hold millions, so it is not read at once."""
        kept = self.draw.batch.evidence.get(path=f"{AUDITOR}{self.draw.folder}{REAL_IDS}")
        wanted = set(self.draw.hits.values_list("pid", flat=True))
        with store.blob(kept.sha256).path.open(encoding="ascii") as lines:
            rows = (line.rstrip("\n").split("\t") for line in lines)
            found = {pid: real for real, pid in rows if pid in wanted}
        if any(seal(self._seal, real) != pid for pid, real in found.items()) or wanted - found.keys():
            raise Refused("draws.file_damaged", file=kept.sha256)
        return found


def handed_out(draw: Draw) -> QuerySet[Hit]:
    """Whom a draw selected, those who left or came in afterwards too."""
    rows = draw.hits.exclude(place=Hit.Place.RESERVE)
    return rows.select_related("draw__task", "stratum", "subject__region")


def issuers_of(batch: Batch) -> list[str]:
    """Who hands keys out: the department of each draw, once."""
    names = batch.draws.order_by("seq").values_list("task__department__name", flat=True)
    return list(dict.fromkeys(names))


def _key_of(batch: Batch, real_id: str) -> str:
    digest = hmac.new(keys.seal_of(batch.code), f"receipt\n{real_id}".encode(), sha256).digest()
    told = encode_base32(digest)[:LETTERS]
    return "-".join(told[at : at + GROUP] for at in range(0, LETTERS, GROUP))


def may_ask(batch: Batch, number: str, key: str) -> bool:
    """Whether a key is that of an object, told by its number alone: who is in the list makes no difference.

    key: with or without hyphens. Raises Refused ``draws.seal_missing``.
    """
    given = "".join(one for one in key.upper() if one.isalnum())
    wanted = _key_of(batch, _asked_id(number)).replace("-", "")
    return hmac.compare_digest(given.encode(), wanted.encode())


def is_open(batch: Batch, at: datetime) -> bool:
    """Whether receipts are given now: to nobody before the day that was promised, nor where nothing was drawn."""
    return batch.drawn_at is not None and (batch.disclosed_at is None or at >= batch.disclosed_at)


def receipts_of(batch: Batch, number: str, *, at: datetime) -> list[Answer]:
    """The receipts of an object, one for each draw that knows of it; whoever asks must have been looked at.

    What it rests on is held to what was stated before: of the lists the lines that decide, to the root in the
    parameters; parameters, seed document and result, whole, to their digests.

    Raises DrawError ``receipt_early``, or ``root_mismatch`` where a list was touched; Refused ``draws.file_damaged``,
    ``draws.file_missing``, ``draws.seal_missing``.
    """
    real_id, files = _asked_id(number), files_of(batch)
    key = keys.seal_of(batch.code) if batch.is_sealed else None
    draws, found = draws_in(batch), []
    _check_whole(batch, draws)
    for draw in draws:
        try:
            told = receipt(files, draw.folder, real_id, key=key, at=int(at.timestamp()), shelf=OnDisk())
        except RuleError as error:
            if error.code != "not_in_list":
                raise
            continue
        found.append(_answer(draw, told))
    return found


def _check_whole(batch: Batch, draws: Iterable[Draw]) -> None:
    paths = ["seed-input.txt", *(f"{draw.folder}{name}" for draw in draws for name in WHOLE_FILES)]
    for digest in batch.evidence.filter(path__in=paths).values_list("sha256", flat=True):
        if not store.is_whole(digest):
            raise Refused("draws.file_damaged", file=digest)


def _asked_id(number: str) -> str:
    """The id behind what an enterprise types; a number that cannot stand in a list leads to the platform's own."""
    if is_id(number):
        return number
    pk = Subject.objects.filter(number=number).order_by("pk").values_list("pk", flat=True).first()
    return real_id_of(pk, number) if pk else ""


def _answer(draw: Draw, told: Document) -> Answer:
    own = Q(out__pid=told["object"]) | Q(into__pid=told["object"])
    rows = draw.replacements.filter(own, event__isnull=False).select_related("out", "into")
    left = next((row for row in rows if row.out.pid == told["object"]), None)
    entered = next((row for row in rows if row.into and row.into.pid == told["object"]), None)
    return Answer(draw, told, left, entered)
