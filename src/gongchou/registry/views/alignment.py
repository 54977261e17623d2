"""Pages of 同源管理."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from gongchou.accounts.requests import SignedInRequest
from gongchou.registry.forms.alignment import ImportForm
from gongchou.registry.models import OfficialEntry, OfficialImport
from gongchou.registry.operations import alignment as operations
from gongchou.registry.queries import alignment as queries
from gongchou.registry.queries.items import share_words
from gongchou.registry.tables import alignment as tables
from gongchou.registry.views.versions import keeps, reads
from gongchou.web.forms import form_page
from gongchou.web.lists import ListPage

BAR, GAP, FULL_WIDTH = 22, 34, 380  # of the drawing, in its own units


@reads
class AlignmentReport(ListPage):
    """同源管理: how far the list agrees with the two systems, and each place where it does not."""

    title = "同源管理"
    table_class = tables.MisalignmentTable
    filter_class = tables.MisalignmentFilter
    template_name = "registry/items_alignment.html"

    def rows(self) -> list[queries.Misalignment]:
        """All disagreements within reach."""
        self.versions = queries.published_items(self.by)
        self.faults = queries.find_misalignments(self.versions)
        return self.faults

    def more(self) -> dict[str, Any]:
        """How the departments stand, in numbers and as bars."""
        counts = queries.counts_by_department(self.versions, self.faults)
        return {
            "counts": counts,
            "bars": _bars(counts),
            "height": len(counts) * GAP + 4,
            "total": share_words(sum(one.n_mapped for one in counts), len(self.versions)),
        }


def _bars(counts: Sequence[queries.DepartmentCount]) -> list[dict[str, Any]]:
    """A bar for each department: its place, and the part of it that agrees."""
    return [
        {
            "name": one.department.short_name,
            "top": number * GAP + 4,
            "middle": number * GAP + 4 + BAR // 2 + 5,
            "part": one.share * FULL_WIDTH // 100,
            "words": one.aligned_words,
        }
        for number, one in enumerate(counts)
    ]


@reads
class EntryList(ListPage):
    """监管事项与权责清单条目."""

    title = "监管事项与权责清单条目"
    table_class = tables.EntryTable
    filter_class = tables.EntryFilter
    template_name = "registry/items_entries.html"

    def rows(self) -> QuerySet[OfficialEntry]:
        """Those of the departments within reach."""
        return queries.visible_entries(self.by)


@reads
class ImportList(ListPage):
    """导入记录."""

    title = "条目导入记录"
    table_class = tables.ImportTable
    template_name = "registry/items_entries.html"

    def rows(self) -> QuerySet[OfficialImport]:
        """Those of the departments within reach."""
        return queries.visible_imports(self.by)


@keeps
def import_entries(request: SignedInRequest) -> HttpResponse:
    """导入条目."""
    initial = {"department": request.user.department_id}
    form = ImportForm(request.POST or None, request.FILES or None, by=request.user, initial=initial)

    def act(values: dict[str, Any]) -> str:
        brought = operations.import_entries(**values, by=request.user, at=timezone.now())
        messages.info(request, queries.import_words(brought))
        return reverse("registry:alignment")

    lead = "从“互联网+监管”平台或权责清单系统导出后在此导入；有任何一行不合格，整份文件都不导入。"
    back = reverse("registry:alignment")
    return form_page(request, form, act, title="导入条目", done="已导入。", button="导入", back=back, lead=lead)
