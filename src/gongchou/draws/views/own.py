"""Pages of an inspector: the doors she goes to, and the interest she declares in one of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from gongchou.accounts.requests import SignedInRequest
from gongchou.draws import permissions
from gongchou.draws.forms.afterwards import RecuseForm
from gongchou.draws.models import Seat
from gongchou.draws.operations.recusals import recuse as declare
from gongchou.draws.queries.afterwards import seats_of
from gongchou.draws.tables import afterwards as tables
from gongchou.web.access import signed_in
from gongchou.web.forms import form_page
from gongchou.web.lists import ListPage

LEAD = (
    "申报立即告知组织抽取的部门和本单位：由负责人决定，由组织部门用新的随机数重抽这个席位。谁补上，申报时没有人能知道。"
)


@signed_in
class OwnSeatList(ListPage):
    """我的检查."""

    title = "我的检查"
    table_class = tables.OwnSeatTable
    filter_class = tables.OwnSeatFilter
    template_name = "draws/my_visits.html"

    def rows(self) -> QuerySet[Seat]:
        """Of teams that are on their way."""
        return seats_of(self.by, timezone.localdate()).prefetch_related("visit__seats__inspector")


@signed_in
def recuse(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """申报回避 of a door she was dealt to."""
    seat = get_object_or_404(seats_of(request.user, timezone.localdate()), pk=pk)
    if request.method == "GET":
        permissions.check_can_recuse(request.user, seat)

    def act(values: dict[str, Any]) -> str:
        declare(seat=seat, **values, by=request.user, at=timezone.now())
        return reverse("draws:my-visits")

    told: dict[str, Any] = {
        "title": f"申报回避：{seat.visit.subject.name}",
        "done": "已申报，组织部门和负责人已收到。",
        "button": "提交申报",
        "lead": LEAD,
        "back": reverse("draws:my-visits"),
    }
    return form_page(request, RecuseForm(request.POST or None), act, **told)
