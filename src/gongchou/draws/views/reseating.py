"""Pages of 席位重抽: which seats there are, what was asked for, the round it waits for, who came instead."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongchou.accounts.requests import SignedInRequest
from gongchou.draws import forms, permissions, reasons, redealing
from gongchou.draws.forms.afterwards import FillForm, ReseatForm
from gongchou.draws.models import Batch, Reading, Seat, Substitution, Visit
from gongchou.draws.nobody import why_nobody
from gongchou.draws.operations import substitutions as operations
from gongchou.draws.operations.committing import params_in, reasons_of
from gongchou.draws.queries import afterwards as queries
from gongchou.draws.queries.batches import visible
from gongchou.draws.queries.frames import drawn_together
from gongchou.draws.queries.results import waiting_requests
from gongchou.draws.queries.sources import later_words, source_words
from gongchou.draws.redealing import Dealt, beacon_of
from gongchou.draws.requests import due_at_of, stage_of
from gongchou.draws.rules import wanted_of
from gongchou.draws.states import RequestStage
from gongchou.draws.tables import afterwards as tables
from gongchou.draws.views.batches import batch_of, reads, works
from gongchou.draws.views.day import OfBatch
from gongchou.refusal import Refused, allowed, sentence
from gongchou.web.buttons import why_not
from gongchou.web.forms import form_page, seen_by

MOST_AT_ONCE = 100  # requests of one page


@reads
class SeatList(OfBatch):
    """席位."""

    title = "席位"
    table_class = tables.BatchSeatTable
    filter_class = tables.BatchSeatFilter
    template_name = "draws/seats.html"

    def rows(self) -> QuerySet[Seat]:
        """Held, open, given up."""
        is_organiser, own = queries.may_speak_for(self.by, self.batch)
        self.request.may_reseat = lambda department: is_organiser or department in own  # type: ignore[attr-defined]
        return queries.seats_in(self.batch, timezone.localdate()).prefetch_related("substitutions")

    def more(self) -> dict[str, Any]:
        """How many should be dealt again, and how many she may ask for that were never dealt."""
        is_organiser, own = queries.may_speak_for(self.by, self.batch)
        undealt = queries.undealt_seats(self.batch)
        mine = undealt if is_organiser else undealt.filter(department__in=own)
        n_recused = queries.recused_seats(self.batch, timezone.localdate()).count()
        return {**super().more(), "n_recused": n_recused, "n_undealt": mine.count()}


@reads
class RequestList(OfBatch):
    """席位重抽."""

    title = "席位重抽"
    table_class = tables.RequestTable
    filter_class = tables.RequestFilter
    template_name = "draws/requests.html"

    def rows(self) -> QuerySet[Substitution]:
        """Asked for, dealt, void."""
        self.request.first = waiting_requests(self.batch).first()  # type: ignore[attr-defined]
        return queries.requests_in(self.batch)

    def more(self) -> dict[str, Any]:
        """Which one comes first."""
        first: Substitution | None = self.request.first  # type: ignore[attr-defined]
        may_deal = first is not None and allowed(permissions.check_speaks_for_seat, self.by, first.seat)
        return {**super().more(), "first": first, "may_deal": may_deal}


def _seat(request: SignedInRequest, pk: UUID) -> Seat:
    rows = Seat.objects.select_related("batch__department", "visit__subject", "department", "inspector", "team")
    return get_object_or_404(rows, pk=pk, batch__in=visible(request.user))


@works
def reseat(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """申请重抽 of a seat, or 补配 of an empty one."""
    seat = _seat(request, pk)
    if request.method == "GET":
        permissions.check_can_ask_substitution(request.user, seat)
    listed, source = _promised(seat.batch)
    is_recused = queries.recused_seats(seat.batch, timezone.localdate()).filter(pk=seat.pk).exists()
    first = "recusal" if is_recused else "" if seat.inspector_id else "unfilled"
    own: dict[str, Any] = {"seat": seat, "reasons": listed, "by_lottery": source.get("type") == "lottery"}
    form = ReseatForm(request.POST or None, initial={"reason": first}, **own)

    def act(values: dict[str, Any]) -> Substitution:
        return operations.ask_substitution(seat=seat, **values, by=request.user, at=timezone.now())

    told: dict[str, Any] = {
        "title": f"{'申请重抽' if seat.inspector_id else '补配'}：{seat.visit.subject.name} 席位 {seat.number}",
        "done": "已提出，并写入公开日志。由谁补上，由此后产生的随机数决定。",
        "button": "提出重抽",
        "back": f"{seat.batch.get_absolute_url()}seats/",
    }
    more: dict[str, Any] = {"seat": seat, "source": later_words(source) if source else ""}
    return form_page(request, form, act, template="draws/reseat.html", **told, **more)


def _promised(batch: Batch) -> tuple[dict[str, str], dict[str, Any]]:
    """The reasons and the later source that were committed to; nothing before there is a commitment."""
    if batch.drawn_at is None:
        return {}, {}
    source = dict(params_in(batch)["replacement"]["inspectors"])
    words = {"issue": "以后一"} if source["type"] == "lottery" else {}
    return dict(reasons_of(drawn_together(batch)[0], "substitute")), source | words


def _request(request: SignedInRequest, pk: UUID) -> Substitution:
    named = (
        "batch__department",
        "seat__visit__subject",
        "seat__department",
        "seat__inspector",
        "seat__team",
        "into__inspector",
    )
    rows = Substitution.objects.select_related(*named, "into__team", "asked_by", "dealt_by")
    return get_object_or_404(rows, pk=pk, batch__in=visible(request.user))


@reads
@require_safe
def substitution(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One request: what it waits for, what came out, and where nobody came, why."""
    row, by, at = _request(request, pk), request.user, timezone.now()
    stage = stage_of(row, at)
    may_deal = allowed(permissions.check_speaks_for_seat, by, row.seat)
    reading = row.readings.filter(voided_at=None).select_related("read_by", "batch").first()
    context = {
        "title": f"第 {row.event} 号重抽",
        "row": row,
        "batch": row.batch,
        "stage": stage,
        "reason": reasons.words("substitute", row.reason),
        "source": source_words({**row.source, "round": row.round} if row.round else row.source),
        "due": due_at_of(row),
        "now": at,
        "first": waiting_requests(row.batch).first() if stage == RequestStage.QUEUED else None,
        "may_deal": may_deal and stage in (RequestStage.READY, RequestStage.LATE),
        "may_read": may_deal and stage == RequestStage.UNREAD,
        "reading": reading,
        **_buttons_of(reading, request),
        "nobody": why_nobody(row) if stage == RequestStage.OPEN else [],
        "may_ask_again": stage in (RequestStage.OPEN, RequestStage.VOID) and may_deal,
        "again": row.into or row.seat,
    }
    return render(request, "draws/substitution.html", context)


def _buttons_of(reading: Reading | None, request: SignedInRequest) -> dict[str, Any]:
    if reading is None or reading.confirmed_at is not None:
        return {}
    by = request.user
    return {
        "may_void": allowed(permissions.check_can_void, by, reading),
        "why_not_confirm": why_not(lambda: permissions.check_can_confirm(by, reading)),
        "is_unconfirmed": True,
    }


@works
def read_for(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """录入读数 of the dice or the lottery that decides."""
    row = _request(request, pk)
    if request.method == "GET":
        permissions.check_can_deal(request.user, row)
    form = forms.ReadingForm(request.POST or None, wanted=wanted_of(row.source))

    def act(values: dict[str, Any]) -> Substitution:
        operations.read_for(substitution=row, value=values["value"], by=request.user, at=timezone.now())
        return row

    told: dict[str, Any] = {
        "title": f"录入读数：第 {row.event} 号重抽，{source_words(row.source)}",
        "done": "读数已录入，并写入公开日志。请由另一人核对。",
        "button": "录入",
    }
    return form_page(request, form, act, back=row.get_absolute_url(), **told)


@works
def deal(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """抽取: the round is fetched or carried in; dice and lotteries were read by two people."""
    row = _request(request, pk)
    if request.method == "GET":
        permissions.check_can_deal(request.user, row)
    form = forms.BeaconForm(request.POST or None, request.FILES or None)
    has_beacon = row.round is not None
    if not has_beacon:
        del form.fields["file"]

    def act(values: dict[str, Any]) -> Substitution:
        at = timezone.now()
        needs = has_beacon and stage_of(row, at) == RequestStage.READY
        beacon = beacon_of(row, values.get("file")) if needs else None
        operations.deal_again(substitution=row, beacon=beacon, by=request.user, at=at)
        return row

    told: dict[str, Any] = {"title": f"抽取：第 {row.event} 号重抽", "done": "已办结，结果见下。", "button": "抽取"}
    more: dict[str, Any] = {"row": row, "has_beacon": has_beacon, "due": due_at_of(row)}
    return form_page(request, form, act, template="draws/deal.html", back=row.get_absolute_url(), **told, **more)


# All at once --------------------------------------------------------------------------------------


@works
def fill_door(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """全部补配 of the empty seats of one object."""
    doors = Visit.objects.select_related("batch__department", "subject")
    door = get_object_or_404(doors, pk=pk, batch__in=visible(request.user))
    rows = queries.empty_seats(door.batch).filter(visit=door)
    return _fill(request, door.batch, rows, f"全部补配：{door.subject.name}")


@works
def fill(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """全部补配 of the seats of a batch that nobody was ever dealt to."""
    batch = batch_of(request, pk)
    return _fill(request, batch, queries.undealt_seats(batch), "全部补配")


def _fill(request: SignedInRequest, batch: Batch, rows: QuerySet[Seat], title: str) -> HttpResponse:
    is_organiser, own = queries.may_speak_for(request.user, batch)
    mine = rows if is_organiser else rows.filter(department__in=own)
    seats = list(mine[:MOST_AT_ONCE])
    if request.method == "GET" and not seats:
        raise Refused("draws.no_open_seats")
    _, source = _promised(batch)
    form = FillForm(request.POST or None, by_lottery=source.get("type") == "lottery")

    def act(values: dict[str, Any]) -> str:
        told = {"seats": seats, **values, "seen": seen_by(request), "by": request.user, "at": timezone.now()}
        operations.ask_for_open_seats(**told)
        return reverse("draws:substitutions", args=[batch.pk])

    told: dict[str, Any] = {
        "title": title,
        "done": f"已提出 {len(seats)} 个申请，并写入公开日志。由谁补上，由此后产生的随机数决定。",
        "button": f"提出全部 {len(seats)} 个申请",
        "back": reverse("draws:seats", args=[batch.pk]),
        "shown": operations.shown_seats(seats),
    }
    more: dict[str, Any] = {"batch": batch, "seats": seats, "source": later_words(source) if source else ""}
    more |= {"n_more": mine.count() - len(seats), "n_others": rows.count() - mine.count()}
    return form_page(request, form, act, template="draws/fill.html", **told, **more)


@works
def deal_all(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """全部派定: those whose value has come, in the order of the log."""
    batch = batch_of(request, pk)
    first = waiting_requests(batch).first()
    if first is None:
        raise Refused("draws.nothing_waits")
    if request.method == "GET":
        permissions.check_speaks_for_seat(request.user, first.seat)
    form = forms.BeaconForm(request.POST or None, request.FILES or None)
    if first.round is None:
        del form.fields["file"]

    def act(values: dict[str, Any]) -> str:
        dealt = redealing.deal_all(batch, values.get("file"), by=request.user, now=timezone.now)
        if dealt.why and not dealt.rows:
            raise dealt.why
        _tell_how_far(request, dealt)
        return reverse("draws:substitutions", args=[batch.pk])

    told: dict[str, Any] = {"title": "全部派定", "done": "已按提出的先后办理。", "button": "全部派定"}
    more: dict[str, Any] = {"batch": batch, "first": first, "n_waiting": waiting_requests(batch).count()}
    more |= {"due": due_at_of(first), "has_beacon": first.round is not None}
    back = reverse("draws:substitutions", args=[batch.pk])
    return form_page(request, form, act, template="draws/deal_all.html", back=back, **told, **more)


def _tell_how_far(request: SignedInRequest, dealt: Dealt) -> None:
    n_filled = sum(1 for row in dealt.rows if row.into and row.into.inspector_id)
    messages.info(request, f"办结 {len(dealt.rows)} 个，其中补上 {n_filled} 个。")
    if dealt.why and dealt.next:
        words = f"到第 {dealt.next.event} 号停下，还有 {dealt.n_left} 个没有办：{sentence(dealt.why)}"
        messages.warning(request, words)
    elif dealt.n_left:
        messages.warning(request, f"还有 {dealt.n_left} 个没有办，请再点一次“全部派定”继续。")
