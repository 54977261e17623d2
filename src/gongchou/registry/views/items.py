"""Pages of 抽查事项清单, claims and ceilings."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from gongchou.accounts.models import Department
from gongchou.accounts.queries import departments_within
from gongchou.accounts.requests import SignedInRequest
from gongchou.accounts.roles import Duty
from gongchou.registry.forms import items as forms
from gongchou.registry.forms.frequency import FrequencyWidget
from gongchou.registry.forms.ratio import RatioWidget
from gongchou.registry.forms.rules import RuleWidget
from gongchou.registry.models import Claim, ItemVersion, RatioCeiling
from gongchou.registry.operations import claims as claim_operations
from gongchou.registry.operations import items as operations
from gongchou.registry.queries import items as queries
from gongchou.registry.tables import items as tables
from gongchou.registry.views.versions import add_thing, decides, keeps, reads, thing_page
from gongchou.web.forms import form_page
from gongchou.web.lists import ListPage


@reads
class ItemList(ListPage):
    """抽查事项清单."""

    title = "抽查事项清单"
    table_class = tables.ItemTable
    filter_class = tables.ItemFilter
    template_name = "registry/items.html"

    def rows(self) -> QuerySet[ItemVersion]:
        """Published ones of everybody, drafts within reach."""
        return queries.visible(self.by)


@reads
@require_safe
def item(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One item: what it says, its versions, who claims it, what rests on it."""

    def more(version: ItemVersion) -> dict[str, Any]:
        claims = queries.visible_claims(request.user).filter(item=version.item, ended_at=None)
        is_general = version.kind == ItemVersion.Kind.GENERAL
        return {
            "claims": claims.select_related("claimed_by"),
            "joint_versions": queries.joint_using(version.item),
            "matter_versions": queries.matters_using(version.item),
            "ceiling": queries.find_ceiling(version.item.owner, version.valid_from.year) if is_general else None,
        }

    return thing_page(request, "items", pk, "registry/item.html", more)


@keeps
def add_item(request: SignedInRequest) -> HttpResponse:
    """新增抽查事项."""
    return add_thing(request, "items")


RULES: dict[str, RuleWidget] = {"ratio": RatioWidget(), "frequency": FrequencyWidget()}


@reads
@require_safe
def rule_words(request: SignedInRequest, name: str) -> HttpResponse:
    """The sentence that comes of what stands in the controls of a ratio or a frequency."""
    if name not in RULES:
        raise Http404
    words, is_clear = RULES[name].told(RULES[name].value_from_datadict(request.GET, None, name))
    return render(request, "registry/widgets/rule_words.html", {"words": words, "is_clear": is_clear})


@reads
@require_safe
def claims(request: SignedInRequest) -> HttpResponse:
    """认领: what is offered to a department from above, and what it has decided."""
    own = departments_within(request.user, Duty.READ_LIBRARIES).filter(is_internal_unit=False)
    departments = list(own.select_related("region").order_by("code"))
    asked = request.GET.get("department") or str(request.user.department_id)
    department = next((one for one in departments if str(one.pk) == asked), departments[0] if departments else None)
    offers = queries.offers_to(department, on=timezone.localdate()) if department else []
    offered = {offer.version.item_id for offer in offers}
    suspended = list(queries.suspended_claims(department)) if department else []
    keeps_it = department is not None and _keeps(request, department)
    context = {
        "title": "事项认领",
        "departments": departments,
        "department": department,
        "offers": offers,
        "gone": [claim for claim in suspended if claim.item_id not in offered],
        "rate": queries.claim_rate(offers),
        "keeps_it": keeps_it,
    }
    return render(request, "registry/items_claims.html", context)


def _keeps(request: SignedInRequest, department: Department) -> bool:
    return departments_within(request.user, Duty.KEEP_LIST).filter(pk=department.pk).exists()


def _desk(department: Department | UUID) -> str:
    pk = department.pk if isinstance(department, Department) else department
    return f"{reverse('registry:claims')}?department={pk}"


@keeps
@require_POST
def claim_items(request: SignedInRequest) -> HttpResponse:
    """Claim the ticked items, one line of the log each."""
    form = forms.ClaimDepartmentForm(request.POST, by=request.user)
    if not form.is_valid():
        return HttpResponseRedirect(reverse("registry:claims"), status=303)
    department: Department = form.cleaned_data["department"]
    chosen = queries.visible_items(request.user).filter(pk__in=_uuids(request.POST.getlist("chosen")))
    found = list(chosen.order_by("code"))
    for one in found:
        claim_operations.claim(item=one, department=department, by=request.user, at=timezone.now())
    if found:
        messages.success(request, f"已认领{len(found)}项。")
    else:
        messages.warning(request, "没有选中任何事项。请先勾选要认领的事项。")
    return HttpResponseRedirect(_desk(department), status=303)


def _uuids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _claim(request: SignedInRequest, pk: UUID) -> Claim:
    return get_object_or_404(queries.visible_claims(request.user), pk=pk)


@keeps
def adapt_claim(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """本级细化."""
    claim = _claim(request, pk)
    initial = {"ratio": claim.ratio, "frequency": claim.frequency, "note": claim.note}
    form = forms.AdaptForm(request.POST or None, initial=initial)

    def act(values: dict[str, Any]) -> str:
        claim_operations.adapt(claim=claim, **values, by=request.user, at=timezone.now())
        return _desk(claim.department)

    version = claim.item.versions.filter(state="published").first()
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
        claim_operations.release(claim=claim, **values, by=request.user, at=timezone.now())
        return _desk(claim.department)

    title, back = f"取消认领：{claim.item}", _desk(claim.department)
    form = forms.NoteForm(request.POST or None)
    return form_page(request, form, act, title=title, done="已取消认领。", button="取消认领", back=back)


@keeps
@require_POST
def renew_claim(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """重新确认."""
    claim = _claim(request, pk)
    claim_operations.renew(claim=claim, by=request.user, at=timezone.now())
    messages.success(request, "已重新确认，按上级现行规定使用。")
    return HttpResponseRedirect(_desk(claim.department), status=303)


@reads
class CeilingList(ListPage):
    """一般检查事项比例上限."""

    title = "一般事项比例上限"
    table_class = tables.CeilingTable
    template_name = "registry/items_ceilings.html"

    def rows(self) -> QuerySet[RatioCeiling]:
        """All, the ended ones too."""
        return queries.visible_ceilings(self.by)


@decides
def set_ceiling(request: SignedInRequest) -> HttpResponse:
    """设定比例上限."""
    form = forms.CeilingForm(request.POST or None, by=request.user, initial={"year": timezone.localdate().year})

    def act(values: dict[str, Any]) -> str:
        operations.set_ceiling(**values, by=request.user, at=timezone.now())
        return reverse("registry:ceilings")

    lead = "只适用于一般检查事项，且只对此后提交的版本生效；没有设定的地方不作限制。"
    back = reverse("registry:ceilings")
    return form_page(request, form, act, title="设定一般事项比例上限", done="已设定。", back=back, lead=lead)
