"""Plans and schemes before the public."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from gongchou.plans.models import PlanVersion, Scheme
from gongchou.publicity.queries import plans as queries
from gongchou.publicity.tables import plans as tables
from gongchou.web.access import open_to_all
from gongchou.web.lists import ListPage
from gongchou.web.take_away import workbook


@open_to_all
class PlanList(ListPage):
    """年度抽查计划公示."""

    title = "抽查计划公示"
    table_class = tables.PublicPlanTable
    filter_class = tables.PublicPlanFilter
    template_name = "publicity/plans.html"

    def rows(self) -> QuerySet[PlanVersion]:
        """What stands."""
        return queries.published_plans()


@open_to_all
@require_safe
def plan(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """One plan: the version that stands or was asked for, what was changed from the one before, all versions."""
    versions = queries.versions_of(pk)
    asked = request.GET.get("version", "")
    version = next((one for one in versions if str(one.number) == asked), None) or next(iter(versions), None)
    if version is None:
        raise Http404
    if "export" in request.GET:
        return _workbook(request, version)
    earlier = next((one for one in versions if one.number < version.number), None)
    return _page(request, version, versions, earlier)


def _page(
    request: HttpRequest, version: PlanVersion, versions: list[PlanVersion], earlier: PlanVersion | None
) -> HttpResponse:
    context = {
        "title": version.name,
        "version": version,
        "versions": versions,
        "rows": queries.lines_told(version),
        "earlier": earlier,
        "changes": queries.changes(earlier, version) if earlier else [],
        "schemes": queries.schemes_of(version),
    }
    return render(request, "publicity/plan.html", context)


def _workbook(request: HttpRequest, version: PlanVersion) -> HttpResponseBase:
    title = f"{version.name}-第{version.number}版"
    return workbook(request, title, queries.as_rows(version), version.lines.count())


@open_to_all
class SchemeList(ListPage):
    """抽查任务工作方案公示: those outside the plans as well."""

    title = "工作方案公示"
    table_class = tables.PublicSchemeTable
    filter_class = tables.PublicSchemeFilter
    template_name = "publicity/schemes.html"

    def rows(self) -> QuerySet[Scheme]:
        """The newest of each task."""
        return queries.published_schemes()


@open_to_all
@require_safe
def scheme(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One scheme, the newest of its task."""
    shown = get_object_or_404(queries.published_schemes(), task=pk)
    return render(request, "publicity/scheme.html", {"title": f"工作方案：{shown.task.name}", "scheme": shown})
