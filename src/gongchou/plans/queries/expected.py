"""What lines are expected to take in a year, line by line and month by month; an expectation, not a draw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

import numpy as np

from gongchou.accounts.models import Department, User
from gongchou.plans.forecast import Forecast, Numbers
from gongchou.plans.models import LineVersion
from gongchou.plans.norms import Capacity, Most, NormCode
from gongchou.plans.queries import plans as queries
from gongchou.plans.queries.norms import Applied
from gongchou.plans.queries.outlook import PEOPLE, Drawn, Outlook, is_typed, months_of
from gongchou.plans.queries.planned import n_inspectors, parties
from gongchou.plans.queries.survey import Survey
from gongchou.registry.ratio import GRADES

CLASSES = (*GRADES, "")


@dataclass(frozen=True)
class LineYear:
    """What one line takes in a year.

    by_grade, by_district: expected subjects; None where the base was counted by hand and nobody knows
    """

    line: LineVersion
    drawn: Drawn
    by_grade: Sequence[float] | None
    by_district: Sequence[float] | None


@dataclass(frozen=True)
class DepartmentLoad:
    """A department's year: person-visits by month, its active inspectors, and what these can do (None: not said)."""

    department: Department
    by_month: Numbers
    n_people: int
    able: int | None

    @property
    def whole(self) -> float:
        """Of the year."""
        return float(self.by_month.sum())


class Year:
    """The lines of a plan, or all of a place's year, over the register as it stands."""

    def __init__(self, survey: Survey, *, is_whole: bool) -> None:
        self.survey, self.is_whole = survey, is_whole
        self.outlook = survey.outlook if is_whole else Outlook(survey.lines)

    @cached_property
    def forecast(self) -> Forecast:
        """Both ways to draw."""
        return self.outlook.whole

    @property
    def n_apart(self) -> int:
        """Lines whose base was counted by hand: nobody knows at which doors they knock."""
        return sum(is_typed(line) for line in self.outlook.lines)

    @cached_property
    def districts(self) -> list[tuple[str, str]]:
        """Code and name of the counties in which somebody stands in a pool."""
        codes = set(self.outlook.profiles.districts)
        names = queries.named_regions(dict.fromkeys(codes, 0))
        return [(code, name) for code, (name, _) in zip(sorted(codes), names, strict=True)]

    @cached_property
    def lines(self) -> list[LineYear]:
        """Each line by class and district."""
        profiles, outlook = self.outlook.profiles, self.outlook
        owners, chances = outlook.draws
        rounds = np.array([outlook.lines[at].rounds for at in owners]).reshape(-1, 1)
        taken = np.zeros((len(outlook.lines), len(profiles.sizes)))
        np.add.at(taken, owners, chances * rounds * profiles.sizes)
        grades = taken @ _columns(profiles.grades, CLASSES)
        districts = taken @ _columns(profiles.districts, [code for code, _ in self.districts])
        rows = zip(outlook.lines, outlook.drawn, grades.tolist(), districts.tolist(), strict=True)
        return [
            LineYear(line, drawn, *((None, None) if is_typed(line) else (by_grade, by_district)))
            for line, drawn, by_grade, by_district in rows
        ]

    def seen_by(self, by: User) -> tuple[list[LineYear], list[LineYear]]:
        """Lines that somebody may read, and those of other plans that are not out yet: of these only sums are told."""
        versions = {one.line.version_id for one in self.lines}
        seen = set(queries.visible(by).filter(pk__in=versions).order_by().values_list("pk", flat=True))
        told = [(one, one.line.version_id in seen) for one in self.lines]
        return [one for one, is_seen in told if is_seen], [one for one, is_seen in told if not is_seen]

    @cached_property
    def capacity(self) -> Applied | None:
        """What one inspector can do, if a document says so."""
        return self.survey.norms.get(NormCode.CAPACITY)

    @cached_property
    def cap(self) -> Applied | None:
        """How often one enterprise may be visited, if a document says so."""
        found = self.survey.norms.get(NormCode.VISIT_CAP)
        return found if found and isinstance(found.demand, Most) else None

    @cached_property
    def loads(self) -> list[DepartmentLoad]:
        """Of each department that has a part: as ``planned.loads`` counts, month by month."""
        told: dict[UUID, Department] = {}
        visits: dict[UUID, Numbers] = {}
        for line, drawn in zip(self.outlook.lines, self.outlook.drawn, strict=True):
            for one in parties(line):
                told[one.pk] = one
                own = visits.setdefault(one.pk, np.zeros(12))
                own += np.array(months_of(line)) * drawn.n_year * PEOPLE
        people = n_inspectors(told)
        order = sorted(told, key=lambda pk: told[pk].code)
        return [DepartmentLoad(told[pk], visits[pk], people[pk], self._able(people[pk])) for pk in order]

    def _able(self, n_people: int) -> int | None:
        demand = self.capacity.demand if self.capacity else None
        return n_people * demand.visits if isinstance(demand, Capacity) else None


def _columns(keys: Sequence[str], wanted: Iterable[str]) -> Numbers:
    """1 where a profile has a key, shape (P, keys)."""
    own = np.asarray(keys)
    found = [own == key for key in wanted]
    return np.array(found, dtype=float).reshape(len(found), len(own)).T
