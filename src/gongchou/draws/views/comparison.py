"""联合与各抽的对比: what the page of a batch shows of it."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from gongchou.draws import charts
from gongchou.draws.charts import percent
from gongchou.draws.comparison import Comparison, Way
from gongchou.draws.figuring import figure, find_comparison
from gongchou.draws.models import Batch
from gongchou.draws.plainly import plainly
from gongchou.plans.sheet import Row, Sheet
from gongchou.refusal import Refused, sentence

WAYS = (("together", "一起抽（实际）"), ("expected", "各抽各的（期望）"), ("redrawn", "各抽各的（重抽一次）"))


def comparison_of(batch: Batch, *, counts: bool = False) -> dict[str, Any] | None:
    """What the page shows; None of a draw alone or not drawn. counts: count now what was not counted yet."""
    told: dict[str, Any] = {"sheet": None, "refused": ""}
    if batch.drawn_at is None or len(batch.draws.all()) < 2:
        return None
    try:
        if counts:
            with plainly():
                figure(batch, at=timezone.now())
        found = find_comparison(batch)
    except Refused as refused:
        return told | {"refused": sentence(refused)}
    if found is None:
        return told
    told_bars = _bars(found)
    return told | {
        "found": found,
        "sheet": _sheet(found),
        "bars": told_bars,
        "tall": charts.tall(told_bars),
        "n_apart": round(found.expected.n_doors),
        "n_saved": round(found.expected.n_doors) - round(found.together.n_doors),
        "saved": percent(found.saved(found.expected)),
        "fewer": percent(1 - found.together.n_doors / found.together.n_tasks),
        "hash": "SM3" if found.suite == "sm3" else "SHA-256",
    }


def _sheet(found: Comparison) -> Sheet:
    rows = []
    for name, words in WAYS:
        way: Way = getattr(found, name)
        saved = None if name == "together" else percent(found.saved(way))
        rows.append(
            Row((words, way.n_tasks, way.n_doors, way.n_merged, percent(way.merged_share), saved)),
        )
    head = ("抽法", "任务（户次）", "上门（户）", "合并上门的任务", "占任务", "一起抽少上门")
    return Sheet("comparison", "联合与各抽的对比", "", head, rows)


def _bars(found: Comparison) -> list[charts.Bar]:
    """Doors; an expectation is told to the nearest whole one."""
    rows = []
    for name, words in WAYS:
        way: Way = getattr(found, name)
        rows.append((words, way.n_doors, 0.0, f"{round(way.n_doors):,} 户"))
    return charts.bars(rows, ["together", "apart", "apart"])
