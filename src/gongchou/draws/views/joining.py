"""Pages of 三级联动: what was drawn above, the doors in one's territory, one's own items joined to them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from gongchou.accounts.models import Department
from gongchou.accounts.requests import SignedInRequest
from gongchou.draws import permissions
from gongchou.draws.forms.afterwards import ALL, CHOSEN, JoinDoorsForm
from gongchou.draws.models import Batch, Hit, Joining, Visit
from gongchou.draws.operations.joining import join_visits
from gongchou.draws.queries import afterwards
from gongchou.draws.queries import joining as queries
from gongchou.draws.queries.results import IN_SAMPLE
from gongchou.draws.tables import afterwards as tables
from gongchou.draws.views.batches import keeps, reads
from gongchou.draws.views.day import OfBatch
from gongchou.registry.models import Item
from gongchou.registry.queries.items import usable_items
from gongchou.web.forms import form_page
from gongchou.web.lists import ListPage


@reads
class JoiningList(OfBatch):
    """三级联动 of one batch."""

    title = "加入检查的下级部门"
    table_class = tables.JoiningTable
    filter_class = tables.JoiningFilter
    template_name = "draws/of_batch.html"

    def rows(self) -> QuerySet[Joining]:
        """Who does which items at which door."""
        return afterwards.joinings_in(self.batch)


@keeps
class JoinableList(ListPage):
    """可加入的上级抽取, for one of her departments at a time."""

    title = "可加入的上级抽取"
    table_class = tables.JoinableTable
    filter_class = tables.JoinableFilter
    template_name = "draws/joinable.html"

    def rows(self) -> QuerySet[Batch]:
        """Drawn above it, with doors in its territory."""
        self.department = _asked(self.request)
        self.request.joining = self.department  # type: ignore[attr-defined]
        if self.department is None:
            return Batch.objects.none()
        return queries.joinable(self.department).prefetch_related("draws__task")

    def more(self) -> dict[str, Any]:
        """Of which department."""
        return {"department": self.department}


def _asked(request: Any) -> Department | None:
    """The department that was asked for, else her own, else the first that she keeps."""
    own = queries.own_departments(request.user).select_related("region")
    asked = str(request.GET.get("department", ""))
    found = next((one for one in own if str(one.pk) == asked), None)
    return found or own.filter(pk=request.user.department_id).first() or own.order_by("code").first()


def _place(request: SignedInRequest, pk: UUID, department: UUID) -> tuple[Batch, Department]:
    """A batch that one of her departments may join, or a page that is not there."""
    own: Department = get_object_or_404(queries.own_departments(request.user).select_related("region"), pk=department)
    return get_object_or_404(queries.joinable(own), pk=pk), own


@keeps
class DoorList(ListPage):
    """辖区内的户次."""

    title = "辖区内的户次"
    table_class = tables.TerritoryTable
    filter_class = tables.TerritoryFilter
    template_name = "draws/territory.html"

    def get(self, request: Any, **kwargs: Any) -> Any:
        """Of the batch and the department in the address."""
        self.batch, self.department = _place(request, kwargs["pk"], kwargs["department"])
        request.joining = self.department
        return super().get(request)

    def rows(self) -> QuerySet[Visit]:
        """Joined already or not."""
        here = Hit.objects.filter(batch=self.batch, place__in=IN_SAMPLE)
        hits = Prefetch("subject__hits", here.select_related("draw__task"), to_attr="hits_of_batch")
        mine = Joining.objects.filter(department=self.department).prefetch_related("items")
        rows = queries.doors_in(self.batch.visits.all(), self.department).select_related("subject__region")
        return rows.prefetch_related(hits, Prefetch("joinings", mine, to_attr="own"))

    def more(self) -> dict[str, Any]:
        """Of which batch, for whom."""
        return {"batch": self.batch, "department": self.department}


@keeps
def join(request: SignedInRequest, pk: UUID, department: UUID) -> HttpResponse:
    """加入检查."""
    shown, own = _place(request, pk, department)
    if request.method == "GET":
        permissions.check_can_join(request.user, shown, own)
    doors = queries.visits_to_join(shown, own).order_by("subject__number")
    usable = usable_items(own, on=timezone.localdate()).order_by().values("item")
    items = Item.objects.filter(pk__in=usable).prefetch_related("versions").order_by("code")
    chosen = request.GET.getlist("chosen")
    initial = {"n_people": 2, "which": CHOSEN if chosen else ALL, "visits": chosen}
    form = JoinDoorsForm(request.POST or None, initial=initial, items=items, doors=doors)
    back = reverse("draws:territory", args=[shown.pk, own.pk])

    def act(values: dict[str, Any]) -> str:
        told = {"items": values["items"], "n_people": values["n_people"]}
        visits = values["visits"] if values["which"] == CHOSEN else None
        join_visits(batch=shown, department=own, visits=visits, **told, by=request.user, at=timezone.now())
        return back

    told: dict[str, Any] = {
        "title": f"加入检查：{shown.name}",
        "done": "已加入，组织部门已收到通知。",
        "button": "加入",
        "lead": f"{own.name}在上级抽中的户次上一并检查本部门的事项，同一家只上门一次。",
        "back": back,
    }
    return form_page(request, form, act, **told)
