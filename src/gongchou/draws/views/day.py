"""The day of the draw: dice, close, beacon, the draw itself, and what comes after it at once."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from gongchou.accounts.models import User
from gongchou.accounts.requests import SignedInRequest
from gongchou.draws import beacons, forms, permissions, rules, tables
from gongchou.draws.certificates import certificate_of
from gongchou.draws.models import Attendance, Batch, Hit, Reading, Substitution, Visit, Work
from gongchou.draws.operations import batches as operations
from gongchou.draws.operations import committing, results
from gongchou.draws.queries import batches as queries
from gongchou.draws.queries.frames import draws_of
from gongchou.draws.queries.seats import proofs_of
from gongchou.draws.queries.sources import source_words
from gongchou.draws.rules import wanted_of
from gongchou.draws.states import BatchState
from gongchou.draws.tables.afterwards import DoorTable, ObjectTable
from gongchou.draws.tasks import ask
from gongchou.draws.views.batches import act_at_once, batch_of, decides, keeps, reads, witnesses_for, works
from gongchou.refusal import Refused, allowed
from gongchou.web.access import signed_in
from gongchou.web.forms import form_page
from gongchou.web.lists import ListPage

MOST_AT_ONCE = 20_000  # doors that are handed out while somebody waits for the page


@works
def read_source(request: SignedInRequest, pk: UUID, number: int) -> HttpResponse:
    """录入读数."""
    shown = batch_of(request, pk)
    sources = shown.all_sources
    if not 1 <= number <= len(sources):
        raise Http404
    source = sources[number - 1]
    if source["type"] not in ("digits", "lottery"):  # of the others nobody reads anything off
        raise Http404
    form = forms.ReadingForm(request.POST or None, wanted=wanted_of(source))

    def act(values: dict[str, Any]) -> Batch:
        told = {"number": number, "value": values["value"]}
        committing.read_source(batch=shown, **told, by=request.user, at=timezone.now())
        return shown

    told: dict[str, Any] = {
        "title": f"录入读数：{source_words(source)}",
        "done": "读数已录入，并写入公开日志。请由另一人核对。",
        "button": "录入",
    }
    return form_page(request, form, act, back=shown.get_absolute_url(), **told)


def _reading(request: SignedInRequest, pk: UUID) -> Reading:
    return get_object_or_404(Reading, pk=pk, batch__in=queries.visible(request.user))


@works
@require_POST
def confirm_reading(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """核对读数."""
    row = _reading(request, pk)
    act = partial(committing.confirm_reading, reading=row, by=request.user, at=timezone.now())
    return act_at_once(request, row.substitution or row.batch, act, "读数已核对。")


@works
@require_POST
def void_reading(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """作废读数."""
    row = _reading(request, pk)
    act = partial(committing.void_reading, reading=row, by=request.user, at=timezone.now())
    return act_at_once(request, row.substitution or row.batch, act, "读数已作废，公开日志里仍看得到。请重新录入。")


@works
@require_POST
def close(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """截止来源."""
    shown = batch_of(request, pk)
    act = partial(committing.close, batch=shown, by=request.user, at=timezone.now())
    return act_at_once(request, shown, act, "来源已截止，并写入公开日志。等待信标。")


@works
def seed(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """确定种子: the beacon is fetched or carried in; dice and lotteries were read by two people. Then the draw runs.

    Who comes second, with whatever beacon, is led to the same result as who came first.
    """
    shown = batch_of(request, pk)
    form = forms.BeaconForm(request.POST or None, request.FILES or None)
    has_beacon = shown.last["type"] == "drand"
    if not has_beacon:
        del form.fields["file"]

    def act(values: dict[str, Any]) -> Batch:
        at = timezone.now()
        is_awaited = has_beacon and shown.state == BatchState.CLOSED and at >= shown.beacon_at
        try:
            beacon = beacons.bring(committing.last_of(shown), values["file"]) if is_awaited else None
            committing.seed(batch=shown, beacon=beacon, by=request.user, at=at)
        except Refused as refused:
            if refused.code != "draws.seeded_already":
                raise
        shown.refresh_from_db()
        if shown.state == BatchState.SEEDED:
            permissions.check_can_move(request.user, shown, BatchState.DRAWN)
            ask(shown, Work.Kind.DRAW, by=request.user, at=at)
        return shown

    told: dict[str, Any] = {
        "title": f"确定种子：{shown.code}",
        "done": "种子已确定，正在抽取。",
        "button": "确定种子并抽取",
        "batch": shown,
    }
    more: dict[str, Any] = {
        "has_beacon": has_beacon,
        "due_at": beacons.due_at(shown.last) if has_beacon else shown.beacon_at,
    }
    return form_page(request, form, act, template="draws/seed.html", back=shown.get_absolute_url(), **told, **more)


@works
@require_POST
def run(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """抽取, however often it is asked for: there is one result."""
    shown = batch_of(request, pk)
    if shown.state == BatchState.SEEDED:
        permissions.check_can_move(request.user, shown, BatchState.DRAWN)
        ask(shown, Work.Kind.DRAW, by=request.user, at=timezone.now())
    else:
        messages.info(request, f"批次 {shown.code} 当前是“{shown.state_word}”，结果只有一个，不会因再次点击而改变。")
    return HttpResponseRedirect(shown.get_absolute_url(), status=303)


@decides
@require_POST
def lock(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """锁定结果."""
    shown = batch_of(request, pk)
    act = partial(results.lock, batch=shown, by=request.user, at=timezone.now())
    return act_at_once(request, shown, act, "结果已锁定。")


@works
@require_POST
def dispatch(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """派发, at once or, where there are very many doors, by the worker."""
    shown = batch_of(request, pk)
    if shown.visits.count() > MOST_AT_ONCE:
        return act_at_once(request, shown, partial(_dispatch_later, shown, request.user), "正在派发。")
    act = partial(results.dispatch, batch=shown, by=request.user, at=timezone.now())
    return act_at_once(request, shown, act, "已派发到各管辖单位。")


def _dispatch_later(batch: Batch, by: User) -> None:
    permissions.check_can_move(by, batch, BatchState.DISPATCHED)
    rules.check_tasks_stand(draws_of(batch))
    ask(batch, Work.Kind.DISPATCH, by=by, at=timezone.now())


@reads
@require_safe
def certificate(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """抽取结果证书 as PDF."""
    shown = batch_of(request, pk)
    address = request.build_absolute_uri(reverse("publicity:batch", args=[shown.code]))
    data = certificate_of(shown, url=address, at=timezone.now())
    named = f'inline; filename="{shown.code}.pdf"'
    return HttpResponse(data, content_type="application/pdf", headers={"Content-Disposition": named})


class OfBatch(ListPage):
    """A list within a batch."""

    def get(self, request: Any, **kwargs: Any) -> Any:
        """Of the batch in the address."""
        self.batch = batch_of(request, kwargs["pk"])
        return super().get(request)

    def more(self) -> dict[str, Any]:
        """Whose list it is."""
        return {"batch": self.batch}


@reads
class HitList(OfBatch):
    """抽中的对象."""

    title = "抽中的对象"
    table_class = ObjectTable
    filter_class = tables.HitFilter
    template_name = "draws/of_batch.html"

    def rows(self) -> QuerySet[Hit]:
        """Selected, in reserve, replaced, come in."""
        rows = Hit.objects.filter(batch=self.batch).prefetch_related("replacements__into")
        return rows.select_related("batch", "draw__task", "stratum", "subject__region", "came_for__out")


@reads
class VisitList(OfBatch):
    """检查户次和人员."""

    title = "检查户次和人员"
    table_class = DoorTable
    filter_class = tables.VisitFilter
    template_name = "draws/of_batch.html"

    def rows(self) -> QuerySet[Visit]:
        """One for each door."""
        here = Hit.objects.filter(batch=self.batch, place__in=(Hit.Place.SELECTED, Hit.Place.CAME_IN))
        hits = Prefetch("subject__hits", here.select_related("draw__task"), to_attr="hits_of_batch")
        waiting = Substitution.objects.filter(dealt_at=None)
        asked = Prefetch("seats__substitutions", waiting, to_attr="waiting")
        rows = self.batch.visits.select_related("subject__keeper")
        own = ("seats__inspector", "seats__team", "seats__department", "joinings__department")
        return rows.prefetch_related(hits, asked, *own)


@reads
@require_safe
def unfilled(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """空缺席位: which seats the draw left open, and the proof that nobody could have filled them."""
    shown = batch_of(request, pk)
    context = {"title": f"空缺席位：{shown.code}", "batch": shown, "proofs": proofs_of(shown)}
    return render(request, "draws/unfilled.html", context)


@keeps
def witnesses(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """邀请见证."""
    shown = batch_of(request, pk)
    if request.method == "GET":
        permissions.check_can_ask_witness(request.user, shown, timezone.now())
    form = forms.WitnessForm(request.POST or None, people=witnesses_for(shown))

    def act(values: dict[str, Any]) -> Batch:
        told = {"user": values["user"], "role": values["role"]}
        operations.ask_witness(batch=shown, **told, by=request.user, at=timezone.now())
        return shown

    told: dict[str, Any] = {
        "title": f"邀请见证：{shown.code}",
        "done": "已邀请。",
        "button": "邀请",
        "back": shown.get_absolute_url(),
    }
    return form_page(request, form, act, **told)


@signed_in
@require_safe
def attendances(request: SignedInRequest) -> HttpResponse:
    """我的见证."""
    found = Attendance.objects.filter(user=request.user).select_related("batch__department").order_by("-asked_at")
    now = timezone.now()
    rows = [(one, allowed(rules.check_is_witnessed, one.batch, now)) for one in found[:100]]
    return render(request, "draws/attendances.html", {"title": "我的见证", "rows": rows})


@signed_in
def sign_attendance(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """签到."""
    row = get_object_or_404(Attendance, pk=pk, user=request.user)
    if request.method == "GET":
        permissions.check_can_sign(request.user, row, timezone.now())
    form = forms.RemarkForm(request.POST or None)

    def act(values: dict[str, Any]) -> str:
        remark = values["remark"]
        operations.sign_attendance(attendance=row, remark=remark, by=request.user, at=timezone.now())
        return reverse("draws:attendances")

    told: dict[str, Any] = {"title": f"见证签到：{row.batch.code}", "done": "已签到。", "button": "签到", "row": row}
    return form_page(request, form, act, template="draws/attendance.html", back=reverse("draws:attendances"), **told)
