"""Pages on which the department of a draw hands out 回执码, with which objects ask why they were drawn or not."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from gongchou.accounts.models import User
from gongchou.accounts.requests import SignedInRequest
from gongchou.draws import permissions
from gongchou.draws.forms.afterwards import KeyForm
from gongchou.draws.models import Draw, Hit
from gongchou.draws.operations import receipts as operations
from gongchou.draws.queries.batches import visible
from gongchou.draws.queries.receipts import Handed, handed_out
from gongchou.draws.tables import HitFilter
from gongchou.draws.tables.receipts import KeyTable
from gongchou.draws.views.batches import works
from gongchou.refusal import Refused, sentence
from gongchou.web.lists import ListPage


def _draw_of(by: User, pk: UUID) -> Draw:
    """A draw whose keys are in her hands. Raises Refused ``registry.out_of_reach``, ``draws.no_result``."""
    rows = Draw.objects.select_related("batch__department", "task__department__region")
    draw = get_object_or_404(rows, pk=pk, batch__in=visible(by))
    permissions.check_can_hand_keys(by, draw)
    return draw


@works
class KeyList(ListPage):
    """回执码 of whom a draw selected."""

    title = "回执码"
    table_class = KeyTable
    filter_class = HitFilter
    template_name = "draws/receipt_keys.html"

    def get(self, request: Any, **kwargs: Any) -> HttpResponseBase:
        """Of the draw in the address; an export is logged as all are, a look by an operation of its own."""
        self.draw = _draw_of(request.user, kwargs["pk"])
        self.title = f"回执码-{self.draw.code}"  # type: ignore[misc]
        request.handed = Handed(self.draw)
        return super().get(request)

    def rows(self) -> QuerySet[Hit]:
        """Not those in reserve: nobody was told anything of them."""
        return handed_out(self.draw)

    def _table(self, rows: Any) -> Any:
        table = super()._table(rows)
        if "export" not in self.request.GET:
            told = {"n_rows": table.paginator.count, "asked": self._asked(table)}
            operations.note_keys_seen(draw=self.draw, **told, by=self.by, at=timezone.now())
        return table

    def more(self) -> dict[str, Any]:
        """Whose list it is."""
        return {"draw": self.draw, "batch": self.draw.batch}


@works
@sensitive_post_parameters("number")
def issue(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """补发回执码 to whoever asks, drawn or not; it is shown once, on the answer itself."""
    draw = _draw_of(request.user, pk)
    form, issued = KeyForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            issued = Handed(draw).of_number(form.cleaned_data["number"])
            operations.note_key_issued(draw=draw, number=issued[0], by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, sentence(refused))
    context = {"title": f"补发回执码：{draw.code}", "draw": draw, "batch": draw.batch, "form": form, "issued": issued}
    context["back"] = reverse("draws:receipt-keys", args=[draw.pk])
    return render(request, "draws/issue_key.html", context, status=422 if form.errors else 200)
