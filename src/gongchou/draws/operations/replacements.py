"""An object that is objectively void gives its place to the next of the reserve, strictly in order (B.10)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import uuid4

from gongchou.accounts.models import Department, User
from gongchou.audit.operations import Done, held, operation
from gongchou.draw.errors import RuleError
from gongchou.draw.replace import Replacement as Row
from gongchou.draw.replace import replacement_body
from gongchou.draw.roster import SlotGroup
from gongchou.draws import ledger, permissions, rules, store
from gongchou.draws.board import checked_board, let_in, sample_of
from gongchou.draws.ledger import PublicLog
from gongchou.draws.models import Batch, Evidence, Hit, Replacement, Seat, Visit
from gongchou.draws.operations import telling
from gongchou.draws.operations.committing import reasons_of
from gongchou.draws.plainly import plainly
from gongchou.draws.queries.batches import AUDITOR
from gongchou.draws.queries.results import current_seats, standing
from gongchou.draws.reasons import words
from gongchou.draws.states import BatchState
from gongchou.refusal import Refused

Place = Hit.Place
OF_HIT = ("batch__department__region", "draw__batch", "draw__task__department__region", "stratum", "subject")


@operation("replacement.asked", "提出对象替换")
def ask_replacement(*, hit: Hit, reason: str, note: str, evidence: bytes, by: User, at: datetime) -> Done[Replacement]:
    """Ask for an object to be replaced, with what proves that it is void; another person decides.

    evidence: the bytes of a file; it is kept, and its digest goes into the public log
    Raises Refused ``draws.not_in_sample``, ``draws.replacement_asked``, ``draws.reserve_used_up``, ``draws.proof_…``.
    """
    held(hit.batch)
    hit = held(hit, *OF_HIT)
    permissions.check_can_ask_replacement(by, hit)
    rules.check_reason(reason, reasons_of(hit.draw, "replace"))
    rules.check_proof(evidence)
    told = {"reason": reason, "note": note, "evidence": _keep_proof(hit.batch, evidence, at)}
    row = Replacement.objects.create(batch=hit.batch, draw=hit.draw, out=hit, asked_at=at, asked_by=by, **told)
    _tell(telling.deciders(hit.draw.task.department), "对象替换待同意", row, by, at)
    return Done(row, {"rank": hit.rank, "reason": words("replace", reason), "note": note, "digest": row.evidence})


def _keep_proof(batch: Batch, data: bytes, at: datetime) -> str:
    """One file may support several replacements."""
    kept = store.keep(data)
    told = {"sha256": kept.sha256, "size": kept.size, "kept_at": at}
    Evidence.objects.get_or_create(batch=batch, path=f"{AUDITOR}proofs/{kept.sha256}", defaults=told)
    return kept.sha256


@operation("replacement.approved", "同意对象替换")
def approve_replacement(*, replacement: Replacement, by: User, at: datetime) -> Done[Replacement]:
    """A second person agrees: the next of the reserve comes in, with open seats where people are matched.

    Raises Refused ``draws.same_replacer``, ``draws.reserve_used_up``, ``draws.board_differs``, ``draws.file_…``.
    """
    replacement = _held(replacement)
    permissions.check_can_approve_replacement(by, replacement)
    store.read(replacement.evidence)  # what is logged must be there for whoever asks later
    into = _next_hit(replacement)
    batch, draw = replacement.batch, replacement.draw
    opened = let_in(checked_board(batch), draw, into.pid) if batch.has_match else []
    row = Row(0, into.stratum.code, replacement.out.pid, into.pid, into.rank, replacement.reason, replacement.evidence)
    body = replacement_body(row, campaign=batch.code, draw=draw.code, second=ledger.second_id(by))
    with plainly():
        entry = PublicLog().append("replace", body, authority=draw.task.department.code, at=at)
        ledger.sign(at)
    _go_out(replacement.out, entry.index, at)
    came = _come_in(into, opened, at)
    replacement.into, replacement.event = into, entry.index
    replacement.approved_at, replacement.approved_by = at, by
    replacement.save()
    _tell([replacement.asked_by], "对象替换已同意", replacement, by, at)
    if came is not None and batch.state == BatchState.DISPATCHED:
        _tell_where_it_came(came, by, at)
    return Done(replacement, {"rank": into.rank, "reason": words("replace", replacement.reason), "event": entry.index})


@operation("replacement.refused", "不同意对象替换")
def refuse_replacement(*, replacement: Replacement, reason: str, by: User, at: datetime) -> Done[Replacement]:
    """The object stays. Who asked may take it back in this way too. Raises Refused ``draws.replacement_answered``."""
    replacement = _held(replacement)
    permissions.check_can_refuse_replacement(by, replacement)
    replacement.refused_at, replacement.refused_by, replacement.answer = at, by, reason
    replacement.save()
    _tell([replacement.asked_by], "对象替换未同意", replacement, by, at)
    return Done(replacement, {"rank": replacement.out.rank, "told": reason})


def _tell(people: Iterable[User], words_: str, row: Replacement, by: User, at: datetime) -> None:
    telling.tell(people, f"{words_}：{row.draw.code}", row.batch, by=by, at=at, link=row.get_absolute_url())


def _tell_where_it_came(visit: Visit, by: User, at: datetime) -> None:
    """The others were told when the batch was dispatched: now the unit of this door, and who sits there again."""
    name = visit.subject.name
    telling.tell_carriers([visit.subject.keeper], f"递补派发：{name}", visit.batch, by=by, at=at)
    telling.tell_seated(Visit.objects.filter(pk=visit.pk), f"派您检查：{name}", visit.batch, by=by, at=at)


def _held(replacement: Replacement) -> Replacement:
    held(replacement.batch)
    return held(
        replacement, "asked_by", *(f"out__{name}" for name in OF_HIT), "draw__task__department__region", "draw__batch"
    )


def _next_hit(replacement: Replacement) -> Hit:
    """The next of the reserve as the kept files have it, and as the rows must have it too."""
    out, draw = replacement.out, replacement.draw
    sample = sample_of(draw)
    try:
        following = sample.next_of(out.stratum.code)
    except RuleError as error:
        raise Refused("draws.reserve_used_up", stratum=out.stratum.label) from error
    told = {"rank": following.rank, "pid": following.object_id, "place": Place.RESERVE}
    into = out.stratum.hits.filter(**told).select_related("stratum", "subject", "batch").first()
    if into is None or out.pid not in sample.present[out.stratum.code]:
        raise Refused("draws.result_differs", rank=following.rank)
    return into


def _go_out(hit: Hit, event: int, at: datetime) -> None:
    """The object stays on the list; its people are free, unless another draw still sends them there."""
    hit.place = Place.REPLACED
    hit.save(update_fields=["place"])
    visits = Visit.objects.filter(batch=hit.batch, subject=hit.subject)
    for visit in visits.exclude(pk__in=standing(visits)):
        visit.seats.filter(ended_at=None).update(ended_at=at, event=event)


def _come_in(hit: Hit, opened: list[tuple[int, SlotGroup]], at: datetime) -> Visit | None:
    """Return the door where nobody went so far; None where another draw of the batch sends people there already."""
    batch = hit.batch
    visit = Visit.objects.filter(batch=batch, subject=hit.subject).first()
    stood = visit is not None and standing(Visit.objects.filter(pk=visit.pk)).exists()
    if visit is None:
        visit = Visit.objects.create(batch=batch, subject=hit.subject, pid=hit.pid)
    elif not stood:
        _seat_again(visit, at)
    hit.place = Place.CAME_IN
    hit.save(update_fields=["place"])
    if batch.state == BatchState.DISPATCHED:
        visit.unit = hit.subject.keeper
        visit.save(update_fields=["unit"])
    _open_seats(visit, opened, at)
    return None if stood else visit


def _seat_again(visit: Visit, at: datetime) -> None:
    """An object that one draw dropped comes back by another: who sat there sits there again (B.10 changes no loads)."""
    for seat in current_seats(visit.batch):
        if seat.visit_id == visit.pk and seat.ended_at is not None:
            waiting = list(seat.substitutions.filter(dealt_at=None))
            seat.pk, seat.seated_at, seat.ended_at, seat.event = uuid4(), at, None, None
            seat.save(force_insert=True)
            for one in waiting:
                one.seat = seat
                one.save(update_fields=["seat"])


def _open_seats(visit: Visit, opened: list[tuple[int, SlotGroup]], at: datetime) -> None:
    """Nobody is dealt to them yet: that takes a later value, as for every seat that is empty."""
    departments = dict(Department.objects.values_list("code", "pk"))
    Seat.objects.bulk_create(
        Seat(
            batch=visit.batch,
            visit=visit,
            number=number,
            department_id=departments[group.department or visit.batch.department.code],
            wanted=",".join(group.skills),
            kind="unfilled",
            seated_at=at,
        )
        for number, group in opened
    )
