"""Pages of 认领: what is offered to a department from above, and what it has decided."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from gongchou.accounts.models import Department
from gongchou.accounts.queries import departments_within
from gongchou.accounts.requests import SignedInRequest
from gongchou.accounts.roles import Duty
from gongchou.registry.forms import items as forms
from gongchou.registry.models import Claim, ItemVersion
from gongchou.registry.operations import claims as operations
from gongchou.registry.queries import items as queries
from gongchou.registry.queries.versions import fields_read, find_in_force
from gongchou.registry.tables.claims import OfferFilter, OfferTable, department_of
from gongchou.registry.views.versions import keeps, reads
from gongchou.web.forms import form_page
from gongchou.web.lists import ListPage, ticked


@reads
class OfferList(ListPage):
    """事项认领."""

    title = "事项认领"
    table_class = OfferTable
    filter_class = OfferFilter
    template_name = "registry/items_claims.html"

    def rows(self) -> list[queries.Offer]:
        """All that is offered to the department that is asked for, or to one's own."""
        self.department = department_of(self.request)
        self.fields = fields_read(self.by)
        today, of = timezone.localdate(), self.department
        self.offers = queries.offers_to(of, on=today, fields=self.fields) if of else []
        self.keeps_it = self.department is not None and _keeps(self.request, self.department)
        self.hidden = () if self.keeps_it else ("chosen", "actions")
        return self.offers

    def more(self) -> dict[str, Any]:
        """How far the department has come, and what was abolished above it."""
        gone = queries.suspended_claims(self.department, self.fields) if self.department else Claim.objects.none()
        offered = {offer.version.item_id for offer in self.offers}
        return {
            "department": self.department,
            "gone": [claim for claim in gone if claim.item_id not in offered],
            "rate": queries.claim_rate(self.offers),
            "keeps_it": self.keeps_it,
        }


def _keeps(request: Any, department: Department) -> bool:
    return departments_within(request.user, Duty.KEEP_LIST).filter(pk=department.pk).exists()


def _desk(department: Department, **asked: str) -> str:
    return f"{reverse('registry:claims')}?{urlencode({**asked, 'department': department.pk})}"


@keeps
@require_POST
def claim_items(request: SignedInRequest) -> HttpResponse:
    """Claim the ticked items, all or none, one line of the log each."""
    form = forms.ClaimDepartmentForm(request.POST, by=request.user)
    if not form.is_valid():
        messages.error(request, "没有认领任何事项：所选部门不在您维护清单的范围内。请选择范围内的部门后重新勾选。")
        return HttpResponseRedirect(reverse("registry:claims"), status=303)
    department: Department = form.cleaned_data["department"]
    chosen = queries.visible_items(request.user).filter(pk__in=ticked(request))
    found = list(chosen.order_by("code"))
    if found:
        operations.claim_all(items=found, department=department, by=request.user, at=timezone.now())
        messages.success(request, f"已认领{len(found)}项。")
    else:
        messages.warning(request, "没有选中任何事项。请先勾选要认领的事项。")
    asked = {name: request.GET[name] for name in ("q", "state") if name in request.GET}
    return HttpResponseRedirect(_desk(department, **asked), status=303)


def _claim(request: SignedInRequest, pk: UUID) -> Claim:
    return get_object_or_404(queries.visible_claims(request.user), pk=pk)


@keeps
def adapt_claim(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """本级细化."""
    claim = _claim(request, pk)
    initial = {"ratio": claim.ratio, "frequency": claim.frequency, "note": claim.note}
    form = forms.AdaptForm(request.POST or None, initial=initial)

    def act(values: dict[str, Any]) -> str:
        operations.adapt(claim=claim, **values, by=request.user, at=timezone.now())
        return _desk(claim.department)

    version = find_in_force(claim.item, timezone.localdate())
    assert version is None or isinstance(version, ItemVersion)  # noqa: S101 -- of an item
    lead = f"上级规定：比例{version.ratio_words}；频次{version.frequency_words}。" if version else ""
    return form_page(
        request,
        form,
        act,
        title=f"本级细化：{claim.item} {version.name if version else ''}",
        done="已保存本级比例和频次。",
        template="registry/versions_form.html",
        back=_desk(claim.department),
        lead=lead,
    )


@keeps
def release_claim(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """取消认领."""
    claim = _claim(request, pk)

    def act(values: dict[str, Any]) -> str:
        operations.release(claim=claim, **values, by=request.user, at=timezone.now())
        return _desk(claim.department)

    title, back = f"取消认领：{claim.item}", _desk(claim.department)
    form = forms.NoteForm(request.POST or None)
    return form_page(request, form, act, title=title, done="已取消认领。", button="取消认领", back=back)


@keeps
@require_POST
def renew_claim(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """重新确认."""
    claim = _claim(request, pk)
    operations.renew(claim=claim, by=request.user, at=timezone.now())
    messages.success(request, "已重新确认，按上级现行规定使用。")
    return HttpResponseRedirect(_desk(claim.department), status=303)
