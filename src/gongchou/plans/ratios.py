"""Ratios by class of credit risk: steps of a thousandth, inside the bands of a document, no class below a lower one.

Pure arithmetic in whole steps; no framework is known here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from gongchou.plans.allocation import Allocation, Stratum
from gongchou.plans.norms import ByGrade
from gongchou.registry.ratio import GRADES, Amount, By, Part, Table

WHOLE = 1_000  # steps of the whole: 0.1 % each


@dataclass(frozen=True)
class Band:
    """From so many steps to so many. Nobody is left out altogether: the least is one step (R-46)."""

    least: int
    most: int


def bands_of(demand: ByGrade) -> dict[str, Band]:
    """The bands of a document in steps; 低于3% ends at 2.9 %."""
    return {grade: _band(demand.amounts[grade]) for grade in GRADES}


def _band(amount: Amount) -> Band:
    least = max(1, int((amount.floor * 10).to_integral_value(ROUND_CEILING)))
    ceiling = amount.ceiling
    most = WHOLE if ceiling is None else int((ceiling * 10).to_integral_value(ROUND_FLOOR))
    is_reached = ceiling is not None and ceiling * 10 == most
    return Band(least, max(least, most - (amount.is_under and is_reached)))


def rates_of(demand: ByGrade) -> dict[str, float]:
    """Problems that a visit is expected to find in each class; of a range its middle."""
    return {grade: _rate(demand.amounts[grade]) for grade in GRADES}


def _rate(amount: Amount) -> float:
    ends = [end for end in (amount.floor or None, amount.ceiling) if end is not None]
    return float(sum(ends) / len(ends) / 100) if ends else 0.0


def strata_of(sizes: Mapping[str, int], bands: Mapping[str, Band], rates: Mapping[str, float]) -> list[Stratum]:
    """A stratum for each class, of as many visits as there would be if everybody were drawn."""
    return [
        Stratum(f"{grade}级", sizes[grade], rates[grade], 1.0, *_visits(sizes[grade], bands[grade])) for grade in GRADES
    ]


def _visits(size: int, band: Band) -> tuple[int, int]:
    """Fewest and most; as a small class rounds up, so does its ceiling."""
    least = -(-size * band.least // WHOLE)
    return least, max(least, size * band.most // WHOLE)


def steps_of(plan: Allocation, strata: Sequence[Stratum], bands: Mapping[str, Band]) -> dict[str, int]:
    """A plan as ratios: rounded down to whole steps, so that it costs no more, inside the bands and never falling."""
    found: dict[str, int] = {}
    before = 0
    for grade, stratum, visits in zip(GRADES, strata, plan.visits, strict=True):
        band = bands[grade]
        # A broken float just below a step is that step.
        steps = int(WHOLE * visits / stratum.size + 1e-6) if stratum.size else band.least
        before = found[grade] = min(max(steps, band.least, before), max(band.most, before))
    return found


def with_steps(strata: Sequence[Stratum], steps: Mapping[str, int], per_unit: float) -> Allocation:
    """What rounded ratios come to."""
    visits = [stratum.size * steps[grade] / WHOLE for grade, stratum in zip(GRADES, strata, strict=True)]
    found = sum(stratum.rate * n for stratum, n in zip(strata, visits, strict=True))
    return Allocation(tuple(visits), found, sum(visits), per_unit)


def is_in_bands(steps: Mapping[str, int], bands: Mapping[str, Band]) -> bool:
    """Whether each class keeps to its band."""
    return all(bands[grade].least <= steps[grade] <= bands[grade].most for grade in GRADES)


def is_monotone(steps: Mapping[str, int]) -> bool:
    """Whether no class is inspected less than one of lower risk (R-44)."""
    values = [steps[grade] for grade in GRADES]
    return values == sorted(values)


def percent(steps: int) -> str:
    """25 -> 2.5%."""
    whole, part = divmod(steps, 10)
    return f"{whole}.{part}%" if part else f"{whole}%"


def table_of(steps: Mapping[str, int]) -> Table:
    """The ratios as a rule of a line."""
    parts = [(grade, Decimal(steps[grade]) / 10) for grade in GRADES]
    return Table(By.GRADE, tuple(Part(grade, Amount("%", value, value)) for grade, value in parts))
