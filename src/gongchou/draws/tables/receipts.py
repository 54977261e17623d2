"""Columns of the keys that drawn objects are handed."""

from __future__ import annotations

import django_tables2 as tables

from gongchou.draws.models import Hit
from gongchou.draws.tables import HitTable


class KeyTable(HitTable):
    """回执码: what an object has to type, by the lists as they were frozen."""

    number = tables.Column(empty_values=(), orderable=False, verbose_name="查询时填写的代码")
    key = tables.Column(empty_values=(), orderable=False, verbose_name="回执码")

    class Meta(HitTable.Meta):
        exclude = ("task", "ticket")
        fields = ("number", "subject", "region", "stratum", "rank", "place", "key")  # type: ignore[assignment]
        sequence = fields
        order_by = ("stratum", "rank")  # type: ignore[assignment]

    def render_number(self, record: Hit) -> str:
        """As frozen."""
        return str(self.request.handed.number(record))

    def render_key(self, record: Hit) -> str:
        """Made anew each time: no table holds it."""
        return str(self.request.handed.key(record))
