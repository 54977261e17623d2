"""Pages of 同源管理."""

from __future__ import annotations

from collections.abc import Sequence
from tempfile import TemporaryFile
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongchou.accounts.requests import SignedInRequest
from gongchou.registry.forms.alignment import ImportForm
from gongchou.registry.models import OfficialEntry
from gongchou.registry.operations import alignment as operations
from gongchou.registry.queries import alignment as queries
from gongchou.registry.queries.items import share_words
from gongchou.registry.tables import alignment as tables
from gongchou.registry.views.versions import keeps, reads
from gongchou.sheets.writing import write_table
from gongchou.web.forms import form_page
from gongchou.web.lists import ListPage

PER_PAGE = 20
BAR, GAP, NAME_WIDTH, FULL_WIDTH = 22, 34, 190, 380  # of the drawing, in its own units


@reads
@require_safe
def alignment(request: SignedInRequest) -> HttpResponseBase:
    """同源管理: how far the list agrees with the two systems, and each place where it does not."""
    versions = queries.published_items(request.user)
    faults = queries.find_misalignments(versions)
    counts = queries.counts_by_department(versions, faults)
    shown = _asked(request, faults)
    table = tables.MisalignmentTable(shown, request=request)
    if "export" in request.GET:
        return _workbook(table)
    table.paginator = Paginator(table.rows, PER_PAGE)
    table.page = table.paginator.get_page(request.GET.get("page"))
    context = {
        "title": "同源管理",
        "table": table,
        "counts": counts,
        "bars": _bars(counts),
        "height": len(counts) * GAP + 4,
        "faults": queries.FAULT_NAMES,
        "sources": OfficialEntry.Source.choices,
        "total": share_words(sum(one.n_mapped for one in counts), len(versions)),
    }
    name = "web/rows.html" if request.headers.get("HX-Target") == "rows" else "registry/items_alignment.html"
    return render(request, name, context)


def _asked(request: HttpRequest, faults: list[queries.Misalignment]) -> list[queries.Misalignment]:
    """Those of the department, system and kind that are asked for."""
    department, source, fault = (request.GET.get(name, "") for name in ("department", "source", "fault"))
    rows = [one for one in faults if department in ("", str(one.version.item.owner_id))]
    return [one for one in rows if source in ("", one.source) and fault in ("", one.fault)]


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


def _workbook(table: tables.MisalignmentTable) -> FileResponse:
    file = TemporaryFile()  # noqa: SIM115 -- the response closes it
    write_table(file, table.as_values(), title="同源管理")
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"同源管理-{timezone.localtime():%Y%m%d-%H%M}.xlsx")


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


@keeps
def import_entries(request: SignedInRequest) -> HttpResponse:
    """导入条目."""
    initial = {"department": request.user.department_id}
    form = ImportForm(request.POST or None, request.FILES or None, by=request.user, initial=initial)

    def act(values: dict[str, Any]) -> str:
        operations.import_entries(**values, by=request.user, at=timezone.now())
        return reverse("registry:alignment")

    lead = "从“互联网+监管”平台或权责清单系统导出后在此导入；有任何一行不合格，整份文件都不导入。"
    back = reverse("registry:alignment")
    return form_page(request, form, act, title="导入条目", done="已导入。", button="导入", back=back, lead=lead)
