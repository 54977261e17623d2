"""Pages of 跨部门综合监管事项 and pilots."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongchou.accounts.queries import departments_within
from gongchou.accounts.requests import SignedInRequest
from gongchou.accounts.roles import Duty
from gongchou.registry.forms import matters as forms
from gongchou.registry.models import MatterVersion, Pilot
from gongchou.registry.operations import matters as operations
from gongchou.registry.permissions.lists import check_can_review_matter
from gongchou.registry.queries import matters as queries
from gongchou.registry.states.lists import PILOT_MOVES, PilotState
from gongchou.registry.tables import matters as tables
from gongchou.registry.views.versions import add_thing, keeps, reads, thing_page
from gongchou.web.buttons import why_not
from gongchou.web.forms import form_page
from gongchou.web.lists import ListPage


@reads
class MatterList(ListPage):
    """跨部门综合监管事项清单."""

    title = "跨部门综合监管事项清单"
    table_class = tables.MatterTable
    filter_class = tables.MatterFilter
    template_name = "registry/matters.html"

    def rows(self) -> QuerySet[MatterVersion]:
        """Published ones of everybody, drafts within reach."""
        return queries.visible(self.by)

    def more(self) -> dict[str, Any]:
        """The eight fields with how many matters each has."""
        return {"one_things": queries.one_thing_counts()}


@reads
@require_safe
def matter(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One matter: what it says, its versions, its libraries, its pilots."""

    def more(version: MatterVersion) -> dict[str, Any]:
        found = version.matter
        keeps_lists = str(Duty.KEEP_LIST) in request.duties
        return {
            "libraries": queries.library_sizes(version),
            "joint_items": version.joint_items.prefetch_related("versions").order_by("code"),
            "pilots": queries.visible_pilots(request.user).filter(matter=found),
            "may_review": keeps_lists and not why_not(lambda: check_can_review_matter(request.user, found)),
            "is_overdue": found.is_overdue(timezone.localdate()),
        }

    return thing_page(request, "matters", pk, "registry/matter.html", more)


@keeps
def add_matter(request: SignedInRequest) -> HttpResponse:
    """新增跨部门综合监管事项."""
    return add_thing(request, "matters")


@keeps
def review_matter(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """年度复核."""
    found = get_object_or_404(queries.visible_matters(request.user), pk=pk)

    def act(values: dict[str, Any]) -> Any:
        return operations.review_matter(matter=found, **values, by=request.user, at=timezone.now())

    form, back = forms.ReviewForm(request.POST or None), found.get_absolute_url()
    return form_page(request, form, act, title=f"年度复核：{found}", done="已登记复核，一年后再次提醒。", back=back)


@reads
class PilotList(ListPage):
    """改革试点."""

    title = "跨部门综合监管改革试点"
    table_class = tables.PilotTable
    filter_class = tables.PilotFilter
    template_name = "registry/matters_pilots.html"

    def rows(self) -> QuerySet[Pilot]:
        """All."""
        return queries.visible_pilots(self.by)


@reads
@require_safe
def pilot(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One pilot and its steps."""
    found = get_object_or_404(queries.visible_pilots(request.user), pk=pk)
    reach = departments_within(request.user, Duty.KEEP_LIST)
    goes_on = bool(PILOT_MOVES[PilotState(found.state)]) and reach.filter(pk=found.unit_id).exists()
    steps = found.steps.select_related("by")
    return render(
        request,
        "registry/matters_pilot.html",
        {"title": found.name, "pilot": found, "steps": steps, "goes_on": goes_on},
    )


@keeps
def add_pilot(request: SignedInRequest) -> HttpResponse:
    """登记改革试点."""
    initial = {"year": timezone.localdate().year, "unit": request.user.department_id}
    form = forms.PilotForm(request.POST or None, by=request.user, initial=initial)

    def act(values: dict[str, Any]) -> Pilot:
        return operations.add_pilot(**values, by=request.user, at=timezone.now())

    return form_page(request, form, act, title="登记改革试点", done="已登记。", back=reverse("registry:pilots"))


@keeps
def move_pilot(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """登记试点进展."""
    found = get_object_or_404(queries.visible_pilots(request.user), pk=pk)
    form = forms.PilotStepForm(request.POST or None, pilot=found)

    def act(values: dict[str, Any]) -> Pilot:
        return operations.move_pilot(pilot=found, **values, by=request.user, at=timezone.now())

    back = found.get_absolute_url()
    return form_page(request, form, act, title=f"登记进展：{found}", done="已登记。", back=back)
