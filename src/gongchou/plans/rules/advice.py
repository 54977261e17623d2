"""May these ratios be taken for these lines?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gongchou.plans import ratios
from gongchou.plans.models import LineVersion, PlanVersion
from gongchou.plans.norms import ByGrade, NormCode
from gongchou.plans.queries.norms import norms_for
from gongchou.refusal import Refused
from gongchou.registry.ratio import GRADES


def check_lines(version: PlanVersion, lines: Sequence[LineVersion]) -> None:
    """Raises Refused ``plans.no_line_chosen``, ``plans.line_foreign``, ``plans.line_not_by_risk``."""
    if not lines:
        raise Refused("plans.no_line_chosen")
    for line in lines:
        if line.version_id != version.pk:
            raise Refused("plans.line_foreign", number=line.number)
        if not line.is_risk_based:
            raise Refused("plans.line_not_by_risk", number=line.number)


def check_steps(version: PlanVersion, steps: Mapping[str, int]) -> None:
    """Raises Refused ``plans.ratio_steps``, ``…bands_missing``, ``…ratio_off_bands``, ``…ratio_falls``."""
    if tuple(sorted(steps)) != GRADES or not all(0 < step <= ratios.WHOLE for step in steps.values()):
        raise Refused("plans.ratio_steps")
    region, year = version.plan.department.region, version.plan.year
    applied = norms_for(region, year).get(NormCode.BANDS)
    if applied is None or not isinstance(applied.demand, ByGrade):
        raise Refused("plans.bands_missing", region=region.name, year=year)
    bands = ratios.bands_of(applied.demand)
    for grade in GRADES:
        if not bands[grade].least <= steps[grade] <= bands[grade].most:
            band = str(applied.demand.amounts[grade])
            raise Refused("plans.ratio_off_bands", grade=grade, ratio=ratios.percent(steps[grade]), band=band)
    if not ratios.is_monotone(steps):
        raise Refused("plans.ratio_falls")
