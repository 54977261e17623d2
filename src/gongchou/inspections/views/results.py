"""Pages of the office: what came from the phones, item by item; its review; which of several records counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongchou.accounts.requests import SignedInRequest
from gongchou.accounts.roles import Duty
from gongchou.inspections import files, permissions
from gongchou.inspections.forms import ReviewForm
from gongchou.inspections.models import Attachment, Exhibit, Inspection, Instance, Result, Revision
from gongchou.inspections.operations import reviews
from gongchou.inspections.queries.answers import answers_in
from gongchou.inspections.queries.records import missing_files, to_choose, with_results
from gongchou.inspections.queries.visits import visible
from gongchou.inspections.states import Outcome, ResultState, Standing, Verdict
from gongchou.inspections.tables import InspectionFilter, InspectionTable
from gongchou.refusal import allowed
from gongchou.registry.queries.versions import newest_name
from gongchou.web.access import needs
from gongchou.web.buttons import Button, why_not
from gongchou.web.desk import Card, Task, register
from gongchou.web.forms import ReasonForm, form_page
from gongchou.web.lists import ListPage

reads = needs(Duty.READ_RESULTS, Duty.REVIEW_RESULTS)
decides = needs(Duty.REVIEW_RESULTS)


@reads
class InspectionList(ListPage):
    """检查结果."""

    title = "检查结果"
    table_class = InspectionTable
    filter_class = InspectionFilter

    def rows(self) -> QuerySet[Inspection]:
        """Of her departments."""
        return with_results(visible(self.by))


@reads
@require_safe
def inspection(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One inspection: the revision asked for, else the one that counts."""
    shown = get_object_or_404(visible(request.user), pk=pk)
    revision, buttons = _revision(request, shown), list(_buttons(request, shown))
    context = {
        "title": shown.visit.subject.name,
        "inspection": shown,
        "revision": revision,
        "told": revision.told if revision else {},
        "outcome": Outcome(revision.outcome).label if revision else "",
        "times": _times(revision),
        "results": _results(revision),
        "answers": answers_in(revision) if revision else [],
        "exhibits": _exhibits(revision),
        "missing": len(missing_files(shown)),
        "reviews": shown.reviews.select_related("reviewed_by", "revision").order_by("-reviewed_at"),
        "records": _records(request, shown),
        "buttons": [one for one in buttons if not one.why_not],
        "obstacles": [one for one in buttons if one.why_not],
    }
    return render(request, "inspections/inspection.html", context)


def _revision(request: SignedInRequest, shown: Inspection) -> Revision | None:
    rows = shown.revisions.select_related("received_by", "instance", "sheet")
    asked = request.GET.get("revision", "")
    try:
        return rows.get(pk=UUID(asked)) if asked else shown.head and rows.get(pk=shown.head.pk)
    except (ValueError, Revision.DoesNotExist):
        raise Http404 from None


def _times(revision: Revision | None) -> dict[str, datetime]:
    """When she came and left, by the phone's clock."""
    told = revision.told if revision else {}
    found = {"entered": told.get("entry", {}).get("at"), "left": told.get("left_at")}
    return {name: datetime.fromisoformat(text) for name, text in found.items() if text}


def _results(revision: Revision | None) -> list[tuple[Result, str]]:
    """Each with the name of its item."""
    if revision is None:
        return []
    rows = revision.results.select_related("item").prefetch_related("words", "measures", "item__versions")
    return [(row, newest_name(row.item)) for row in rows]


def _exhibits(revision: Revision | None) -> list[dict[str, Any]]:
    rows = list(revision.exhibits.all()) if revision else []
    there = {one.sha256: one for one in Attachment.objects.filter(sha256__in=[row.sha256 for row in rows])}
    return [{"row": row, "file": there.get(row.sha256)} for row in rows]


def _records(request: SignedInRequest, shown: Inspection) -> list[dict[str, Any]]:
    """Every record with its revisions; more than one has to be chosen from."""
    rows = shown.instances.select_related("created_by").prefetch_related("revisions")
    return [
        {
            "row": row,
            "word": Standing(row.standing).label,
            "revisions": row.revisions.all(),
            "may_count": row.standing != Standing.HELD and allowed(permissions.check_can_choose, request.user, shown),
        }
        for row in rows
    ]


def _buttons(request: SignedInRequest, shown: Inspection) -> Iterator[Button]:
    if shown.state == ResultState.IN_REVIEW and str(Duty.REVIEW_RESULTS) in request.duties:
        told = why_not(lambda: permissions.check_can_review(request.user, shown))
        yield Button("审核", reverse("inspections:review", args=[shown.pk]), picture="check-lg", why_not=told)


@decides
def review(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """审核."""
    shown = get_object_or_404(visible(request.user), pk=pk)
    if request.method == "GET":
        permissions.check_can_review(request.user, shown)

    def act(values: dict[str, Any]) -> Inspection:
        told = {"verdict": Verdict(values["verdict"]), "opinion": values["opinion"]}
        return reviews.review(inspection=shown, **told, by=request.user, at=timezone.now()).inspection

    more: dict[str, Any] = {"button": "提交审核", "back": shown.get_absolute_url()}
    return form_page(request, ReviewForm(request.POST or None), act, title=f"审核：{shown}", done="已审核。", **more)


@decides
def choose(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """选定检查记录: of several that came for one department at one object."""
    rows = Instance.objects.filter(inspection__in=visible(request.user).order_by().values("pk"))
    row = get_object_or_404(rows.select_related("inspection__visit__subject", "inspection__department"), pk=pk)
    shown = row.inspection
    if request.method == "GET":
        permissions.check_can_choose(request.user, shown)

    def act(values: dict[str, Any]) -> Inspection:
        return reviews.choose(instance=row, **values, by=request.user, at=timezone.now()).inspection

    more: dict[str, Any] = {"button": "选定这份记录", "back": shown.get_absolute_url()}
    done = "已选定，其他记录保留。"
    return form_page(request, ReasonForm(request.POST or None), act, title=f"选定记录：{shown}", done=done, **more)


@reads
@require_safe
def exhibit(request: SignedInRequest, pk: UUID) -> HttpResponse | FileResponse:
    """One file of a record: a picture as pages show it, anything else as it came, to be kept and not to be run."""
    rows = Exhibit.objects.filter(inspection__in=visible(request.user).order_by().values("pk"))
    row = get_object_or_404(rows, pk=pk)
    kept = get_object_or_404(Attachment, sha256=row.sha256)
    is_picture = kept.media_type.startswith("image/")
    path = files.shown_path(row.sha256) if is_picture and "original" not in request.GET else files.path_of(row.sha256)
    kind = "image/jpeg" if path == files.shown_path(row.sha256) else kept.media_type
    name = f"{row.sha256[:12]}.{kind.partition('/')[2]}"
    answer = FileResponse(path.open("rb"), content_type=kind, as_attachment="original" in request.GET, filename=name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


# The desk ---------------------------------------------------------------------------------------


def _waiting(request: SignedInRequest) -> Iterator[Task]:
    rows, address = visible(request.user), reverse("inspections:inspections")
    n = rows.filter(state=ResultState.IN_REVIEW).exclude(revisions__received_by=request.user).count()
    yield Task("待审核的检查结果", n, "户次", f"{address}?mine=review&state=in_review")
    yield Task("有并存记录待选定", to_choose(rows).count(), "户次", f"{address}?mine=choose")


def lay_out() -> None:
    """Put the card of the room on the desk."""
    register(Card("检查结果待您审核", _waiting, frozenset({str(Duty.REVIEW_RESULTS)}), order=40))
