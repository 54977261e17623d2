"""Pages of 对象替换: asked for with a proof, answered by a second person, the next of the reserve comes in."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from gongchou.accounts.models import User
from gongchou.accounts.requests import SignedInRequest
from gongchou.draws import permissions, reasons, store
from gongchou.draws.forms.afterwards import ReplaceForm
from gongchou.draws.models import Hit, Replacement
from gongchou.draws.operations import replacements as operations
from gongchou.draws.operations.committing import reasons_of
from gongchou.draws.proofs import TYPES, kind_of
from gongchou.draws.queries import afterwards as queries
from gongchou.draws.queries.batches import visible
from gongchou.draws.tables import afterwards as tables
from gongchou.draws.views.batches import act_at_once, decides, reads, works
from gongchou.draws.views.day import OfBatch
from gongchou.refusal import allowed
from gongchou.web.buttons import why_not
from gongchou.web.forms import ReasonForm, form_page

ORDER = (
    "递补只按抽取时的票号从小到大依次进行：位次在应抽数之后的是备选，从未用过的最小位次就是下一位，谁也不能挑选或跳过。"
)


@reads
class ReplacementList(OfBatch):
    """对象替换."""

    title = "对象替换"
    table_class = tables.ReplacementTable
    filter_class = tables.ReplacementFilter
    template_name = "draws/replacements.html"

    def rows(self) -> QuerySet[Replacement]:
        """Asked for, answered, done."""
        return queries.replacements_in(self.batch)

    def more(self) -> dict[str, Any]:
        """Who would come in next in each part, and where too many were replaced."""
        strata = [(one, queries.next_of(one)) for one in queries.reserves_of(self.batch)]
        return {**super().more(), "strata": strata, "amber": list(queries.amber_strata(self.batch)), "order": ORDER}


def _hit(request: SignedInRequest, pk: UUID) -> Hit:
    rows = Hit.objects.select_related("batch", "draw__task__department", "draw__batch", "stratum", "subject")
    return get_object_or_404(rows, pk=pk, batch__in=visible(request.user))


@works
def ask_replacement(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """申请替换."""
    hit = _hit(request, pk)
    if request.method == "GET":
        permissions.check_can_ask_replacement(request.user, hit)
    listed = reasons_of(hit.draw, "replace") if hit.batch.drawn_at else {}
    form = ReplaceForm(request.POST or None, request.FILES or None, reasons=listed)

    def act(values: dict[str, Any]) -> Replacement:
        told = {"reason": values["reason"], "note": values["note"], "evidence": values["proof"]}
        return operations.ask_replacement(hit=hit, **told, by=request.user, at=timezone.now())

    told: dict[str, Any] = {
        "title": f"申请替换：{hit.subject.name}",
        "done": "已提出，等待另一人同意。",
        "button": "提出替换",
        "back": f"{hit.batch.get_absolute_url()}objects/",
    }
    more: dict[str, Any] = {"hit": hit, "next": queries.next_of(hit.stratum), "order": ORDER}
    return form_page(request, form, act, template="draws/replace.html", **told, **more)


def _replacement(request: SignedInRequest, pk: UUID) -> Replacement:
    named = ("batch", "draw__task__department", "draw__batch", "out__stratum", "out__subject", "into__subject")
    rows = Replacement.objects.select_related(*named, "asked_by", "approved_by", "refused_by")
    return get_object_or_404(rows, pk=pk, batch__in=visible(request.user))


@reads
@require_safe
def replacement(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One replacement: what was asked for, who comes in, what became of it."""
    row, by = _replacement(request, pk), request.user
    waits = row.approved_at is None and row.refused_at is None
    context = {
        "title": f"对象替换：{row.out.subject.name}",
        "row": row,
        "batch": row.batch,
        "waits": waits,
        "state": tables.state_of(row),
        "reason": reasons.words("replace", row.reason),
        "next": queries.next_of(row.out.stratum) if waits else None,
        "order": ORDER,
        "may_decide": "approve_plan" in request.duties,
        "why_not": why_not(lambda: permissions.check_can_approve_replacement(by, row)) if waits else "",
        "may_refuse": waits and allowed(permissions.check_can_refuse_replacement, by, row),
        "may_open": allowed(permissions.check_works_for, by, row.draw.task.department),
        **(_empty(row.into, by) if row.into else {}),
    }
    return render(request, "draws/replacement.html", context)


def _empty(hit: Hit, by: User) -> dict[str, Any]:
    """How many seats of an object that came in wait for somebody to ask; the door, where she may ask for some."""
    seats = list(queries.empty_seats(hit.batch).filter(visit__subject=hit.subject_id))
    is_organiser, own = queries.may_speak_for(by, hit.batch)
    mine = [seat for seat in seats if is_organiser or seat.department_id in own]
    return {"n_open": len(seats), "fill_door": mine[0].visit_id if mine else None}


@works
@require_safe
def proof(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """证明材料, byte for byte as it was uploaded, for those who work for the department."""
    row = _replacement(request, pk)
    permissions.check_works_for(request.user, row.draw.task.department)
    data = store.read(row.evidence)
    kind = kind_of(data)
    named = f"{row.draw.code}-{row.out.rank}.{kind or 'bin'}"
    headers = {"Content-Disposition": f'attachment; filename="{named}"', "Cache-Control": "private, no-store"}
    return HttpResponse(data, content_type=TYPES.get(kind, "application/octet-stream"), headers=headers)


@decides
@require_POST
def approve(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """同意替换."""
    row = _replacement(request, pk)
    act = partial(operations.approve_replacement, replacement=row, by=request.user, at=timezone.now())
    return act_at_once(request, row, act, "已同意，下一位备选已递补，并写入公开日志。")


@works
def refuse(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """不同意替换, or taken back by who asked."""
    row = _replacement(request, pk)
    if request.method == "GET":
        permissions.check_can_refuse_replacement(request.user, row)

    def act(values: dict[str, Any]) -> Replacement:
        return operations.refuse_replacement(
            replacement=row, reason=values["reason"], by=request.user, at=timezone.now()
        )

    is_own = row.asked_by_id == request.user.pk
    told: dict[str, Any] = {
        "title": f"{'收回替换申请' if is_own else '不同意替换'}：{row.out.subject.name}",
        "done": "已收回。" if is_own else "已答复，对象保留在样本中。",
        "button": "收回" if is_own else "不同意",
    }
    return form_page(request, ReasonForm(request.POST or None), act, back=row.get_absolute_url(), **told)
