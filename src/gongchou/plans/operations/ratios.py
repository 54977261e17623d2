"""A proposal of ratios taken for lines of a draft."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from gongchou.accounts.models import User
from gongchou.audit.operations import Done, operation
from gongchou.plans import ratios
from gongchou.plans.models import LineVersion, PlanVersion
from gongchou.plans.operations.holding import held_version
from gongchou.plans.permissions import plans as permissions
from gongchou.plans.queries.advice import ratio_words
from gongchou.plans.rules import advice as rules
from gongchou.registry.ratio import ratio_to_json
from gongchou.seen import check_unchanged


@operation("lines.ratios_taken", "采用比例建议")
def take_ratios(
    *,
    version: PlanVersion,
    lines: Iterable[LineVersion],
    steps: Mapping[str, int],
    by: User,
    at: datetime,
    seen: str = "",
) -> Done[PlanVersion]:
    """Give lines of a draft the same ratios by class, in thousandths; the log keeps old and new of each.

    seen: what the page had shown. Raises Refused ``web.changed_meanwhile`` and as ``rules.advice``.
    """
    version = held_version(version)
    keys = [line.pk for line in lines]
    found = list(LineVersion.objects.select_for_update(of=("self",)).filter(pk__in=keys).select_related(
        "line", "initiator", "version__plan__department__region"
    ))  # fmt: skip
    rules.check_lines(version, found)
    for line in found:
        permissions.check_can_edit_line(by, line)
    check_unchanged(seen, ratio_words(found))
    rules.check_steps(version, steps)
    before = {line.pk: line.ratio_words for line in found}
    for line in found:
        line.ratio = ratio_to_json(ratios.table_of(steps))
        line.save(update_fields=["ratio"])
    changed = {f"第{line.number}行 {line.name}": [before[line.pk], line.ratio_words] for line in found}
    return Done(version, {"changed": changed})
