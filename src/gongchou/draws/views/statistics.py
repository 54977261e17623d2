"""抽取统计: what finished draws came to, and the lists behind its figures."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongchou.accounts.requests import SignedInRequest
from gongchou.accounts.roles import Duty
from gongchou.draws import charts, sheets, tables
from gongchou.draws.forms import ScopeForm
from gongchou.draws.models import Draw, Hit, Seat, Stratum
from gongchou.draws.queries.statistics import Scope, Statistics, drawn, seats_of, standing
from gongchou.plans.sheet import Sheet
from gongchou.web.access import needs
from gongchou.web.lists import ListPage, taken_out
from gongchou.web.take_away import workbook

reads = needs(Duty.READ_PLANS, Duty.COORDINATE)


@reads
@require_safe
def statistics(request: SignedInRequest) -> HttpResponseBase:
    """The page, or one of its sheets as a workbook."""
    today = timezone.localdate()
    form = ScopeForm(request.GET if "year" in request.GET else {"year": today.year}, by=request.user)
    told = Statistics(request.user, Scope(**form.cleaned_data) if form.is_valid() else Scope(), at=timezone.now())
    if asked := request.GET.get("export"):
        return _taken_away(request, told, asked)
    found = {code: make(told) for code, make in sheets.SHEETS.items()}
    return render(request, "draws/statistics.html", _context(told, found, form))


def _taken_away(request: SignedInRequest, told: Statistics, code: str) -> HttpResponseBase:
    if code not in sheets.SHEETS:
        raise Http404
    sheet = sheets.SHEETS[code](told)
    scope = told.scope
    asked = {"年度": scope.year, "部门": scope.department, "区划": scope.region}
    name, words = f"抽取统计-{sheet.title}", {key: str(value) for key, value in asked.items() if value}
    taken_out.send(Sheet, request=request, title=name, n_rows=len(sheet.rows), asked=words)
    return workbook(request, name, sheet.taken_away(), len(sheet.rows))


def _context(told: Statistics, found: dict[str, Sheet], form: ScopeForm) -> dict[str, Any]:
    drawings: dict[str, list[Any]] = {
        "rate_bars": sheets.rate_bars(told.rates),
        "unit_spans": sheets.unit_spans(told),
        "pair_bars": sheets.pair_bars(told),
        "load_spans": sheets.load_spans(told.loads),
        "change_bars": sheets.change_bars(told),
    }
    return {
        "title": "抽取统计",
        "form": form,
        "told": told,
        "sheets": found,
        "columns": sheets.ticket_columns(told.tickets),
        "kinds": [
            (words, sheets.asked("statistics-draws", told.scope, kind=kind)) for words, _, kind in sheets.CHANGES
        ],
        "amber": sheets.asked("statistics-strata", told.scope, amber="true"),
        "open_seats": sheets.asked("statistics-seats", told.scope, open="true"),
        "n_drawn": sum(row.n_drawn for row in told.rates),
        **drawings,
        "tall": {name: charts.tall(rows) for name, rows in drawings.items()},
    }


class _Behind(ListPage):
    """A list behind a figure: official draws that somebody sees."""

    template_name = "draws/statistics_list.html"

    @property
    def draws(self) -> QuerySet[Draw]:
        """All of them, of any year and department."""
        return Scope().draws(self.by)


@reads
class DrawList(_Behind):
    """Draws."""

    title = "抽取统计：各次抽取"
    table_class = tables.DrawTable
    filter_class = tables.DrawFilter

    def rows(self) -> QuerySet[Draw]:
        """Promised to the public."""
        gone = Hit.objects.filter(draw=OuterRef("pk"), place=Hit.Place.REPLACED).order_by().values("draw")
        n_gone = Coalesce(Subquery(gone.annotate(n=Count("pk")).values("n")), 0)
        rows = self.draws.select_related("batch", "task__department", "supersedes")
        n = Stratum.objects.filter(draw=OuterRef("pk")).order_by().values("draw").annotate(whole=Sum("n"))
        return rows.annotate(n=Subquery(n.values("whole")), n_replaced=n_gone)


@reads
class StratumList(_Behind):
    """Strata of draws that stand."""

    title = "抽取统计：各层"
    table_class = tables.StratumTable
    filter_class = tables.StratumFilter

    def rows(self) -> QuerySet[Stratum]:
        """With what was drawn and replaced."""
        rows = Stratum.objects.filter(draw__in=standing(self.draws).order_by().values("pk"))
        selected = Count("hits", filter=Q(hits__rank__lte=F("n")))
        gone = Count("hits", filter=Q(hits__place=Hit.Place.REPLACED))
        return rows.select_related("batch", "draw__task__department").annotate(n_drawn=selected, n_replaced=gone)


@reads
class SeatList(_Behind):
    """Seats of the batches whose draws stand."""

    title = "抽取统计：检查席位"
    table_class = tables.SeatTable
    filter_class = tables.SeatFilter

    def rows(self) -> QuerySet[Seat]:
        """As they are held now."""
        rows = seats_of(self.draws)
        return rows.select_related("batch", "visit__subject", "department", "inspector__department", "team")


@reads
class DrawnList(_Behind):
    """Objects drawn, as the tickets fell."""

    title = "抽取统计：抽中的对象"
    table_class = tables.HitTable
    filter_class = tables.DrawnFilter

    def rows(self) -> QuerySet[Hit]:
        """Of draws with a result, those that stand."""
        own = standing(drawn(self.draws)).order_by().values("pk")
        rows = Hit.objects.filter(draw__in=own, rank__lte=F("stratum__n"))
        return rows.select_related("draw__task", "stratum", "subject__region")
