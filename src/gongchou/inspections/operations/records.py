"""A record comes in, the next revision of one, what an office says of several."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from gongchou.accounts.models import User
from gongchou.audit.operations import Done, operation
from gongchou.draw.encoding import dump_json
from gongchou.inspections import permissions, rules
from gongchou.inspections.models import (
    Exhibit,
    Inspection,
    Instance,
    Result,
    ResultMeasure,
    ResultWord,
    Revision,
    Worksheet,
)
from gongchou.inspections.payload import Record, offset_of
from gongchou.inspections.queries.deadlines import Deadlines
from gongchou.inspections.queries.parts import codes_of_items
from gongchou.inspections.queries.records import latest_of
from gongchou.inspections.states import STAGES_OF, Outcome, ResultState, Stage, Standing
from gongchou.refusal import Refused


@dataclass(frozen=True)
class Sent:
    """What came: the record, the bytes it was read from, what the phone's clock said as it sent them."""

    record: Record
    body: bytes
    claimed: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes, in hex."""
        return hashlib.sha256(self.body).hexdigest()


@operation("inspection.recorded", "提交检查记录")
def submit(*, instance: UUID, sent: Sent, by: User, at: datetime) -> Done[Revision]:
    """Take a record, or the next revision of one. What was there is never changed by it.

    That the same record comes once only is held by the database: whoever sends it beside us gets IntegrityError.

    Raises Refused ``inspections.not_yours``, ``inspections.sheet_unknown``, ``inspections.base_old``,
    ``inspections.state``; Unfit.
    """
    record = sent.record
    is_seated = permissions.check_can_record(by, record.visit, record.department)
    sheet = _sheet(record.sheet)
    inspection = _inspection(record, at)
    rules.check_record(record, codes_of_items(inspection.visit, record.department), sheet)
    row = _known(instance, inspection, record.base) if record.base else None
    row = row or _begin(instance, inspection, is_seated=is_seated, by=by, at=at)
    if row.standing == Standing.HELD:
        rules.check_may_become(inspection, ResultState.IN_REVIEW)
    revision = _revise(row, sheet, sent, by=by, at=at)
    _write(revision, record)
    if row.standing == Standing.HELD:
        count(inspection, revision, record)
    facts = {"revision": revision.number, "digest": sent.digest, "standing": row.standing, "outcome": record.outcome}
    return Done(revision, facts | {"items": len(record.results), "files": len(record.attachments)})


def _sheet(digest: str) -> Worksheet:
    found = Worksheet.objects.filter(digest=digest).first()
    if found is None:
        raise Refused("inspections.sheet_unknown")
    return found


def _inspection(record: Record, at: datetime) -> Inspection:
    """The row, held; it is there since the dispatch but where a phone was faster than the clock."""
    key = {"visit_id": record.visit, "department_id": record.department}
    together = ("department__region", "visit__subject", "visit__batch")
    rows = Inspection.objects.select_for_update(of=("self",)).select_related(*together)
    found = rows.filter(**key).first()
    return found or rows.get(pk=Inspection.objects.get_or_create(**key, defaults={"opened_at": at})[0].pk)


def _begin(key: UUID, inspection: Inspection, *, is_seated: bool, by: User, at: datetime) -> Instance:
    """A new record: the first of an inspection counts, others stand beside it."""
    standing = Standing.HELD if inspection.head_id is None else Standing.BESIDE
    told = {"created_by": by, "created_at": at, "standing": standing if is_seated else Standing.QUARANTINED}
    return Instance.objects.create(id=key, inspection=inspection, **told)


def _known(key: UUID, inspection: Inspection, base: int) -> Instance:
    """The record that this revises."""
    row = Instance.objects.filter(pk=key, inspection=inspection).first()
    if row is None:
        raise Refused("inspections.base_unknown")
    row.inspection = inspection
    latest = latest_of(key)
    if latest is None or latest.number != base:
        raise Refused("inspections.base_old", number=latest.number if latest else 0)
    return row


def _revise(row: Instance, sheet: Worksheet, sent: Sent, *, by: User, at: datetime) -> Revision:
    claimed_at, offset_s = offset_of(sent.claimed, at)
    number = sent.record.base + 1
    return Revision.objects.create(
        inspection=row.inspection,
        instance=row,
        number=number,
        sheet=sheet,
        digest=sent.digest,
        body=sent.body.decode(),
        outcome=sent.record.outcome,
        receipt=_receipt(row, number, sent.digest, at),
        received_at=at,
        received_by=by,
        claimed_at=claimed_at,
        offset_s=offset_s,
    )


def _receipt(row: Instance, number: int, digest: str, at: datetime) -> str:
    """What is answered, now and whenever the same comes again."""
    told = {"digest": digest, "instance": str(row.pk), "received_at": at.isoformat(), "revision": number}
    return dump_json({**told, "state": row.standing}).decode()


def _write(revision: Revision, record: Record) -> None:
    same: dict[str, Any] = {"inspection": revision.inspection, "revision": revision}
    results = [
        Result(**same, item_id=one.item, is_checked=one.is_checked, problem=one.problem, handling=one.handling)
        for one in record.results
    ]
    Result.objects.bulk_create(results)
    pairs = list(zip(results, record.results, strict=True))
    ResultWord.objects.bulk_create(ResultWord(result=row, code=code) for row, one in pairs for code in {*one.codes})
    ResultMeasure.objects.bulk_create(
        ResultMeasure(result=row, code=code) for row, one in pairs for code in {*one.follow_ups}
    )
    Exhibit.objects.bulk_create(_exhibits(same, record))


def _exhibits(same: Mapping[str, Any], record: Record) -> Iterable[Exhibit]:
    for one in record.attachments:
        yield Exhibit(
            **same,
            sha256=one.sha256,
            size=one.size,
            kind=one.kind,
            question=one.question,
            caption=one.caption,
            taken_at=one.taken_at,
            latitude=one.lat,
            longitude=one.lon,
            accuracy_m=one.accuracy_m,
            original=one.original,
        )


def count(inspection: Inspection, revision: Revision, record: Record) -> None:
    """From now on this is what the inspection came to."""
    stage = STAGES_OF[Outcome(record.outcome)]
    is_signed = record.refusal is not None or any(one.role == "party" for one in record.signatures)
    inspection.stage = Stage.SIGNED if stage == Stage.RECORDED and is_signed else stage
    inspection.head, inspection.state = revision, ResultState.IN_REVIEW
    due = None if inspection.due_on else Deadlines().after(inspection.department, timezone.localdate(record.left_at))
    if due is not None:
        inspection.due_on, inspection.is_due_provisional = due.on, due.is_provisional
    inspection.save()
