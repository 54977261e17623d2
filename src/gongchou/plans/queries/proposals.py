"""Joint inspections that fit together: found from the plans of a place as they stand (标签化管理, S1-8; R-34, R-35).

Three kinds: departments that go to the same subjects in the same weeks; one department that goes there for several
items; levels that check one item. Sameness is that of the pools, counted in the register, or of the tags that the items
bear, so that two lines match although their pools are written otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import combinations
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from gongchou.accounts.models import Region, User
from gongchou.accounts.queries import departments_within_any
from gongchou.accounts.roles import Duty
from gongchou.plans.models import Line, LineVersion, Plan, PlanVersion, Proposal
from gongchou.plans.queries import plans as queries
from gongchou.plans.queries.outlook import Outlook
from gongchou.plans.queries.survey import newest_of_plans
from gongchou.plans.states.plans import OPEN, PlanState
from gongchou.registry.models import Item, Tag

SHARE = 2  # one half of the smaller pool stands in the other as well
MOST_LINES = 8
"""More lines than this in one visit nobody can organise."""


@dataclass(frozen=True)
class Candidate:
    """Lines that fit together, and why.

    n_subjects: in the pools of all of them; n_saved: visits of a year that one shared visit saves (expected)
    """

    kind: str
    lines: tuple[LineVersion, ...]
    n_subjects: int
    n_saved: int
    begins_on: date
    ends_on: date
    tags: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The same lines for the same reason are the same proposal."""
        return sha256(f"{self.kind}:{sorted(str(line.line_id) for line in self.lines)}".encode()).hexdigest()

    @property
    def told(self) -> dict[str, Any]:
        """As it is stored."""
        days = {"begins_on": self.begins_on.isoformat(), "ends_on": self.ends_on.isoformat()}
        return {"n_subjects": self.n_subjects, "n_saved": self.n_saved, **days, "tags": list(self.tags)}


def lines_of_region(region: Region, year: int) -> list[LineVersion]:
    """The lines of all plans of a place and of what is below it, and of those above, as far as they have come."""
    above, at = [], region.parent
    while at is not None:
        above.append(at.pk)
        at = at.parent
    here = Q(version__plan__department__region=region) | Q(version__plan__department__region__in=above)
    rows = LineVersion.objects.filter(here, version__plan__year=year, version__state__in=[*OPEN, PlanState.PUBLISHED])
    return newest_of_plans(queries.with_parts(rows.filter(begins_on__isnull=False, ends_on__isnull=False)))


def candidates(region: Region, year: int) -> list[Candidate]:
    """All that fits together now."""
    lines = lines_of_region(region, year)
    found = _Finder(lines, region)
    every = (*found.of_departments(), *found.of_items(), *found.of_levels())
    return [one for one in every if one.n_subjects and one.n_saved > 0]  # else one visit spares nobody another


class _Finder:
    """Looks through the pairs of lines once."""

    def __init__(self, lines: Sequence[LineVersion], region: Region) -> None:
        self.lines, self.region = list(lines), region
        self.outlook = Outlook(self.lines)
        self.sizes = self.outlook.profiles.pool_sizes.tolist()
        self.tags = _tags_of(self.lines)

    def of_departments(self) -> Iterator[Candidate]:
        """Different departments at the same subjects at the same time, not joined yet."""
        here = [at for at, line in enumerate(self.lines) if self._is_here(line)]
        for group in self._groups(here, self._fits_across):
            if len({self.lines[at].initiator_id for at in group}) > 1:
                yield self._candidate(Proposal.Kind.DEPARTMENTS, group)

    def of_items(self) -> Iterator[Candidate]:
        """One department with several lines at the same subjects."""
        by_owner: dict[UUID, list[int]] = defaultdict(list)
        for at, line in enumerate(self.lines):
            if self._is_here(line):
                by_owner[line.initiator_id].append(at)
        for own in by_owner.values():
            for group in self._groups(own, self._fits):
                yield self._candidate(Proposal.Kind.ITEMS, group)

    def of_levels(self) -> Iterator[Candidate]:
        """One item at two levels or more in the same weeks."""
        for one, other in combinations(range(len(self.lines)), 2):
            first, second = self.lines[one], self.lines[other]
            has_same = {item.pk for item in first.items.all()} & {item.pk for item in second.items.all()}
            levels = {first.initiator.region.level, second.initiator.region.level}
            if has_same and len(levels) > 1 and self._fits(one, other):
                yield self._candidate(Proposal.Kind.LEVELS, [one, other])

    def _is_here(self, line: LineVersion) -> bool:
        return line.initiator.region_id == self.region.pk

    def _groups(self, places: Iterable[int], fits: Any) -> Iterator[list[int]]:
        """Lines of which each fits every other of its group; a line stands in one group."""
        groups: list[list[int]] = []
        for at in places:
            home = next(
                (group for group in groups if len(group) < MOST_LINES and all(fits(at, one) for one in group)), None
            )
            if home is None:
                groups.append([at])
            else:
                home.append(at)
        return (group for group in groups if len(group) > 1)

    def _fits_across(self, one: int, other: int) -> bool:
        """Of two departments that do not go together already."""
        first, second = self.lines[one], self.lines[other]
        if first.initiator_id == second.initiator_id or first.participants.all() or second.participants.all():
            return False
        return self._fits(one, other)

    def _fits(self, one: int, other: int) -> bool:
        """The same weeks, and the same subjects or the same tags. Two pools of everything say nothing."""
        first, second = self.lines[one], self.lines[other]
        if not _overlap(first, second) or not (first.pool and second.pool):
            return False
        if self.tags[one] & self.tags[other]:
            return True
        least = min(self.sizes[one], self.sizes[other])
        return bool(least) and SHARE * self.outlook.n_shared(one, other) >= int(least)

    def _candidate(self, kind: str, group: Sequence[int]) -> Candidate:
        lines = [self.lines[at] for at in group]
        year = self.outlook.forecast(set(group))
        tags: set[str] = set.intersection(*(self.tags[at] for at in group))
        members = self.outlook.profiles.members[:, list(group)].all(axis=1)
        return Candidate(
            str(kind),
            tuple(lines),
            int(self.outlook.profiles.sizes @ members),
            round(year.apart.n_visits - year.together.n_visits),
            max(line.begins_on for line in lines if line.begins_on),
            min(line.ends_on for line in lines if line.ends_on),
            tuple(sorted(tags)),
        )


def _overlap(one: LineVersion, other: LineVersion) -> bool:
    days = (one.begins_on, one.ends_on, other.begins_on, other.ends_on)
    assert None not in days  # noqa: S101 -- lines without days were left out
    return one.begins_on <= other.ends_on and other.begins_on <= one.ends_on  # type: ignore[operator]  # as above


def _tags_of(lines: Sequence[LineVersion]) -> list[set[str]]:
    """Names of the tags for subjects that all items of a line bear, of each line."""
    items = {item.pk for line in lines for item in line.items.all()}
    rows = Tag.objects.filter(is_for_subjects=True, state=Tag.State.IN_USE, item_versions__state="published")
    by_item: dict[UUID, set[str]] = defaultdict(set)
    for name, item in rows.filter(item_versions__item__in=items).values_list("name", "item_versions__item"):
        by_item[item].add(name)
    return [_common(line.items.all(), by_item) for line in lines]


def _common(items: Iterable[Item], by_item: dict[UUID, set[str]]) -> set[str]:
    found = [by_item[item.pk] for item in items]
    return set.intersection(*found) if found else set()


# What is kept -------------------------------------------------------------------------------------


def visible(by: User) -> QuerySet[Proposal]:
    """Those of lines whose departments somebody works for, or where she coordinates."""
    own = departments_within_any(by, Duty.KEEP_PLAN, Duty.APPROVE_PLAN, Duty.COORDINATE).order_by().values("pk")
    mine = Line.objects.filter(Q(plan__department__in=own) | Q(versions__initiator__in=own)).order_by().values("pk")
    touching = Proposal.lines.through.objects.filter(line__in=mine).order_by().values("proposal")
    return Proposal.objects.filter(pk__in=touching).select_related("region", "decided_by", "made__plan")


def current_lines(proposal: Proposal) -> list[LineVersion]:
    """What its lines say in the newest version of their plans."""
    found = (newest(line) for line in proposal.lines.order_by("plan__department__code", "number"))
    return [line for line in found if line is not None]


def newest(line: Line) -> LineVersion | None:
    """What a line says in the version of its plan that is worked on, else in the one that stands, if that has it."""
    version = queries.find_open(line.plan) or queries.find_published(line.plan)
    return queries.with_parts(LineVersion.objects.filter(line=line, version=version)).first()


def draft_for(proposal: Proposal, lines: Sequence[LineVersion]) -> PlanVersion | None:
    """Where the merged line belongs: of several departments or levels the joint draft of the place, else their own."""
    rows = PlanVersion.objects.filter(state=PlanState.DRAFT, plan__year=proposal.year)
    if proposal.kind == Proposal.Kind.ITEMS:
        rows = rows.filter(plan=lines[0].version.plan)
    else:
        rows = rows.filter(plan__kind=Plan.Kind.JOINT, plan__department__region=proposal.region)
    return rows.select_related("plan__department__region").first()
