"""What the plans of a year come to, as the targets of documents count it (domain.md 5.1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from gongchou.accounts.models import Department
from gongchou.plans.models import Campaign, LineVersion
from gongchou.plans.queries.outlook import PEOPLE
from gongchou.plans.queries.survey import Survey
from gongchou.registry.models import Inspector
from gongchou.registry.queries.inspectors import STAFF


def lines_counted(survey: Survey) -> list[LineVersion]:
    """The base of the shares: of a joint plan all plans of the place, of a department those it has a part in."""
    return [*survey.lines, *survey.others]


def is_joint(line: LineVersion) -> bool:
    """Whether somebody else takes part."""
    return bool(line.participants.all())


def n_joint(survey: Survey) -> tuple[int, int]:
    """Joint tasks, and all tasks: a draw of a line is a task (K-1)."""
    lines = lines_counted(survey)
    return sum(line.rounds for line in lines if is_joint(line)), sum(line.rounds for line in lines)


def n_by_risk(survey: Survey) -> tuple[int, int]:
    """Tasks by credit risk class, and all tasks (K-3)."""
    lines = lines_counted(survey)
    return sum(line.rounds for line in lines if line.is_risk_based), sum(line.rounds for line in lines)


def expected_subjects(survey: Survey) -> tuple[int, int]:
    """Distinct subjects expected in joint tasks, and in all tasks, where each line draws for itself (K-2)."""
    outlook, counted = survey.outlook, {line.pk for line in lines_counted(survey)}
    places = [at for at, line in enumerate(outlook.lines) if line.pk in counted]
    joint = [at for at in places if is_joint(outlook.lines[at])]
    return round(outlook.forecast(joint).apart.n_doors), round(outlook.forecast(places).apart.n_doors)


def expected_above(survey: Survey, cap: int) -> float:
    """Subjects that all plans of the year together are expected to visit more than ``cap`` times."""
    way = survey.outlook.whole.apart
    return way.above(cap) if cap < len(way.visits) - 1 else 0.0


def campaigns_with_lines(survey: Survey, month: int | None) -> list[Campaign]:
    """The campaigns of the place and year, held in a month where one is asked for, that have joint lines here."""
    own = {line.campaign.pk for line in survey.lines if line.campaign and is_joint(line) and _is_within(line)}
    rows = Campaign.objects.filter(pk__in=own, year=survey.plan.year, ended_at=None)
    rows = rows.filter(region=survey.plan.department.region)
    return [one for one in rows if month is None or one.begins_on.month <= month <= one.ends_on.month]


def _is_within(line: LineVersion) -> bool:
    """Whether a line meets the days of its campaign at all."""
    own = line.campaign
    if own is None or line.begins_on is None or line.ends_on is None:
        return own is not None
    return line.begins_on <= own.ends_on and own.begins_on <= line.ends_on


@dataclass(frozen=True)
class Load:
    """What a department's visits of a year take. n_person_visits: visits times the people who go"""

    department: Department
    n_person_visits: int
    n_people: int


def loads(survey: Survey) -> list[Load]:
    """Of each department in this plan: all its visits of the year, and its active inspectors there and below."""
    asked = {one.pk: one for line in survey.lines for one in parties(line)}
    visits = dict.fromkeys(asked, 0)
    for line, drawn in zip(survey.outlook.lines, survey.outlook.drawn, strict=True):
        for one in parties(line):
            if one.pk in visits:
                visits[one.pk] += drawn.n_year * PEOPLE
    people = n_inspectors(asked)
    return [Load(asked[pk], visits[pk], people[pk]) for pk in sorted(asked, key=lambda pk: asked[pk].code)]


def parties(line: LineVersion) -> list[Department]:
    """Who sends people: the initiator and all that take part."""
    return [line.initiator, *line.participants.all()]


def n_inspectors(departments: Iterable[UUID]) -> dict[UUID, int]:
    """Active inspectors of each department and what is below it; asked once for however many departments."""
    rows = Inspector.objects.filter(state=Inspector.State.ACTIVE, category__in=STAFF).order_by()
    above = dict(Department.objects.order_by().values_list("pk", "parent"))
    found = dict.fromkeys(departments, 0)
    for own, n in rows.values_list("department").annotate(n=Count("pk")):
        at: UUID | None = own
        while at is not None:
            if at in found:
                found[at] += n
            at = above[at]
    return found
