"""What an officer should know before she goes in (R-75)."""

from __future__ import annotations

from typing import Any

from django.db.models import F

from gongchou.inspections.models import Result
from gongchou.inspections.states import ResultState
from gongchou.registry.models import Subject

MOST = 20


def history_of(subject: Subject) -> list[dict[str, Any]]:
    """Earlier results of the object that were passed, the newest first, of whichever department."""
    return [
        {
            "on": row.revision.received_at.date().isoformat(),
            "department": row.inspection.department.short_name,
            "item": row.item.code,
            "result": "、".join(str(one) for one in row.words.all()),
        }
        for row in _passed(subject)
    ]


def _passed(subject: Subject) -> list[Result]:
    rows = Result.objects.filter(
        inspection__visit__subject=subject,
        inspection__state=ResultState.APPROVED,
        revision=F("inspection__head"),
        is_checked=True,
    )
    rows = rows.select_related("revision", "inspection__department", "item").prefetch_related("words")
    return list(rows.order_by("-revision__received_at", "item__code")[:MOST])


def warnings_of(subject: Subject) -> list[str]:
    """What the register knows that matters at the door: a state other than living, licences that ran out."""
    found = []
    if subject.status != Subject.Status.LIVING:
        found.append(f"登记状态：{subject.get_status_display()}")
    if subject.vanished_at:
        found.append("最近一次全量更新的登记数据中没有该对象")
    if subject.grade in (Subject.Grade.C, Subject.Grade.D):
        found.append(f"信用风险等级：{subject.get_grade_display()}（内部资料，不得外传）")
    return found
