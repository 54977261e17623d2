"""The public log of draws in the database: its entries, its checkpoints, what witnesses gave back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache

from gongchou.draw import log, note
from gongchou.draw.encoding import Document, format_time
from gongchou.draw.errors import DrawError, RuleError
from gongchou.draw.ledger import Ledger
from gongchou.draw.merkle import Accumulator, consistency_proof, is_consistent, root_of_hashes
from gongchou.draws import keys
from gongchou.draws.models import LogCheckpoint, LogCosignature, LogEntry, LogHead
from gongchou.refusal import Refused

_read_entry = lru_cache(maxsize=1 << 14)(log.read_entry)  # the same bytes are the same entry; nobody writes into one


class PublicLog(Ledger):
    """The one log of the platform."""

    def entries(self) -> list[log.Entry]:
        """All entries in order."""
        rows = LogEntry.objects.order_by("index").values_list("index", "data")
        return [_read_entry(bytes(data), index) for index, data in rows]

    def entries_of(self, campaign: str) -> list[log.Entry]:
        """Those that speak of one batch."""
        rows = LogEntry.objects.filter(campaign=campaign).order_by("index").values_list("index", "data")
        return [_read_entry(bytes(data), index) for index, data in rows]

    def next_entry(
        self, kind: str, body: Document, *, authority: str, at: int, files: Mapping[str, bytes] | None = None
    ) -> log.Entry:
        """As the core has it, from the two rows that it depends on: the log's last and the authority's last."""
        newest = LogEntry.objects.order_by("-index").values_list("index", flat=True).first()
        row = LogEntry.objects.filter(authority=authority).order_by("-index").values_list("data", "index").first()
        previous = _read_entry(bytes(row[0]), row[1]) if row else None
        if previous is not None and at < previous.time:
            raise RuleError("time_backwards", at=format_time(at), latest=previous.document["time"])
        data = log.write_entry(kind, body, authority=authority, time=format_time(at), previous=previous, files=files)
        return log.read_entry(data, 0 if newest is None else newest + 1)

    def checkpoints(self) -> dict[int, bytes]:
        """Size -> checkpoint note with all its cosignatures, ascending."""
        rows = LogCheckpoint.objects.order_by("size").prefetch_related("cosignatures")
        return {row.size: (row.note + "".join(one.line for one in row.cosignatures.all())).encode() for row in rows}

    def known_witnesses(self) -> list[log.Key]:
        """Whose cosignatures count."""
        return list(keys.witnesses())

    def append(
        self, kind: str, body: Document, *, authority: str, at: datetime, files: Mapping[str, bytes] | None = None
    ) -> log.Entry:
        """Write an authority's next entry; only inside an operation. Raises DrawError."""
        head, _ = LogHead.objects.select_for_update().get_or_create(id=1)
        moment = int(at.timestamp())
        entry = self.next_entry(kind, body, authority=authority, at=moment, files=files)
        if entry.index != head.size:
            raise Refused("draws.log_damaged", index=min(entry.index, head.size))
        LogEntry.objects.create(
            index=entry.index,
            data=entry.data,
            type=kind,
            authority=authority,
            campaign=str(body.get("campaign", "")),
            at=datetime.fromtimestamp(moment, UTC),
        )
        head.size += 1
        head.save()
        return entry


def sign(at: datetime) -> LogCheckpoint | None:
    """The log as it stands under its signature, cosigned by practice witnesses; None while it is empty.

    The root is computed in two ways from what is read back, and must continue what was signed before: a wrong signature
    cannot be taken back. Only inside an operation. Raises Refused ``draws.log_damaged`` or ``audit.key_…``.
    """
    LogHead.objects.select_for_update().get_or_create(id=1)
    ours = PublicLog()
    hashes = ours.leaf_hashes()
    if not hashes:
        return None
    already = LogCheckpoint.objects.filter(size=len(hashes)).first()
    if already is not None:
        return already
    root = _checked_root(ours, hashes)
    key = keys.secret_of(keys.LOG)
    text = log.checkpoint_text(key.public.name, len(hashes), root)
    signed = note.write_note(text, [note.sign(text, key.public, key.secret)])
    if not note.is_signed_by(log.read_checkpoint(signed, "").signed, key.public):
        raise Refused("draws.log_damaged", index=len(hashes))
    row = LogCheckpoint.objects.create(size=len(hashes), note=signed.decode(), at=at)
    for witness in keys.practice_witnesses():
        line = note.cosign(text, witness.public, witness.secret, int(at.timestamp()))
        LogCosignature.objects.create(checkpoint=row, witness=witness.public.name, line=line, at=at)
    return row


def _checked_root(ours: PublicLog, hashes: list[bytes]) -> bytes:
    tree = Accumulator()
    tree.add([entry.data for entry in ours.entries()])
    root = root_of_hashes(hashes)
    latest = LogCheckpoint.objects.order_by("-size").first()
    if tree.root() != root:
        raise Refused("draws.log_damaged", index=len(hashes))
    if latest is not None:
        seen = log.read_checkpoint(latest.note.encode(), "")
        proof = consistency_proof(hashes, seen.size)
        if seen.size > len(hashes) or not is_consistent(seen.size, len(hashes), proof, seen.root, root):
            raise Refused("draws.log_damaged", index=seen.size)
    return root


def cosign(data: bytes) -> list[LogCosignature]:
    """Keep what known witnesses gave back on a checkpoint; of one that is kept already, the first stays.

    data: the checkpoint's text with one or more signature lines. Only inside an operation.
    Raises Refused ``audit.note_invalid``, ``audit.checkpoint_unknown`` or ``audit.cosignature_invalid``.
    """
    try:
        given = log.read_checkpoint(data, "")
    except DrawError as error:
        raise Refused("audit.note_invalid") from error
    row = LogCheckpoint.objects.filter(size=given.size).first()
    if row is None or log.read_checkpoint(row.note.encode(), "").signed.text != given.signed.text:
        raise Refused("audit.checkpoint_unknown", size=given.size)
    found = [_cosignature(row, given.signed.text, line) for line in _lines(data)]
    rows = [one for one in found if one is not None]
    if not rows:
        raise Refused("audit.cosignature_invalid", size=given.size)
    for one in rows:
        LogCosignature.objects.get_or_create(
            checkpoint=row, witness=one.witness, defaults={"line": one.line, "at": one.at}
        )
    return list(row.cosignatures.all())


def _lines(data: bytes) -> list[str]:
    return data.decode().rpartition("\n\n")[2].splitlines(keepends=True)


def _cosignature(row: LogCheckpoint, text: str, line: str) -> LogCosignature | None:
    single = note.parse_note(note.write_note(text, [line]))
    key = next((key for key in keys.witnesses() if key.name == single.signatures[0].name), None)
    time = note.cosigned_at(single, key) if key else None
    if key is None or time is None:
        return None
    return LogCosignature(checkpoint=row, witness=key.name, line=line, at=datetime.fromtimestamp(time, UTC))
