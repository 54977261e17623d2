"""A department's record with draws: how many, how many again, how many given up, how long each promise lay open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import Case, CharField, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from gongchou.accounts.models import Department
from gongchou.draws.models import Draw, Hit, Replacement
from gongchou.draws.queries.results import is_unopened, is_waiting
from gongchou.draws.states import PUBLIC, DrawState, Mode

WAITING, UNOPENED = "waiting", "unopened"
ONLY = {
    "drawn": ("抽出结果", Q(batch__drawn_at__isnull=False)),
    WAITING: ("等待抽取", Q(shown=WAITING)),
    "redrawn": ("重抽", Q(supersedes__isnull=False)),
    "withdrawn": ("来源截止之前撤回", Q(state=DrawState.WITHDRAWN)),
    "withdrawn_late": ("来源截止或随机数产生之后撤回", Q(state=DrawState.WITHDRAWN_LATE)),
    "replaced": ("有替换", Q(n_replaced__gt=0)),
    UNOPENED: ("到时未公布结果", Q(shown=UNOPENED)),
}
"""Figure -> what it is called, and which draws it counts."""


@dataclass(frozen=True)
class Figures:
    """n_promised: draws, whatever came of them; counts: of these, by the keys of ``ONLY``

    selected, replaced: objects; lead: the median, None without a draw
    """

    n_promised: int
    counts: dict[str, int]
    selected: int
    replaced: int
    lead: timedelta | None

    @property
    def rate(self) -> str:
        """How many of the selected were replaced, in percent cut to one decimal."""
        if not self.selected:
            return "—"
        tenths = self.replaced * 1000 // self.selected
        return f"{tenths // 10}.{tenths % 10}%"


def department_of(code: str) -> Department | None:
    """Who has draws before the public."""
    drew = Draw.objects.filter(batch__state__in=PUBLIC).order_by().values("task__department")
    return Department.objects.filter(code=code, pk__in=drew).first()


def draws_by(department: Department, *, at: datetime | None = None) -> QuerySet[Draw]:
    """Its public draws in earnest, with ``shown``, ``n_selected``, ``n_replaced``; practice runs do not count.

    at: now, which tells what is late
    """
    rows = Draw.objects.filter(task__department=department, batch__state__in=PUBLIC, batch__mode=Mode.OFFICIAL)
    now = at or timezone.now()
    hits = Hit.objects.filter(draw=OuterRef("pk"), rank__lte=F("stratum__n"))
    replaced = Replacement.objects.filter(draw=OuterRef("pk"), event__isnull=False)
    cases = (When(is_unopened(now), then=Value(UNOPENED)), When(is_waiting(now), then=Value(WAITING)))
    shown = Case(*cases, default=F("state"), output_field=CharField())
    return rows.select_related("batch", "task").annotate(
        shown=shown, n_selected=_count(hits), n_replaced=_count(replaced)
    )


def _count(rows: QuerySet[Any]) -> Coalesce:
    return Coalesce(Subquery(rows.order_by().values("draw").annotate(n=Count("pk")).values("n")), 0)


def figures_of(rows: QuerySet[Any]) -> Figures:
    """What the draws of ``draws_by`` come to."""
    told = list(rows.order_by("pk"))
    counts = {name: rows.filter(which).count() for name, (_, which) in ONLY.items()}
    leads = [one.batch.beacon_at - one.batch.committed_at for one in told]
    return Figures(
        len(told),
        counts,
        sum(one.n_selected for one in told),
        sum(one.n_replaced for one in told),
        median(leads) if leads else None,
    )
