"""Why me, why not me: who may ask, and the receipts of one object in all draws of a batch."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db.models import Q

from gongchou.draw.encoding import Document, encode_base32, is_id
from gongchou.draw.errors import RuleError
from gongchou.draw.receipts import receipt
from gongchou.draws import keys
from gongchou.draws.bundles import draws_in
from gongchou.draws.models import Batch, Draw, Replacement
from gongchou.draws.queries.batches import files_of
from gongchou.draws.queries.frames import real_id_of
from gongchou.registry.models import Subject

LETTERS, GROUP = 12, 4  # of a receipt key: 60 bits, nothing to be guessed


@dataclass(frozen=True)
class Answer:
    """What one draw says to an object. left, entered: it was replaced by another, or came in for one, afterwards"""

    draw: Draw
    receipt: Document
    left: Replacement | None
    entered: Replacement | None


def receipt_key(batch: Batch, subject: Subject) -> str:
    """What the department hands to an object so that it alone can ask, such as ABCD-EFGH-2345.

    Raises Refused ``draws.seal_missing``.
    """
    return _key_of(batch, real_id_of(subject.pk, subject.number))


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

    Raises DrawError ``receipt_early``; Refused ``draws.file_missing``, ``draws.seal_missing``.
    """
    real_id, files = _asked_id(number), files_of(batch)
    key = keys.seal_of(batch.code) if batch.is_sealed else None
    found = []
    for draw in draws_in(batch):
        try:
            told = receipt(files, draw.folder, real_id, key=key, at=int(at.timestamp()))
        except RuleError as error:
            if error.code != "not_in_list":
                raise
            continue
        found.append(_answer(draw, told))
    return found


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
