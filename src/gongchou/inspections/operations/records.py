"""A record comes in, the next revision of one, what an office says of several."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from gongchou.accounts.models import User
from gongchou.audit.operations import Done, held, operation
from gongchou.draw.encoding import dump_json
from gongchou.draws.models import Visit
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
from gongchou.inspections.queries.parts import Part, parts_of
from gongchou.inspections.queries.records import latest_of
from gongchou.inspections.queries.visits import departments_seated
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
def submit(*, instance: UUID, visit: Visit, sent: Sent, by: User, at: datetime) -> Done[Revision]:
    """Take a record, or the next revision of one. What was there is never changed by it.

    That the same record comes once only is held by the database: whoever sends it beside us gets IntegrityError.

    Raises Refused ``inspections.not_yours``, ``inspections.sheet_unknown``, ``inspections.base_old``,
    ``inspections.state``; Unfit.
    """
    record = sent.record
    part = _part(visit, record.department)
    permissions.check_can_record(by, visit, part.department)
    sheet = _sheet(record.sheet)
    rules.check_record(record, part, sheet)
    row = _instance(instance, visit, part, base=record.base, by=by, at=at)
    inspection = held(row.inspection, "department__region")
    if row.standing == Standing.HELD:
        rules.check_may_become(inspection, ResultState.IN_REVIEW)
    revision = _revise(row, sheet, sent, by=by, at=at)
    _write(revision, record)
    if row.standing == Standing.HELD:
        count(inspection, revision, record)
    facts = {"revision": revision.number, "digest": sent.digest, "standing": row.standing, "outcome": record.outcome}
    return Done(revision, facts | {"items": len(record.results), "files": len(record.attachments)})


def _part(visit: Visit, department: UUID) -> Part:
    found = next((one for one in parts_of([visit])[visit.pk] if one.department.pk == department), None)
    if found is None:
        raise Refused("inspections.not_yours")
    return found


def _sheet(digest: str) -> Worksheet:
    found = Worksheet.objects.filter(digest=digest).first()
    if found is None:
        raise Refused("inspections.sheet_unknown")
    return found


def _instance(key: UUID, visit: Visit, part: Part, *, base: int, by: User, at: datetime) -> Instance:
    """A new record, or the one that this revises. The first of a part counts, others stand beside it."""
    if base:
        return _known(key, visit, part, base)
    inspection, is_new = Inspection.objects.get_or_create(
        visit=visit, department=part.department, defaults={"opened_at": at}
    )
    standing = Standing.HELD if is_new or held(inspection).head_id is None else Standing.BESIDE
    if part.department.pk not in departments_seated(by, visit.pk):
        standing = Standing.QUARANTINED
    return Instance.objects.create(id=key, inspection=inspection, standing=standing, created_by=by, created_at=at)


def _known(key: UUID, visit: Visit, part: Part, base: int) -> Instance:
    row = Instance.objects.filter(pk=key, inspection__visit=visit, inspection__department=part.department).first()
    if row is None:
        raise Refused("inspections.base_unknown")
    row = held(row, "inspection")
    latest = latest_of(key)
    if latest is None or latest.number != base:
        raise Refused("inspections.base_old", number=latest.number if latest else 0)
    return row


def _revise(row: Instance, sheet: Worksheet, sent: Sent, *, by: User, at: datetime) -> Revision:
    claimed_at, offset_s = offset_of(sent.claimed, at)
    number = sent.record.base + 1
    return Revision.objects.create(
        inspection_id=row.inspection_id,
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
    same = {"inspection_id": revision.inspection_id, "revision": revision}
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


def _exhibits(same: dict[str, object], record: Record) -> Iterable[Exhibit]:
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
    due = Deadlines().after(inspection.department, timezone.localdate(record.left_at))
    if due is not None:
        inspection.due_on, inspection.is_due_provisional = due.on, due.is_provisional
    inspection.save()
