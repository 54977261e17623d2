"""预测: what a version of a plan, or a place's whole year, is expected to come to."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongchou.accounts.requests import SignedInRequest
from gongchou.plans import charts
from gongchou.plans.queries.expected import Year
from gongchou.plans.queries.survey import Survey
from gongchou.plans.sheet import Sheet, words_of
from gongchou.plans.tables import forecast as tables
from gongchou.plans.views.plans import reads, version_of
from gongchou.web.lists import taken_out
from gongchou.web.take_away import workbook

SCOPES = {"plan": "本计划", "year": "本地区全年各部门计划"}


@reads
@require_safe
def plan_forecast(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    """The page, or one of its figures as a workbook."""
    version = version_of(request, pk)
    scope = "year" if request.GET.get("scope") == "year" else "plan"
    year = Year(Survey(version, on=timezone.localdate()), is_whole=scope == "year")
    title = f"预测：{version.name}"
    if asked := request.GET.get("export"):
        return _taken_away(request, title, scope, _sheet(year, request, asked))
    context = {
        "title": title,
        "version": version,
        "scope": scope,
        "scopes": SCOPES.items(),
        "year": year,
        "n_lines": len(year.outlook.lines),
        "sheets": {code: _sheet(year, request, code) for code in _MAKE},
        "visit_pairs": (pairs := _pairs(_sheet(year, request, "visits"))),
        "visits_tall": 10 + len(pairs) * charts.STEP,
        **_load_chart(year),
    }
    return render(request, "plans/forecast.html", context)


_MAKE: dict[str, Any] = {
    "lines": tables.lines_sheet,
    "totals": lambda year, by: tables.totals_sheet(year),
    "visits": lambda year, by: tables.visits_sheet(year),
    "load": lambda year, by: tables.load_sheet(year),
}


def _sheet(year: Year, request: SignedInRequest, code: str) -> Sheet:
    if code not in _MAKE:
        raise Http404
    found: Sheet = _MAKE[code](year, request.user)
    return found


def _taken_away(request: SignedInRequest, title: str, scope: str, sheet: Sheet) -> HttpResponseBase:
    name, n = f"{title}-{sheet.title}", len(sheet.rows)
    taken_out.send(Sheet, request=request, title=name, n_rows=n, asked={"范围": SCOPES[scope]})
    return workbook(request, name, sheet.taken_away(), n)


def _pairs(sheet: Sheet) -> list[charts.Pair]:
    rows = [(str(row.cells[0]), row.cells[1], row.cells[2]) for row in sheet.rows]
    return charts.pairs(rows, [(words_of(one), words_of(other)) for _, one, other in rows])


def _load_chart(year: Year) -> dict[str, Any]:
    """All departments together by month; the line only where every one of them knows what it can do."""
    able = [one.able for one in year.loads if one.able is not None]
    limit = sum(able) / 12 if able and len(able) == len(year.loads) else None
    months = [float(sum(one.by_month[n] for one in year.loads)) for n in range(12)]
    columns, line = charts.columns(months, limit)
    return {"columns": columns, "limit_y": line, "limit": limit and round(limit)}
