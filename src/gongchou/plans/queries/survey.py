"""All that the checks of a plan look at, read once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from uuid import UUID

from gongchou.accounts.models import Department
from gongchou.plans.models import Invitation, LineVersion, PlanVersion, Waiver
from gongchou.plans.pool import Pool, pool_from_json
from gongchou.plans.queries import plans as queries
from gongchou.plans.queries.norms import Norms, norms_for
from gongchou.plans.queries.profiles import Profiles, profiles_of
from gongchou.plans.queries.register import sizes_of
from gongchou.plans.quota import Quota, Sizes, groups_of, quota_of
from gongchou.plans.states.joint import OVER
from gongchou.plans.states.plans import OPEN, STANDING
from gongchou.refusal import Refused, sentence
from gongchou.registry.models import Claim, ItemVersion, RatioCeiling
from gongchou.registry.queries.items import find_ceiling, office_of, usable_items
from gongchou.registry.ratio import Level, Ratio
from gongchou.registry.states.lists import USABLE


def day_of(year: int, today: date) -> date:
    """The day by which lists are read for a plan of a year: today, or the nearest day of that year."""
    return min(max(today, date(year, 1, 1)), date(year, 12, 31))


@dataclass(frozen=True)
class Drawn:
    """What a line would draw from the register as it stands. why: why that cannot be told, as a sentence"""

    size: int
    quota: Quota | None
    why: str = ""


class Survey:
    """A version of a plan with everything around it that a check asks for."""

    def __init__(self, version: PlanVersion, *, on: date) -> None:
        self.version, self.plan = version, version.plan
        self.on = day_of(version.plan.year, on)
        self.today = on
        self.lines = queries.lines_of(version)

    @cached_property
    def norms(self) -> Norms:
        """What documents demand where the plan is made."""
        return norms_for(self.plan.department.region, self.plan.year)

    @cached_property
    def waivers(self) -> dict[tuple[str, str], Waiver]:
        """(rule, place) -> the exception that stands."""
        return {(one.rule, one.place): one for one in queries.waivers_of(self.plan)}

    @cached_property
    def usable(self) -> dict[UUID, dict[UUID, ItemVersion]]:
        """Department -> item -> what the department may put into a plan (R-1, R-6)."""
        asked: dict[UUID, Department] = {}
        for line in self.lines:
            asked |= {one.pk: one for one in (line.initiator, *line.participants.all())}
        asked[self.plan.department_id] = self.plan.department
        return {pk: self.usable_of(one) for pk, one in asked.items()}

    def usable_of(self, department: Department) -> dict[UUID, ItemVersion]:
        """The same of one department."""
        return {one.item_id: one for one in usable_items(department, on=self.on)}

    @cached_property
    def claims(self) -> dict[tuple[UUID, UUID], Claim]:
        """(department, item) -> the claim with a ratio or frequency of its own."""
        rows = Claim.objects.filter(ended_at=None, state__in=USABLE).exclude(ratio={}, frequency={})
        return {(one.department_id, one.item_id): one for one in rows}

    @cached_property
    def ceiling(self) -> RatioCeiling | None:
        """The ceiling of general items where the plan is made."""
        return find_ceiling(self.plan.department, self.plan.year)

    @cached_property
    def others(self) -> list[LineVersion]:
        """Lines of the other plans of the year that this department has a part in: in joint plans, or its own."""
        mine = self.plan.department
        rows = LineVersion.objects.filter(version__plan__year=self.plan.year, version__state__in=[*STANDING, *OPEN])
        rows = rows.exclude(version__plan=self.plan)
        if not self.plan.is_joint:
            rows = rows.filter(initiator=mine) | rows.filter(participants=mine)
        else:
            rows = rows.filter(version__plan__department__region=mine.region)
        return _latest(queries.with_parts(rows.distinct()))

    @cached_property
    def invitations(self) -> dict[tuple[UUID, UUID], Invitation]:
        """(line, department) -> the invitation that stands."""
        rows = Invitation.objects.filter(line__plan=self.plan).exclude(state__in=OVER)
        return {(one.line_id, one.department_id): one for one in rows.select_related("department")}

    @cached_property
    def pools(self) -> dict[UUID, Pool]:
        """Line -> its pool."""
        return {line.line_id: pool_of(line) for line in self.lines}

    @cached_property
    def profiles(self) -> Profiles:
        """The register, read once, as the pools of all lines see it."""
        return profiles_of([self.pools[line.line_id] for line in self.lines])

    @cached_property
    def drawn(self) -> dict[UUID, Drawn]:
        """Line -> how many it would draw."""
        return {line.line_id: self._drawn(at, line) for at, line in enumerate(self.lines)}

    def _drawn(self, at: int, line: LineVersion) -> Drawn:
        sizes = self.sizes(at, line)
        if not line.ratio:
            return Drawn(sizes.whole, None, "没有填写抽查比例。")
        try:
            return Drawn(sizes.whole, quota_of(line.ratio_rule, sizes, times=times_of(line)))
        except Refused as refused:
            return Drawn(sizes.whole, None, sentence(refused))

    def sizes(self, at: int, line: LineVersion) -> Sizes:
        """The pool of a line, counted in the register, or as somebody typed it where the register is not asked."""
        bases: dict[str, int] = line.bases
        groups = groups_of(line.ratio_rule) if line.ratio else ()
        if is_typed(line):
            return Sizes(bases[""], by_group={name: bases[name] for name in groups if name in bases})
        by_group = dict(sizes_of(self.pools[line.line_id], groups=groups).by_group) if groups else {}
        by_group |= {name: bases[name] for name in groups if name in bases}
        return replace(_counted(self.profiles, at), by_group=by_group)

    def rule_of(self, line: LineVersion, item: UUID) -> tuple[ItemVersion, Ratio] | None:
        """The item as the initiator, or else a participant, may use it, with the ratio that binds that department."""
        for department in (line.initiator, *line.participants.all()):
            found = self.usable[department.pk].get(item)
            if found:
                claim = self.claims.get((office_of(department).pk, item))
                return found, claim.ratio_rule if claim and claim.ratio else found.ratio_rule
        return None


def is_typed(line: LineVersion) -> bool:
    """Whether a line has no conditions and a base that somebody counted by hand: 基数:1, 抽查比例 100 %."""
    return not line.pool and "" in line.bases


def _counted(profiles: Profiles, at: int) -> Sizes:
    """Subjects of one pool by grade and district."""
    by_grade: Counter[str] = Counter()
    by_county: Counter[str] = Counter()
    sizes = (profiles.sizes * profiles.members[:, at]).tolist()
    for grade, district, n in zip(profiles.grades, profiles.districts, sizes, strict=True):
        if n:
            by_grade[grade] += n
            by_county[district] += n
    return Sizes(sum(sizes), dict(by_grade), {Level.COUNTY.value: dict(by_county)})


def times_of(line: LineVersion) -> int | None:
    """Which option of 20%一次或10%两次 a line means: that of its number of draws."""
    return line.rounds if line.ratio.get("kind") == "choice" else None


def pool_of(line: LineVersion) -> Pool:
    """The pool of a line; a line that says nothing draws from everything."""
    return pool_from_json(line.pool) if line.pool else Pool()


def _latest(rows: Iterable[LineVersion]) -> list[LineVersion]:
    """Of a plan with a published and an open version, the lines of the open one."""
    found = list(rows)
    newest: dict[UUID, int] = {}
    for row in found:
        plan, number = row.version.plan_id, row.version.number
        newest[plan] = max(newest.get(plan, 0), number)
    return [row for row in found if row.version.number == newest[row.version.plan_id]]
