"""Pages of 席位重抽: which seats there are, what was asked for, the round it waits for, who came instead."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongchou.accounts.requests import SignedInRequest
from gongchou.draw.beacon import Beacon
from gongchou.draws import beacons, forms, permissions, reasons
from gongchou.draws.forms.afterwards import ReseatForm
from gongchou.draws.models import Reading, Seat, Substitution
from gongchou.draws.nobody import why_nobody
from gongchou.draws.operations import substitutions as operations
from gongchou.draws.operations.committing import params_in, reasons_of
from gongchou.draws.queries import afterwards as queries
from gongchou.draws.queries.batches import source_words, visible
from gongchou.draws.queries.frames import drawn_together
from gongchou.draws.queries.results import waiting_requests
from gongchou.draws.requests import due_at_of, stage_of
from gongchou.draws.rules import wanted_of
from gongchou.draws.states import RequestStage
from gongchou.draws.tables import afterwards as tables
from gongchou.draws.views.batches import reads, works
from gongchou.draws.views.day import OfBatch
from gongchou.refusal import allowed
from gongchou.web.buttons import why_not
from gongchou.web.forms import form_page


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
        """How many should be dealt again."""
        return {**super().more(), "n_recused": queries.recused_seats(self.batch, timezone.localdate()).count()}


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
        return {**super().more(), "first": self.request.first}  # type: ignore[attr-defined]


def _seat(request: SignedInRequest, pk: UUID) -> Seat:
    rows = Seat.objects.select_related("batch__department", "visit__subject", "department", "inspector", "team")
    return get_object_or_404(rows, pk=pk, batch__in=visible(request.user))


@works
def reseat(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """申请重抽 of a seat, or 补配 of an empty one."""
    seat = _seat(request, pk)
    if request.method == "GET":
        permissions.check_can_ask_substitution(request.user, seat)
    listed, source = _promised(seat)
    is_recused = queries.recused_seats(seat.batch, timezone.localdate()).filter(pk=seat.pk).exists()
    first = "recusal" if is_recused else "" if seat.inspector_id else "unfilled"
    own: dict[str, Any] = {"seat": seat, "reasons": listed, "by_lottery": source.get("type") == "lottery"}
    form = ReseatForm(request.POST or None, initial={"reason": first}, **own)

    def act(values: dict[str, Any]) -> Substitution:
        return operations.ask_substitution(seat=seat, **values, by=request.user, at=timezone.now())

    told: dict[str, Any] = {
        "title": f"{'申请重抽' if seat.inspector_id else '补配'}：{seat.visit.subject.name} 席位 {seat.number}",
        "done": "已提出，并写入公开日志。决定由谁补上的随机数还没有产生。",
        "button": "提出重抽",
        "back": f"{seat.batch.get_absolute_url()}seats/",
    }
    more: dict[str, Any] = {"seat": seat, "source": source_words(source) if source else ""}
    return form_page(request, form, act, template="draws/reseat.html", **told, **more)


def _promised(seat: Seat) -> tuple[dict[str, str], dict[str, Any]]:
    """The reasons and the later source that were committed to; nothing before there is a commitment."""
    if seat.batch.drawn_at is None:
        return {}, {}
    source = dict(params_in(seat.batch)["replacement"]["inspectors"])
    words = {"issue": "以后一"} if source["type"] == "lottery" else {}
    return dict(reasons_of(drawn_together(seat.batch)[0], "substitute")), source | words


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
        "done": "读数已录入，请由另一人核对。",
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
        beacon = _beacon(row, values.get("file")) if needs else None
        operations.deal_again(substitution=row, beacon=beacon, by=request.user, at=at)
        return row

    told: dict[str, Any] = {"title": f"抽取：第 {row.event} 号重抽", "done": "已办结，结果见下。", "button": "抽取"}
    more: dict[str, Any] = {"row": row, "has_beacon": has_beacon, "due": due_at_of(row)}
    return form_page(request, form, act, template="draws/deal.html", back=row.get_absolute_url(), **told, **more)


def _beacon(row: Substitution, data: bytes | None) -> Beacon:
    source = {"chain": row.source["chain"], "round": row.round}
    return beacons.read_beacon(data, source) if data else beacons.fetch(source)
