"""Pages of third-party bodies."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from gongchou.accounts.requests import SignedInRequest
from gongchou.registry.forms import inspectors as forms
from gongchou.registry.models import ThirdParty
from gongchou.registry.operations import third_parties as operations
from gongchou.registry.queries import inspectors as queries
from gongchou.registry.tables import inspectors as tables
from gongchou.registry.views.inspectors import is_keeper, keeps, reads
from gongchou.web.forms import form_page
from gongchou.web.lists import ListPage


@reads
class ThirdPartyList(ListPage):
    """第三方机构."""

    request: SignedInRequest
    title = "第三方机构"
    table_class = tables.ThirdPartyTable
    template_name = "registry/third_parties.html"

    def rows(self) -> QuerySet[ThirdParty]:
        """All: every department may ask any of them."""
        return queries.third_parties(self.request.user)

    def more(self) -> dict[str, Any]:
        """Whether the person may enter one."""
        return {"is_keeper": is_keeper(self.request)}


@keeps
def add_third_party(request: SignedInRequest) -> HttpResponse:
    """登记第三方机构."""
    return form_page(
        request,
        forms.ThirdPartyForm(request.POST or None, by=request.user),
        lambda values: operations.add_third_party(**values, by=request.user, at=timezone.now()),
        title="登记第三方机构",
        done="已登记第三方机构。",
        back=reverse("registry:third-parties"),
        lead="第三方机构及其专家协助检查，不替代持证执法人员。",
    )


@keeps
def change_third_party(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """维护第三方机构."""
    found = get_object_or_404(queries.third_parties_kept(request.user), pk=pk)
    name = found.name
    return form_page(
        request,
        forms.ThirdPartyForm(request.POST or None, instance=found, by=request.user),
        lambda values: operations.change_third_party(body=found, **values, by=request.user, at=timezone.now()),
        title=f"维护：{name}",
        done="已保存。",
        template="registry/third_parties_form.html",
        body=found,
        back=found.get_absolute_url(),
    )


@keeps
@require_POST
def switch_third_party(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """停用 what is active, 恢复 what is not; the button says which it meant."""
    found = get_object_or_404(queries.third_parties_kept(request.user), pk=pk)
    if request.POST.get("to") == "ended":
        operations.end_third_party(body=found, by=request.user, at=timezone.now())
        messages.success(request, "已停用。")
    else:
        operations.restore_third_party(body=found, by=request.user, at=timezone.now())
        messages.success(request, "已恢复。")
    return redirect("registry:third-parties")
