"""The list of whom a draw leaves out, before and after the freeze."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone

from gongchou.draws import rules
from gongchou.draws.models import Draw
from gongchou.draws.queries.batches import visible
from gongchou.draws.queries.left_out import LeftOut, digests_of, left_out_of
from gongchou.draws.tables.left_out import LeftOutFilter, LeftOutTable
from gongchou.draws.views.batches import reads
from gongchou.web.lists import ListPage


@reads
class LeftOutList(ListPage):
    """排除的对象."""

    title = "排除的对象"
    table_class = LeftOutTable
    filter_class = LeftOutFilter
    template_name = "draws/left_out.html"

    def get(self, request: Any, **kwargs: Any) -> HttpResponseBase:
        """Of the draw in the address. Raises Refused ``draws.put_aside``."""
        rows = Draw.objects.select_related("batch__department", "task__department")
        self.draw = get_object_or_404(rows, pk=kwargs["pk"], batch__in=visible(self.by))
        rules.check_has_lists(self.draw.batch)
        self.title = f"排除的对象-{self.draw.code}"  # type: ignore[misc]
        return super().get(request)

    def rows(self) -> Iterable[LeftOut]:  # type: ignore[override]
        """As they are now, or as they were frozen."""
        return left_out_of(self.draw, at=timezone.now())

    def more(self) -> dict[str, Any]:
        """Whose list it is, and what proves it and the published one."""
        return {"draw": self.draw, "batch": self.draw.batch, "lists": digests_of(self.draw)}
