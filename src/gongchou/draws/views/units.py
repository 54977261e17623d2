"""The page of a unit that carries inspections out."""

from __future__ import annotations

from django.db.models import QuerySet

from gongchou.draws.models import Visit
from gongchou.draws.queries import units as queries
from gongchou.draws.tables.units import UnitDoorFilter, UnitDoorTable
from gongchou.draws.views.batches import reads
from gongchou.web.lists import ListPage


@reads
class UnitDoorList(ListPage):
    """派给本单位的检查."""

    title = "派给本单位的检查"
    table_class = UnitDoorTable
    filter_class = UnitDoorFilter
    template_name = "draws/unit_doors.html"

    def rows(self) -> QuerySet[Visit]:
        """Dispatched to her unit or joined by it."""
        return queries.with_words(queries.doors_of(self.by))
