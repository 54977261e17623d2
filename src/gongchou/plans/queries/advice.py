"""比例建议: three ways to spend a year's visits on the risk-based lines of a plan."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from gongchou.plans import ratios
from gongchou.plans.allocation import Allocation, Stratum, flat, midpoint, most_found, moves_words, price_words
from gongchou.plans.models import LineVersion, PlanVersion
from gongchou.plans.norms import ByGrade, NormCode
from gongchou.plans.queries import plans as queries
from gongchou.plans.queries.norms import Applied, norms_for
from gongchou.plans.queries.outlook import Outlook
from gongchou.plans.quota import COUNTED_WITH, by_district
from gongchou.refusal import Refused, sentence
from gongchou.registry.ratio import GRADES

NEEDED = (NormCode.BANDS, NormCode.PROBLEM_RATES)


@dataclass(frozen=True)
class Option:
    """One of the plans. why_not: why it cannot be taken, "" if it can; districts: visits of each, where asked for"""

    code: str
    name: str
    meaning: str
    steps: Mapping[str, int]
    plan: Allocation
    why_not: str
    districts: Sequence[int] = ()

    @property
    def ratios(self) -> list[tuple[str, str, float]]:
        """Class, ratio and visits of each."""
        told = zip(GRADES, self.plan.visits, strict=True)
        return [(grade, ratios.percent(self.steps[grade]), visits) for grade, visits in told]

    @property
    def hit_rate(self) -> float:
        """Of a hundred visits, how many find something."""
        return self.plan.found / self.plan.spent if self.plan.spent else 0.0


class Advice:
    """The risk-based lines of a version, or some of them by key, over the register as it stands."""

    def __init__(self, version: PlanVersion, chosen: Collection[UUID] = (), capacity: int | None = None) -> None:
        self.version, self.asked = version, capacity
        self.lines = [line for line in queries.lines_of(version) if line.is_risk_based]
        self.chosen = [line for line in self.lines if not chosen or line.pk in chosen]

    @cached_property
    def norms(self) -> Mapping[str, Applied]:
        """What documents say of bands and rates."""
        return norms_for(self.version.plan.department.region, self.version.plan.year)

    @property
    def missing(self) -> list[NormCode]:
        """What nobody has said yet."""
        return [code for code in NEEDED if code not in self.norms]

    def demand(self, code: NormCode) -> ByGrade:
        """Bands or rates, which are there."""
        found = self.norms[code].demand
        assert isinstance(found, ByGrade)  # noqa: S101 -- as these two are read
        return found

    @cached_property
    def outlook(self) -> Outlook:
        """The chosen lines."""
        return Outlook(self.chosen)

    @cached_property
    def sizes(self) -> dict[str, int]:
        """Visits of a year if everybody in the pools were drawn each time, by class; the ungraded count as B."""
        found = dict.fromkeys(GRADES, 0)
        for at, line in enumerate(self.chosen):
            for grade, n in self.outlook.sizes(at).by_grade.items():
                found[grade or COUNTED_WITH] += n * line.rounds
        return found

    @cached_property
    def districts(self) -> dict[str, dict[str, int]]:
        """District -> the same of each class."""
        found: dict[str, dict[str, int]] = {}
        profiles = self.outlook.profiles
        for at, line in enumerate(self.chosen):
            rows = zip(profiles.districts, profiles.grades, profiles.sizes * profiles.members[:, at], strict=True)
            for district, grade, n in rows:
                own = found.setdefault(district, dict.fromkeys(GRADES, 0))
                own[grade or COUNTED_WITH] += int(n) * line.rounds
        return {code: own for code, own in sorted(found.items()) if any(own.values())}

    @cached_property
    def bands(self) -> dict[str, ratios.Band]:
        """In steps."""
        return ratios.bands_of(self.demand(NormCode.BANDS))

    @cached_property
    def strata(self) -> list[Stratum]:
        """A stratum for each class."""
        rates = ratios.rates_of(self.demand(NormCode.PROBLEM_RATES))
        return ratios.strata_of(self.sizes, self.bands, rates)

    @cached_property
    def now(self) -> int:
        """Visits of the year as the lines stand."""
        return sum(drawn.n_year for drawn in self.outlook.drawn)

    @property
    def least(self) -> int:
        """What the floors of the bands need."""
        return sum(stratum.lo for stratum in self.strata)

    @property
    def capacity(self) -> int:
        """As it was asked for; else what the lines draw now, and at least what the floors need."""
        return self.asked if self.asked is not None else max(self.now, self.least)

    def options(self, *, with_districts: bool = False) -> list[Option]:
        """Flat, mid-point and most found. Raises Refused ``plans.capacity_too_small``."""
        ways = [
            ("flat", "不分等级", "每个等级同一比例，只作对照。", flat(self.strata, self.capacity)),
            ("middle", "区间中点", "各等级取区间中点，按检查量同比例增减。", midpoint(self.strata, self.capacity)),
            (
                "most",
                "发现最多",
                "先用在每次检查发现问题最多的等级，其余守住下限。",
                most_found(self.strata, self.capacity),
            ),
        ]
        return [self._option(*way, with_districts) for way in ways]

    def _option(self, code: str, name: str, meaning: str, plan: Allocation, with_districts: bool) -> Option:
        if code == "flat":
            steps, told = self._flat(plan), plan
        else:
            steps = ratios.steps_of(plan, self.strata, self.bands)
            told = ratios.with_steps(self.strata, steps, plan.per_unit)
        why = "" if code != "flat" else "不分等级只作对照，不能采用。"
        if not why and not (ratios.is_in_bands(steps, self.bands) and ratios.is_monotone(steps)):
            why = "登记的比例区间前后矛盾，风险高的等级上限反而低，无法既守区间又不降低高风险等级的比例。"
        districts = self._shared(told) if with_districts else ()
        return Option(code, name, meaning, steps, told, why, districts)

    def _flat(self, plan: Allocation) -> dict[str, int]:
        whole = sum(stratum.size for stratum in self.strata)
        step = round(ratios.WHOLE * sum(plan.visits) / whole) if whole else 0
        return dict.fromkeys(GRADES, step)

    def _shared(self, plan: Allocation) -> list[int]:
        """The visits of each district: those of each class shared out by its subjects there."""
        found = dict.fromkeys(self.districts, 0)
        for grade, visits in zip(GRADES, plan.visits, strict=True):
            for code, n in by_district(round(visits), {one: own[grade] for one, own in self.districts.items()}).items():
                found[code] += n
        return list(found.values())

    def price(self, options: Sequence[Option]) -> list[str]:
        """What more visits would find, and what the two plans inside the bands do otherwise."""
        _, middle, most = options
        moves = moves_words(self.strata, middle.plan, most.plan)
        return [price_words(most.plan), f"“发现最多”与“区间中点”相比：{moves}"]

    def tried(self, *, with_districts: bool = False) -> tuple[list[Option], str]:
        """The plans, or why there are none."""
        try:
            return self.options(with_districts=with_districts), ""
        except Refused as refused:
            return [], sentence(refused)


def ratio_words(lines: Sequence[LineVersion]) -> dict[str, str]:
    """What the lines say now, by their number: so that who takes a proposal takes nothing back."""
    return {str(line.number): line.ratio_words for line in lines}
