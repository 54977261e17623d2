"""部门抽取记录: what a department has done with its draws, each figure with the draws behind it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from gongchou.draws.models import Draw
from gongchou.publicity import timeline
from gongchou.publicity.queries import records as queries
from gongchou.publicity.tables import draws as tables
from gongchou.web.access import open_to_all
from gongchou.web.lists import ListPage


@open_to_all
class Record(ListPage):
    """部门抽取记录."""

    title = "部门抽取记录"
    table_class = tables.RecordTable
    filter_class = tables.RecordFilter
    template_name = "publicity/record.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Of the department in the address."""
        found = queries.department_of(kwargs["code"])
        if found is None:
            raise Http404
        self.department = found
        return super().get(request, **kwargs)

    def rows(self) -> QuerySet[Draw]:
        """Its draws in earnest."""
        return queries.draws_by(self.department)

    def more(self) -> dict[str, Any]:
        """The figures, each with what it counts."""
        figures = queries.figures_of(self.rows())
        counted = [(name, words, figures.counts[name]) for name, (words, _) in queries.ONLY.items()]
        lead = timeline.in_words(figures.lead) if figures.lead is not None else "—"
        return {"department": self.department, "figures": figures, "counted": counted, "lead": lead}
