"""Pages of 抽查事项清单, claims and ceilings."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongchou.accounts.requests import SignedInRequest
from gongchou.registry.forms import items as forms
from gongchou.registry.forms.frequency import FrequencyWidget
from gongchou.registry.forms.ratio import RatioWidget
from gongchou.registry.forms.rules import RuleWidget
from gongchou.registry.models import ItemVersion, RatioCeiling
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
