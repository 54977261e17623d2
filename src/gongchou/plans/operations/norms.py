"""What is set for a place and year: demands of documents, and how tasks are numbered."""

from __future__ import annotations

from datetime import datetime

from gongchou.accounts.models import Department, Region, User
from gongchou.audit.operations import Done, operation
from gongchou.plans import norms
from gongchou.plans.models import Norm, Numbering
from gongchou.plans.permissions.norms import check_can_number, check_can_set_norm
from gongchou.plans.rules.norms import check_pattern, plain_pattern
from gongchou.refusal import Refused


@operation("norm.set", "设定工作指标")
def set_norm(*, region: Region, year: int, code: str, value: str, source: str, by: User, at: datetime) -> Done[Norm]:
    """Say what a document demands of a place in a year; what applied before is ended and kept.

    Raises Refused ``plans.norm_text``, ``plans.norm_same``, ``plans.norm_out_of_reach``.
    """
    check_can_set_norm(by, region)
    text = norms.words(code, value)
    before = Norm.objects.select_for_update().filter(region=region, year=year, code=code, ended_at=None).first()
    if before:
        _check_differs(before, text, source)
        before.ended_at, before.ended_by = at, by
        before.save(update_fields=["ended_at", "ended_by"])
    norm = Norm.objects.create(region=region, year=year, code=code, value=text, source=source, set_at=at, set_by=by)
    told = {"year": year, "what": norms.name_of(code), "value": text, "source": source}
    return Done(norm, {**told, "before": before.value if before else ""})


def _check_differs(before: Norm, text: str, source: str) -> None:
    if (before.value, before.source) == (text, source):
        told = {"region": before.region.name, "year": before.year, "name": norms.name_of(before.code)}
        raise Refused("plans.norm_same", **told, value=text)


@operation("norm.ended", "停用工作指标")
def end_norm(*, norm: Norm, reason: str, by: User, at: datetime) -> Done[Norm]:
    """A demand no longer applies; from then on that of the region above does, if there is one."""
    check_can_set_norm(by, norm.region)
    norm = Norm.objects.select_for_update().get(pk=norm.pk, ended_at=None)
    norm.ended_at, norm.ended_by = at, by
    norm.save(update_fields=["ended_at", "ended_by"])
    return Done(norm, {"what": norms.name_of(norm.code), "value": norm.value, "reason": reason})


@operation("numbering.set", "设定任务编号规则")
def set_numbering(*, department: Department, year: int, pattern: str, by: User, at: datetime) -> Done[Numbering]:
    """How the tasks of a department are numbered from now on in a year. Raises Refused ``plans.pattern``."""
    check_can_number(by, department)
    pattern = plain_pattern(pattern)
    check_pattern(pattern)
    found = Numbering.objects.select_for_update().filter(department=department, year=year).first()
    before = found.pattern if found else ""
    numbering, _ = Numbering.objects.update_or_create(
        department=department, year=year, defaults={"pattern": pattern, "set_at": at, "set_by": by}
    )
    return Done(numbering, {"year": year, "pattern": pattern, "before": before})
