"""关注组: named by the office, never public."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongchou.accounts.requests import SignedInRequest
from gongchou.accounts.roles import Duty
from gongchou.draws import charts, forms, permissions, sheets, tables
from gongchou.draws.models import Draw, WatchGroup
from gongchou.draws.operations import watching as operations
from gongchou.draws.queries import watching as queries
from gongchou.draws.queries.statistics import Scope, standing
from gongchou.draws.watching import follow
from gongchou.refusal import Refused, allowed, sentence
from gongchou.registry.models import Subject
from gongchou.web.access import needs
from gongchou.web.forms import ReasonForm, form_page
from gongchou.web.lists import ListPage

coordinates = needs(Duty.COORDINATE)
AT_ONCE = 60  # draws that a page looks through; each takes some hundredths of a second


def _draws(request: SignedInRequest) -> QuerySet[Draw]:
    return standing(Scope().draws(request.user))


def _n_watched(request: SignedInRequest) -> int:
    return max(1, queries.visible(request.user).filter(ended_at=None).count())


@coordinates
class WatchList(ListPage):
    """关注组."""

    title = "关注组"
    table_class = tables.WatchTable
    template_name = "draws/watch_groups.html"

    def rows(self) -> QuerySet[WatchGroup]:
        """Of the departments that she coordinates."""
        rows = queries.visible(self.by)
        self.request.watched = queries.watched(rows, standing(Scope().draws(self.by)))  # type: ignore[attr-defined]
        self.request.n_watched = max(1, rows.filter(ended_at=None).count())  # type: ignore[attr-defined]
        return rows


@coordinates
def name_group(request: SignedInRequest) -> HttpResponse:
    """设立关注组."""
    form = forms.WatchForm(request.POST or None, by=request.user)

    def act(values: dict[str, Any]) -> WatchGroup:
        told = {name: values[name] for name in ("department", "name", "kind", "reason", "subjects")}
        return operations.name_group(**told, by=request.user, at=timezone.now())

    lead = (
        "关注组用来问一件事：这些有共同点的对象，抽中得这么少（或这么多），运气能不能解释。只看成组的，不看单独一户；"
        "只在双随机办内部使用，不公开，也不影响任何抽取。"
    )
    told: dict[str, Any] = {"title": "设立关注组", "done": "关注组已设立。", "button": "设立", "lead": lead}
    return form_page(request, form, act, back=reverse("draws:watch-groups"), **told)


@coordinates
@require_safe
def watch_group(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One group: what chance says of it, before it was named and since."""
    group = get_object_or_404(queries.visible(request.user), pk=pk)
    draws, refused, n_left = _draws(request), "", 0
    try:
        n_left = follow(group, draws, most=AT_ONCE)
    except Refused as error:
        refused = sentence(error)
    whole = queries.watched([group], draws).get(group.pk, queries.Watched())
    parts = [
        ("设组以前", whole.before(group.created_at)),
        ("设组以后", whole.since(group.created_at)),
        ("合计", whole),
    ]
    n_groups = _n_watched(request)
    context = {
        "title": group.name,
        "group": group,
        "whole": whole,
        "n_groups": n_groups,
        "n_left": n_left,
        "refused": refused,
        "sheet": sheets.watched_sheet(parts, n_groups),
        "spans": sheets.watched_spans(parts, n_groups),
        "tall": charts.tall(parts),
        "subjects": _subjects(group, whole),
        "may_end": allowed(permissions.check_can_end_watch, request.user, group),
    }
    return render(request, "draws/watch_group.html", context)


def _subjects(group: WatchGroup, whole: queries.Watched) -> list[tuple[Subject, int]]:
    """Each with the batches in whose frames it stood; nothing else is told of a single one."""
    times = Counter(one.subject for one in whole.trials)
    return [(one, times[one.pk.hex]) for one in group.subjects.select_related("keeper").order_by("number")]


@coordinates
def end_group(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """结束关注."""
    group = get_object_or_404(queries.visible(request.user), pk=pk)
    if request.method == "GET":
        permissions.check_can_end_watch(request.user, group)

    def act(values: dict[str, Any]) -> WatchGroup:
        return operations.end_group(group=group, reason=values["reason"], by=request.user, at=timezone.now())

    form = ReasonForm(request.POST or None)
    told: dict[str, Any] = {"title": f"结束关注：{group.name}", "done": "已结束。", "button": "结束关注"}
    return form_page(request, form, act, back=group.get_absolute_url(), **told)
