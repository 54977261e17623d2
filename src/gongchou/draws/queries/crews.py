"""Standing teams as a batch can deal them: who of each may go, or why the team is out (R-59, R-62, R-63).

A team goes as a whole: nobody of it may be away, at least two of it may do the task with papers that last to its end
(as many as the task asks for), and one of these has the qualification that is asked for. Who of it has no papers, or
the wrong ones, takes no seat.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Prefetch

from gongchou.accounts.models import Department
from gongchou.draws.models import Draw
from gongchou.draws.queries.dealt import Crew, Person
from gongchou.draws.queries.papers import Papers
from gongchou.draws.states import Matching
from gongchou.plans.models import Participant
from gongchou.registry.models import Inspector, StandingTeam, TeamMember
from gongchou.registry.queries.teams import current

LEAST = 2  # by law two enforce together (行政处罚法 art. 42)


@dataclass(frozen=True)
class Ability:
    """What is known of the people for a department's part in a draw. why_not: inspector -> what is in her way"""

    draw: Draw
    party: Participant
    able: Sequence[Person]
    why_not: Mapping[UUID, str]


def crews_of(
    homes: Mapping[UUID, Department],
    people: Iterable[Person],
    abilities: Sequence[Ability],
    papers: Papers,
    *,
    on: date,
    matching: str,
    with_stations: Collection[UUID],
) -> list[Crew]:
    """All standing teams of the departments that send teams.

    homes: unit -> the department that takes part for it; abilities: of departments that send teams, by ``seq``
    """
    sending = {one.party.department_id for one in abilities}
    units = [unit for unit, home in homes.items() if home.pk in sending]
    now = Prefetch("members", queryset=current(), to_attr="now")
    rows = StandingTeam.objects.filter(department__in=units, ended_at=None)
    known = {person.inspector.pk: person for person in people}
    found = []
    for team in rows.select_related("department__region").prefetch_related(now).order_by("number"):
        crew = Crew(team=team, department=homes[team.department_id])
        own = [one for one in abilities if one.party.department_id == crew.department.pk]
        _look(crew, team.now, known, own, _Rules(papers, on, matching, crew.department.pk in with_stations))
        found.append(crew)
    return sorted(found, key=lambda crew: (crew.department.code, crew.team.number))


@dataclass(frozen=True)
class _Rules:
    papers: Papers
    on: date
    matching: str
    has_stations: bool


def _look(
    crew: Crew,
    rows: Sequence[TeamMember],
    known: Mapping[UUID, Person],
    abilities: Iterable[Ability],
    rules: _Rules,
) -> None:
    """Draw by draw; where it may serve several, the same people go to all of them."""
    why = ""
    for one in abilities:
        able = {person.inspector.pk for person in one.able if not crew.members or person in crew.members}
        goes = [known[row.inspector_id] for row in rows if row.inspector_id in able]
        told = _away(rows, one, rules) or _too_few(rows, goes, one, known) or _unfit(goes, one, rules)
        if not told:
            crew.members = goes
            crew.able.add(one.draw.seq)
        why = why or told
    if not crew.able:
        crew.why_out = why
        return
    crew.pools = _common(person.pools for person in crew.members)
    crew.load0 = max(person.load0 for person in crew.members)
    if crew.pools is not None and not crew.pools:
        crew.why_out = "组员没有共同管辖的对象在名单中"


def _away(rows: Iterable[TeamMember], one: Ability, rules: _Rules) -> str:
    task = one.draw.task
    for row in rows:
        words = rules.papers.away(row.inspector_id, on=rules.on, begins_on=task.begins_on, ends_on=task.ends_on)
        if words:
            return f"组员{row.inspector.name}{words}"
    return ""


def _too_few(rows: Sequence[TeamMember], goes: Sequence[Person], one: Ability, known: Mapping[UUID, Person]) -> str:
    wanted = max(LEAST, one.party.n_people)
    if len(goes) >= wanted:
        return ""
    told = f"能出检的组员 {len(goes)} 人，不足 {wanted} 人"
    reasons = [_why_not(row.inspector, one, known) for row in rows if row.inspector_id not in {p.key for p in goes}]
    return f"{told}（{'；'.join(reasons)}）" if reasons else told


def _why_not(inspector: Inspector, one: Ability, known: Mapping[UUID, Person]) -> str:
    person = known.get(inspector.pk)
    if person is None or person.department.pk != one.party.department_id:
        return f"{inspector.name}：已不在本部门"
    return f"{inspector.name}：{person.why_out or one.why_not.get(inspector.pk) or '不能同时承担本批次的其他任务'}"


def _unfit(goes: Sequence[Person], one: Ability, rules: _Rules) -> str:
    """Qualification, and what the mode wants of a team where there are stations."""
    asked = one.party.qualification
    if asked and not any(is_qualified(person.inspector, asked) for person in goes):
        return f"组内没有能出检的人具备“{asked}”"
    if not rules.has_stations:
        return ""
    if rules.matching == Matching.BUREAU_STATION and len({person.is_of_station for person in goes}) < 2:
        return "局所联动要求组内既有局机关人员，又有所里人员"
    if rules.matching == Matching.STATIONS_CROSS and len({person.unit for person in goes}) > 1:
        return "所所交叉要求组员同属一个所"
    return ""


def _common(pools: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    """What all of them may visit."""
    bounded = [one for one in pools if one is not None]
    return frozenset.intersection(*bounded) if bounded else None


def is_qualified(inspector: Inspector, qualification: str) -> bool:
    """Whether a tag says what is asked for; 专家 asks for any expert."""
    names = {tag.name for tag in inspector.tags.all()}
    return qualification in names or (inspector.is_expert and "专家" in qualification)
