"""Who can be dealt to the visits of a batch, what each may do, and why the others cannot (R-58 to R-63)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from uuid import UUID

from django.db.models import Count, Q

from gongchou.accounts.models import Department, Region
from gongchou.accounts.queries import and_below
from gongchou.draw.encoding import Document, is_id
from gongchou.draws.models import Batch, Draw, Seat
from gongchou.draws.queries.crews import Ability, crews_of
from gongchou.draws.queries.dealt import Crew, Dealt, Person
from gongchou.draws.queries.frames import draws_of
from gongchou.draws.queries.papers import Papers
from gongchou.draws.queries.results import wanted_still
from gongchou.draws.queries.skills import slots_of
from gongchou.draws.settings import settings_of
from gongchou.draws.states import UNDER_WAY, Matching, Mode
from gongchou.plans.models import Participant
from gongchou.plans.states.joint import TAKING_PART
from gongchou.refusal import Refused
from gongchou.registry.models import Conflict, Inspector

STATIONS_ONLY = (Matching.STATIONS, Matching.STATIONS_CROSS, Matching.ALL_STATIONS)
EVERYWHERE = (Matching.GLOBAL, Matching.ALL_STATIONS, Matching.STATIONS_CROSS)
HELPERS = (Inspector.Category.EXPERT, Inspector.Category.ASSISTANT)


@dataclass(frozen=True)
class Roster:
    """Everybody asked about, and the slot groups of each draw by its ``seq``.

    people: of departments that send people one by one; crews: the standing teams of those that send teams
    sending_teams: codes of the latter
    """

    people: list[Person]
    crews: list[Crew]
    slots: Mapping[int, list[Document]]
    sending_teams: frozenset[str]

    @property
    def everybody(self) -> list[Person | Crew]:
        """People and teams."""
        return [*self.people, *self.crews]

    @property
    def present(self) -> list[Person | Crew]:
        """Who can be dealt."""
        return [one for one in self.everybody if not one.why_out]


def roster_of(batch: Batch, *, on: date, keepers: Iterable[str] = ()) -> Roster:
    """Look at the people of all departments that take part.

    What each step says of somebody, the next ones build on: who is out takes part in nothing, who may do a part of a
    task has its skill, and the slots name skills.

    on: the day of the draw; keepers: codes of the keeping units of the objects that can be drawn
    Raises Refused ``draws.unit_code``, ``draws.team_or_people``.
    """
    parties = {draw: _parties(draw) for draw in draws_of(batch)}
    by_team = _sending_teams(parties)
    homes = _homes(batch, {party.department for own in parties.values() for party in own})
    everybody = _everybody(batch, homes, set(keepers))
    with_stations = _with_stations(everybody)
    papers = Papers(person.inspector.pk for person in everybody)
    abilities = _abilities(parties, everybody, papers, on)
    of_teams = [one for one in abilities if one.party.by_team]
    crews = crews_of(homes, everybody, of_teams, papers, on=on, matching=batch.matching, with_stations=with_stations)
    people = [person for person in everybody if person.department.pk not in by_team]
    _say_why_unable(people, abilities)
    linked = with_stations - by_team if batch.matching == Matching.BUREAU_STATION else set()
    slots = slots_of(abilities, people, crews, linked=linked)
    _check_codes([*people, *crews])
    return Roster(people, crews, slots, frozenset(one.party.department.code for one in of_teams))


def _sending_teams(parties: Mapping[Draw, list[Participant]]) -> set[UUID]:
    """Departments that send teams. One that sends both to one door could send somebody twice.

    Raises Refused ``draws.team_or_people``.
    """
    found: dict[UUID, Participant] = {}
    for own in parties.values():
        for party in own:
            other = found.setdefault(party.department_id, party)
            if other.by_team != party.by_team:
                raise Refused("draws.team_or_people", department=party.department.short_name)
    return {pk for pk, party in found.items() if party.by_team}


def _parties(draw: Draw) -> list[Participant]:
    rows = draw.task.participants.filter(state__in=TAKING_PART)
    rows = rows.select_related("department__region").prefetch_related("items")
    return list(rows.order_by("-is_lead", "department__code"))


def _homes(batch: Batch, departments: Iterable[Department]) -> dict[UUID, Department]:
    """Unit -> the nearest of the departments that take part: a county's people are not the city's."""
    with_lower = settings_of(batch.settings).with_lower
    units = {one: units_of(one, with_lower=with_lower) for one in departments}
    found: dict[UUID, Department] = {}
    for department in sorted(units, key=lambda one: (len(units[one]), one.code)):
        for unit in units[department]:
            found.setdefault(unit, department)
    return found


def _everybody(batch: Batch, homes: Mapping[UUID, Department], keepers: set[str]) -> list[Person]:
    """The people of these units with what is known before any task is looked at: out or not, where to, how busy."""
    found = _people(homes)
    with_stations = _with_stations(found)
    for person in found:
        person.why_out = _why_out(person, batch.matching, with_stations)
    _give_pools(batch.matching, found, keepers, with_stations)
    _give_loads(batch, found)
    return found


def _with_stations(people: Iterable[Person]) -> set[UUID]:
    """Departments of which somebody is of a station."""
    return {person.department.pk for person in people if person.is_of_station}


def _people(homes: Mapping[UUID, Department]) -> list[Person]:
    """Everybody of these units."""
    rows = Inspector.objects.filter(department__in=homes).select_related("department__region")
    rows = rows.prefetch_related("items", "tags")
    found = [Person(inspector=one, department=homes[one.department_id]) for one in rows]
    return sorted(found, key=lambda person: (person.department.code, person.inspector.number))


def units_of(department: Department, *, with_lower: bool) -> set[UUID]:
    """A department, its internal units, and where lower levels take part those under its line of command."""
    found, edge = {department.pk}, {department.pk}
    while edge:
        below = Q(parent__in=edge, is_internal_unit=True) | Q(parent__in=edge, level=Department.Level.TOWN)
        below |= Q(line_parent__in=edge) if with_lower else Q()
        edge = set(Department.objects.filter(below, is_active=True).values_list("pk", flat=True)) - found
        found |= edge
    return found


def _why_out(person: Person, matching: str, with_stations: Collection[UUID]) -> str:
    """What keeps somebody from every task: the register, the category, the mode; empty if nothing does."""
    one = person.inspector
    if one.state != Inspector.State.ACTIVE:
        return f"名录中失效{f'：{one.state_reason}' if one.state_reason else ''}"
    if one.category in HELPERS:
        return f"{one.get_category_display()}只能协助，不作为执法人员抽取"
    if matching in STATIONS_ONLY and not person.is_of_station and person.department.pk in with_stations:
        return f"{Matching(matching).label}只抽所里人员"
    return ""


def _abilities(
    parties: Mapping[Draw, list[Participant]], people: Sequence[Person], papers: Papers, on: date
) -> list[Ability]:
    """Of each department's part in each draw, by ``seq``, within a draw as its departments stand."""
    found = [_ability(draw, party, people, papers, on) for draw, own in parties.items() for party in own]
    return sorted(found, key=lambda one: one.draw.seq)


def _ability(draw: Draw, party: Participant, people: Sequence[Person], papers: Papers, on: date) -> Ability:
    """Who of a department may do all the items it brings, with papers that last, and is there; why the others not."""
    wanted = {item.pk for item in party.items.all()}
    days = {"on": on, "begins_on": draw.task.begins_on, "ends_on": draw.task.ends_on}
    own = [person for person in people if person.department.pk == party.department_id and not person.why_out]
    why = {one.key: papers.why_not(one.key, **days) or _why_not_items(one.inspector, wanted) for one in own}
    return Ability(draw, party, [person for person in own if not why[person.key]], why)


def _why_not_items(inspector: Inspector, wanted: Collection[UUID]) -> str:
    is_able = inspector.does_all_items or {item.pk for item in inspector.items.all()}.issuperset(wanted)
    return "" if is_able else "执法事项范围不含本任务的事项"


def _say_why_unable(people: Iterable[Person], abilities: Sequence[Ability]) -> None:
    """Who may do nothing is out, for the first reason."""
    for person in people:
        reasons = [one.why_not[person.inspector.pk] for one in abilities if person.inspector.pk in one.why_not]
        if reasons and all(reasons) and not person.why_out:
            person.why_out = reasons[0]


def _give_pools(matching: str, people: Sequence[Person], keepers: set[str], with_stations: Collection[UUID]) -> None:
    """Which units' objects each may visit, as the mode says; a department without stations sends its own people."""
    region_of = dict(Department.objects.filter(code__in=keepers).values_list("code", "region"))
    inside = cache(lambda root: set(and_below(Region, root)))
    for person in people:
        has_stations = person.department.pk in with_stations
        if matching in EVERYWHERE or (matching in STATIONS_ONLY and not has_stations):
            continue
        if matching == Matching.BUREAU_STATION and person.is_of_station:
            person.pools = frozenset(_upwards(person.unit) & keepers)
        else:
            root = _county(person.unit.region) if matching == Matching.STATIONS else person.unit.region
            person.pools = frozenset(code for code, region in region_of.items() if region in inside(root.pk))
        if not person.pools and not person.why_out:
            person.why_out = "名单中没有其管辖范围内的对象"


def _upwards(unit: Department) -> set[str]:
    """A station and the bureaus above it, whose own objects lie with all of their stations."""
    found: set[str] = set()
    at: Department | None = unit
    while at is not None and at.code not in found:
        found.add(at.code)
        at = at.parent or at.line_parent
    return found


def _county(region: Region) -> Region:
    """The county a region lies in, or itself."""
    at: Region | None = region
    while at is not None and at.level != Region.Level.COUNTY:
        at = at.parent
    return at or region


def _give_loads(batch: Batch, people: Sequence[Person]) -> None:
    """Visits of the year so far, from draws that stand: work is evened out over the year."""
    whole = {"batch__year": batch.year, "batch__mode": Mode.OFFICIAL, "batch__state__in": UNDER_WAY, "ended_at": None}
    rows = wanted_still(Seat.objects.filter(**whole)).exclude(inspector=None).order_by()
    loads = dict(rows.values_list("inspector").annotate(Count("pk")))
    for person in people:
        person.load0 = loads.get(person.inspector.pk, 0) if batch.mode == Mode.OFFICIAL else 0


def _check_codes(everybody: Iterable[Dealt]) -> None:
    for one in everybody:
        if not is_id(one.unit.code) or not is_id(one.department.code):
            raise Refused("draws.unit_code", code=one.unit.code)


def conflicts_of(everybody: Iterable[Dealt], on: date, until: date) -> list[tuple[UUID, UUID]]:
    """(inspector, subject) who must not meet between two days; what is not decided yet is honoured already (R-60)."""
    rows = Conflict.objects.filter(
        Q(begins_on=None) | Q(begins_on__lte=until),
        Q(ends_on=None) | Q(ends_on__gte=on),
        inspector__in=[pk for one in everybody for pk in one.inspectors],
        decision__in=(Conflict.Decision.PENDING, Conflict.Decision.UPHELD),
    )
    return list(rows.values_list("inspector", "subject"))
