"""All that the checks of a plan look at, read once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from uuid import UUID

from gongchou.accounts.models import Department
from gongchou.plans.models import Invitation, LineVersion, PlanVersion, Task, Waiver
from gongchou.plans.queries import plans as queries
from gongchou.plans.queries.norms import Norms, norms_for
from gongchou.plans.queries.outlook import Drawn, Outlook
from gongchou.plans.states.joint import OVER
from gongchou.plans.states.plans import OPEN, OUT, STANDING
from gongchou.plans.states.tasks import TaskState
from gongchou.registry.models import Claim, ItemVersion, JointItemVersion, RatioCeiling
from gongchou.registry.queries.items import find_ceiling, office_of, usable_items
from gongchou.registry.queries.versions import in_force
from gongchou.registry.ratio import Ratio
from gongchou.registry.states.lists import USABLE


def day_of(year: int, today: date) -> date:
    """The day by which lists are read for a plan of a year: today, or the nearest day of that year."""
    return min(max(today, date(year, 1, 1)), date(year, 12, 31))


class Survey:
    """A version of a plan with everything around it that a check asks for."""

    def __init__(self, version: PlanVersion, *, on: date) -> None:
        self.version, self.plan = version, version.plan
        self.on = day_of(version.plan.year, on)
        self.today = on
        self.lines = queries.lines_of(version)

    @cached_property
    def is_revision(self) -> bool:
        """Whether the plan was published before; one that begins anew after a withdrawal never was."""
        return self.plan.versions.filter(number__lt=self.version.number, state__in=OUT).exists()

    @cached_property
    def norms(self) -> Norms:
        """What documents demand where the plan is made."""
        return norms_for(self.plan.department.region, self.plan.year)

    @cached_property
    def waivers(self) -> dict[tuple[str, str], Waiver]:
        """(rule, place) -> the exception that stands."""
        return {(one.rule, one.place): one for one in queries.waivers_of(self.version)}

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
        offices = {office_of(one).pk for line in self.lines for one in (line.initiator, *line.participants.all())}
        rows = Claim.objects.filter(department__in=offices, ended_at=None, state__in=USABLE)
        rows = rows.exclude(ratio={}, frequency={})
        return {(one.department_id, one.item_id): one for one in rows}

    @cached_property
    def joint_rules(self) -> dict[UUID, Ratio]:
        """Joint item -> the ratio on the joint list, of those in this plan."""
        asked = {line.joint_item_id for line in self.lines if line.joint_item_id}
        rows = JointItemVersion.objects.filter(in_force(JointItemVersion, self.on), joint_item__in=asked)
        return {one.joint_item_id: one.ratio_rule for one in rows if one.ratio}

    @cached_property
    def ceiling(self) -> RatioCeiling | None:
        """The ceiling of general items where the plan is made."""
        return find_ceiling(self.plan.department, self.plan.year)

    @cached_property
    def others(self) -> list[LineVersion]:
        """Of the other plans of the year the lines in which this department has a part; of a joint plan all of them."""
        mine = self.plan.department_id
        if self.plan.is_joint:
            return self.year_lines
        return [line for line in self.year_lines if mine in _parties(line)]

    @cached_property
    def tasks(self) -> dict[UUID, list[Task]]:
        """Line -> the tasks made of it that were not cancelled."""
        found: dict[UUID, list[Task]] = defaultdict(list)
        for task in Task.objects.filter(line__plan=self.plan).exclude(state=TaskState.CANCELLED):
            found[task.line_id].append(task)  # type: ignore[index]  # it has a line
        return found

    @cached_property
    def rounds_of(self) -> dict[UUID, int]:
        """Item -> how often all lines in which the department has a part draw for it in the year."""
        found: Counter[UUID] = Counter()
        for line in (*self.lines, *self.others):
            found.update({item.pk: line.rounds for item in line.items.all()})
        return found

    @cached_property
    def invitations(self) -> dict[tuple[UUID, UUID], Invitation]:
        """(line, department) -> the invitation that stands."""
        rows = Invitation.objects.filter(line__plan=self.plan).exclude(state__in=OVER)
        return {(one.line_id, one.department_id): one for one in rows.select_related("department")}

    @cached_property
    def year_lines(self) -> list[LineVersion]:
        """The lines of all other plans of the year where this one is made, as far as they have come."""
        rows = LineVersion.objects.filter(version__plan__year=self.plan.year, version__state__in=[*STANDING, *OPEN])
        rows = rows.exclude(version__plan=self.plan)
        rows = rows.filter(version__plan__department__region=self.plan.department.region)
        return newest_of_plans(queries.with_parts(rows))

    @cached_property
    def outlook(self) -> Outlook:
        """The lines of this plan first, then those of all others of the year."""
        return Outlook([*self.lines, *self.year_lines])

    @cached_property
    def drawn(self) -> dict[UUID, Drawn]:
        """Line of this plan -> what it would draw."""
        return dict(zip((line.line_id for line in self.lines), self.outlook.drawn, strict=False))

    def rule_of(self, line: LineVersion, item: UUID) -> tuple[ItemVersion, Ratio] | None:
        """The item as the initiator, or else a participant, may use it, with the ratio that binds that department."""
        for department in (line.initiator, *line.participants.all()):
            found = self.usable[department.pk].get(item)
            if found:
                claim = self.claims.get((office_of(department).pk, item))
                return found, claim.ratio_rule if claim and claim.ratio else found.ratio_rule
        return None


def _parties(line: LineVersion) -> set[UUID]:
    return {line.initiator_id, *(one.pk for one in line.participants.all())}


def newest_of_plans(rows: Iterable[LineVersion]) -> list[LineVersion]:
    """Of a plan with a published and an open version, the lines of the open one."""
    found = list(rows)
    newest: dict[UUID, int] = {}
    for row in found:
        plan, number = row.version.plan_id, row.version.number
        newest[plan] = max(newest.get(plan, 0), number)
    return [row for row in found if row.version.number == newest[row.version.plan_id]]
