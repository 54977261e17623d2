"""A seat is dealt again from a value that nobody could know when it was asked for (B.10)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from gongchou.accounts.models import User
from gongchou.audit.operations import Done, held, operation
from gongchou.draw.beacon import Beacon
from gongchou.draw.encoding import Document, dump_json
from gongchou.draw.log import Entry
from gongchou.draw.replace import deciding_round, request_of
from gongchou.draw.ticket import event_seed, inspector_prefix
from gongchou.draws import ledger, permissions, rules
from gongchou.draws.beacons import chain_of, check_beacon
from gongchou.draws.board import checked_board
from gongchou.draws.events import inspector_names
from gongchou.draws.ledger import PublicLog
from gongchou.draws.models import Batch, Reading, Seat, Substitution
from gongchou.draws.operations import telling
from gongchou.draws.operations.committing import keep, log_reading, params_in, reasons_of
from gongchou.draws.plainly import plainly
from gongchou.draws.queries.frames import drawn_together, lead_of
from gongchou.draws.queries.holders import holders_of, name_of, seats_of
from gongchou.draws.reasons import words
from gongchou.draws.requests import due_at_of, is_late
from gongchou.draws.states import BatchState
from gongchou.refusal import Refused
from gongchou.seen import check_unchanged

OF_SEAT = ("batch__department__region", "visit", "department", "inspector")
Chosen = tuple[str, int, str] | None  # inspector, load before, deck ticket


@operation("substitution.asked", "申请重抽席位")
def ask_substitution(
    *, seat: Seat, reason: str, note: str, by: User, at: datetime, issue: str = ""
) -> Done[Substitution]:
    """Log that a seat is to be dealt again; who it concerns stays hidden, and the round that decides lies ahead.

    seat: of a standing team any of its rows; another team takes all of them
    issue: of the lottery that decides, where it is one
    Raises Refused ``draws.seat_…``, ``draws.door_gone``, ``draws.reason_unknown``, ``draws.board_differs``.
    """
    [row] = _ask([seat], reason, note, issue, by, at)
    _tell_who_deals([row.seat], f"席位待重抽：{row.batch.code}", row.get_absolute_url(), by, at)
    return Done(row, {"event": row.event, "reason": words("substitute", reason), "note": note, "round": row.round})


@operation("substitution.all_asked", "申请补配全部空缺席位")
def ask_for_open_seats(
    *, seats: Sequence[Seat], note: str, by: User, at: datetime, issue: str = "", seen: str = ""
) -> Done[Batch]:
    """The same for each of some empty seats of a batch, one request and one entry of the log for each, or for none.

    seen: what the form had shown (``shown_seats``)
    Raises Refused as ``ask_substitution``, or ``draws.no_open_seats``, ``web.changed_meanwhile``.
    """
    check_unchanged(seen, shown_seats(seats))
    if not seats:
        raise Refused("draws.no_open_seats")
    rows = _ask(seats, "unfilled", note, issue, by, at)
    batch, events = rows[0].batch, [row.event for row in rows]
    title = f"{len(rows)} 个空缺席位待补配：{batch.code}"
    _tell_who_deals([row.seat for row in rows], title, reverse("draws:substitutions", args=[batch.pk]), by, at)
    told = {"reason": words("substitute", "unfilled"), "note": note, "round": rows[0].round}
    return Done(batch, {"events": events, **told})


def shown_seats(seats: Sequence[Seat]) -> dict[str, str]:
    """What a form shows of them."""
    return {"空缺的席位": " ".join(sorted(str(seat.pk) for seat in seats))}


def _ask(seats: Sequence[Seat], reason: str, note: str, issue: str, by: User, at: datetime) -> list[Substitution]:
    """One request for each, all signed at once: the same round decides them, each by its own event."""
    held(seats[0].batch)
    seats = [held(_first(seat), *OF_SEAT) for seat in seats]
    batch = seats[0].batch
    for seat in seats:
        permissions.check_can_ask_substitution(by, seat)
        rules.check_seat_reason(seat, reason)
    rules.check_reason(reason, reasons_of(drawn_together(batch)[0], "substitute"))
    source = _source(batch, issue)
    checked_board(batch)  # a request that does not fit the board would spoil the evidence for good
    with plainly():
        rows = [_request(seat, reason, note, source, by, at) for seat in seats]
        ledger.sign(at)
    return rows


def _request(seat: Seat, reason: str, note: str, source: Document, by: User, at: datetime) -> Substitution:
    nonce = secrets.token_hex(32)
    entry = _log_request(seat, reason, nonce, source, at)
    told = {"reason": reason, "note": note, "nonce": nonce, "source": source, "round": _round(source, entry)}
    return Substitution.objects.create(batch=seat.batch, seat=seat, event=entry.index, asked_at=at, asked_by=by, **told)


def _first(seat: Seat) -> Seat:
    """Of a standing team its first row, whoever of it was named: a team is dealt again as a whole."""
    same = {"visit": seat.visit_id, "number": seat.number, "seated_at": seat.seated_at}
    return Seat.objects.filter(**same).order_by("member").first() or seat


def _source(batch: Batch, issue: str) -> Document:
    """The later source that was committed to; a lottery's with the issue that decides."""
    source: Document = params_in(batch)["replacement"]["inspectors"]
    if source["type"] != "lottery":
        return source
    latest = max(map(int, _issues_that_came(batch)))
    if not re.fullmatch("[0-9]{1,20}", issue) or int(issue) <= latest:
        raise Refused("draws.issue_missing", latest=latest)
    return source | {"issue": issue}


def _issues_that_came(batch: Batch) -> list[str]:
    """Whoever asks for one of these knows already what it shows."""
    return [batch.last["issue"], *(one.source["issue"] for one in batch.substitutions.exclude(dealt_at=None))]


def _log_request(seat: Seat, reason: str, nonce: str, source: Document, at: datetime) -> Entry:
    batch = seat.batch
    out = name_of(seat, inspector_names(batch))
    body = {
        "campaign": batch.code,
        "evidence": None,
        "reason": reason,
        "request": request_of(nonce, seat.visit.pid, seat.number, out),
        "second": None,
        "source": source,
    }
    return PublicLog().append("substitute", body, authority=lead_of(batch).code, at=at)


def _round(source: Document, entry: Entry) -> int | None:
    return deciding_round(chain_of(source), entry) if source["type"] == "drand" else None


@operation("substitution.read", "录入重抽读数")
def read_for(*, substitution: Substitution, value: str, by: User, at: datetime) -> Done[Reading]:
    """Type what dice or a lottery showed for a request; a second person confirms it (``confirm_reading``).

    Each typing stays in the public log, so that nobody can type until it suits.

    Raises Refused ``draws.reading``, ``draws.event_read_already``, ``draws.event_not_read``.
    """
    substitution = _held(substitution)
    permissions.check_can_deal(by, substitution)
    if substitution.source["type"] == "drand":
        raise Refused("draws.event_not_read", event=substitution.event)
    rules.check_reading(substitution.source, value)
    if substitution.readings.filter(voided_at=None).exists():
        raise Refused("draws.event_read_already", event=substitution.event)
    told = {"number": 0, "value": value, "read_at": at, "read_by": by}
    row = Reading.objects.create(batch=substitution.batch, substitution=substitution, **told)
    log_reading(row, at)
    return Done(row, {"event": substitution.event, "value": value})


@operation("substitution.dealt", "重抽席位")
def deal_again(*, substitution: Substitution, beacon: Beacon | None, by: User, at: datetime) -> Done[Substitution]:
    """Deal the seat of a request with the value that has come since; a request that came too late is void.

    beacon: the signed round; where dice or a lottery decide, two people have read them (``read_for``)
    Raises Refused ``draws.dealt_already``, ``draws.not_next``, ``draws.request_unseen``, ``draws.round_early``,
    ``draws.beacon_…``, ``draws.event_unread``, ``draws.board_differs``.
    """
    substitution = _held(substitution)
    permissions.check_can_deal(by, substitution)
    substitution.is_void = is_late(substitution)
    if not substitution.is_void:
        value = _value(substitution, beacon, at)
        with plainly():
            chosen = _deal(substitution, value)
        substitution.into = _seat_anew(substitution, chosen, at)
    substitution.dealt_at, substitution.dealt_by = at, by
    substitution.save()
    _tell_who_changed(substitution, by, at)
    return Done(substitution, {"event": substitution.event, "decision": _told(substitution)})


def _held(substitution: Substitution) -> Substitution:
    held(substitution.batch)
    return held(substitution, "batch__department__region", *(f"seat__{name}" for name in OF_SEAT))


def _tell_who_deals(seats: Sequence[Seat], title: str, link: str, by: User, at: datetime) -> None:
    """Those who keep the plans of the organiser and of the seats' departments; for each may deal."""
    batch = seats[0].batch
    departments = {batch.department, *(seat.department for seat in seats)}
    people = telling.keepers(sorted(departments, key=lambda one: one.code))
    telling.tell(people, title, batch, by=by, at=at, link=link)


def _tell_who_changed(row: Substitution, by: User, at: datetime) -> None:
    """Who asked; and once the teams are on their way, who goes and who need not go any more."""
    title = f"第{row.event}号重抽{_told(row)}"
    telling.tell([row.asked_by], title, row.batch, by=by, at=at, link=row.get_absolute_url())
    if row.into is None or row.batch.state != BatchState.DISPATCHED:
        return
    link = reverse("draws:my-visits")
    for seat, words_ in ((row.seat, "不再由您检查"), (row.into, "补派您检查")):
        title = f"{words_}：{seat.visit.subject.name}"
        telling.tell(_accounts_on(seat), title, row.batch, by=by, at=at, link=link)


def _accounts_on(seat: Seat) -> list[User]:
    """Of who was dealt to it, all of a team."""
    same = {"visit": seat.visit_id, "number": seat.number, "seated_at": seat.seated_at}
    rows = Seat.objects.filter(**same, inspector__user__isnull=False).select_related("inspector__user")
    return [row.inspector.user for row in rows if row.inspector and row.inspector.user]


def _told(substitution: Substitution) -> str:
    if substitution.into is None:
        return "逾时无效"
    return "已补上" if substitution.into.inspector_id else "无人可补，席位空缺"


def _value(substitution: Substitution, beacon: Beacon | None, at: datetime) -> str:
    """The value of the later source, which is kept as evidence."""
    event, batch = substitution.event, substitution.batch
    if substitution.round is None:
        value = _reading(substitution)
        keep(batch, {f"sources/event-{event}.txt": f"{value}\n".encode()}, at)
        return value
    due = due_at_of(substitution)
    if due is not None and at < due:
        shown = f"{timezone.localtime(due):%Y-%m-%d %H:%M:%S}"
        raise Refused("draws.round_early", event=event, round=substitution.round, due=shown)
    if beacon is None:
        raise Refused("draws.beacon_needed")
    check_beacon(beacon, {"chain": substitution.source["chain"], "round": substitution.round})
    keep(batch, {f"sources/event-{event}.json": dump_json(beacon.document())}, at)
    return beacon.signature


def _reading(substitution: Substitution) -> str:
    row = substitution.readings.filter(voided_at=None).first()
    if row is None or row.confirmed_at is None:
        raise Refused("draws.event_unread", event=substitution.event)
    return row.value


def _deal(substitution: Substitution, value: str) -> Chosen:
    batch, seat = substitution.batch, substitution.seat
    shared = params_in(batch)
    told = {"mode": shared["mode"], "suite": shared["suite"]}
    prefix = inspector_prefix(event_seed(batch.seed, substitution.event, value, **told), **told)
    out = name_of(seat, inspector_names(batch))
    board = checked_board(batch)
    return board.deal_again(seat.visit.pid, seat.number, out, prefix=prefix, suite=shared["suite"])


def _seat_anew(substitution: Substitution, chosen: Chosen, at: datetime) -> Seat:
    """The old rows end, others say who sits there now, or that nobody fits. At a door that is visited no more both
    are over already; the protocol still deals, so that no request is without its row. The first of a team is returned.
    """
    old = substitution.seat
    ended_at, event = (at if old.ended_at else None), old.event
    if old.ended_at is None:
        slot = Seat.objects.filter(visit=old.visit, number=old.number, ended_at=None)
        slot.update(ended_at=at, event=substitution.event)
    name, load, deck = chosen or ("", 0, "")
    anew = Seat(
        batch=old.batch,
        visit=old.visit,
        number=old.number,
        department=old.department,
        wanted=old.wanted,
        load=load,
        deck=deck,
        kind="substitute" if chosen else "unfilled",
        seated_at=at,
        ended_at=ended_at,
        event=event,
    )
    return Seat.objects.bulk_create(seats_of(anew, holders_of(old.batch)[name] if chosen else ()))[0]
